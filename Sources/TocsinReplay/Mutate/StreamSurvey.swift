import TocsinEngine
import TocsinModel
import TocsinRules

/// Which streams of a scenario are perturbed, from when on and how far: those with an alarm shortly
/// before it, the others in the middle of their time.
struct StreamSurvey {
    private struct Seen {
        var first: Timestamp
        var last: Timestamp
        var count = 0
        var quiet: PlayedValue
        var unit: String?
        var words: [String] = []
    }

    /// Those with an alarm first, each in the order of the scenario.
    private(set) var streams: [PerturbedStream] = []

    init(_ items: [PlayedItem], scenario: Scenario, ruleSet: RuleSet, _ raises: Raises) {
        var names: [String] = []
        var seen: [String: Seen] = [:]
        for item in items {
            guard case .sample(let sample) = item.content else { continue }
            if seen[sample.stream] == nil {
                names.append(sample.stream)
                seen[sample.stream] = Seen(
                    first: item.arrival, last: item.arrival, quiet: sample.value,
                    unit: sample.unit)
            }
            seen[sample.stream]?.last = item.arrival
            seen[sample.stream]?.count += 1
            if case .word(let word) = sample.value,
                seen[sample.stream]?.words.contains(word) == false
            {
                seen[sample.stream]?.words.append(word)
            }
        }
        var alarmed: [PerturbedStream] = []
        var others: [PerturbedStream] = []
        for name in names {
            guard let stream = seen[name], stream.count > 1 else { continue }
            let alarm = raises.times.filter { $0.key.place == name }.compactMap(\.value.first).min()
            let place = StreamSurvey.perturbed(name, stream, alarm: alarm, ruleSet: ruleSet)
            if alarm != nil { alarmed.append(place) } else { others.append(place) }
        }
        streams = alarmed + others
    }

    private static func perturbed(
        _ name: String, _ stream: Seen, alarm: Timestamp?, ruleSet: RuleSet
    ) -> PerturbedStream {
        let length = (stream.last - stream.first).milliseconds
        let period = max(1, length / Int64(stream.count - 1))
        let packs = ruleSet.matches(name).map { ruleSet.packs[$0.pack] }
        let delay = packs.flatMap(\.rules).map(\.onDelay.milliseconds).max() ?? 0
        let begin: Timestamp
        if let alarm {
            // Inside the on-delay of the rule that is to be raised.
            let back = min(delay, 30_000) / 2 + period
            begin = max(stream.first, alarm - Span(milliseconds: back))
        } else {
            begin = stream.first + Span(milliseconds: length / 2)
        }
        let range = packs.lazy.compactMap(\.span).first
        let width = range.map { $0.high - $0.low } ?? 0
        let hidesHigh = packs.contains { pack in
            pack.rules.contains { $0.direction == .high }
        }
        let vocabulary = packs.flatMap(\.states).flatMap(\.words)
        var quietWord: String?
        if case .word(let word) = stream.quiet { quietWord = word }
        return PerturbedStream(
            name: name, begin: begin, period: period, quiet: stream.quiet,
            wild: range.map(\.high),
            drift: width / 10 * (alarm != nil && hidesHigh ? -1 : 1),
            isInExcursion: alarm != nil, unit: stream.unit,
            otherWord: (stream.words + vocabulary).first { $0 != quietWord })
    }
}
