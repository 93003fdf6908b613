package import TocsinEngine
package import TocsinModel

/// Something that happened in a recording and that alarms must catch (docs/BACKTEST.md).
package struct GoldenIncident: Sendable, Equatable {
    package var name: String
    /// Streams whose alarms count.
    package var stream: StreamPattern?
    /// The group whose alarms count.
    package var group: String?
    package var from: Timestamp
    package var to: Timestamp
    /// Full or short names of rules, `*` for any characters; empty = every rule but trouble.
    package var rules: [String]
    /// An alarm after it is too late.
    package var latest: Timestamp?
    /// `path:line:column`.
    package var place: String

    package init(
        name: String, stream: StreamPattern? = nil, group: String? = nil, from: Timestamp,
        to: Timestamp, rules: [String] = [], latest: Timestamp? = nil, place: String = ""
    ) {
        self.name = name
        self.stream = stream
        self.group = group
        self.from = from
        self.to = to
        self.rules = rules
        self.latest = latest
        self.place = place
    }

    /// The last moment at which an alarm still counts.
    package var deadline: Timestamp { min(latest ?? to, to) }

    /// How one rule set did.
    package struct Catch: Sendable, Equatable {
        package var time: Timestamp
        /// Full name of the rule, and the stream or group.
        package var rule: String
        package var place: String
        /// From the alarm to the deadline.
        package var lead: Span
    }

    /// The first alarm that catches it; nil = missed. An alarm that stood before `from` does not
    /// count: it was said of something else.
    package func caught(by history: AlarmHistory) -> Catch? {
        var first: Annunciation?
        for said in history.annunciations {
            guard said.time >= from, said.time <= deadline,
                first.map({ said.time < $0.time }) ?? true
            else { continue }
            let subject = history.subjects[said.subject]
            if covers(subject) && names(history.rule(of: said)) { first = said }
        }
        return first.map { said in
            Catch(
                time: said.time, rule: history.rule(of: said).full,
                place: history.subjects[said.subject].place, lead: deadline - said.time)
        }
    }

    private func covers(_ subject: AlarmSubject) -> Bool {
        if subject.isGroup { return group == subject.place }
        return stream?.match(subject.place) != nil
    }

    private func names(_ rule: AlarmSubject.RuleName) -> Bool {
        guard !rules.isEmpty else { return rule.alarmClass != .trouble }
        return rules.contains { pattern in
            GoldenIncident.matches(pattern, rule.full)
                || GoldenIncident.matches(pattern, rule.short)
        }
    }

    /// Whether a text fits a pattern in which `*` is any characters, none too.
    package static func matches(_ pattern: String, _ text: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return pattern == text }
        guard text.hasPrefix(parts[0]) else { return false }
        var rest = text.dropFirst(parts[0].count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = firstRange(of: part, in: rest) else { return false }
            rest = rest[found...].dropFirst(part.count)
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }

    private static func firstRange(of part: Substring, in text: Substring) -> Substring.Index? {
        text.indices.first { text[$0...].hasPrefix(part) }
    }
}

/// An incident and what both sets made of it.
package struct GoldenResult: Sendable, Equatable {
    package var incident: GoldenIncident
    package var baseline: GoldenIncident.Catch?
    package var new: GoldenIncident.Catch?

    package init(
        _ incident: GoldenIncident, baseline: AlarmHistory, new: AlarmHistory
    ) {
        self.incident = incident
        self.baseline = incident.caught(by: baseline)
        self.new = incident.caught(by: new)
    }

    /// NEW misses it.
    package var isMissed: Bool { new == nil }
    /// NEW misses what BASELINE caught: it did not stay caught.
    package var isLost: Bool { new == nil && baseline != nil }

    /// `caught`, `lost` or `missed` (by both).
    package var word: String { isLost ? "lost" : isMissed ? "missed" : "caught" }
}
