import TocsinModel

// Ballots, tallies and seats come into being with the streams.

extension Pack {
    /// The label of which a rule has one alarm for each value; a vote's trouble rule follows it.
    package func label(ofRule position: Int) -> String? {
        let rule = rules[position]
        if rule.per != nil || rule.trigger != .voteOut { return rule.per }
        return voteRule(ofTrouble: position).flatMap { rules[$0].per }
    }

    /// The vote whose members' failure the trouble rule `PACK/ALARM-out` says.
    func voteRule(ofTrouble position: Int) -> Int? {
        rules.firstIndex { $0.trigger == .condition && $0.name + "-out" == rules[position].name }
    }

    /// The labels that have seats.
    var groupLabels: [String] {
        var labels: [String] = []
        for label in rules.map(\.per) + calculated.map(\.per) {
            if let label, !labels.contains(label) { labels.append(label) }
        }
        return labels
    }
}

extension Rule {
    /// The groups that its programs ask, each once.
    var groups: [Int] {
        var found: [Int] = []
        for program in [condition, clearWhen, unless] {
            for group in program?.groups ?? [] where !found.contains(group) { found.append(group) }
        }
        return found
    }
}

extension Program {
    /// The groups that it asks, as positions in the pack, in the order of its instructions.
    package var groups: [Int] {
        instructions.compactMap { instruction in
            switch instruction {
            case .votes(let group, _, _), .group(let group, _): Int(group)
            default: nil
            }
        }
    }

    /// It asks for quality or age itself.
    var asksFitness: Bool {
        instructions.contains { instruction in
            switch instruction {
            case .qualityIs, .age: true
            default: false
            }
        }
    }
}

extension Engine {
    /// Makes the ballots of a stream: in the groups of the packs that watch it, and in those of
    /// packs that only count it.
    mutating func bindBallots(_ stream: Int, appendingTo events: inout [Event]) {
        let name = streams[stream].name
        let first = ballots.count
        for binding in streams[stream].bindings {
            addBallots(binding, name: name)
        }
        let ghosts = bindings.count
        for position in ruleSet.packs.indices where !ruleSet.packs[position].groups.isEmpty {
            let pack = ruleSet.packs[position]
            // A pack that should watch it and could not has said so.
            guard pack.labels(matching: name) == nil,
                let labels = pack.groups.lazy.compactMap({ $0.pattern.match(name) }).first
            else { continue }
            do throws(Binding.Problem) {
                let binding = try Binding(
                    ruleSet: ruleSet, packIndex: position, stream: name,
                    mode: streams[stream].mode, labels: labels,
                    streamUnit: streams[stream].unit ?? ownUnit(of: stream))
                bindings.append(
                    BindingState(binding: binding, stream: stream, rules: 0..<0, chains: 0..<0))
                makeWindows(bindings.count - 1)
            } catch {
                emitSystem(
                    .bindingFailed,
                    note: EventNote(
                        reason: "groups of \(pack.name) do not count it: " + error.text,
                        subject: name),
                    mode: isOffline ? nil : streams[stream].mode, appendingTo: &events)
            }
        }
        streams[stream].ghosts = ghosts..<bindings.count
        for ghost in ghosts..<bindings.count {
            addBallots(ghost, name: name)
            // What another pack watches is missed by that one's measure.
            if streams[stream].bindings.isEmpty { watchSilence(ghost) }
        }
        streams[stream].ballots = first..<ballots.count
        for ballot in first..<ballots.count { cast(ballot, cannotClear: false) }
    }

    /// A stream that never named a unit is in that of its own pack.
    private func ownUnit(of stream: Int) -> UnitIndex? {
        streams[stream].bindings.first.flatMap { bindings[$0].binding.pack.unit }
    }

    private mutating func addBallots(_ number: Int, name: String) {
        let binding = bindings[number].binding
        for (position, group) in binding.pack.groups.enumerated() {
            guard let labels = group.pattern.match(name) else { continue }
            let tally = tallyNumber(
                TallyKey(
                    pack: binding.packIndex, group: position, mode: binding.mode,
                    values: labels.map(\.value)))
            let rule = addHidden(
                .ballot, number: ballots.count, binding: number, group.member,
                deadbands: binding.groupDeadbands[position], group.references,
                names: binding.groupReferences[position])
            tallies[tally].ballots.append(Int32(ballots.count))
            tallies[tally].add(.unknown, lastWasYes: false, 1)
            ballots.append(
                BallotState(
                    rule: rule, tally: Int32(tally), group: Int32(position),
                    isCondition: group.isCondition, asksFitness: group.member.asksFitness))
        }
    }

