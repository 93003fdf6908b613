import TocsinEngine
import TocsinModel

/// A combustible-gas pack made by hand: H 25 and HH 50 %LEL, on-delay 3 s, off-delay 10 s,
/// deadband 2 %LEL, latched, stale after 3 s; and an engine that is fed one sample after another.
struct GasFixture {
    var pipeline: Pipeline
    var events: [Event] = []
    static let stream = "east/hazchem/lel/2"
    static let start = Timestamp(milliseconds: 1_700_000_000_000)

    static func unit(_ symbol: String) -> UnitIndex {
        guard let unit = UnitTable.standard.find(symbol) else {
            preconditionFailure("unit \(symbol) is in the table")
        }
        return unit
    }

    static func pack(adjusting adjust: (inout Rule) -> Void = { _ in }) throws -> Pack {
        var pack = Pack(
            name: "hazchem/gas", domain: "hazchem",
            pattern: try StreamPattern("{area}/hazchem/lel/{id}"))
        pack.unit = unit("%LEL")
        pack.span = ValueRange(low: 0, high: 100)
        pack.fault = ValueRange(low: -10, high: 200)
        pack.cadence = .every(.seconds(1))
        pack.staleAfter = .seconds(3)
        pack.latchesOver = true
        pack.scale = "site-risk-4"
        pack.limits = [
            LimitDefinition(name: "H", value: .number(25, unit: nil)),
            LimitDefinition(name: "HH", value: .number(50, unit: nil)),
        ]
        for (position, level) in [("H", Priority.high), ("HH", .critical)].enumerated() {
            var rule = Rule(
                name: "hazchem/gas/\(level.0)", shortName: level.0, trigger: .condition,
                alarmClass: .alarm, priority: level.1)
            rule.condition = Program(
                instructions: [
                    .value, .limit(UInt16(position)),
                    .compare(.greaterOrEqual, subject: .ownValue, memory: 0),
                ], stackDepth: 2)
            rule.conditionText = "value >= limit.\(level.0)"
            rule.meaning = rule.conditionText
            rule.deadbands = [.number(2, unit: nil)]
            rule.onDelay = .seconds(3)
            rule.offDelay = .seconds(10)
            rule.latch = true
            rule.limit = position
            rule.direction = .high
            rule.action = "Evacuate"
            adjust(&rule)
            pack.rules.append(rule)
        }
        for (name, trigger) in [("stale", Trigger.stale), ("bad", .bad), ("clock", .clock)] {
            pack.rules.append(
                Rule(
                    name: "hazchem/gas/\(name)", shortName: name, trigger: trigger,
                    alarmClass: .trouble, priority: .medium))
        }
        pack.chains = [[0, 1], [2], [3], [4]]
        return pack
    }

    init(
        _ packs: [Pack], listings: [StreamListing] = [], options: EngineOptions = EngineOptions()
    ) {
        let set = RuleSet(
            site: Site(id: "test-site"), packs: packs, listings: listings,
            hasInventory: !listings.isEmpty, options: options)
        pipeline = Pipeline(ruleSet: set, start: GasFixture.start)
    }

    static func at(_ seconds: Double) -> Timestamp {
        start + Span(milliseconds: Int64(seconds * 1000))
    }

    /// One sample at `seconds` after the start, arriving `delay` later.
    mutating func feed(
        _ value: Double, at seconds: Double, delay: Double = 0, stream: String = GasFixture.stream,
        quality: Quality = .good, flags: SampleFlags = []
    ) {
        let observation = Observation(
            value: .number(value), time: GasFixture.at(seconds), quality: quality, flags: flags)
        pipeline.accept(
            observation, stream: stream, arrival: GasFixture.at(seconds + delay),
            appendingTo: &events)
    }

    mutating func tick(_ seconds: Double) {
        pipeline.step(.tick, arrival: GasFixture.at(seconds), appendingTo: &events)
    }

    mutating func command(
        _ verb: AlarmCommand.Verb, rule: String = "H", at seconds: Double, confirms: Bool = false
    ) -> CommandOutcome {
        guard let alarm = pipeline.engine.alarm(ofRule: rule, stream: GasFixture.stream) else {
            return .unknownAlarm
        }
        return pipeline.execute(
            AlarmCommand(
                verb: verb, alarm: alarm, by: "Li Wei", reason: "test", confirmsOverRange: confirms),
            arrival: GasFixture.at(seconds), appendingTo: &events)
    }

    /// `event RULE second` for each event so far.
    var story: [String] {
        events.map { event in
            let seconds = Double((event.time - GasFixture.start).milliseconds) / 1000
            let rule = event.ruleDefinition?.shortName ?? "-"
            return "\(event.kind.word) \(rule) \(JSONMembers.shortest(seconds))"
        }
    }
}
