import TocsinModel
import TocsinStore

// The loop of one lane. Each turn: take orders, read on in the log, then either send the most
// urgent entry or wait for news or the end of a pause. All state here belongs to the lane's thread;
// what others may see or say goes through the gate.

/// Delivers the log to one receiver until it is told to stop.
final class LaneWorker {
    private static let linesPerRead = 256
    // Bounds what a turn reads beyond a full window: 4 096 lines are about 50 ms.
    private static let expressReads = 16
    private static let troublePause: UInt64 = 1_000_000_000

    private let receiver: Receiver
    private let limits: DeliveryLimits
    private let setup: LaneSetup
    private let gate: Gate<LaneOrders>
    private let sender: HTTPSender
    private let reader: AlertLogReader
    private let express: AlertLogReader
    private let cursor: CursorFile
    private var lines = AlertLogLines()
    private var outbox: Outbox
    private var backoff: Backoff
    private var outage: Outage
    private var hints: [UInt64: UInt64] = [:]
    private var counts: LaneSnapshot
    private var isCursorBehind = false
    private var isRefilling = true
    private var isTroubled = false
    private var readAgainAt: UInt64 = 0
    // The pause that the last failure ordered, and when it began.
    private var pause: (from: UInt64, length: Pause)?

    init(
        _ receiver: Receiver, setup: LaneSetup, gate: Gate<LaneOrders>, sender: HTTPSender,
        cursor: CursorFile
    ) {
        self.receiver = receiver
        self.setup = setup
        self.gate = gate
        self.sender = sender
        self.cursor = cursor
        limits = setup.limits
        outbox = Outbox(settled: cursor.cursor, receiver: receiver, limits: limits)
        backoff = Backoff(limits: limits, seed: setup.seed)
        outage = Outage(receiver: receiver.name, limits: limits)
        counts = LaneSnapshot(name: receiver.name)
        reader = setup.reader(from: cursor.cursor.lowest)
        express = setup.reader(from: cursor.cursor.lowest)
    }

    /// Runs until the lane is told to stop; the cursor is saved then.
    func run() {
        while true {
            let orders = gate.withLock { $0.take(volatileRoom: volatileRoom) }
            accept(orders)
            readOn()
            let isBehind = readAhead()
            saveCursor()
            if let probe = orders.probe {
                send(probe)
                continue
            }
            let now = monotonicNanoseconds()
            let turn = orders.isPaused ? .wait(until: nil) : nextTurn(at: now)
            switch turn {
            case .send(let entry):
                guard orders.stopAt.map({ now < $0 }) ?? true else { return end() }
                publish(.sending)
                send(entry)
            case .wait(let until):
                guard orders.stopAt == nil else { return end() }
                publish(orders.isPaused ? .paused : outbox.count > 0 ? .waiting : .idle)
                guard !isBehind || orders.isPaused else { continue }
                synchroniseCursor()
                gate.wait(until: wakeUp(until, isPaused: orders.isPaused)) { $0.isNews }
            }
        }
    }

    private enum Turn {
        case send(OutboxEntry)
        /// Nil: until there is news.
        case wait(until: UInt64?)
    }

    private func nextTurn(at now: UInt64) -> Turn {
        if let pause {
            let length = outbox.hasFire ? pause.length.forFire : pause.length.ordinary
            let end = pause.from + UInt64(length.milliseconds) * 1_000_000
            if now < end { return .wait(until: end) }
        }
        guard let entry = outbox.next(at: now) else {
            return .wait(until: outbox.earliestHold(after: now))
        }
        return .send(entry)
    }

    private func wakeUp(_ until: UInt64?, isPaused: Bool) -> UInt64? {
        guard isTroubled, !isPaused else { return until }
        return min(until ?? .max, readAgainAt)
    }

    // MARK: orders

    private var isCaughtUp: Bool { reader.nextSeq > setup.head.durableSeq }

    // A volatile entry may follow entries of its alarm that are still in the log: those go first.
    private var volatileRoom: Int {
        isCaughtUp && !outbox.isFull ? limits.windowEntries - outbox.volatileWaiting : 0
    }

