import TocsinModel

// Ballots are cast, and votes are counted.

extension Engine {
    /// Casts a stream's ballots anew, from what its newest sample in order said.
    mutating func castBallots(of stream: Int, cannotClear: Bool) {
        for ballot in streams[stream].ballots { cast(ballot, cannotClear: cannotClear) }
    }

    /// Casts one ballot; `cannotClear`: a yes does not become a no by it.
    mutating func cast(_ ballot: Int, cannotClear: Bool) {
        let rule = Int(ballots[ballot].rule)
        let memory = rules[rule].memory
        var (vote, number) = judge(ballot)
        if vote == .no && cannotClear && ballots[ballot].lastWasYes {
            vote = .unknown
            rules[rule].memory = memory
        }
        ballots[ballot].number = number
        switch vote {
        case .yes: put(vote, lastWasYes: true, ballot)
        case .no: put(vote, lastWasYes: false, ballot)
        case .unknown, .bad, .inhibited, .stale:
            put(vote, lastWasYes: ballots[ballot].lastWasYes, ballot)
        }
    }

    /// Changes a ballot and the counts it is in.
    mutating func put(_ vote: Vote, lastWasYes: Bool, _ ballot: Int) {
        let before = ballots[ballot].vote
        let wasYes = ballots[ballot].lastWasYes
        guard before != vote || wasYes != lastWasYes else { return }
        let tally = Int(ballots[ballot].tally)
        tallies[tally].add(before, lastWasYes: wasYes, -1)
        tallies[tally].add(vote, lastWasYes: lastWasYes, 1)
        ballots[ballot].vote = vote
        ballots[ballot].lastWasYes = lastWasYes
    }

    private mutating func judge(_ ballot: Int) -> (Vote, number: Double) {
        let rule = Int(ballots[ballot].rule)
        let own = Int(rules[rule].binding)
        let stream = bindings[own].stream
        var fitness = Vote.yes
        if streams[stream].isStale {
            fitness = .stale
        } else if streams[stream].time == .distantPast {
            // A stream that has just been met is not missed before its silence counts.
            if isMissedInTime(stream) { return (.unknown, .nan) }
            fitness = .stale
        } else {
            switch bindings[own].quality {
            case .good: break
            case .bad: fitness = .bad
            case .inhibited: fitness = .inhibited
            }
        }
        if fitness.isOut && !ballots[ballot].asksFitness { return (fitness, .nan) }
        let kept = bindings[own].value
        if fitness.isOut { bindings[own].value = .nan }
        let answer = compute(codes[rule].condition, rule: rule)
        bindings[own].value = kept
        guard ballots[ballot].isCondition else {
            return answer.isFinite ? (.yes, answer) : (fitness.isOut ? fitness : .unknown, .nan)
        }
        switch Truth(answer) {
        case .yes: return (.yes, .nan)
        case .no: return (.no, .nan)
        case .unknown: return (fitness.isOut ? fitness : .unknown, .nan)
        }
    }

    /// Some pack watches this stream's silence.
    private mutating func isMissedInTime(_ stream: Int) -> Bool {
        let own = streams[stream].bindings
        for binding in own.isEmpty ? streams[stream].ghosts : own
        where bindings[binding].binding.staleAfter != nil {
            return true
        }
        return false
    }

    /// The tally of a rule's group; −1 = its labels lead to none.
    func tally(of group: UInt16, rule: Int) -> Int {
        let own = bindings[Int(rules[rule].binding)].links
        return own.isEmpty ? -1 : Int(links[own.lowerBound + Int(group)])
    }

    /// `votes(…)` compared with a number. Those out or unknown may yet be yes: Kleene's logic on
    /// the interval from the yes-votes to all that could be. A policy for this number of members out
    /// asks its own number of those that remain.
    mutating func votes(
        _ group: UInt16, _ comparison: Comparison, _ wanted: Double, rule: Int
    ) -> Double {
        let number = tally(of: group, rule: rule)
        guard number >= 0, !tallies[number].ballots.isEmpty else { return .nan }
        let yes = tallies[number].yes
        let open = yes + tallies[number].unknown
        let out = tallies[number].out
        let answer: Double
        switch policy(rule, comparison, tally: number) {
        case .trouble: return .nan
        case .needs(let needed, of: _):
            answer = Engine.kleene(.greaterOrEqual, Double(needed), yes, open)
        case nil: answer = Engine.kleene(comparison, wanted, yes, open + out)
        }
        guard answer == 0, rules[rule].phase.holds else { return answer }
        // Silence never clears: whoever fell out while it voted yes still counts against a no.
        // After a restart nobody knows how they voted, and some may not have been met yet.
        var silent = tallies[number].fallen
        let restored = Int(rules[rule].restoredMembers)
        if restored > 0 { silent = out + max(0, restored - tallies[number].ballots.count) }
        guard Engine.kleene(comparison, wanted, yes, open + silent) == 0 else { return .nan }
        rules[rule].restoredMembers = 0
        return 0
    }

