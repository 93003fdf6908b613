// Arithmetic that gives the same bits on every machine: + − × ÷ and rounding only, which IEEE 754
// defines, and no function of the C library, which it does not.

/// Steele, Lea and Flood's SplitMix64: small, seeded, good enough for noise.
package struct SplitMix64: Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// From 0 up to but not 1, in steps of 2^−53.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Mean 0, standard deviation 1, never beyond ±2√3: the sum of four uniform numbers (the
    /// central limit theorem makes it bell-shaped), scaled by √3.
    package mutating func noise() -> Double {
        let sum = unit() + unit() + unit() + unit()
        return (sum - 2) * 1.732_050_807_568_877_2
    }
}

package enum DeterministicMath {
    /// sin(2π × `turns`) to 1e−10, for `turns` from 0 to 1: Taylor's series on a quarter turn.
    package static func sine(turns: Double) -> Double {
        var quarter = turns - turns.rounded(.down)
        var sign = 1.0
        if quarter >= 0.5 {
            quarter -= 0.5
            sign = -1
        }
        if quarter > 0.25 { quarter = 0.5 - quarter }
        let x = quarter * 6.283_185_307_179_586
        var term = x
        var sum = x
        // x ≤ π/2: the ninth term is below 1e−13.
        for n in 1...9 {
            term = -term * x * x / Double(2 * n * (2 * n + 1))
            sum += term
        }
        return sign * sum
    }

    /// 2^−`halves` for `halves` ≥ 0: halving for the whole part, the exponential series for the
    /// rest.
    package static func halved(_ halves: Double) -> Double {
        // Below 2^−64 nothing that is rounded to decimals is left.
        guard halves < 64 else { return 0 }
        let whole = halves.rounded(.down)
        let x = -(halves - whole) * 0.693_147_180_559_945_3
        var term = 1.0
        var sum = 1.0
        // |x| < 0.7: the sixteenth term is below 1e−16.
        for n in 1...16 {
            term = term * x / Double(n)
            sum += term
        }
        for _ in 0..<Int(whole) { sum /= 2 }
        return sum
    }

    /// A number rounded to so many decimals (0 to 9), halves away from zero.
    package static func rounded(_ number: Double, decimals: Int) -> Double {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        return (number * scale).rounded() / scale
    }
}
