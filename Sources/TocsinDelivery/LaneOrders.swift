import TocsinModel

/// One `notify-test` on its way through a lane.
struct Probe: Sendable {
    var line: [UInt8]
    var finished: @Sendable (ProbeResult) -> Void
}

/// What other threads tell a lane, and what it shows them; shared through the lane's gate.
struct LaneOrders: Sendable {
    /// Something below has changed since the lane looked.
    var isNews = false
    var isPaused = false
    var isRetryWanted = false
    /// Monotonic nanoseconds by which the lane must have ended; nil while it is to run.
    var stopAt: UInt64?
    var hints: [ReceiveHint] = []
    var volatileLines: [[UInt8]] = []
    var volatileDropped: UInt64 = 0
    var probes: [Probe] = []
    /// The lane's last own account, and the log's head when it gave it.
    var snapshot: LaneSnapshot
    var snapshotHead: UInt64 = 0

    init(name: String) { snapshot = LaneSnapshot(name: name) }

    /// What the lane takes with it; left empty behind.
    mutating func take(volatileRoom: Int) -> Taken {
        defer {
            isNews = false
            isRetryWanted = false
            hints.removeAll(keepingCapacity: true)
            volatileLines.removeFirst(min(volatileRoom, volatileLines.count))
        }
        return Taken(
            isPaused: isPaused, isRetryWanted: isRetryWanted, stopAt: stopAt, hints: hints,
            volatileLines: Array(volatileLines.prefix(volatileRoom)),
            leavesVolatile: volatileLines.count > volatileRoom,
            probe: probes.isEmpty ? nil : probes.removeFirst())
    }

    struct Taken {
        var isPaused: Bool
        var isRetryWanted: Bool
        var stopAt: UInt64?
        var hints: [ReceiveHint]
        var volatileLines: [[UInt8]]
        var leavesVolatile: Bool
        var probe: Probe?
    }
}

/// When the input behind an entry was received, on the monotonic clock.
package struct ReceiveHint: Sendable, Equatable {
    package var seq: UInt64
    package var nanoseconds: UInt64

    package init(seq: UInt64, nanoseconds: UInt64) {
        self.seq = seq
        self.nanoseconds = nanoseconds
    }
}
