import TocsinModel

// What a member's sample, its silence or a late sample of it means to the rules of its groups. They
// come after the member's own rules at the same input.

extension Engine {
    /// The rules that ask a group in which this stream's ballots are, or ballots that read it.
    /// `isSample`: by a sample in order, not by silence or a command.
    mutating func evaluateGroups(
        of stream: Int, at time: Timestamp, cannotClear: Bool, isSample: Bool,
        appendingTo events: inout [Event]
    ) {
        for ballot in streams[stream].ballots {
            evaluate(askersOf: ballot, after: stream, at: time, cannotClear, isSample)
        }
        for position in streams[stream].dependents.indices {
            let rule = Int(streams[stream].dependents[position])
            guard rules[rule].role == .ballot else { continue }
            evaluate(
                askersOf: Int(rules[rule].rank), after: stream, at: time, cannotClear, isSample)
        }
        // All conditions first: of two levels that become true together only the higher is said.
        for ballot in streams[stream].ballots {
            settle(askersOf: ballot, after: stream, at: time, appendingTo: &events)
        }
        for position in streams[stream].dependents.indices {
            let rule = Int(streams[stream].dependents[position])
            guard rules[rule].role == .ballot else { continue }
            settle(
                askersOf: Int(rules[rule].rank), after: stream, at: time, appendingTo: &events)
        }
    }

    private mutating func evaluate(
        askersOf ballot: Int, after stream: Int, at time: Timestamp, _ cannotClear: Bool,
        _ isSample: Bool
    ) {
        let tally = Int(ballots[ballot].tally)
        // A member that is out has said nothing that could end an alarm.
        let cannotClear = cannotClear || ballots[ballot].vote.isOut
        for position in tallies[tally].dependents.indices {
            let rule = Int(tallies[tally].dependents[position])
            guard let home = home(ofAsker: rule, after: stream) else { continue }
            let isGroup = streams[home].kind == .seat
            if isGroup { noteSeat(home, after: stream) }
            // A group's own samples are those of its members.
            evaluate(
                rule, at: max(time, streams[home].time), cannotClear: cannotClear,
                isOwnSample: isSample && isGroup)
        }
    }

    private mutating func settle(
        askersOf ballot: Int, after stream: Int, at time: Timestamp,
        appendingTo events: inout [Event]
    ) {
        let tally = Int(ballots[ballot].tally)
        for position in tallies[tally].dependents.indices {
            let rule = Int(tallies[tally].dependents[position])
            guard let home = home(ofAsker: rule, after: stream) else { continue }
            settle(rule: rule, at: max(time, streams[home].time), appendingTo: &events)
        }
    }

    /// The stream of an alarm's rule that asks a group; nil for calculations and for the rules of
    /// `stream` itself, which were evaluated with its sample.
    private mutating func home(ofAsker rule: Int, after stream: Int) -> Int? {
        guard rules[rule].role == .alarm else { return nil }
        let home = bindings[Int(rules[rule].binding)].stream
        return home == stream ? nil : home
    }

    /// A seat's time, marks and broker are those of the newest sample of its members.
    private mutating func noteSeat(_ seat: Int, after stream: Int) {
        streams[seat].broker = streams[stream].broker
        let time = streams[stream].time
        guard time >= streams[seat].time else { return }
        streams[seat].time = time
        let marks = streams[stream].flags.rawValue & Engine.seatMarks
        streams[seat].flags = SampleFlags(rawValue: marks)
    }

    /// By number: an `OptionSet`'s `intersection` allocates across modules.
    private static let seatMarks =
        SampleFlags.retained.rawValue | SampleFlags.noTime.rawValue
        | SampleFlags.badTime.rawValue

    /// Settles a rule's chain, and that of its vote's trouble rule.
    mutating func settle(rule: Int, at time: Timestamp, appendingTo events: inout [Event]) {
        settle(Int(rules[rule].chain), at: time, cause: nil, appendingTo: &events)
        let partner = Int(rules[rule].partner)
        if partner >= 0, rules[partner].chain != rules[rule].chain {
            settle(Int(rules[partner].chain), at: time, cause: nil, appendingTo: &events)
        }
    }

