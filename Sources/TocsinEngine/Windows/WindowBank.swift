// All windows of the engine: their states, and each family's sums, queues and heaps in an array of
// its own, so that a step finds everything in place and allocates nothing. A window of up to an hour,
// or of a number of samples, is a stretch of the stream's ring: what enters is the slot in hand,
// what leaves is read in the ring again. A longer window is kept in buckets. Memory is taken when
// the stream is declared, at a reload, and when its ring grows.
//
// The ring may be overwritten while we read (the sequencer runs ahead). A window therefore gives up
// its oldest samples when the ring has less than an eighth of its slots left behind the newest, and
// after each step looks once whether all that it may have read still stands; if not, it begins anew.
// Both say `cut`: the window is unknown until it holds again what it should.

import TocsinModel
import TocsinRing

/// The windows of all bindings, by number.
struct WindowBank {
    var states: ContiguousArray<WindowState> = []
    var readers: ContiguousArray<SlotReader> = []
    var circles: ContiguousArray<BucketCircle> = []
    var moments: ContiguousArray<RunningSums<MomentSums>> = []
    var changes: ContiguousArray<RunningSums<ChangeSums>> = []
    var lines: ContiguousArray<RunningSums<LineSums>> = []
    var exposures: ContiguousArray<RunningSums<ExposureSums>> = []
    var extremes: ContiguousArray<Extremes> = []
    var ranks: ContiguousArray<RankHeaps> = []
    var averages: ContiguousArray<RunningAverage> = []
    var references: ContiguousArray<LearnedReference> = []

    /// A longer window by time is kept in buckets.
    static let slotSpanMax: Int64 = 3_600_000

    mutating func removeAll() { self = WindowBank() }

    /// Adds a binding's windows; the ring's capacity decides what queues and heaps can hold.
    mutating func add(
        _ definitions: [WindowDefinition], binding: Binding, ringCapacity: Int
    ) -> Range<Int> {
        let first = states.count
        guard !definitions.isEmpty else { return first..<first }
        readers.append(SlotReader(binding))
        for definition in definitions {
            let reach = WindowReach(definition, gap: binding.staleAfter?.milliseconds ?? .max)
            let place = addFamily(definition.family, reach: reach, ringCapacity: ringCapacity)
            if reach.storage == .buckets { circles.append(BucketCircle()) }
            states.append(
                WindowState(
                    kind: place.kind, storage: reach.storage, span: reach.span,
                    samples: reach.samples, gap: reach.gap, bucket: reach.bucket,
                    place: place.place, circle: circles.count - 1, reader: readers.count - 1))
        }
        return first..<states.count
    }

    private mutating func addFamily(
        _ family: WindowDefinition.Family, reach: WindowReach, ringCapacity: Int
    ) -> (kind: WindowState.Kind, place: Int) {
        let parts = reach.storage == .buckets ? BucketCircle.capacity : 0
        switch family {
        case .moments:
            moments.append(RunningSums(buckets: parts))
            return (.moments, moments.count - 1)
        case .extremes:
            let room = parts > 0 ? parts : WindowBank.queueRoom(ringCapacity, reach.samples)
            extremes.append(Extremes(capacity: room))
            return (.extremes, extremes.count - 1)
        case .ranks(let share):
            precondition(reach.storage == .slots, "`check` refuses quantiles over an hour")
            ranks.append(RankHeaps(share: share, capacity: ringCapacity))
            return (.ranks, ranks.count - 1)
        case .ends: return (.ends, 0)
        case .changes:
            changes.append(RunningSums(buckets: parts))
            return (.changes, changes.count - 1)
        case .line:
            lines.append(RunningSums(buckets: parts))
            return (.line, lines.count - 1)
        case .exposure:
            exposures.append(RunningSums(buckets: parts))
            return (.exposure, exposures.count - 1)
        case .average(let lambda):
            averages.append(RunningAverage(lambda: lambda, extent: reach.learning))
            return (.average, averages.count - 1)
        case .score:
            references.append(LearnedReference(use: .score, extent: reach.learning))
            return (.reference, references.count - 1)
        case .cusum(let allowance, let decision):
            let use = LearnedReference.Use.cusum(allowance: allowance, decision: decision)
            references.append(LearnedReference(use: use, extent: reach.learning))
            return (.reference, references.count - 1)
        }
    }

    /// Takes over what an equal window of `other` holds, on the same ring and with an equal reader;
    /// that they are equal is the caller's to know.
    mutating func copy(_ source: Int, of other: WindowBank, to target: Int) {
        let old = other.states[source]
        let new = states[target]
        precondition(old.kind == new.kind && old.storage == new.storage, "equal definitions")
        states[target] = old
        states[target].place = new.place
        states[target].circle = new.circle
        states[target].reader = new.reader
        if old.storage == .buckets { circles[new.circle] = other.circles[old.circle] }
        switch new.kind {
        case .moments: moments[new.place] = other.moments[old.place]
        case .changes: changes[new.place] = other.changes[old.place]
        case .line: lines[new.place] = other.lines[old.place]
        case .exposure: exposures[new.place] = other.exposures[old.place]
        case .extremes: extremes[new.place] = other.extremes[old.place]
        case .ranks: ranks[new.place] = other.ranks[old.place]
        case .average: averages[new.place] = other.averages[old.place]
        case .reference: references[new.place] = other.references[old.place]
        case .ends: break
        }
    }

    /// The newest enters a queue before the oldest leaves it: one more than the window's samples.
    static func queueRoom(_ ringCapacity: Int, _ samples: Int) -> Int {
        samples < ringCapacity ? samples + 1 : ringCapacity
    }

    /// Begins a window anew on a ring of another capacity.
    mutating func resize(_ number: Int, ringCapacity: Int) {
        let state = states[number]
        clear(number)
        guard state.storage == .slots else { return }
        switch state.kind {
        case .extremes:
            extremes[state.place] = Extremes(
                capacity: WindowBank.queueRoom(ringCapacity, state.samples))
        case .ranks:
            ranks[state.place] = RankHeaps(
                share: ranks[state.place].share, capacity: ringCapacity)
        case .moments, .ends, .changes, .line, .exposure, .average, .reference: break
        }
    }
}

/// What a definition means in milliseconds and samples.
struct WindowReach {
    var storage: WindowState.Storage
    var span = Int64.max
    var samples = Int.max
    var gap: Int64
    var bucket: Int64 = 1

    init(_ definition: WindowDefinition, gap: Int64) {
        self.gap = gap
        switch definition.extent {
        case .time(let length):
            span = length.milliseconds
            storage = span > WindowBank.slotSpanMax ? .buckets : .slots
        case .count(let count):
            samples = count
            storage = .slots
        }
        switch definition.family {
        case .average, .score, .cusum: storage = .recursion
        case .moments, .extremes, .ranks, .ends, .changes, .line, .exposure: break
        }
        if storage == .buckets {
            bucket = (span + BucketCircle.perWindow - 1) / BucketCircle.perWindow
        }
    }

    /// A recursive function begins anew after a stretch longer than window and gap.
    var learning: LearningExtent {
        LearningExtent(
            span: span, samples: samples, restartGap: span == .max ? gap : max(span, gap))
    }
}
