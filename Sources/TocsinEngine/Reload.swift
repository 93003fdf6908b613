import TocsinModel

// A new rule set at one point of the order. Every stream is bound anew; an alarm whose meaning is
// the same keeps its state, its timers and its deadband memory (contract §4, issue "reload").

extension Engine {
    private struct Kept {
        var rules: [String: RuleState]
        var timings: [String: RuleTiming]
        var chain: ChainState
        var reAlarm: ReAlarmState?
        var levelName: String?
        var spokenName: String?
        var openingName: String?
        var meanings: [String: String]
        var binding: Binding
    }

    mutating func reload(_ fresh: RuleSet, appendingTo events: inout [Event]) {
        let before = self
        var kept: [[Kept]] = []
        for stream in streams.indices {
            kept.append(streams[stream].bindings.flatMap { keep($0) })
        }
        ruleSet = fresh
        identity = EventIdentity(site: fresh.site.id)
        forgetRules()
        // Streams that are made by it come behind and are bound at once.
        for stream in kept.indices where streams[stream].kind != .seat {
            guard adoptKind(stream) else { continue }
            adoptUnit(stream, from: before)
            bind(stream, appendingTo: &events)
        }
        for binding in bindings.indices {
            refresh(binding, from: before)
            takeOverWindows(binding, from: before)
        }
        let first = kept.count
        unjoined.removeAll(keepingCapacity: true)
        for stream in streams.indices { seekReferences(ofStream: stream) }
        for ballot in ballots.indices { takeOver(ballot: ballot, from: before) }
        for stream in kept.indices {
            for alarm in kept[stream] {
                takeOver(alarm, stream: stream, before, appendingTo: &events)
            }
        }
        for stream in first..<streams.count { takeUpRestored(stream, appendingTo: &events) }
        rearm()
        reconsider(from: before, appendingTo: &events)
        emitSystem(
            .reloaded, note: EventNote(reason: "rules \(fresh.hash) are in force"),
            appendingTo: &events)
    }

    private func keep(_ binding: Int) -> [Kept] {
        bindings[binding].chains.map { chain in
            var states: [String: RuleState] = [:]
            var timings: [String: RuleTiming] = [:]
            var meanings: [String: String] = [:]
            for number in chains[chain].rules {
                let rule = definition(Int(number))
                states[rule.name] = rules[Int(number)]
                let timing = Int(rules[Int(number)].timing)
                if timing >= 0 { timings[rule.name] = self.timings[timing] }
                meanings[rule.name] = rule.meaning
            }
            func name(_ rank: Int32) -> String? {
                rank < 0 ? nil : self.rule(of: chain, rank: rank).name
            }
            return Kept(
                rules: states, timings: timings, chain: chains[chain],
                reAlarm: chains[chain].reAlarm >= 0
                    ? reAlarms[Int(chains[chain].reAlarm)] : nil,
                levelName: name(chains[chain].level),
                spokenName: name(chains[chain].spoken),
                openingName: name(chains[chain].openingRank), meanings: meanings,
                binding: bindings[binding].binding)
        }
    }

    private mutating func forgetRules() {
        bindings.removeAll(keepingCapacity: true)
        rules.removeAll(keepingCapacity: true)
        codes.removeAll(keepingCapacity: true)
        chains.removeAll(keepingCapacity: true)
        references.removeAll(keepingCapacity: true)
        ballots.removeAll(keepingCapacity: true)
        tallies.removeAll(keepingCapacity: true)
        tallyNumbers.removeAll(keepingCapacity: true)
        links.removeAll(keepingCapacity: true)
        calculations.removeAll(keepingCapacity: true)
        timings.removeAll(keepingCapacity: true)
        hasSchedules = false
        reAlarms.removeAll(keepingCapacity: true)
        chainByAlarm.removeAll(keepingCapacity: true)
        waiting.removeAll(keepingCapacity: true)
        heap.removeAll()
        windows.removeAll()
        for stream in streams.indices {
            streams[stream].hasWindows = false
            streams[stream].bindings = 0..<0
            streams[stream].ghosts = 0..<0
            streams[stream].ballots = 0..<0
            streams[stream].calculations.removeAll(keepingCapacity: true)
            streams[stream].dependents.removeAll(keepingCapacity: true)
        }
    }

