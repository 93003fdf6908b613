import Glibc
import Testing
import TocsinTestSupport

@Suite("Brokers that stop and come back")
struct BrokerOutageTests {
    private func persistentBroker() throws -> MosquittoProcess {
        var options = MosquittoProcess.Options()
        options.persistence = true
        options.lines = ["max_queued_messages 0"]
        return try MosquittoProcess(options)
    }

    @Test("Five orderly restarts of the broker lose no acknowledged sample and repeat none")
    func orderlyRestarts() throws {
        let broker = try persistentBroker()
        let plant = try Plant(broker)
        try plant.start()
        let sensors = try Sensors(broker)
        let began = wallMilliseconds() - 3_600_000
        var sent = 0
        func batch(_ count: Int) -> [SensorReading] {
            defer { sent += count }
            return (sent..<sent + count).map { number in
                // Distinct values: a repeat is one by stream, time and value.
                SensorReading("t/\(number % 20)", Double(number % 65), at: began + number * 100)
            }
        }
        for outage in 1...5 {
            // Acknowledged by the broker, on the way to the daemon when the broker stops.
            try sensors.publish(batch(200))
            broker.stop()
            try broker.start()
            // Connections that do not hold back off further: up to 16 s at the last one.
            // The daemon may still be waiting to reconnect: this is its backlog.
            try sensors.publish(batch(200))
            try plant.awaitLogged("broker-back", count: outage, seconds: 40)
        }
        try plant.awaitEvaluated(sent)
        let page = try plant.metrics()
        page.expectIdentities()
        #expect(page.sum("tocsin_frames_rejected_total") == 0)
        #expect(try plant.logged("broker-lost").count == 5)
        #expect(try plant.logged("broker-back").count == 5)
    }

    @Test("After a SIGKILL of the broker what arrived is evaluated once, and the gap is announced")
    func killedBroker() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        try plant.start()
        let sensors = try Sensors(broker)
        let began = wallMilliseconds() - 3_600_000
        func readings(_ numbers: Range<Int>) -> [SensorReading] {
            numbers.map {
                SensorReading("t/\($0 % 10)", Double($0 % 65), at: began + $0 * 100)
            }
        }
        try sensors.publish(readings(0..<500))
        try plant.awaitEvaluated(500)
        try sensors.send(readings(500..<900))
        broker.kill()
        try plant.awaitLogged("broker-lost")
        let arrived = try plant.metrics()
        try broker.start()
        try plant.awaitLogged("broker-back")
        // `broker-back` comes with the connection, readiness with the confirmed subscriptions.
        #expect(waitUntil { plant.status(of: "/readyz") == 200 })
        // A publisher of its own: what the killed broker did not acknowledge stays away.
        try Sensors(broker).publish(readings(1000..<1500))
        try plant.awaitEvaluated(Int(arrived["tocsin_samples_total"]) + 500)
        let page = try plant.metrics()
        page.expectIdentities()
        #expect(page.sum("tocsin_samples_dropped_total") == 0)
        #expect(try plant.logged("broker-lost").count == 1)
        #expect(try plant.logged("broker-back").count == 1)
    }

    @Test("An excursion in the backlog is raised late, without a flood of stale sensors")
    func excursionInBacklog() throws {
        let broker = try persistentBroker()
        let rules = PlantRules.gas + "---\n" + PlantRules.temperaturePack(every: "500ms")
        let plant = try Plant(broker) { $0.rules = rules }
        try plant.start()
        let sensors = try Sensors(broker)
        let streams = (1...12).map { "t/\($0)" }
        try sensors.publish(streams.map { SensorReading($0, 20, at: wallMilliseconds()) })
        try plant.awaitEvaluated(12)
        // The daemon holds still while the broker fills its queue: more than it sends ahead.
        plant.child?.signal(SIGSTOP)
        for round in 0..<10 {
            let time = wallMilliseconds() - 1000 + round
            try sensors.publish(streams.map { SensorReading($0, 21, at: time) })
        }
        let excursion = wallMilliseconds()
        try sensors.publish([SensorReading("t/7", 90, at: excursion)])
        broker.stop()
        plant.child?.signal(SIGCONT)
        try plant.awaitLogged("broker-lost")
        // Longer than the sensors may be silent (3 x 500 ms).
        #expect(try !waitUntil(seconds: 2.5) { try !plant.logged("raised").isEmpty })
        try broker.start()
        let raised = try plant.awaitLogged("raised", rule: "H", stream: "t/7")
        #expect(raised.integer("ts_ms") == excursion)
        #expect((raised.integer("late_ms") ?? 0) >= 2000, "\(raised.line)")
        #expect(try plant.logged("raised", rule: "stale").isEmpty)
        #expect(try plant.logged("broker-lost").count == 1)
        try plant.awaitLogged("broker-back")
        #expect(try plant.logged("broker-back").count == 1)
        // Back, and still silent: now it is said, once a sensor.
        try plant.awaitLogged("raised", rule: "stale", count: 12)
    }
}
