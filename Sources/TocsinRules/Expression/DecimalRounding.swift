/// Removes the last bits that a conversion leaves behind: 0.29 bar is 29 kPa and not
/// 28.999 999 999 999 996, so that a sensor reading exactly 29 is at the limit.
package enum DecimalRounding {
    /// Significant digits kept: far beyond any sensor, short of the 15 that doubles hold.
    static let digits = 12

    /// The double nearest to `value` written with 12 significant digits; values whose scaling would
    /// leave the exact powers of ten come back unchanged.
    package static func rounded(_ value: Double) -> Double {
        let size = abs(value)
        guard size > 1e-9, size < 1e11 else { return value }
        // Powers of ten up to 10²² are exact, so one multiplication and one division round once
        // each.
        var power = 1.0
        while size * power < 1e11 { power *= 10 }
        return (value * power).rounded() / power
    }
}
