import TocsinEngine
package import TocsinModel

/// What a receiver got of a scenario that was played live, held against the same scenario offline.
/// Both have the same event ids (contract §7), so nothing is compared but ids: every alarm of the
/// offline run must have arrived, and no other alarm may have.
///
/// Left out: events of the system; what operators do; staleness, which counts on the gateway's clock
/// and so differs when a scenario is played faster than real time; what is stamped after the end.
package struct ReceivedCheck {
    /// One event as a receiver got it.
    package struct Arrived: Sendable {
        package var id: String
        package var kind: EventKind
        package var rule: String
        package var stream: String
        package var time: Timestamp

        package init(
            id: String, kind: EventKind, rule: String, stream: String, time: Timestamp
        ) {
            self.id = id
            self.kind = kind
            self.rule = rule
            self.stream = stream
            self.time = time
        }
    }

    package var expected = 0
    /// Offline events that did not arrive.
    package var missing: [String] = []
    /// Alarms that arrived and are none of the offline run's.
    package var unexpected: [String] = []
    /// Ids that arrived more than once: allowed (at least once), and counted.
    package var repeats = 0

    package var isPassed: Bool { missing.isEmpty && unexpected.isEmpty && expected > 0 }

    private static let compared: [EventKind] = [.raised, .cleared, .escalated, .deEscalated]

    /// `offline` is the run of the scenario with the live run's site, rules and start.
    package init(offline: ScenarioOutcome, arrived: [Arrived]) {
        let start = offline.scenario.start
        let end = start + offline.scenario.duration
        var wanted: Set<String> = []
        var seen: Set<String> = []
        for entry in arrived where !seen.insert(entry.id).inserted { repeats += 1 }
        for event in offline.events {
            guard let rule = event.ruleDefinition, ReceivedCheck.compared.contains(event.kind),
                rule.trigger != .stale
            else { continue }
            wanted.insert(event.id.hex)
            expected += 1
            guard !seen.contains(event.id.hex) else { continue }
            missing.append(
                "\(event.kind.word) \(rule.name) on \(event.binding?.stream ?? "-") at "
                    + (event.time - start).text)
        }
        let stale = Set(
            offline.ruleSet.packs.flatMap(\.rules).filter { $0.trigger == .stale }.map(\.name))
        for entry in arrived where ReceivedCheck.compared.contains(entry.kind) {
            guard !wanted.contains(entry.id), !stale.contains(entry.rule), entry.time <= end else {
                continue
            }
            unexpected.append(
                "\(entry.kind.word) \(entry.rule) on \(entry.stream) at "
                    + (entry.time - start).text)
        }
    }
}