    /// What the rule declares for as many members out as there are now.
    func policy(_ rule: Int, _ comparison: Comparison, tally: Int) -> DegradedVote.Policy? {
        guard !codes[rule].degraded.isEmpty else { return nil }
        switch comparison {
        case .greaterOrEqual, .greater: return policy(rule, tally: tally)
        case .lessOrEqual, .less, .equal, .notEqual: return nil
        }
    }

    func policy(_ rule: Int, tally: Int) -> DegradedVote.Policy? {
        let out = tallies[tally].out
        guard out > 0 else { return nil }
        let isAll = out == tallies[tally].ballots.count
        var found: DegradedVote.Policy?
        for entry in codes[rule].degraded {
            if entry.out == .max && isAll { return entry.policy }
            if entry.out == out { found = entry.policy }
        }
        return found
    }

    /// Whether the vote's members fail so that its trouble rule holds.
    private func isVotedOut(_ rule: Int) -> Bool {
        for instruction in codes[rule].condition {
            guard case .votes(let group, let comparison, _) = instruction else { continue }
            let number = tally(of: group, rule: rule)
            guard number >= 0, !tallies[number].ballots.isEmpty else { continue }
            if policy(rule, comparison, tally: number) == .trouble { return true }
        }
        return false
    }

    /// Moves the trouble rule of a vote that was just evaluated.
    mutating func evaluateVoteOut(of rule: Int, at time: Timestamp, cannotClear: Bool) {
        let trouble = Int(rules[rule].partner)
        guard trouble >= 0, rules[rule].trigger == .condition else { return }
        let truth: Truth = isVotedOut(rule) ? .yes : cannotClear ? .unknown : .no
        advancePhase(trouble, truth: truth, at: time)
    }

    /// A number of which only `low…high` is known, compared; NaN = it may be either.
    static func kleene(
        _ comparison: Comparison, _ wanted: Double, _ low: Int, _ high: Int
    ) -> Double {
        let (least, most) = (Double(low), Double(high))
        let (always, never): (Bool, Bool)
        switch comparison {
        case .greaterOrEqual: (always, never) = (least >= wanted, most < wanted)
        case .greater: (always, never) = (least > wanted, most <= wanted)
        case .lessOrEqual: (always, never) = (most <= wanted, least > wanted)
        case .less: (always, never) = (most < wanted, least >= wanted)
        case .equal: (always, never) = Engine.equality(wanted, least, most)
        case .notEqual:
            let (equal, unequal) = Engine.equality(wanted, least, most)
            (always, never) = (unequal, equal)
        }
        return always ? 1 : never ? 0 : .nan
    }

    private static func equality(
        _ wanted: Double, _ least: Double, _ most: Double
    ) -> (always: Bool, never: Bool) {
        let isPossible = wanted >= least && wanted <= most && wanted == wanted.rounded()
        return (least == most && wanted == least, !isPossible)
    }

    /// The other questions to a group; unknown where the group is empty.
    func answer(_ group: UInt16, _ function: GroupFunction, rule: Int) -> Double {
        let number = tally(of: group, rule: rule)
        guard number >= 0, !tallies[number].ballots.isEmpty else { return .nan }
        let open = tallies[number].unknown + tallies[number].out
        switch function {
        case .count: return open > 0 ? .nan : Double(tallies[number].yes)
        case .any: return tallies[number].yes > 0 ? 1 : open > 0 ? .nan : 0
        case .all: return tallies[number].no > 0 ? 0 : open > 0 ? .nan : 1
        case .least, .greatest, .mean: return figure(function, tally: number)
        }
    }

    private func figure(_ function: GroupFunction, tally: Int) -> Double {
        var count = 0
        var result = Double.nan
        for position in tallies[tally].ballots.indices {
            let number = ballots[Int(tallies[tally].ballots[position])].number
            guard !number.isNaN else { continue }
            count += 1
            if count == 1 {
                result = number
                continue
            }
            switch function {
            case .least: result = min(result, number)
            case .greatest: result = max(result, number)
            case .mean, .count, .any, .all: result += number
            }
        }
        return function == .mean && count > 0 ? result / Double(count) : result
    }
}
