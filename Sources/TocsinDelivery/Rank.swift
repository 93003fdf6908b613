import TocsinModel

/// The order in which waiting entries leave, most urgent first (contract §8).
///
/// The contract names fire, critical, high, supervisory, trouble and early warning. Alarms of
/// medium and low priority follow, since nobody is told to act within minutes on them, and events
/// about Tocsin itself come last: in a flood they are the least of the receiver's concerns.
package enum Rank: UInt8, Sendable, Comparable, CaseIterable {
    case fire, critical, high, supervisory, trouble, earlyWarning, medium, low, system

    package static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }

    /// The rank of one entry. An alarm without a priority counts as `low`: the rules refuse it, so
    /// only a log of another version can hold one.
    package init(_ line: EventLine) {
        switch line.alarmClass {
        case .alarm where line.domain == "fire": self = .fire
        case .alarm:
            switch line.priority {
            case .critical: self = .critical
            case .high: self = .high
            case .medium: self = .medium
            case .low, nil: self = .low
            }
        case .supervisory: self = .supervisory
        case .trouble: self = .trouble
        case .earlyWarning: self = .earlyWarning
        case .system, nil: self = .system
        }
    }
}
