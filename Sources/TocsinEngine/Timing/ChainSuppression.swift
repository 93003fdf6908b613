// Suppression is separate from the alarm's state (contract §1, ISA-18.2 states G to I): while it
// lasts, conditions, delays and states go on, but nothing is annunciated.
//
// By design (`unless:`, `schedule:`) it is decided for each rule of a chain. A suppressed rule does
// not annunciate; the other levels of the ladder do. The chain is suppressed
//   – while suppressed rules hold and no other does: what holds is hidden; or
//   – while nothing holds and the level that stands is suppressed (it waits for acknowledgement or
//     reset), or was when `suppressed` was said.
//
//   it begins, an alarm stands        suppressed; the state is kept
//   it begins, nothing stands         –
//   while it lasts                    no raised, escalated, de-escalated, re-alarmed; `cleared`,
//                                     `acknowledged` and `reset` are said, marked
//   it ends                           unsuppressed where `suppressed` was said, or where the
//                                     condition holds, which was hidden until now
//   it ends, the condition holds      raised, unacknowledged: annunciated anew, the same
//                                     occurrence where the alarm stood
//
// What else hides alarms (a shelf, a command) is one more source, and works alike.

import TocsinModel

/// Who hides an alarm; several may at once.
struct SuppressionSources: OptionSet {
    var rawValue: UInt8

    /// `unless:` or `schedule:`.
    static let design = SuppressionSources(rawValue: 1)

    /// What events and the API call it.
    var word: Suppression { isEmpty ? .none : .suppressed }
}

extension Engine {
    /// Brings a chain some of whose rules may be suppressed into line with them.
    mutating func settleSuppressible(
        _ chain: Int, at time: Timestamp, cause: Sample?, appendingTo events: inout [Event]
    ) {
        var top: Int32 = -1
        var audible: Int32 = -1
        for position in chains[chain].rules.indices {
            let rule = Int(chains[chain].rules[position])
            guard rules[rule].phase.holds else { continue }
            top = max(top, rules[rule].rank)
            if !isQuiet(rule) { audible = max(audible, rules[rule].rank) }
        }
        if hides(chain, top: top, audible: audible) {
            hide(chain, top: top, at: time, cause: cause, appendingTo: &events)
            if top < 0 && chains[chain].state.holdsLevel {
                clear(chain, at: time, cause: cause, appendingTo: &events)
            }
        } else {
            show(chain, top: top, audible: audible, at: time, cause, appendingTo: &events)
            annunciate(chain, audible, at: time, cause: cause, appendingTo: &events)
        }
    }

    /// An alarm that was suppressed when the daemon stopped is so until its rule is evaluated; where
    /// a schedule decides, that is at once.
    mutating func takeUpSuppression(
        _ alarm: RestoredAlarm, _ chain: Int, appendingTo events: inout [Event]
    ) {
        guard alarm.suppression == .suppressed else { return }
        chains[chain].suppression.insert(.design)
        chains[chain].hiddenRank = chains[chain].level
        let number = Int(rules[Int(chains[chain].rules[Int(chains[chain].level)])].timing)
        if number >= 0 && timings[number].hasUnless {
            timings[number].isSuppressed = true
            if timings[number].unlessHasSchedule { evaluateSchedules(number, at: now) }
        }
        // Where the rule has no `unless` any more, the alarm comes forth.
        settle(chain, at: now, cause: nil, appendingTo: &events)
    }

    /// `isSuppressed`; mutating for speed alone: see `exceeds`.
    private mutating func isQuiet(_ rule: Int) -> Bool {
        let number = Int(rules[rule].timing)
        return number >= 0 && timings[number].isSuppressed
    }

    private mutating func hides(_ chain: Int, top: Int32, audible: Int32) -> Bool {
        guard audible < 0 else { return false }
        if top >= 0 { return true }
        let level = chains[chain].level
        let standing = level >= 0 ? level : chains[chain].hiddenRank
        return standing >= 0 && isQuiet(Int(chains[chain].rules[Int(standing)]))
    }

    private mutating func hide(
        _ chain: Int, top: Int32, at time: Timestamp, cause: Sample?,
        appendingTo events: inout [Event]
    ) {
        guard !chains[chain].suppression.contains(.design) else { return }
        chains[chain].suppression.insert(.design)
        guard chains[chain].state != .normal else { return }
        let level = chains[chain].level
        chains[chain].hiddenRank = level
        let because = rule(of: chain, rank: top >= 0 ? top : level).unlessText
        emit(
            .suppressed, chain: chain, rank: level, from: chains[chain].state, at: time,
            cause: cause, note: EventNote(reason: because),
            appendingTo: &events)
    }

    private mutating func show(
        _ chain: Int, top: Int32, audible: Int32, at time: Timestamp, _ cause: Sample?,
        appendingTo events: inout [Event]
    ) {
        guard chains[chain].suppression.contains(.design) else { return }
        chains[chain].suppression.remove(.design)
        let said = chains[chain].hiddenRank
        chains[chain].hiddenRank = -1
        // A lower level that annunciates beside a hidden one reveals nothing of that.
        let wasHidden = audible >= 0 && audible == top
        guard said >= 0 || wasHidden else { return }
        let level = chains[chain].level >= 0 ? chains[chain].level : max(said, audible)
        emit(
            .unsuppressed, chain: chain, rank: level, from: chains[chain].state, at: time,
            cause: cause, appendingTo: &events)
        if audible < 0 {
            // What comes next belongs to another occurrence.
            if chains[chain].state == .normal { chains[chain].lastEvent = nil }
        } else if chains[chain].state != .normal {
            recur(chain, audible, at: time, cause: cause, appendingTo: &events)
        }
    }
}
