import Testing
import TocsinEngine
import TocsinModel

/// The engine's groups against `NaiveGroup` on random inputs.
@Suite("Groups say what a naive model says")
struct NaiveGroupTests {
    private enum Step {
        case sample(NaiveGroup.Sample)
        case tick(Int64)
        case reload(Int64)
    }

    private static let policies: [[DegradedVote]] = [
        [], GroupFixture.declared, [DegradedVote(out: 1, policy: .needs(2, of: 2))],
        [DegradedVote(out: 2, policy: .trouble), DegradedVote(out: 1, policy: .needs(1, of: 2))],
    ]

    /// Values around the limit, members that join late, silence, bad ones, late samples, reloads.
    private static func steps(_ random: inout SeededGenerator) -> [Step] {
        var now: Int64 = 0
        var made: [Step] = []
        let values: [Double] = [2, 22.5, 23.5, 25, 26, 60]
        for number in 0..<Int.random(in: 5...40, using: &random) {
            now += [0, 1, 200, 500, 900, 1000, 2600, 4000].randomElement(using: &random) ?? 0
            switch Int.random(in: 0..<16, using: &random) {
            case 0: made.append(.reload(now))
            case 1, 2: made.append(.tick(now))
            default:
                let lag: Int64 = [0, 0, 0, 10, 700, 2500].randomElement(using: &random) ?? 0
                let isGood = Int.random(in: 0..<5, using: &random) > 0
                // No two samples are alike: repeats are the intake's matter.
                let value = (values.randomElement(using: &random) ?? 0) + Double(number) * 1e-6
                let quality = NaiveGroup.Quality.allCases.randomElement(using: &random) ?? .bad
                made.append(
                    .sample(
                        NaiveGroup.Sample(
                            id: "\(Int.random(in: 1...4, using: &random))", time: now - lag,
                            arrival: now, value: value, quality: isGood ? .good : quality)))
            }
        }
        return made
    }

    private static func set(_ policy: [DegradedVote], listed: Int) throws -> RuleSet {
        let shadow = GroupFixture.vote(degraded: policy) { rule in
            rule.name = "hazchem/gas/shadow"
            rule.shortName = "shadow"
            rule.onDelay = .seconds(1_000_000)
        }
        var rules = [GroupFixture.vote(degraded: policy), shadow]
        if policy.contains(where: { $0.policy == .trouble }) {
            rules.append(GroupFixture.outRule())
        }
        let pack = try GroupFixture.pack(rules, groups: [GroupFixture.group()])
        let listings = (1...4).prefix(listed).map {
            StreamListing(stream: GroupFixture.stream("\($0)"))
        }
        return RuleSet(
            site: Site(id: "test-site"), packs: [pack], listings: listings,
            options: GroupFixture.small)
    }

    /// Plays the steps; `check` sees the engine after each. The alarms' events come back as the
    /// model writes them, and all lines.
    private static func play(
        _ steps: [Step], _ set: RuleSet, model: inout NaiveGroup,
        check: (Pipeline, NaiveGroup, Int) -> Void = { _, _, _ in }
    ) -> (story: [String], lines: [String]) {
        var pipeline = Pipeline(ruleSet: set, start: GasFixture.start)
        var events: [Event] = []
        pipeline.declareListed(appendingTo: &events)
        for listing in set.listings { model.declare(String(listing.stream.suffix(1)), at: 0) }
        for (number, step) in steps.enumerated() {
            switch step {
            case .sample(let sample):
                model.take(sample)
                let quality: Quality =
                    switch sample.quality {
                    case .good: .good
                    case .bad: .bad
                    case .inhibited: .inhibited
                    }
                pipeline.accept(
                    Observation(
                        value: .number(sample.value),
                        time: GasFixture.start + Span(milliseconds: sample.time), quality: quality),
                    stream: GroupFixture.stream(sample.id),
                    arrival: GasFixture.start + Span(milliseconds: sample.arrival),
                    appendingTo: &events)
            case .tick(let now):
                model.advance(to: now)
                pipeline.step(
                    .tick, arrival: GasFixture.start + Span(milliseconds: now),
                    appendingTo: &events)
            case .reload(let now):
                model.reload(at: now)
                pipeline.step(
                    .reload(set), arrival: GasFixture.start + Span(milliseconds: now),
                    appendingTo: &events)
            }
            check(pipeline, model, number)
        }
        let story = events.compactMap { event -> String? in
            guard let rule = event.ruleDefinition else { return nil }
            let time = (event.time - GasFixture.start).milliseconds
            return "\(event.kind.word) \(rule.shortName) \(time)"
        }
        return (story, events.map(GasFixture.line))
    }

    @Test("on random inputs: the votes at every step, the events, and equal bytes when repeated")
    func random() throws {
        let first = UInt64.random(in: 1...(.max / 2))
        var raised = 0
        var outvoted = 0
        for seed in first..<first + 3000 {
            var random = SeededGenerator(seed: seed)
            let policy = Self.policies[Int(seed % 4)]
            let set = try Self.set(policy, listed: Int(seed / 4 % 3))
            let steps = Self.steps(&random)
            var model = NaiveGroup(policy: policy)
            let run = Self.play(steps, set, model: &model) { pipeline, model, step in
                guard !model.members.isEmpty else { return }
                let trace = pipeline.engine.trace(rule: "shadow", stream: GroupFixture.area)
                let said = trace?.programs.first?.result
                #expect(said == model.vote, "seed \(seed), step \(step)")
            }
            #expect(run.story == model.story, "seed \(seed)")
            raised += model.story.filter { $0.hasPrefix("raised area-vote ") }.count
            outvoted += model.story.filter { $0.hasPrefix("raised area-vote-out") }.count
            guard seed % 10 == 0 else { continue }
            var again = NaiveGroup(policy: policy)
            #expect(Self.play(steps, set, model: &again).lines == run.lines, "seed \(seed)")
        }
        #expect(raised > 1000 && outvoted > 100, "first seed \(first): \(raised), \(outvoted)")
    }
}
