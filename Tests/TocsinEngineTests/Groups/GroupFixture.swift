import TocsinEngine
import TocsinModel

/// The contract's area vote, made by hand: two of the area's detectors at H or above, no delays.
enum GroupFixture {
    static let area = "cold-store"
    /// Room for few streams: tests make thousands of engines.
    static let small = EngineOptions(streamsMax: 16)

    static func stream(_ id: String) -> String { "\(area)/hazchem/lel/\(id)" }

    /// `value >= limit.H` of every detector of the area, with a deadband of 2 %LEL.
    static func group(_ pattern: String = "{area}/hazchem/lel/+") throws -> GroupDefinition {
        GroupDefinition(
            pattern: try StreamPattern(pattern),
            member: Program(
                instructions: [
                    .value, .limit(0),
                    .compare(.greaterOrEqual, subject: .ownValue, memory: 0),
                ], stackDepth: 2),
            isCondition: true, deadbands: [.number(2, unit: nil)], text: "value >= limit.H")
    }

    static func number() throws -> GroupDefinition {
        GroupDefinition(
            pattern: try StreamPattern("{area}/hazchem/lel/+"),
            member: Program(instructions: [.value], stackDepth: 1), isCondition: false,
            text: "value")
    }

    static func vote(
        _ wanted: Double = 2, degraded: [DegradedVote] = [],
        adjusting adjust: (inout Rule) -> Void = { _ in }
    ) -> Rule {
        var rule = Rule(
            name: "hazchem/gas/area-vote", shortName: "area-vote", trigger: .condition,
            alarmClass: .alarm, priority: .critical)
        rule.condition = Program(
            instructions: [.votes(0, .greaterOrEqual, wanted)], stackDepth: 1)
        rule.conditionText =
            "votes(value >= limit.H, of=\"{area}/hazchem/lel/+\") >= \(Int(wanted))"
        rule.meaning = rule.conditionText
        rule.per = "area"
        rule.degraded = degraded
        rule.action = "Treat as a release in the area"
        adjust(&rule)
        return rule
    }

    static func outRule() -> Rule {
        var rule = Rule(
            name: "hazchem/gas/area-vote-out", shortName: "area-vote-out", trigger: .voteOut,
            alarmClass: .trouble, priority: .high)
        rule.meaning = "vote out"
        return rule
    }

    /// The policy of the contract's example.
    static let declared = [
        DegradedVote(out: 1, policy: .needs(1, of: 2)),
        DegradedVote(out: 2, policy: .needs(1, of: 1)),
        DegradedVote(out: .max, policy: .trouble),
    ]

    /// The gas pack without its own level alarms, with these rules in front.
    static func pack(
        _ rules: [Rule], groups: [GroupDefinition], troubles: Bool = false
    ) throws -> Pack {
        var pack = try GasFixture.pack()
        pack.rules = rules + (troubles ? Array(pack.rules[2...]) : [])
        pack.chains = pack.rules.indices.map { [$0] }
        pack.groups = groups
        pack.latchesOver = false
        return pack
    }

    static func pack(
        _ wanted: Double = 2, degraded: [DegradedVote] = [], troubles: Bool = false,
        adjusting adjust: (inout Rule) -> Void = { _ in }
    ) throws -> Pack {
        var rules = [vote(wanted, degraded: degraded, adjusting: adjust)]
        if degraded.contains(where: { $0.policy == .trouble }) { rules.append(outRule()) }
        return try pack(rules, groups: [group()], troubles: troubles)
    }
}

extension GasFixture {
    /// Feeds a detector of the fixture's area.
    mutating func feed(
        _ value: Double, _ id: String, at seconds: Double, quality: Quality = .good
    ) {
        feed(value, at: seconds, stream: GroupFixture.stream(id), quality: quality)
    }

    /// The alarms' events only, with the group's or stream's name.
    var alarmStory: [String] {
        events.compactMap { event in
            guard let rule = event.ruleDefinition, let binding = event.binding else { return nil }
            let seconds = Double((event.time - GasFixture.start).milliseconds) / 1000
            return "\(event.kind.word) \(rule.shortName) \(binding.stream) "
                + JSONMembers.shortest(seconds)
        }
    }

    /// The event's line as replay writes it.
    static func line(_ event: Event) -> String {
        String(decoding: EventLine.replayLine(of: event, seq: 1), as: UTF8.self)
    }
}
