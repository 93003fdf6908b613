package import TocsinEngine
package import TocsinModel
import TocsinRules

/// An alarm of one run: the rule, whose it is, and when it was raised or escalated to.
package struct MutationAlarm: Sendable, Hashable {
    package var rule: String
    /// The stream, or the group.
    package var place: String
}

/// What one perturbation did to the rules.
package struct MutationResult: Sendable {
    package enum Effect: Sendable, Equatable {
        /// The alarm did not come; `announced`: trouble was raised for the stream instead.
        case missed(announced: Bool)
        case later(Span)
        case earlier(Span)
        /// An alarm that the undisturbed scenario does not raise.
        case falseAlarm(at: Timestamp)
    }

    package var perturbation: Perturbation
    package var stream: String
    package var begin: Timestamp
    /// It was done before an alarm, not in quiet.
    package var isInExcursion: Bool
    /// What changed, in order of rules and places; empty = every rule did as before.
    package var effects: [(alarm: MutationAlarm, effect: Effect)]
    /// Alarms that came as before.
    package var kept: Int
    /// The troubles that were raised for the stream.
    package var troubles: [String]
}

/// All of `tocsin mutate`.
package struct MutationReport: Sendable {
    package var scenario: Scenario
    package var results: [MutationResult]
    /// Rules that neither the scenario nor any perturbation raised: this scenario proves nothing of
    /// them.
    package var untouched: [String]
    /// Streams left out by the limit.
    package var omittedStreams: Int
    /// Expectations of the undisturbed scenario that fail.
    package var baselineFailures: [ScenarioFailure]
}

/// Perturbs a scenario, one stream and one way at a time, and holds what its rules do against the
/// undisturbed run.
package enum MutationRun {
    /// A change of time of no more than so many samples is none.
    static let toleranceSamples: Int64 = 1

    package static func run(
        _ scenario: Scenario, ruleSet: RuleSet, perturbations: [Perturbation],
        streamsMax: Int
    ) throws(FeedError) -> MutationReport {
        let items = try ScenarioRun.items(of: scenario)
        let baseline = ScenarioRun.run(scenario, ruleSet: ruleSet, items: items)
        let before = Raises(baseline.events)
        let survey = StreamSurvey(items, scenario: scenario, ruleSet: ruleSet, before)
        let chosen = survey.streams.prefix(streamsMax)
        var results: [MutationResult] = []
        var raised = baseline.raisedRules
        for stream in chosen {
            for perturbation in perturbations {
                let mutated = perturbation.applied(to: items, stream)
                let outcome = ScenarioRun.run(scenario, ruleSet: ruleSet, items: mutated)
                raised.formUnion(outcome.raisedRules)
                results.append(
                    compare(before, Raises(outcome.events), perturbation, stream))
            }
        }
        let rules = ruleSet.packs.flatMap(\.rules).filter { $0.trigger == .condition }
        return MutationReport(
            scenario: scenario, results: results,
            untouched: rules.map(\.name).filter { !raised.contains($0) }.sorted(),
            omittedStreams: survey.streams.count - chosen.count,
            baselineFailures: baseline.failures)
    }

    private static func compare(
        _ before: Raises, _ after: Raises, _ perturbation: Perturbation, _ stream: PerturbedStream
    ) -> MutationResult {
        var result = MutationResult(
            perturbation: perturbation, stream: stream.name, begin: stream.begin,
            isInExcursion: stream.isInExcursion, effects: [], kept: 0,
            troubles: after.troubles(of: stream.name, beyond: before))
        let tolerance = stream.period * toleranceSamples
        for alarm in Set(before.times.keys).union(after.times.keys).sorted(by: Raises.order) {
            let was = before.times[alarm] ?? []
            let now = after.times[alarm] ?? []
            if now.count < was.count {
                let isAnnounced = !result.troubles.isEmpty
                result.effects.append((alarm, .missed(announced: isAnnounced)))
            } else if now.count > was.count {
                let extra = now.first { time in !was.contains(time) } ?? now[now.count - 1]
                result.effects.append((alarm, .falseAlarm(at: extra)))
            } else if let moved = zip(was, now).map({ $1 - $0 }).first(where: {
                abs($0.milliseconds) > tolerance
            }) {
                let isLater = moved > .zero
                let span = Span(milliseconds: abs(moved.milliseconds))
                result.effects.append((alarm, isLater ? .later(span) : .earlier(span)))
            } else {
                result.kept += 1
            }
        }
        return result
    }
}

/// When each alarm of a run was raised or escalated to; troubles apart.
struct Raises {
    private(set) var times: [MutationAlarm: [Timestamp]] = [:]
    private var troubleTimes: [MutationAlarm: Int] = [:]

    init(_ events: [Event]) {
        for event in events where event.kind == .raised || event.kind == .escalated {
            guard let rule = event.ruleDefinition, let binding = event.binding else { continue }
            let alarm = MutationAlarm(rule: rule.name, place: binding.stream)
            if rule.alarmClass == .trouble {
                troubleTimes[alarm, default: 0] += 1
            } else {
                times[alarm, default: []].append(event.time)
            }
        }
    }

    /// The troubles of a stream that the other run has not, or has fewer of.
    func troubles(of stream: String, beyond other: Raises) -> [String] {
        troubleTimes.filter { alarm, count in
            alarm.place == stream && count > other.troubleTimes[alarm] ?? 0
        }.map(\.key.rule).sorted()
    }

    static func order(_ a: MutationAlarm, _ b: MutationAlarm) -> Bool {
        (a.rule, a.place) < (b.rule, b.place)
    }
}
