import Testing
import TocsinEngine
import TocsinModel

/// The engine against `NaiveRule` on random inputs: same events, same stamps.
@Suite("The engine says what a naive model says")
struct NaiveRuleTests {
    static let runs = 20_000
    static let deadbands: [Double] = [0, 2]
    static let delays: [Int64] = [0, 1000, 3000]

    private struct Subject {
        var model: NaiveRule
        var set: RuleSet
    }

    private func subjects() throws -> [Subject] {
        var made: [Subject] = []
        for deadband in Self.deadbands {
            for onDelay in Self.delays {
                for offDelay in Self.delays {
                    let model = NaiveRule(deadband: deadband, onDelay: onDelay, offDelay: offDelay)
                    var pack = try GasFixture.pack { rule in
                        rule.deadbands = [.number(deadband, unit: nil)]
                        rule.onDelay = Span(milliseconds: onDelay)
                        rule.offDelay = Span(milliseconds: offDelay)
                        rule.latch = false
                    }
                    pack.rules.removeSubrange(1...)
                    pack.chains = [[0]]
                    pack.latchesOver = false
                    pack.staleAfter = nil
                    let set = RuleSet(
                        site: Site(id: "test-site"), packs: [pack],
                        options: EngineOptions(streamsMax: 1))
                    made.append(Subject(model: model, set: set))
                }
            }
        }
        return made
    }

    /// Values around the limit, gaps, repeats, late samples, bad quality, ticks, reloads.
    private func inputs(_ seed: UInt64) -> [NaiveInput] {
        var random = SeededGenerator(seed: seed)
        var arrival: Int64 = 0
        var made: [NaiveInput] = []
        let values: [Double] = [20, 22.9, 23, 24, 24.9, 25, 26, 60]
        for _ in 0..<Int.random(in: 3...12, using: &random) {
            arrival += [0, 1, 400, 500, 1000, 1000, 2500, 7000].randomElement(using: &random) ?? 0
            let dice = Int.random(in: 0..<20, using: &random)
            if dice == 0 {
                made.append(NaiveInput(kind: .reload, arrival: arrival))
            } else if dice <= 3 {
                made.append(NaiveInput(kind: .tick, arrival: arrival))
            } else if dice == 4, var again = made.last(where: { $0.kind == .sample }) {
                again.arrival = arrival
                made.append(again)
            } else {
                let age: Int64 = [0, 0, 0, 1, 300, 1000, 5000].randomElement(using: &random) ?? 0
                let quality = [Quality.good, .good, .good, .good, .bad, .inhibited]
                made.append(
                    NaiveInput(
                        kind: .sample, arrival: arrival, time: arrival - age,
                        value: values.randomElement(using: &random) ?? 0,
                        quality: quality.randomElement(using: &random) ?? .good))
            }
        }
        return made
    }

    private func story(_ subject: Subject, _ inputs: [NaiveInput]) -> [String] {
        var pipeline = Pipeline(ruleSet: subject.set, start: GasFixture.start)
        var events: [Event] = []
        for input in inputs {
            let arrival = GasFixture.start + Span(milliseconds: input.arrival)
            switch input.kind {
            case .sample:
                pipeline.accept(
                    Observation(
                        value: .number(input.value),
                        time: GasFixture.start + Span(milliseconds: input.time),
                        quality: input.quality),
                    stream: GasFixture.stream, arrival: arrival, appendingTo: &events)
            case .tick: pipeline.step(.tick, arrival: arrival, appendingTo: &events)
            case .reload:
                pipeline.step(.reload(subject.set), arrival: arrival, appendingTo: &events)
            }
        }
        return events.compactMap { event in
            guard event.kind == .raised || event.kind == .cleared else { return nil }
            return "\(event.kind.word) \((event.time - GasFixture.start).milliseconds)"
        }
    }

    /// The shortest input that still differs: leaves out one after the other while it does.
    private func shrunk(_ inputs: [NaiveInput], _ subject: Subject) -> [NaiveInput] {
        var kept = inputs
        var position = 0
        while position < kept.count {
            var fewer = kept
            fewer.remove(at: position)
            if story(subject, fewer) != subject.model.story(fewer) {
                kept = fewer
            } else {
                position += 1
            }
        }
        return kept
    }

    @Test("on twenty thousand random inputs, reloads of the same set among them")
    func same() throws {
        let subjects = try subjects()
        var said = 0
        for run in 0..<Self.runs {
            let subject = subjects[run % subjects.count]
            let inputs = inputs(UInt64(run))
            let expected = subject.model.story(inputs)
            said += expected.count
            guard story(subject, inputs) != expected else { continue }
            let short = shrunk(inputs, subject)
            Issue.record(
                """
                seed \(run), \(subject.model)
                \(short.map(\.description).joined(separator: "\n"))
                engine \(story(subject, short))
                model  \(subject.model.story(short))
                """)
            return
        }
        // The inputs are no empty exercise: two runs of three raise or clear something.
        #expect(said > Self.runs * 2 / 3)
    }
}
