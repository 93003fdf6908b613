import TocsinEngine
import TocsinModel

/// Reads one sentence out of a trace: what kept the rule from raising.
struct WhyNotJudge {
    let trace: RuleTrace
    let at: Timestamp
    let history: [Event]

    private var rule: Rule { trace.definition }

    var verdict: Verdict {
        if let standing { return standing }
        switch rule.trigger {
        case .condition: return condition
        case .stale: return stale
        case .bad: return bad
        case .clock:
            return Verdict(.conditionFalse, "the time stamps of \(trace.stream.name) are usable")
        case .voteOut:
            let votes = trace.program(.condition)?.steps.flatMap(\.members) ?? []
            return Verdict(
                .conditionFalse,
                "\(votes.count { !$0.vote.isOut }) of \(votes.count) members are fit to vote")
        }
    }

    // MARK: It stands

    /// The alarm stands, or a level above it does; nil when neither.
    private var standing: Verdict? {
        let alarm = trace.alarm
        if trace.phase.holds && trace.isSuppressed { return suppressed }
        guard alarm.state != .normal else { return nil }
        let own = last { $0.ruleDefinition?.name == rule.name && $0.tellsRaise }
        if trace.phase.holds || own != nil, let own {
            let state = alarm.state.holdsLevel ? "stands" : "is " + alarm.state.word
            return Verdict(
                .raised,
                "it was raised at \(time(own.time)) and \(state): tocsin explain \(own.id.hex)",
                event: own.id)
        }
        guard trace.phase.holds, let above = last(where: \.tellsRaise) else { return nil }
        let name = above.ruleDefinition?.shortName ?? "a higher level"
        return Verdict(
            .superseded,
            "\(name), which supersedes it, was raised at \(time(above.time)): "
                + "tocsin explain \(above.id.hex)", event: above.id)
    }

    /// By design: `unless` or `schedule`.
    private var suppressed: Verdict {
        let steps = trace.program(.unless)?.steps ?? []
        let sentences = Sentences(steps: steps, trace: trace)
        let cause = steps.indices.last.map { sentences.whyTrue($0) } ?? "unless"
        let began = trace.began.map { " since \(time($0))" } ?? ""
        return Verdict(
            .suppressed, "the condition holds\(began); it is suppressed by design: " + cause)
    }

    /// The newest event of the standing occurrence that fits.
    private func last(where fits: (Event) -> Bool) -> Event? {
        history.last { $0.occurrence == trace.alarm.occurrence && fits($0) }
    }

    // MARK: Conditions

    private var condition: Verdict {
        guard let steps = trace.program(.condition)?.steps, let root = steps.indices.last else {
            return Verdict(.unknown, "the rule has no condition")
        }
        if trace.phase == .pendingOn { return onDelay(steps[root].truth) }
        let sentences = Sentences(steps: steps, trace: trace)
        if let vote = trace.sampleVote, steps[root].truth != .no || vote.yes > 0 {
            return Verdict(
                .tooFewSamples,
                "\(vote.yes) of the newest \(vote.of) samples were true, \(vote.needed) are needed")
        }
        switch steps[root].truth {
        case .no: return Verdict(.conditionFalse, sentences.whyFalse(root))
        case .unknown:
            if let off = sentences.limitThatIsOff { return Verdict(.limitOff, off) }
            return Verdict(.unknown, "unknown: " + sentences.whyUnknown(root))
        case .yes:
            return Verdict(
                .unknown, "\(steps[root].text) is true, and was not evaluated since it became so")
        }
    }

    private func onDelay(_ truth: Truth) -> Verdict {
        let delay = rule.onDelay
        let began = trace.began ?? at
        let ran = min(max(at - began, .zero), delay)
        var text =
            "the on-delay of \(delay.text) had run \(SpanText.of(ran)): "
            + "true since \(time(began))"
        if truth == .unknown { text += ", unknown now (the delay runs on)" }
        if ran == delay { text += "; it raises with the next sample or after limits.lateness" }
        return Verdict(.onDelay, text)
    }

    private var stale: Verdict {
        guard let after = trace.binding.staleAfter else {
            return Verdict(
                .limitOff, "silence is not watched: neither the pack nor the inventory has `every`")
        }
        let silent = at - trace.silentSince
        let heard =
            trace.stream.heard.map { "heard at \(time($0)), \(SpanText.of(silent)) before" }
            ?? "never heard, and waited for since \(time(trace.silentSince))"
        return Verdict(
            .conditionFalse,
            "\(trace.stream.name) was \(heard): silence of \(after.text) raises it")
    }

    private var bad: Verdict {
        guard trace.stream.time != nil else {
            return Verdict(.unknown, "unknown: \(trace.stream.name) was never heard")
        }
        switch trace.stream.quality {
        case .good:
            return Verdict(.conditionFalse, "the quality of \(trace.stream.name) is good")
        case .inhibited:
            return Verdict(
                .unknown, "unknown: \(trace.stream.name) is inhibited: nobody knows its quality")
        case .bad:
            return Verdict(.unknown, "the quality of \(trace.stream.name) is bad, not yet judged")
        }
    }

    private func time(_ time: Timestamp) -> String {
        CivilTime(time, offsetMinutes: trace.binding.ruleSet.site.utcOffsetMinutes).text
    }
}

extension Event {
    /// It told people that its rule's level holds.
    var tellsRaise: Bool { kind == .raised || kind == .escalated || kind == .deEscalated }
}

