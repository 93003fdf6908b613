import Testing
import TocsinEngine
import TocsinModel

/// `value is stopped and stream("{line}/dust/fan/main") is running`, the airlock of contract §4,
/// and the fan's own pack with other state numbers.
@Suite("Rules that read another stream")
struct ReferenceTests {
    static let lock = "l1/dust/airlock/a"
    static let fan = "l1/dust/fan/main"

    private func airlock(held: Int64 = 0, instruction: Instruction? = nil) throws -> Pack {
        var pack = Pack(
            name: "dust/airlock", domain: "dust",
            pattern: try StreamPattern("{line}/dust/airlock/{id}"))
        pack.states = [
            StateDefinition(name: "running", numbers: [1], words: ["RUN"]),
            StateDefinition(name: "stopped", numbers: [0], words: ["STOP"]),
        ]
        var rule = Rule(
            name: "dust/airlock/stopped", shortName: "stopped", trigger: .condition,
            alarmClass: .alarm, priority: .high)
        let asked = instruction ?? .referenceStateIs(slot: 0, heldMilliseconds: held)
        rule.condition = Program(
            instructions: [.stateIs(mask: 0b10, heldMilliseconds: 0), asked, .and], stackDepth: 2)
        rule.references = [
            ReferenceDefinition(
                pattern: try StreamPattern("{line}/dust/fan/main"), unit: nil,
                stateNames: ["running"])
        ]
        rule.meaning = "stopped while the fan runs"
        pack.rules = [rule]
        pack.chains = [[0]]
        return pack
    }

    /// The fan says 7 for running: its states count, not the airlock's.
    private func fanPack() throws -> Pack {
        var pack = Pack(
            name: "dust/fan", domain: "dust", pattern: try StreamPattern("{line}/dust/fan/{id}"))
        pack.states = [
            StateDefinition(name: "off", numbers: [1], words: []),
            StateDefinition(name: "running", numbers: [7], words: []),
        ]
        pack.staleAfter = .seconds(30)
        pack.rules = [
            Rule(
                name: "dust/fan/stale", shortName: "stale", trigger: .stale, alarmClass: .trouble,
                priority: .medium)
        ]
        pack.chains = [[0]]
        return pack
    }

    private func said(_ gas: GasFixture) -> [String] {
        gas.story.filter { $0.contains("stopped") }
    }

    @Test("Not yet met, stale, bad or in no known state, the other stream is unknown")
    func unknown() throws {
        var gas = GasFixture([try airlock(), try fanPack()])
        gas.feed(0, at: 0, stream: Self.lock)
        #expect(said(gas).isEmpty)
        gas.feed(7, at: 1, stream: Self.fan, quality: .bad)
        gas.feed(3, at: 2, stream: Self.fan)
        #expect(said(gas).isEmpty)
        gas.feed(7, at: 3, stream: Self.fan)
        #expect(said(gas) == ["raised stopped 3"])
        // Unknown never clears: neither a bad fan nor a silent one.
        gas.feed(7, at: 4, stream: Self.fan, quality: .bad)
        gas.tick(60)
        gas.feed(0, at: 61, stream: Self.lock)
        #expect(said(gas) == ["raised stopped 3"])
        gas.feed(1, at: 62, stream: Self.fan)
        #expect(said(gas) == ["raised stopped 3", "cleared stopped 62"])
        gas.tick(200)
        gas.feed(0, at: 201, stream: Self.lock)
        #expect(said(gas).count == 2)
    }

    @Test("Without a pack of its own the other stream is read by the own pack's states")
    func ownStates() throws {
        var gas = GasFixture([try airlock()])
        gas.feed(1, at: 0, stream: Self.fan)
        gas.feed(0, at: 1, stream: Self.lock)
        #expect(said(gas) == ["raised stopped 1"])
        gas.feed(0, at: 2, stream: Self.fan)
        #expect(said(gas).last == "cleared stopped 2")
    }

    @Test("A state asked to be held counts from its own stream's change to the latest sample")
    func held() throws {
        var gas = GasFixture([try airlock(held: 5000), try fanPack()])
        gas.feed(7, at: 0, stream: Self.fan)
        gas.feed(0, at: 1, stream: Self.lock)
        gas.feed(7, at: 4, stream: Self.fan)
        #expect(said(gas).isEmpty)
        gas.feed(0, at: 5, stream: Self.lock)
        #expect(said(gas) == ["raised stopped 5"])
        gas.feed(1, at: 6, stream: Self.fan)
        gas.feed(7, at: 7, stream: Self.fan)
        #expect(said(gas).last == "cleared stopped 6")
    }

    @Test("After a reload references are joined anew, whichever stream came first")
    func reloaded() throws {
        for order in [[Self.lock, Self.fan], [Self.fan, Self.lock]] {
            let packs = [try airlock(), try fanPack()]
            var gas = GasFixture(packs)
            for (second, stream) in order.enumerated() {
                gas.feed(1, at: Double(second), stream: stream)
            }
            gas.pipeline.step(
                .reload(RuleSet(site: Site(id: "test-site"), packs: packs)),
                arrival: GasFixture.at(2), appendingTo: &gas.events)
            gas.feed(0, at: 3, stream: Self.lock)
            #expect(said(gas).isEmpty)
            gas.feed(7, at: 4, stream: Self.fan)
            #expect(said(gas) == ["raised stopped 4"])
        }
    }

    @Test("Quality is never unknown: a stream never heard counts as bad")
    func quality() throws {
        let isBad = Instruction.referenceQualityIs(slot: 0, mask: 1 << Quality.bad.rawValue)
        for isListed in [false, true] {
            let packs = [try airlock(instruction: isBad), try fanPack()]
            var gas = GasFixture(packs)
            let listings = isListed ? [StreamListing(stream: Self.fan)] : []
            gas.pipeline = Pipeline(
                ruleSet: RuleSet(site: Site(id: "s"), packs: packs, listings: listings),
                start: GasFixture.start)
            gas.pipeline.declareListed(appendingTo: &gas.events)
            gas.feed(0, at: 0, stream: Self.lock)
            #expect(said(gas) == ["raised stopped 0"])
            gas.feed(7, at: 1, stream: Self.fan)
            #expect(said(gas).last == "cleared stopped 1")
        }
    }
}
