import TocsinModel
import TocsinStore

// The loop of one lane. Each turn: take orders, read on in the log, then either send the most
// urgent entry or wait for news or the end of a pause. All state here belongs to the lane's thread;
// what others may see or say goes through the gate.

/// Delivers the log to one receiver until it is told to stop.
final class LaneWorker {
    private let receiver: Receiver
    private let limits: DeliveryLimits
    private let setup: LaneSetup
    private let gate: Gate<LaneOrders>
    private let sender: HTTPSender
    private let log: LogWindow
    private let cursor: CursorFile
    private var outbox: Outbox
    private var backoff: Backoff
    private var outage: Outage
    private var hints: [UInt64: UInt64] = [:]
    private var counts: LaneSnapshot
    private var isCursorBehind = false
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
        log = LogWindow(setup: setup, from: cursor.cursor.lowest)
    }

    /// Runs until the lane is told to stop; the cursor is saved then.
    func run() {
        while true {
            let orders = gate.withLock { $0.take(volatileRoom: volatileRoom) }
            accept(orders)
            let findings = log.readOn(into: &outbox, at: monotonicNanoseconds())
            take(findings)
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
                // Reading on may have made room for lines that had to stay in the queue.
                let isBehind = findings.isBehind || (orders.leavesVolatile && volatileRoom > 0)
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
        guard !isPaused, let readAgainAt = log.readAgainAt else { return until }
        return min(until ?? .max, readAgainAt)
    }

    // MARK: orders

    // A volatile entry may follow entries of its alarm that are still in the log: those go first.
    private var volatileRoom: Int {
        log.isCaughtUp && !outbox.isFull ? limits.windowEntries - outbox.volatileWaiting : 0
    }

    private func accept(_ orders: LaneOrders.Taken) {
        for hint in orders.hints where !outbox.settled.isDelivered(hint.seq) {
            guard hints.count < limits.hints else { break }
            hints[hint.seq] = hint.nanoseconds
        }
        for line in orders.volatileLines {
            do {
                switch try outbox.offerVolatile(line) {
                case .waiting, .alreadySettled, .alreadySent: break
                case .notForReceiver: counts.notForReceiver += 1
                }
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

    private func take(_ findings: LogWindow.Findings) {
        counts.notForReceiver += findings.notForReceiver
        counts.unreadable += UInt64(findings.unreadable.count)
        for seq in findings.settledUnsent { hints.removeValue(forKey: seq) }
        for line in findings.unreadable {
            tell(.unreadable(receiver: receiver.name, seq: line.seq, reason: line.reason))
        }
        if let seq = findings.restartedAt { restartCursor(at: seq) }
        if let trouble = findings.trouble {
            tell(.troubled(.log(receiver: receiver.name, reason: "\(trouble)")))
        }
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
