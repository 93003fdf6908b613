import Foundation
import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("Votes, groups and calculated streams")
struct VotingKeysTests {
    static let gas = """
        pack: hazchem/gas
        match: "{area}/lel/{id}"
        unit: "%LEL"
        limits: {H: 25 %LEL}
        defaults: {deadband: 2 %LEL}
        trouble: {priority: high, on_delay: 5s}
        alarms:
          - name: vote
            per: area
            when: votes(value >= limit.H, of="{area}/lel/+") >= 2
            unless: any(value > 90 %LEL, of="{area}/lel/+")
            degraded: {one_bad: 1oo2, two_bad: 1oo1, all_bad: trouble}
            priority: critical
            action: Go

        """

    @Test("A vote has its label, its policy and a trouble rule of its own chain")
    func vote() throws {
        let probe = PackProbe(Self.gas)
        #expect(probe.findings == [])
        let pack = try #require(probe.pack("hazchem/gas"))
        #expect(pack.rules.map(\.shortName) == ["vote", "stale", "bad", "clock", "vote-out"])
        #expect(pack.chains == [[0], [1], [2], [3], [4]])
        let vote = pack.rules[0]
        #expect(vote.per == "area" && vote.trigger == .condition)
        #expect(vote.condition?.instructions == [.votes(0, .greaterOrEqual, 2)])
        #expect(vote.unless?.instructions == [.group(1, .any)])
        #expect(
            vote.degraded == [
                DegradedVote(out: 1, policy: .needs(1, of: 2)),
                DegradedVote(out: 2, policy: .needs(1, of: 1)),
                DegradedVote(out: .max, policy: .trouble),
            ])
        #expect(
            vote.meaning == """
                trigger condition
                when votes(value >= limit.H, of="{area}/lel/+") >= 2
                unless any(value > 90 %LEL, of="{area}/lel/+")
                per area
                degraded 1 1oo2
                degraded 2 1oo1
                degraded all trouble
                """)
        let out = pack.rules[4]
        #expect(out.name == "hazchem/gas/vote-out" && out.trigger == .voteOut)
        #expect(out.per == "area" && out.alarmClass == .trouble && out.priority == .high)
        #expect(out.onDelay == .seconds(5) && out.condition == nil)
        #expect(out.meaning.hasSuffix(vote.meaning))
    }

    @Test("Without all_bad: trouble there is no trouble rule, and a disabled vote has none")
    func withoutTrouble() {
        let plain = Self.gas.replacingOccurrences(of: ", all_bad: trouble", with: "")
        #expect(PackProbe(plain).rule("hazchem/gas/vote-out") == nil)
        let disabled = PackProbe(Self.gas + "disable: [{alarm: vote, reason: MOC-1}]")
        #expect(disabled.findings == [])
        #expect(disabled.pack("hazchem/gas")?.rules.map(\.shortName) == ["stale", "bad", "clock"])
    }

    @Test("The trouble rule of a vote can be disabled by itself, and the vote stays")
    func disabledTrouble() {
        let probe = PackProbe(Self.gas + "disable: [{alarm: vote-out, reason: MOC-1}]")
        #expect(probe.findings == [])
        let names = probe.pack("hazchem/gas")?.rules.map(\.shortName)
        #expect(names == ["vote", "stale", "bad", "clock"])
    }

    @Test("An extension replaces an inherited policy as a whole")
    func extended() {
        let probe = PackProbe(
            Self.gas + """
                ---
                pack: site/gas
                extends: hazchem/gas
                alarms: [{name: vote, degraded: {one_bad: 2oo2}}]
                """)
        #expect(probe.findings == [])
        let rule = probe.rule("site/gas/vote")
        #expect(rule?.degraded == [DegradedVote(out: 1, policy: .needs(2, of: 2))])
        #expect(probe.rule("site/gas/vote-out") == nil)
    }

    @Test("Alarms of one label supersede each other")
    func chain() {
        let more = """
              - name: wide
                per: area
                supersedes: [vote]
                when: votes(value >= limit.H, of="{area}/lel/+") >= 4
                priority: critical
                action: Go
            """
        let probe = PackProbe(Self.gas + more)
        #expect(probe.findings == [])
        #expect(probe.pack("hazchem/gas")?.chains == [[0, 1], [2], [3], [4], [5]])
    }

    // MARK: Calculated streams

    static let residual = """
        pack: site/feeder
        match: "{line}/feeder/{id}"
        unit: mA
        limits: {offset: 3 mA}
        define:
          - stream: "{line}/net/{id}"
            unit: A
            value: value - limit.offset - stream("{line}/leak/{id}")
          - stream: "{line}/worst"
            unit: mA
            per: line
            value: max_of(value, of="{line}/feeder/+")
        ---
        pack: site/leak
        match: "{line}/leak/{id}"
        unit: µA
        alarms:
          - {name: big, class: supervisory, when: value > 2 mA, clear_when: value < 1 mA}
        ---
        pack: site/net
        match: "{line}/net/{id}"
        unit: mA
        alarms:
          - name: H
            when: value > 30 mA and stream("{line}/worst") > 1 A
            deadband: 1 mA
            priority: high
            action: Go

        """

    @Test("A calculated stream has a unit, a program, references and a label")
    func definitions() throws {
        let probe = PackProbe(Self.residual)
        #expect(probe.findings == [])
        let pack = try #require(probe.pack("site/feeder"))
        let (milli, micro, ampere) = (
            UnitTable.standard.find("mA"), UnitTable.standard.find("µA"),
            UnitTable.standard.find("A")
        )
        #expect(pack.calculated.map(\.name.text) == ["{line}/net/{id}", "{line}/worst"])
        #expect(pack.calculated.map(\.unit) == [ampere, milli])
        #expect(pack.calculated.map(\.per) == [nil, "line"])
        let net = pack.calculated[0]
        #expect(net.references.map(\.unit) == [micro])
        #expect(
            net.program.instructions == [
                .value, .limit(0), .subtract, .reference(0), .constant(0.001), .multiply, .subtract,
                .constant(0.001), .multiply,
            ])
        #expect(net.text == "value - limit.offset - stream(\"{line}/leak/{id}\")")
        #expect(pack.calculated[1].program.instructions == [.group(0, .greatest)])
        #expect(pack.groups.map(\.pattern.text) == ["{line}/feeder/+"])
        #expect(!pack.groups[0].isCondition)
    }

    @Test("Other packs know the unit of a calculated stream")
    func catalog() throws {
        let probe = PackProbe(Self.residual)
        let rule = try #require(probe.rule("site/net/H"))
        #expect(rule.references.map(\.unit) == [UnitTable.standard.find("mA")])
        #expect(rule.condition?.instructions.contains(.constant(1000)) == true)
    }

    @Test("Definitions are merged by their stream's name, and base and extension do not collide")
    func mergedDefinitions() throws {
        let probe = PackProbe(
            Self.residual + """
                ---
                pack: plant/feeder
                extends: site/feeder
                match: "hall-2/feeder/{id}"
                define:
                  - {stream: "{line}/net/{id}", unit: mA, value: value}
                  - {stream: "hall-2/extra/{id}", unit: mA, value: value * 2}
                """)
        #expect(
            probe.errors == [
                "11:10 error: `match` has no label `line`",
                "34:16 error: `match` has no label `line`",
            ])
        let fitting = PackProbe(
            Self.residual + """
                ---
                pack: plant/feeder
                extends: site/feeder
                limits: {offset: 5 mA}
                define:
                  - {stream: "{line}/net/{id}", unit: mA, value: value}
                  - {stream: "{line}/extra/{id}", unit: mA, value: value * 2}
                """)
        #expect(fitting.findings == [])
        let pack = try #require(fitting.pack("plant/feeder"))
        #expect(
            pack.calculated.map(\.name.text) == [
                "{line}/net/{id}", "{line}/worst", "{line}/extra/{id}",
            ])
        #expect(pack.calculated[0].program.instructions == [.value])
    }

    @Test("Two packs that define one stream, and a circle over packs, are errors")
    func acrossPacks() {
        func pack(_ name: String, _ stream: String, _ value: String) -> String {
            """
            pack: \(name)
            match: "{line}/\(name)/{id}"
            unit: mA
            define: [{stream: "\(stream)", unit: mA, value: '\(value)'}]

            """
        }
        let twice = PackProbe(
            pack("a", "{line}/net/{id}", "value"), pack("b", "{line}/net/{x}", "value"))
        #expect(
            twice.errors == ["p2.yaml:4:32 error: `match` has no label `x`"])
        let same = PackProbe(
            pack("a", "{line}/net/{id}", "value"), pack("b", "{line}/net/{id}", "value"))
        #expect(
            same.errors == [
                "p2.yaml:4:19 error: the stream `{line}/net/{id}` is defined twice"
            ])
        let near = PackProbe(
            pack("a", "{line}/x/{id}/1", "value"), pack("b", "{line}/{id}/y/1", "value"))
        #expect(
            near.errors == [
                "p2.yaml:4:19 error: `{line}/{id}/y/1` and `{line}/x/{id}/1` can be the same stream"
            ])
        let circle = PackProbe(
            pack("a", "{line}/b/{id}", "value"), pack("b", "{line}/c/{id}", "value"),
            pack("c", "{line}/a/{id}", "value"))
        #expect(
            circle.errors == [
                "4:19 error: calculated streams are computed from each other in a circle: "
                    + "`{line}/b/{id}` from `{line}/a/{id}` from `{line}/c/{id}` from "
                    + "`{line}/b/{id}`"
            ])
    }

    @Test("An inventory need not list calculated streams")
    func inventory() {
        let probe = PackProbe(
            Self.residual, inventory: "stream,unit\nl1/feeder/1,mA\nl1/leak/1,mA\n")
        #expect(probe.findings == [])
        let missing = PackProbe(Self.residual, inventory: "stream,unit\nl1/feeder/1,mA\n")
        #expect(missing.warnings.count == 1)
        #expect(
            missing.warnings[0].hasSuffix("the pack `site/leak` matches no stream of the inventory")
        )
    }
}
