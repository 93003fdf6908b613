/// One window of one binding: what stands in it, and since when; its sums, queues and heaps are in
/// `WindowBank`, by `place`.
struct WindowState {
    enum Storage: UInt8 {
        /// The samples stand in the stream's ring; keys are ring positions.
        case slots
        /// A window over an hour; keys number the buckets that are not empty.
        case buckets
        /// A recursive function keeps no samples.
        case recursion
    }

    enum Kind: UInt8 {
        case moments, extremes, ranks, ends, changes, line, exposure, average, reference
    }

    let kind: Kind
    let storage: Storage
    /// Milliseconds; `.max` in a window by count.
    let span: Int64
    /// `.max` in a window by time.
    let samples: Int
    /// The longest interval that is no gap; `.max` = none is.
    let gap: Int64
    /// Milliseconds of a bucket; 1 in other windows.
    let bucket: Int64
    /// Where its family's sums, queues or heaps are, and its buckets.
    var place: Int
    var circle: Int
    /// Its binding's reader.
    var reader: Int

    /// Good samples in the window.
    var count = 0
    /// Keys of the oldest and of the newest, when there are any.
    var tail: Int64 = 0
    var newest: Int64 = -1
    /// Milliseconds between neighbours in the window that are no gaps.
    var covered: Int64 = 0
    /// The good sample that left last: the left neighbour of the oldest.
    var before: WindowSample?
    /// The oldest, when there is one.
    var first = WindowSample(milliseconds: 0, value: 0)
    /// The newest good sample ever.
    var last: WindowSample?
    /// Good samples in a row that have the newest one's value: where they fill the window, spread
    /// and slope are 0, whatever rounding has left of values that went before.
    var run = 0
    /// The time of the newest sample in order, whatever its quality; at first one before all.
    var end = Int64.min / 2
    /// Samples up to this time were lost before they should leave the window.
    var missingUntil = Int64.min
    /// Samples of a window by count were lost, and it has not filled since.
    var isCut = false
    /// What came before the first good sample is not known.
    var lostHistory = false

    var isByCount: Bool { samples != .max }

    /// Where the window begins; a window in buckets begins with one.
    var start: Int64 {
        if isByCount { return count > 0 ? first.milliseconds : end }
        return storage == .buckets ? floorOfBucket(end - span) * bucket : end - span
    }

    /// The number of the bucket that a time lies in.
    func floorOfBucket(_ time: Int64) -> Int64 {
        let quotient = time / bucket
        return time % bucket < 0 ? quotient - 1 : quotient
    }

    var isStill: Bool { run >= count }

    /// Samples that belong into the window are not there.
    var isShort: Bool {
        isByCount ? isCut : lostHistory || missingUntil > end - span
    }

    /// An interval as far as it counts as covered.
    func coverage(from left: Int64, to right: Int64) -> Int64 {
        right - left <= gap ? right - left : 0
    }

    /// The last good sample is a gap away from the window's end.
    var isInterrupted: Bool { last.map { end - $0.milliseconds > gap } ?? true }

    /// Enough samples for a function that needs `needed`, and three quarters of the window covered;
    /// a window by count must be full.
    func isKnown(needing needed: Int) -> Bool {
        guard count >= needed, !isShort, let last else { return false }
        if isByCount { return count == samples && !isInterrupted }
        return coverage(upTo: last) * 4 >= span * 3
    }

    /// Milliseconds of the window that are covered, its ends included; `last`: the newest good one.
    func coverage(upTo last: WindowSample) -> Int64 {
        var sum = covered + coverage(from: last.milliseconds, to: end)
        if let before, first.milliseconds - before.milliseconds <= gap {
            sum += first.milliseconds - max(start, before.milliseconds)
        }
        return sum
    }
}
