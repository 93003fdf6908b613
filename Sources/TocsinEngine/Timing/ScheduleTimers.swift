// Rules that ask for the time of the week are evaluated where it changes, with or without a sample.
// A change is a deadline like that of a delay: it is stamped with its own time, and fires when a
// sample of the rule's stream (or of one that it reads) reaches it, before that sample is applied;
// or, if none comes, `limits.lateness` later on the gateway's clock. It is never the length of a
// wait: a wall clock that is set forward moves delays along, but not these.
//
// An evaluation at an older time (a backlog) sees the schedule as it was then, and the change that
// follows it fires once more. After a long gap only the newest change is evaluated.

import TocsinModel

extension Engine {
    /// What a feed's gap may hold of changes and re-alarms; before its last 40 days they are left
    /// out, so that a feed that leaps by centuries ends.
    static let catchUp = Span(milliseconds: 40 * 86_400_000)
    /// Every schedule that changes at all does so within a week.
    private static let week = Span(milliseconds: 7 * 86_400_000)

    /// A new rule's first change is watched, from now.
    mutating func watchSchedules(_ rule: Int) {
        guard asksSchedules(rule) else { return }
        hasSchedules = true
        followSchedules(Int(rules[rule].timing), to: now)
    }

    func asksSchedules(_ rule: Int) -> Bool {
        rules[rule].timing >= 0 && !timings[Int(rules[rule].timing)].schedules.isEmpty
    }

    /// Keeps a rule's next change current: it is evaluated as of `time`.
    mutating func followSchedules(_ number: Int, to time: Timestamp) {
        if time >= timings[number].from && time < timings[number].until { return }
        timings[number].from = time
        timings[number].until = nextChange(number, after: time) ?? .distantFuture
        timings[number].due = .max
        guard timings[number].until != .distantFuture else { return }
        timings[number].due =
            (max(now, timings[number].until) + ruleSet.options.lateness).milliseconds
        enqueueSchedule(number)
    }

    /// Puts the change into the heap unless an entry at least as early is there.
    mutating func enqueueSchedule(_ number: Int) {
        guard timings[number].due < timings[number].heapTime else { return }
        timings[number].heapTime = timings[number].due
        heap.insert(
            DeadlineHeap.Entry(
                time: timings[number].due, owner: DeadlineHeap.Owner(.schedule, number)))
    }

    private func nextChange(_ number: Int, after time: Timestamp) -> Timestamp? {
        let binding = Int(rules[Int(timings[number].rule)].binding)
        let offset = ruleSet.site.utcOffsetMinutes
        var earliest: Timestamp?
        for position in timings[number].schedules {
            let schedule = bindings[binding].binding.pack.schedules[position]
            guard let change = schedule.nextChange(after: time, offsetMinutes: offset) else {
                continue
            }
            earliest = min(earliest ?? change, change)
        }
        return earliest
    }

    /// Evaluates what of a rule asks for the time of the week; its chain is to be settled.
    mutating func evaluateSchedules(_ number: Int, at time: Timestamp) {
        let rule = Int(timings[number].rule)
        evaluatedAt = time
        for position in timings[number].groups.indices {
            let tally = tally(of: UInt16(timings[number].groups[position]), rule: rule)
            guard tally >= 0 else { continue }
            for ballot in tallies[tally].ballots { cast(Int(ballot), cannotClear: false) }
        }
        guard timings[number].conditionHasSchedule else {
            followSchedules(number, to: time)
            if timings[number].unlessHasSchedule { evaluateUnless(number, at: time) }
            return
        }
        let flags = streams[bindings[Int(rules[rule].binding)].stream].flags
        evaluate(
            rule, at: time, cannotClear: flags.contains(.retained) && flags.contains(.noTime))
    }

