package import TocsinModel

/// An alarm that stands, as the API lists it.
package struct StandingAlarm: Sendable {
    package var alarm: Identifier
    package var occurrence: Identifier?
    package var mode: Mode
    package var binding: Binding
    /// Position in the pack's rules of the level that stands.
    package var rule: Int
    package var state: AlarmState
    package var suppression: Suppression
    package var raisedAt: Timestamp
    package var onset: Timestamp
    package var value: Double?
    package var peak: Double?
    /// Nil for a group.
    package var quality: Quality?
    package var overIsLatched: Bool
}

/// A stream as the API lists it.
package struct StreamReport: Sendable {
    /// Its number in `Intake`; nil for a stream that a pack calculates.
    package var index: StreamIndex?
    package var name: String
    package var mode: Mode
    package var unit: UnitIndex?
    package var time: Timestamp?
    package var value: Double?
    package var quality: Quality
    package var isWord: Bool
    package var isStale: Bool
    package var everHeard: Bool
    package var packs: [String]
}

extension Engine {
    /// The alarms whose state is not normal, in the order of their streams.
    package func standingAlarms() -> [StandingAlarm] {
        chains.indices.compactMap { chain in
            guard chains[chain].state != .normal, chains[chain].level >= 0 else { return nil }
            let state = bindings[Int(chains[chain].binding)]
            let level = Int(chains[chain].rules[Int(chains[chain].level)])
            return StandingAlarm(
                alarm: chains[chain].id, occurrence: chains[chain].occurrence,
                mode: streams[state.stream].mode, binding: state.binding,
                rule: Int(rules[level].rule), state: chains[chain].state,
                suppression: chains[chain].suppression.word,
                raisedAt: chains[chain].raisedAt, onset: chains[chain].onset,
                value: state.value.isNaN ? nil : state.value,
                peak: chains[chain].peak.isNaN ? nil : chains[chain].peak,
                quality: streams[state.stream].kind == .seat ? nil : state.quality,
                overIsLatched: state.overIsLatched)
        }
    }

    /// Every stream with its last value, those that packs compute among them.
    package func streamReports() -> [StreamReport] {
        streams.indices.filter { streams[$0].kind != .seat }.map { number in
            let stream = streams[number]
            return StreamReport(
                index: stream.index, name: stream.name, mode: stream.mode,
                unit: stream.unit,
                time: stream.time == .distantPast ? nil : stream.time,
                value: stream.value.isNaN ? nil : stream.value, quality: stream.quality,
                isWord: stream.flags.contains(.word), isStale: stream.isStale,
                everHeard: stream.everHeard,
                packs: stream.bindings.map { bindings[$0].binding.pack.name })
        }
    }

    /// Alarms in force by priority: condition holding, or latched, not normal and not suppressed.
    package func activeAlarms() -> [Priority: Int] {
        var counts: [Priority: Int] = [:]
        for alarm in standingAlarms()
        where alarm.state != .returnedUnacknowledged && alarm.suppression == .none {
            counts[alarm.binding.pack.rules[alarm.rule].priority, default: 0] += 1
        }
        return counts
    }

    /// The state of one alarm on one stream or group, by the rule's full or short name; for scenarios.
    package func state(ofRule name: String, stream: String, mode: Mode = .live) -> AlarmState? {
        chain(ofRule: name, stream: stream, mode: mode).map { chains[$0].state }
    }

    /// The alarm id of a rule on a stream or group; nil when the rule does not watch it.
    package func alarm(ofRule name: String, stream: String, mode: Mode = .live) -> Identifier? {
        chain(ofRule: name, stream: stream, mode: mode).map { chains[$0].id }
    }

    private func chain(ofRule name: String, stream: String, mode: Mode) -> Int? {
        number(ofRule: name, stream: stream, mode: mode).map { Int(rules[$0].chain) }
    }

    /// A rule on a stream, else on the group of that name.
    func number(ofRule name: String, stream: String, mode: Mode) -> Int? {
        if let number = numbers[StreamKey(name: stream, mode: mode)],
            let found = self.number(ofRule: name, stream: number)
        {
            return found
        }
        let seats = streams.indices.lazy.filter {
            streams[$0].kind == .seat && streams[$0].name == stream && streams[$0].mode == mode
        }
        return seats.compactMap { self.number(ofRule: name, stream: $0) }.first
    }

    private func number(ofRule name: String, stream: Int) -> Int? {
        for binding in streams[stream].bindings {
            for rule in bindings[binding].rules {
                let definition = definition(rule)
                if definition.name == name || definition.shortName == name { return rule }
            }
        }
        return nil
    }
}
