import TocsinModel
package import TocsinStore

// What one receiver has still to be sent, and which of it comes next.
//
// The alert log is the real outbox; this is the lane's window on it. Entries come in the order of
// the log and are kept in one queue per alarm, so only the head of a queue can leave: that keeps
// order per alarm whatever the ranks are. A queue is as urgent as its most urgent entry, or else an
// escalation to critical would wait behind its own `raised` of medium priority, and that behind a
// flood. Events about Tocsin itself, which have no alarm, are one queue.
//
// When the window is full, fire entries beyond it are still taken ("express"), up to their own
// limit. That is safe for the order per alarm, because domain and class belong to the alarm: if one
// entry of an alarm is a fire entry, all are, and none of them was left behind.
//
// An entry that was sent from memory while the log could not be written has no seq yet. When the
// log brings its id, the entry is settled without being sent again.

/// One entry that waits for its delivery.
package struct OutboxEntry: Sendable {
    /// Its place in the log; nil while it is only in memory.
    package internal(set) var seq: UInt64?
    package internal(set) var bytes: [UInt8]
    package let line: EventLine
    package let rank: Rank
    // Orders entries of equal rank: the seq, or a number above every seq for those without.
    let order: UInt64
}

/// What became of a line that was offered to an outbox.
package enum Admission: Sendable, Equatable {
    case waiting, alreadySettled, alreadySent, notForReceiver
}