    /// Gives a new binding the stream's last sample as the new pack reads it.
    private mutating func refresh(_ number: Int, from before: Engine) {
        let stream = streams[bindings[number].stream]
        guard bindings[number].stream < before.streams.count, stream.kind != .seat else { return }
        let olds = before.streams[bindings[number].stream].bindings.map { before.bindings[$0] }
        // Before anything else: after a restart the flag stands without a sample.
        if bindings[number].binding.pack.latchesOver {
            bindings[number].overIsLatched = olds.contains { $0.overIsLatched }
        }
        guard stream.time != .distantPast else { return }
        var sample = Sample(time: stream.time, value: stream.value, quality: stream.quality)
        sample.flags = stream.flags
        var seen = Engine.view(of: sample, bindings[number].binding)
        if seen.isOutside {
            // Since when it is outside goes on with the pack that is read as before.
            if let old = olds.first(where: { $0.outsideSince != .distantPast }) {
                bindings[number].outsideSince = old.outsideSince
                bindings[number].quality = old.quality
            }
            judgeOutside(number, &seen, at: stream.time)
        }
        bindings[number].value = seen.value
        bindings[number].quality = seen.quality
        bindings[number].over = seen.over
        bindings[number].under = seen.under
        bindings[number].state = seen.state
        bindings[number].stateSince = stream.time
        if bindings[number].binding.pack.latchesOver && seen.over {
            bindings[number].overIsLatched = true
        }
        // States are known by name: their numbers may differ. A bad sample left the last standing.
        let states = bindings[number].binding.pack.states
        for old in olds where old.state >= 0 {
            let name = old.binding.pack.states[old.state].name
            guard let position = states.firstIndex(where: { $0.name == name }),
                seen.state < 0 || seen.state == position
            else { continue }
            bindings[number].state = position
            bindings[number].stateSince = old.stateSince
            return
        }
    }

    /// The inventory's unit may have come or gone: the last value is read again in the new one.
    private mutating func adoptUnit(_ stream: Int, from before: Engine) {
        let name = streams[stream].name
        if let calculation = ruleSet.calculation(named: name) {
            if streams[stream].unit != calculation.unit {
                // The next sample is in the new unit; the last one is not looked at again.
                streams[stream].value = .nan
                streams[stream].quality = .bad
            }
            streams[stream].unit = calculation.unit
            return
        }
        streams[stream].unit = ruleSet.statedUnit(of: name, named: streams[stream].namedUnit)
        let pack = ruleSet.matches(name).first.map { ruleSet.packs[$0.pack] }
        let old = before.streams[stream]
        let oldPack = old.bindings.first.map { before.bindings[$0].binding.pack }
        let unit = streams[stream].unit ?? pack?.unit
        guard unit != old.unit ?? oldPack?.unit, !old.flags.contains(.word) else { return }
        streams[stream].value = old.sourceValue
        guard let unit, old.sourceUnit != .none else { return }
        let line = UnitTable.standard.conversion(
            from: old.sourceUnit, to: unit, gas: pack?.gas,
            condition: pack?.gasCondition ?? .standard)
        switch line {
        case .success(let conversion): streams[stream].value = conversion(old.sourceValue)
        case .failure: streams[stream].value = .nan
        }
    }