    private func accept(_ orders: LaneOrders.Taken) {
        for hint in orders.hints where hints.count < limits.hints && !outbox.settled.isDelivered(hint.seq) {
            hints[hint.seq] = hint.nanoseconds
        }
        for line in orders.volatileLines {
            do {
                count(try outbox.offerVolatile(line), seq: nil)
            } catch {
                counts.unreadable += 1
                tell(.unreadable(receiver: receiver.name, seq: nil, reason: "\(error)"))
            }
        }
        if orders.isRetryWanted {
            pause = nil
            backoff.reset()
            outbox.releaseHolds()
        }
    }

    private func count(_ admission: Admission, seq: UInt64?) {
        switch admission {
        case .waiting, .alreadySettled: return
        case .alreadySent: break
        case .notForReceiver: counts.notForReceiver += 1
        }
        if let seq { hints.removeValue(forKey: seq) }
    }

    // MARK: reading the log

    private func readOn() {
        guard mayRead else { return }
        do {
            while refills, !isCaughtUp {
                let room = min(LaneWorker.linesPerRead, max(1, limits.windowEntries - outbox.count))
                try reader.read(into: &lines, maxEntries: room)
                guard !lines.isEmpty else { break }
                for index in 0..<lines.count { offer(index, express: false) }
            }
            isTroubled = false
        } catch {
            stumble(error)
        }
    }

    /// Reads on beyond a full window for fire entries; true when there is still more to read.
    private func readAhead() -> Bool {
        guard !isCaughtUp, !isTroubled, !outbox.isExpressFull else { return false }
        if express.nextSeq < reader.nextSeq { express.seek(to: reader.nextSeq) }
        do {
            for _ in 0..<LaneWorker.expressReads {
                guard express.nextSeq <= setup.head.durableSeq, !outbox.isExpressFull else {
                    return false
                }
                try express.read(into: &lines, maxEntries: LaneWorker.linesPerRead)
                guard !lines.isEmpty else { return false }
                for index in 0..<lines.count { offer(index, express: true) }
            }
            return true
        } catch {
            stumble(error)
            return false
        }
    }

    private var mayRead: Bool { !isTroubled || monotonicNanoseconds() >= readAgainAt }

    // A window that was full is filled again only when a quarter of it has left: one line read for
    // each line sent would read every page of the log dozens of times.
    private var refills: Bool {
        if outbox.isFull { isRefilling = false }
        if outbox.count <= limits.windowEntries * 3 / 4, !outbox.isFull { isRefilling = true }
        return isRefilling
    }

    private func offer(_ index: Int, express: Bool) {
        let seq = lines.seq(at: index)
        let line = Array(lines.line(at: index))
        do {
            if express {
                try outbox.offerExpress(line, seq: seq)
            } else {
                count(try outbox.offer(line, seq: seq), seq: seq)
            }
        } catch {
            // The main reader comes by as well and reports it.
            guard !express else { return }
            outbox.skip(seq)
            counts.unreadable += 1
            tell(.unreadable(receiver: receiver.name, seq: seq, reason: "\(error)"))
        }
    }

    private func stumble(_ error: StoreError) {
        if case .entriesGone(_, _, let oldest?) = error, oldest > reader.nextSeq {
            // Their files are gone, they can never be sent: said once, then on with what there is.
            outbox.skip(below: oldest)
            reader.seek(to: oldest)
            restartCursor(at: oldest)
            tell(.troubled(.log(receiver: receiver.name, reason: "\(error)")))
            return
        }
        readAgainAt = monotonicNanoseconds() + LaneWorker.troublePause
        guard !isTroubled else { return }
        isTroubled = true
        tell(.troubled(.log(receiver: receiver.name, reason: "\(error)")))
    }

    // MARK: sending

