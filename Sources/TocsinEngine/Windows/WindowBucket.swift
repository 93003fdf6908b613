/// A part of a long window: the good samples of one stretch of time.
struct WindowBucket {
    /// Its beginning ÷ the buckets' length, rounded down.
    var number: Int64
    var first: WindowSample
    var last: WindowSample
    var count: Int
    /// Milliseconds between its neighbours that are no gaps.
    var covered: Int64
    var least: Double
    var greatest: Double

    init(number: Int64, sample: WindowSample) {
        self.number = number
        first = sample
        last = sample
        count = 1
        covered = 0
        least = sample.value
        greatest = sample.value
    }
}

/// The buckets of one window that are not empty, numbered in sequence as they come: a fixed circle
/// that holds the newest.
struct BucketCircle {
    private var buckets: ContiguousArray<WindowBucket>

    /// A window over an hour is kept in so many buckets: its left edge moves by a bucket, so that it
    /// is longer than asked by at most a 512th.
    static let perWindow: Int64 = 512
    /// The window's own, and one more at each edge.
    static let capacity = Int(perWindow) + 2

    init() {
        let empty = WindowBucket(number: 0, sample: WindowSample(milliseconds: 0, value: 0))
        buckets = ContiguousArray(repeating: empty, count: BucketCircle.capacity)
    }

    /// Where the bucket of this sequence number lies.
    static func place(_ sequence: Int64) -> Int { Int(sequence % Int64(capacity)) }

    subscript(sequence: Int64) -> WindowBucket {
        get { buckets[BucketCircle.place(sequence)] }
        set { buckets[BucketCircle.place(sequence)] = newValue }
    }

    /// A sample enters a bucket that has some; `covering`: milliseconds since its neighbour there.
    mutating func add(_ sample: WindowSample, to sequence: Int64, covering: Int64) {
        let place = BucketCircle.place(sequence)
        buckets[place].last = sample
        buckets[place].count += 1
        buckets[place].covered += covering
        buckets[place].least = min(buckets[place].least, sample.value)
        buckets[place].greatest = max(buckets[place].greatest, sample.value)
    }
}

/// One extreme of buckets by sequence number.
struct BucketValues: KeyedValues {
    let circle: BucketCircle
    let greatest: Bool

    func value(at key: Int64) -> Double {
        greatest ? circle[key].greatest : circle[key].least
    }
}
