import TocsinEngine
import TocsinModel

/// What must stay the same for an alarm to keep its state over a reload.
enum RuleMeaning {
    /// Trigger, condition, the streams it asks, `clear_when`, `unless` (with `schedule`), `per`,
    /// `degraded` and `n_of_m`, a line each: what decides whether there is an alarm at all. The
    /// limits' numbers, deadbands, delays, `min_hold` and `re_alarm` are not in it: they are
    /// tunings, changed while an alarm stands.
    static func text(of rule: Rule, clearWhen: String? = nil, unless: String? = nil) -> String {
        var lines = ["trigger \(word(for: rule.trigger))"]
        if !rule.conditionText.isEmpty { lines.append("when \(rule.conditionText)") }
        for reference in rule.references {
            let unit = reference.unit.map { " in \(UnitTable.standard[$0].symbol)" } ?? ""
            let states = reference.stateNames.map { " is \($0)" }.joined()
            lines.append("stream \(reference.pattern.text)\(unit)\(states)")
        }
        if let clearWhen { lines.append("clear_when \(clearWhen)") }
        if let unless { lines.append("unless \(unless)") }
        if let per = rule.per { lines.append("per \(per)") }
        for vote in rule.degraded { lines.append("degraded \(text(of: vote))") }
        if let vote = rule.sampleVote { lines.append("n_of_m \(vote.needed) of \(vote.of)") }
        return lines.joined(separator: "\n")
    }

    private static func text(of vote: DegradedVote) -> String {
        let out = vote.out == .max ? "all" : "\(vote.out)"
        return switch vote.policy {
        case .needs(let needed, let of): "\(out) \(needed)oo\(of)"
        case .trouble: "\(out) trouble"
        }
    }

    private static func word(for trigger: Trigger) -> String {
        switch trigger {
        case .condition: "condition"
        case .stale: "stale"
        case .bad: "bad"
        case .clock: "clock"
        case .voteOut: "vote-out"
        }
    }
}
