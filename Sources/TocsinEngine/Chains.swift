// A chain is one alarm: rules joined by `supersedes` (a ladder), lowest first, or a single rule.
// `settle` compares what holds now with what stands, and says the difference:
//
//   nothing stood, something holds            raised (the highest that holds)
//   a higher level holds than was said last   escalated, unacknowledged again
//   only a lower level holds                  de-escalated, unless the standing level latches
//   nothing holds                             cleared: normal, returned-unacknowledged or latched
//   it had returned or latched, and holds     raised again, the same occurrence goes on
//
// `raised` and `cleared` name the rule that opened the occurrence, `escalated` and `de-escalated`
// the level now in force; the alarm's id is made from the chain's lowest rule and stays the same
// through the whole ladder. An occurrence ends when the state is normal.

import TocsinModel

extension Engine {
    /// Brings one chain into line with its rules; `cause` is the sample in hand, nil for a deadline.
    mutating func settle(
        _ chain: Int, at time: Timestamp, cause: Sample?, appendingTo events: inout [Event]
    ) {
        defer { notePeak(chain, cause: cause) }
        if chains[chain].isSuppressible || !chains[chain].suppression.isEmpty {
            settleSuppressible(chain, at: time, cause: cause, appendingTo: &events)
            return
        }
        var top: Int32 = -1
        // By position: walking the array itself copies the whole chain's state, at every sample.
        for position in chains[chain].rules.indices {
            let rule = Int(chains[chain].rules[position])
            if rules[rule].phase.holds { top = max(top, rules[rule].rank) }
        }
        annunciate(chain, top, at: time, cause: cause, appendingTo: &events)
    }

    /// Says the difference between `top`, the highest rank that holds, and what stands.
    mutating func annunciate(
        _ chain: Int, _ top: Int32, at time: Timestamp, cause: Sample?,
        appendingTo events: inout [Event]
    ) {
        let state = chains[chain].state
        switch state {
        case .normal:
            if top >= 0 { open(chain, top, at: time, cause: cause, appendingTo: &events) }
        case .unacknowledged, .acknowledged:
            if top > chains[chain].spoken {
                move(chain, to: top, kind: .escalated, at: time, cause, appendingTo: &events)
            } else if top < 0 {
                clear(chain, at: time, cause: cause, appendingTo: &events)
            } else if top < chains[chain].spoken {
                if latches(chain) {
                    chains[chain].spoken = top
                } else {
                    move(chain, to: top, kind: .deEscalated, at: time, cause, appendingTo: &events)
                }
            }
        case .returnedUnacknowledged, .latchedUnacknowledged, .latchedAcknowledged:
            if top >= 0 { recur(chain, top, at: time, cause: cause, appendingTo: &events) }
        }
    }

    /// Whether the level that stands stays until reset.
    private func latches(_ chain: Int) -> Bool {
        let level = chains[chain].level
        return level >= 0 && rule(of: chain, rank: level).latch
    }

    func rule(of chain: Int, rank: Int32) -> Rule {
        definition(Int(chains[chain].rules[Int(rank)]))
    }

    private mutating func open(
        _ chain: Int, _ top: Int32, at time: Timestamp, cause: Sample?,
        appendingTo events: inout [Event]
    ) {
        let opener = Int(chains[chain].rules[Int(top)])
        chains[chain].level = top
        chains[chain].spoken = top
        chains[chain].openingRank = top
        chains[chain].state = .unacknowledged
        chains[chain].raisedAt = time
        chains[chain].onset = rules[opener].began
        chains[chain].peak = .nan
        chains[chain].occurrence = nil
        notePeak(chain, cause: cause)
        emit(
            .raised, chain: chain, rank: top, from: .normal, at: time, cause: cause,
            appendingTo: &events)
        countReAlarm(chain, from: time)
    }

    mutating func recur(
        _ chain: Int, _ top: Int32, at time: Timestamp, cause: Sample?,
        appendingTo events: inout [Event]
    ) {
        let before = chains[chain].state
        chains[chain].state = .unacknowledged
        chains[chain].level = max(top, latches(chain) ? chains[chain].level : top)
        chains[chain].spoken = top
        chains[chain].onset = rules[Int(chains[chain].rules[Int(top)])].began
        emit(
            .raised, chain: chain, rank: top, from: before, at: time, cause: cause,
            appendingTo: &events)
        countReAlarm(chain, from: time)
    }

    private mutating func move(
        _ chain: Int, to top: Int32, kind: EventKind, at time: Timestamp, _ cause: Sample?,
        appendingTo events: inout [Event]
    ) {
        let before = chains[chain].state
        let from = chains[chain].spoken
        chains[chain].level = kind == .escalated ? max(top, chains[chain].level) : top
        chains[chain].spoken = top
        if kind == .escalated { chains[chain].state = .unacknowledged }
        emit(
            kind, chain: chain, rank: top, from: before, previousRank: from, at: time, cause: cause,
            appendingTo: &events)
        if kind == .escalated { countReAlarm(chain, from: time) }
    }

    mutating func clear(
        _ chain: Int, at time: Timestamp, cause: Sample?, appendingTo events: inout [Event]
    ) {
        let before = chains[chain].state
        let isLatched = latches(chain)
        switch (before == .acknowledged, isLatched) {
        case (true, true): chains[chain].state = .latchedAcknowledged
        case (true, false): chains[chain].state = .normal
        case (false, true): chains[chain].state = .latchedUnacknowledged
        case (false, false): chains[chain].state = .returnedUnacknowledged
        }
        chains[chain].spoken = -1
        emit(
            .cleared, chain: chain, rank: chains[chain].openingRank, from: before, at: time,
            cause: cause, appendingTo: &events)
        if chains[chain].state == .normal { close(chain) }
    }

    /// The occurrence is over.
    mutating func close(_ chain: Int) {
        chains[chain].level = -1
        chains[chain].spoken = -1
        chains[chain].openingRank = -1
        chains[chain].occurrence = nil
        chains[chain].lastEvent = nil
        chains[chain].peak = .nan
    }

    /// Keeps the value furthest in the alarm's direction since it was raised.
    private mutating func notePeak(_ chain: Int, cause: Sample?) {
        guard chains[chain].level >= 0 else { return }
        switch chains[chain].state {
        case .unacknowledged, .acknowledged: break
        case .normal, .returnedUnacknowledged, .latchedUnacknowledged, .latchedAcknowledged: return
        }
        let value = bindings[Int(chains[chain].binding)].value
        guard !value.isNaN else { return }
        let peak = chains[chain].peak
        let isFurther = chains[chain].isLow ? value < peak : value > peak
        if peak.isNaN || isFurther {
            chains[chain].peak = value
            // Its sample's time, not that of the deadline in hand.
            let stream = bindings[Int(chains[chain].binding)].stream
            chains[chain].peakTime = cause?.time ?? streams[stream].time
        }
    }
}
