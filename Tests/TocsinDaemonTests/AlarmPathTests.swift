import Foundation
import Testing
import TocsinStore
import TocsinTestSupport

@Suite("From a reading to an alarm")
struct AlarmPathTests {
    @Test("A reading over the limit becomes a log entry and, byte for byte, a signed webhook")
    func readingToWebhook() throws {
        let broker = try MosquittoProcess()
        let receiver = try HTTPReceiver()
        let plant = try Plant(broker, receiver: receiver.url)
        try plant.start()
        #expect(plant.status(of: "/healthz") == 200)
        let began = wallMilliseconds() - 10_000
        try Sensors(broker).publish([
            SensorReading("east/hazchem/lel/1", 10, at: began, unit: "%LEL"),
            SensorReading("east/hazchem/lel/1", 30.5, at: began + 1000, unit: "%LEL"),
            SensorReading("east/hazchem/lel/1", 31, at: began + 4000, unit: "%LEL"),
        ])
        let raised = try plant.awaitLogged("raised", rule: "H")
        #expect(raised.integer("ts_ms") == began + 4000)
        #expect(raised.integer("onset_ms") == began + 1000)
        #expect(raised.text("state") == "unacknowledged")
        #expect(raised.text("priority") == "high")
        #expect(raised.text("level") == "yellow")
        #expect(raised.text("mode") == "live")
        #expect(raised.number("limit") == 25)
        #expect(raised.truth("durable") == true)
        for entry in try plant.log() {
            let (received, logged) = (entry.integer("received_ms"), entry.integer("logged_ms"))
            #expect((received ?? .max) <= (logged ?? .min), "\(entry.summary)")
        }
        #expect(waitUntil { receiver.requests.contains { $0.bodyText == raised.line } })
        let request = try #require(receiver.requests.first { $0.bodyText == raised.line })
        try expectSignature(request, id: try #require(raised.text("id")))
        #expect(
            try waitUntil {
                let page = try plant.metrics()
                page.expectIdentities()
                return page["tocsin_alarms_active{priority=\"high\"}"] == 1
                    && page["tocsin_events_total{event=\"raised\"}"] == 1
            })
        #expect(plant.stop() == 0)
        #expect(try plant.log().last?.text("event") == "stopped")
        let verified = try plant.operate("log", "verify")
        #expect(verified.code == 0, "\(verified.output)")
    }

    /// Standard Webhooks: HMAC-SHA256 over `id.seconds.body`.
    private func expectSignature(_ request: HTTPReceiver.Request, id: String) throws {
        #expect(request.header("webhook-id") == id)
        let seconds = try #require(request.header("webhook-timestamp"))
        #expect(abs((Double(seconds) ?? 0) - Date().timeIntervalSince1970) < 60)
        let message = Array("\(id).\(seconds).".utf8) + request.body
        // RFC 2104, written out: the daemon's own function is what is under test.
        let key = Plant.secret + [UInt8](repeating: 0, count: 64 - Plant.secret.count)
        let inner = SHA256.digest(of: key.map { $0 ^ 0x36 } + message).bytes
        let outer = SHA256.digest(of: key.map { $0 ^ 0x5c } + inner).bytes
        let expected = "v1," + Data(outer).base64EncodedString()
        #expect(request.header("webhook-signature") == expected)
    }

    @Test("Both accounting identities hold at every scrape under load")
    func identities() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        try plant.start()
        let sensors = try Sensors(broker)
        let began = wallMilliseconds() - 1_000_000
        let (rounds, perRound) = (40, 250)
        for round in 0..<rounds {
            try sensors.send(
                (0..<perRound).map { number in
                    let time = began + round * perRound + number
                    if number % 50 == 7 {
                        return SensorReading(topic: "t/\(number)", payload: "no")
                    }
                    // A repeat: same stream, time and value as the reading before it.
                    if number % 50 == 9 { return SensorReading("t/8", 20, at: began + round) }
                    if number % 50 == 8 { return SensorReading("t/8", 20, at: began + round) }
                    return SensorReading("t/\(number)", Double(number % 90), at: time)
                })
            try plant.metrics().expectIdentities()
        }
        try sensors.finish()
        var page = try plant.metrics()
        _ = try waitUntil {
            page = try plant.metrics()
            page.expectIdentities()
            return page["tocsin_frames_received_total"] == Double(rounds * perRound)
                && page["tocsin_samples_in_flight"] == 0
        }
        #expect(page["tocsin_frames_received_total"] == Double(rounds * perRound))
        #expect(page["tocsin_samples_in_flight"] == 0)
        #expect(page.rejected("json") == Double(rounds * perRound / 50))
        // Ten readings of t/8 a round have one time and value: one is evaluated.
        let repeats = Double(rounds * (perRound / 50 * 2 - 1))
        #expect(page["tocsin_samples_dropped_total{reason=\"duplicate\"}"] == repeats)
        page.expectIdentities()
    }
}
