import TocsinEngine
import TocsinModel

/// The rules that every pack has unasked: silence, bad quality, an unusable clock (contract §7).
///
/// `trouble:` says their priority (default `medium`: someone must look at a sensor, but no process
/// is in danger), action, title and delays; they never latch unless told to. The stale rule is
/// there also without `every`, because a row of the inventory may bring one.
struct TroubleRules {
    let outline: PackOutline
    let diagnostics: DiagnosticList

    private static let kinds: [(name: String, trigger: Trigger, action: String)] = [
        ("stale", .stale, "Check the sensor's power, wiring and communication"),
        ("bad", .bad, "Check the sensor: it reports a fault or a value outside its range"),
        ("clock", .clock, "Set the sensor's clock"),
    ]

    func rules() -> [Rule] {
        var shared = Rule(
            name: "", shortName: "", trigger: .stale, alarmClass: .trouble, priority: .medium)
        if let node = outline.merged.node["trouble"],
            var reader = MappingReader(node, name: "`trouble`", reporting: diagnostics)
        {
            read(&reader, &shared)
            reader.finish()
        }
        return TroubleRules.kinds.map { kind in
            var rule = shared
            rule.name = "\(outline.pack.name)/\(kind.name)"
            rule.shortName = kind.name
            rule.trigger = kind.trigger
            rule.conditionText = kind.name
            rule.action = shared.action ?? kind.action
            rule.meaning = RuleMeaning.text(of: rule)
            return rule
        }
    }

    private func read(_ reader: inout MappingReader, _ rule: inout Rule) {
        let words = Priority.allCases.reversed().map(\.word)
        if let priority = reader.word("priority", among: words).flatMap({ Priority(word: $0) }) {
            rule.priority = priority
        }
        rule.title = reader.string("title")
        rule.cause = reader.string("cause")
        rule.consequence = reader.string("consequence")
        rule.action = reader.string("action")
        rule.latch = reader.bool("latch") ?? false
        let bounds = Span.zero...RuleReader.delayMax
        rule.onDelay = reader.duration("on_delay", in: bounds) ?? .zero
        rule.offDelay = reader.duration("off_delay", in: bounds) ?? .zero
        rule.respondWithin = reader.duration(
            "respond_within", in: .seconds(1)...RuleReader.delayMax)
        rule.level = RuleReader(outline: outline, diagnostics: diagnostics).readLevel(&reader)
    }
}
