package import TocsinModel
package import TocsinStore

/// What a lane needs from its surroundings.
package struct LaneSetup: Sendable {
    package var logPath: String
    /// How far the log is durable: a lane never reads beyond it.
    package var head: AlertLogHead
    package var cursorPath: String
    package var userAgent: String
    package var limits: DeliveryLimits
    /// The log's own limits, for reading it.
    package var logLimits = AlertLogLimits()
    /// Seeds the spread of the pauses.
    package var seed: UInt64
    /// Stamps requests and outages.
    package var wallClock: @Sendable () -> Timestamp
    /// Called on the lane's thread; must not block.
    package var report: @Sendable (LaneReport) -> Void

    func reader(from seq: UInt64) -> AlertLogReader {
        AlertLogReader(path: logPath, from: seq, head: head, limits: logLimits)
    }
}

/// One receiver's lane: a thread of its own, so that a dead receiver delays no other.
package final class DeliveryLane: Sendable {
    package let name: String
    private let limits: DeliveryLimits
    private let head: AlertLogHead
    private let gate: Gate<LaneOrders>
    private let waker: Waker
    private let thread: LaneThread

    /// Opens the cursor and starts the thread. A receiver without a cursor begins at the log's
    /// present end: a new pager is not sent last year's alarms. One whose cursor is beyond the
    /// log's end begins at the log's first entry, because the log was begun anew.
    package init(_ receiver: Receiver, setup: LaneSetup) throws(ReceiverError) {
        name = receiver.name
        limits = setup.limits
        head = setup.head
        let gate = Gate(LaneOrders(name: receiver.name))
        let sender = try HTTPSender(receiver, limits: setup.limits, userAgent: setup.userAgent)
        let cursor = try DeliveryLane.openCursor(receiver, setup)
        let worker = LaneWorker(
            receiver, setup: setup, gate: gate, sender: sender, cursor: cursor)
        self.gate = gate
        waker = sender.waker
        thread = try LaneThread(receiver: receiver.name, running: worker)
    }

    private static func openCursor(
        _ receiver: Receiver, _ setup: LaneSetup
    ) throws(ReceiverError) -> CursorFile {
        do {
            let end = setup.head.durableSeq
            let file = try CursorFile(path: setup.cursorPath, startingAt: end + 1)
            let highest = file.cursor.runs.last?.upperBound ?? file.cursor.lowest - 1
            if highest > end { try file.reset(to: setup.reader(from: 1).oldestSeq() ?? 1) }
            return file
        } catch {
            throw .cursor(receiver: receiver.name, reason: "\(error)")
        }
    }

    /// The log has new durable entries; `hints` say when what they tell was received.
    package func announce(_ hints: [ReceiveHint]) {
        gate.change { orders in
            orders.hints += hints.prefix(max(0, limits.hints - orders.hints.count))
            orders.isNews = true
        }
    }

    /// Entries that wait for the log to work again, as lines with `"durable":false`. What finds the
    /// queue full is counted; the log brings it later.
    package func enqueueVolatile(_ lines: [[UInt8]]) {
        gate.change { orders in
            let room = max(0, limits.volatileEntries - orders.volatileLines.count)
            orders.volatileLines += lines.prefix(room)
            orders.volatileDropped += UInt64(max(0, lines.count - room))
            orders.isNews = true
        }
    }

    /// Sends nothing more until `resume`; a request in flight is finished. Not kept over a restart.
    package func pause() { command { $0.isPaused = true } }

    package func resume() { command { $0.isPaused = false } }

    /// Ends every pause that failures ordered: the next attempt is made at once.
    package func retry() { command { $0.isRetryWanted = true } }

    /// Sends this line at once and once, whatever waits; `finished` is called on the lane's thread,
    /// or on the caller's when the line cannot be taken.
    package func probe(_ line: [UInt8], finished: @escaping @Sendable (ProbeResult) -> Void) {
        let isTaken = gate.change { orders in
            guard orders.stopAt == nil, orders.probes.count < limits.probes else { return false }
            orders.probes.append(Probe(line: line, finished: finished))
            orders.isNews = true
            return true
        }
        if !isTaken { finished(.notSent) }
    }

    /// The lane at this moment; from any thread.
    package func snapshot() -> LaneSnapshot {
        gate.withLock { orders in
            var snapshot = orders.snapshot
            let end = head.durableSeq
            // The lane gave its account a while ago, perhaps before a request that still runs.
            if end > orders.snapshotHead { snapshot.outboxEntries += end - orders.snapshotHead }
            snapshot.outboxEntries += UInt64(orders.volatileLines.count)
            snapshot.volatileDropped = orders.volatileDropped
            if orders.isPaused, snapshot.state != .stopped { snapshot.state = .paused }
            return snapshot
        }
    }

    /// Tells the lane to end by `deadline` (monotonic nanoseconds). Until then it delivers what it
    /// can; a pause after a failure ends it at once.
    package func beginStop(by deadline: UInt64) {
        command { $0.stopAt = deadline }
        waker.wake()
    }

    /// Waits until the thread has ended; `beginStop` must come before.
    package func join() { thread.join() }

    private func command(_ change: (inout LaneOrders) -> Void) {
        gate.change { orders in
            change(&orders)
            orders.isNews = true
        }
    }
}
