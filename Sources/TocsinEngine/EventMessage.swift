import TocsinModel

/// The one sentence that people read first: what, where, how much against which limit.
enum EventMessage {
    static func text(of event: Event) -> String {
        let sentence = event.ruleDefinition == nil ? system(event) : alarm(event)
        // Test traffic is told apart at every receiver (contract §8).
        return event.mode == .test ? "【测试】[TEST] " + sentence : sentence
    }

    private static func alarm(_ event: Event) -> String {
        guard let rule = event.ruleDefinition, let binding = event.binding else { return "" }
        let facts = EventFacts(event)
        let place = binding.listing?.name ?? binding.stream
        let title = rule.title ?? rule.shortName
        var parts = [verb(event.kind) + title]
        switch rule.trigger {
        case _ where event.note?.reason == EventNote.ruleRemoved: break
        case .condition:
            parts.append(reading(event, facts))
            parts.append(event.trend?.text(unit: facts.unit.map { " " + $0 } ?? "") ?? "")
            parts.append(votes(event, facts))
        case .stale:
            let silence = binding.staleAfter.map { " for \($0.text)" } ?? ""
            parts.append(event.kind == .cleared ? "heard again" : "nothing heard" + silence)
        case .bad:
            parts.append(event.kind == .cleared ? "readings are good again" : "bad readings")
        case .clock:
            parts.append(
                event.kind == .cleared
                    ? "its time stamps are usable again"
                    : "its time stamps cannot be used; readings are evaluated at arrival")
        case .voteOut:
            parts.append(
                event.kind == .cleared ? "members vote again" : "no member is fit to vote")
        }
        if event.kind == .cleared, isLatched(event.state) {
            parts.append("latched until acknowledged and reset")
        }
        if event.suppression != .none && event.kind != .suppressed {
            parts.append(event.suppression.word)
        }
        if event.degraded { parts.append("degraded") }
        if event.retained { parts.append("retained") }
        if let by = event.note?.by { parts.append("by \(by)") }
        if let reason = event.note?.reason { parts.append(reason) }
        return place + ": " + parts.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private static func isLatched(_ state: AlarmState?) -> Bool {
        switch state {
        case .latchedUnacknowledged, .latchedAcknowledged: true
        case .normal, .unacknowledged, .acknowledged, .returnedUnacknowledged, nil: false
        }
    }

    private static func verb(_ kind: EventKind) -> String {
        kind == .raised ? "" : kind.word + " "
    }

    private static func reading(_ event: Event, _ facts: EventFacts) -> String {
        let unit = facts.unit.map { " " + $0 } ?? ""
        var text = ""
        if let value = event.value {
            text = JSONMembers.readable(value) + unit
        } else if let word = facts.sourceWord {
            text = word
        }
        guard event.trend?.limitName == nil else { return text }
        guard let limit = facts.limit, let name = facts.limitName else { return text }
        let relation = facts.direction == "low" ? "≤" : "≥"
        let bound = "limit \(name) \(relation) " + JSONMembers.readable(limit) + unit
        return text.isEmpty ? bound : text + ", " + bound
    }

    /// "2 of 4: lel/1 30 %LEL, lel/4 31 %LEL": who voted yes, by the end of the name.
    private static func votes(_ event: Event, _ facts: EventFacts) -> String {
        guard let vote = event.members, vote.isCondition else { return "" }
        let unit = facts.unit.map { " " + $0 } ?? ""
        let named = vote.members.lazy.filter { $0.vote == .yes }.prefix(votersMax).map { member in
            let end = member.stream.split(separator: "/").suffix(2).joined(separator: "/")
            return end + (member.value.map { " " + JSONMembers.readable($0) + unit } ?? "")
        }
        let count = "\(vote.yes) of \(vote.total)"
        guard !named.isEmpty else { return count }
        let rest = vote.yes > named.count ? " and \(vote.yes - named.count) more" : ""
        return count + ": " + named.joined(separator: ", ") + rest
    }

    /// Members that a message names; the event lists more.
    private static let votersMax = 6

    private static func system(_ event: Event) -> String {
        let subject = event.binding?.stream ?? event.note?.subject
        let said = subject.map { $0 + ": " + event.kind.word } ?? event.kind.word
        return [said, event.note?.reason].compactMap { $0 }.joined(separator: ", ")
    }
}
