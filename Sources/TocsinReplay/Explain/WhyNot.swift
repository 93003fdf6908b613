package import TocsinEngine
package import TocsinModel
import TocsinRules

/// What kept a rule from raising: a word for programs, a sentence for people.
package struct Verdict: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// It was raised and stands, or is latched.
        case raised
        /// A rule above it in the ladder was raised instead.
        case superseded
        case conditionFalse = "condition-false"
        case onDelay = "on-delay"
        /// Fewer than n of the newest m samples are true.
        case tooFewSamples = "too-few-samples"
        case unknown
        case limitOff = "limit-off"
        case suppressed
        case disabled
        /// The rule's pack does not watch the stream.
        case noPack = "no-pack"
        /// The stream was not met up to the time.
        case neverHeard = "never-heard"
        /// The pack cannot be applied to the stream.
        case bindingFailed = "binding-failed"
    }

    package var kind: Kind
    package var text: String
    /// The event that raised it.
    package var event: Identifier?

    package init(_ kind: Kind, _ text: String, event: Identifier? = nil) {
        self.kind = kind
        self.text = text
        self.event = event
    }
}

/// How near a rule's leading comparison came to being true, around the time asked for.
package struct NearestMiss: Sendable, Equatable {
    /// The comparison's text, and that of its left side.
    package var comparison: String
    package var subject: String
    package var time: Timestamp
    package var value: Double
    package var limit: Double
    package var kind: TraceStep.Kind
    /// How far the value is beyond the limit in the alarm's direction; negative = short of it.
    package var margin: Double
}

/// Why a rule was not raised on a stream at a time.
package struct WhyNotExplanation: Sendable {
    /// `PACK/NAME`, or as asked for where no such rule is in force.
    package var rule: String
    package var stream: String
    package var at: Timestamp
    package var utcOffsetMinutes: Int
    /// The set's hash.
    package var rules: String
    package var verdict: Verdict
    package var nearest: NearestMiss?
    package var explanation: RuleExplanation?
    /// What this alarm said up to the time, oldest first.
    package var history: [Event]
}

/// Replays feeds or a scenario up to a time and says what kept a rule from raising there.
package enum WhyNot {
    /// How far around the time the nearest miss is looked for.
    package static let around = Span.seconds(600)
    /// Events of the alarm that are kept.
    static let historyMax = 100

    /// `rule`: full or short name.
    package static func explain(
        rule: String, stream: String, at time: Timestamp, in request: ExplainRequest
    ) throws(ExplainError) -> WhyNotExplanation {
        var run = try ExplainRun(request)
        var result = WhyNotExplanation(
            rule: rule, stream: stream, at: time,
            utcOffsetMinutes: run.ruleSet.site.utcOffsetMinutes, rules: run.ruleSet.hash,
            verdict: Verdict(.unknown, ""), history: [])
        let subject: Subject
        switch try RuleSearch(run.ruleSet, RuleTexts(run.loaded.bundle)).find(rule, on: stream) {
        case .found(let rule, let name):
            subject = Subject(rule: rule, stream: name)
        case .refused(let verdict):
            result.verdict = verdict
            return result
        }
        result.rule = subject.rule.name
        result.stream = subject.stream
        var search = MissSearch(subject, around: time)
        var failure: Event?
        while let arrival = run.nextArrival, arrival <= time {
            for event in try run.step() {
                if event.isSaid(of: subject) { WhyNot.keep(event, in: &result.history) }
                if event.kind == .bindingFailed, event.note?.subject == stream { failure = event }
            }
            search.look(run, arrival)
        }
        for event in run.finish(at: time) where event.isSaid(of: subject) {
            WhyNot.keep(event, in: &result.history)
        }
        search.look(run, time)
        try judge(&result, subject, &run, failure)
        guard result.explanation != nil, result.verdict.kind != .raised else { return result }
        while let arrival = run.nextArrival, arrival <= time + WhyNot.around {
            _ = try run.step()
            search.look(run, arrival)
        }
        result.nearest = search.nearest
        return result
    }

    /// A rule on a stream.
    struct Subject {
        var rule: Rule
        var stream: String
    }

    private static func keep(_ event: Event, in history: inout [Event]) {
        if history.count == WhyNot.historyMax { history.removeFirst() }
        history.append(event)
    }

    private static func judge(
        _ result: inout WhyNotExplanation, _ subject: Subject, _ run: inout ExplainRun,
        _ failure: Event?
    ) throws(ExplainError) {
        let mode = run.mode(of: subject.stream)
        guard
            let trace = run.engine.trace(
                rule: subject.rule.name, stream: subject.stream, mode: mode)
        else {
            result.verdict = absence(subject, run, failure)
            return
        }
        result.explanation = RuleExplanation.make(trace, run: run, mode: mode)
        result.verdict = WhyNotJudge(trace: trace, at: result.at, history: result.history).verdict
    }

    private static func absence(
        _ subject: Subject, _ run: borrowing ExplainRun, _ failure: Event?
    ) -> Verdict {
        if let reason = failure?.note?.reason { return Verdict(.bindingFailed, reason) }
        let names = run.engine.streamNames
        let near = nearestName(subject.stream, among: names).map { "; did you mean \($0)?" } ?? ""
        return Verdict(
            .neverHeard,
            "\(subject.stream) is not among the \(names.count) streams heard up to then" + near)
    }
}

