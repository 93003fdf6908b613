import TocsinModel

// Streams that packs compute (`define:`). At each sample in order of an input the program runs, and
// what it leaves becomes a sample at the newest input's time: unknown is a sample of bad quality.
// It goes the way of every sample, depth first: streams computed from it follow at once.

extension RuleSet {
    /// The definition under which this name is computed; nil = nobody computes it.
    func calculation(named name: String) -> CalculatedDefinition? {
        for pack in packs {
            for definition in pack.calculated where definition.name.match(name) != nil {
                return definition
            }
        }
        return nil
    }
}

extension Engine {
    /// The most calculations in a row. `check` refuses circles; one that it had not seen ends here.
    static let cascadeMax = 16

    /// Makes the calculations of one binding, and the streams they write.
    mutating func bindCalculations(
        _ number: Int, stream: Int, appendingTo events: inout [Event]
    ) {
        let binding = bindings[number].binding
        for (position, definition) in binding.pack.calculated.enumerated()
        where definition.per == binding.groupLabel {
            // A label of the inventory may hold a `/`: that would be another name.
            guard let name = definition.name.substituting(binding.labels),
                definition.name.match(name) != nil
            else {
                emitSystem(
                    .bindingFailed,
                    note: EventNote(
                        reason: "\(definition.name.text) of \(binding.pack.name) is not computed "
                            + "for it: a label is missing, or is no level of a name",
                        subject: binding.stream),
                    mode: isOffline ? nil : binding.mode, appendingTo: &events)
                continue
            }
            let key = StreamKey(name: name, mode: binding.mode)
            let target: Int
            if let known = numbers[key] {
                target = known
            } else {
                target = addStream(name, mode: binding.mode, kind: .calculated)
                streams[target].unit = definition.unit
                numbers[key] = target
                bind(target, appendingTo: &events)
            }
            let rule = addHidden(
                .calculation, number: calculations.count, binding: number, definition.program,
                deadbands: [], definition.references,
                names: binding.calculatedReferences[position])
            calculations.append(CalculationState(rule: rule, target: Int32(target)))
            streams[stream].calculations.append(rule)
            link(number, definition.program.groups, rule: Int(rule))
        }
    }

    /// Runs what is computed from this stream: for itself, for those that refer to it, for groups.
    mutating func calculate(
        after sample: Sample, stream: Int, depth: Int, appendingTo events: inout [Event]
    ) {
        for position in streams[stream].calculations.indices {
            let rule = Int(streams[stream].calculations[position])
            run(calculation: rule, after: sample, depth: depth, appendingTo: &events)
        }
        for position in streams[stream].dependents.indices {
            let rule = Int(streams[stream].dependents[position])
            switch rules[rule].role {
            case .alarm: break
            case .calculation:
                run(calculation: rule, after: sample, depth: depth, appendingTo: &events)
            case .ballot:
                calculate(
                    askersOf: Int(rules[rule].rank), after: sample, stream: stream, depth: depth,
                    appendingTo: &events)
            }
        }
        for ballot in streams[stream].ballots {
            calculate(
                askersOf: ballot, after: sample, stream: stream, depth: depth,
                appendingTo: &events)
        }
    }

    private mutating func calculate(
        askersOf ballot: Int, after sample: Sample, stream: Int, depth: Int,
        appendingTo events: inout [Event]
    ) {
        let tally = Int(ballots[ballot].tally)
        for position in tallies[tally].dependents.indices {
            let rule = Int(tallies[tally].dependents[position])
            guard rules[rule].role == .calculation,
                bindings[Int(rules[rule].binding)].stream != stream
            else { continue }
            run(calculation: rule, after: sample, depth: depth, appendingTo: &events)
        }
    }

    private mutating func run(
        calculation rule: Int, after sample: Sample, depth: Int, appendingTo events: inout [Event]
    ) {
        guard depth < Engine.cascadeMax else {
            counts.cascadesCut += 1
            return
        }
        let target = Int(calculations[Int(rules[rule].rank)].target)
        evaluatedAt = sample.time
        counts.evaluations += 1
        let number = compute(codes[rule].condition, rule: rule)
        let isKnown = number.isFinite
        var made = Sample(
            time: max(sample.time, streams[target].time), value: isKnown ? number : .nan,
            quality: isKnown ? .good : .bad)
        made.sourceValue = made.value
        made.broker = sample.broker
        if sample.flags.contains(.retained) { made.flags.insert(.retained) }
        if sample.flags.contains(.noTime) { made.flags.insert(.noTime) }
        // A sensor's bad clock is that sensor's trouble: what is computed has the gateway's time.
        if sample.flags.contains(.badTime) { made.flags.insert(.noTime) }
        // The same value at the same time is no new sample, as with a message that comes twice.
        if made.time == streams[target].time, made.quality == streams[target].quality,
            made.value.bitPattern == streams[target].value.bitPattern
        {
            return
        }
        counts.samplesCalculated += 1
        take(made, stream: target, depth: depth + 1, appendingTo: &events)
    }

    /// Someone publishes under the name of a calculated stream: ignored, and said once.
    mutating func noteIntruder(_ stream: Int, appendingTo events: inout [Event]) {
        counts.samplesIntruded += 1
        guard !streams[stream].isIntruded else { return }
        streams[stream].isIntruded = true
        emitSystem(
            .bindingFailed,
            note: EventNote(
                reason: "a pack computes this stream: what is published under its name is ignored",
                subject: streams[stream].name),
            mode: isOffline ? nil : streams[stream].mode, appendingTo: &events)
    }
}
