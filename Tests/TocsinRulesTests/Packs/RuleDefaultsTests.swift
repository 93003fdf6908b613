import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("What rules get without being told")
struct RuleDefaultsTests {
    static func pack(
        _ name: String, _ keys: String, rule: String = "priority: high", deadband: String = "1"
    ) -> String {
        """
        pack: \(name)
        match: "{area}/x/{id}"
        \(keys)
        limits: {H: 25}
        defaults: {deadband: \(deadband)}
        ladder: {H: {\(rule), action: Go}}
        """
    }

    @Test(
        "Alarms of gas, flame and fire latch from priority high on",
        arguments: [
            ("hazchem/lel", "unit: \"%LEL\"", "priority: high", true),
            ("hazchem/lel", "unit: \"%LEL\"", "priority: critical", true),
            ("hazchem/lel", "unit: \"%LEL\"", "priority: medium", false),
            ("hazchem/lel", "unit: \"%LEL\"", "priority: high, latch: false", false),
            ("hazchem/lel", "unit: \"%LEL\"", "priority: high, class: supervisory", false),
            ("hazchem/nh3", "unit: ppm", "priority: high", true),
            ("hazchem/h2s", "unit: mg/m3", "priority: high", true),
            ("dust/cloud", "unit: mg/m3", "priority: high", false),
            ("dust/co", "{unit: ppm}", "priority: high", true),
            ("dust/spark", "unit: /min", "priority: high", true),
            ("fire/heat", "unit: °C", "priority: high", true),
            ("plant/heat", "unit: °C\ndomain: fire", "priority: high", true),
            ("plant/heat", "unit: °C", "priority: critical", false),
        ])
    func latch(_ name: String, _ keys: String, _ rule: String, _ expected: Bool) throws {
        let plain = keys.hasPrefix("{") ? String(keys.dropFirst().dropLast()) : keys
        let probe = PackProbe(Self.pack(name, plain, rule: rule))
        #expect(probe.errors == [])
        #expect(try #require(probe.rule("\(name)/H")).latch == expected)
    }

    @Test("Over-range latches on combustible gas only")
    func over() {
        let units = [("\"%LEL\"", true), ("LEL·m", true), ("ppm", false), ("°C", false)]
        for (unit, latches) in units {
            let probe = PackProbe(Self.pack("a/b", "unit: \(unit)"))
            #expect(probe.pack("a/b")?.latchesOver == latches, "\(unit)")
        }
    }

    @Test("A deadband is a width in a unit or a share of the span, for all limits or for each")
    func deadbands() throws {
        let kelvin = try #require(UnitTable.standard.find("K"))
        let text = """
            pack: a/b
            match: x/{id}
            unit: °C
            span: [0, 100]
            limits: {L: 5 °C, H: 70 °C, HH: 80 °C}
            defaults: {deadband: {H: 2 K, HH: 3 % of span}}
            ladder:
              HH: {priority: high, action: Go}
              H: {priority: high, action: Go, deadband: 4 °C}
              L: {priority: low, action: Go}
            alarms:
              - name: band
                class: early-warning
                when: value >= limit.H or value <= limit.L or value > limit.HH
              - name: own
                class: early-warning
                when: value >= 60
                clear_when: value < 50

            """
        let probe = PackProbe(text)
        #expect(probe.findings == [])
        func bands(_ name: String) -> [Quantity]? { probe.rule("a/b/\(name)")?.deadbands }
        #expect(bands("HH") == [.percentOfSpan(3)])
        #expect(bands("H") == [.number(4, unit: nil)])
        #expect(bands("L") == [.number(0, unit: nil)])
        #expect(
            bands("band") == [.number(2, unit: kelvin), .number(0, unit: nil), .percentOfSpan(3)])
    }

    @Test("A comparison is turned so that truth lies where the value grows or falls")
    func orientation() throws {
        let text = """
            pack: a/b
            match: x/{id}
            unit: °C
            limits: {H: 70 °C}
            defaults: {deadband: 1 °C}
            alarms:
              - {name: left, class: supervisory, when: value > limit.H}
              - {name: right, class: supervisory, when: limit.H < value}
              - {name: low, class: supervisory, when: limit.H >= value}
              - {name: equal, class: supervisory, when: value == 3}

            """
        let probe = PackProbe(text)
        #expect(probe.findings == [])
        func last(_ name: String) -> Instruction? {
            probe.rule("a/b/\(name)")?.condition?.instructions.last
        }
        #expect(last("left") == .compare(.greater, subject: .ownValue, memory: 0))
        #expect(last("right") == .compare(.greater, subject: .ownValue, memory: 0))
        #expect(last("low") == .compare(.lessOrEqual, subject: .ownValue, memory: 0))
        #expect(last("equal") == .compare(.equal, subject: .expression, memory: Program.noMemory))
        #expect(probe.rule("a/b/right")?.direction == .high)
        #expect(probe.rule("a/b/low")?.direction == .low)
    }

    @Test("Ladders and `supersedes` make chains, lowest first")
    func chains() throws {
        let text = """
            pack: a/b
            match: x/{id}
            unit: m
            limits: {LL: 1, L: 2, H: 3, HH: 4, HHH: 5}
            defaults: {deadband: 0.1 m}
            ladder:
              HHH: {priority: critical, action: Go}
              L: {priority: low, action: Go}
              H: {priority: low, action: Go}
              LL: {priority: high, action: Go}
              HH: {priority: high, action: Go}
            alarms:
              - {name: top, when: over, supersedes: HHH, priority: critical, action: Go}
              - {name: other, when: under, priority: low, action: Go}

            """
        let probe = PackProbe(text)
        #expect(probe.findings == [])
        let pack = try #require(probe.pack("a/b"))
        let names = pack.chains.map { $0.map { pack.rules[$0].shortName } }
        #expect(
            names == [
                ["H", "HH", "HHH", "top"], ["L", "LL"], ["other"], ["stale"], ["bad"], ["clock"],
            ])
    }

    @Test("Circles of superseding and falling priorities are found")
    func circles() {
        let head = "pack: a/b\nmatch: x/{id}\nunit: m\nalarms:\n"
        #expect(
            PackProbe(
                head + "  - {name: p, class: trouble, when: over, supersedes: q}\n"
                    + "  - {name: q, class: trouble, when: under, supersedes: p}\n"
            ).findings == ["5:55 error: alarms supersede each other in a circle: p, q"])
        #expect(
            PackProbe(
                head + "  - {name: p, class: trouble, when: over, priority: high}\n"
                    + "  - {name: q, class: trouble, when: under, supersedes: p, priority: low}\n"
            ).findings == ["6:59 warning: `q` supersedes `p` but has a lower priority"])
    }

    @Test("An early warning stays below the pack's alarms")
    func earlyWarning() {
        let probe = PackProbe(
            Self.pack("a/b", "unit: m").replacing(
                "ladder:",
                with: "alarms:\n"
                    + "  - {name: w, class: early-warning, when: over, priority: critical}\nladder:"
            ))
        #expect(
            probe.findings == [
                "7:49 warning: the early warning `w` is set to `medium`, below the pack's alarms"
            ])
        #expect(probe.rule("a/b/w")?.priority == .medium)
    }
}
