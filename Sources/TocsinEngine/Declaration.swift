import TocsinModel

// Streams enter, and rules are bound to them.

extension Engine {
    /// A new stream: its packs are bound, and rules that waited for it are joined to it.
    mutating func declare(_ declaration: StreamDeclaration, appendingTo events: inout [Event]) {
        precondition(
            Int(declaration.index.rawValue) == numberOfIndex.count, "streams are declared in order")
        let key = StreamKey(name: declaration.name, mode: declaration.mode)
        let calculation = ruleSet.calculation(named: declaration.name)
        let known = numbers[key]
        let number =
            known
            ?? addStream(
                declaration.name, mode: declaration.mode,
                kind: calculation == nil ? .heard : .calculated)
        numberOfIndex.append(Int32(number))
        streams[number].index = declaration.index
        streams[number].namedUnit = declaration.namedUnit
        if known != nil && streams[number].kind == .calculated && calculation != nil { return }
        // Its calculation is gone since a reload: from now on it is what is published.
        if calculation == nil { streams[number].kind = .heard }
        streams[number].unit = calculation == nil ? declaration.unit : calculation?.unit
        numbers[key] = number
        if known != nil { unjoined.append(number) }
        bind(number, appendingTo: &events)
        joinAll(appendingTo: &events)
    }

    /// A stream without packs yet; `joinAll` must follow.
    mutating func addStream(_ name: String, mode: Mode, kind: StreamKind) -> Int {
        var state = StreamState(name: name, mode: mode)
        state.kind = kind
        streams.append(state)
        unjoined.append(streams.count - 1)
        return streams.count - 1
    }

    /// Joins new streams to what they read and to what reads them.
    private mutating func joinAll(appendingTo events: inout [Event]) {
        let fresh = unjoined
        unjoined.removeAll(keepingCapacity: true)
        for number in fresh { seekReferences(ofStream: number) }
        for number in fresh {
            if streams[number].kind != .seat { join(number) }
            takeUpRestored(number, appendingTo: &events)
        }
    }

    /// Makes a stream's bindings, rules and chains from the set in force.
    ///
    /// A binding that cannot be made was an error of `check` for a listed stream; an unlisted one
    /// whose unit does not fit stays without that pack's rules, and that is said.
    mutating func bind(_ number: Int, appendingTo events: inout [Event]) {
        let first = bindings.count
        let name = streams[number].name
        precondition(streams[number].kind != .seat, "a seat is bound by its members")
        for match in ruleSet.matches(name) {
            do throws(Binding.Problem) {
                let binding = try Binding(
                    ruleSet: ruleSet, packIndex: match.pack, stream: name,
                    mode: streams[number].mode, labels: match.labels,
                    streamUnit: streams[number].unit)
                append(binding, stream: number)
            } catch {
                emitSystem(
                    .bindingFailed,
                    note: EventNote(
                        reason: "rules of \(ruleSet.packs[match.pack].name) do not watch it: "
                            + error.text, subject: name),
                    mode: isOffline ? nil : streams[number].mode, appendingTo: &events)
            }
        }
        let own = first..<bindings.count
        streams[number].bindings = own
        bindBallots(number, appendingTo: &events)
        for binding in own { bindSeats(binding, appendingTo: &events) }
        for binding in own { bindCalculations(binding, stream: number, appendingTo: &events) }
    }

