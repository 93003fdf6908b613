// What some rules keep beside `RuleState`: votes of samples (`n_of_m`), a minimum hold, suppression
// by design (`unless`) and schedules (`during`). Rules without them have none of this
// (`RuleState.timing` is −1), so that the common rule stays small and fast.
//
// Votes: each own sample in order that says true or false is one bit; the rule's truth is true while
// at least `needed` of the newest `of` bits are set. Samples not there yet count as false. An unknown
// sample is passed over: the bits stay, and the truth of that moment is unknown. Such a rule's
// condition is evaluated at own samples only, never at deadlines, samples of other streams, late
// samples or reloads.
//
// Minimum hold: an alarm that would end before it has held so long waits in `pendingOff`, as for an
// off-delay; what ends later of the two counts.

import TocsinModel

/// The part of a rule's state that only some rules have.
struct RuleTiming {
    var rule: Int32
    var vote: Rule.SampleVote?
    /// What own samples said, the newest in bit 0.
    var history: UInt64 = 0
    var minimumHold: Span
    /// When the condition ended, while the phase is `pendingOff`.
    var offBegan = Timestamp.distantPast
    /// `unless` is true: the rule is not annunciated.
    var isSuppressed = false
    var hasUnless: Bool
    /// What asks for the time of the week.
    var conditionHasSchedule = false
    var unlessHasSchedule = false
    /// Groups whose members are asked for it, by position in `Pack.groups`.
    var groups: [Int] = []
    /// The schedules asked, by position in `Pack.schedules`.
    var schedules: [Int] = []
    /// Evaluations in `from..<until` find every schedule as it was found at `from`.
    var from = Timestamp.distantPast
    var until = Timestamp.distantFuture
    /// When `until` is reached by the gateway's clock, when no sample comes.
    var due = Int64.max
    /// The earliest entry for this rule's schedules in the heap.
    var heapTime = Int64.max

    /// Nil for a rule that needs none.
    init?(_ rule: Rule, number: Int, pack: Pack) {
        self.rule = Int32(number)
        vote = rule.sampleVote
        minimumHold = rule.minimumHold
        hasUnless = rule.unless != nil
        let condition = [rule.condition, rule.clearWhen].compactMap { $0 }
        let inCondition = condition.flatMap { RuleTiming.schedules($0, pack) }
        let inUnless = rule.unless.map { RuleTiming.schedules($0, pack) } ?? []
        groups = rule.groups.filter {
            !RuleTiming.schedules(pack.groups[$0].member, pack).isEmpty
        }
        conditionHasSchedule = !inCondition.isEmpty
        unlessHasSchedule = !inUnless.isEmpty
        for schedule in inCondition + inUnless where !schedules.contains(schedule) {
            schedules.append(schedule)
        }
        // Its first evaluation finds out when they change.
        if !schedules.isEmpty { until = .distantPast }
        guard vote != nil || minimumHold > .zero || hasUnless || !schedules.isEmpty else {
            return nil
        }
    }

    /// The schedules that a program asks, those of its groups' members included.
    private static func schedules(_ program: Program, _ pack: Pack) -> [Int] {
        program.instructions.flatMap { instruction -> [Int] in
            switch instruction {
            case .during(let schedule): return [Int(schedule)]
            case .votes(let group, _, _), .group(let group, _):
                return pack.groups[Int(group)].member.instructions.compactMap {
                    if case .during(let schedule) = $0 { Int(schedule) } else { nil }
                }
            default: return []
            }
        }
    }

    /// Counts one own sample; unknown ones are passed over. Returns the rule's truth.
    mutating func count(_ truth: Truth, _ vote: Rule.SampleVote) -> Truth {
        switch truth {
        case .unknown: return .unknown
        case .yes: history = history << 1 | 1
        case .no: history <<= 1
        }
        let newest: UInt64 = vote.of >= 64 ? .max : 1 << UInt64(vote.of) - 1
        return (history & newest).nonzeroBitCount >= vote.needed ? .yes : .no
    }
}

extension Engine {
    /// When the alarm of this rule ends if its condition ended at `time`: after the off-delay, and
    /// not before its minimum hold is over.
    func end(_ rule: Int, from time: Timestamp) -> Timestamp {
        let off = time + rules[rule].offDelay
        guard rules[rule].timing >= 0 else { return off }
        // It has held since its on-delay ended.
        let since = rules[rule].began + rules[rule].onDelay
        return max(off, since + timings[Int(rules[rule].timing)].minimumHold)
    }

    /// How long the running delay of this rule is.
    func delay(_ rule: Int) -> Span {
        guard rules[rule].phase == .pendingOff else { return rules[rule].onDelay }
        guard rules[rule].timing >= 0 else { return rules[rule].offDelay }
        return rules[rule].deadline - timings[Int(rules[rule].timing)].offBegan
    }

    /// Late samples and other streams' do not count for this rule.
    func countsVotes(_ rule: Int) -> Bool {
        rules[rule].timing >= 0 && timings[Int(rules[rule].timing)].vote != nil
    }

    /// Asks schedules as of the rule's last evaluation.
    mutating func lookAsLastEvaluated(_ rule: Int) {
        let timing = Int(rules[rule].timing)
        // Between two changes each time finds them alike.
        evaluatedAt = timing >= 0 ? timings[timing].from : now
    }

    /// The rule is evaluated as of a time within a schedule of its pack. Mutating for speed alone:
    /// see `exceeds`.
    mutating func isDuring(_ schedule: UInt16, _ binding: Int) -> Bool {
        bindings[binding].binding.pack.schedules[Int(schedule)].contains(
            evaluatedAt, offsetMinutes: ruleSet.site.utcOffsetMinutes)
    }

    /// Looks whether `unless` suppresses this rule; unknown does not. A retained state counts like
    /// any other: production states are published so.
    mutating func evaluateUnless(_ number: Int, at time: Timestamp) {
        guard timings[number].hasUnless else { return }
        evaluatedAt = time
        counts.evaluations += 1
        let rule = Int(timings[number].rule)
        timings[number].isSuppressed = run(codes[rule].unless, rule: rule) == .yes
    }

    /// The rule is not annunciated, by design.
    func isSuppressed(_ rule: Int) -> Bool {
        let number = Int(rules[rule].timing)
        return number >= 0 && timings[number].isSuppressed
    }

    /// Takes over what a rule of the set before kept.
    mutating func takeOver(_ old: RuleTiming, rule: Int, readsAlike: Bool) {
        let number = Int(rules[rule].timing)
        guard number >= 0 else { return }
        timings[number].history = old.history
        timings[number].offBegan = old.offBegan
        timings[number].isSuppressed = old.isSuppressed && timings[number].hasUnless
        guard readsAlike else { return }
        timings[number].from = old.from
        timings[number].until = old.until
        timings[number].due = old.due
        enqueueSchedule(number)
    }
}
