package import TocsinModel

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