    /// Makes the rules of a pack that this stream, or this group, has: those of one alarm for each
    /// group stand at the group's seat.
    mutating func append(_ binding: Binding, stream: Int) {
        let number = bindings.count
        let firstRule = rules.count
        let firstChain = chains.count
        let pack = binding.pack
        let carried = pack.rules.indices.filter { pack.label(ofRule: $0) == binding.groupLabel }
        let carriedChains = pack.chains.indices.filter { chain in
            pack.chains[chain].contains { carried.contains($0) }
        }
        for position in carried {
            let place = carriedChains.firstIndex { pack.chains[$0].contains(position) } ?? 0
            let fellows = pack.chains[carriedChains[place]].filter { carried.contains($0) }
            addRule(
                position, of: binding, number: number, chain: firstChain + place,
                rank: fellows.firstIndex(of: position) ?? 0)
        }
        for position in carriedChains {
            let members = pack.chains[position].filter { carried.contains($0) }
            addChain(
                position, of: binding, number: number, members,
                rules: members.map { Int32(firstRule + (carried.firstIndex(of: $0) ?? 0)) })
        }
        bindings.append(
            BindingState(
                binding: binding, stream: stream, rules: firstRule..<rules.count,
                chains: firstChain..<chains.count))
        makeWindows(number)
        watchSilence(number)
        for rule in firstRule..<rules.count { watchSchedules(rule) }
        linkGroups(number)
    }

    private mutating func addRule(
        _ position: Int, of binding: Binding, number: Int, chain: Int, rank: Int
    ) {
        let rule = binding.pack.rules[position]
        let slots = references.count
        for (slot, reference) in rule.references.enumerated() {
            references.append(
                ReferenceState(
                    name: binding.references[position][slot],
                    stateNames: reference.stateNames, unit: reference.unit))
        }
        rules.append(
            RuleState(
                binding: Int32(number), rule: Int32(position), chain: Int32(chain),
                rank: Int32(rank), trigger: rule.trigger, onDelay: rule.onDelay,
                offDelay: rule.offDelay, references: slots..<references.count))
        if let timing = RuleTiming(rule, number: rules.count - 1, pack: binding.pack) {
            rules[rules.count - 1].timing = Int32(timings.count)
            timings.append(timing)
        }
        codes.append(
            RuleCode(
                condition: rule.condition?.instructions ?? [],
                clearWhen: rule.clearWhen?.instructions ?? [],
                unless: rule.unless?.instructions ?? [],
                deadbands: binding.deadbands[position], degraded: rule.degraded,
                groups: rule.groups))
    }

    private mutating func addChain(
        _ position: Int, of binding: Binding, number: Int, _ members: [Int], rules: [Int32]
    ) {
        let pack = binding.pack
        let id = identity.alarm(rule: pack.rules[members[0]].name, stream: binding.stream)
        chainByAlarm[AlarmKey(alarm: id, mode: binding.mode)] = chains.count
        var chain = ChainState(
            binding: Int32(number), chain: Int32(position), rules: rules,
            isLow: pack.rules[members[0]].direction == .low, id: id)
        chain.isSuppressible = members.contains { pack.rules[$0].unless != nil }
        if members.contains(where: { pack.rules[$0].reAlarm != nil }) {
            chain.reAlarm = Int32(reAlarms.count)
            reAlarms.append(ReAlarmState(chain: Int32(chains.count)))
        }
        chains.append(chain)
    }

    /// Joins the references of a stream's rules; at a reload only when every stream is bound anew,
    /// because a reference looks at the other stream's packs.
    mutating func seekReferences(ofStream number: Int) {
        for binding in streams[number].bindings {
            for rule in bindings[binding].rules { seek(rule) }
        }
        for ballot in streams[number].ballots { seek(Int(ballots[ballot].rule)) }
        for rule in streams[number].calculations { seek(Int(rule)) }
    }

    /// Every stream is missed from its declaration on: one that the inventory lists from the start,
    /// and one of which only unusable samples came, too.
    mutating func watchSilence(_ number: Int) {
        guard let after = bindings[number].binding.staleAfter else { return }
        // A reload does not begin the silence anew.
        let since = silentSince(bindings[number].stream)
        enqueueStale(number, max(now, since + after))
    }

    /// Joins a rule's references to the streams that are known, and remembers the others.
    private mutating func seek(_ rule: Int) {
        let mode = streams[bindings[Int(rules[rule].binding)].stream].mode
        for slot in rules[rule].references {
            guard let name = references[slot].name else { continue }
            let key = StreamKey(name: name, mode: mode)
            if let other = numbers[key] {
                join(slot, of: rule, to: other)
            } else {
                waiting[key, default: []].append(rule)
            }
        }
    }

