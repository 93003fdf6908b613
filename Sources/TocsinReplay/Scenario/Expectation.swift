package import TocsinModel
package import TocsinRules

/// Offsets from the scenario's start, both included.
package struct TimeWindow: Sendable, Equatable {
    package var from: Span
    package var to: Span

    package func contains(_ offset: Span) -> Bool { offset >= from && offset <= to }

    package var text: String { "[\(from.text), \(to.text)]" }
}

/// One entry of `expect:`.
package struct Expectation: Sendable {
    package enum Kind: Sendable, Equatable {
        /// So many events of this kind in the window, and none of it outside every expectation's.
        case event(EventKind, window: TimeWindow?, count: ClosedRange<Int>)
        /// No such event at all, or none in the window.
        case none(EventKind?, window: TimeWindow?)
        /// The alarm's state when the scenario ends.
        case state(AlarmState)
        /// A command of `events:` at this time that must be refused; `reason` is a part of the
        /// answer.
        case refused(ScenarioCommand.Verb, at: Span, reason: String?)
    }

    package var selector: EventSelector
    package var kind: Kind
    package var place: SourceRange
}

/// Which events an expectation is about; nil = any.
package struct EventSelector: Sendable, Equatable {
    /// A rule's short name.
    package var alarm: String?
    /// A rule's full name.
    package var rule: String?
    package var stream: String?
    /// The value of the label that a rule is `per:`.
    package var group: String?
    package var alarmClass: AlarmClass?
    package var priority: Priority?
    package var level: String?
    package var quality: Quality?
    package var degraded: Bool?
    package var retained: Bool?
    package var mode: String?
    package var state: AlarmState?
    /// Parts of the event's message and reason.
    package var message: String?
    package var reason: String?

    package init() {}

    /// What the expectation is about, for messages.
    package var text: String {
        var text = rule ?? alarm ?? alarmClass.map { "any \($0.word)" } ?? "any alarm"
        if let stream { text += " on \(stream)" }
        if let group { text += " of the group \(group)" }
        return text
    }
}
