// Sums that follow a window. `main` is what the window holds. `fresh` holds only what came after
// `freshFrom`, by addition alone: once all that is older has left the window, `fresh` is what the
// window holds, and takes main's place. So whatever subtraction leaves behind (a rounding error of
// a spike, an overflow) is gone one window length later, without ever adding up again.
//
// Keys are ring positions, or numbers of buckets in a window that is kept in buckets.

/// One family's sums over one window.
struct RunningSums<Sums: WindowSums> {
    private(set) var main = Sums(origin: 0)
    private var fresh = Sums(origin: 0)
    private var freshFrom = Int64.min
    /// The parts of a window in buckets, by place in its `BucketCircle`; else empty.
    private var parts: ContiguousArray<Sums> = []

    /// How many parts it keeps: 0 unless it is in buckets.
    var partCount: Int { parts.count }

    init(buckets: Int = 0) {
        parts = ContiguousArray(repeating: Sums(origin: 0), count: buckets)
    }

    mutating func clear() { freshFrom = .min }

    /// A sample enters; `left` is its neighbour in the window, nil when it is the first, `leftKey`
    /// the neighbour's key.
    mutating func append(
        _ sample: WindowSample, key: Int64, after left: WindowSample?, leftKey: Int64, gap: Int64
    ) {
        if left == nil || freshFrom == .min { begin(at: sample, key: key) }
        main.insert(sample)
        if let left { main.join(left, sample, gap: gap) }
        guard key >= freshFrom else { return }
        fresh.insert(sample)
        if let left, leftKey >= freshFrom { fresh.join(left, sample, gap: gap) }
    }

    private mutating func begin(at sample: WindowSample, key: Int64) {
        main = Sums(origin: sample.milliseconds)
        fresh = main
        freshFrom = key + 1
    }

    /// The oldest sample leaves; `next` is the one that is the oldest then.
    mutating func remove(_ first: WindowSample, next: WindowSample?, gap: Int64) {
        main.remove(first)
        if let next { main.part(first, next, gap: gap) }
    }

    /// Behind a removal: the oldest key is now `first`, the newest `last`, at time `now`.
    mutating func renew(first: Int64, last: Int64, now: Int64) {
        guard first >= freshFrom else { return }
        main = fresh
        fresh = Sums(origin: now)
        freshFrom = last + 1
    }

    // MARK: Buckets

    /// The same sample enters the bucket at `place`; `left` is its neighbour there.
    mutating func appendPart(
        _ sample: WindowSample, place: Int, after left: WindowSample?, gap: Int64
    ) {
        if left == nil { parts[place] = Sums(origin: sample.milliseconds) }
        parts[place].insert(sample)
        if let left { parts[place].join(left, sample, gap: gap) }
    }

    /// The oldest bucket leaves; `last` is its last sample, `next` the first of the bucket behind.
    mutating func removePart(place: Int, last: WindowSample, next: WindowSample?, gap: Int64) {
        main.subtract(parts[place])
        if let next { main.part(last, next, gap: gap) }
    }
}
