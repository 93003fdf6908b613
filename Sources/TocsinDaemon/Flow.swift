import Synchronization
import TocsinEngine
import TocsinIngest
import TocsinModel

/// The counters that must agree at every scrape (contract §9). The sequencer adds a batch before it
/// shows the batch to the engine, the engine adds what it has evaluated; both under one lock, taken
/// once for a batch, so a scrape never sees half of a step. No term is computed from the others.
final class Flow: Sendable {
    struct Counts: Sendable {
        var ingest = IngestCounts()
        var evaluated: UInt64 = 0
        var inFlight: Int64 = 0
    }

    private let counts = Mutex(Counts())

    /// The sequencer's counts as they stand, with `accepted` samples about to be shown.
    func sequenced(_ ingest: IngestCounts, accepted: Int) {
        counts.withLock { counts in
            counts.ingest = ingest
            counts.inFlight += Int64(accepted)
        }
    }

    func evaluated(_ samples: Int) {
        guard samples > 0 else { return }
        counts.withLock { counts in
            counts.evaluated += UInt64(samples)
            counts.inFlight -= Int64(samples)
        }
    }

    var snapshot: Counts { counts.withLock { $0 } }
}

/// What the engine's thread shows to others: renewed after changes, at most five times a second.
final class EngineView: Sendable {
    struct State: Sendable {
        var standing: [StandingAlarm] = []
        var active: [Priority: Int] = [:]
        var counts = EngineCounts()
        var events: [EventKind: UInt64] = [:]
        var ruleSet: RuleSet?
        var now = Timestamp(milliseconds: 0)
    }

    private let state = Mutex(State())

    var snapshot: State { state.withLock { $0 } }

    func update(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
}

/// Names of the streams by number, for the API; appended by the sequencer.
final class StreamNames: Sendable {
    private let names = Mutex<[StreamDeclaration]>([])

    func append(_ declaration: StreamDeclaration) { names.withLock { $0.append(declaration) } }
    var count: Int { names.withLock { $0.count } }
    var all: [StreamDeclaration] { names.withLock { $0 } }
}
