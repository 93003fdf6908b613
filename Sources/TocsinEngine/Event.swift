package import TocsinModel

/// 128 bits that name an event or an alarm; written as 32 hex digits.
package struct Identifier: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 32 hex digits; nil for anything else.
    package init?(hex: some StringProtocol) {
        // `UInt64(_:radix:)` would take a sign.
        guard hex.utf8.count == 32, hex.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
            let high = UInt64(hex.prefix(16), radix: 16),
            let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.high = high
        self.low = low
    }

    package var hex: String {
        func padded(_ word: UInt64) -> String {
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        return padded(high) + padded(low)
    }
}

/// What an event says beside numbers: rare texts, kept out of the plain part.
package final class EventNote: Sendable {
    /// The reason of a `cleared` whose rule or stream is no more (contract §4).
    package static let ruleRemoved = "rule-removed"

    package let by: String?
    package let reason: String?
    /// What a system event is about: a broker, a receiver, a stream that no rule watches.
    package let subject: String?
    /// The name of a rule that is no more.
    package let rule: String?
    /// The name of a group that is no more.
    package let group: String?

    package init(
        by: String? = nil, reason: String? = nil, subject: String? = nil, rule: String? = nil,
        group: String? = nil
    ) {
        self.group = group
        self.by = by
        self.reason = reason
        self.subject = subject
        self.rule = rule
    }
}

/// One change of an alarm or of the system, as the engine says it (contract §7). Values are in the
/// rule's unit, times as in `Timestamp`; `binding` nil = a system event.
package struct Event: Sendable {
    package var kind: EventKind
    package var mode: Mode
    package var id: Identifier
    package var alarm: Identifier?
    package var occurrence: Identifier?
    package var previous: Identifier?
    /// The event's own time: sample time, or the deadline that passed.
    package var time: Timestamp
    /// When the condition began.
    package var onset: Timestamp?
    /// When the input that caused it arrived, by the gateway's clock.
    package var received: Timestamp
    package var timeSource: TimeSource
    package var duration: Span?
    package var binding: Binding?
    /// Position in `binding.pack.rules` of the rule the event names.
    package var rule: Int
    package var priority: Priority?
    package var previousPriority: Priority?
    package var state: AlarmState?
    package var previousState: AlarmState?
    package var suppression: Suppression
    package var quality: Quality?
    package var degraded: Bool
    package var retained: Bool
    package var value: Double?
    package var sourceValue: Double?
    package var sourceUnit: UnitIndex
    package var sourceIsWord: Bool
    package var peak: Double?
    package var peakTime: Timestamp?
    package var note: EventNote?
    /// The line behind the forecast that raised it; not in the line but in the message.
    package var trend: Trend?
    /// How the members of the rule's group voted.
    package var members: GroupVote?
    /// The set in force.
    package var ruleSet: RuleSet
    /// It fired on the gateway's clock, `limits.lateness` after its deadline: no delay of the message.
    package var byGatewayClock: Bool
    /// Monotonic nanoseconds at which the input was read, for the delivery histogram; 0 = unknown.
    package var receivedNanoseconds: UInt64

    init(_ kind: EventKind, mode: Mode, id: Identifier, time: Timestamp, ruleSet: RuleSet) {
        self.kind = kind
        self.mode = mode
        self.id = id
        self.time = time
        self.ruleSet = ruleSet
        received = time
        timeSource = .sensor
        rule = -1
        suppression = .none
        degraded = false
        retained = false
        sourceUnit = .none
        sourceIsWord = false
        byGatewayClock = false
        receivedNanoseconds = 0
    }

    /// Its note's subject is a stream.
    var isAboutStream: Bool {
        alarm != nil || kind == .publisherUnlisted || kind == .bindingFailed
            || kind == .windowShort
    }

    /// The rule that the event names; nil for system events.
    package var ruleDefinition: Rule? {
        guard let binding, rule >= 0 else { return nil }
        return binding.pack.rules[rule]
    }
}
