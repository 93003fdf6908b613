import Testing
import TocsinTestSupport

@Suite("Kill -9 and start")
struct RestartTests {
    private static let stream = "east/hazchem/lel/1"

    @Test("A receiver that was down for the whole run gets all that was logged, in order per alarm")
    func deadReceiver() throws {
        let broker = try MosquittoProcess()
        let port = try freePort()
        let plant = try Plant(broker, receiver: "http://127.0.0.1:\(port)/hook")
        let sensors = try Sensors(broker)
        var time = wallMilliseconds() - 3_600_000
        for run in 1...4 {
            try plant.start()
            var readings: [SensorReading] = []
            for _ in 0..<5 {
                for stream in 1...6 {
                    readings.append(SensorReading("t/\(stream)", 75, at: time))
                    readings.append(SensorReading("t/\(stream)", 20, at: time + 500))
                }
                time += 1000
            }
            try sensors.publish(readings)
            try plant.awaitLogged("cleared", count: run * 30)
            plant.kill()
        }
        let receiver = try HTTPReceiver(port: port)
        try plant.start()
        let before = try plant.log()
        #expect(
            waitUntil(seconds: 20) {
                Set(receiver.requests.map(\.bodyText)).isSuperset(of: before.map(\.line))
            }, "\(before.count) logged, \(receiver.requests.count) received")
        #expect(plant.stop() == 0)
        try expectOrder(receiver, plant)
        let verified = try plant.operate("log", "verify")
        #expect(verified.code == 0, "\(verified.output)")
    }

    @Test("Killed at any moment under load, the log stays whole and all of it is delivered")
    func underLoad() throws {
        let broker = try MosquittoProcess()
        let receiver = try HTTPReceiver()
        let plant = try Plant(broker, receiver: receiver.url)
        let sensors = try Sensors(broker)
        var time = wallMilliseconds() - 3_600_000
        for run in 1...5 {
            try plant.start()
            let before = try plant.log().count
            try sensors.send(
                (0..<1200).map { number in
                    time += 10
                    return SensorReading("t/\(number % 6)", number / 6 % 2 == 0 ? 75 : 20, at: time)
                })
            // Somewhere in the middle, elsewhere each time.
            #expect(try waitUntil { try plant.log().count > before + run * 37 })
            plant.kill()
            try sensors.finish()
        }
        try plant.start()
        let logged = try plant.log()
        #expect(
            waitUntil(seconds: 30) {
                Set(receiver.requests.map(\.bodyText)).isSuperset(of: logged.map(\.line))
            }, "\(logged.count) logged, \(receiver.requests.count) received")
        #expect(plant.stop() == 0)
        try expectOrder(receiver, plant)
        let verified = try plant.operate("log", "verify")
        #expect(verified.code == 0, "\(verified.output)")
    }

    /// First deliveries of each alarm come in the log's order, and one event has one id.
    private func expectOrder(_ receiver: HTTPReceiver, _ plant: Plant) throws {
        var seen: Set<String> = []
        var orders: [String: [Int]] = [:]
        var ids: [String: String] = [:]
        for request in receiver.requests {
            let event = try LoggedEvent(request.bodyText)
            guard let id = event.text("id"), seen.insert(id).inserted else { continue }
            guard let alarm = event.text("alarm") else { continue }
            orders[alarm, default: []].append(event.integer("seq") ?? -1)
            let what = "\(alarm) \(event.text("event") ?? "") \(event.integer("ts_ms") ?? 0)"
            #expect(ids.updateValue(id, forKey: what) == nil, "two ids for \(what)")
        }
        #expect(orders.count == 6)
        for (alarm, order) in orders { #expect(order == order.sorted(), "\(alarm)") }
        let numbers = try plant.log().compactMap { $0.integer("seq") }
        #expect(numbers == Array(1...numbers.count))
    }

    @Test("An alarm that stood before the kill stands after it, latched, and nobody is told twice")
    func standingAlarm() throws {
        let broker = try MosquittoProcess()
        let receiver = try HTTPReceiver()
        let plant = try Plant(broker, receiver: receiver.url)
        try plant.start()
        let sensors = try Sensors(broker)
        let began = wallMilliseconds() - 600_000
        try sensors.publish([
            SensorReading(Self.stream, 60, at: began),
            SensorReading(Self.stream, 60, at: began + 3000),
        ])
        let raised = try plant.awaitLogged("raised", rule: "HH")
        let alarm = try #require(raised.text("alarm"))
        #expect(waitUntil { receiver.requests.contains { $0.bodyText == raised.line } })
        let acknowledged = try plant.operate("alarms", "acknowledge", alarm, "--by", "li")
        #expect(acknowledged.code == 0, "\(acknowledged.output)")
        for _ in 1...3 {
            plant.kill()
            try plant.start()
            // The sensor goes on saying what it said.
            try sensors.publish([SensorReading(Self.stream, 60, at: wallMilliseconds() - 60_000)])
        }
        #expect(try waitUntil { try plant.standingAlarms().count == 1 })
        let standing = try #require(try plant.standingAlarms().first)
        #expect(standing.text("alarm") == alarm)
        #expect(standing.text("state") == "acknowledged")
        #expect(standing.text("priority") == "critical")
        #expect(standing.text("occurrence") == raised.text("occurrence"))
        #expect(try plant.logged("recovered").count == 3)

        // Back to normal for longer than the off-delay: latched, and a reset ends it.
        try sensors.publish([
            SensorReading(Self.stream, 5, at: wallMilliseconds() - 30_000),
            SensorReading(Self.stream, 5, at: wallMilliseconds() - 10_000),
        ])
        #expect(
            try waitUntil {
                try plant.standingAlarms().first?.text("state") == "latched-acknowledged"
            })
        plant.kill()
        try plant.start()
        #expect(try plant.standingAlarms().first?.text("state") == "latched-acknowledged")
        try sensors.publish([SensorReading(Self.stream, 5, at: wallMilliseconds() - 5000)])
        var reset = try plant.operate("alarms", "reset", alarm, "--by", "li")
        _ = try waitUntil {
            if reset.code != 0 { reset = try plant.operate("alarms", "reset", alarm) }
            return reset.code == 0
        }
        #expect(reset.code == 0, "\(reset.output)")
        #expect(try plant.standingAlarms().isEmpty)
        #expect(try plant.logged("raised").count == 1)
        #expect(try plant.logged("escalated").isEmpty)
        #expect(plant.stop() == 0)
        let told = receiver.requests.filter { $0.bodyText.contains("\"event\":\"raised\"") }
        #expect(Set(told.map { $0.header("webhook-id") ?? "" }).count == 1)
    }
}