extension ExplainRun {
    /// Live, unless only a test stream has the name.
    func mode(of stream: String) -> Mode {
        !engine.knows(stream, mode: .live) && engine.knows(stream, mode: .test) ? .test : .live
    }
}

extension Event {
    /// Whether the event is about the alarm of this rule, whatever level of its ladder it names.
    func isSaid(of subject: WhyNot.Subject) -> Bool {
        guard let binding, rule >= 0, binding.stream == subject.stream else { return false }
        let pack = binding.pack
        guard let own = pack.rules.firstIndex(where: { $0.name == subject.rule.name }),
            let chain = pack.chains.first(where: { $0.contains(own) })
        else { return false }
        return chain.contains(rule)
    }
}

/// Finds the rule that is meant, or says why none watches the stream.
struct RuleSearch {
    enum Result {
        /// `stream`: the group's name for a rule with one alarm a group.
        case found(Rule, stream: String)
        case refused(Verdict)
    }

    let ruleSet: RuleSet
    let texts: RuleTexts

    init(_ ruleSet: RuleSet, _ texts: RuleTexts) {
        self.ruleSet = ruleSet
        self.texts = texts
    }

    /// Throws `missing` where no pack has such a rule.
    func find(_ name: String, on stream: String) throws(ExplainError) -> Result {
        let matching = ruleSet.matches(stream).map(\.pack)
        for pack in matching {
            guard let position = ruleSet.packs[pack].position(ofRule: name) else { continue }
            let rule = ruleSet.packs[pack].rules[position]
            let label = ruleSet.packs[pack].label(ofRule: position)
            let group = label.flatMap { label in
                ruleSet.packs[pack].labels(matching: stream)?.first { $0.name == label }?.value
            }
            return .found(rule, stream: group ?? stream)
        }
        for pack in ruleSet.packs {
            guard let position = pack.position(ofRule: name), pack.label(ofRule: position) != nil
            else { continue }
            return .found(pack.rules[position], stream: stream)
        }
        for pack in matching {
            if let verdict = disabled(name, ruleSet.packs[pack].name) { return .refused(verdict) }
        }
        let others = ruleSet.packs.filter { pack in
            pack.position(ofRule: name) != nil || disabled(name, pack.name) != nil
        }
        guard !others.isEmpty else { throw .missing(unknownRule(name)) }
        return .refused(Verdict(.noPack, strangers(others, stream, matching)))
    }

