import TocsinEngine
import TocsinModel

/// One time a rule stood: from its raise, or the escalation to it, until its level was left.
struct RuleLife: Sendable, Equatable {
    var raised: Timestamp
    /// Nil: it stood at the end of the recording.
    var cleared: Timestamp?
}

/// The lives of alarms taken apart by rule: each level of an escalating alarm chatters by itself.
struct RuleLives {
    /// By subject, then by the subject's rule; each list in order of time.
    private(set) var bySubject: [[[RuleLife]]]

    init(_ history: AlarmHistory) {
        bySubject = history.subjects.map { [[RuleLife]](repeating: [], count: $0.rules.count) }
        for life in history.lives { add(life) }
        for subject in bySubject.indices {
            for rule in bySubject[subject].indices {
                bySubject[subject][rule].sort { $0.raised < $1.raised }
            }
        }
    }

    private mutating func add(_ life: AlarmLife) {
        let count = bySubject[life.subject].count
        var begun = [Timestamp?](repeating: nil, count: count)
        begun[life.rule] = life.raised
        for move in life.moves {
            if move.isUp {
                begun[move.rule] = begun[move.rule] ?? move.time
                continue
            }
            for rule in (move.rule + 1)..<max(count, move.rule + 1) {
                guard let raised = begun[rule] else { continue }
                bySubject[life.subject][rule].append(RuleLife(raised: raised, cleared: move.time))
                begun[rule] = nil
            }
        }
        for rule in 0..<count {
            guard let raised = begun[rule] else { continue }
            bySubject[life.subject][rule].append(RuleLife(raised: raised, cleared: life.cleared))
        }
    }
}

/// How restless one rule was on one stream (ISA-18.2: chattering, fleeting).
struct RestFigures: Sendable, Equatable {
    var raises = 0
    /// The most times it was raised and cleared within one minute.
    var burst = 0
    /// When that minute began.
    var burstAt: Timestamp?
    /// Cleared within a minute, and no part of chattering.
    var fleeting = 0
    /// Time that it stood.
    var standing = Span.zero
    /// It stood at the end of the recording.
    var isOpen = false

    var chatters: Bool { burst >= AlarmFigures.chatterCount }
    var isRestless: Bool { chatters || fleeting > 0 }

    /// `lives` in order of time; `end` of the recording.
    init(_ lives: [RuleLife], end: Timestamp) {
        raises = lives.count
        var isChatter = [Bool](repeating: false, count: lives.count)
        var last = 0
        for first in lives.indices {
            last = max(last, first)
            while last < lives.count, let cleared = lives[last].cleared,
                cleared - lives[first].raised <= AlarmFigures.chatterTime
            {
                last += 1
            }
            if last - first > burst { (burst, burstAt) = (last - first, lives[first].raised) }
            if last - first >= AlarmFigures.chatterCount {
                for position in first..<last { isChatter[position] = true }
            }
        }
        for (life, chatters) in zip(lives, isChatter) {
            let stop = life.cleared ?? max(end, life.raised)
            standing = Span(
                milliseconds: standing.milliseconds + (stop - life.raised).milliseconds)
            if life.cleared == nil { isOpen = true }
            if !chatters, life.cleared != nil, stop - life.raised < AlarmFigures.fleetingTime {
                fleeting += 1
            }
        }
    }
}

/// What a change does to when the operator hears of something. Raises no more than a minute apart
/// are one episode: its first raise is what counts.
struct EpisodeDelays: Sendable, Equatable {
    var episodes = 0
    /// Episodes whose first raise comes later, and by how much at most.
    var delayed = 0
    var delayMax = Span.zero
    /// Episodes that raise nothing any more, and how long the longest of them was.
    var lost = 0
    var lostLongest = Span.zero

    init(before: [RuleLife], after: [RuleLife], end: Timestamp) {
        var starts: [Timestamp] = []
        var stops: [Timestamp] = []
        for life in before {
            let stop = life.cleared ?? max(end, life.raised)
            if let last = stops.last, life.raised - last <= AlarmFigures.chatterTime {
                stops[stops.count - 1] = max(last, stop)
            } else {
                starts.append(life.raised)
                stops.append(stop)
            }
        }
        episodes = starts.count
        for (number, start) in starts.enumerated() {
            let next = number + 1 < starts.count ? starts[number + 1] : .distantFuture
            let heard = after.first { life in
                life.raised < next && (life.cleared ?? .distantFuture) >= start
            }
            guard let heard else {
                lost += 1
                lostLongest = max(lostLongest, stops[number] - start)
                continue
            }
            let delay = max(heard.raised - start, .zero)
            if delay > .zero { delayed += 1 }
            delayMax = max(delayMax, delay)
        }
    }
}
