import TocsinModel

// What a reload leaves of groups and calculated streams: tallies are made anew, ballots keep what
// they remember where the group asks the same, seats and calculated streams keep their numbers.

extension Engine {
    /// Whether a stream is still there under the new rules: one that nobody computes any more, and
    /// nobody publishes, is not.
    mutating func adoptKind(_ stream: Int) -> Bool {
        if ruleSet.calculation(named: streams[stream].name) != nil {
            streams[stream].kind = .calculated
            return true
        }
        guard streams[stream].kind == .calculated else { return true }
        guard streams[stream].index != nil else { return false }
        streams[stream].kind = .heard
        streams[stream].isIntruded = false
        return true
    }

    /// Gives a ballot the memory of the old one; where the pack reads the stream as before, its vote,
    /// too, so that a reload that changes nothing does nothing.
    mutating func takeOver(ballot: Int, from before: Engine) {
        let rule = Int(ballots[ballot].rule)
        let own = Int(rules[rule].binding)
        let stream = bindings[own].stream
        let pack = bindings[own].binding.pack
        let group = pack.groups[Int(ballots[ballot].group)]
        let olds = stream < before.streams.count ? before.streams[stream].ballots : 0..<0
        let old = olds.first { number in
            let oldRule = Int(before.ballots[number].rule)
            let oldPack = before.bindings[Int(before.rules[oldRule].binding)].binding.pack
            let oldGroup = oldPack.groups[Int(before.ballots[number].group)]
            return oldPack.name == pack.name && oldGroup.text == group.text
                && oldGroup.pattern == group.pattern
        }
        guard let old else {
            cast(ballot, cannotClear: false)
            return
        }
        let state = before.ballots[old]
        let oldRule = Int(state.rule)
        rules[rule].memory = before.rules[oldRule].memory
        put(.unknown, lastWasYes: state.lastWasYes, ballot)
        let oldBinding = before.bindings[Int(before.rules[oldRule].binding)].binding
        if oldBinding.reads(like: bindings[own].binding) {
            ballots[ballot].number = state.number
            put(state.vote, lastWasYes: state.lastWasYes, ballot)
        } else {
            cast(ballot, cannotClear: false)
        }
    }
}
