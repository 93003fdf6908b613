package import TocsinModel
package import TocsinStore

/// All lanes: what the logger announces to, and what `tocsin receivers` operates.
package final class Deliverers: Sendable {
    private let lanes: [DeliveryLane]

    /// Starts one lane for each receiver. Throws the first thing that is wrong, with the lanes
    /// started so far stopped again.
    ///
    /// `cursorPath` gives the file of a receiver's cursor; a receiver that is removed and comes
    /// back finds its old one. `report` is called on the lanes' threads and must not block.
    package init(
        _ receivers: [Receiver], logPath: String, head: AlertLogHead,
        cursorPath: (String) -> String, version: String, seed: UInt64,
        limits: DeliveryLimits = DeliveryLimits(), logLimits: AlertLogLimits = AlertLogLimits(),
        wallClock: @escaping @Sendable () -> Timestamp = TocsinDelivery.wallClock,
        report: @escaping @Sendable (LaneReport) -> Void
    ) throws(ReceiverError) {
        var names: Set<String> = []
        for receiver in receivers where !names.insert(receiver.name).inserted {
            throw .nameTwice(receiver.name)
        }
        var lanes: [DeliveryLane] = []
        do {
            for (place, receiver) in receivers.enumerated() {
                let setup = LaneSetup(
                    logPath: logPath, head: head, cursorPath: cursorPath(receiver.name),
                    userAgent: "tocsin/\(version)", limits: limits, logLimits: logLimits,
                    seed: seed &+ UInt64(place), wallClock: wallClock, report: report)
                lanes.append(try DeliveryLane(receiver, setup: setup))
            }
        } catch {
            Deliverers.stop(lanes, within: .zero)
            throw error
        }
        self.lanes = lanes
    }

    package var names: [String] { lanes.map(\.name) }

    /// The log has new durable entries, up to the head's present seq.
    package func announce(_ hints: [ReceiveHint]) {
        for lane in lanes { lane.announce(hints) }
    }

    /// Entries that wait for the log to work again; see `DeliveryLane.enqueueVolatile`.
    package func enqueueVolatile(_ lines: [[UInt8]]) {
        for lane in lanes { lane.enqueueVolatile(lines) }
    }

    /// All lanes in the order of the configuration; from any thread.
    package func snapshot() -> [LaneSnapshot] { lanes.map { $0.snapshot() } }

    package func pause(_ name: String) throws(ReceiverError) { try lane(name).pause() }

    package func resume(_ name: String) throws(ReceiverError) { try lane(name).resume() }

    /// The next attempt is made at once, whatever pause failures ordered.
    package func retry(_ name: String) throws(ReceiverError) { try lane(name).retry() }

    /// Sends one marked line to this receiver alone, once; see `DeliveryLane.probe`.
    package func notifyTest(
        _ name: String, line: [UInt8], finished: @escaping @Sendable (ProbeResult) -> Void
    ) throws(ReceiverError) {
        try lane(name).probe(line, finished: finished)
    }

    /// Ends all lanes together: what can be delivered within this time is, requests that take
    /// longer are aborted, cursors are saved. Returns when all threads have ended.
    package func stop(within: Span) { Deliverers.stop(lanes, within: within) }

    private static func stop(_ lanes: [DeliveryLane], within: Span) {
        let length = UInt64(max(within.milliseconds, 0)) &* 1_000_000
        let deadline = monotonicNanoseconds() &+ length
        for lane in lanes { lane.beginStop(by: deadline) }
        for lane in lanes { lane.join() }
    }

    private func lane(_ name: String) throws(ReceiverError) -> DeliveryLane {
        guard let lane = lanes.first(where: { $0.name == name }) else {
            throw .unknown(name: name, known: names)
        }
        return lane
    }
}
