import TocsinModel
import TocsinStore

// Two readers go over the log. The first fills the outbox's window in the order of the log. When
// the window is full the second reads on beyond it and takes fire entries only; what it passes over
// the first reads later.

/// Reads the log into one receiver's outbox, as far as there is room.
final class LogWindow {
    /// What a turn of reading came upon, for the lane to count, note and report.
    struct Findings {
        var notForReceiver: UInt64 = 0
        /// Entries that are done with although this turn sent nothing.
        var settledUnsent: [UInt64] = []
        var unreadable: [(seq: UInt64, reason: String)] = []
        /// The entries below are in no file any more.
        var restartedAt: UInt64?
        /// The log cannot be read; told once until it can be read again.
        var trouble: StoreError?
        /// There is more to read for the second reader: read again before waiting.
        var isBehind = false
    }

    private let head: AlertLogHead
    private let limits: DeliveryLimits
    private let reader: AlertLogReader
    private let express: AlertLogReader
    private var lines = AlertLogLines()
    private var isRefilling = true
    /// Monotonic nanoseconds of the next attempt while the log cannot be read; else nil.
    private(set) var readAgainAt: UInt64?

    init(setup: LaneSetup, from seq: UInt64) {
        head = setup.head
        limits = setup.limits
        reader = setup.reader(from: seq)
        express = setup.reader(from: seq)
    }

    /// True when every durable entry was offered to the outbox.
    var isCaughtUp: Bool { reader.nextSeq > head.durableSeq }

    /// Reads until the outbox is full or the log's durable end is reached.
    func readOn(into outbox: inout Outbox, at now: UInt64) -> Findings {
        var findings = Findings()
        if let readAgainAt, now < readAgainAt { return findings }
        do {
            try fill(&outbox, &findings)
            findings.isBehind = try readAhead(&outbox)
            readAgainAt = nil
        } catch {
            stumble(error, &outbox, &findings, at: now)
        }
        return findings
    }

    private func fill(_ outbox: inout Outbox, _ findings: inout Findings) throws(StoreError) {
        while refills(outbox), !isCaughtUp {
            let room = max(1, limits.windowEntries - outbox.count)
            try reader.read(into: &lines, maxEntries: min(limits.linesPerRead, room))
            guard !lines.isEmpty else { return }
            for index in 0..<lines.count { offer(index, to: &outbox, &findings) }
        }
    }

    // A window that was full is filled again only when a quarter of it has left: one line read for
    // each line sent would read every page of the log dozens of times.
    private func refills(_ outbox: Outbox) -> Bool {
        if outbox.isFull {
            isRefilling = false
        } else if outbox.count <= limits.windowEntries * 3 / 4 {
            isRefilling = true
        }
        return isRefilling
    }

    private func offer(_ index: Int, to outbox: inout Outbox, _ findings: inout Findings) {
        let seq = lines.seq(at: index)
        do {
            switch try outbox.offer(Array(lines.line(at: index)), seq: seq) {
            case .waiting: break
            case .notForReceiver:
                findings.notForReceiver += 1
                findings.settledUnsent.append(seq)
            case .alreadySent, .alreadySettled: findings.settledUnsent.append(seq)
            }
        } catch {
            outbox.skip(seq)
            findings.unreadable.append((seq, "\(error)"))
        }
    }

    private func readAhead(_ outbox: inout Outbox) throws(StoreError) -> Bool {
        guard !isCaughtUp else { return false }
        if express.nextSeq < reader.nextSeq { express.seek(to: reader.nextSeq) }
        for _ in 0..<limits.expressReads {
            let isDone = express.nextSeq > head.durableSeq || outbox.isExpressFull
            guard !isDone else { return false }
            try express.read(into: &lines, maxEntries: limits.linesPerRead)
            guard !lines.isEmpty else { return false }
            for index in 0..<lines.count {
                do {
                    let seq = lines.seq(at: index)
                    try outbox.offerExpress(Array(lines.line(at: index)), seq: seq)
                } catch {
                    // The first reader comes by as well, steps over it and reports it.
                    continue
                }
            }
        }
        return true
    }

    private func stumble(
        _ error: StoreError, _ outbox: inout Outbox, _ findings: inout Findings, at now: UInt64
    ) {
        if case .entriesGone(_, _, let oldest?) = error, oldest > reader.nextSeq {
            // Their files were taken away, they can never be sent: said, then on with the rest.
            outbox.skip(below: oldest)
            reader.seek(to: oldest)
            findings.restartedAt = oldest
            findings.trouble = error
            findings.isBehind = true
            return
        }
        if readAgainAt == nil { findings.trouble = error }
        readAgainAt = now + UInt64(limits.readPause.milliseconds) * 1_000_000
    }
}
