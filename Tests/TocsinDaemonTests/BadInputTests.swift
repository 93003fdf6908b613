import Foundation
import Testing
import TocsinTestSupport

@Suite("Input that cannot be used")
struct BadInputTests {
    struct Kind: CustomTestStringConvertible {
        var reason: String
        var topic = "t/1"
        var payload: [UInt8]

        init(_ reason: String, topic: String = "t/1", _ payload: String) {
            self.init(reason, topic: topic, bytes: Array(payload.utf8))
        }

        init(_ reason: String, topic: String = "t/1", bytes: [UInt8]) {
            self.reason = reason
            self.topic = topic
            payload = bytes
        }

        var testDescription: String { reason }
    }

    static let kinds = [
        Kind("json", "not JSON"), Kind("json", "{\"v\":1"), Kind("json", "{\"v\":01}"),
        Kind("json", "{\"v\":NaN}"), Kind("json", "{\"v\":1} more"), Kind("json", "{'v':1}"),
        Kind("json", "{\"v\":1,}"),
        Kind("empty", ""),
        Kind("payload-too-long", "{\"v\":1,\"x\":\"\(String(repeating: "x", count: 1024))\"}"),
        Kind("number-range", "{\"v\":1e999}"), Kind("number-range", "{\"v\":-1e400}"),
        Kind("not-a-number", "{\"v\":[1]}"), Kind("no-value", "{\"v\":{}}"),
        Kind("unknown-word", "{\"v\":\"NaN\"}"),
        Kind("unknown-word", topic: "words/1", "{\"v\":\"AJAR\"}"),
        Kind("unknown-word", "{\"v\":\"1,5\"}"),
        Kind("unit", "{\"v\":1,\"u\":\"furlong\"}"), Kind("unit", "{\"v\":1,\"u\":7}"),
        Kind("no-value", "{\"w\":1}"), Kind("no-value", "[]"),
        Kind("duplicate-member", "{\"v\":1,\"v\":2}"),
        Kind("byte-order-mark", "\u{FEFF}{\"v\":1}"),
        Kind("utf8", bytes: Array("{\"v\":1,\"x\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)),
        Kind("utf8", "{\"v\":\"\\ud800\"}"),
        Kind("depth", String(repeating: "[", count: 300) + String(repeating: "]", count: 300)),
        Kind("no-decode-rule", topic: "other/1", "{\"v\":1}"),
        Kind("streams-full", topic: "t/beyond", "{\"v\":1}"),
    ]

    @Test("Every kind is counted once a frame under its reason, said once, and a good one follows")
    func everyKind() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker) { $0.limits = "{payload: 1KiB, streams: 3}" }
        try plant.start()
        let sensors = try Sensors(broker)
        let began = wallMilliseconds() - 600_000
        try sensors.publish((1...3).map { SensorReading("t/\($0)", 1, at: began) })
        try plant.awaitEvaluated(3)
        let repeats = 20
        var expected: [String: Double] = [:]
        for (number, kind) in Self.kinds.enumerated() {
            try sensors.publish(
                (0..<repeats).map { _ in SensorReading(topic: kind.topic, bytes: kind.payload) }
                    + [SensorReading("t/1", 2, at: began + 1 + number)])
            expected[kind.reason, default: 0] += Double(repeats)
            try plant.awaitEvaluated(4 + number)
            let page = try plant.metrics()
            let payload = String(decoding: kind.payload.prefix(60), as: UTF8.self)
            #expect(page.rejected(kind.reason) == expected[kind.reason], "\(payload)")
            #expect(page.sum("tocsin_frames_rejected_total") == Double((number + 1) * repeats))
            page.expectIdentities()
        }
        let said = plant.standardError.split(separator: "\n")
        for reason in expected.keys {
            // A slow machine may take longer than the ten seconds a line stands for.
            let lines = said.count { $0.contains("frame rejected (\(reason))") }
            #expect((1...3).contains(lines), "\(reason): \(lines)")
        }
        #expect(try plant.log().map { $0.text("event") } == ["started", "streams-full"])
        #expect(plant.stop() == 0)
    }

    @Test("A reading in another dimension is dropped, one in another unit is converted")
    func units() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        try plant.start()
        let began = wallMilliseconds() - 600_000
        try Sensors(broker).publish([
            SensorReading("t/1", 20, at: began, unit: "°C"),
            SensorReading("t/1", 500, at: began + 1, unit: "ppm"),
            SensorReading("t/1", 350, at: began + 2, unit: "K"),
        ])
        let raised = try plant.awaitLogged("raised", rule: "H")
        #expect(abs((raised.number("value") ?? 0) - 76.85) < 1e-9, "\(raised.line)")
        #expect(raised.number("source_value") == 350)
        #expect(raised.text("source_unit") == "K")
        let page = try plant.metrics()
        page.expectIdentities()
        #expect(page["tocsin_samples_dropped_total{reason=\"unit\"}"] == 1)
    }

    @Test("A bad time stamp removes no sample: it raises, at its arrival, and clock trouble once")
    func badTimes() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        try plant.start()
        let now = wallMilliseconds()
        try Sensors(broker).publish([
            SensorReading("t/1", 20, at: now),
            SensorReading("t/1", 90, at: now + 3_600_000),
            SensorReading("t/2", 90, at: 1000),
            SensorReading("t/2", 91, at: 2000),
            SensorReading(topic: "t/3", payload: "{\"v\":90,\"ts\":\"soon\"}"),
        ])
        for stream in ["t/1", "t/2", "t/3"] {
            let raised = try plant.awaitLogged("raised", rule: "H", stream: stream)
            #expect(abs((raised.integer("ts_ms") ?? 0) - now) < 30_000, "\(stream)")
            #expect(raised.text("time_source") == "gateway", "\(stream)")
            try plant.awaitLogged("raised", rule: "clock", stream: stream)
        }
        try plant.awaitEvaluated(5)
        #expect(try plant.logged("raised", rule: "clock").count == 3)
        #expect(try waitUntil { try plant.metrics()["tocsin_samples_bad_time_total"] == 4 })
    }
}
