import TocsinModel

/// Counts a receiver's failures until it works again, and decides what is worth a report: one
/// `failing` and one `recovered` for each outage, none for a short one.
struct Outage: Sendable {
    private let receiver: String
    private let failuresBeforeReport: Int
    private let downBeforeReport: Span
    private var began: Timestamp?
    private var failures: UInt64 = 0
    private var isReported = false

    init(receiver: String, limits: DeliveryLimits) {
        self.receiver = receiver
        failuresBeforeReport = limits.failuresBeforeReport
        downBeforeReport = limits.downBeforeReport
    }

    /// When the present outage began; nil while deliveries succeed.
    var since: Timestamp? { began }

    mutating func failed(_ reason: FailureReason, text: String, at now: Timestamp) -> LaneReport? {
        let since = began ?? now
        began = since
        failures += 1
        let isWorth =
            reason.needsPerson || failures >= UInt64(failuresBeforeReport)
            || now - since >= downBeforeReport
        guard isWorth, !isReported else { return nil }
        isReported = true
        return .failing(receiver: receiver, since: since, reason: reason, text: text)
    }

    mutating func succeeded(at now: Timestamp) -> LaneReport? {
        defer {
            began = nil
            failures = 0
            isReported = false
        }
        guard isReported, let began else { return nil }
        // A wall clock that was set back must not make a negative outage.
        let downFor = max(now - began, .zero)
        return .recovered(receiver: receiver, failures: failures, downFor: downFor)
    }
}
