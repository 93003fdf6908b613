import TocsinModel

// Silence, quality and clocks: what makes the trouble rules of a pack true.

extension Engine {
    /// The stream was heard: a heartbeat unless the message was retained.
    mutating func noteHeard(
        _ sample: Sample, stream: Int, appendingTo events: inout [Event]
    ) {
        if sample.flags.contains(.late) { counts.lateSamples += 1 }
        streams[stream].broker = sample.broker
        noteClock(sample, stream: stream, appendingTo: &events)
        // A retained message is no heartbeat; but from the first one on, silence counts.
        beginSilence(stream)
        guard !sample.flags.contains(.retained) else { return }
        streams[stream].heard = now
        if !streams[stream].everHeard {
            streams[stream].everHeard = true
            if streams[stream].kind == .heard {
                heardStreams += 1
                announceUnlisted(stream, appendingTo: &events)
            }
        }
        let wasStale = streams[stream].isStale
        streams[stream].isStale = false
        guard wasStale else { return }
        for binding in streams[stream].bindings {
            setTrouble(.stale, binding, .no, at: sample.time, sample, appendingTo: &events)
        }
        beginSilence(stream)
    }

    /// Late samples in a row before a clock is suspected: a few that overtook each other are none.
    static let lateRunMin = 10
    /// How long they must have come where nothing says when the stream is silent for too long.
    static let lateRunTime = Span.seconds(60)

    /// A sensor whose clock went back speaks, and every sample is late: rules with an on-delay pass
    /// over it, without a word. That is trouble with its clock as soon as silence would be.
    mutating func noteLateRun(
        _ sample: Sample, stream: Int, appendingTo events: inout [Event]
    ) {
        if streams[stream].lateSince == .distantFuture {
            streams[stream].lateSince = now
            streams[stream].lateRun = 0
        }
        streams[stream].lateRun += 1
        guard streams[stream].lateRun >= Engine.lateRunMin else { return }
        let lasting = now - streams[stream].lateSince
        for binding in streams[stream].bindings
        where lasting >= bindings[binding].binding.staleAfter ?? Engine.lateRunTime {
            setTrouble(.clock, binding, .yes, at: now, sample, appendingTo: &events)
        }
    }

    /// Someone publishes what the inventory does not list: said at the first sample.
    private mutating func announceUnlisted(_ stream: Int, appendingTo events: inout [Event]) {
        let name = streams[stream].name
        guard ruleSet.hasInventory, streams[stream].mode == .live,
            ruleSet.listing(of: name) == nil, announced.insert(name).inserted
        else { return }
        emitSystem(
            .publisherUnlisted,
            note: EventNote(
                reason: "heard, but not in the inventory: add a row for it or find out who sends",
                subject: name), appendingTo: &events)
    }

    /// Watches the silence of a stream whose rules do not watch it yet.
    mutating func beginSilence(_ stream: Int) {
        guard !streams[stream].isStale else { return }
        let own = streams[stream].bindings
        for binding in own.isEmpty ? streams[stream].ghosts : own
        where bindings[binding].heapTime == .max {
            guard let after = bindings[binding].binding.staleAfter else { continue }
            enqueueStale(binding, now + after)
        }
    }

    /// Looks at a binding's silence when `due` and the lateness of any deadline have passed, and a
    /// millisecond at least: a heartbeat on time, or a little late, is no silence.
    mutating func enqueueStale(_ binding: Int, _ due: Timestamp) {
        let time = (due + silenceSlack).milliseconds
        bindings[binding].heapTime = time
        heap.insert(
            DeadlineHeap.Entry(time: time, owner: DeadlineHeap.Owner(.silence, binding)))
    }

    /// A binding's staleness comes up: it is silent, or it was heard since and waits on.
    mutating func staleDue(_ binding: Int, at time: Int64, appendingTo events: inout [Event]) {
        guard bindings[binding].heapTime == time else { return }
        bindings[binding].heapTime = .max
        guard let after = bindings[binding].binding.staleAfter else { return }
        let stream = bindings[binding].stream
        let broker = brokers[Int(streams[stream].broker)]
        guard !broker.isLost else {
            // Down-time is no silence: ask again later; `brokerBack` restarts the count.
            enqueueStale(binding, now + after)
            return
        }
        let since = silentSince(stream)
        let due = since + after
        guard (due + silenceSlack).milliseconds <= time else {
            enqueueStale(binding, due)
            return
        }
        streams[stream].isStale = true
        let stamp =
            streams[stream].time == .distantPast ? since + after : streams[stream].time + after
        setTrouble(.stale, binding, .yes, at: stamp, nil, appendingTo: &events)
        // Only members fall out by it: it may raise by a policy, and never clears.
        castBallots(of: stream, cannotClear: true)
        evaluateGroups(
            of: stream, at: stamp, cannotClear: true, isSample: false, appendingTo: &events)
    }

