// Warnings of `check --feed`, each with its numbers. Noise is that of good samples outside of
// alarms.
//
// Where a share p of the quiet samples lies beyond the limit, independently of each other, an
// on-delay of n samples lets a false raise through every (1 − pⁿ) / ((1 − p) pⁿ) samples on average:
// the mean wait for a run of n. Noise that is correlated comes in longer runs and is worse. So is a
// deadband: behind the first sample beyond the limit it keeps the condition true a little below.

import TocsinEngine
import TocsinModel
package import TocsinRules

/// Holds rules that are well-formed against a recording.
package struct FeedAdvice {
    /// Fewer quiet samples say nothing of noise.
    static let samplesMin = 100
    /// False raises that come more often are told: one alarm in a month and more is bearable
    /// (EEMUA 191: some 150 a day of all alarms together).
    static let bearable = Span.seconds(30 * 86_400)
    /// A deadband narrower than so many standard deviations lets noise alone clear and raise.
    static let deviations = 3.0
    /// Rules that are raised so close together are raised together.
    static let together = Span.seconds(1)
    static let togetherMin = 3

    private let ruleSet: RuleSet
    private let texts: RuleTexts
    private let diagnostics: DiagnosticList

    /// Runs the rules over the feeds and reports what is worth a warning; feeds that cannot be read
    /// are errors.
    package static func check(
        _ loaded: LoadedRules, feeds: [String], reporting diagnostics: DiagnosticList
    ) {
        let pass = FeedPass(feeds: feeds, decoders: [])
        let advice = FeedAdvice(
            ruleSet: loaded.makeRuleSet(hash: ""), texts: RuleTexts(loaded.bundle),
            diagnostics: diagnostics)
        do throws(ReplayError) {
            let (history, packs) = try pass.survey(advice.ruleSet)
            let tap = NoiseTap(ruleSet: advice.ruleSet, history: history)
            try pass.measure(advice.ruleSet, tap)
            advice.checkMatches(packs)
            advice.checkNoise(tap)
            advice.checkPairs(history)
        } catch {
            switch error {
            case .feed(let fault):
                var finding = Diagnostic(.error, path: fault.path, fault.message)
                finding.line = max(fault.line, 1)
                finding.column = max(fault.column, 1)
                diagnostics.add(finding)
            case .noFeeds, .rules, .output:
                diagnostics.add(Diagnostic(.error, path: feeds.first ?? "-", "\(error)"))
            }
        }
    }

    // MARK: Streams

    private func checkMatches(_ packs: Set<String>) {
        let extended = texts.extendedPacks
        for pack in ruleSet.packs where !packs.contains(pack.name) {
            // What others extend is often there for that only.
            guard !extended.contains(pack.name) else { continue }
            let reason =
                ruleSet.hasInventory
                ? "neither the inventory nor the feed has a stream that fits"
                : "the feed has no stream that fits"
            warn(
                at: texts.match(pack: pack.name), "`\(pack.name)` watches nothing: \(reason)",
                help: nil)
        }
    }

    // MARK: Noise

    /// What is worst of a rule's streams, and how many others there are.
    private struct Worst<Number: Comparable> {
        var number: Number
        var text: String
        var others = 0

        /// Takes one more; `isWorse` compares the new one with the worst so far.
        static func add(
            _ number: Number, _ text: String, to worst: inout Worst?,
            isWorse: (Number, Number) -> Bool
        ) {
            guard let before = worst else {
                worst = Worst(number: number, text: text)
                return
            }
            let others = before.others + 1
            worst =
                isWorse(number, before.number)
                ? Worst(number: number, text: text, others: others)
                : Worst(number: before.number, text: before.text, others: others)
        }

        var and: String { others == 0 ? "" : " (and \(others) more streams)" }
    }

    private func checkNoise(_ tap: NoiseTap) {
        let all = tap.all
        for (number, pack) in ruleSet.packs.enumerated() {
            let own = all.filter { $0.binding.packIndex == number }
            for position in pack.rules.indices where pack.rules[position].ownLimit != nil {
                checkDelay(pack, position, own)
                checkDeadband(pack, position, own)
            }
        }
    }

    private func checkDelay(
        _ pack: Pack, _ position: Int, _ streams: [(binding: Binding, noise: StreamNoise)]
    ) {
        let rule = pack.rules[position]
        guard rule.sampleVote == nil else { return }
        var worst: Worst<Int64>?
        for (binding, noise) in streams where noise.samples >= FeedAdvice.samplesMin {
            guard noise.beyond[position] > 0, noise.beyond[position] < noise.samples,
                let cadence = noise.cadence, cadence > .zero, let limit = rule.limit
            else { continue }
            let share = Double(noise.beyond[position]) / Double(noise.samples)
            let count = FeedAdvice.samples(in: rule.onDelay, cadence: cadence)
            let samples = FeedAdvice.samplesBetweenFalseRaises(share: share, count: count)
            let mean = samples * Double(cadence.milliseconds)
            guard mean < Double(FeedAdvice.bearable.milliseconds) else { continue }
            let between = Span(milliseconds: Int64(mean.rounded()))
            let text =
                "noise alone raises `\(rule.name)` on `\(binding.stream)` every "
                + "\(TuneReport.length(between)) on average: \(noise.beyond[position]) of "
                + "\(noise.samples) quiet samples (\(FeedAdvice.percent(share))) lie beyond "
                + "\(measured(binding.limits[limit], pack)), and an on-delay of "
                + "\(rule.onDelay.text) waits for \(TuneReport.counted(count, "sample"))"
            Worst.add(between.milliseconds, text, to: &worst, isWorse: <)
        }
        guard let worst else { return }
        warn(
            at: place(pack, rule), worst.text + worst.and,
            help: "if samples are independent; correlated noise is worse. A longer on-delay or "
                + "`n_of_m` helps, `tocsin tune` measures it")
    }

    private func checkDeadband(
        _ pack: Pack, _ position: Int, _ streams: [(binding: Binding, noise: StreamNoise)]
    ) {
        let rule = pack.rules[position]
        guard rule.takesDeadband else { return }
        var worst: Worst<Double>?
        for (binding, noise) in streams where noise.samples >= FeedAdvice.samplesMin {
            guard let deviation = noise.deviation, deviation > 0 else { continue }
            let width = binding.deadbands[position].max() ?? 0
            let needed = FeedAdvice.deviations * deviation
            guard width < needed else { continue }
            let text =
                "the deadband of `\(rule.name)`, \(measured(width, pack)), is smaller than the "
                + "noise on `\(binding.stream)`: \(JSONMembers.readable(FeedAdvice.deviations)) × "
                + "\(measured(TuneReport.short(deviation), pack)) = "
                + "\(measured(TuneReport.short(needed), pack)) "
                + "(standard deviation of \(noise.samples) quiet samples)"
            Worst.add(deviation, text, to: &worst, isWorse: >)
        }
        guard let worst else { return }
        warn(
            at: place(pack, rule), worst.text + worst.and,
            help: "beside the limit the alarm will chatter; `tocsin tune` measures a wider one")
    }

    /// Samples that a condition must hold for: the deadline fires before the sample at its time.
    static func samples(in delay: Span, cadence: Span) -> Int {
        let (whole, rest) = delay.milliseconds.quotientAndRemainder(
            dividingBy: max(cadence.milliseconds, 1))
        return max(1, Int(whole) + (rest > 0 ? 1 : 0))
    }

    /// (1 − pⁿ) / ((1 − p) pⁿ) for 0 < p < 1: samples between runs of n; infinite where pⁿ is 0.
    static func samplesBetweenFalseRaises(share: Double, count: Int) -> Double {
        precondition(share > 0 && share < 1, "a share without noise has no false raises")
        var power = 1.0
        // Ends early: a power below 1e-300 is no number of samples that anyone waits for.
        for _ in 0..<count {
            power *= share
            if power < 1e-300 { return .infinity }
        }
        return (1 - power) / ((1 - share) * power)
    }

    private static func percent(_ share: Double) -> String {
        JSONMembers.readable(TuneReport.short(share * 100)) + " %"
    }

    private func measured(_ number: Double, _ pack: Pack) -> String {
        JSONMembers.readable(number)
            + (pack.unit.map { " " + UnitTable.standard[$0].symbol } ?? "")
    }

    // MARK: Pairs

    private struct RaisedRule {
        var pack: Int
        var rule: Int
        var chain: Int
        var times: [Timestamp]
    }

    private func checkPairs(_ history: AlarmHistory) {
        let raised = raisedRules(history)
        for (number, late) in raised.enumerated() {
            for early in raised[..<number] {
                guard early.times.count == late.times.count,
                    (early.pack, early.chain) != (late.pack, late.chain),
                    zip(early.times, late.times).allSatisfy({ a, b in
                        max(a, b) - min(a, b) <= FeedAdvice.together
                    })
                else { continue }
                let pack = ruleSet.packs[late.pack]
                let rule = pack.rules[late.rule]
                let other = ruleSet.packs[early.pack].rules[early.rule]
                warn(
                    at: place(pack, rule),
                    "`\(rule.name)` and `\(other.name)` always fire together: \(late.times.count) "
                        + "times in the feed, within \(FeedAdvice.together.text) of each other",
                    help: "one of them tells the operator nothing new: join them with "
                        + "`supersedes`, or leave one out")
            }
        }
    }

    /// The rules with conditions that were raised often enough, in the order of the packs.
    private func raisedRules(_ history: AlarmHistory) -> [RaisedRule] {
        let lives = RuleLives(history)
        var times = ruleSet.packs.map { [[Timestamp]](repeating: [], count: $0.rules.count) }
        for (number, subject) in history.subjects.enumerated() where subject.mode != .test {
            guard let binding = subject.binding else { continue }
            for (level, name) in subject.rules.enumerated() {
                guard let rule = binding.pack.rules.firstIndex(where: { $0.name == name.full })
                else { continue }
                times[binding.packIndex][rule] += lives.bySubject[number][level].map(\.raised)
            }
        }
        return times.indices.flatMap { pack in
            times[pack].indices.compactMap { rule -> RaisedRule? in
                let definition = ruleSet.packs[pack]
                guard definition.rules[rule].trigger == .condition,
                    times[pack][rule].count >= FeedAdvice.togetherMin
                else { return nil }
                let chain = definition.chains.firstIndex { $0.contains(rule) } ?? -1
                return RaisedRule(
                    pack: pack, rule: rule, chain: chain, times: times[pack][rule].sorted())
            }
        }
    }

    // MARK: Places

    private func place(_ pack: Pack, _ rule: Rule) -> RuleText? {
        texts.texts(pack: pack.name, rule: rule).last
    }

    private func warn(at text: RuleText?, _ message: String, help: String?) {
        var finding = Diagnostic(.warning, path: text?.path ?? "rules", message, help: help)
        if let text, let line = text.lines.first {
            // The place is the key or the entry behind its `- `.
            let indent = line.prefix { $0 == " " || $0 == "-" }
            finding.line = text.line
            finding.column = indent.unicodeScalars.count + 1
            let word = line.dropFirst(indent.count).prefix { $0 != ":" }
            finding.length = max(1, word.unicodeScalars.count)
            finding.excerpt = line
        }
        diagnostics.add(finding)
    }
}
