import Testing
import TocsinTestSupport

@Suite("What the API of a running daemon says")
struct ConsoleTests {
    @Test("Events, streams, rules and status are those of the log and the configuration")
    func lists() throws {
        let broker = try MosquittoProcess()
        let receiver = try HTTPReceiver()
        let plant = try Plant(broker, receiver: receiver.url)
        try plant.start()
        let began = wallMilliseconds()
        try Sensors(broker).publish([
            SensorReading("t/1", 90, at: began, unit: "°C"),
            SensorReading(topic: "words/1", payload: "{\"v\":\"CLOSED\"}"),
        ])
        let raised = try plant.awaitLogged("raised", rule: "H")
        try plant.awaitEvaluated(2)
        let events = try answer(plant, "/api/v1/events?event=raised&order=oldest")
        #expect(try events.list("events").map { $0.text("hash") } == [raised.text("hash")])
        let streams = try answer(plant, "/api/v1/streams").list("streams")
        #expect(Set(streams.compactMap { $0.text("stream") }) == ["t/1", "words/1"])
        let valve = try #require(streams.first { $0.text("stream") == "words/1" })
        #expect(valve.text("value") == "CLOSED")
        let samples = try answer(plant, "/api/v1/streams/t%2F1/samples?limit=10")
        #expect(samples.text("unit") == "°C")
        #expect(try samples.list("samples").map { $0.integer("ts_ms") } == [Int(began)])
        #expect(try samples.list("samples").map { $0.text("quality") } == ["good"])
        let words = try answer(plant, "/api/v1/streams/words%2F1/samples").list("samples")
        #expect(words.map { $0.text("value") } == ["CLOSED"])
        let rules = try answer(plant, "/api/v1/rules?prefix=plain/").list("rules")
        #expect(rules.contains { $0.text("rule") == "plain/temperature/H" })
        #expect(waitUntil { receiver.requests.contains { $0.bodyText == raised.line } })
        #expect(
            try waitUntil {
                try plant.metrics()["tocsin_outbox_entries{receiver=\"duty-room\"}"] == 0
            })
        let page = try plant.metrics()
        #expect(page["tocsin_delivery_seconds_count"] >= 1)
        #expect(page["tocsin_streams"] == 2)
        #expect(page["tocsin_log_head"] == Double(try plant.log().count))
        let status = try answer(plant, "/api/v1/status")
        #expect(status.integer("log_head") == (try plant.log().count))
        #expect(status.text("rules") == raised.text("rules"))
        #expect(try status.list("brokers").map { $0.text("state") } == ["subscribed"])
    }

    private func answer(_ plant: Plant, _ path: String) throws -> LoggedEvent {
        let answer = try #require(HTTPAnswer.get(path, port: plant.port))
        #expect(answer.status == 200, "\(path): \(answer.body)")
        return try LoggedEvent(answer.body)
    }

    @Test("What a broker drops for full queues is announced while we are connected")
    func droppedByBroker() throws {
        var options = MosquittoProcess.Options()
        options.lines = ["sys_interval 1", "max_queued_messages 10"]
        let broker = try MosquittoProcess(options)
        // A subscriber with a session that goes away and lets its queue fill.
        let away = try Plant(broker) { settings in
            settings.brokers = [
                "{url: \"mqtt://127.0.0.1:\(broker.port)\", client_id: away, SUBSCRIBE}"
            ]
        }
        try away.start()
        away.kill()
        let plant = try Plant(broker)
        try plant.start()
        let watched = "tocsin_broker_dropped_messages{broker=\"127.0.0.1:\(broker.port)\"}"
        let sensors = try Sensors(broker)
        #expect(try waitUntil { try plant.metrics()[watched] == 0 })
        let began = wallMilliseconds() - 10_000
        try sensors.publish((0..<100).map { SensorReading("t/1", 20, at: began + $0) })
        let said = try plant.awaitLogged("broker-dropped")
        #expect(said.text("reason")?.contains("max_queued_messages") == true, "\(said.line)")
        try plant.metrics().expectIdentities()
    }
}