    /// Finds the chain in which an old alarm lives on, or closes it.
    private mutating func takeOver(
        _ old: Kept, stream: Int, _ before: Engine, appendingTo events: inout [Event]
    ) {
        let heirs = streams[stream].bindings.flatMap { Array(bindings[$0].chains) }
        let heir = heirs.first { chain in
            chains[chain].rules.contains { number in
                let rule = definition(Int(number))
                return old.meanings[rule.name] == rule.meaning
                    && (old.levelName == nil || old.levelName == rule.name)
            }
        }
        // Of two alarms that the new rules make one, the second has no place left.
        guard let heir, old.chain.state == .normal || chains[heir].state == .normal else {
            if old.chain.state != .normal { closeRemoved(old, before, appendingTo: &events) }
            return
        }
        for number in chains[heir].rules { takeOver(old, rule: Int(number), before) }
        // `suppressed` may have been said of an alarm that is normal since.
        chains[heir].suppression = old.chain.suppression
        chains[heir].hiddenRank = min(
            old.chain.hiddenRank, Int32(chains[heir].rules.count) - 1)
        guard old.chain.state != .normal else { return }
        takeOver(old, chain: heir)
    }

    private mutating func takeOver(_ old: Kept, rule number: Int, _ before: Engine) {
        let rule = definition(number)
        guard let state = old.rules[rule.name], old.meanings[rule.name] == rule.meaning else {
            return
        }
        rules[number].phase = state.phase
        rules[number].truth = state.truth
        rules[number].memory = state.memory
        rules[number].restoredMembers = state.restoredMembers
        rules[number].began = state.began
        takeOverDelay(number, state, old.timings[rule.name])
        guard let timing = old.timings[rule.name] else { return }
        let binding = bindings[Int(rules[number].binding)].binding
        let isAlike =
            old.binding.reads(like: binding)
            && before.ruleSet.site.utcOffsetMinutes == ruleSet.site.utcOffsetMinutes
        takeOver(timing, rule: number, readsAlike: isAlike)
    }

    /// A standing alarm lives on in the chain `heir`.
    private mutating func takeOver(_ old: Kept, chain heir: Int) {
        func rank(_ name: String?) -> Int32 {
            let position = chains[heir].rules.firstIndex { definition(Int($0)).name == name }
            return Int32(position ?? 0)
        }
        let id = chains[heir].id
        let members = chains[heir].rules
        let isLow = chains[heir].isLow
        let (binding, chain) = (chains[heir].binding, chains[heir].chain)
        let (isSuppressible, reAlarm) = (chains[heir].isSuppressible, chains[heir].reAlarm)
        let (level, opening) = (rank(old.levelName), rank(old.openingName))
        let spoken = old.spokenName == nil ? -1 : rank(old.spokenName)
        chains[heir] = old.chain
        chains[heir].id = id
        chains[heir].rules = members
        chains[heir].isLow = isLow
        chains[heir].binding = binding
        chains[heir].chain = chain
        chains[heir].level = level
        chains[heir].spoken = spoken
        chains[heir].openingRank = opening
        chains[heir].isSuppressible = isSuppressible
        if chains[heir].hiddenRank >= 0 { chains[heir].hiddenRank = level }
        chains[heir].reAlarm = reAlarm
        takeOver(old.reAlarm, chain: heir)
    }

    /// A delay that the new rule states differently counts from the same beginning.
    private mutating func takeOverDelay(_ rule: Int, _ old: RuleState, _ timing: RuleTiming?) {
        let shift: Span
        switch old.phase {
        case .pendingOn: shift = rules[rule].onDelay - old.onDelay
        case .pendingOff:
            let began = timing?.offBegan ?? old.deadline - old.offDelay
            if rules[rule].timing >= 0 { timings[Int(rules[rule].timing)].offBegan = began }
            shift = end(rule, from: began) - old.deadline
        case .on, .off: shift = .zero
        }
        rules[rule].deadline = old.deadline + shift
        rules[rule].arrivalDeadline =
            (Timestamp(milliseconds: old.arrivalDeadline) + shift).milliseconds
    }

