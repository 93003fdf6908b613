import Synchronization
import TocsinModel
import TocsinRing

/// What the daemon's threads have in common; each part says itself how it is shared.
final class SharedState: Sendable {
    let ring: OrderRing<OrderedRecord>
    let letters = LetterBox()
    let names = StreamNames()
    let flow = Flow()
    let heart = Heart()
    let view = EngineView()
    let events = EventQueue()
    let brokers: BrokerBoard
    let logStats: LogStats
    let reloads = ReloadDesk()
    let journald: Journald
    let startedNanoseconds = GatewayClock.monotonicNanoseconds()

    /// Samples in flight between the sequencer and the engine: 64 Ki × 56 bytes; beyond it the
    /// sockets are read no further.
    static let orderRingCapacity = 65_536

    init(brokerNames: [String], logPath: String, journald: Journald) {
        ring = OrderRing(capacity: SharedState.orderRingCapacity)
        brokers = BrokerBoard(names: brokerNames)
        logStats = LogStats(path: logPath)
        self.journald = journald
    }
}

/// Ticks that came through the sequencer and the engine: either of them stuck, it stands still.
final class Heart: Sendable {
    // Relaxed on both sides: it is compared with itself, and nothing is published by it.
    private let count = Atomic<UInt64>(0)

    func beat() { count.add(1, ordering: .relaxed) }
    var beats: UInt64 { count.load(ordering: .relaxed) }
}

/// What the logger counts.
final class LogStats: Sendable {
    struct Counts: Sendable {
        var entries: UInt64 = 0
        var commits: UInt64 = 0
        var failures: UInt64 = 0
        var head: UInt64 = 0
    }

    let path: String
    private let counts = Mutex(Counts())

    init(path: String) { self.path = path }

    var snapshot: Counts { counts.withLock { $0 } }

    func appended(_ count: Int, head: UInt64) {
        counts.withLock { counts in
            counts.entries += UInt64(count)
            counts.commits += 1
            counts.head = head
        }
    }

    func failed() { counts.withLock { $0.failures += 1 } }
}
