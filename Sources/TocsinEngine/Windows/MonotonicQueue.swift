/// Where a window's structures read the values that their keys stand for.
protocol KeyedValues {
    func value(at key: Int64) -> Double
}

extension SlotValues: KeyedValues {}

/// The keys of those samples of a window that are, or can still become, its extreme: each is beaten
/// by all before it. A sample enters once and leaves once, so a step costs O(1) amortised.
///
/// Keys are kept in 32 bits and told apart by their distance from the newest: a window holds less
/// than 2³¹ of them. Values are read again where they stand.
struct MonotonicQueue {
    private var keys: ContiguousArray<UInt32>
    private let mask: Int
    private var head = 0
    private(set) var count = 0
    /// 1 = the greatest stands in front, −1 = the least.
    private let sign: Double

    init(capacity: Int, greatest: Bool) {
        var size = 1
        while size < capacity { size <<= 1 }
        keys = ContiguousArray(repeating: 0, count: size)
        mask = size - 1
        sign = greatest ? 1 : -1
    }

    var byteCount: Int { keys.count * 4 }

    mutating func clear() {
        head = 0
        count = 0
    }

    /// A sample enters; what it beats or equals can never be the extreme again.
    mutating func append(_ value: Double, key: Int64, values: some KeyedValues) {
        while count > 0 {
            let back = key - distance(from: key, at: count - 1)
            guard values.value(at: back) * sign <= value * sign else { break }
            count -= 1
        }
        // In buckets one key comes again and again; it stands here already when it is not beaten.
        if count > 0 && distance(from: key, at: count - 1) == 0 { return }
        // Full only when another lap of the ring was read: the window is begun anew behind this.
        guard count < keys.count else { return }
        keys[(head + count) & mask] = UInt32(truncatingIfNeeded: key)
        count += 1
    }

    /// Samples before `first` leave; `last` is the newest key.
    mutating func expire(before first: Int64, last: Int64) {
        while count > 0, last - distance(from: last, at: 0) < first {
            head = (head + 1) & mask
            count -= 1
        }
    }

    /// The extreme's key; nil when the queue is empty.
    func front(last: Int64) -> Int64? {
        count == 0 ? nil : last - distance(from: last, at: 0)
    }

    private func distance(from last: Int64, at offset: Int) -> Int64 {
        Int64(UInt32(truncatingIfNeeded: last) &- keys[(head + offset) & mask])
    }
}

/// min, max, flat of one window.
struct Extremes {
    private var lows: MonotonicQueue
    private var highs: MonotonicQueue
    /// NaN when the window is empty.
    private(set) var least = Double.nan
    private(set) var greatest = Double.nan

    init(capacity: Int) {
        lows = MonotonicQueue(capacity: capacity, greatest: false)
        highs = MonotonicQueue(capacity: capacity, greatest: true)
    }

    var byteCount: Int { lows.byteCount + highs.byteCount }

    mutating func clear() {
        lows.clear()
        highs.clear()
        least = .nan
        greatest = .nan
    }

    /// `lowValues` and `highValues` differ where a key stands for a bucket.
    mutating func append(
        _ value: Double, key: Int64, lowValues: some KeyedValues, highValues: some KeyedValues
    ) {
        lows.append(value, key: key, values: lowValues)
        highs.append(value, key: key, values: highValues)
    }

    /// Drops what is before `first` and reads the extremes of what is left.
    mutating func settle(
        first: Int64, last: Int64, lowValues: some KeyedValues, highValues: some KeyedValues
    ) {
        lows.expire(before: first, last: last)
        highs.expire(before: first, last: last)
        least = lows.front(last: last).map { lowValues.value(at: $0) } ?? .nan
        greatest = highs.front(last: last).map { highValues.value(at: $0) } ?? .nan
    }
}
