import TocsinEngine

/// A vote of two, recomputed from all members at every step. Times in milliseconds after the start.
struct NaiveGroup {
    struct Member {
        var id: String
        var time: Int64?
        var value = 0.0
        var quality = NaiveGroup.Quality.good
        var isStale = false
        /// When its silence is noticed.
        var due: Int64
        var heard: Int64 = 0
        var remembersYes = false
        var lastWasYes = false
        var isYes = false

        var isOut: Bool { isStale || time != nil && quality != .good }
        var isUnknown: Bool { !isStale && time == nil }
    }

    enum Quality: CaseIterable { case good, bad, inhibited }

    struct Sample {
        var id: String
        var time: Int64
        var arrival: Int64
        var value: Double
        var quality: Quality
    }

    static let staleAfter: Int64 = 3000
    static let slack: Int64 = 500

    var policy: [DegradedVote]
    var members: [Member] = []
    private var holds = false
    private var isOut = false
    private var newest: Int64?
    private(set) var story: [String] = []

    init(policy: [DegradedVote]) { self.policy = policy }

    mutating func declare(_ id: String, at now: Int64) {
        members.append(
            Member(id: id, due: max(now, NaiveGroup.staleAfter) + NaiveGroup.slack))
    }

    /// Silence is said in the order in which it is noticed.
    mutating func advance(to now: Int64) {
        while let due = members.indices.filter({ !members[$0].isStale && members[$0].due <= now })
            .min(by: { (members[$0].due, $0) < (members[$1].due, $1) })
        {
            members[due].isStale = true
            let stamp = (members[due].time ?? 0) + NaiveGroup.staleAfter
            look(at: max(stamp, newest ?? stamp), cannotClear: true)
        }
    }

    mutating func reload(at now: Int64) {
        advance(to: now)
        for member in members.indices {
            let since = members[member].heard
            members[member].due = max(now, since + NaiveGroup.staleAfter) + NaiveGroup.slack
        }
    }

    mutating func take(_ sample: Sample) {
        advance(to: sample.arrival)
        if !members.contains(where: { $0.id == sample.id }) {
            declare(sample.id, at: sample.arrival)
        }
        guard let number = members.firstIndex(where: { $0.id == sample.id }) else { return }
        members[number].heard = sample.arrival
        members[number].due = sample.arrival + NaiveGroup.staleAfter + NaiveGroup.slack
        members[number].isStale = false
        if let time = members[number].time, sample.time < time {
            takeLate(sample, number)
            return
        }
        members[number].time = sample.time
        members[number].value = sample.value
        members[number].quality = sample.quality
        if sample.quality == .good {
            let isYes =
                sample.value >= 25 || members[number].remembersYes && sample.value >= 23
            members[number].remembersYes = isYes
            members[number].isYes = isYes
            members[number].lastWasYes = isYes
        }
        newest = max(newest ?? sample.time, sample.time)
        look(at: newest ?? sample.time, cannotClear: members[number].isOut)
    }

    private mutating func takeLate(_ sample: Sample, _ number: Int) {
        let kept = members[number]
        guard sample.quality == .good, sample.value >= 25, !holds else { return }
        guard kept.isOut || !kept.isYes else { return }
        members[number].quality = .good
        members[number].isYes = true
        if vote == .yes {
            holds = true
            story.append("raised area-vote \(sample.time)")
        }
        members[number] = kept
    }

    var yes: Int { members.filter { !$0.isOut && !$0.isUnknown && $0.isYes }.count }
    var open: Int { members.filter(\.isUnknown).count }
    var out: Int { members.filter(\.isOut).count }
    private var fallen: Int { members.filter { $0.isOut && $0.lastWasYes }.count }

    private var inForce: DegradedVote.Policy? {
        guard out > 0 else { return nil }
        let all = policy.first { $0.out == .max && out == members.count }
        return (all ?? policy.first { $0.out == out })?.policy
    }

    /// All that those could be who are not known: the answer, if it is always the same.
    private static func ask(_ wanted: Int, yes: Int, open: Int) -> Truth {
        let answers = Set((0...open).map { yes + $0 >= wanted })
        return answers.count == 2 ? .unknown : answers.contains(true) ? .yes : .no
    }

    var vote: Truth {
        switch inForce {
        case .trouble: .unknown
        case .needs(let needed, of: _): NaiveGroup.ask(needed, yes: yes, open: open)
        case nil: NaiveGroup.ask(2, yes: yes, open: open + out)
        }
    }

    private mutating func look(at time: Int64, cannotClear: Bool) {
        let answer = vote
        let stands = NaiveGroup.ask(2, yes: yes, open: open + fallen)
        if !holds && answer == .yes {
            holds = true
            story.append("raised area-vote \(time)")
        } else if holds && answer == .no && stands == .no && !cannotClear {
            holds = false
            story.append("cleared area-vote \(time)")
        }
        let hasTrouble = policy.contains { $0.policy == .trouble }
        if hasTrouble && !isOut && inForce == .trouble {
            isOut = true
            story.append("raised area-vote-out \(time)")
        } else if isOut && inForce != .trouble && !cannotClear {
            isOut = false
            story.append("cleared area-vote-out \(time)")
        }
    }
}
