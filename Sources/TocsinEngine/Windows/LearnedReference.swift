// Functions that remember by recursion instead of a window of samples: they need no storage, and
// nothing ever leaves them. `span` is the window's length in milliseconds, `samples` its number
// of samples; one of the two is `.max`.

/// How long a recursive function learns, and what begins it anew.
struct LearningExtent {
    /// A window by time is learned when the samples cover so much; else `.max`.
    var span: Int64
    /// A window by count is learned when there are so many; else `.max`.
    var samples: Int
    /// A longer interval without a good sample begins it anew.
    var restartGap: Int64
}

/// ewma: e ← e + λ(x − e), begun anew with e = x after a gap.
struct RunningAverage {
    private let lambda: Double
    private let extent: LearningExtent
    private var average = Double.nan
    private var began: Int64 = 0
    private var count = 0

    init(lambda: Double, extent: LearningExtent) {
        self.lambda = lambda
        self.extent = extent
    }

    mutating func clear() { count = 0 }

    mutating func append(_ sample: WindowSample, after last: WindowSample?) {
        if count == 0 || extent.isBroken(from: last, to: sample) {
            average = sample.value
            began = sample.milliseconds
            count = 1
            return
        }
        average += lambda * (sample.value - average)
        count += 1
    }

    /// Unknown until its samples cover three quarters of the window, or are as many as it counts.
    func value(last: WindowSample?) -> Double {
        guard let last, count > 0 else { return .nan }
        let covered = last.milliseconds - began
        let isKnown =
            extent.span == .max ? count >= extent.samples : covered * 4 >= extent.span * 3
        return isKnown ? average : .nan
    }
}

extension LearningExtent {
    func isBroken(from last: WindowSample?, to sample: WindowSample) -> Bool {
        guard let last else { return true }
        return sample.milliseconds - last.milliseconds > restartGap
    }
}

/// The mean and variance that zscore and cusum measure against: learned over the window, then
/// followed slowly, and frozen in an excursion, so that what is abnormal is not learned. An
/// excursion longer than the window is the new normal: learning begins anew.
struct LearnedReference {
    enum Use: Equatable {
        case score
        case cusum(allowance: Double, decision: Double)
    }

    private let use: Use
    private let extent: LearningExtent
    private var isLearned = false
    private var count = 0
    private var began: Int64 = 0
    private var mean = 0.0
    /// While learning the sum of squared distances (Welford); then the variance.
    private var variance = 0.0
    private var excursionBegan: Int64 = 0
    private var excursionCount = 0
    private var high = 0.0
    private var low = 0.0
    private(set) var value = Double.nan

    /// Scores beyond it are frozen: normal values are within it 997 times of 1000.
    private static let frozenBeyond = 3.0
    private static let scoreMax = 1e9

    init(use: Use, extent: LearningExtent) {
        self.use = use
        self.extent = extent
    }

    mutating func clear() { restart() }

    mutating func append(_ sample: WindowSample, after last: WindowSample?) {
        if count == 0 || extent.isBroken(from: last, to: sample) { restart() }
        guard isLearned else {
            learn(sample)
            return
        }
        let distance = sample.value - mean
        let score = LearnedReference.score(distance, variance)
        guard !isFrozen(by: score) else {
            if excursionCount == 0 { excursionBegan = sample.milliseconds }
            excursionCount += 1
            let isLong =
                extent.span == .max
                ? excursionCount > extent.samples
                : sample.milliseconds - excursionBegan > extent.span
            if isLong {
                restart()
                learn(sample)
            }
            return
        }
        excursionCount = 0
        mean += distance / Double(count)
        variance += (distance * distance - variance) / Double(count)
    }

    private mutating func restart() {
        isLearned = false
        count = 0
        mean = 0
        variance = 0
        excursionCount = 0
        high = 0
        low = 0
        value = .nan
    }

    private mutating func learn(_ sample: WindowSample) {
        if count == 0 { began = sample.milliseconds }
        count += 1
        let distance = sample.value - mean
        mean += distance / Double(count)
        variance += distance * (sample.value - mean)
        let isEnough =
            extent.span == .max
            ? count >= extent.samples : sample.milliseconds - began >= extent.span
        guard isEnough && count >= 2 else { return }
        variance /= Double(count - 1)
        isLearned = true
    }

    private static func score(_ distance: Double, _ variance: Double) -> Double {
        if distance == 0 { return 0 }
        let score = variance > 0 ? distance / variance.squareRoot() : distance * .infinity
        return max(-scoreMax, min(scoreMax, score))
    }

    /// Takes the score into the function's value; whether the sample belongs to an excursion.
    private mutating func isFrozen(by score: Double) -> Bool {
        switch use {
        case .score:
            value = score
            return abs(score) > LearnedReference.frozenBeyond
        case .cusum(let allowance, let decision):
            high = min(2 * decision, max(0, high + score - allowance))
            low = min(2 * decision, max(0, low - score - allowance))
            value = high >= low ? high : -low
            return max(high, low) >= decision
        }
    }
}