    private func disabled(_ name: String, _ pack: String) -> Verdict? {
        let short = name.hasPrefix(pack + "/") ? String(name.dropFirst(pack.count + 1)) : name
        guard let entry = texts.disabled(pack: pack, rule: short) else { return nil }
        let until = entry.until.map { " until \($0)" } ?? ""
        return Verdict(
            .disabled,
            "\(pack)/\(short) is disabled\(until) by \(entry.place): \(entry.reason)")
    }

    private func strangers(_ others: [Pack], _ stream: String, _ matching: [Int]) -> String {
        let watchers = matching.map { ruleSet.packs[$0].name }
        let who =
            watchers.isEmpty
            ? "no pack matches \(stream)" : "\(stream) is watched by " + watchers.list
        let patterns = others.prefix(3).map { pack in
            pack.pattern.match(stream) == nil
                ? "\(pack.name) matches \(pack.pattern.text)"
                : "\(pack.name) leaves it to a pack that extends it"
        }
        return who + "; " + patterns.joined(separator: ", ")
    }

    private func unknownRule(_ name: String) -> String {
        let rules = ruleSet.packs.flatMap(\.rules)
        let names = name.contains("/") ? rules.map(\.name) : rules.map(\.shortName)
        let near = nearestName(name, among: names).map { "; did you mean \($0)?" } ?? ""
        return "no pack has a rule \(name)" + near
    }
}

extension Pack {
    func position(ofRule name: String) -> Int? {
        rules.firstIndex { $0.name == name || $0.shortName == name }
    }
}

extension [String] {
    /// `a`, `a and b`, `a, b and c`.
    var list: String {
        guard count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + self[count - 1]
    }
}

/// Looks for the moment at which a rule's leading comparison came nearest to its limit.
struct MissSearch {
    private let subject: WhyNot.Subject
    private let from: Timestamp
    private let step: Int?
    private let comparison: Comparison
    private(set) var nearest: NearestMiss?
    private var texts: (comparison: String, subject: String, kind: TraceStep.Kind)?

    init(_ subject: WhyNot.Subject, around time: Timestamp) {
        self.subject = subject
        from = time - WhyNot.around
        let found = MissSearch.leading(subject.rule)
        step = found?.step
        comparison = found?.comparison ?? .greaterOrEqual
    }

    /// The comparison that the rule's limit is about, else the first that has a direction.
    private static func leading(_ rule: Rule) -> (step: Int, comparison: Comparison)? {
        var all: [(step: Int, comparison: Comparison)] = []
        for (position, instruction) in (rule.condition?.instructions ?? []).enumerated() {
            if case .compare(let comparison, _, let memory) = instruction,
                comparison.direction != nil
            {
                if memory != Program.noMemory { return (position, comparison) }
                all.append((position, comparison))
            }
        }
        return all.first
    }

    /// Takes the values of this moment, if it is one of those asked for.
    mutating func look(_ run: borrowing ExplainRun, _ arrival: Timestamp) {
        guard let step, arrival >= from else { return }
        let mode = run.mode(of: subject.stream)
        guard
            let sides = run.engine.sides(
                ofStep: step, rule: subject.rule.name, stream: subject.stream, mode: mode)
        else { return }
        let isHigh = comparison.direction == .high
        let margin = isHigh ? sides.left - sides.right : sides.right - sides.left
        if let nearest, nearest.margin >= margin { return }
        if texts == nil { learnTexts(run, step, mode) }
        guard let texts else { return }
        nearest = NearestMiss(
            comparison: texts.comparison, subject: texts.subject, time: arrival,
            value: sides.left, limit: sides.right, kind: texts.kind, margin: margin)
    }

    private mutating func learnTexts(_ run: borrowing ExplainRun, _ step: Int, _ mode: Mode) {
        let trace = run.engine.trace(
            rule: subject.rule.name, stream: subject.stream, mode: mode)
        guard let steps = trace?.program(.condition)?.steps else { return }
        let left = steps[steps[step].operands[0]]
        texts = (steps[step].text, left.text, left.kind)
    }
}