/// What made an expression false, in words.
private struct Sentences {
    let steps: [TraceStep]
    let trace: RuleTrace

    /// Which part of a false expression decides: the first false side of `and`, both of `or`.
    func whyFalse(_ position: Int) -> String {
        let step = steps[position]
        switch step.instruction {
        case .and:
            let side = step.operands.first { steps[$0].truth == .no } ?? step.operands[0]
            return whyFalse(side)
        case .or: return step.operands.map(whyFalse).joined(separator: ", and ")
        case .not: return steps[step.operands[0]].text + " is true"
        case .compare(let comparison, _, _):
            return subject(step.operands[0]) + " " + Sentences.relation(comparison) + " "
                + subject(step.operands[1])
        case .votes: return step.text + " is false: " + Sentences.count(step.members)
        case .stateIs:
            return step.text + " is false: the state is " + (state ?? "not known")
        case .constant, .value, .limit, .reference, .age, .over, .under, .qualityIs,
            .referenceQualityIs, .referenceStateIs, .add, .subtract, .multiply, .divide, .negate,
            .window, .forecast, .timeTo, .flat, .group, .during, .absolute, .squareRoot,
            .logarithm, .exponential, .lesser, .greater:
            return step.text + " is false"
        }
    }

    /// Which parts of a true expression make it true: the first true side of `or`, both of `and`.
    func whyTrue(_ position: Int) -> String {
        let step = steps[position]
        switch step.instruction {
        case .or:
            return whyTrue(step.operands.first { steps[$0].truth == .yes } ?? step.operands[0])
        case .and: return step.operands.map(whyTrue).joined(separator: ", and ")
        case .not: return steps[step.operands[0]].text + " is false"
        case .constant, .value, .limit, .reference, .age, .over, .under, .qualityIs,
            .referenceQualityIs, .stateIs, .referenceStateIs, .add, .subtract, .multiply, .divide,
            .negate, .compare, .window, .forecast, .timeTo, .flat, .votes, .group, .during,
            .absolute, .squareRoot, .logarithm, .exponential, .lesser, .greater:
            return step.text + " is true"
        }
    }

    /// The first unknown part's reason; of a vote who is missing.
    func whyUnknown(_ position: Int) -> String {
        let step = steps[position]
        if let operand = step.operands.first(where: { steps[$0].value.isNaN }) {
            return whyUnknown(operand)
        }
        let reason = step.unknownBecause ?? "too little is known"
        return step.members.isEmpty ? reason : reason + ": " + Sentences.count(step.members)
    }

    /// "1 of 4 voted yes, 2 are out (lel/2 bad, lel/3 stale)".
    static func count(_ members: [GroupVote.Member]) -> String {
        let out = members.filter(\.vote.isOut)
        let text = "\(members.count { $0.vote == .yes }) of \(members.count) voted yes"
        guard !out.isEmpty else { return text }
        let names = out.prefix(outNamesMax).map { "\($0.stream) \($0.vote.word)" }
        let rest = out.count > names.count ? " and \(out.count - names.count) more" : ""
        let verb = out.count == 1 ? "is" : "are"
        return text + ", \(out.count) \(verb) out (\(names.joined(separator: ", "))\(rest))"
    }

    /// Members out that a sentence names; the tree below has all.
    private static let outNamesMax = 4

    private var state: String? {
        trace.stream.word ?? trace.stream.value.map { JSONMembers.readable($0) }
    }

    /// A side of a comparison with its value; a bare number is its own value.
    private func subject(_ position: Int) -> String {
        let step = steps[position]
        if case .constant = step.instruction { return step.text }
        return step.text + " " + ValueWords.of(step)
    }

    private static func relation(_ comparison: Comparison) -> String {
        switch comparison {
        case .greaterOrEqual: "is below"
        case .greater: "is not above"
        case .lessOrEqual: "is above"
        case .less: "is not below"
        case .equal: "is not"
        case .notEqual: "is"
        }
    }

    /// The limit whose absence makes the condition unknown.
    var limitThatIsOff: String? {
        steps.first { step in
            guard case .limit = step.instruction else { return false }
            return step.value.isNaN
        }?.unknownBecause
    }
}

/// A step's value as people read it.
enum ValueWords {
    static func of(_ step: TraceStep) -> String { of(step.value, step.kind) }

    static func of(_ value: Double, _ kind: TraceStep.Kind) -> String {
        guard !value.isNaN else { return "unknown" }
        switch kind {
        case .truth: return value != 0 ? "true" : "false"
        case .number(let unit):
            return JSONMembers.readable(value) + (unit.map { " " + $0 } ?? "")
        case .duration:
            guard let whole = Int64(exactly: value.rounded()) else {
                return value > 0 ? "never" : "-∞"
            }
            return SpanText.of(Span(milliseconds: whole))
        }
    }
}

/// A length of time for people: two units at most, decimals below a minute.
enum SpanText {
    static func of(_ span: Span) -> String {
        let all = span.milliseconds.magnitude
        let sign = span.milliseconds < 0 ? "-" : ""
        if all < 60_000 {
            return sign + JSONMembers.shortest(Double(all) / 1000) + " s"
        }
        let seconds = all / 1000
        let units: [(UInt64, String)] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        var parts: [String] = []
        var rest = seconds
        for (size, name) in units {
            let count = rest / size
            rest %= size
            if count > 0 { parts.append("\(count) \(name)") }
        }
        return sign + parts.prefix(2).joined(separator: " ")
    }
}
