import Testing
import TocsinTestSupport

@Suite("Test traffic and retained messages")
struct TestModeTests {
    @Test("Readings under tocsin-test/ alarm as a test, marked, and only where tests are accepted")
    func testMode() throws {
        let broker = try MosquittoProcess()
        let (duty, trial) = (try HTTPReceiver(), try HTTPReceiver())
        let plant = try Plant(broker, receiver: duty.url) { settings in
            settings.webhooks.append(
                "{name: trial, url: \"\(trial.url)\", secret_file: secret, accept_test: true}")
        }
        try plant.start()
        let began = wallMilliseconds()
        let sensors = try Sensors(broker)
        try sensors.publish([SensorReading("tocsin-test/t/1", 90, at: began)])
        let test = try plant.awaitLogged("raised", rule: "H", stream: "t/1")
        #expect(test.text("mode") == "test")
        #expect(test.text("message")?.hasPrefix("【测试】[TEST]") == true, "\(test.line)")
        // The same stream alarms for itself in earnest.
        try sensors.publish([SensorReading("t/1", 91, at: began)])
        let live = try plant.awaitLogged("raised", rule: "H", stream: "t/1", count: 2)
        #expect(live.text("mode") == "live")
        #expect(live.text("message")?.contains("TEST") == false)
        #expect(
            waitUntil {
                [duty, trial].allSatisfy { $0.requests.contains { $0.bodyText == live.line } }
            })
        #expect(waitUntil { trial.requests.contains { $0.bodyText == test.line } })
        // One id in both modes: a command means the live alarm while it stands.
        let alarm = try #require(test.text("alarm"))
        #expect(live.text("alarm") == alarm)
        try sensors.publish([SensorReading("t/1", 20, at: began + 1000)])
        try plant.awaitLogged("cleared", rule: "H", stream: "t/1")
        for mode in ["live", "test"] {
            let taken = try plant.operate("alarms", "acknowledge", alarm)
            #expect(taken.code == 0, "\(taken.output)")
            let event = try plant.awaitLogged("acknowledged", count: mode == "live" ? 1 : 2)
            #expect(event.text("mode") == mode)
        }
        #expect(plant.stop() == 0)
        #expect(!duty.requests.contains { $0.bodyText.contains("\"mode\":\"test\"") })
    }

    @Test("A retained reading raises at the start; a later retained one does not clear, live does")
    func retained() throws {
        let broker = try MosquittoProcess()
        // Without a session: what is published while the daemon is away is only retained.
        let plant = try Plant(broker) {
            $0.brokers = ["{url: \"mqtt://127.0.0.1:\(broker.port)\", qos: 0, SUBSCRIBE}"]
        }
        let sensors = try Sensors(broker)
        try sensors.publish([SensorReading("t/1", 90, at: nil, isRetained: true)])
        try plant.start()
        let raised = try plant.awaitLogged("raised", rule: "H")
        #expect(raised.truth("retained") == true)
        plant.stop()
        try sensors.publish([SensorReading("t/1", 20, at: nil, isRetained: true)])
        try plant.start()
        try plant.awaitEvaluated(1)
        #expect(try waitUntil { try plant.standingAlarms().count == 1 })
        #expect(try plant.standingAlarms().first?.text("state") == "unacknowledged")
        #expect(try plant.logged("cleared").isEmpty)
        try sensors.publish([SensorReading("t/1", 20, at: nil)])
        try plant.awaitLogged("cleared", rule: "H")
    }

    @Test("A retained message is no heartbeat: a listed sensor with nothing else is stale")
    func heartbeat() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker) { settings in
            settings.rules = PlantRules.temperaturePack(every: "500ms")
            settings.inventory = ["stream,unit", "t/1,°C"]
        }
        let sensors = try Sensors(broker)
        try sensors.publish([SensorReading("t/1", 20, at: nil, isRetained: true)])
        try plant.start()
        try plant.awaitEvaluated(1)
        try plant.awaitLogged("raised", rule: "stale", stream: "t/1")
        try sensors.publish([SensorReading("t/1", 20, at: nil)])
        try plant.awaitLogged("cleared", rule: "stale", stream: "t/1")
    }
}
