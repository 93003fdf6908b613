import CMosquitto
import Glibc

/// Ends the I/O thread's wait from any thread (an eventfd; wakes that come together are one).
package final class Waker: Sendable {
    let descriptor: Int32

    package init() throws(MQTTError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard descriptor >= 0 else {
            throw .failed(call: "eventfd", problem: Reason.systemError(errno))
        }
    }

    deinit { close(descriptor) }

    package func wake() {
        var one: UInt64 = 1
        // A full counter (EAGAIN) already means "awake": nothing is lost.
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Takes the wake-up; to be called before looking at what the wakers left.
    func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