    /// A rule that no binding lists: a ballot or a calculation with this number.
    mutating func addHidden(
        _ role: Role, number: Int, binding: Int, _ program: Program, deadbands: [Double],
        _ definitions: [ReferenceDefinition], names: [String?]
    ) -> Int32 {
        let slots = references.count
        for (slot, definition) in definitions.enumerated() {
            references.append(
                ReferenceState(
                    name: names[slot], stateNames: definition.stateNames, unit: definition.unit))
        }
        var state = RuleState(
            binding: Int32(binding), rule: -1, chain: -1, rank: Int32(number),
            trigger: .condition, onDelay: .zero, offDelay: .zero,
            references: slots..<references.count)
        state.role = role
        rules.append(state)
        codes.append(
            RuleCode(condition: program.instructions, clearWhen: [], deadbands: deadbands))
        return Int32(rules.count - 1)
    }

    private mutating func tallyNumber(_ key: TallyKey) -> Int {
        if let known = tallyNumbers[key] { return known }
        tallyNumbers[key] = tallies.count
        tallies.append(TallyState())
        return tallies.count - 1
    }

    /// Leads a binding's rules to the groups they ask, and votes to their trouble rules.
    mutating func linkGroups(_ number: Int) {
        let pack = bindings[number].binding.pack
        guard !pack.groups.isEmpty else { return }
        let own = bindings[number].rules
        for rule in own {
            link(number, codes[rule].groups, rule: rule)
            guard rules[rule].trigger == .voteOut,
                let position = pack.voteRule(ofTrouble: Int(rules[rule].rule)),
                let vote = own.first(where: { Int(rules[$0].rule) == position })
            else { continue }
            rules[rule].partner = Int32(vote)
            rules[vote].partner = Int32(rule)
        }
    }

    /// Leads a binding's groups to their tallies, for `rule` that asks them.
    mutating func link(_ number: Int, _ groups: [Int], rule: Int) {
        let binding = bindings[number].binding
        if bindings[number].links.isEmpty && !groups.isEmpty {
            let first = links.count
            for _ in binding.pack.groups { links.append(-1) }
            bindings[number].links = first..<links.count
        }
        for group in groups {
            let names = binding.pack.groups[group].pattern.labels
            let values = names.compactMap { binding.label($0) }
            guard values.count == names.count else { continue }
            let tally = tallyNumber(
                TallyKey(
                    pack: binding.packIndex, group: group, mode: binding.mode, values: values))
            links[bindings[number].links.lowerBound + group] = Int32(tally)
            tallies[tally].dependents.append(Int32(rule))
        }
    }

    /// Gives each label of the pack that has rules of its own a seat for this stream's value.
    mutating func bindSeats(_ number: Int, appendingTo events: inout [Event]) {
        let binding = bindings[number].binding
        for label in binding.pack.groupLabels {
            guard let value = binding.label(label) else { continue }
            let key = SeatKey(
                pack: binding.pack.name, label: label, value: value, mode: binding.mode)
            let seat: Int
            if let known = seats[key] {
                guard streams[known].bindings.isEmpty else { continue }
                seat = known
            } else {
                seat = addStream(value, mode: binding.mode, kind: .seat)
                seats[key] = seat
            }
            bindSeat(seat, like: binding, label: label, value: value, appendingTo: &events)
        }
    }

    private mutating func bindSeat(
        _ seat: Int, like member: Binding, label: String, value: String,
        appendingTo events: inout [Event]
    ) {
        do throws(Binding.Problem) {
            let binding = try Binding(
                ruleSet: ruleSet, packIndex: member.packIndex, stream: value, mode: member.mode,
                labels: [(label, value)], streamUnit: nil, groupLabel: label)
            let first = bindings.count
            append(binding, stream: seat)
            streams[seat].bindings = first..<bindings.count
            bindCalculations(first, stream: seat, appendingTo: &events)
        } catch {
            emitSystem(
                .bindingFailed,
                note: EventNote(
                    reason: "rules of \(member.pack.name) for \(label) \(value) cannot be made: "
                        + error.text, subject: value),
                mode: isOffline ? nil : member.mode, appendingTo: &events)
        }
    }
}
