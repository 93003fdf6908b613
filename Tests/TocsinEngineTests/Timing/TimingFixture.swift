import TocsinEngine
import TocsinModel

/// The gas pack without delays, troubles and over-range, and a stream that says whether the plant
/// produces: `unless: stream("{area}/plant/production") < 1`.
enum TimingFixture {
    static let production = "east/plant/production"

    static func pack(adjusting adjust: (inout Rule) -> Void = { _ in }) throws -> Pack {
        var pack = try GasFixture.pack { rule in
            rule.onDelay = .zero
            rule.offDelay = .zero
            rule.latch = false
            adjust(&rule)
        }
        pack.rules.removeLast(3)
        pack.chains = [[0, 1]]
        pack.latchesOver = false
        pack.staleAfter = nil
        return pack
    }

    /// The plant stands still, and that is why this rule is suppressed.
    static func suppress(_ rule: inout Rule) throws {
        rule.references = [
            ReferenceDefinition(
                pattern: try StreamPattern("{area}/plant/production"), unit: nil, stateNames: [])
        ]
        rule.unless = Program(
            instructions: [
                .reference(0), .constant(1),
                .compare(.less, subject: .reference(0), memory: Program.noMemory),
            ], stackDepth: 2)
        rule.unlessText = "stream(\"{area}/plant/production\") < 1"
    }

    static func suppressible(
        latch: Bool = false, adjusting adjust: (inout Rule) -> Void = { _ in }
    ) throws -> Pack {
        var pack = try pack { $0.latch = latch }
        for rule in pack.rules.indices {
            try suppress(&pack.rules[rule])
            adjust(&pack.rules[rule])
        }
        return pack
    }
}

extension GasFixture {
    /// The plant produces (1) or stands still (0).
    mutating func produce(_ value: Double, at seconds: Double) {
        feed(value, at: seconds, stream: TimingFixture.production)
    }

    mutating func reload(_ packs: [Pack], at seconds: Double, utcOffsetMinutes: Int = 0) {
        let set = RuleSet(
            site: Site(id: "test-site", utcOffsetMinutes: utcOffsetMinutes), packs: packs)
        pipeline.step(.reload(set), arrival: GasFixture.at(seconds), appendingTo: &events)
    }

    var state: AlarmState? {
        pipeline.engine.state(ofRule: "H", stream: GasFixture.stream)
    }

    /// Of the alarm, where it is not normal.
    var suppression: Suppression? { pipeline.engine.standingAlarms().first?.suppression }

    /// What was said of alarms, without the second.
    var said: [String] {
        events.compactMap { event in
            event.ruleDefinition.map { "\(event.kind.word) \($0.shortName)" }
        }
    }
}
