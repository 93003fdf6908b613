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
    /// Who waits until the events up to a count (of all ever appended) are in the log.
    private var replies: [(after: UInt64, reply: @Sendable () -> Void)] = []
    private var appended: UInt64 = 0
    private var taken: UInt64 = 0

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

    /// `reply` is handed to the taker together with the last of `more`: it is to be called when they
    /// are in the log.
    func append(_ more: [Event], whenLogged reply: (@Sendable () -> Void)? = nil) {
        pthread_mutex_lock(mutex)
        while events.count >= EventQueue.limit && !isClosed { pthread_cond_wait(changed, mutex) }
        events.append(contentsOf: more)
        appended += UInt64(more.count)
        if let reply { replies.append((appended, reply)) }
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
    func take(
        limit: Int, milliseconds: Int
    ) -> (events: [Event], replies: [@Sendable () -> Void], closed: Bool) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if (events.isEmpty && replies.isEmpty || limit == 0) && !isClosed {
            _ = tocsin_condition_wait(changed, mutex, milliseconds)
        }
        let count = min(limit, events.count)
        let batch = Array(events[..<count])
        events.removeFirst(count)
        taken += UInt64(count)
        let due = replies.prefix { $0.after <= taken }.map(\.reply)
        replies.removeFirst(due.count)
        pthread_cond_broadcast(changed)
        return (batch, due, isClosed && (events.isEmpty || limit == 0))
    }

    var count: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return events.count
    }
}
