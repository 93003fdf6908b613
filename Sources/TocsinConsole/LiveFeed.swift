// The logger's thread publishes a line once; each client has its own bounded queue, drained by the
// task that writes to its socket. Publishing never waits: a client whose queue is full is dropped
// and counted, because a browser that sleeps must not hold lines of an alarm system in memory.
// A client that comes back names the last `seq` it saw and is given the recent lines it missed, or
// a `gap` event when they are no longer held here (the log has them: /api/v1/events?after=).
//
// Lock order: the one mutex is never held while a stream is finished or released, because a
// stream's end calls back into `remove`.

import Hummingbird
import Synchronization

/// The live events' fan-out: log lines in from any thread, one bounded stream per client out.
package final class LiveFeed: Sendable {
    /// The bounds of the feed.
    package struct Limits: Sendable, Equatable {
        /// Clients at a time; each holds a connection and a queue.
        package var clients = 32
        /// Lines that wait for one client; with lines of about 2 KiB that is 1 MiB.
        package var queuedLines = 512
        /// Recent lines kept for clients that come back.
        package var recentLines = 256

        package init() {}
    }

    /// What the feed has done since the start, for the metrics.
    package struct Counts: Sendable, Equatable {
        package var clients = 0
        package var published: UInt64 = 0
        package var dropped: UInt64 = 0
        package var refused: UInt64 = 0
    }

    private struct Client {
        var continuation: AsyncStream<ByteBuffer>.Continuation
        var onDrop: @Sendable () -> Void
    }

    private struct State {
        var clients: [UInt64: Client] = [:]
        var nextClient: UInt64 = 0
        var recent: [(sequence: UInt64, frame: ByteBuffer)] = []
        var counts = Counts()
    }

    package let limits: Limits
    private let state = Mutex(State())

    package init(limits: Limits = Limits()) {
        precondition(
            limits.queuedLines > limits.recentLines, "a queue holds the recent lines and one more")
        self.limits = limits
    }

    package var counts: Counts {
        state.withLock { state in
            var counts = state.counts
            counts.clients = state.clients.count
            return counts
        }
    }

    /// Gives a log line (one JSON object, with or without its line feed) to every client.
    ///
    /// `sequence` is the line's `seq`, null while the log cannot be written (contract §7): such a
    /// line has no `id:` and cannot be asked for again.
    package func publish(sequence: UInt64?, line: [UInt8]) {
        let frame = Self.frame(sequence: sequence, line: line)
        let slow = state.withLock { state in
            state.counts.published += 1
            if let sequence {
                if state.recent.count == limits.recentLines { state.recent.removeFirst() }
                state.recent.append((sequence, frame))
            }
            return Self.offer(frame, to: &state)
        }
        for client in slow {
            client.continuation.finish()
            client.onDrop()
        }
    }

    /// A new client's frames: the lines after `after` that are still held, then all that come.
    ///
    /// Nil when `limits.clients` are connected. `onDrop` is called once, from the publisher's
    /// thread, when the client is dropped for being slow.
    func subscribe(after: UInt64?, onDrop: @escaping @Sendable () -> Void) -> LiveSubscription? {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(limits.queuedLines))
        let number: UInt64? = state.withLock { state in
            guard state.clients.count < limits.clients else {
                state.counts.refused += 1
                return nil
            }
            if let after { Self.replay(state.recent, after: after, into: continuation) }
            state.nextClient += 1
            state.clients[state.nextClient] = Client(continuation: continuation, onDrop: onDrop)
            return state.nextClient
        }
        guard let number else { return nil }
        continuation.onTermination = { [weak self] _ in self?.remove(number) }
        return LiveSubscription(feed: self, number: number, frames: stream)
    }

    /// Puts a comment into one client's queue, so that both ends see that the other is there.
    func heartbeat(_ number: UInt64) {
        let frame = ByteBuffer(string: ": heartbeat\n\n")
        let slow: Client? = state.withLock { state in
            guard case .dropped? = state.clients[number]?.continuation.yield(frame) else {
                return nil
            }
            state.counts.dropped += 1
            return state.clients.removeValue(forKey: number)
        }
        slow?.continuation.finish()
        slow?.onDrop()
    }

    /// Forgets a client; its stream ends. Harmless when it is gone already.
    func remove(_ number: UInt64) {
        let client = state.withLock { $0.clients.removeValue(forKey: number) }
        client?.continuation.finish()
    }

    private static func offer(_ frame: ByteBuffer, to state: inout State) -> [Client] {
        var slow: [Client] = []
        for (number, client) in state.clients {
            guard case .dropped = client.continuation.yield(frame) else { continue }
            state.counts.dropped += 1
            state.clients[number] = nil
            slow.append(client)
        }
        return slow
    }

    private static func replay(
        _ recent: [(sequence: UInt64, frame: ByteBuffer)], after: UInt64,
        into continuation: AsyncStream<ByteBuffer>.Continuation
    ) {
        guard let oldest = recent.first?.sequence else { return }
        if oldest > after, oldest - after > 1 {
            let gap = "event: gap\ndata: {\"after\":\(after),\"oldest\":\(oldest)}\n\n"
            continuation.yield(ByteBuffer(string: gap))
        }
        for entry in recent where entry.sequence > after { continuation.yield(entry.frame) }
    }

    /// One event of the WHATWG event stream format; a line has no line feed inside, for JSON
    /// escapes it, so one `data:` field carries it.
    private static func frame(sequence: UInt64?, line: [UInt8]) -> ByteBuffer {
        var frame = ByteBuffer()
        if let sequence { frame.writeString("id: \(sequence)\n") }
        frame.writeString("data: ")
        frame.writeBytes(line.last == UInt8(ascii: "\n") ? line[..<(line.count - 1)] : line[...])
        frame.writeString("\n\n")
        return frame
    }
}

/// One client's part of the live feed; ends with `LiveFeed.remove` or when its frames are released.
struct LiveSubscription: Sendable {
    let feed: LiveFeed
    let number: UInt64
    let frames: AsyncStream<ByteBuffer>
}
