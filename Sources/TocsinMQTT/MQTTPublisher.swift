/// Publishes as fast as the broker takes it, for `simulate` and benchmarks: keeps a bounded number
/// of messages in flight and knows when the last one was acknowledged. Its calls block; it belongs
/// to one thread.
package final class MQTTPublisher {
    // Messages queued before they are written together.
    private static let burst = 64

    private let loop: MQTTLoop
    private let client: MQTTClient
    private let log: ChangeLog
    private var sinceFlush = 0

    // The callback outlives no call, but it is escaping: what it writes is an object.
    private final class ChangeLog {
        var reason: String?
    }

    /// Throws what cannot be used in the settings. Subscriptions in them are left out.
    package init(_ settings: BrokerSettings) throws(MQTTError) {
        var plain = settings
        plain.subscribe = []
        plain.watch = []
        let log = ChangeLog()
        self.log = log
        loop = try MQTTLoop()
        client = try MQTTClient(plain, index: 0, seed: 0) { _, change in
            switch change {
            case .lost(let reason), .refused(let reason), .unreachable(let reason):
                log.reason = reason
            case .connecting, .connected, .subscribed, .subscriptionRefused,
                .subscriptionDowngraded:
                break
            }
        }
    }

    /// Published, acknowledged, refused and lost messages.
    package var counters: MQTTClient.Counters { client.counters }

    /// Waits for a connection; throws `timedOut` with the last reason.
    package func connect(timeoutMilliseconds: Int64 = 10_000) throws {
        loop.add(client)
        try turn("a connection", timeoutMilliseconds) { self.client.isConnected }
    }

    /// Queues one message, waiting for room while too many are in flight and for the broker while
    /// it is away. Throws `timedOut` after that long without room, in milliseconds.
    package func publish(
        topic: String, payload: UnsafeRawBufferPointer, qos: UInt8, retain: Bool = false,
        timeoutMilliseconds: Int64 = 30_000
    ) throws {
        try turn("room for a message", timeoutMilliseconds) {
            self.client.isConnected
                && self.client.inFlightCount < Int(self.client.settings.sendMaximum)
        }
        try client.publish(topic: topic, payload: payload, qos: qos, retain: retain)
        sinceFlush += 1
        if sinceFlush >= MQTTPublisher.burst {
            sinceFlush = 0
            try turnOnce(deadline: 0)
        }
    }

    package func publish(
        topic: String, payload: [UInt8], qos: UInt8, retain: Bool = false
    ) throws {
        try payload.withUnsafeBytes {
            try publish(topic: topic, payload: $0, qos: qos, retain: retain)
        }
    }

    /// Lets what is queued leave and keeps the connection up until `deadline` (monotonic
    /// milliseconds).
    package func rest(until deadline: Int64) throws {
        client.flush()
        repeat {
            try turnOnce(deadline: deadline)
        } while MonotonicClock.milliseconds() < deadline
    }

    /// Waits until everything is acknowledged (QoS 1) or written (QoS 0).
    package func waitUntilAcknowledged(timeoutMilliseconds: Int64 = 30_000) throws {
        client.flush()
        try turn("acknowledgements", timeoutMilliseconds) { self.client.inFlightCount == 0 }
    }

    /// Waits as `waitUntilAcknowledged` does, then says good-bye.
    package func finish(timeoutMilliseconds: Int64 = 30_000) throws {
        try waitUntilAcknowledged(timeoutMilliseconds: timeoutMilliseconds)
        client.disconnect()
        client.flush()
        try turn("the good-bye", timeoutMilliseconds) { self.client.isClosed }
    }

    private func turn(
        _ awaited: String, _ timeout: Int64, until condition: () -> Bool
    ) throws {
        guard !condition() else { return }
        let deadline = MonotonicClock.milliseconds() + timeout
        repeat {
            try turnOnce(deadline: deadline)
            if condition() { return }
        } while MonotonicClock.milliseconds() < deadline
        throw MQTTError.timedOut(waitingFor: awaited, lastReason: log.reason)
    }

    private func turnOnce(deadline: Int64) throws {
        _ = try loop.turn(
            now: MonotonicClock.milliseconds(), deadline: deadline, onFrame: { _ in },
            handOver: {})
    }
}
