// A standing alarm is annunciated anew (`re-alarmed`, unacknowledged) so long after it was last
// annunciated (raised, escalated, re-alarmed) or acknowledged; the interval is that of the level that
// stands. It counts on the gateway's clock, from the moment at which that was said; the stamp is the
// event's own time plus the interval, so that it is the same wherever the samples are evaluated.
// Not while the alarm is suppressed: its end annunciates by itself. After a start the count begins
// anew.

import TocsinModel

/// The count to the next annunciation of one chain.
struct ReAlarmState {
    var chain: Int32
    /// By the gateway's clock; `.max` = nothing is counted.
    var due = Int64.max
    /// What the event will be stamped with.
    var stamp = Timestamp.distantFuture
    var interval = Span.zero
    /// The earliest entry for this chain in the heap.
    var heapTime = Int64.max
}

extension Engine {
    /// People were told of this alarm, or took note of it, at `time`: the count begins anew.
    mutating func countReAlarm(_ chain: Int, from time: Timestamp) {
        let number = Int(chains[chain].reAlarm)
        guard number >= 0 else { return }
        reAlarms[number].due = .max
        let interval = rule(of: chain, rank: chains[chain].level).reAlarm ?? .zero
        guard interval > .zero, chains[chain].state.holdsLevel else { return }
        reAlarms[number].interval = interval
        reAlarms[number].stamp = time + interval
        reAlarms[number].due = (now + interval).milliseconds
        enqueueReAlarm(number)
    }

    private mutating func enqueueReAlarm(_ number: Int) {
        guard reAlarms[number].due < reAlarms[number].heapTime else { return }
        reAlarms[number].heapTime = reAlarms[number].due
        heap.insert(
            DeadlineHeap.Entry(
                time: reAlarms[number].due, owner: DeadlineHeap.Owner(.reAlarm, number)))
    }

    /// A chain's count comes up: it is over, or it has begun anew since.
    mutating func reAlarmDue(
        _ number: Int, at time: Int64, arrival: Timestamp, appendingTo events: inout [Event]
    ) {
        guard reAlarms[number].heapTime == time else { return }
        reAlarms[number].heapTime = .max
        let chain = Int(reAlarms[number].chain)
        guard reAlarms[number].due != .max, chains[chain].state.holdsLevel,
            chains[chain].suppression.isEmpty
        else {
            reAlarms[number].due = .max
            return
        }
        let skipped = (arrival - Engine.catchUp).milliseconds - reAlarms[number].due
        if skipped > 0 {
            reAlarms[number].due += skipped
            reAlarms[number].stamp = reAlarms[number].stamp + Span(milliseconds: skipped)
        }
        guard reAlarms[number].due <= time else {
            enqueueReAlarm(number)
            return
        }
        let before = chains[chain].state
        let stamp = reAlarms[number].stamp
        chains[chain].state = .unacknowledged
        emit(
            .reAlarmed, chain: chain, rank: chains[chain].level, from: before, at: stamp,
            cause: nil, appendingTo: &events)
        countReAlarm(chain, from: stamp)
    }

    /// Takes over the count of a chain of the set before; a moved interval counts from the same
    /// beginning.
    mutating func takeOver(_ old: ReAlarmState?, chain: Int) {
        let number = Int(chains[chain].reAlarm)
        guard number >= 0, chains[chain].level >= 0 else { return }
        guard let old, old.due != .max else {
            countReAlarm(chain, from: now)
            return
        }
        let interval = rule(of: chain, rank: chains[chain].level).reAlarm ?? .zero
        guard interval > .zero else { return }
        let shift = interval - old.interval
        reAlarms[number].interval = interval
        reAlarms[number].stamp = old.stamp + shift
        reAlarms[number].due =
            max(
                now, Timestamp(milliseconds: old.due) + shift
            ).milliseconds
        enqueueReAlarm(number)
    }

    /// No time has passed: every count moves along with the clock.
    mutating func shiftReAlarms(by step: Span) {
        for number in reAlarms.indices {
            if reAlarms[number].due != .max { reAlarms[number].due += step.milliseconds }
            if reAlarms[number].heapTime != .max {
                reAlarms[number].heapTime += step.milliseconds
            }
        }
    }
}
