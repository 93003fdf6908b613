// The noise of a stream, measured where nothing happens: good samples outside of alarms. The
// deviation is taken from the differences of neighbours, Σd²/2n, so that a slow drift is no noise
// (von Neumann). It says nothing of noise that is slower than the samples.

import TocsinEngine
import TocsinModel

/// What a stream does while no alarm stands, in its pack's unit.
struct StreamNoise: Sendable, Equatable {
    /// Good samples outside of alarms.
    var samples = 0
    private var pairs = 0
    private var squares = 0.0
    private var last: (time: Timestamp, value: Double)?
    private var gaps = 0
    private var gapTime: Int64 = 0
    /// Of `samples`, those beyond the limit of a rule, by position in the pack's rules.
    var beyond: [Int]

    init(rules: Int) { beyond = [Int](repeating: 0, count: rules) }

    static func == (a: StreamNoise, b: StreamNoise) -> Bool {
        a.samples == b.samples && a.pairs == b.pairs && a.squares == b.squares
            && a.beyond == b.beyond
    }

    /// Nil until two neighbours were seen.
    var deviation: Double? { pairs == 0 ? nil : (squares / Double(2 * pairs)).squareRoot() }

    /// The mean time between samples; nil until two were seen.
    var cadence: Span? { gaps == 0 ? nil : Span(milliseconds: gapTime / Int64(gaps)) }

    mutating func add(_ value: Double, at time: Timestamp) {
        samples += 1
        if let last {
            let difference = value - last.value
            squares += difference * difference
            pairs += 1
            gaps += 1
            gapTime += (time - last.time).milliseconds
        }
        last = (time, value)
    }

    /// What comes next is no neighbour of what was before.
    mutating func interrupt() { last = nil }
}

/// Sees the samples of a run and measures the noise of each stream under each pack.
final class NoiseTap: SampleTap {
    /// A stretch of time in which an alarm stood or was on its way.
    struct Excursion {
        var from: Timestamp
        var to: Timestamp
    }

    private struct Watch {
        let binding: Binding
        var noise: StreamNoise
        let rules: [LimitTest]
    }

    private struct Place {
        var watches: [Watch]
        var excursions: [Excursion]
        var nextExcursion = 0
        var newest = Timestamp.distantPast
    }

    /// A rule that compares the stream's value with a limit.
    private struct LimitTest {
        let rule: Int
        let limit: Double
        let isHigh: Bool
    }

    private let ruleSet: RuleSet
    private let excursions: [String: [Excursion]]
    private var places: ContiguousArray<Place> = []
    /// Looked up by name only.
    private var numbers: [String: Int] = [:]

    /// `history`: of a run over the same feed with the same rules.
    init(ruleSet: RuleSet, history: AlarmHistory) {
        self.ruleSet = ruleSet
        var found: [String: [Excursion]] = [:]
        for life in history.lives {
            let subject = history.subjects[life.subject]
            guard let pack = subject.binding?.pack, subject.mode != .test, !subject.isGroup,
                subject.rules.contains(where: { $0.alarmClass != .trouble })
            else { continue }
            let names = subject.rules.map(\.full)
            let wait = pack.rules.filter { names.contains($0.name) }.map(\.onDelay).max() ?? .zero
            found[subject.place, default: []].append(
                Excursion(from: life.raised - wait, to: life.end(history.end)))
        }
        excursions = found.mapValues { $0.sorted { $0.from < $1.from } }
    }

    func declare(_ stream: StreamDeclaration) {
        let number = Int(stream.index.rawValue)
        while places.count <= number { places.append(Place(watches: [], excursions: [])) }
        guard stream.mode != .test else { return }
        for match in ruleSet.matches(stream.name) where ruleSet.packs[match.pack].states.isEmpty {
            do throws(Binding.Problem) {
                let binding = try Binding(
                    ruleSet: ruleSet, packIndex: match.pack, stream: stream.name,
                    mode: stream.mode, labels: match.labels, streamUnit: stream.unit)
                let tests = binding.pack.rules.indices.compactMap { rule -> LimitTest? in
                    guard let limit = binding.pack.rules[rule].ownLimit,
                        binding.limits[limit].isFinite
                    else { return nil }
                    return LimitTest(
                        rule: rule, limit: binding.limits[limit],
                        isHigh: binding.pack.rules[rule].direction == .high)
                }
                places[number].watches.append(
                    Watch(
                        binding: binding, noise: StreamNoise(rules: binding.pack.rules.count),
                        rules: tests))
            } catch {
                // The engine says that the pack does not fit; nothing is watched by it.
                continue
            }
        }
        places[number].excursions = excursions[stream.name] ?? []
        numbers[stream.name] = number
    }

    func append(_ sample: Sample, stream: StreamIndex) {
        let number = Int(stream.rawValue)
        guard !places[number].watches.isEmpty, sample.time > places[number].newest,
            !sample.flags.contains(.badTime)
        else { return }
        places[number].newest = sample.time
        let isQuiet =
            sample.quality == .good && !sample.flags.contains(.word)
            && !isExcursion(number, at: sample.time)
        for watch in places[number].watches.indices {
            guard isQuiet else {
                places[number].watches[watch].noise.interrupt()
                continue
            }
            let binding = places[number].watches[watch].binding
            let value = binding.conversion(sample.value)
            guard value.isFinite, binding.fault.map({ $0.low <= value && value <= $0.high }) ?? true
            else {
                places[number].watches[watch].noise.interrupt()
                continue
            }
            places[number].watches[watch].noise.add(value, at: sample.time)
            for test in places[number].watches[watch].rules
            where test.isHigh ? value >= test.limit : value <= test.limit {
                places[number].watches[watch].noise.beyond[test.rule] += 1
            }
        }
    }

    private func isExcursion(_ number: Int, at time: Timestamp) -> Bool {
        while places[number].nextExcursion < places[number].excursions.count,
            places[number].excursions[places[number].nextExcursion].to < time
        {
            places[number].nextExcursion += 1
        }
        guard places[number].nextExcursion < places[number].excursions.count else { return false }
        return places[number].excursions[places[number].nextExcursion].from <= time
    }

    /// The noise of a stream under a pack; nil where it was not heard or has none.
    func noise(of stream: String, pack: String) -> StreamNoise? {
        numbers[stream].flatMap { number in
            places[number].watches.first { $0.binding.pack.name == pack }?.noise
        }
    }

    /// Every stream under every pack, in the order in which the streams came.
    var all: [(binding: Binding, noise: StreamNoise)] {
        places.flatMap { place in place.watches.map { ($0.binding, $0.noise) } }
    }
}

extension Rule {
    /// The limit that this rule compares the stream's own bare value with, as a position in the
    /// pack's limits; nil for windows, groups, other streams and everything more complex.
    var ownLimit: Int? {
        guard trigger == .condition, per == nil, let limit, direction != nil,
            let steps = condition?.instructions
        else { return nil }
        let comparesValue = steps.indices.dropFirst(2).contains { step in
            guard case .compare = steps[step] else { return false }
            return steps[step - 2] == .value && steps[step - 1] == .limit(UInt16(limit))
        }
        return comparesValue ? limit : nil
    }
}
