import TocsinDecode
import TocsinEngine
import TocsinIngest
import TocsinModel

/// The pack of `rules/gas.yaml`, compiled by hand: H 25 and HH 50 %LEL, on-delay 3 s, off-delay
/// 10 s, deadband 2 %LEL, latched, and the three trouble rules.
enum GasPack {
    static func make() throws -> Pack {
        var pack = Pack(
            name: "bench/gas", domain: "bench",
            pattern: try StreamPattern("{area}/bench/lel/{id}"))
        pack.unit = UnitTable.standard.find("%LEL")
        pack.span = ValueRange(low: 0, high: 100)
        pack.fault = ValueRange(low: -10, high: 200)
        pack.cadence = .every(.seconds(1))
        pack.staleAfter = .seconds(3)
        pack.limits = [
            LimitDefinition(name: "H", value: .number(25, unit: nil)),
            LimitDefinition(name: "HH", value: .number(50, unit: nil)),
        ]
        pack.rules = [
            level("H", .high, limit: 0), level("HH", .critical, limit: 1),
            trouble("stale", .stale), trouble("bad", .bad), trouble("clock", .clock),
        ]
        pack.chains = [[0, 1], [2], [3], [4]]
        return pack
    }

    private static func level(_ name: String, _ priority: Priority, limit: Int) -> Rule {
        var rule = Rule(
            name: "bench/gas/\(name)", shortName: name, trigger: .condition, alarmClass: .alarm,
            priority: priority)
        rule.condition = Program(
            instructions: [
                .value, .limit(UInt16(limit)),
                .compare(.greaterOrEqual, subject: .ownValue, memory: 0),
            ], stackDepth: 2)
        rule.conditionText = "value >= limit.\(name)"
        rule.meaning = rule.conditionText
        rule.deadbands = [.number(2, unit: nil)]
        rule.onDelay = .seconds(3)
        rule.offDelay = .seconds(10)
        rule.latch = true
        rule.limit = limit
        rule.direction = .high
        rule.action = "Evacuate, isolate the source"
        return rule
    }

    private static func trouble(_ name: String, _ trigger: Trigger) -> Rule {
        Rule(
            name: "bench/gas/\(name)", shortName: name, trigger: trigger, alarmClass: .trouble,
            priority: .high)
    }

    static func decoders() throws -> [TopicDecoder] {
        let rule = DecodeRule(topics: "#", valueAt: ["/v"], timeAt: "/ts", unitAt: "/u")
        return [TopicDecoder(try PayloadDecoder(rule), testPrefix: "tocsin-test/")]
    }
}
