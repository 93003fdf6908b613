/// What a plan assumes where neither configuration nor rules say it; each is printed with the plan.
package enum PlanAssumptions {
    /// Samples a second of a stream whose cadence nobody states.
    package static let unstatedRate = 1.0
    /// Samples a second of a stream that speaks only when it changes, and has no heartbeat.
    package static let onChangeRate = 1.0 / 60
    /// Events a day: 150 alarms, what ISA-18.2 calls acceptable for one operator, each raised,
    /// acknowledged and cleared, and some of the system's own.
    package static let eventsPerDay = 500.0
    /// Bytes of an event's line in the alert log; those of the shipped scenarios have 1 100 to 1 700.
    package static let eventBytes = 1500.0
    /// Bytes of a sample in the journal, which this version does not write: the order ring's record.
    package static let journalBytes = 56.0
    /// The order ring between the sequencer and the engine: 65 536 records.
    package static let orderRingBytes = 65_536 * 56
    /// An entry of the table from streams to rings.
    package static let directoryBytes = 8
}
