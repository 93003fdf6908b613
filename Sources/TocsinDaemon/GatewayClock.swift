import CLinux
import Glibc
package import TocsinModel

/// The gateway's clock: wall time that never goes back. It runs on the monotonic clock from an
/// anchor; when the wall clock is set forward it follows, and says by how much so that no timer
/// counts the jump. When the wall clock is set back it goes on as it was: time stands still nowhere.
package struct GatewayClock: Sendable {
    /// Differences below this are the wall clock's own slewing and are left alone.
    static let stepThreshold = Span.seconds(1)

    private var offset: Int64

    package init() {
        offset = GatewayClock.wallMilliseconds() - GatewayClock.monotonicMilliseconds()
    }

    /// The time now; `step` is how far the wall clock was set forward since the last call, or zero.
    package mutating func read() -> (time: Timestamp, step: Span) {
        let monotonic = GatewayClock.monotonicMilliseconds()
        let ahead = GatewayClock.wallMilliseconds() - (monotonic + offset)
        guard ahead >= GatewayClock.stepThreshold.milliseconds else {
            return (Timestamp(milliseconds: monotonic + offset), .zero)
        }
        offset += ahead
        return (Timestamp(milliseconds: monotonic + offset), Span(milliseconds: ahead))
    }

    package static func wallMilliseconds() -> Int64 {
        Int64(tocsin_clock_nanoseconds(CLOCK_REALTIME) / 1_000_000)
    }

    package static func monotonicMilliseconds() -> Int64 {
        Int64(monotonicNanoseconds() / 1_000_000)
    }

    package static func monotonicNanoseconds() -> UInt64 {
        tocsin_clock_nanoseconds(CLOCK_MONOTONIC)
    }
}
