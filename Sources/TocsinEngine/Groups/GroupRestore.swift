import TocsinModel

// Alarms of groups that stood when the daemon stopped. A seat comes with its first member, so the
// alarm waits for it under the label's value.

extension Engine {
    mutating func restoreGroup(_ alarm: RestoredAlarm, appendingTo events: inout [Event]) {
        let isKnown = ruleSet.packs.contains { pack in
            pack.rules.indices.contains { position in
                pack.rules[position].name == alarm.rule && pack.label(ofRule: position) != nil
            }
        }
        guard isKnown else {
            closeOrphan(alarm, appendingTo: &events)
            return
        }
        for seat in streams.indices
        where streams[seat].kind == .seat && streams[seat].name == alarm.stream
            && streams[seat].mode == alarm.mode
        {
            if handOver(alarm, toStream: seat, appendingTo: &events) { return }
        }
        restoredGroups[StreamKey(name: alarm.stream, mode: alarm.mode), default: []].append(alarm)
    }

    /// Of two labels with one value each seat takes its own alarms.
    mutating func takeUpRestoredGroups(
        _ key: StreamKey, seat: Int, appendingTo events: inout [Event]
    ) {
        guard let waiting = restoredGroups.removeValue(forKey: key) else { return }
        var left: [RestoredAlarm] = []
        for alarm in waiting where !handOver(alarm, toStream: seat, appendingTo: &events) {
            left.append(alarm)
        }
        if !left.isEmpty { restoredGroups[key] = left }
    }
}
