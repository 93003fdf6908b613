// Decimal text -> double, correctly rounded, and -> whole milliseconds, exactly.
//
// Nearly every sensor value has at most 15 digits: its digits as an integer up to 2^53 and a power
// of ten up to 10^22 are both exact doubles, so one multiplication or division rounds once and is
// right (Clinger 1990). The rest goes through the C library's `strtod` on a bounded copy that is
// written without a decimal point, so that no locale can change its meaning.

import Glibc
import TocsinModel

/// A scanned decimal number: `mantissa` × 10^`exponent`, negative if so.
struct DecimalNumber {
    var isNegative: Bool
    /// The first 19 significant digits; 19 nines fit into 64 bits.
    var mantissa: UInt64
    var exponent: Int
    /// Digits after the first 19 that are in neither; then the text decides.
    var isTruncated: Bool
    /// Where the number stands in the payload.
    var start: Int
    var end: Int

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
    /// Beyond this no explicit exponent matters: the digits of a payload cannot make up for it.
    static let exponentBound = 2_000_000_000
    /// A double between two others is told by at most 767 digits; one more stands for the rest.
    private static let significantDigits = 768

    /// The nearest double; an error beyond ±1.8e308, while what is too small becomes 0.
    @inline(__always)
    func double(in cursor: ByteCursor) throws(DecodeError) -> Double {
        if mantissa <= 1 << 53 && !isTruncated && exponent >= -22 && exponent <= 22 {
            let digits = Double(mantissa)
            let magnitude =
                exponent < 0
                ? digits / Self.powersOfTen[-exponent] : digits * Self.powersOfTen[exponent]
            return isNegative ? -magnitude : magnitude
        }
        return try doubleByLibrary(in: cursor)
    }

    @inline(never)
    private func doubleByLibrary(in cursor: ByteCursor) throws(DecodeError) -> Double {
        // Sign, digits, 'e', sign, ten digits of exponent, and the zero that C wants.
        let capacity = Self.significantDigits + 16
        let magnitude = withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { copy in
            var length = 0
            var dropped = exponent
            var digits = isTruncated ? start : end
            if !isTruncated { length = Self.write(mantissa, into: copy, at: 0) }
            if isTruncated { dropped = exponentOfText(in: cursor) }
            while digits < end {
                let byte = cursor.byte(at: digits)
                digits += 1
                if byte | 0x20 == 0x65 { break }
                guard ASCII.isDigit(byte), length > 0 || byte != 0x30 else { continue }
                if length < Self.significantDigits {
                    // length < significantDigits < capacity: inside the copy.
                    copy[length] = CChar(bitPattern: byte)
                    length += 1
                } else {
                    dropped += 1
                    // A dropped digit that is not 0 must still tell the number from a tie.
                    if byte != 0x30 { copy[length - 1] |= 1 }
                }
            }
            if length == 0 { return 0.0 }
            copy[length] = 0x65
            let bounded = max(-99_999, min(99_999, dropped))
            copy[length + 1] = bounded < 0 ? 0x2D : 0x2B
            let last = Self.write(UInt64(bounded.magnitude), into: copy, at: length + 2)
            copy[last] = 0
            guard let text = copy.baseAddress else { return 0.0 }
            return strtod(text, nil)
        }
        guard magnitude.isFinite else { throw DecodeError(.numberOutOfRange, at: start) }
        return isNegative ? -magnitude : magnitude
    }

    /// The exponent of the last digit of the text, all its digits counted.
    private func exponentOfText(in cursor: ByteCursor) -> Int {
        var kept = 0
        for position in start..<end {
            let byte = cursor.byte(at: position)
            if byte | 0x20 == 0x65 { break }
            if ASCII.isDigit(byte), kept > 0 || byte != 0x30 { kept += 1 }
        }
        return exponent - max(0, kept - DecimalDigits.kept)
    }

    /// Writes decimal digits and returns the offset after the last.
    private static func write(
        _ number: UInt64, into copy: UnsafeMutableBufferPointer<CChar>, at start: Int
    ) -> Int {
        var length = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        rest = number
        for index in (start..<start + length).reversed() {
            // At most 20 digits at the front, or 5 after the exponent's sign: inside the copy.
            copy[index] = CChar(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        return start + length
    }

    /// Whole milliseconds, rounded down (towards the past); nil outside the years 0 to 9999.
    func timestamp(unit: TimeUnit) -> Timestamp? {
        var magnitude = mantissa
        var hasRemainder = isTruncated
        var shift = exponent + unit.decimalShift
        while shift > 0 && magnitude != 0 {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            magnitude = product
            shift -= 1
        }
        while shift < 0 && magnitude != 0 {
            hasRemainder = hasRemainder || magnitude % 10 != 0
            magnitude /= 10
            shift += 1
        }
        guard let whole = Int64(exactly: magnitude) else { return nil }
        let milliseconds = isNegative ? (hasRemainder ? -whole - 1 : -whole) : whole
        return RFC3339.isInRange(milliseconds) ? Timestamp(milliseconds: milliseconds) : nil
    }
}

/// What a numeric time counts (`time_unit`), since 1970-01-01 UTC.
package enum TimeUnit: String, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"

    /// The power of ten from this unit to milliseconds.
    var decimalShift: Int {
        switch self {
        case .seconds: 3
        case .milliseconds: 0
        case .microseconds: -3
        case .nanoseconds: -6
        }
    }
}
