import Testing
import TocsinEngine
import TocsinModel

/// Streams that packs compute from others.
@Suite("Calculated streams")
struct CalculatedTests {
    /// `{line}/fire/residual/{id}` minus `{line}/fire/natural/{id}`, in mA.
    private static func source() throws -> Pack {
        var pack = Pack(
            name: "fire/residual", domain: "fire",
            pattern: try StreamPattern("{line}/fire/residual/{id}"))
        pack.unit = GasFixture.unit("mA")
        pack.calculated = [
            CalculatedDefinition(
                name: try StreamPattern("{line}/calc/{id}/net"), unit: pack.unit,
                program: Program(instructions: [.value, .reference(0), .subtract], stackDepth: 2),
                references: [
                    ReferenceDefinition(
                        pattern: try StreamPattern("{line}/fire/natural/{id}"), unit: pack.unit,
                        stateNames: [])
                ], text: "value - stream(\"{line}/fire/natural/{id}\")")
        ]
        return pack
    }

    /// H 300 mA on the net current, and its double as one more stream.
    private static func net() throws -> Pack {
        var pack = Pack(
            name: "fire/net", domain: "fire", pattern: try StreamPattern("{line}/calc/{id}/net"))
        pack.unit = GasFixture.unit("mA")
        pack.staleAfter = .seconds(3)
        pack.limits = [LimitDefinition(name: "H", value: .number(300, unit: nil))]
        pack.rules = [
            high("fire/net/H"),
            Rule(
                name: "fire/net/stale", shortName: "stale", trigger: .stale, alarmClass: .trouble,
                priority: .medium),
            Rule(
                name: "fire/net/bad", shortName: "bad", trigger: .bad, alarmClass: .trouble,
                priority: .medium),
        ]
        pack.chains = [[0], [1], [2]]
        pack.calculated = [
            CalculatedDefinition(
                name: try StreamPattern("{line}/calc/{id}/double"), unit: pack.unit,
                program: Program(
                    instructions: [.value, .constant(2), .multiply], stackDepth: 2),
                text: "value * 2")
        ]
        return pack
    }

    private static func high(_ name: String) -> Rule {
        var rule = Rule(
            name: name, shortName: "H", trigger: .condition, alarmClass: .alarm, priority: .high)
        rule.condition = Program(
            instructions: [
                .value, .limit(0),
                .compare(.greaterOrEqual, subject: .ownValue, memory: Program.noMemory),
            ], stackDepth: 2)
        rule.conditionText = "value >= limit.H"
        rule.meaning = rule.conditionText
        rule.limit = 0
        rule.direction = .high
        return rule
    }

    private static func double() throws -> Pack {
        var pack = Pack(
            name: "fire/double", domain: "fire",
            pattern: try StreamPattern("{line}/calc/{id}/double"))
        pack.unit = GasFixture.unit("mA")
        pack.limits = [LimitDefinition(name: "H", value: .number(500, unit: nil))]
        pack.rules = [high("fire/double/H")]
        pack.chains = [[0]]
        return pack
    }

    private static func report(_ gas: GasFixture, _ name: String) -> StreamReport? {
        gas.pipeline.engine.streamReports().first { $0.name == name }
    }

    @Test("A net residual current raises its own alarm at the newest input's time")
    func netCurrent() throws {
        var gas = GasFixture([try Self.source(), try Self.net()], options: GroupFixture.small)
        gas.feed(500, at: 0, stream: "l1/fire/residual/a")
        // The other current is not known yet: unknown is bad.
        #expect(gas.alarmStory == ["raised bad l1/calc/a/net 0"])
        gas.feed(250, at: 1, stream: "l1/fire/natural/a")
        #expect(gas.alarmStory.last == "cleared bad l1/calc/a/net 1")
        gas.feed(560, at: 2, stream: "l1/fire/residual/a")
        #expect(gas.alarmStory.last == "raised H l1/calc/a/net 2")
        #expect(gas.events.last?.value == 310)
        gas.feed(300, at: 3, stream: "l1/fire/natural/a")
        #expect(gas.alarmStory.last == "cleared H l1/calc/a/net 3")
        let report = try #require(Self.report(gas, "l1/calc/a/net"))
        #expect(report.index == nil && report.value == 260 && report.packs == ["fire/net"])
        #expect(gas.pipeline.engine.counts.samplesEvaluated == 4)
    }