    private func send(_ entry: OutboxEntry) {
        counts.attempts += 1
        let exchange = exchange(entry.bytes, id: entry.line.id)
        let now = setup.wallClock()
        switch exchange.verdict {
        case .aborted: return
        case .delivered:
            observeLatency(entry, at: now)
            outbox.delivered(entry)
            counts.delivered += 1
            counts.lastFailure = nil
            backoff.reset()
            pause = nil
            guard !outbox.hasHolds(at: monotonicNanoseconds()) else { return }
            if let report = outage.succeeded(at: now) { tell(report) }
        case .failed(let reason, let text, let retryAfter):
            counts.failures[reason, default: 0] += 1
            counts.lastFailure = text
            let from = monotonicNanoseconds()
            if reason == .rejected {
                outbox.hold(entry, until: from + UInt64(limits.slowRetry.milliseconds) * 1_000_000)
            }
            pause = (from, backoff.pause(after: reason, retryAfter: retryAfter))
            if let report = outage.failed(reason, text: text, at: now) { tell(report) }
        }
    }

    private func send(_ probe: Probe) {
        let began = monotonicNanoseconds()
        do {
            let line = try EventLine(scanning: probe.line)
            switch exchange(probe.line, id: line.id).verdict {
            case .delivered:
                let took = Int64((monotonicNanoseconds() - began) / 1_000_000)
                probe.finished(.delivered(after: Span(milliseconds: took)))
            case .failed(let reason, let text, _): probe.finished(.failed(reason, text: text))
            case .aborted: probe.finished(.notSent)
            }
        } catch {
            probe.finished(.failed(.local, text: "\(error)"))
        }
    }

    private func exchange(_ line: [UInt8], id: String) -> Exchange {
        let request: WebhookRequest
        switch receiver.format {
        case .webhook:
            request = .make(line: line, id: id, secret: receiver.secret, time: setup.wallClock())
        }
        return sender.post(request) { gate.withLock { $0.stopAt } }
    }

    private func observeLatency(_ entry: OutboxEntry, at now: Timestamp) {
        if let seq = entry.seq, let received = hints.removeValue(forKey: seq) {
            let took = monotonicNanoseconds() &- received
            counts.latency.observe(seconds: Double(took) / 1e9)
        } else if let received = entry.line.receivedMilliseconds {
            // After a restart, or when more waited than are remembered: by the wall clock.
            counts.latency.observe(
                seconds: Double(max(0, now.milliseconds - received)) / 1000)
        }
    }

    // MARK: what others see

    // Without a sync, after each delivery: a process that is killed has lost nothing.
    private func saveCursor() {
        for seq in outbox.takeSettled() {
            noteCursor { () throws(StoreError) in try cursor.markDelivered(seq) }
        }
    }

    // With a sync: what a power cut would have the receiver see again.
    private func synchroniseCursor() {
        noteCursor { () throws(StoreError) in try cursor.synchronise() }
    }

    private func restartCursor(at seq: UInt64) {
        noteCursor { () throws(StoreError) in try cursor.reset(to: seq) }
    }

    // A cursor that cannot be written stops no delivery: what it does not hold is sent again after
    // a restart, and the cursor's file writes everything noted the next time.
    private func noteCursor(_ write: () throws(StoreError) -> Void) {
        do {
            try write()
            isCursorBehind = false
        } catch {
            guard !isCursorBehind else { return }
            isCursorBehind = true
            tell(.troubled(.cursor(receiver: receiver.name, reason: "\(error)")))
        }
    }

    private func publish(_ state: LaneState) {
        let settled = outbox.settled
        let head = max(setup.head.durableSeq, settled.lowest - 1)
        let above = settled.runs.reduce(0) { $0 + $1.upperBound - $1.lowerBound + 1 }
        counts.state = state
        counts.outboxEntries =
            head - (settled.lowest - 1) - above + UInt64(outbox.volatileWaiting)
        counts.oldestReceivedMilliseconds = outbox.oldestReceivedMilliseconds
        counts.failingSince = outage.since
        let account = counts
        gate.withLock {
            $0.snapshot = account
            $0.snapshotHead = head
        }
    }

    private func end() {
        saveCursor()
        synchroniseCursor()
        publish(.stopped)
        let probes = gate.withLock { orders in
            defer { orders.probes = [] }
            return orders.probes
        }
        for probe in probes { probe.finished(.notSent) }
    }

    private func tell(_ report: LaneReport) { setup.report(report) }
}
