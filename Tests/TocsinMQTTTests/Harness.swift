import TocsinTestSupport

@testable import TocsinMQTT

/// The I/O thread of a test: one loop, its clients, and everything they said.
final class Harness {
    struct Message: Equatable {
        var topic: String
        var payload: String
        var qos: UInt8 = 1
        var isRetained = false
        var isWatch = false
        var broker: UInt8 = 0
    }

    private final class Box { var changes: [(broker: UInt8, change: BrokerChange)] = [] }

    let loop: MQTTLoop
    private let box = Box()
    private(set) var clients: [MQTTClient] = []
    private(set) var messages: [Message] = []
    private(set) var largestBatch = 0
    var isHandOverFailing = false
    struct HandOverFailed: Error {}

    init() throws { loop = try MQTTLoop() }

    var changes: [BrokerChange] { box.changes.map(\.change) }
    func changes(of broker: UInt8) -> [BrokerChange] {
        box.changes.filter { $0.broker == broker }.map(\.change)
    }
    var payloads: [String] { messages.map(\.payload) }

    @discardableResult
    func add(_ settings: BrokerSettings) throws -> MQTTClient {
        let box = box
        let client = try MQTTClient(settings, index: UInt8(clients.count), seed: 1) {
            box.changes.append(($0, $1))
        }
        clients.append(client)
        loop.add(client)
        return client
    }

    /// Lets go of a client without a good-bye: its connection breaks.
    func drop(_ client: MQTTClient) {
        loop.remove(client)
        clients.removeAll { $0 === client }
    }

    func forget() {
        messages.removeAll()
        box.changes.removeAll()
    }

    /// One turn of at most `milliseconds`; a failing hand-over is what the test asked for.
    func turn(milliseconds: Int64 = 10) throws {
        let now = MonotonicClock.milliseconds()
        var batch = 0
        do {
            _ = try loop.turn(now: now, deadline: now + milliseconds) { frame in
                batch += 1
                messages.append(
                    Message(
                        topic: String(decoding: frame.topic, as: UTF8.self),
                        payload: String(decoding: frame.payload, as: UTF8.self), qos: frame.qos,
                        isRetained: frame.isRetained, isWatch: frame.isWatch,
                        broker: frame.broker))
            } handOver: {
                if isHandOverFailing { throw HandOverFailed() }
            }
        } catch is HandOverFailed {
        }
        largestBatch = max(largestBatch, batch)
    }

    /// Turns until the condition holds; false after `seconds`.
    func run(seconds: Double = 10, until condition: () -> Bool) throws -> Bool {
        let end = monotonicSeconds() + seconds
        while monotonicSeconds() < end {
            if condition() { return true }
            try turn()
        }
        return condition()
    }
}

/// Settings for a broker of a test: quick back-off, everything under `t/`.
func testSettings(
    _ broker: MosquittoProcess, version: MQTTVersion = .v311, qos: UInt8 = 1,
    clientID: String = "", scheme: String = "mqtt"
) throws -> BrokerSettings {
    var settings = try BrokerSettings(
        url: "\(scheme)://127.0.0.1:\(broker.port)", clientID: clientID, version: version,
        qos: qos, subscribe: ["t/#"])
    settings.backOff = BackOff.Limits(firstMilliseconds: 20, capMilliseconds: 100)
    return settings
}

/// Publishes payloads to a topic and returns when the broker has them.
func publish(
    _ broker: MosquittoProcess, _ payloads: [String], topic: String = "t/a", qos: UInt8 = 1,
    retain: Bool = false, version: MQTTVersion = .v311
) throws {
    var settings = try testSettings(broker, version: version)
    settings.subscribe = []
    let publisher = try MQTTPublisher(settings)
    try publisher.connect()
    for payload in payloads {
        try publisher.publish(
            topic: topic, payload: Array(payload.utf8), qos: qos, retain: retain)
    }
    try publisher.finish()
}
