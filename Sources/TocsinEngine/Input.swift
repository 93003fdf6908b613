package import TocsinModel

/// What an operator asks of an alarm.
package struct AlarmCommand: Sendable, Equatable {
    package enum Verb: UInt8, Sendable, CaseIterable {
        case acknowledge, reset

        package var word: String { self == .acknowledge ? "acknowledge" : "reset" }
    }

    package var verb: Verb
    package var alarm: Identifier
    /// Live unless said otherwise: an alarm of a test stream has the same id as the live one.
    package var mode: Mode
    package var by: String
    package var reason: String?
    /// For `reset` of a latched over-range: the person has made sure on site that the gas is gone.
    package var confirmsOverRange: Bool

    package init(
        verb: Verb, alarm: Identifier, mode: Mode = .live, by: String, reason: String? = nil,
        confirmsOverRange: Bool = false
    ) {
        self.verb = verb
        self.alarm = alarm
        self.mode = mode
        self.by = by
        self.reason = reason
        self.confirmsOverRange = confirmsOverRange
    }
}

/// What became of a command.
package enum CommandOutcome: Sendable, Equatable {
    case accepted(event: Identifier)
    case refused(reason: String)
    case unknownAlarm
}

/// An alarm as the alert log last left it, to be taken up again after a start.
package struct RestoredAlarm: Sendable, Equatable {
    package var alarm: Identifier
    /// The stream's name, or the group's.
    package var stream: String
    package var isGroup: Bool
    /// How many members the group had.
    package var groupMembers: Int
    package var mode: Mode
    /// The rule whose level stood (`PACK/NAME`).
    package var rule: String
    /// The rule that `raised` named.
    package var openingRule: String
    package var state: AlarmState
    package var occurrence: Identifier
    package var lastEvent: Identifier
    package var raisedAt: Timestamp
    package var onset: Timestamp
    package var peak: Double?
    package var peakTime: Timestamp?
    /// What its last entry said.
    package var suppression: Suppression

    package init(
        alarm: Identifier, stream: String, isGroup: Bool = false, groupMembers: Int = 0,
        mode: Mode, rule: String,
        openingRule: String, state: AlarmState,
        occurrence: Identifier, lastEvent: Identifier, raisedAt: Timestamp, onset: Timestamp,
        peak: Double?, peakTime: Timestamp?, suppression: Suppression = .none
    ) {
        self.alarm = alarm
        self.stream = stream
        self.isGroup = isGroup
        self.groupMembers = groupMembers
        self.mode = mode
        self.rule = rule
        self.openingRule = openingRule
        self.state = state
        self.occurrence = occurrence
        self.lastEvent = lastEvent
        self.raisedAt = raisedAt
        self.onset = onset
        self.peak = peak
        self.peakTime = peakTime
        self.suppression = suppression
    }
}

/// Everything that can happen to the engine beside a sample; samples take the direct way
/// (`Engine.apply`). Each input comes with its arrival time, which never goes back.
package enum Input: Sendable {
    /// Time passes.
    case tick
    case stream(StreamDeclaration)
    /// A connection was lost, or subscriptions were confirmed (again).
    case brokerLost(UInt8, name: String, reason: String)
    case brokerBack(UInt8, name: String)
    case reload(RuleSet)
    /// An event of the system that the shell reports: started, stopped, delivery-failing, …
    case system(EventKind, note: EventNote)
    case restore([RestoredAlarm])
    /// Unlisted publishers that were announced in an earlier run: not again.
    case announced([String])
    /// The gateway's wall clock was set forward; what counts on it moves along.
    case clockStepped(by: Span)
}
