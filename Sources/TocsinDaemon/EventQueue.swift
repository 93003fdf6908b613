import CLinux
import Glibc
import Synchronization
import TocsinEngine

/// Events on their way from the engine to the logger. Bounded: when the logger cannot keep up, the
/// engine waits, the order ring fills, and the sockets are read no further.
final class EventQueue: @unchecked Sendable {
    // Sound because `events` and `isClosed` are touched under `mutex` only.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var events: [Event] = []
    private var isClosed = false

    /// Events that may wait; an event is about 400 bytes.
    static let limit = 65_536

    init() {
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        tocsin_condition_init(changed)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    func append(_ more: [Event]) {
        pthread_mutex_lock(mutex)
        while events.count >= EventQueue.limit && !isClosed { pthread_cond_wait(changed, mutex) }
        events.append(contentsOf: more)
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    /// Nothing comes behind what waits.
    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    /// Takes what waits, at most `limit`; waits for it up to `milliseconds`. `closed` = nothing more
    /// will be taken: the last was, or the queue is closed and the taker has no room.
    func take(limit: Int, milliseconds: Int) -> (events: [Event], closed: Bool) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if (events.isEmpty || limit == 0) && !isClosed {
            _ = tocsin_condition_wait(changed, mutex, milliseconds)
        }
        let count = min(limit, events.count)
        let taken = Array(events[..<count])
        events.removeFirst(count)
        pthread_cond_broadcast(changed)
        return (taken, isClosed && (events.isEmpty || limit == 0))
    }

    var count: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return events.count
    }
}
