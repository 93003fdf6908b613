import TocsinModel

/// How a group's members voted at the moment of an event, in the order in which their streams were
/// declared.
package final class GroupVote: Sendable {
    package struct Member: Sendable, Equatable {
        package var stream: String
        package var vote: Vote
        /// In the pack's unit; nil where there is no good one.
        package var value: Double?
    }

    package let members: [Member]
    /// Members that are not among `members`.
    package let omitted: Int
    package let yes: Int
    package let total: Int
    /// The group answers a condition, not a number.
    package let isCondition: Bool

    /// An event names so many members; those who voted yes before others.
    package static let membersMax = 64

    init(members: [Member], omitted: Int, yes: Int, total: Int, isCondition: Bool) {
        self.members = members
        self.omitted = omitted
        self.yes = yes
        self.total = total
        self.isCondition = isCondition
    }
}

extension Engine {
    /// An event of a group: no value, no quality, the time of its newest member.
    func describeSeat(_ event: inout Event, _ seat: StreamState) {
        let isGateways = seat.flags.contains(.badTime) || seat.flags.contains(.noTime)
        event.timeSource = isGateways || seat.time == .distantPast ? .gateway : .sensor
        event.retained = seat.flags.contains(.retained)
    }

    /// Adds the votes of the groups that the event's rule asks, and who of them is out.
    func describeGroups(_ event: inout Event, rule: Int) {
        let isTrouble = rules[rule].trigger == .voteOut
        let asking = isTrouble ? Int(rules[rule].partner) : rule
        guard asking >= 0, !codes[asking].groups.isEmpty else { return }
        let asked = codes[asking].groups.map { tally(of: UInt16($0), rule: asking) }
            .filter { $0 >= 0 }
        guard let first = asked.first else { return }
        let all = asked.flatMap { tallies[$0].ballots }
        let chosen = choose(all)
        event.members = GroupVote(
            members: chosen.map(member), omitted: all.count - chosen.count,
            yes: tallies[first].yes, total: tallies[first].ballots.count,
            isCondition: tallies[first].ballots.first.map { ballots[Int($0)].isCondition } ?? true)
        let out = all.filter { ballots[Int($0)].vote.isOut }
        guard !out.isEmpty else { return }
        if !isTrouble { event.degraded = true }
        guard event.note == nil else { return }
        event.note = EventNote(reason: policyWords(asking, asked) + outWords(out))
    }

    /// At most `membersMax` ballots, in their order; those who voted yes are never left out for one
    /// who did not.
    private func choose(_ all: [Int32]) -> [Int32] {
        guard all.count > GroupVote.membersMax else { return all }
        let yes = all.filter { ballots[Int($0)].vote == .yes }.count
        var others = max(0, GroupVote.membersMax - yes)
        var chosen: [Int32] = []
        for ballot in all where chosen.count < GroupVote.membersMax {
            let isYes = ballots[Int(ballot)].vote == .yes
            guard isYes || others > 0 else { continue }
            if !isYes { others -= 1 }
            chosen.append(ballot)
        }
        return chosen
    }

    private func member(_ ballot: Int32) -> GroupVote.Member {
        let number = Int(rules[Int(ballots[Int(ballot)].rule)].binding)
        let value = bindings[number].value
        return GroupVote.Member(
            stream: bindings[number].binding.stream, vote: ballots[Int(ballot)].vote,
            value: value.isNaN ? nil : value)
    }

    /// "1oo2: ", the policy in force; empty where Kleene's logic decided.
    private func policyWords(_ rule: Int, _ asked: [Int]) -> String {
        for tally in asked {
            if case .needs(let needed, let of) = policy(rule, tally: tally) {
                return "\(needed)oo\(of): "
            }
        }
        return ""
    }

    /// "east/lel/2 is bad, east/lel/3 is stale".
    private func outWords(_ out: [Int32]) -> String {
        let named = out.prefix(Engine.outNamesMax).map { ballot in
            let number = Int(rules[Int(ballots[Int(ballot)].rule)].binding)
            return "\(bindings[number].binding.stream) is \(ballots[Int(ballot)].vote.word)"
        }
        let rest = out.count - named.count
        return named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    /// Members that a reason names; `members` has more.
    private static let outNamesMax = 8
}
