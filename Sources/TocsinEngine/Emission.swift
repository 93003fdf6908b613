import TocsinModel

// Events, filled from the engine's state at the moment of the change.

extension Engine {
    /// Says a change of a chain. `rank` names the rule, `from` the state before.
    mutating func emit(
        _ kind: EventKind, chain: Int, rank: Int32, from: AlarmState, previousRank: Int32? = nil,
        at time: Timestamp, cause: Sample?, note: EventNote? = nil,
        appendingTo events: inout [Event]
    ) {
        let number = Int(chains[chain].binding)
        let stream = streams[bindings[number].stream]
        let rule = Int(chains[chain].rules[Int(rank)])
        var event = Event(
            kind, mode: mode(of: stream),
            id: identify(kind, rule: definition(rule).name, stream: stream.name, time),
            time: time, ruleSet: ruleSet)
        event.received = now
        event.byGatewayClock = firesByGatewayClock
        event.receivedNanoseconds = nowNanoseconds
        event.binding = bindings[number].binding
        event.rule = Int(rules[rule].rule)
        event.alarm = chains[chain].id
        event.priority = definition(rule).priority
        event.previousPriority = previousRank.map { self.rule(of: chain, rank: $0).priority }
        event.state = chains[chain].state
        event.previousState = from
        event.suppression = chains[chain].suppression.word
        event.note = note
        if stream.kind == .seat {
            describeSeat(&event, stream)
        } else {
            describe(&event, stream: stream, binding: number, cause: cause)
        }
        event.degraded =
            rules[rule].truth == .unknown
            || (kind == .raised || kind == .escalated)
                && brokers[Int(stream.broker)].isLost
        describeGroups(&event, rule: rule)
        if kind == .raised || kind == .escalated { event.trend = trend(ofRule: rule) }
        link(&event, chain: chain)
        noteWatched(event.id, rule: rule)
        events.append(event)
    }

    /// The occurrence's chain of events, its times and its peak.
    private mutating func link(_ event: inout Event, chain: Int) {
        // A hidden alarm that was never annunciated has no occurrence yet when that ends.
        if chains[chain].occurrence == nil && event.kind == .raised {
            chains[chain].occurrence = event.id
        }
        event.occurrence = chains[chain].occurrence
        event.previous = chains[chain].lastEvent
        chains[chain].lastEvent = event.id
        guard event.occurrence != nil else { return }
        event.onset = chains[chain].onset
        // Never negative: a stamp of another stream, or of a late sample, may lie before the raise.
        if event.kind != .raised {
            event.duration = max(.zero, event.time - chains[chain].raisedAt)
        }
        if !chains[chain].peak.isNaN {
            event.peak = chains[chain].peak
            event.peakTime = chains[chain].peakTime
        }
    }

    private func describe(
        _ event: inout Event, stream: StreamState, binding number: Int, cause: Sample?
    ) {
        let isCause = cause?.flags.contains(.late) ?? false
        let flags = isCause ? cause?.flags ?? [] : stream.flags
        if isCause, let cause {
            event.sourceValue = cause.sourceValue
            event.sourceUnit = cause.sourceUnit
        } else if stream.time != .distantPast {
            event.sourceValue = stream.sourceValue
            event.sourceUnit = stream.sourceUnit
        }
        event.sourceIsWord = flags.contains(.word)
        let value = bindings[number].value
        event.value = value.isNaN ? nil : value
        if stream.time != .distantPast { event.quality = bindings[number].quality }
        let isGateways = flags.contains(.badTime) || flags.contains(.noTime)
        event.timeSource = isGateways || stream.time == .distantPast ? .gateway : .sensor
        event.retained = flags.contains(.retained)
    }

    /// Says something about a stream that is no alarm.
    mutating func emitStream(
        _ kind: EventKind, binding number: Int, at time: Timestamp,
        appendingTo events: inout [Event]
    ) {
        let stream = streams[bindings[number].stream]
        var event = Event(
            kind, mode: mode(of: stream),
            id: identify(kind, rule: "", stream: stream.name, time), time: time,
            ruleSet: ruleSet)
        event.received = now
        event.receivedNanoseconds = nowNanoseconds
        event.binding = bindings[number].binding
        describe(&event, stream: stream, binding: number, cause: nil)
        events.append(event)
    }

    /// Says something about the system; the event's time is that of the input in hand.
    mutating func emitSystem(
        _ kind: EventKind, note: EventNote, mode: Mode? = nil, appendingTo events: inout [Event]
    ) {
        let id = identify(kind, rule: "", stream: "", now)
        var event = Event(
            kind, mode: mode ?? (isOffline ? .replay : .live), id: id, time: now, ruleSet: ruleSet)
        event.received = now
        event.timeSource = .gateway
        event.note = note
        events.append(event)
    }

    /// The id of the next event of this rule, stream and kind at `time`.
    mutating func identify(
        _ kind: EventKind, rule: String, stream: String, _ time: Timestamp
    ) -> Identifier {
        let first = identity.event(rule: rule, stream: stream, kind: kind, time: time, n: 1)
        let n = counter.next(first)
        return n == 1
            ? first : identity.event(rule: rule, stream: stream, kind: kind, time: time, n: n)
    }

    /// Offline everything is replay, whatever the stream's own mode.
    private func mode(of stream: StreamState) -> Mode {
        isOffline && stream.mode == .live ? .replay : stream.mode
    }
}
