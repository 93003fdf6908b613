package import TocsinModel

/// Prometheus-style cumulative buckets of received → 2xx (`tocsin_delivery_seconds`).
package struct LatencyHistogram: Sendable, Equatable {
    /// Upper bounds in seconds; one more bucket, +Inf, is `count`. From a local receiver's
    /// milliseconds to the 10 s of GB 26875.1 and the 90 s of NFPA 72, then outages.
    package static let bounds: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90, 300, 3600,
    ]
    /// Observations at or below each bound.
    package private(set) var cumulative = [UInt64](repeating: 0, count: bounds.count)
    package private(set) var count: UInt64 = 0
    /// The sum of all observations, in seconds.
    package private(set) var sum = 0.0

    package init() {}

    mutating func observe(seconds: Double) {
        count += 1
        sum += seconds
        for (place, bound) in LatencyHistogram.bounds.enumerated() where seconds <= bound {
            cumulative[place] += 1
        }
    }
}

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

/// What a lane tells its owner, on the lane's own thread; the owner makes events of it.
package enum LaneReport: Sendable, Equatable {
    /// The receiver is down: once for each outage.
    case failing(receiver: String, since: Timestamp, reason: FailureReason, text: String)
    /// It is up again: `failures` attempts failed in between.
    case recovered(receiver: String, failures: UInt64, downFor: Span)
    /// A line of the log, or one from memory (nil `seq`), could not be read and is not sent.
    case unreadable(receiver: String, seq: UInt64?, reason: String)
    /// Log or cursor cannot be used; the lane tries again after a pause. Once for each outage.
    case troubled(ReceiverError)
}

/// The result of one `notify-test`.
package enum ProbeResult: Sendable, Equatable {
    case delivered(after: Span)
    case failed(FailureReason, text: String)
    /// The lane is stopping or too many probes wait.
    case notSent
}
