import TocsinModel

/// What a window adds up over its samples, or over the intervals between neighbours, and takes away
/// again: of each family one. `gap` is the longest interval that is no gap.
protocol WindowSums {
    /// Nothing. Times count from `origin`, which keeps them small.
    init(origin: Int64)
    mutating func insert(_ sample: WindowSample)
    mutating func remove(_ sample: WindowSample)
    mutating func join(_ left: WindowSample, _ right: WindowSample, gap: Int64)
    mutating func part(_ left: WindowSample, _ right: WindowSample, gap: Int64)
    mutating func add(_ other: Self)
    mutating func subtract(_ other: Self)
}

/// count, mean, sum, stddev: Σx and Σx².
struct MomentSums: WindowSums {
    private var sum = DoubleDouble.zero
    private var squares = DoubleDouble.zero

    init(origin: Int64) {}

    mutating func insert(_ sample: WindowSample) {
        sum += DoubleDouble(sample.value)
        squares += .exactProduct(sample.value, sample.value)
    }

    mutating func remove(_ sample: WindowSample) {
        sum -= DoubleDouble(sample.value)
        squares -= .exactProduct(sample.value, sample.value)
    }

    mutating func join(_ left: WindowSample, _ right: WindowSample, gap: Int64) {}
    mutating func part(_ left: WindowSample, _ right: WindowSample, gap: Int64) {}

    mutating func add(_ other: MomentSums) {
        sum += other.sum
        squares += other.squares
    }

    mutating func subtract(_ other: MomentSums) {
        sum -= other.sum
        squares -= other.squares
    }

    var total: Double { sum.rounded }

    func mean(count: Int) -> Double { (sum / DoubleDouble(Double(count))).rounded }

    /// The sample's standard deviation (n − 1).
    func deviation(count: Int) -> Double {
        let n = Double(count)
        let spread = (squares * n - sum * sum).cleared(ofTermsLike: squares.high * n)
        guard spread.high > 0 else { return spread.high.isNaN ? .nan : 0 }
        return (spread / DoubleDouble(n * (n - 1))).rounded.squareRoot()
    }
}

/// changes: how many neighbours differ.
struct ChangeSums: WindowSums {
    private(set) var count = 0

    init(origin: Int64) {}

    mutating func insert(_ sample: WindowSample) {}
    mutating func remove(_ sample: WindowSample) {}

    mutating func join(_ left: WindowSample, _ right: WindowSample, gap: Int64) {
        if left.value != right.value { count += 1 }
    }

    mutating func part(_ left: WindowSample, _ right: WindowSample, gap: Int64) {
        if left.value != right.value { count -= 1 }
    }

    mutating func add(_ other: ChangeSums) { count += other.count }
    mutating func subtract(_ other: ChangeSums) { count -= other.count }
}

/// twa, dose: the integral over time between neighbours.
///
/// An interval counts as a trapezoid; a gap counts at the greater of its two ends, so that missing
/// data never lower an exposure.
struct ExposureSums: WindowSums {
    /// Twice the integral, in units × milliseconds.
    private var doubled = DoubleDouble.zero

    init(origin: Int64) {}

    mutating func insert(_ sample: WindowSample) {}
    mutating func remove(_ sample: WindowSample) {}

    mutating func join(_ left: WindowSample, _ right: WindowSample, gap: Int64) {
        doubled += ExposureSums.twice(left, right, gap: gap)
    }

    mutating func part(_ left: WindowSample, _ right: WindowSample, gap: Int64) {
        doubled -= ExposureSums.twice(left, right, gap: gap)
    }

    mutating func add(_ other: ExposureSums) { doubled += other.doubled }
    mutating func subtract(_ other: ExposureSums) { doubled -= other.doubled }

    /// The integral with the last value held for `held`, in units × seconds.
    func integral(entering entry: DoubleDouble, last: Double, held: Int64) -> Double {
        let all = doubled + entry + DoubleDouble.exactProduct(last * 2, Double(held))
        return all.rounded / 2000
    }

    /// Twice the area between two neighbours.
    private static func twice(
        _ left: WindowSample, _ right: WindowSample, gap: Int64
    ) -> DoubleDouble {
        let width = right.milliseconds - left.milliseconds
        if width > gap {
            return .exactProduct(max(left.value, right.value) * 2, Double(width))
        }
        return .exactSum(left.value, right.value) * Double(width)
    }

    /// Twice the area between two neighbours from `start` on, which lies between them.
    static func entering(
        _ left: WindowSample, _ right: WindowSample, from start: Int64, gap: Int64
    ) -> DoubleDouble {
        let width = right.milliseconds - left.milliseconds
        let inside = right.milliseconds - start
        guard width > 0 && inside > 0 else { return .zero }
        if width > gap {
            return .exactProduct(max(left.value, right.value) * 2, Double(inside))
        }
        let share = Double(start - left.milliseconds) / Double(width)
        let edge = left.value + (right.value - left.value) * share
        return .exactSum(edge, right.value) * Double(inside)
    }
}
