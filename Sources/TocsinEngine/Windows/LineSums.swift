// The least-squares line through a window's samples. Times count from an origin that moves along with
// the window, so that Σt and Σt², integers below 2¹⁰⁰, are exact in a pair of doubles.

/// slope, slope_significance, forecast, time_to.
struct LineSums: WindowSums {
    private var origin: Int64
    private var count = 0
    private var times = DoubleDouble.zero
    private var timeSquares = DoubleDouble.zero
    private var values = DoubleDouble.zero
    private var products = DoubleDouble.zero
    private var squares = DoubleDouble.zero

    init(origin: Int64) { self.origin = origin }

    mutating func insert(_ sample: WindowSample) {
        let time = Double(sample.milliseconds - origin)
        count += 1
        times += DoubleDouble(time)
        timeSquares += .exactProduct(time, time)
        values += DoubleDouble(sample.value)
        products += .exactProduct(time, sample.value)
        squares += .exactProduct(sample.value, sample.value)
    }

    mutating func remove(_ sample: WindowSample) {
        let time = Double(sample.milliseconds - origin)
        count -= 1
        times -= DoubleDouble(time)
        timeSquares -= .exactProduct(time, time)
        values -= DoubleDouble(sample.value)
        products -= .exactProduct(time, sample.value)
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
        let shift = Double(origin - target)
        let n = Double(count)
        var sums = self
        sums.origin = target
        sums.times += .exactProduct(n, shift)
        sums.timeSquares += times * (2 * shift) + .exactProduct(shift, shift) * n
        sums.products += values * shift
        return sums
    }

    /// The line; nil when a sum has overflowed. `end` is the window's end. That not all times are
    /// equal is the caller's to know.
    func fit(end: Int64) -> LineFit? {
        let n = Double(count)
        let width = timeSquares * n - times * times
        guard count >= 2, width.high > 0 else { return nil }
        let left = products * n
        let right = times * values
        let joint = (left - right).cleared(ofTermsLike: abs(left.high) + abs(right.high))
        let size = squares.high * n
        let total = (squares * n - values * values).cleared(ofTermsLike: size)
        let slope = joint / width
        let rest = (total - joint * slope).cleared(ofTermsLike: size)
        // From the mean time to the window's end, times n.
        let reach = DoubleDouble.exactProduct(n, Double(end - origin)) - times
        let level = (values + slope * reach).rounded / n
        guard slope.high.isFinite && level.isFinite else { return nil }
        let variance =
            count > 2 && rest.high > 0 ? rest.rounded / width.rounded / Double(count - 2) : 0
        return LineFit(
            level: level, slope: slope.rounded * 1000, error: variance.squareRoot() * 1000)
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
