// Sums over a window are kept by adding what enters and subtracting what leaves. In plain doubles
// each step leaves a rounding error behind, and after a million steps, or behind one spike of 1e9,
// the sum is wrong by more than the spread that it is to measure. A pair of doubles carries 106 bits:
// what is left behind stays below 1e−24 of the largest sum that went through.

/// An unevaluated sum of two doubles, |lo| ≤ ½ ulp(hi): 106 bits (Dekker 1971, Knuth's TwoSum).
struct DoubleDouble: Sendable, Equatable {
    var high: Double
    var low: Double

    static let zero = DoubleDouble(high: 0, low: 0)

    init(high: Double, low: Double) {
        self.high = high
        self.low = low
    }

    init(_ number: Double) { self.init(high: number, low: 0) }

    /// a + b with the error of the rounding.
    static func exactSum(_ a: Double, _ b: Double) -> DoubleDouble {
        let sum = a + b
        let shadow = sum - a
        return DoubleDouble(high: sum, low: (a - (sum - shadow)) + (b - shadow))
    }

    /// a × b with the error of the rounding.
    static func exactProduct(_ a: Double, _ b: Double) -> DoubleDouble {
        let product = a * b
        return DoubleDouble(high: product, low: (-product).addingProduct(a, b))
    }

    /// The same number with |lo| ≤ ½ ulp(hi), where |high| ≥ |low| already.
    private static func settled(_ high: Double, _ low: Double) -> DoubleDouble {
        let sum = high + low
        return DoubleDouble(high: sum, low: low - (sum - high))
    }

    static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let high = exactSum(a.high, b.high)
        let low = exactSum(a.low, b.low)
        let first = settled(high.high, high.low + low.high)
        return settled(first.high, first.low + low.low)
    }

    static prefix func - (a: DoubleDouble) -> DoubleDouble {
        DoubleDouble(high: -a.high, low: -a.low)
    }

    static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + (-b) }

    static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let product = exactProduct(a.high, b.high)
        return settled(product.high, product.low + (a.high * b.low + a.low * b.high))
    }

    static func * (a: DoubleDouble, b: Double) -> DoubleDouble {
        let product = exactProduct(a.high, b)
        return settled(product.high, product.low + a.low * b)
    }

    static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let first = a.high / b.high
        let rest = a - b * first
        let second = rest.high / b.high
        let last = (rest - b * second).high / b.high
        return settled(first, second) + DoubleDouble(last)
    }

    static func += (a: inout DoubleDouble, b: DoubleDouble) { a = a + b }
    static func -= (a: inout DoubleDouble, b: DoubleDouble) { a = a - b }

    /// The nearest double.
    var rounded: Double { high + low }

    /// The number, or zero where it is below what rounding can have left of terms of this size: a
    /// signal that stands still has spread 0 and slope 0, not 1e−30.
    func cleared(ofTermsLike size: Double) -> DoubleDouble {
        abs(high) <= size * DoubleDouble.resolution ? .zero : self
    }

    /// 2⁻⁸⁰: 106 bits less what 2¹⁷ additions can leave behind, with room.
    private static let resolution = 0x1p-80
}
