// Functions that the C library computes a little differently on each machine: here from + − × ÷ and
// the exponent's bits only, which IEEE 754 defines, so that rules give the same bits everywhere.

package enum PortableMath {
    private static let logarithmOf2 = 0.693_147_180_559_945_3

    /// The natural logarithm of a number above 0, to 4 units in the last place; NaN otherwise.
    package static func logarithm(_ x: Double) -> Double {
        guard x > 0 else { return .nan }
        guard x < .infinity else { return .infinity }
        var mantissa = x.significand
        var exponent = Double(x.exponent)
        // Between √½ and √2, where the series is shortest.
        if mantissa > 1.414_213_562_373_095 {
            mantissa /= 2
            exponent += 1
        }
        // ln m = 2 artanh((m − 1) / (m + 1)); |z| < 0.172: the eleventh term is below 1e−17.
        let z = (mantissa - 1) / (mantissa + 1)
        let square = z * z
        var power = z
        var sum = z
        for n in 1...11 {
            power *= square
            sum += power / Double(2 * n + 1)
        }
        return exponent * logarithmOf2 + 2 * sum
    }

    /// e to the power of `x`, to a relative 1e−15 per power of two.
    package static func exponential(_ x: Double) -> Double {
        guard !x.isNaN else { return .nan }
        guard x < 709.7 else { return .infinity }
        guard x > -745 else { return 0 }
        let whole = (x / logarithmOf2).rounded()
        let rest = x - whole * logarithmOf2
        var term = 1.0
        var sum = 1.0
        // |rest| < 0.35: the fourteenth term is below 1e−17.
        for n in 1...14 {
            term = term * rest / Double(n)
            sum += term
        }
        return Double(sign: .plus, exponent: Int(whole), significand: sum)
    }
}