    private var silenceSlack: Span { max(ruleSet.options.lateness, Span(milliseconds: 1)) }

    /// When a stream's silence began to count, by the gateway's clock.
    func silentSince(_ stream: Int) -> Timestamp {
        max(streams[stream].heard, brokers[Int(streams[stream].broker)].backAt, started)
    }

    /// The trouble rules that a sample decides.
    mutating func evaluateTroubles(
        _ binding: Int, _ sample: Sample, cannotClear: Bool
    ) {
        let bad: Truth
        switch bindings[binding].quality {
        case .good:
            let isUndecided = bindings[binding].outsideSince != .distantPast
            bad = cannotClear || isUndecided ? .unknown : .no
        case .bad: bad = .yes
        // Under maintenance nobody knows: neither raised nor cleared.
        case .inhibited: bad = .unknown
        }
        let clock: Truth =
            sample.flags.contains(.badTime) ? .yes : sample.flags.contains(.noTime) ? .unknown : .no
        for rule in bindings[binding].rules {
            switch rules[rule].trigger {
            case .bad: advancePhase(rule, truth: bad, at: sample.time)
            case .clock: advancePhase(rule, truth: clock, at: sample.time)
            case .condition, .stale, .voteOut: break
            }
        }
    }

    private mutating func setTrouble(
        _ trigger: Trigger, _ binding: Int, _ truth: Truth, at time: Timestamp, _ cause: Sample?,
        appendingTo events: inout [Event]
    ) {
        for rule in bindings[binding].rules where rules[rule].trigger == trigger {
            advancePhase(rule, truth: truth, at: time)
            settle(Int(rules[rule].chain), at: time, cause: cause, appendingTo: &events)
        }
    }

    /// Counts streams whose clocks cannot be used; when most disagree with the gateway, the
    /// gateway's own clock is at fault. Fewer than three streams cannot outvote it.
    private mutating func noteClock(
        _ sample: Sample, stream: Int, appendingTo events: inout [Event]
    ) {
        let isBad = sample.flags.contains(.badTime)
        if isBad { counts.badTimes += 1 }
        guard !sample.flags.contains(.noTime), streams[stream].clockIsBad != isBad else { return }
        streams[stream].clockIsBad = isBad
        badClockStreams += isBad ? 1 : -1
        let suspect = badClockStreams >= 3 && badClockStreams * 2 > max(heardStreams, 1)
        if suspect && !clockIsSuspect {
            emitSystem(
                .clockSuspect,
                note: EventNote(
                    reason: "\(badClockStreams) of \(heardStreams) streams disagree with this clock"
                ), appendingTo: &events)
        }
        clockIsSuspect = suspect
    }

    /// Maintenance began or ended: said once, as an event of the system, never as an alarm.
    ///
    /// `was`: the sample before was inhibited; the stream's first binding already shows `sample`.
    mutating func noteInhibition(
        _ sample: Sample, stream: Int, was: Bool, appendingTo events: inout [Event]
    ) {
        guard let binding = streams[stream].bindings.first else { return }
        let isNow = bindings[binding].quality == .inhibited
        guard was != isNow else { return }
        emitStream(
            isNow ? .inhibitBegan : .inhibitEnded, binding: binding, at: sample.time,
            appendingTo: &events)
    }

    mutating func brokerLost(
        _ broker: UInt8, name: String, reason: String, appendingTo events: inout [Event]
    ) {
        precondition(Int(broker) < brokers.count, "configuration bounds the brokers")
        brokers[Int(broker)].isLost = true
        guard !brokers[Int(broker)].isSaid else { return }
        brokers[Int(broker)].isSaid = true
        emitSystem(
            .brokerLost, note: EventNote(reason: reason, subject: name), appendingTo: &events)
    }

    mutating func brokerBack(_ broker: UInt8, name: String, appendingTo events: inout [Event]) {
        precondition(Int(broker) < brokers.count, "configuration bounds the brokers")
        brokers[Int(broker)].isLost = false
        brokers[Int(broker)].backAt = now
        restartDelays(ofBroker: broker)
        guard brokers[Int(broker)].isSaid else { return }
        brokers[Int(broker)].isSaid = false
        emitSystem(.brokerBack, note: EventNote(subject: name), appendingTo: &events)
    }
}
