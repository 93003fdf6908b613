import Glibc

/// The thread of one lane.
final class LaneThread: @unchecked Sendable {
    // @unchecked is sound: `thread` is written once in init, and join is guarded by the gate.
    private var thread = pthread_t()
    private let hasJoined = Gate(false)

    /// Starts the thread, which owns the worker from here on.
    init(receiver: String, running worker: LaneWorker) throws(ReceiverError) {
        let box = Unmanaged.passRetained(worker)
        let result = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                // Signals belong to the main thread; a broken connection must not end the daemon.
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_BLOCK, &all, nil)
                Unmanaged<LaneWorker>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        guard result == 0 else {
            box.release()
            throw .thread(receiver: receiver, errno: result)
        }
    }

    func join() {
        hasJoined.withLock { joined in
            guard !joined else { return }
            joined = true
            pthread_join(thread, nil)
        }
    }
}
