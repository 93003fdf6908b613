import Glibc

/// Shared state with a lock and a condition variable: a lane waits here for orders.
///
/// Its own small type, because Foundation's condition measures its time-outs on the wall clock, and
/// a clock that is set must not stretch a pause.
final class Gate<State>: @unchecked Sendable {
    // @unchecked is sound: `state` is touched only between lock and unlock. The mutex and the
    // condition live at one address for as long as the gate does.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    init(_ state: State) {
        self.state = state
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        let made =
            pthread_mutex_init(mutex, nil) == 0
            && pthread_cond_init(condition, &attributes) == 0
        precondition(made, "a mutex and a condition variable need no memory of the kernel")
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Reads or changes the state; nobody who waits is woken.
    func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Changes the state and wakes everyone who waits.
    func change<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        return body(&state)
    }

    /// Waits until `isReady` or the monotonic clock has reached `deadline` nanoseconds; nil waits
    /// for `isReady` alone.
    func wait(until deadline: UInt64?, for isReady: (State) -> Bool) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isReady(state) {
            guard let deadline else {
                pthread_cond_wait(condition, mutex)
                continue
            }
            var time = timespec(
                tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
            if pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT { return }
        }
    }
}
