import CMosquitto
import Glibc

/// The I/O thread's wait: every broker's socket in one epoll, and an eventfd for everything that
/// comes from other threads. Deadlines are epoll's own time-out: a timerfd would cost a call each
/// time one changes and give nothing that milliseconds need. Belongs to one thread.
package final class MQTTLoop {
    /// Brokers are numbered in one byte.
    package static let clientLimit = 256
    /// The longest wait, so that a deadline set by mistake cannot stop the thread for ever.
    package static let longestWaitMilliseconds: Int64 = 1000
    // Descriptors reported by one wait; what does not fit is reported by the next.
    private static let eventLimit = 64
    private static let wakerMark = UInt64.max

    /// For other threads: ends the wait.
    package let waker: Waker
    private let epoll: Int32
    private var entries: [Entry] = []
    // Frames were read whose hand-over has not succeeded yet: nothing may be written.
    private var isHandOverDue = false
    private var lastMark: UInt64 = 0
    private var events = [epoll_event](repeating: epoll_event(), count: MQTTLoop.eventLimit)

    private struct Entry {
        let client: MQTTClient
        /// What epoll reports; never given twice, so that an event of a client that was taken out
        /// meets nobody.
        let mark: UInt64
        var socketNumber: UInt64 = 0
        var descriptor: Int32 = -1
        var interest: UInt32 = 0
        var ready: UInt32 = 0
        var hasMore = false
    }

    package init() throws(MQTTError) {
        waker = try Waker()
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else {
            throw .failed(call: "epoll_create1", problem: Reason.systemError(errno))
        }
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = MQTTLoop.wakerMark
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, waker.descriptor, &event) == 0 else {
            let error = errno
            close(epoll)
            throw .failed(call: "epoll_ctl", problem: Reason.systemError(error))
        }
    }

    deinit { close(epoll) }

    /// Takes a client in and begins its first attempt.
    package func add(_ client: MQTTClient) {
        precondition(entries.count < MQTTLoop.clientLimit, "more brokers than one byte numbers")
        client.waker = waker
        lastMark += 1
        entries.append(Entry(client: client, mark: lastMark))
        client.start()
    }

    /// Takes a client out; its connection ends when the caller lets go of it.
    package func remove(_ client: MQTTClient) {
        guard let place = entries.firstIndex(where: { $0.client === client }) else { return }
        forgetSocket(place)
        entries.remove(at: place)
    }

    /// One turn: waits until a frame, a wake-up, a client's deadline or `deadline` (monotonic
    /// milliseconds), reads at most one batch from each broker, calls `handOver` once if there
    /// were frames, then lets the acknowledgements leave. If `handOver` throws, none leaves, this
    /// turn throws the same, and the next turns call it again until it succeeds.
    /// Returns whether the waker was used.
    package func turn(
        now: Int64, deadline: Int64, onFrame: (MQTTFrame) -> Void, handOver: () throws -> Void
    ) throws -> Bool {
        let due = min(deadline, tickClients(now: now))
        updateInterest()
        let isWoken = wait(milliseconds: due > now ? due - now : 0)
        for place in entries.indices {
            let entry = entries[place]
            guard entry.ready != 0 || entry.hasMore else { continue }
            entries[place].ready = 0
            entry.client.checkOpening()
            let result = entry.client.read { frame in
                isHandOverDue = true
                onFrame(frame)
            }
            entries[place].hasMore = result == .more
        }
        if isHandOverDue { try handOver() }
        isHandOverDue = false
        for entry in entries where entry.client.wantsWrite { entry.client.flush() }
        return isWoken
    }

    private func tickClients(now: Int64) -> Int64 {
        var due = Int64.max
        for entry in entries { due = min(due, entry.client.tick(now: now)) }
        return due
    }

    // All removals before any addition: the number of a descriptor that one client gave up may
    // already belong to another's new socket, which must not be taken out again.
    private func updateInterest() {
        for place in entries.indices
        where entries[place].descriptor >= 0
            && (entries[place].client.descriptor != entries[place].descriptor
                || entries[place].client.socketNumber != entries[place].socketNumber)
        {
            forgetSocket(place)
        }
        for place in entries.indices {
            let client = entries[place].client
            let descriptor = client.descriptor
            guard descriptor >= 0 else { continue }
            // A writable socket is no news while nothing may be written.
            let isWriting = client.wantsWrite && !isHandOverDue
            let wanted = EPOLLIN.rawValue | (isWriting ? EPOLLOUT.rawValue : 0)
            let isNew = entries[place].descriptor < 0
            guard isNew || wanted != entries[place].interest else { continue }
            var event = epoll_event()
            event.events = wanted
            event.data.u64 = entries[place].mark
            let operation = isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
            if epoll_ctl(epoll, operation, descriptor, &event) == 0 {
                entries[place].descriptor = descriptor
                entries[place].socketNumber = client.socketNumber
                entries[place].interest = wanted
            } else {
                client.end("epoll_ctl: " + Reason.systemError(errno))
            }
        }
    }

    private func forgetSocket(_ place: Int) {
        guard entries[place].descriptor >= 0 else { return }
        // Fails when the library has closed the socket: then epoll has forgotten it already.
        epoll_ctl(epoll, EPOLL_CTL_DEL, entries[place].descriptor, nil)
        entries[place].descriptor = -1
        entries[place].interest = 0
        entries[place].ready = 0
        entries[place].hasMore = false
    }

    private func wait(milliseconds: Int64) -> Bool {
        let longest = min(milliseconds, MQTTLoop.longestWaitMilliseconds)
        let timeout = entries.contains(where: \.hasMore) ? 0 : Int32(longest)
        let count = epoll_wait(epoll, &events, Int32(MQTTLoop.eventLimit), timeout)
        var isWoken = false
        for event in events.prefix(Int(max(count, 0))) {
            if event.data.u64 == MQTTLoop.wakerMark {
                waker.drain()
                isWoken = true
            } else if let place = entries.firstIndex(where: { $0.mark == event.data.u64 }) {
                entries[place].ready |= event.events
            }
        }
        return isWoken
    }
}
