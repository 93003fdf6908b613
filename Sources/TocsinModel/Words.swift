// The words of ISA-18.2 / IEC 62682 as the contract writes them. Raw values are what is written in
// events, files and the API.

/// What a sensor says about its own reading (contract §1). `over` and `under` are flags on good
/// samples, see `SampleFlags`.
package enum Quality: UInt8, Sendable, CaseIterable {
    case good, bad, inhibited

    package var word: String {
        switch self {
        case .good: "good"
        case .bad: "bad"
        case .inhibited: "inhibited"
        }
    }
}

/// How urgent the operator's action is; ordered, `critical` highest.
package enum Priority: UInt8, Sendable, CaseIterable, Comparable {
    case low, medium, high, critical

    package static func < (a: Priority, b: Priority) -> Bool { a.rawValue < b.rawValue }

    package var word: String {
        switch self {
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        case .critical: "critical"
        }
    }

    package init?(word: some StringProtocol) {
        guard let found = Priority.allCases.first(where: { $0.word == word }) else { return nil }
        self = found
    }
}

/// What kind of matter an event is; the classes are routed apart (domain reference §1).
package enum AlarmClass: UInt8, Sendable, CaseIterable {
    case alarm, supervisory, trouble, earlyWarning, system

    package var word: String {
        switch self {
        case .alarm: "alarm"
        case .supervisory: "supervisory"
        case .trouble: "trouble"
        case .earlyWarning: "early-warning"
        case .system: "system"
        }
    }

    package init?(word: some StringProtocol) {
        guard let found = AlarmClass.allCases.first(where: { $0.word == word }) else { return nil }
        self = found
    }
}

/// What everything that happens belongs to; simulated traffic is marked end to end.
package enum Mode: UInt8, Sendable, CaseIterable {
    case live, test, drill, simulation, replay

    package var word: String {
        switch self {
        case .live: "live"
        case .test: "test"
        case .drill: "drill"
        case .simulation: "simulation"
        case .replay: "replay"
        }
    }
}

/// The state of an alarm, ISA-18.2 states A to F. Suppression is a separate matter: `Suppression`.
package enum AlarmState: UInt8, Sendable, CaseIterable {
    case normal, unacknowledged, acknowledged, returnedUnacknowledged
    case latchedUnacknowledged, latchedAcknowledged

    package var word: String {
        switch self {
        case .normal: "normal"
        case .unacknowledged: "unacknowledged"
        case .acknowledged: "acknowledged"
        case .returnedUnacknowledged: "returned-unacknowledged"
        case .latchedUnacknowledged: "latched-unacknowledged"
        case .latchedAcknowledged: "latched-acknowledged"
        }
    }

    package init?(word: some StringProtocol) {
        guard let found = AlarmState.allCases.first(where: { $0.word == word }) else { return nil }
        self = found
    }

    /// Its condition holds, acknowledged or not (ISA-18.2 states B and C).
    package var holdsLevel: Bool {
        switch self {
        case .unacknowledged, .acknowledged: true
        case .normal, .returnedUnacknowledged, .latchedUnacknowledged, .latchedAcknowledged: false
        }
    }

    /// Someone has still to take note.
    package var isUnacknowledged: Bool {
        switch self {
        case .unacknowledged, .returnedUnacknowledged, .latchedUnacknowledged: true
        case .normal, .acknowledged, .latchedAcknowledged: false
        }
    }
}

/// Why a standing alarm is hidden, ISA-18.2 states G to I. Hidden alarms keep evaluating.
package enum Suppression: UInt8, Sendable, CaseIterable {
    case none, shelved, suppressed, outOfService

    package var word: String {
        switch self {
        case .none: "none"
        case .shelved: "shelved"
        case .suppressed: "suppressed"
        case .outOfService: "out-of-service"
        }
    }
}

/// One change of an alarm or of the system (contract §7).
package enum EventKind: UInt8, Sendable, CaseIterable {
    case raised, cleared, acknowledged, reset, escalated, deEscalated, reAlarmed, referred
    case shelved, unshelved, suppressed, unsuppressed, outOfService, inService
    case confirmed, unconfirmed
    case started, stopped, recovered, reloaded, reloadRefused
    case brokerLost, brokerBack, deliveryFailing, deliveryRecovered, logFailing, logRecovered
    case floodBegan, floodEnded, clockSuspect, publisherUnlisted, proofTest
    case inhibitBegan, inhibitEnded, bindingFailed, samplesDropped, brokerDropped, streamsFull,
        windowShort

    package var word: String {
        switch self {
        case .raised: "raised"
        case .cleared: "cleared"
        case .acknowledged: "acknowledged"
        case .reset: "reset"
        case .escalated: "escalated"
        case .deEscalated: "de-escalated"
        case .reAlarmed: "re-alarmed"
        case .referred: "referred"
        case .shelved: "shelved"
        case .unshelved: "unshelved"
        case .suppressed: "suppressed"
        case .unsuppressed: "unsuppressed"
        case .outOfService: "out-of-service"
        case .inService: "in-service"
        case .confirmed: "confirmed"
        case .unconfirmed: "unconfirmed"
        case .started: "started"
        case .stopped: "stopped"
        case .recovered: "recovered"
        case .reloaded: "reloaded"
        case .reloadRefused: "reload-refused"
        case .brokerLost: "broker-lost"
        case .brokerBack: "broker-back"
        case .deliveryFailing: "delivery-failing"
        case .deliveryRecovered: "delivery-recovered"
        case .logFailing: "log-failing"
        case .logRecovered: "log-recovered"
        case .floodBegan: "flood-began"
        case .floodEnded: "flood-ended"
        case .clockSuspect: "clock-suspect"
        case .publisherUnlisted: "publisher-unlisted"
        case .proofTest: "proof-test"
        case .inhibitBegan: "inhibit-began"
        case .inhibitEnded: "inhibit-ended"
        case .bindingFailed: "binding-failed"
        case .samplesDropped: "samples-dropped"
        case .brokerDropped: "broker-dropped"
        case .streamsFull: "streams-full"
        case .windowShort: "window-short"
        }
    }

    package init?(word: some StringProtocol) {
        guard let found = EventKind.allCases.first(where: { $0.word == word }) else { return nil }
        self = found
    }
}

/// Where a sample's time comes from.
package enum TimeSource: UInt8, Sendable {
    case sensor, gateway

    package var word: String {
        switch self {
        case .sensor: "sensor"
        case .gateway: "gateway"
        }
    }
}