    /// A stream came: the rules that waited for it.
    private mutating func join(_ number: Int) {
        let key = StreamKey(name: streams[number].name, mode: streams[number].mode)
        for rule in waiting.removeValue(forKey: key) ?? [] {
            for slot in rules[rule].references where references[slot].name == key.name {
                join(slot, of: rule, to: number)
            }
        }
    }

    private mutating func join(_ slot: Int, of rule: Int, to other: Int) {
        references[slot].stream = other
        if bindings[Int(rules[rule].binding)].stream != other {
            let dependents = streams[other].dependents
            if let last = dependents.last, last >= Int32(rule) {
                if !dependents.contains(Int32(rule)) {
                    streams[other].dependents.append(Int32(rule))
                    streams[other].dependents.sort()
                }
            } else {
                // Rules come in ascending order nearly always: thousands may read one fan.
                streams[other].dependents.append(Int32(rule))
            }
        }
        resolve(slot, of: rule, on: other)
    }

    /// Finds the other stream's unit, and its states by name.
    private mutating func resolve(_ slot: Int, of rule: Int, on other: Int) {
        let names = references[slot].stateNames
        let own = bindings[Int(rules[rule].binding)].binding
        let withStates = streams[other].bindings.first { number in
            let states = bindings[number].binding.pack.states
            return !states.isEmpty && names.contains { name in states.contains { $0.name == name } }
        }
        references[slot].binding = withStates ?? -1
        references[slot].usesOwnStates = withStates == nil && !names.isEmpty
        let states = withStates.map { bindings[$0].binding.pack.states } ?? own.pack.states
        var mask: UInt64 = 0
        for (position, state) in states.enumerated() where names.contains(state.name) {
            mask |= 1 << UInt64(position)
        }
        references[slot].mask = mask
        guard let wanted = references[slot].unit, let pack = streams[other].bindings.first,
            let unit = streams[other].unit ?? bindings[pack].binding.pack.unit
        else { return }
        let line = UnitTable.standard.conversion(
            from: unit, to: wanted, gas: bindings[pack].binding.pack.gas,
            condition: bindings[pack].binding.pack.gasCondition)
        switch line {
        case .success(let conversion): references[slot].conversion = conversion
        case .failure:
            if let conversion = throughLoop(bindings[pack].binding, to: wanted) {
                references[slot].conversion = conversion
            } else {
                references[slot].stream = -1  // unknown, for ever: `check` said why
            }
        }
    }

    /// From the current of a loop to a unit of what the loop measures; nil where there is none.
    private func throughLoop(_ other: Binding, to wanted: UnitIndex) -> Conversion? {
        guard let loop = other.loop, let own = other.pack.unit else { return nil }
        let line = UnitTable.standard.conversion(
            from: own, to: wanted, gas: other.pack.gas, condition: other.pack.gasCondition)
        switch line {
        case .success(let conversion):
            return Conversion(
                scale: conversion.scale * loop.line.scale, offset: conversion(loop.line.offset))
        case .failure: return nil
        }
    }

    /// Alarms that stood when the daemon stopped: they stand again, and nobody is told twice.
    ///
    /// Where the rule or its stream's rules are gone, the alarm is closed, and that is said.
    mutating func restore(_ alarms: [RestoredAlarm], appendingTo events: inout [Event]) {
        for alarm in alarms {
            let key = StreamKey(name: alarm.stream, mode: alarm.mode)
            if alarm.isGroup {
                restoreGroup(alarm, appendingTo: &events)
            } else if let number = numbers[key] {
                takeUp(alarm, stream: number, appendingTo: &events)
            } else {
                restored[key, default: []].append(alarm)
            }
        }
    }

    mutating func takeUpRestored(_ number: Int, appendingTo events: inout [Event]) {
        let key = StreamKey(name: streams[number].name, mode: streams[number].mode)
        if streams[number].kind == .seat {
            takeUpRestoredGroups(key, seat: number, appendingTo: &events)
            return
        }
        for alarm in restored.removeValue(forKey: key) ?? [] {
            takeUp(alarm, stream: number, appendingTo: &events)
        }
    }

