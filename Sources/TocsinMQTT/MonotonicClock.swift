import Glibc

/// CLOCK_MONOTONIC in milliseconds: the one clock of deadlines.
package enum MonotonicClock {
    package static func milliseconds() -> Int64 {
        var time = timespec()
        let result = clock_gettime(CLOCK_MONOTONIC, &time)
        precondition(result == 0, "CLOCK_MONOTONIC is missing")
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
