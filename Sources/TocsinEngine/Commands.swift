package import TocsinModel

// What operators do to an alarm (ISA-18.2): a refusal always says why.

extension Engine {
    /// Executes a command; the events it makes are appended.
    package mutating func execute(
        _ command: AlarmCommand, arrival: Timestamp, appendingTo events: inout [Event]
    ) -> CommandOutcome {
        advance(to: arrival, appendingTo: &events)
        guard let chain = chainByAlarm[AlarmKey(alarm: command.alarm, mode: command.mode)] else {
            return .unknownAlarm
        }
        let note = EventNote(by: command.by, reason: command.reason)
        switch command.verb {
        case .acknowledge: return acknowledge(chain, note, appendingTo: &events)
        case .reset:
            return reset(
                chain, note, confirmsOverRange: command.confirmsOverRange, appendingTo: &events)
        }
    }

    private mutating func acknowledge(
        _ chain: Int, _ note: EventNote, appendingTo events: inout [Event]
    ) -> CommandOutcome {
        let before = chains[chain].state
        switch before {
        case .unacknowledged: chains[chain].state = .acknowledged
        case .returnedUnacknowledged: chains[chain].state = .normal
        case .latchedUnacknowledged: chains[chain].state = .latchedAcknowledged
        case .normal: return .refused(reason: "the alarm is normal: nothing to acknowledge")
        case .acknowledged, .latchedAcknowledged:
            return .refused(reason: "the alarm is acknowledged already")
        }
        if before == .unacknowledged { countReAlarm(chain, from: now) }
        return say(.acknowledged, chain, from: before, note, appendingTo: &events)
    }

    private mutating func reset(
        _ chain: Int, _ note: EventNote, confirmsOverRange: Bool,
        appendingTo events: inout [Event]
    ) -> CommandOutcome {
        let before = chains[chain].state
        if before == .normal { return .refused(reason: "the alarm is normal: nothing to reset") }
        if before.isUnacknowledged {
            return .refused(reason: "acknowledge the alarm first: nobody has taken note of it yet")
        }
        let number = Int(chains[chain].binding)
        if bindings[number].overIsLatched {
            guard confirmsOverRange else {
                return .refused(
                    reason: "over-range is latched: the sensor may read low above its range. "
                        + "Measure on site, then reset with the over-range confirmed")
            }
            if bindings[number].over {
                return .refused(reason: "the sensor is still beyond its measuring range")
            }
            if let refusal = conditionWithoutLatch(chain) { return .refused(reason: refusal) }
            return releaseOverRange(chain, note, appendingTo: &events)
        }
        if let refusal = openCondition(chain) { return .refused(reason: refusal) }
        guard before == .latchedAcknowledged else {
            return .refused(
                reason: "the alarm does not wait for a reset: it clears after its off-delay")
        }
        chains[chain].state = .normal
        return say(.reset, chain, from: before, note, appendingTo: &events)
    }

    /// Why the condition keeps the alarm from being reset; nil when it does not.
    private func openCondition(_ chain: Int) -> String? {
        let stream = bindings[Int(chains[chain].binding)].stream
        let isStale = streams[stream].isStale
        let isGroup = streams[stream].kind == .seat
        for rule in chains[chain].rules {
            let name = definition(Int(rule)).shortName
            // Also while an on-delay runs: the condition is true before it raises again.
            if rules[Int(rule)].truth == .yes {
                return "the condition of \(name) is still true"
            }
            if definition(Int(rule)).trigger == .condition
                && (isStale || rules[Int(rule)].truth == .unknown)
            {
                return isGroup
                    ? "the condition of \(name) is unknown: members are silent or bad"
                    : "the condition of \(name) is unknown: the sensor is silent or bad"
            }
        }
        return nil
    }

    /// Why the condition would stay open without the latched over-range; nil when it would not.
    private mutating func conditionWithoutLatch(_ chain: Int) -> String? {
        let number = Int(chains[chain].binding)
        if streams[bindings[number].stream].isStale || bindings[number].quality != .good
            || bindings[number].isUndecided
        {
            return "the condition is unknown: the sensor is silent or bad"
        }
        bindings[number].overIsLatched = false
        defer { bindings[number].overIsLatched = true }
        evaluatedAt = now
        for rule in chains[chain].rules.map(Int.init) where rules[rule].trigger == .condition {
            let memory = rules[rule].memory
            defer { rules[rule].memory = memory }
            if truth(of: rule) == .yes {
                return "the condition of \(definition(rule).shortName) is still true"
            }
        }
        return nil
    }

    /// The latched over-range ends; the conditions are looked at again, and clear as usual.
    private mutating func releaseOverRange(
        _ chain: Int, _ note: EventNote, appendingTo events: inout [Event]
    ) -> CommandOutcome {
        let number = Int(chains[chain].binding)
        bindings[number].overIsLatched = false
        let outcome = say(
            .reset, chain, from: chains[chain].state, note, appendingTo: &events)
        for rule in bindings[number].rules where rules[rule].trigger == .condition {
            evaluate(rule, at: now, cannotClear: false)
        }
        for other in bindings[number].chains {
            settle(other, at: now, cause: nil, appendingTo: &events)
        }
        let stream = bindings[number].stream
        castBallots(of: stream, cannotClear: false)
        evaluateGroups(
            of: stream, at: now, cannotClear: false, isSample: false, appendingTo: &events)
        return outcome
    }

    private mutating func say(
        _ kind: EventKind, _ chain: Int, from: AlarmState, _ note: EventNote,
        appendingTo events: inout [Event]
    ) -> CommandOutcome {
        let rank = max(chains[chain].level, 0)
        emit(
            kind, chain: chain, rank: rank, from: from, at: now, cause: nil, note: note,
            appendingTo: &events)
        let id = events[events.count - 1].id
        if chains[chain].state == .normal { close(chain) }
        return .accepted(event: id)
    }
}
