import TocsinEngine

/// A rule with its places, on the way from text to `Rule`.
struct DraftRule {
    var rule: Rule
    /// Where its name stands: messages about the rule as a whole point here.
    var place: SourceRange
    /// The condition's text; nil where it was missing, and reported.
    var when: YAMLText?
    var clearWhen: YAMLText?
    /// While this is true the alarm is suppressed by design.
    var unless: YAMLText?
    /// Outside of all of these it is suppressed too; empty = it is always in force.
    var schedules: [Schedule] = []
    /// The step's limit; nil for a rule under `alarms`.
    var ladderLimit: String?
    var deadband: DeadbandSetting
    /// The deadband is the rule's own, not one of `defaults`.
    var hasOwnDeadband: Bool
    var supersedes: [YAMLText]
    var priorityPlace: SourceRange?
    var onDelayPlace: SourceRange?
    var sampleVotePlace: SourceRange?
    var perPlace: SourceRange?
    /// `degraded:` in the order of members out; `rule.degraded` without the places.
    var degraded: [DegradedEntry] = []
    var degradedPlace: SourceRange?

    var name: String { rule.shortName }

    /// A vote that cannot be taken is trouble: it has the rule `PACK/NAME-out`.
    var troubleName: String? {
        let hasTrouble = rule.degraded.contains { $0.policy == .trouble }
        return hasTrouble ? "\(name)-out" : nil
    }
}
