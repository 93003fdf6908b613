import Testing
import TocsinEngine
import TocsinModel

@Suite("Delays and their two clocks")
struct TimerTests {
    private let broker: UInt8 = 0

    /// The gas pack, never stale.
    private func pack() throws -> Pack {
        var pack = try GasFixture.pack()
        pack.staleAfter = nil
        return pack
    }

    @Test("A delay ends before the sample at exactly its deadline is applied")
    func exactlyAtDeadline() throws {
        var gas = GasFixture([try pack()])
        gas.feed(30, at: 0)
        gas.feed(1, at: 3)
        #expect(gas.story == ["raised H 3"])
        #expect(gas.events[0].value == 30)
        gas.feed(30, at: 12.999)
        gas.feed(1, at: 14)
        gas.feed(30, at: 24)
        #expect(gas.story == ["raised H 3", "cleared H 24"])
        #expect(gas.events[1].duration == .seconds(21))
    }

    @Test("The gateway's clock ends a delay lateness after it, counted from arrival; same stamp")
    func gatewayClock() throws {
        var gas = GasFixture([try pack()])
        gas.feed(30, at: 0, delay: 2)
        gas.tick(5.499)
        #expect(gas.story.isEmpty)
        gas.tick(5.5)
        #expect(gas.story == ["raised H 3"])
        #expect(gas.events[0].received == GasFixture.at(5.5))
        #expect(gas.events[0].onset == GasFixture.start)
    }

    @Test("Deadlines of one arrival fire in the order of their own stamps, each stamped its own")
    func ownStamps() throws {
        var pack = try pack()
        pack.rules[1].onDelay = .seconds(1)
        pack.rules[0].onDelay = Span(milliseconds: 2800)
        var gas = GasFixture([pack])
        gas.feed(30, at: 0)
        gas.feed(60, at: 0.5, delay: 1.3)
        gas.tick(10)
        // Both were due at 3.3 s of the gateway's clock; H comes after HH had opened the alarm.
        #expect(gas.story == ["raised HH 1.5"])
    }

    @Test("Of two levels due at the same instant only the higher is said, on either clock")
    func sameInstant() throws {
        var gas = GasFixture([try pack()])
        gas.feed(60, at: 0)
        gas.tick(3.5)
        #expect(gas.story == ["raised HH 3"])
    }

    @Test("Deadlines of several streams fire by deadline, then in the order of the streams")
    func acrossStreams() throws {
        var gas = GasFixture([try pack()])
        for (id, second) in [("c", 0.3), ("a", 0.3), ("b", 0.2)] {
            gas.feed(30, at: second, delay: 0.5 - second, stream: "east/hazchem/lel/\(id)")
        }
        gas.tick(9)
        #expect(gas.events.map { $0.binding?.stream.suffix(1) } == ["b", "c", "a"])
        #expect(gas.story == ["raised H 3.2", "raised H 3.3", "raised H 3.3"])
    }

    /// The engine alone, as the daemon runs it: brokers come and go.
    private func live(_ pack: Pack) -> (Engine, Intake) {
        let set = RuleSet(
            site: Site(id: "test-site"), packs: [pack], options: EngineOptions(streamsMax: 4))
        let intake = Intake(ruleSet: set)
        let engine = Engine(
            ruleSet: set, start: GasFixture.start, offline: false, rings: intake.rings)
        return (engine, intake)
    }

    private func feed(
        _ value: Double, at second: Double, to engine: inout Engine, _ intake: Intake,
        _ events: inout [Event]
    ) throws {
        let sample = try intake.accept(
            Observation(value: .number(value), time: GasFixture.at(second)),
            stream: StreamIndex(0), arrival: GasFixture.at(second)
        ).get()
        engine.apply(
            sample, stream: StreamIndex(0), arrival: GasFixture.at(second), appendingTo: &events)
    }

    private func connected() throws -> (Engine, Intake, [Event]) {
        var (engine, intake) = live(try GasFixture.pack())
        var events: [Event] = []
        engine.step(.brokerBack(broker, name: "b"), arrival: GasFixture.start, appendingTo: &events)
        let declaration = intake.declare(name: GasFixture.stream, mode: .live, unit: nil)
        if let declaration {
            engine.step(.stream(declaration), arrival: GasFixture.start, appendingTo: &events)
        }
        return (engine, intake, events)
    }

    @Test("While the broker is lost a running delay goes on and raises, degraded; silence is none")
    func brokerLost() throws {
        var (engine, intake, events) = try connected()
        try feed(30, at: 0, to: &engine, intake, &events)
        engine.step(
            .brokerLost(broker, name: "b", reason: "refused"), arrival: GasFixture.at(1),
            appendingTo: &events)
        engine.step(.tick, arrival: GasFixture.at(1000), appendingTo: &events)
        #expect(events.map { $0.kind } == [.brokerLost, .raised])
        #expect(events[1].degraded)
        #expect(events[1].mode == .live)
        engine.step(
            .brokerBack(broker, name: "b"), arrival: GasFixture.at(1000), appendingTo: &events)
        engine.step(.tick, arrival: GasFixture.at(1003), appendingTo: &events)
        #expect(events.map { $0.kind } == [.brokerLost, .raised, .brokerBack])
        engine.step(.tick, arrival: GasFixture.at(1004), appendingTo: &events)
        #expect(events.last?.ruleDefinition?.trigger == .stale)
        #expect(events.last?.time == GasFixture.at(3))
    }

    @Test("After a reconnection a running delay counts anew: the backlog speaks first")
    func reconnected() throws {
        var (engine, intake, events) = try connected()
        try feed(30, at: 0, to: &engine, intake, &events)
        engine.step(
            .brokerBack(broker, name: "b"), arrival: GasFixture.at(3), appendingTo: &events)
        engine.step(.tick, arrival: GasFixture.at(6), appendingTo: &events)
        #expect(events.isEmpty)
        let backlog = try intake.accept(
            Observation(value: .number(1), time: GasFixture.at(1)), stream: StreamIndex(0),
            arrival: GasFixture.at(6)
        ).get()
        engine.apply(
            backlog, stream: StreamIndex(0), arrival: GasFixture.at(6), appendingTo: &events)
        engine.step(.tick, arrival: GasFixture.at(8), appendingTo: &events)
        #expect(events.isEmpty)
    }

    @Test("A wall clock set forward makes nothing due")
    func clockStepped() throws {
        var (engine, intake, events) = try connected()
        try feed(30, at: 0, to: &engine, intake, &events)
        engine.step(
            .clockStepped(by: .seconds(3600)), arrival: GasFixture.at(1), appendingTo: &events)
        engine.step(.tick, arrival: GasFixture.at(3602), appendingTo: &events)
        #expect(events.isEmpty)
        engine.step(.tick, arrival: GasFixture.at(3603.5), appendingTo: &events)
        #expect(events.map { $0.time } == [GasFixture.at(3), GasFixture.at(3)])
    }
}
