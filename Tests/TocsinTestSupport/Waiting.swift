import Glibc

/// What a helper of the tests could not do; the text says what is missing.
package struct TestSupportError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// Polls a condition every 2 ms for at most `seconds`; returns whether it came true. The one
/// place in the tests that sleeps.
package func waitUntil(
    seconds: Double = 10, _ condition: () throws -> Bool
) rethrows -> Bool {
    let end = monotonicSeconds() + seconds
    repeat {
        if try condition() { return true }
        usleep(2000)
    } while monotonicSeconds() < end
    return try condition()
}

/// CLOCK_MONOTONIC in seconds.
package func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The text of `errno`.
func systemError() -> String { String(cString: strerror(errno)) }
