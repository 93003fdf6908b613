package import TocsinModel

/// What a lane is doing.
package enum LaneState: String, Sendable {
    case idle, sending, waiting, paused, stopped
}

/// One lane at one moment, for metrics, `receivers list` and the console. Counts are since start.
package struct LaneSnapshot: Sendable, Equatable {
    package var name: String
    package var state = LaneState.idle
    /// Entries not yet delivered, those of the log that were not yet read included.
    package var outboxEntries: UInt64 = 0
    package var attempts: UInt64 = 0
    package var delivered: UInt64 = 0
    /// Entries stepped over because they are not for this receiver.
    package var notForReceiver: UInt64 = 0
    /// Entries of the log that could not be read and were stepped over.
    package var unreadable: UInt64 = 0
    /// Entries that found the memory queue full; the log brings them later.
    package var volatileDropped: UInt64 = 0
    package var failures: [FailureReason: UInt64] = [:]
    package var latency = LatencyHistogram()
    /// When the oldest entry waiting in the window was received; milliseconds since 1970.
    package var oldestReceivedMilliseconds: Int64?
    /// When the present outage began; nil while deliveries succeed.
    package var failingSince: Timestamp?
    /// The last failure in words; nil after a success.
    package var lastFailure: String?

    package init(name: String) { self.name = name }
}
