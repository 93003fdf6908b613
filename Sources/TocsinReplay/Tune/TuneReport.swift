import TocsinEngine
import TocsinModel
import TocsinRules

/// How a rule did on a stream with one value changed, beside how it did before.
struct TuneTrial: Sendable {
    /// As the engineer would write it, with its unit.
    var value: String
    var after: RestFigures
    var delays: EpisodeDelays
    /// The alarm that used to clear stood to the end of the recording.
    var isStuck: Bool
}

/// What came of trying to quieten an alarm in one way.
enum TuneOutcome: Sendable {
    /// The smallest value that leaves no chattering.
    case proposed(TuneTrial)
    /// The smallest value that leaves no chattering, but delays an incident; `by` nil = misses it.
    case bound(TuneTrial, incident: String, by: Span?)
    /// The largest value tried, which is not enough.
    case insufficient(TuneTrial)
    /// Nothing was tried, and why.
    case refused(String)
}

/// One way to quieten an alarm.
struct TuneProposal: Sendable {
    var kind: TuneKind
    /// What is in force.
    var present: String
    var outcome: TuneOutcome
    /// The line to write, and where the present one stands (`path:line`); nil without a proposal.
    var line: String?
    var place: String?
}

/// A rule that is restless on a stream, and what would quieten it.
struct TunedAlarm: Sendable {
    var rule: String
    /// The stream, or the group.
    var on: String
    var before: RestFigures
    /// Standard deviation outside of alarms, in `unit`.
    var noise: Double?
    var quietSamples: Int
    var unit: String?
    /// In the order of `TuneKind`.
    var proposals: [TuneProposal]
}

/// All of `tocsin tune`: measured, never edited.
package struct TuneReport: Sendable {
    var start: Timestamp
    var end: Timestamp
    var alarms: [TunedAlarm] = []
    /// Passes over the feeds.
    package var runs = 0
    /// Values that the bound on the number of runs left untried.
    var untried = 0
    /// Restless alarms beyond `TuneRun.alarmsMax`.
    var omitted = 0
    /// Golden incidents that the rules as they are catch, and those that they miss; nil without a
    /// golden file.
    var golden: (caught: Int, missed: Int)?
    /// Findings about the rules.
    package var warnings = ""
}
