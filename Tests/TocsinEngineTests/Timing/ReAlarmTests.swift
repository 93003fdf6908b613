import Testing
import TocsinEngine
import TocsinModel

@Suite("A standing alarm is annunciated anew")
struct ReAlarmTests {
    private func pack(
        latch: Bool = false, adjusting adjust: (inout Rule) -> Void = { _ in }
    ) throws -> Pack {
        try TimingFixture.pack { rule in
            rule.latch = latch
            rule.reAlarm = .seconds(60)
            adjust(&rule)
        }
    }

    @Test("Each interval again while the condition holds, acknowledged or not")
    func again() throws {
        var gas = GasFixture([try pack()])
        gas.feed(30, at: 0)
        gas.tick(59.999)
        #expect(gas.story == ["raised H 0"])
        gas.tick(60)
        _ = gas.command(.acknowledge, at: 70)
        gas.tick(129)
        gas.tick(200)
        #expect(
            gas.story == [
                "raised H 0", "re-alarmed H 60", "acknowledged H 70", "re-alarmed H 130",
                "re-alarmed H 190",
            ])
        #expect(gas.events[3].previousState == .acknowledged)
        #expect(gas.events[3].state == .unacknowledged)
        #expect(Set(gas.events.map { $0.occurrence }).count == 1)
        #expect(Set(gas.events.map { $0.id }).count == 5)
        #expect(gas.events[3].previous == gas.events[2].id)
        #expect(gas.events[3].duration == .seconds(130))
    }

    @Test("Every state: only where the condition holds", arguments: AlarmState.allCases)
    func states(state: AlarmState) throws {
        let isLatched = state == .latchedUnacknowledged || state == .latchedAcknowledged
        var gas = GasFixture([try pack(latch: isLatched)])
        gas.feed(30, at: 0)
        let ends = !state.holdsLevel
        if ends { gas.feed(1, at: 1) }
        switch state {
        case .acknowledged, .latchedAcknowledged, .normal: _ = gas.command(.acknowledge, at: 2)
        case .unacknowledged, .returnedUnacknowledged, .latchedUnacknowledged: break
        }
        #expect(gas.state == state)
        gas.events.removeAll()
        gas.tick(100)
        #expect(gas.said == (ends ? [] : ["re-alarmed H"]))
        #expect(gas.state == (ends ? state : .unacknowledged))
    }

    @Test("What begins the count anew, and what does not")
    func restarts() throws {
        let rows: [(String, (inout GasFixture) -> Void, Double)] = [
            ("nothing", { _ in }, 60),
            ("the same value", { $0.feed(31, at: 30) }, 60),
            ("unknown", { $0.feed(1, at: 30, quality: .bad) }, 60),
            ("escalated", { $0.feed(80, at: 30) }, 90),
            ("acknowledged", { _ = $0.command(.acknowledge, at: 30) }, 90),
            ("a refused reset", { _ = $0.command(.reset, at: 30) }, 60),
            ("the same rules", { $0.reload([$0.pack], at: 30) }, 60),
            (
                "raised again",
                {
                    $0.feed(1, at: 20)
                    $0.feed(30, at: 30)
                }, 90
            ),
        ]
        for (name, act, expected) in rows {
            var gas = GasFixture([try pack()])
            gas.feed(30, at: 0)
            act(&gas)
            gas.tick(expected - 0.001)
            #expect(!gas.events.contains { $0.kind == .reAlarmed }, "\(name)")
            gas.tick(expected)
            #expect(gas.events.last?.kind == .reAlarmed, "\(name)")
            #expect(gas.events.last?.time == GasFixture.at(expected), "\(name)")
        }
    }

    @Test("The level that stands says how long; a level without it is not annunciated anew")
    func ofLevel() throws {
        var pack = try pack()
        pack.rules[1].reAlarm = nil
        var gas = GasFixture([pack])
        gas.feed(80, at: 0)
        gas.tick(500)
        #expect(gas.story == ["raised HH 0"])
        pack.rules[1].reAlarm = .seconds(20)
        gas = GasFixture([pack])
        gas.feed(30, at: 0)
        gas.feed(80, at: 10)
        gas.tick(31)
        #expect(gas.story == ["raised H 0", "escalated HH 10", "re-alarmed HH 30"])
    }

    @Test("The stamp counts from the event, the moment from its arrival; an end at once goes first")
    func clocks() throws {
        var gas = GasFixture([try pack()])
        gas.feed(30, at: 0, delay: 5)
        gas.tick(64.999)
        #expect(gas.story == ["raised H 0"])
        gas.tick(65)
        #expect(gas.story == ["raised H 0", "re-alarmed H 60"])
        #expect(gas.events[1].received == GasFixture.at(65))
        // An off-delay that ends at the same instant of the gateway's clock.
        gas = GasFixture([try pack { $0.offDelay = Span(milliseconds: 19_500) }])
        gas.feed(30, at: 0)
        gas.feed(1, at: 40)
        gas.tick(60)
        #expect(gas.story == ["raised H 0", "cleared H 59.5"])
    }

    @Test("Not while it is suppressed; the end of suppression begins the count")
    func suppressed() throws {
        let pack = try TimingFixture.suppressible { $0.reAlarm = .seconds(60) }
        var gas = GasFixture([pack])
        gas.produce(1, at: 0)
        gas.feed(30, at: 0)
        gas.produce(0, at: 10)
        gas.tick(300)
        gas.produce(1, at: 310)
        gas.tick(369)
        #expect(
            gas.story == [
                "raised H 0", "suppressed H 10", "unsuppressed H 310", "raised H 310",
            ])
        gas.tick(370)
        #expect(gas.story.last == "re-alarmed H 370")
    }

    @Test("A wall clock set forward makes nothing due; a moved interval counts from the beginning")
    func moved() throws {
        var gas = GasFixture([try pack()])
        gas.feed(30, at: 0)
        gas.pipeline.step(
            .clockStepped(by: .seconds(3600)), arrival: GasFixture.at(1), appendingTo: &gas.events)
        gas.tick(3659.999)
        #expect(gas.story == ["raised H 0"])
        gas.tick(3660)
        #expect(gas.story == ["raised H 0", "re-alarmed H 60"])
        gas = GasFixture([try pack()])
        gas.feed(30, at: 0)
        gas.reload([try pack { $0.reAlarm = .seconds(40) }], at: 10)
        gas.tick(45)
        #expect(gas.story.last == "re-alarmed H 40")
        gas.reload([try pack { $0.reAlarm = nil }], at: 50)
        gas.tick(500)
        #expect(gas.story.last == "reloaded - 50")
        gas.reload([try pack()], at: 500)
        gas.tick(560)
        #expect(gas.story.last == "re-alarmed H 560")
    }
}

extension GasFixture {
    /// The pack in force.
    fileprivate var pack: Pack { pipeline.engine.ruleSet.packs[0] }
}