    /// A late sample that makes a member vote yes may raise where no delay is asked; the vote and
    /// the counts are as before afterwards. The binding shows the late sample.
    mutating func countLate(
        _ sample: Sample, stream: Int, binding: Int, appendingTo events: inout [Event]
    ) {
        for ballot in streams[stream].ballots {
            let rule = Int(ballots[ballot].rule)
            guard Int(rules[rule].binding) == binding, ballots[ballot].isCondition,
                ballots[ballot].vote != .yes, bindings[binding].quality == .good
            else { continue }
            let memory = rules[rule].memory
            rules[rule].memory = 0
            let vote = Truth(compute(codes[rule].condition, rule: rule))
            rules[rule].memory = memory
            guard vote == .yes else { continue }
            let (before, wasYes) = (ballots[ballot].vote, ballots[ballot].lastWasYes)
            put(.yes, lastWasYes: wasYes, ballot)
            raiseLate(askersOf: ballot, at: sample.time, appendingTo: &events)
            put(before, lastWasYes: wasYes, ballot)
        }
    }

    private mutating func raiseLate(
        askersOf ballot: Int, at time: Timestamp, appendingTo events: inout [Event]
    ) {
        let tally = Int(ballots[ballot].tally)
        for position in tallies[tally].dependents.indices {
            let rule = Int(tallies[tally].dependents[position])
            guard rules[rule].role == .alarm, rules[rule].phase == .off,
                rules[rule].onDelay == .zero, !countsVotes(rule)
            else { continue }
            let memory = rules[rule].memory
            let truthBefore = rules[rule].truth
            rules[rule].memory = 0
            if truth(of: rule) == .yes {
                rules[rule].phase = .on
                rules[rule].began = time
            }
            rules[rule].memory = memory
            rules[rule].truth = truthBefore
        }
        for position in tallies[tally].dependents.indices {
            let rule = Int(tallies[tally].dependents[position])
            guard rules[rule].role == .alarm else { continue }
            settle(Int(rules[rule].chain), at: time, cause: nil, appendingTo: &events)
        }
    }

    // MARK: Deadlines

    /// The earliest end of a delay among the rules that ask this stream's groups.
    /// Mutating for speed alone: see `exceeds`.
    mutating func earliestGroupDeadline(_ stream: Int) -> Timestamp {
        var earliest = Timestamp.distantFuture
        for ballot in streams[stream].ballots {
            earliest = min(earliest, earliestDeadline(askersOf: ballot))
        }
        for position in streams[stream].dependents.indices {
            let rule = Int(streams[stream].dependents[position])
            guard rules[rule].role == .ballot else { continue }
            earliest = min(earliest, earliestDeadline(askersOf: Int(rules[rule].rank)))
        }
        return earliest
    }

    private mutating func earliestDeadline(askersOf ballot: Int) -> Timestamp {
        var earliest = Timestamp.distantFuture
        let tally = Int(ballots[ballot].tally)
        for position in tallies[tally].dependents.indices {
            let rule = Int(tallies[tally].dependents[position])
            if isArmed(rule) { earliest = min(earliest, rules[rule].deadline) }
            let partner = Int(rules[rule].partner)
            if partner >= 0 && isArmed(partner) {
                earliest = min(earliest, rules[partner].deadline)
            }
        }
        return earliest
    }

    /// Fires the delays that end at `deadline` among them, and notes the rules in `touched`.
    mutating func fireGroups(of stream: Int, deadline: Timestamp) {
        for ballot in streams[stream].ballots { fire(askersOf: ballot, deadline) }
        for position in streams[stream].dependents.indices {
            let rule = Int(streams[stream].dependents[position])
            guard rules[rule].role == .ballot else { continue }
            fire(askersOf: Int(rules[rule].rank), deadline)
        }
    }

    private mutating func fire(askersOf ballot: Int, _ deadline: Timestamp) {
        let tally = Int(ballots[ballot].tally)
        for position in tallies[tally].dependents.indices {
            let rule = Int(tallies[tally].dependents[position])
            fireIfDue(rule, deadline)
            fireIfDue(Int(rules[rule].partner), deadline)
        }
    }

    private mutating func fireIfDue(_ rule: Int, _ deadline: Timestamp) {
        guard rule >= 0, isArmed(rule), rules[rule].deadline == deadline else { return }
        fire(rule)
        touched.append(Int32(rule))
    }
}