    private mutating func takeUp(
        _ alarm: RestoredAlarm, stream: Int, appendingTo events: inout [Event]
    ) {
        guard handOver(alarm, toStream: stream, appendingTo: &events) else {
            closeOrphan(alarm, appendingTo: &events)
            return
        }
        // A sensor that died while the daemon was down must be missed.
        beginSilence(stream)
    }

    /// The alarm's rule is gone since the last run; its event has the names that the log had.
    mutating func closeOrphan(
        _ alarm: RestoredAlarm, appendingTo events: inout [Event]
    ) {
        let id = identify(
            .cleared, rule: alarm.openingRule, stream: alarm.stream, now)
        var event = Event(.cleared, mode: alarm.mode, id: id, time: now, ruleSet: ruleSet)
        event.received = now
        event.timeSource = .gateway
        event.alarm = alarm.alarm
        event.occurrence = alarm.occurrence
        event.previous = alarm.lastEvent
        event.onset = alarm.onset
        event.duration = max(now - alarm.raisedAt, .zero)
        event.previousState = alarm.state
        event.state = .normal
        event.note = EventNote(
            reason: EventNote.ruleRemoved, subject: alarm.isGroup ? nil : alarm.stream,
            rule: alarm.openingRule, group: alarm.isGroup ? alarm.stream : nil)
        events.append(event)
    }

    /// Finds the chain in which the alarm lives on; false where there is none.
    mutating func handOver(
        _ alarm: RestoredAlarm, toStream stream: Int, appendingTo events: inout [Event]
    ) -> Bool {
        guard let heir = findHeir(of: alarm, stream: stream) else { return false }
        countReAlarm(heir, from: now)
        takeUpSuppression(alarm, heir, appendingTo: &events)
        return true
    }

    private mutating func findHeir(of alarm: RestoredAlarm, stream: Int) -> Int? {
        for binding in streams[stream].bindings {
            for chain in bindings[binding].chains {
                let names = chains[chain].rules.map { definition(Int($0)).name }
                guard let level = names.firstIndex(of: alarm.rule) else { continue }
                chains[chain].state = alarm.state
                chains[chain].level = Int32(level)
                chains[chain].spoken = alarm.state.holdsLevel ? Int32(level) : -1
                chains[chain].openingRank = Int32(names.firstIndex(of: alarm.openingRule) ?? level)
                chains[chain].occurrence = alarm.occurrence
                chains[chain].lastEvent = alarm.lastEvent
                chains[chain].raisedAt = alarm.raisedAt
                chains[chain].onset = alarm.onset
                chains[chain].peak = alarm.peak ?? .nan
                chains[chain].peakTime = alarm.peakTime ?? .distantPast
                guard alarm.state.holdsLevel else { return chain }
                // The rule holds until samples say otherwise; silence never clears.
                let rule = Int(chains[chain].rules[level])
                rules[rule].phase = .on
                rules[rule].truth = .unknown
                rules[rule].began = alarm.onset
                rules[rule].memory = .max
                rules[rule].restoredMembers = Int32(min(alarm.groupMembers, 1_000_000))
                if rules[rule].trigger == .stale { streams[stream].isStale = true }
                if rules[rule].timing >= 0 {
                    timings[Int(rules[rule].timing)].history = .max
                }
                takeUpOverRange(alarm, binding)
                return chain
            }
        }
        return nil
    }

    /// The log does not say whether over-range is latched; a peak beyond the span says that it was.
    /// Where a reset had released it just before the stop, it is asked for once more: the safe
    /// side.
    private mutating func takeUpOverRange(_ alarm: RestoredAlarm, _ number: Int) {
        let binding = bindings[number].binding
        guard binding.pack.latchesOver, let span = binding.span, let peak = alarm.peak
        else { return }
        if peak > span.high { bindings[number].overIsLatched = true }
    }
}
