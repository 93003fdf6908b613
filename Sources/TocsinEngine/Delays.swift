// On- and off-delay of each rule, and the two clocks that end them.
//
//             yes                    deadline
//   off ───────────────▶ pendingOn ───────────▶ on ──┐
//    ▲ ◀──────── no ─────────┘                  │ ▲  │
//    │ deadline                              no │ │ yes or unknown
//    └─────────────────── pendingOff ◀──────────┘ └──┘
//
// Unknown neither starts nor stops an on-delay; it stops an off-delay (contract §4). A delay ends in
// event time, when a sample reaches its deadline, or on the gateway's clock, when delay + lateness
// have passed since the sample that began it arrived. The stamp is the deadline either way.
//
// A minimum hold makes an off-delay longer, and votes of samples decide what is true: `RuleTiming`.

import TocsinModel

extension Engine {
    /// Evaluates a rule's condition and moves its delay on.
    mutating func evaluate(
        _ rule: Int, at time: Timestamp, cannotClear: Bool, isOwnSample: Bool = false
    ) {
        if rules[rule].partner >= 0 {
            evaluateVoteOut(of: rule, at: time, cannotClear: cannotClear)
        }
        evaluatedAt = time
        let timing = Int(rules[rule].timing)
        if timing >= 0 {
            // An older sample of another stream, or a reload, does not turn the week back.
            if !isOwnSample { evaluatedAt = max(time, timings[timing].from) }
            followSchedules(timing, to: evaluatedAt)
            evaluateUnless(timing, at: evaluatedAt)
            // Votes are those of own samples.
            guard rules[rule].trigger == .condition, isOwnSample || timings[timing].vote == nil
            else { return }
        }
        let memory = rules[rule].memory
        var truth = truth(of: rule)
        if truth == .no && cannotClear {
            truth = .unknown
            rules[rule].memory = memory
        }
        if timing >= 0, let vote = timings[timing].vote {
            truth = timings[timing].count(truth, vote)
        }
        advancePhase(rule, truth: truth, at: time)
    }

    /// Moves one rule between its phases.
    mutating func advancePhase(_ rule: Int, truth: Truth, at time: Timestamp) {
        rules[rule].truth = truth
        switch (rules[rule].phase, truth) {
        case (.off, .yes):
            rules[rule].began = time
            if rules[rule].onDelay == .zero {
                rules[rule].phase = .on
                rules[rule].deadline = time
            } else {
                rules[rule].phase = .pendingOn
                arm(rule, delay: rules[rule].onDelay, from: time)
            }
        case (.pendingOn, .no):
            rules[rule].phase = .off
            disarm(rule)
        case (.on, .no):
            let end = end(rule, from: time)
            if end <= time {
                rules[rule].phase = .off
                rules[rule].deadline = time
            } else {
                rules[rule].phase = .pendingOff
                if rules[rule].timing >= 0 {
                    timings[Int(rules[rule].timing)].offBegan = time
                }
                arm(rule, delay: end - time, from: time)
            }
        case (.pendingOff, .yes), (.pendingOff, .unknown):
            rules[rule].phase = .on
            disarm(rule)
        case (.off, .no), (.off, .unknown), (.pendingOn, .yes), (.pendingOn, .unknown),
            (.on, .yes), (.on, .unknown), (.pendingOff, .no):
            break
        }
    }

    private mutating func arm(_ rule: Int, delay: Span, from time: Timestamp) {
        rules[rule].deadline = time + delay
        let due = (now + delay + ruleSet.options.lateness).milliseconds
        rules[rule].arrivalDeadline = due
        enqueue(rule, due)
    }

    /// Puts the rule into the heap unless an entry at least as early is there: that one asks the
    /// rule when it comes up. So a rule has two entries at most, one for each of its delays.
    private mutating func enqueue(_ rule: Int, _ due: Int64) {
        guard due < rules[rule].heapTime else { return }
        rules[rule].heapTime = due
        heap.insert(DeadlineHeap.Entry(time: due, owner: DeadlineHeap.Owner(.delay, rule)))
    }

    private mutating func disarm(_ rule: Int) {
        rules[rule].deadline = .distantFuture
        rules[rule].arrivalDeadline = .max
    }

    /// The delay of this rule is over: it holds, or it does no longer.
    mutating func fire(_ rule: Int) {
        rules[rule].phase = rules[rule].phase == .pendingOn ? .on : .off
        rules[rule].arrivalDeadline = .max
    }

    func isArmed(_ rule: Int) -> Bool {
        rules[rule].phase == .pendingOn || rules[rule].phase == .pendingOff
    }

    /// Time passes on the gateway's clock: fires what is due, in (deadline, rule) order. Rules due
    /// at the same instant fire together, so that of two levels only the higher is said.
    mutating func advance(to arrival: Timestamp, appendingTo events: inout [Event]) {
        precondition(arrival >= now, "the arrival time must not go back")
        firesByGatewayClock = true
        defer { firesByGatewayClock = false }
        while let first = heap.earliest, first.time <= arrival.milliseconds {
            now = max(now, Timestamp(milliseconds: first.time))
            touched.removeAll(keepingCapacity: true)
            while let entry = heap.earliest, entry.time == first.time {
                // What ends at the same instant is not annunciated anew.
                let waits = !touched.isEmpty || !dueSchedules.isEmpty
                if waits && entry.owner.kind == .reAlarm { break }
                heap.removeFirst()
                let number = entry.owner.number
                switch entry.owner.kind {
                case .silence: staleDue(number, at: entry.time, appendingTo: &events)
                case .delay: ruleDue(number, at: entry.time)
                case .schedule: scheduleDue(number, at: entry.time, arrival: arrival)
                case .reAlarm:
                    reAlarmDue(number, at: entry.time, arrival: arrival, appendingTo: &events)
                }
            }
            fireTouched(appendingTo: &events)
            fireDueSchedules(appendingTo: &events)
        }
        now = max(now, arrival)
    }

