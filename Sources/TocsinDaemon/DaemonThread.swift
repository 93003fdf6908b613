import Foundation
import Synchronization

/// A named thread that can be waited for. What it runs belongs to it alone from its start on.
final class DaemonThread: @unchecked Sendable {
    // Sound because `body` is called once, by the new thread, after the creating thread let go.
    private let thread: Thread
    private let ended = DispatchSemaphore(value: 0)

    /// Deep recursion happens nowhere; 1 MiB is the room that C libraries expect.
    private static let stackBytes = 1 << 20

    init(_ name: String, _ body: @escaping () -> Void) {
        let box = Body(run: body)
        let ended = self.ended
        thread = Thread {
            box.run()
            ended.signal()
        }
        thread.name = name
        thread.stackSize = DaemonThread.stackBytes
        thread.start()
    }

    /// Waits until the thread has ended; once.
    func join() { ended.wait() }

    private struct Body: @unchecked Sendable {
        let run: () -> Void
    }
}