    /// Changes and delays up to `time` in event time, in their order; of one instant delays first.
    mutating func fireSchedules(
        _ stream: Int, until time: Timestamp, appendingTo events: inout [Event]
    ) {
        while let change = earliestChange(stream), change <= time {
            fireDelays(stream, until: change, appendingTo: &events)
            dueSchedules.removeAll(keepingCapacity: true)
            forEachDecided(by: stream) { engine, rule in
                let number = Int(engine.rules[rule].timing)
                guard number >= 0, engine.timings[number].until == change else { return }
                // A rule may ask several groups of one member.
                if !engine.dueSchedules.contains(Int32(number)) {
                    engine.dueSchedules.append(Int32(number))
                }
            }
            evaluateDue(at: change, appendingTo: &events)
        }
    }

    private mutating func earliestChange(_ stream: Int) -> Timestamp? {
        var earliest = Timestamp.distantFuture
        forEachDecided(by: stream) { engine, rule in
            let number = Int(engine.rules[rule].timing)
            if number >= 0 { earliest = min(earliest, engine.timings[number].until) }
        }
        return earliest == .distantFuture ? nil : earliest
    }

    /// The rules that a sample of this stream has evaluated: its own, those that read it, and those
    /// that ask a group of which it is a member.
    private mutating func forEachDecided(
        by stream: Int, _ body: (inout Engine, _ rule: Int) -> Void
    ) {
        for binding in streams[stream].bindings {
            for rule in bindings[binding].rules { body(&self, rule) }
        }
        for position in streams[stream].dependents.indices {
            body(&self, Int(streams[stream].dependents[position]))
        }
        for ballot in streams[stream].ballots {
            let tally = Int(ballots[ballot].tally)
            for position in tallies[tally].dependents.indices {
                body(&self, Int(tallies[tally].dependents[position]))
            }
        }
    }

    /// A rule's change comes up on the gateway's clock: it is reached, or it has moved.
    mutating func scheduleDue(_ number: Int, at time: Int64, arrival: Timestamp) {
        guard timings[number].heapTime == time else { return }
        timings[number].heapTime = .max
        let oldest = (arrival - Engine.catchUp).milliseconds
        if timings[number].due != .max && timings[number].due < oldest {
            timings[number].due = oldest
        }
        if timings[number].due > time {
            enqueueSchedule(number)
            return
        }
        // Of several that were slept through, the newest.
        let latest = Timestamp(milliseconds: time) - ruleSet.options.lateness
        if timings[number].until < latest - Engine.week {
            timings[number].until = latest - Engine.week
        }
        while let next = nextChange(number, after: timings[number].until), next <= latest {
            timings[number].until = next
        }
        dueSchedules.append(Int32(number))
    }

    /// Evaluates the rules whose change the gateway's clock has reached, those of one instant
    /// together, before their chains are settled.
    mutating func fireDueSchedules(appendingTo events: inout [Event]) {
        guard !dueSchedules.isEmpty else { return }
        var due: ContiguousArray<Int32> = []
        swap(&due, &dueSchedules)
        due.sort { a, b in
            let (first, second) = (timings[Int(a)].until, timings[Int(b)].until)
            return first != second ? first < second : a < b
        }
        var start = 0
        while start < due.count {
            let change = timings[Int(due[start])].until
            var end = start
            while end < due.count, timings[Int(due[end])].until == change { end += 1 }
            dueSchedules.append(contentsOf: due[start..<end])
            evaluateDue(at: change, appendingTo: &events)
            start = end
        }
    }

    private mutating func evaluateDue(at change: Timestamp, appendingTo events: inout [Event]) {
        for position in dueSchedules.indices {
            evaluateSchedules(Int(dueSchedules[position]), at: change)
        }
        for position in dueSchedules.indices {
            let rule = Int(timings[Int(dueSchedules[position])].rule)
            settle(rule: rule, at: change, appendingTo: &events)
        }
        dueSchedules.removeAll(keepingCapacity: true)
    }

    /// A wall clock that was set forward has come nearer to every change.
    mutating func shiftSchedules(by step: Span) {
        for number in timings.indices {
            // The entries in the heap have been moved along; earlier ones take their place.
            if timings[number].heapTime != .max {
                timings[number].heapTime += step.milliseconds
            }
            guard timings[number].due != .max else { continue }
            timings[number].due =
                (max(now, timings[number].until) + ruleSet.options.lateness).milliseconds
            enqueueSchedule(number)
        }
    }
}