    @Test("A cascade of two follows at once, whichever pack comes first")
    func cascade() throws {
        let packs = [try Self.source(), try Self.net(), try Self.double()]
        for order in [packs, packs.reversed()] {
            var gas = GasFixture(order, options: GroupFixture.small)
            gas.feed(10, at: 0, stream: "l1/fire/natural/a")
            gas.feed(270, at: 1, stream: "l1/fire/residual/a")
            #expect(gas.alarmStory == ["raised H l1/calc/a/double 1"])
            #expect(gas.events.last?.value == 520)
            // net and double, once each at the second input; the first has no pack that computes.
            #expect(gas.pipeline.engine.counts.samplesCalculated == 2)
        }
    }

    @Test("Inputs that fall silent make it silent; a bad input makes it bad")
    func silence() throws {
        var gas = GasFixture([try Self.source(), try Self.net()], options: GroupFixture.small)
        gas.feed(10, at: 0, stream: "l1/fire/natural/a")
        gas.feed(20, at: 0, stream: "l1/fire/residual/a")
        gas.feed(20, at: 1, stream: "l1/fire/residual/a", quality: .bad)
        #expect(gas.alarmStory == ["raised bad l1/calc/a/net 1"])
        gas.feed(20, at: 2, stream: "l1/fire/residual/a")
        gas.tick(5.5)
        #expect(
            gas.alarmStory == [
                "raised bad l1/calc/a/net 1", "cleared bad l1/calc/a/net 2",
                "raised stale l1/calc/a/net 5",
            ])
    }

    @Test("A publisher under its name is ignored and said once")
    func intruder() throws {
        var gas = GasFixture([try Self.source(), try Self.net()], options: GroupFixture.small)
        gas.feed(900, at: 0, stream: "l1/calc/a/net")
        gas.feed(10, at: 0, stream: "l1/fire/natural/a")
        gas.feed(20, at: 0, stream: "l1/fire/residual/a")
        gas.feed(900, at: 1, stream: "l1/calc/a/net")
        #expect(gas.events.map(\.kind) == [.bindingFailed])
        #expect(gas.events.first?.note?.subject == "l1/calc/a/net")
        #expect(Self.report(gas, "l1/calc/a/net")?.value == 10)
        #expect(gas.pipeline.engine.counts.samplesIntruded == 2)
        #expect(gas.pipeline.engine.counts.samplesEvaluated == 4)
    }

    @Test("A listed calculated stream is one stream, not announced and missed once")
    func listed() throws {
        let set = RuleSet(
            site: Site(id: "test-site"), packs: [try Self.source(), try Self.net()],
            listings: [StreamListing(stream: "l1/calc/a/net")], hasInventory: true,
            options: GroupFixture.small)
        var pipeline = Pipeline(ruleSet: set, start: GasFixture.start)
        var events: [Event] = []
        pipeline.declareListed(appendingTo: &events)
        pipeline.step(.tick, arrival: GasFixture.at(4), appendingTo: &events)
        #expect(events.map(\.kind) == [.raised])
        for (value, name) in [(10.0, "l1/fire/natural/a"), (20, "l1/fire/residual/a")] {
            pipeline.accept(
                Observation(value: .number(value), time: GasFixture.at(5)), stream: name,
                arrival: GasFixture.at(5), appendingTo: &events)
        }
        // The two inputs are not listed; the computed one is heard.
        #expect(
            events.map(\.kind) == [
                .raised, .publisherUnlisted, .publisherUnlisted, .cleared,
            ])
        #expect(pipeline.engine.streamReports().count == 4)
    }

    @Test("A circle that nobody saw ends after sixteen steps and is counted")
    func circle() throws {
        var pack = Pack(
            name: "a/b", domain: "a", pattern: try StreamPattern("{line}/x/{id}"))
        pack.calculated = [
            CalculatedDefinition(
                name: try StreamPattern("{line}/x/net"), unit: nil,
                program: Program(
                    instructions: [.value, .constant(1), .add], stackDepth: 2), text: "value + 1")
        ]
        var gas = GasFixture([pack], options: GroupFixture.small)
        gas.feed(0, at: 0, stream: "l1/x/a")
        #expect(gas.pipeline.engine.counts.samplesCalculated == 16)
        #expect(gas.pipeline.engine.counts.cascadesCut == 1)
    }

    @Test("One a group, from its members' figures")
    func perGroup() throws {
        var pack = try GroupFixture.pack([], groups: [GroupFixture.number()])
        pack.calculated = [
            CalculatedDefinition(
                name: try StreamPattern("{area}/calc/lel/highest"), unit: pack.unit,
                program: Program(instructions: [.group(0, .greatest)], stackDepth: 1),
                per: "area", text: "max_of(value, of=\"{area}/hazchem/lel/+\")")
        ]
        var gas = GasFixture([pack], options: GroupFixture.small)
        gas.feed(30, "1", at: 0)
        gas.feed(10, "2", at: 1)
        #expect(Self.report(gas, "cold-store/calc/lel/highest")?.value == 30)
        gas.feed(5, "1", at: 2)
        let report = try #require(Self.report(gas, "cold-store/calc/lel/highest"))
        #expect(report.value == 10 && report.time == GasFixture.at(2))
    }

    @Test("A reload keeps the stream and its alarm, or closes it with its definition")
    func reloads() throws {
        var gas = GasFixture([try Self.source(), try Self.net()], options: GroupFixture.small)
        gas.feed(10, at: 0, stream: "l1/fire/natural/a")
        gas.feed(400, at: 0, stream: "l1/fire/residual/a")
        #expect(gas.alarmStory == ["raised H l1/calc/a/net 0"])
        func reload(_ packs: [Pack], at seconds: Double, _ gas: inout GasFixture) {
            let set = RuleSet(
                site: Site(id: "test-site"), packs: packs, options: GroupFixture.small)
            gas.pipeline.step(
                .reload(set), arrival: GasFixture.at(seconds), appendingTo: &gas.events)
        }
        reload([try Self.source(), try Self.net()], at: 1, &gas)
        gas.feed(410, at: 1, stream: "l1/fire/residual/a")
        #expect(gas.alarmStory.count == 1)
        #expect(Self.report(gas, "l1/calc/a/net")?.value == 400)
        var without = try Self.source()
        without.calculated = []
        reload([without, try Self.net()], at: 2, &gas)
        #expect(gas.alarmStory.last == "cleared H l1/calc/a/net 2")
        // Now its name is free: what is published counts.
        gas.feed(350, at: 3, stream: "l1/calc/a/net")
        #expect(gas.alarmStory.last == "raised H l1/calc/a/net 3")
        reload([try Self.source(), try Self.net()], at: 4, &gas)
        gas.feed(20, at: 4, stream: "l1/fire/residual/a")
        #expect(gas.alarmStory.last == "cleared H l1/calc/a/net 4")
    }

    @Test("Windows stand on a calculated stream as on any other, over a reload too")
    func windows() throws {
        var net = try Self.net()
        net.calculated = []
        net.windows = [WindowDefinition(extent: .count(3), family: .moments)]
        net.rules[0].condition = Program(
            instructions: [
                .window(0, .mean), .limit(0),
                .compare(.greaterOrEqual, subject: .expression, memory: Program.noMemory),
            ], stackDepth: 2)
        let packs = [try Self.source(), net]
        var gas = GasFixture(packs, options: GroupFixture.small)
        gas.feed(0, at: 0, stream: "l1/fire/natural/a")
        for (second, value) in [280.0, 310, 305, 320].enumerated() {
            if second == 2 {
                let set = RuleSet(
                    site: Site(id: "test-site"), packs: packs, options: GroupFixture.small)
                gas.pipeline.step(
                    .reload(set), arrival: GasFixture.at(1.5), appendingTo: &gas.events)
            }
            gas.feed(value, at: Double(second), stream: "l1/fire/residual/a")
        }
        // 280, 310, 305 have a mean of 298.3; 310, 305, 320 of 311.7.
        #expect(gas.alarmStory == ["raised H l1/calc/a/net 3"])
    }
}