    /// The rule of a standing alarm is gone, or means something else: the alarm is closed, and said.
    private mutating func closeRemoved(
        _ old: Kept, _ before: Engine, appendingTo events: inout [Event]
    ) {
        let opener = old.openingName ?? old.levelName ?? ""
        guard let rule = old.binding.pack.rules.firstIndex(where: { $0.name == opener }) else {
            return
        }
        var event = Event(
            .cleared, mode: isOffline && old.binding.mode == .live ? .replay : old.binding.mode,
            id: identify(.cleared, rule: opener, stream: old.binding.stream, now),
            time: now, ruleSet: before.ruleSet)
        event.received = now
        event.timeSource = .gateway
        event.binding = old.binding
        event.rule = rule
        event.alarm = old.chain.id
        event.occurrence = old.chain.occurrence
        event.previous = old.chain.lastEvent
        event.onset = old.chain.onset
        event.duration = max(.zero, now - old.chain.raisedAt)
        event.priority = old.binding.pack.rules[rule].priority
        event.previousState = old.chain.state
        event.state = .normal
        event.suppression = old.chain.suppression.word
        event.note = EventNote(reason: EventNote.ruleRemoved)
        events.append(event)
    }

    /// Timers that were running go on: their deadlines enter the new heap.
    private mutating func rearm() {
        for rule in rules.indices {
            switch rules[rule].phase {
            case .pendingOn, .pendingOff: break
            case .on, .off: continue
            }
            let due = max(rules[rule].arrivalDeadline, now.milliseconds)
            rules[rule].arrivalDeadline = due
            rules[rule].heapTime = due
            heap.insert(DeadlineHeap.Entry(time: due, owner: DeadlineHeap.Owner(.delay, rule)))
        }
    }

    /// Looks at the streams' last values under the new limits. What reads as before is left alone,
    /// so that a reload that changes nothing does nothing: an alarm that a late sample raised would
    /// otherwise begin to clear by it.
    private mutating func reconsider(from before: Engine, appendingTo events: inout [Event]) {
        var isChanged = [Bool](repeating: false, count: bindings.count)
        let isShifted = before.ruleSet.site.utcOffsetMinutes != ruleSet.site.utcOffsetMinutes
        for number in bindings.indices {
            let isNew = bindings[number].stream >= before.streams.count
            let olds = isNew ? 0..<0 : before.streams[bindings[number].stream].bindings
            isChanged[number] =
                isShifted && !bindings[number].binding.pack.schedules.isEmpty
                || !olds.contains {
                    before.bindings[$0].binding.reads(like: bindings[number].binding)
                }
        }
        guard isChanged.contains(true) else { return }
        for stream in streams.indices where streams[stream].time != .distantPast {
            for binding in streams[stream].bindings {
                let reads = bindings[binding].rules.contains {
                    !rules[$0].references.isEmpty || !codes[$0].groups.isEmpty
                }
                guard isChanged[binding] || reads else { continue }
                reconsider(binding, of: stream, appendingTo: &events)
            }
        }
        reconsiderSuppression(isChanged, appendingTo: &events)
    }

    /// What no sample decides: the time of the week, and `unless` that is gone.
    private mutating func reconsiderSuppression(
        _ isChanged: [Bool], appendingTo events: inout [Event]
    ) {
        for number in timings.indices {
            let rule = Int(timings[number].rule)
            let binding = Int(rules[rule].binding)
            guard isChanged[binding], asksSchedules(rule),
                streams[bindings[binding].stream].time == .distantPast
            else { continue }
            evaluateSchedules(number, at: now)
            settle(Int(rules[rule].chain), at: now, cause: nil, appendingTo: &events)
        }
        for chain in chains.indices where !chains[chain].suppression.isEmpty {
            settle(chain, at: now, cause: nil, appendingTo: &events)
        }
    }

    private mutating func reconsider(
        _ binding: Int, of stream: Int, appendingTo events: inout [Event]
    ) {
        let cannotClear =
            streams[stream].flags.contains(.retained) && streams[stream].flags.contains(.noTime)
        for rule in bindings[binding].rules where rules[rule].trigger == .condition {
            let time = max(streams[stream].time, rules[rule].began)
            evaluate(rule, at: time, cannotClear: cannotClear)
        }
        for chain in bindings[binding].chains {
            settle(chain, at: now, cause: nil, appendingTo: &events)
        }
    }
}