/// The entries waiting for one receiver; pure state, owned by its lane's thread.
package struct Outbox: Sendable {
    private struct Queue {
        var entries: [OutboxEntry]
        var rank: Rank
        // Monotonic nanoseconds before which its head must not be tried again.
        var notBefore: UInt64 = 0

        // No queue is empty: the last entry takes its queue with it.
        var urgency: (rank: Rank, order: UInt64) { (rank, entries[0].order) }

        mutating func add(_ entry: OutboxEntry) {
            entries.append(entry)
            rank = min(rank, entry.rank)
        }
    }

    private static let systemQueue = ""
    // A cursor holds a bounded number of runs. With half of them used, entries leave in the order
    // of the log, which joins runs; fire still overtakes. Express stops at three quarters.
    private static let orderlyRuns = Cursor.runLimit / 2
    private static let expressRuns = Cursor.runLimit * 3 / 4
    private static let volatileOrder: UInt64 = 1 << 62

    private let limits: DeliveryLimits
    private let acceptTest: Bool
    private let match: ReceiverMatch?
    private var queues: [String: Queue] = [:]
    private var expressSeqs: Set<UInt64> = []
    private var volatileQueues: [String: String] = [:]
    private var sentVolatile = RecentIds()
    private var volatileCount: UInt64 = 0
    /// Bytes of all lines that wait.
    package private(set) var bytes = 0
    /// Entries that wait in the window, those beyond it and in memory included.
    package private(set) var count = 0
    /// What the receiver is done with: delivered, or not for it.
    package private(set) var settled: Cursor
    private var newlySettled: [UInt64] = []

    package init(settled: Cursor, receiver: Receiver, limits: DeliveryLimits) {
        self.settled = settled
        self.limits = limits
        acceptTest = receiver.acceptTest
        match = receiver.match
    }

    /// True when no more lines may be offered before some have left.
    package var isFull: Bool {
        count - expressSeqs.count >= limits.windowEntries || bytes >= limits.windowBytes
    }

    /// True when no more fire entries may be taken from beyond the window either.
    package var isExpressFull: Bool {
        expressSeqs.count >= limits.expressEntries || settled.runs.count >= Outbox.expressRuns
    }

    /// True when a fire entry is among those that wait.
    package var hasFire: Bool { queues.values.contains { $0.rank == .fire } }

    /// Entries that wait in memory only.
    package var volatileWaiting: Int { volatileQueues.count }

    /// Takes the log's line `seq`; lines are offered in the order of the log.
    package mutating func offer(
        _ bytes: [UInt8], seq: UInt64
    ) throws(EventLineError) -> Admission {
        guard !settled.isDelivered(seq) else { return .alreadySettled }
        guard expressSeqs.remove(seq) == nil else { return .waiting }
        return try admit(bytes, seq: seq)
    }

    /// Takes the line `seq` from beyond the full window if it is a fire entry; the others are read
    /// again later.
    package mutating func offerExpress(_ bytes: [UInt8], seq: UInt64) throws(EventLineError) {
        let isKnown = settled.isDelivered(seq) || expressSeqs.contains(seq)
        guard !isKnown, Rank(try EventLine(scanning: bytes)) == .fire else { return }
        if try admit(bytes, seq: seq) == .waiting { expressSeqs.insert(seq) }
    }

    /// Takes a line that could not be made durable. Only when the whole log was offered: an
    /// earlier entry of the same alarm could still be in it.
    package mutating func offerVolatile(_ bytes: [UInt8]) throws(EventLineError) -> Admission {
        let line = try EventLine(scanning: bytes)
        guard !sentVolatile.contains(line.id) else { return .alreadySent }
        guard isWanted(line) else { return .notForReceiver }
        volatileCount += 1
        append(bytes, line, seq: nil, order: Outbox.volatileOrder + volatileCount)
        volatileQueues[line.id] = line.alarm ?? Outbox.systemQueue
        return .waiting
    }

    /// Steps over a line that cannot be read: it can never be sent.
    package mutating func skip(_ seq: UInt64) { settle(seq) }

    /// Steps over everything below `seq`: the log does not hold it any more.
    package mutating func skip(below seq: UInt64) { settled = Cursor(lowest: seq) }

    /// The seqs settled since the last call, for the cursor's file.
    package mutating func takeSettled() -> [UInt64] {
        defer { newlySettled.removeAll(keepingCapacity: true) }
        return newlySettled
    }

    /// The entry to send now: the most urgent, and the oldest of those; nil when all wait for
    /// `notBefore` or there is none.
    package func next(at now: UInt64) -> OutboxEntry? {
        let isOrderly = settled.runs.count >= Outbox.orderlyRuns
        var best: (rank: Rank, order: UInt64, place: Dictionary<String, Queue>.Index)?
        for place in queues.indices where queues.values[place].notBefore <= now {
            let urgency = queues.values[place].urgency
            let rank = isOrderly && urgency.rank != .fire ? .system : urgency.rank
            if let found = best {
                guard (rank, urgency.order) < (found.rank, found.order) else { continue }
            }
            best = (rank, urgency.order, place)
        }
        return best.flatMap { queues.values[$0.place].entries.first }
    }

    /// The earliest time at which a held entry may be tried; nil when none is held.
    package func earliestHold(after now: UInt64) -> UInt64? {
        queues.values.lazy.map(\.notBefore).filter { $0 > now }.min()
    }

    /// The receiver has this entry. It must be one that `next` gave.
    package mutating func delivered(_ entry: OutboxEntry) {
        let key = entry.line.alarm ?? Outbox.systemQueue
        guard var queue = queues.removeValue(forKey: key),
            queue.entries.first?.line.id == entry.line.id
        else { preconditionFailure("only the head of a queue is sent") }
        let head = queue.entries.removeFirst()
        count -= 1
        bytes -= head.bytes.count
        if let seq = head.seq {
            settle(seq)
            expressSeqs.remove(seq)
        } else {
            volatileQueues.removeValue(forKey: head.line.id)
            sentVolatile.insert(head.line.id, limit: limits.volatileIds)
        }
        guard !queue.entries.isEmpty else { return }
        queue.rank = queue.entries.lazy.map(\.rank).min() ?? queue.rank
        queue.notBefore = 0
        queues[key] = queue
    }

    /// The receiver will not have this entry before `time`; the other alarms go on.
    package mutating func hold(_ entry: OutboxEntry, until time: UInt64) {
        queues[entry.line.alarm ?? Outbox.systemQueue]?.notBefore = time
    }

    /// Held entries may be tried at once.
    package mutating func releaseHolds() {
        for key in queues.keys { queues[key]?.notBefore = 0 }
    }

    /// True when an entry is held.
    package func hasHolds(at now: UInt64) -> Bool { earliestHold(after: now) != nil }

    /// When the oldest entry that waits was received; milliseconds since 1970, nil without one.
    package var oldestReceivedMilliseconds: Int64? {
        queues.values.lazy.compactMap { $0.entries.first?.line.receivedMilliseconds }.min()
    }

    private mutating func admit(
        _ bytes: [UInt8], seq: UInt64
    ) throws(EventLineError) -> Admission {
        let line = try EventLine(scanning: bytes)
        guard isWanted(line) else {
            settle(seq)
            return .notForReceiver
        }
        if sentVolatile.remove(line.id) {
            settle(seq)
            return .alreadySent
        }
        if let key = volatileQueues.removeValue(forKey: line.id) {
            becomeDurable(line.id, in: key, bytes, seq)
            return .waiting
        }
        append(bytes, line, seq: seq, order: seq)
        return .waiting
    }

    private mutating func settle(_ seq: UInt64) {
        // False at the very last run: the entry is then sent again after a restart.
        guard settled.markDelivered(seq) else { return }
        newlySettled.append(seq)
    }

    // Test traffic must never reach those who act on it (contract §8).
    private func isWanted(_ line: EventLine) -> Bool {
        (line.mode != .test || acceptTest) && match?.accepts(line) ?? true
    }

    private mutating func append(_ bytes: [UInt8], _ line: EventLine, seq: UInt64?, order: UInt64) {
        let entry = OutboxEntry(seq: seq, bytes: bytes, line: line, rank: Rank(line), order: order)
        count += 1
        self.bytes += bytes.count
        let key = line.alarm ?? Outbox.systemQueue
        queues[key, default: Queue(entries: [], rank: entry.rank)].add(entry)
    }

    private mutating func becomeDurable(
        _ id: String, in key: String, _ line: [UInt8], _ seq: UInt64
    ) {
        guard let place = queues[key]?.entries.firstIndex(where: { $0.line.id == id }) else {
            preconditionFailure("the volatile index names a waiting entry")
        }
        bytes += line.count - (queues[key]?.entries[place].bytes.count ?? 0)
        queues[key]?.entries[place].bytes = line
        queues[key]?.entries[place].seq = seq
    }
}
