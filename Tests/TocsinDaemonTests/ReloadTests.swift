import Foundation
import Glibc
import Testing
import TocsinTestSupport

@Suite("Reload")
struct ReloadTests {
    private static func rules(high: String, highHigh: String) -> String {
        PlantRules.gasPack(every: "10m", high: high, highHigh: highHigh) + "---\n"
            + PlantRules.temperature
    }

    @Test("New limits come into force at once; a standing alarm and a running on-delay go on")
    func newLimits() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        try plant.start()
        let sensors = try Sensors(broker)
        let began = wallMilliseconds() - 2000
        let streams = (1...3).map { "east/hazchem/lel/\($0)" }
        try sensors.publish([
            SensorReading(streams[0], 22, at: began),
            SensorReading(streams[1], 60, at: began - 10_000),
            SensorReading(streams[1], 60, at: began - 7000),
            SensorReading(streams[2], 30, at: began),
        ])
        let standing = try plant.awaitLogged("raised", rule: "HH", stream: streams[1])
        try plant.awaitEvaluated(4)
        try plant.writeRules(Self.rules(high: "20 %LEL", highHigh: "45 %LEL"))
        let reload = try plant.operate("reload")
        #expect(reload.code == 0, "\(reload.output)")
        try plant.awaitLogged("reloaded")
        // The on-delay of the third began before the reload and ends as if there had been none.
        try sensors.publish([
            SensorReading(streams[0], 22, at: began + 6000),
            SensorReading(streams[1], 60, at: began + 3000),
            SensorReading(streams[2], 30, at: began + 3000),
        ])
        let pending = try plant.awaitLogged("raised", rule: "H", stream: streams[2])
        #expect(pending.integer("onset_ms") == began)
        #expect(pending.integer("ts_ms") == began + 3000)
        #expect(pending.number("limit") == 20)
        let lowered = try plant.awaitLogged("raised", rule: "H", stream: streams[0])
        #expect(lowered.number("limit") == 20)
        #expect(try waitUntil { try plant.standingAlarms().count == 3 })
        let kept = try plant.standingAlarms().first { $0.text("stream") == streams[1] }
        #expect(kept?.text("occurrence") == standing.text("occurrence"))
        #expect(try plant.log().count { $0.text("stream") == streams[1] } == 1)
        try expectStored(plant)
    }

    /// Every rule set that an entry names is kept under its hash.
    private func expectStored(_ plant: Plant) throws {
        let named = Set(try plant.log().compactMap { $0.text("rules") })
        #expect(named.count == 2)
        let stored = try FileManager.default.contentsOfDirectory(
            atPath: plant.directory.file("state/rulesets"))
        for name in named {
            let hex = name.replacing("sha256:", with: "")
            #expect(stored.contains { $0.hasPrefix(hex) }, "\(name): \(stored)")
        }
    }

    @Test("A bad set is refused with its place, in an event and by `tocsin reload`")
    func refused() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        try plant.start()
        let wrong = PlantRules.standard.replacing("limits: {H: 70 °C}", with: "limist: {}")
        try plant.writeRules(wrong)
        plant.child?.signal(SIGHUP)
        let refused = try plant.awaitLogged("reload-refused")
        let reason = try #require(refused.text("reason"))
        #expect(reason.contains("rules/site.yaml:"), "\(reason)")
        let reload = try plant.operate("reload")
        #expect(reload.code == 1)
        #expect(reload.output.contains("limist"), "\(reload.output)")
        #expect(reload.output.contains("limits"), "the nearest name: \(reload.output)")
        // The old rules stay in force.
        try Sensors(broker).publish([SensorReading("t/1", 90, at: wallMilliseconds())])
        try plant.awaitLogged("raised", rule: "H", stream: "t/1")
        try plant.writeRules(PlantRules.standard)
        let mended = try plant.operate("reload")
        #expect(mended.code == 0, "\(mended.output)")
    }

    @Test("A removed rule closes its alarm, and says why")
    func removed() throws {
        let broker = try MosquittoProcess()
        let receiver = try HTTPReceiver()
        let plant = try Plant(broker, receiver: receiver.url)
        try plant.start()
        let sensors = try Sensors(broker)
        try sensors.publish([SensorReading("t/1", 90, at: wallMilliseconds())])
        let raised = try plant.awaitLogged("raised", rule: "H", stream: "t/1")
        try plant.writeRules(PlantRules.gas)
        #expect(try plant.operate("reload").code == 0)
        let cleared = try plant.awaitLogged("cleared", stream: "t/1")
        #expect(cleared.text("reason") == "rule-removed")
        #expect(cleared.text("alarm") == raised.text("alarm"))
        #expect(cleared.text("occurrence") == raised.text("occurrence"))
        #expect(try waitUntil { try plant.standingAlarms().isEmpty })
        #expect(waitUntil { receiver.requests.contains { $0.bodyText == cleared.line } })
    }
}
