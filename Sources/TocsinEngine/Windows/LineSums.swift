// The least-squares line through a window's samples. Times are integers, so Σt and Σt² are exact;
// Σx, Σtx and Σx² are pairs of doubles.

/// slope, slope_significance, forecast, time_to.
struct LineSums: WindowSums {
    private var origin: Int64
    private var count: Int128 = 0
    private var times: Int128 = 0
    private var timeSquares: Int128 = 0
    private var values = DoubleDouble.zero
    private var products = DoubleDouble.zero
    private var squares = DoubleDouble.zero

    init(origin: Int64) { self.origin = origin }

    mutating func insert(_ sample: WindowSample) {
        let time = sample.milliseconds - origin
        count += 1
        times += Int128(time)
        timeSquares += Int128(time) * Int128(time)
        values += DoubleDouble(sample.value)
        products += .exactProduct(Double(time), sample.value)
        squares += .exactProduct(sample.value, sample.value)
    }

    mutating func remove(_ sample: WindowSample) {
        let time = sample.milliseconds - origin
        count -= 1
        times -= Int128(time)
        timeSquares -= Int128(time) * Int128(time)
        values -= DoubleDouble(sample.value)
        products -= .exactProduct(Double(time), sample.value)
        squares -= .exactProduct(sample.value, sample.value)
    }

    mutating func join(_ left: WindowSample, _ right: WindowSample, gap: Int64) {}
    mutating func part(_ left: WindowSample, _ right: WindowSample, gap: Int64) {}

    mutating func add(_ other: LineSums) {
        let moved = other.moved(to: origin)
        count += moved.count
        times += moved.times
        timeSquares += moved.timeSquares
        values += moved.values
        products += moved.products
        squares += moved.squares
    }

    mutating func subtract(_ other: LineSums) {
        let moved = other.moved(to: origin)
        count -= moved.count
        times -= moved.times
        timeSquares -= moved.timeSquares
        values -= moved.values
        products -= moved.products
        squares -= moved.squares
    }

    /// The same sums with times counted from another origin.
    private func moved(to target: Int64) -> LineSums {
        let shift = origin - target
        var sums = self
        sums.origin = target
        sums.times += count * Int128(shift)
        sums.timeSquares += Int128(2 * shift) * times + count * Int128(shift) * Int128(shift)
        sums.products += values * Double(shift)
        return sums
    }

    /// The line; nil when all times are equal or a sum has overflowed. `end` is the window's end.
    func fit(end: Int64) -> LineFit? {
        let n = Double(count)
        let spread = count * timeSquares - times * times
        guard count >= 2, spread > 0 else { return nil }
        let width = DoubleDouble(spread)
        let sumOfTimes = DoubleDouble(times)
        let left = products * n
        let right = sumOfTimes * values
        let joint = (left - right).cleared(ofTermsLike: abs(left.high) + abs(right.high))
        let size = squares.high * n
        let total = (squares * n - values * values).cleared(ofTermsLike: size)
        let rest = (total - joint * joint / width).cleared(ofTermsLike: size)
        let slope = joint / width
        // From the mean time to the window's end, times n.
        let reach = DoubleDouble(count * Int128(end - origin) - times)
        let level = (values + slope * reach) / DoubleDouble(n)
        guard slope.high.isFinite && level.high.isFinite else { return nil }
        let variance =
            count > 2 && rest.high > 0 ? (rest / width).rounded / Double(count - 2) : 0
        return LineFit(
            level: level.rounded, slope: slope.rounded * 1000,
            error: variance.squareRoot() * 1000)
    }
}

/// A least-squares line as seen from its window's end.
package struct LineFit: Sendable, Equatable {
    /// The line's value at the end, in the pack's unit.
    package var level: Double
    /// In that unit per second.
    package var slope: Double
    /// The slope's standard error, in the same unit.
    package var error: Double

    package init(level: Double, slope: Double, error: Double) {
        self.level = level
        self.slope = slope
        self.error = error
    }

    /// slope ÷ error, cut at ±1e9; 0 where the slope is 0.
    package var significance: Double {
        if slope == 0 { return 0 }
        if error == 0 { return slope > 0 ? LineFit.significanceMax : -LineFit.significanceMax }
        return max(-LineFit.significanceMax, min(LineFit.significanceMax, slope / error))
    }

    static let significanceMax = 1e9
    /// 95 % of a normal distribution lie within so many standard errors.
    private static let quantile95 = 1.96

    /// The line's value so long after the end.
    package func value(aheadMilliseconds ahead: Int64) -> Double {
        level + slope * (Double(ahead) / 1000)
    }

    /// Milliseconds from the end until the line meets `limit`; `+infinity` where it never does.
    ///
    /// 0 where it is at the limit, or beyond it and not coming back: above a high limit and not
    /// falling, below a low one (`isLow`) and not rising.
    package func time(to limit: Double, isLow: Bool = false) -> Double {
        time(to: limit, isLow: isLow, slope: slope)
    }

    /// The same for the ends of the slope's 95 % confidence interval, the earlier first.
    package func timeInterval(
        to limit: Double, isLow: Bool = false
    ) -> (earliest: Double, latest: Double) {
        let width = LineFit.quantile95 * error
        let one = time(to: limit, isLow: isLow, slope: slope - width)
        let other = time(to: limit, isLow: isLow, slope: slope + width)
        return (min(one, other), max(one, other))
    }

    private func time(to limit: Double, isLow: Bool, slope: Double) -> Double {
        guard !limit.isNaN else { return .nan }
        if level == limit { return 0 }
        if isLow ? level < limit && slope <= 0 : level > limit && slope >= 0 { return 0 }
        if slope == 0 { return .infinity }
        let seconds = (limit - level) / slope
        return seconds < 0 ? .infinity : seconds * 1000
    }
}