    /// Fires the rules in `touched`, all due by the gateway's clock, in the order of their
    /// deadlines in event time; those of one instant fire together before their chains are settled.
    private mutating func fireTouched(appendingTo events: inout [Event]) {
        guard !touched.isEmpty else { return }
        var due: ContiguousArray<Int32> = []
        swap(&due, &touched)
        due.sort { a, b in
            let (first, second) = (rules[Int(a)].deadline, rules[Int(b)].deadline)
            return first != second ? first < second : a < b
        }
        var start = 0
        while start < due.count {
            let deadline = rules[Int(due[start])].deadline
            var end = start
            while end < due.count, rules[Int(due[end])].deadline == deadline {
                fire(Int(due[end]))
                end += 1
            }
            for rule in due[start..<end] {
                settle(Int(rules[Int(rule)].chain), at: deadline, cause: nil, appendingTo: &events)
            }
            start = end
        }
        swap(&due, &touched)
    }

    private mutating func ruleDue(_ rule: Int, at time: Int64) {
        guard rules[rule].heapTime == time else { return }
        rules[rule].heapTime = .max
        guard isArmed(rule) else { return }
        if rules[rule].arrivalDeadline > time {
            enqueue(rule, rules[rule].arrivalDeadline)
        } else {
            touched.append(Int32(rule))
        }
    }

    /// Fires what ends, or changes, at or before `time` in event time, among the rules that this
    /// stream's samples decide.
    mutating func fireEventDeadlines(
        _ stream: Int, until time: Timestamp, appendingTo events: inout [Event]
    ) {
        if hasSchedules {
            fireSchedules(stream, until: time, appendingTo: &events)
        }
        fireDelays(stream, until: time, appendingTo: &events)
    }

    /// Fires the delays that end at or before `time` in event time.
    mutating func fireDelays(
        _ stream: Int, until time: Timestamp, appendingTo events: inout [Event]
    ) {
        while let deadline = earliestDeadline(stream), deadline <= time {
            touched.removeAll(keepingCapacity: true)
            for binding in streams[stream].bindings {
                for rule in bindings[binding].rules
                where isArmed(rule) && rules[rule].deadline == deadline {
                    fire(rule)
                    touched.append(Int32(rule))
                }
            }
            for rule in streams[stream].dependents
            where isArmed(Int(rule)) && rules[Int(rule)].deadline == deadline {
                fire(Int(rule))
                touched.append(rule)
            }
            fireGroups(of: stream, deadline: deadline)
            for rule in touched {
                settle(
                    Int(rules[Int(rule)].chain), at: deadline, cause: nil, appendingTo: &events)
            }
        }
    }

    /// Mutating for speed alone: see `exceeds`.
    private mutating func earliestDeadline(_ stream: Int) -> Timestamp? {
        var earliest = Timestamp.distantFuture
        for binding in streams[stream].bindings {
            for rule in bindings[binding].rules where isArmed(rule) {
                earliest = min(earliest, rules[rule].deadline)
            }
        }
        for rule in streams[stream].dependents where isArmed(Int(rule)) {
            earliest = min(earliest, rules[Int(rule)].deadline)
        }
        earliest = min(earliest, earliestGroupDeadline(stream))
        return earliest == .distantFuture ? nil : earliest
    }

    /// The count on the gateway's clock begins anew, so that a backlog speaks first (contract §4).
    mutating func restartDelays(ofBroker broker: UInt8) {
        for rule in rules.indices where isArmed(rule) {
            let stream = bindings[Int(rules[rule].binding)].stream
            guard streams[stream].broker == broker else { continue }
            rules[rule].arrivalDeadline =
                (now + delay(rule) + ruleSet.options.lateness).milliseconds
            enqueue(rule, rules[rule].arrivalDeadline)
        }
    }

    /// The wall clock jumped forward by `step`: no time has passed, so every count moves along.
    mutating func shiftClock(by step: Span) {
        now = now + step
        for stream in streams.indices where streams[stream].everHeard {
            streams[stream].heard = streams[stream].heard + step
        }
        for broker in brokers.indices { brokers[broker].backAt = brokers[broker].backAt + step }
        heap.shift(by: step.milliseconds)
        for rule in rules.indices {
            if rules[rule].arrivalDeadline != .max {
                rules[rule].arrivalDeadline += step.milliseconds
            }
            if rules[rule].heapTime != .max { rules[rule].heapTime += step.milliseconds }
        }
        for binding in bindings.indices where bindings[binding].heapTime != .max {
            bindings[binding].heapTime += step.milliseconds
        }
        shiftSchedules(by: step)
        shiftReAlarms(by: step)
    }
}
