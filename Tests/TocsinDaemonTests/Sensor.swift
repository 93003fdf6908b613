import Foundation
import TocsinMQTT
import TocsinTestSupport

/// One reading as a sensor of these tests sends it.
struct SensorReading {
    var topic: String
    var payload: [UInt8]
    var isRetained = false

    init(topic: String, payload: String, isRetained: Bool = false) {
        self.init(topic: topic, bytes: Array(payload.utf8), isRetained: isRetained)
    }

    init(topic: String, bytes: [UInt8], isRetained: Bool = false) {
        self.topic = topic
        payload = bytes
        self.isRetained = isRetained
    }

    /// `ts` in milliseconds; nil leaves the time to the gateway.
    init(
        _ topic: String, _ value: Double, at ts: Int?, unit: String? = nil,
        isRetained: Bool = false
    ) {
        let time = ts.map { ",\"ts\":\($0)" } ?? ""
        let unit = unit.map { ",\"u\":\"\($0)\"" } ?? ""
        self.init(topic: topic, payload: "{\"v\":\(value)\(time)\(unit)}", isRetained: isRetained)
    }
}

/// Milliseconds since 1970, for the time stamps of readings.
func wallMilliseconds() -> Int { Int(Date().timeIntervalSince1970 * 1000) }

/// A publisher that stays connected, QoS 1.
final class Sensors {
    private let publisher: MQTTPublisher

    init(_ broker: MosquittoProcess, tls: TLSSettings? = nil) throws {
        let scheme = tls == nil ? "mqtt" : "mqtts"
        var settings = try BrokerSettings(url: "\(scheme)://127.0.0.1:\(broker.port)")
        settings.tls = tls
        settings.backOff = BackOff.Limits(firstMilliseconds: 20, capMilliseconds: 100)
        publisher = try MQTTPublisher(settings)
        try publisher.connect()
    }

    /// Queues readings; the broker may not have them yet.
    func send(_ readings: [SensorReading]) throws {
        for reading in readings {
            try publisher.publish(
                topic: reading.topic, payload: reading.payload, qos: 1,
                retain: reading.isRetained)
        }
    }

    /// Publishes and returns when the broker has acknowledged everything.
    func publish(_ readings: [SensorReading]) throws {
        try send(readings)
        try finish()
    }

    /// Waits until the broker has acknowledged all that was sent.
    func finish() throws { try publisher.waitUntilAcknowledged() }
}
