import TocsinEngine
import TocsinModel

/// The rules that every pack has unasked: silence, bad quality, an unusable clock (contract §7).
///
/// `trouble:` says their priority (default `medium`: someone must look at a sensor, but no process
/// is in danger), action, title and delays; they never latch unless told to. The stale rule is
/// there also without `every`, because a row of the inventory may bring one.
struct TroubleRules {
    private let outline: PackOutline
    private let diagnostics: DiagnosticList
    /// What all of them have.
    private let shared: Rule

    private static let kinds: [(name: String, trigger: Trigger, action: String)] = [
        ("stale", .stale, "Check the sensor's power, wiring and communication"),
        ("bad", .bad, "Check the sensor: it reports a fault or a value outside its range"),
        ("clock", .clock, "Set the sensor's clock"),
    ]
    private static let outAction =
        "Check the vote's sensors: too few of them answer for it to be taken"

    /// Reads `trouble:`; what is wrong there is reported.
    init(outline: PackOutline, reporting diagnostics: DiagnosticList) {
        self.outline = outline
        self.diagnostics = diagnostics
        var rule = Rule(
            name: "", shortName: "", trigger: .stale, alarmClass: .trouble, priority: .medium)
        if let node = outline.merged.node["trouble"],
            var reader = MappingReader(node, name: "`trouble`", reporting: diagnostics)
        {
            TroubleRules.read(
                &reader, &rule, RuleReader(outline: outline, diagnostics: diagnostics))
            reader.finish()
        }
        shared = rule
    }

    /// Those of every stream.
    var rules: [Rule] {
        TroubleRules.kinds.map { kind in
            rule(kind.name, kind.trigger, conditionText: kind.name, action: kind.action)
        }
    }

    /// `PACK/ALARM-out`: the vote of this alarm cannot be taken; nil where `degraded` does not make
    /// that trouble.
    func voteOut(of draft: DraftRule) -> Rule? {
        guard let name = draft.troubleName else { return nil }
        var result = rule(
            name, .voteOut, conditionText: "vote-out", action: TroubleRules.outAction)
        result.per = draft.rule.per
        result.meaning = RuleMeaning.text(of: result) + "\nof \(draft.rule.meaning)"
        return result
    }

    private func rule(
        _ name: String, _ trigger: Trigger, conditionText: String, action: String
    ) -> Rule {
        var rule = shared
        rule.name = "\(outline.pack.name)/\(name)"
        rule.shortName = name
        rule.trigger = trigger
        rule.conditionText = conditionText
        rule.action = shared.action ?? action
        rule.meaning = RuleMeaning.text(of: rule)
        return rule
    }

    private static func read(
        _ reader: inout MappingReader, _ rule: inout Rule, _ rules: RuleReader
    ) {
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
        rule.level = rules.readLevel(&reader)
    }
}
