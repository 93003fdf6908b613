import TocsinConsole
import TocsinDelivery
import TocsinEngine
import TocsinModel
import TocsinStore

/// The logger: events → lines → one append and one fsync for all that wait → delivery. While the log
/// cannot be written, entries wait in memory, are delivered as not durable, and are appended under
/// the same ids when writing works again (contract §7).
final class LogThread {
    private let log: AlertLog
    private let deliverers: Deliverers
    private let live: LiveFeed
    private let queue: EventQueue
    private let journald: Journald
    private let stats: LogStats
    private let report: @Sendable (Input) -> Void
    /// Entries that are not in the log yet, oldest first.
    private var waiting = EntryBatch()
    private var hints: [UInt64] = []
    private var failingSince: UInt64?
    private var volatileSent = 0

    /// Entries of one commit.
    static let batchMax = 256
    /// Entries that may wait while the log cannot be written; an entry is about 1.5 KiB.
    static let waitingMax = 20_000

    init(
        log: AlertLog, deliverers: Deliverers, live: LiveFeed, shared: SharedState,
        report: @escaping @Sendable (Input) -> Void
    ) {
        self.log = log
        self.deliverers = deliverers
        self.live = live
        queue = shared.events
        journald = shared.journald
        stats = shared.logStats
        self.report = report
    }

    /// Runs until the engine's last event is in the log (or, with a dead disk, was tried).
    func run() {
        var isClosed = false
        while !isClosed {
            let room = max(LogThread.waitingMax - waiting.count, 0)
            let taken = queue.take(
                limit: min(LogThread.batchMax, room), milliseconds: waiting.isEmpty ? 1000 : 200)
            isClosed = taken.closed
            encode(taken.events)
            if !waiting.isEmpty { commit() }
            // With a dead disk they are answered all the same: what they did is said as not durable.
            for reply in taken.replies { reply() }
        }
        let lost = waiting.count + queue.count
        if lost > 0 {
            journald.log(.critical, "\(lost) events end with the daemon, not in the alert log")
        }
    }

    private func encode(_ events: [Event]) {
        // Arrivals run on the monotonic clock from an anchor, up to a second ahead of the wall
        // clock: nothing is logged before it was received.
        let wall = Timestamp(milliseconds: GatewayClock.wallMilliseconds())
        let newest = events.map(\.received).max() ?? wall
        let line = TocsinEngine.EventLine(logged: max(wall, newest), isReplay: false)
        for event in events {
            waiting.append(line.body(of: event))
            hints.append(event.receivedNanoseconds)
        }
    }

    private func commit() {
        do {
            let seqs = try log.append(waiting)
            announce(seqs)
            waiting.removeAll()
            hints.removeAll(keepingCapacity: true)
            volatileSent = 0
            recovered()
        } catch {
            failed(error)
        }
    }

    private func announce(_ seqs: Range<UInt64>) {
        var received: [ReceiveHint] = []
        for (position, seq) in seqs.enumerated() where hints[position] > 0 {
            received.append(ReceiveHint(seq: seq, nanoseconds: hints[position]))
        }
        deliverers.announce(received)
        stats.appended(seqs.count, head: log.lastSeq)
        guard live.counts.clients > 0 else { return }
        let reader = AlertLogReader(path: stats.path, head: log.head)
        reader.seek(to: seqs.lowerBound)
        var lines = AlertLogLines()
        do {
            repeat {
                try reader.read(into: &lines)
                for index in 0..<lines.count {
                    live.publish(sequence: lines.seq(at: index), line: Array(lines.line(at: index)))
                }
            } while !lines.isEmpty
        } catch {
            journald.log(.error, reason: "live", "live events cannot be read: \(error)")
        }
    }

    private func failed(_ error: any Error) {
        stats.failed()
        journald.log(.critical, reason: "log", "the alert log cannot be written: \(error)")
        var lines: [[UInt8]] = []
        for index in volatileSent..<waiting.count {
            let line = AlertLogLine.volatile(body: waiting.body(at: index))
            lines.append(line)
            live.publish(sequence: nil, line: line)
        }
        volatileSent = waiting.count
        if !lines.isEmpty { deliverers.enqueueVolatile(lines) }
        guard failingSince == nil else { return }
        failingSince = GatewayClock.monotonicNanoseconds()
        report(.system(.logFailing, note: EventNote(reason: "\(error)", subject: stats.path)))
    }

    private func recovered() {
        guard let since = failingSince else { return }
        failingSince = nil
        let seconds = (GatewayClock.monotonicNanoseconds() - since) / 1_000_000_000
        report(
            .system(
                .logRecovered,
                note: EventNote(
                    reason: "writing works again after \(seconds) s", subject: stats.path)))
    }
}
