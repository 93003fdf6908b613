import TocsinModel

// A new rule set at one point of the order. Every stream is bound anew; an alarm whose meaning is
// the same keeps its state, its timers and its deadband memory (contract §4, issue "reload").

extension Engine {
    private struct Kept {
        var rules: [String: RuleState]
        var chain: ChainState
        var levelName: String?
        var openingName: String?
        var meanings: [String: String]
        var limits: [Double]
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
        for stream in streams.indices {
            bind(stream)
            for binding in streams[stream].bindings { refresh(binding, from: before) }
        }
        for stream in streams.indices {
            for alarm in kept[stream] {
                takeOver(alarm, stream: stream, before, appendingTo: &events)
            }
        }
        rearm()
        for stream in streams.indices where streams[stream].time != .distantPast {
            reconsider(stream, appendingTo: &events)
        }
        emitSystem(
            .reloaded, note: EventNote(reason: "rules \(fresh.hash) are in force"),
            appendingTo: &events)
    }

    private func keep(_ binding: Int) -> [Kept] {
        bindings[binding].chains.map { chain in
            var states: [String: RuleState] = [:]
            var meanings: [String: String] = [:]
            for number in chains[chain].rules {
                let rule = definition(Int(number))
                states[rule.name] = rules[Int(number)]
                meanings[rule.name] = rule.meaning
            }
            func name(_ rank: Int32) -> String? {
                rank < 0 ? nil : self.rule(of: chain, rank: rank).name
            }
            return Kept(
                rules: states, chain: chains[chain], levelName: name(chains[chain].level),
                openingName: name(chains[chain].openingRank), meanings: meanings,
                limits: bindings[binding].binding.limits, binding: bindings[binding].binding)
        }
    }

    private mutating func forgetRules() {
        bindings.removeAll(keepingCapacity: true)
        rules.removeAll(keepingCapacity: true)
        codes.removeAll(keepingCapacity: true)
        chains.removeAll(keepingCapacity: true)
        references.removeAll(keepingCapacity: true)
        chainByAlarm.removeAll(keepingCapacity: true)
        waiting.removeAll(keepingCapacity: true)
        heap.removeAll()
        for stream in streams.indices {
            streams[stream].bindings = 0..<0
            streams[stream].dependents.removeAll(keepingCapacity: true)
        }
    }

    /// Gives a new binding the stream's last sample as the new pack reads it.
    private mutating func refresh(_ number: Int, from before: Engine) {
        let stream = streams[bindings[number].stream]
        guard stream.time != .distantPast else { return }
        var sample = Sample(time: stream.time, value: stream.value, quality: stream.quality)
        sample.flags = stream.flags
        let seen = Engine.view(of: sample, bindings[number].binding)
        bindings[number].value = seen.value
        bindings[number].quality = seen.quality
        bindings[number].over = seen.over
        bindings[number].under = seen.under
        bindings[number].state = seen.state
        bindings[number].stateSince = stream.time
        let old = before.streams[bindings[number].stream].bindings.first { candidate in
            before.bindings[candidate].binding.pack.pattern == bindings[number].binding.pack.pattern
        }
        guard let old else { return }
        bindings[number].overIsLatched = before.bindings[old].overIsLatched
        if before.bindings[old].state == seen.state {
            bindings[number].stateSince = before.bindings[old].stateSince
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
        guard let heir else {
            if old.chain.state != .normal { closeRemoved(old, before, appendingTo: &events) }
            return
        }
        for number in chains[heir].rules {
            let rule = definition(Int(number))
            guard let state = old.rules[rule.name], old.meanings[rule.name] == rule.meaning else {
                continue
            }
            rules[Int(number)].phase = state.phase
            rules[Int(number)].truth = state.truth
            rules[Int(number)].memory = state.memory
            rules[Int(number)].began = state.began
            rules[Int(number)].deadline = state.deadline
            rules[Int(number)].arrivalDeadline = state.arrivalDeadline
        }
        guard old.chain.state != .normal else { return }
        func rank(_ name: String?) -> Int32 {
            let position = chains[heir].rules.firstIndex { definition(Int($0)).name == name }
            return Int32(position ?? 0)
        }
        let id = chains[heir].id
        let members = chains[heir].rules
        let isLow = chains[heir].isLow
        let (binding, chain) = (chains[heir].binding, chains[heir].chain)
        let (level, opening) = (rank(old.levelName), rank(old.openingName))
        chains[heir] = old.chain
        chains[heir].id = id
        chains[heir].rules = members
        chains[heir].isLow = isLow
        chains[heir].binding = binding
        chains[heir].chain = chain
        chains[heir].level = level
        chains[heir].openingRank = opening
    }

    /// The rule of a standing alarm is gone, or means something else: the alarm is closed, and said.
    private mutating func closeRemoved(
        _ old: Kept, _ before: Engine, appendingTo events: inout [Event]
    ) {
        let opener = old.openingName ?? old.levelName ?? ""
        guard let rule = old.binding.pack.rules.firstIndex(where: { $0.name == opener }) else {
            return
        }
        let n = counter.next(owner: -3, kind: .cleared, time: now)
        var event = Event(
            .cleared, mode: isOffline && old.binding.mode == .live ? .replay : old.binding.mode,
            id: identity.event(
                rule: opener, stream: old.binding.stream, kind: .cleared, time: now, n: n),
            time: now, ruleSet: before.ruleSet)
        event.received = now
        event.timeSource = .gateway
        event.binding = old.binding
        event.rule = rule
        event.alarm = old.chain.id
        event.occurrence = old.chain.occurrence
        event.previous = old.chain.lastEvent
        event.onset = old.chain.onset
        event.duration = now - old.chain.raisedAt
        event.priority = old.binding.pack.rules[rule].priority
        event.previousState = old.chain.state
        event.state = .normal
        event.note = EventNote(reason: "rule-removed")
        events.append(event)
    }

    /// Timers that were running go on: their deadlines enter the new heap. A delay that the new rule
    /// states differently counts from the same beginning.
    private mutating func rearm() {
        for rule in rules.indices {
            let delay: Span
            switch rules[rule].phase {
            case .pendingOn: delay = rules[rule].onDelay
            case .pendingOff: delay = rules[rule].offDelay
            case .on, .off: continue
            }
            let shift = (rules[rule].began + delay) - rules[rule].deadline
            if rules[rule].phase == .pendingOn && shift != .zero {
                rules[rule].deadline = rules[rule].began + delay
                rules[rule].arrivalDeadline =
                    (Timestamp(milliseconds: rules[rule].arrivalDeadline) + shift).milliseconds
            }
            let due = max(rules[rule].arrivalDeadline, now.milliseconds)
            rules[rule].arrivalDeadline = due
            rules[rule].heapTime = due
            heap.insert(DeadlineHeap.Entry(time: due, owner: Int32(rule)))
        }
    }

    /// Looks at the stream's last values under the new limits.
    private mutating func reconsider(_ stream: Int, appendingTo events: inout [Event]) {
        let cannotClear =
            streams[stream].flags.contains(.retained) && streams[stream].flags.contains(.noTime)
        for binding in streams[stream].bindings {
            for rule in bindings[binding].rules where rules[rule].trigger == .condition {
                evaluate(rule, at: max(streams[stream].time, rules[rule].began), cannotClear: cannotClear)
            }
            for chain in bindings[binding].chains {
                settle(chain, at: now, cause: nil, appendingTo: &events)
            }
        }
    }
}
