/// The digits of one number while it is scanned.
struct DecimalDigits {
    /// Significant digits that always fit into 64 bits.
    static let kept = 19

    var mantissa: UInt64 = 0
    /// Digits seen, leading zeros too.
    var count = 0
    /// Digits seen after the point.
    var fraction = 0

    /// Takes every digit from the cursor on; wraps beyond 19, then `number` counts anew.
    @inline(__always)
    mutating func take(from cursor: inout ByteCursor) -> Int {
        // Local copies stay in registers; the cursor itself lies in memory.
        var place = cursor.position
        var number = mantissa
        while true {
            let digit = cursor.byte(at: place) &- 0x30
            guard digit < 10 else { break }
            number = number &* 10 &+ UInt64(digit)
            place += 1
        }
        let taken = place - cursor.position
        mantissa = number
        cursor.position = place
        count += taken
        return taken
    }

    /// The number whose digits these are; it ends at the cursor.
    @inline(__always)
    func number(
        isNegative: Bool, exponent: Int, start: Int, cursor: ByteCursor
    ) -> DecimalNumber {
        let number = DecimalNumber(
            isNegative: isNegative, mantissa: mantissa, exponent: exponent - fraction,
            isTruncated: false, start: start, end: cursor.position)
        return count <= Self.kept ? number : number.recounted(in: cursor)
    }
}

extension DecimalNumber {
    /// Reads the digits again, without leading zeros and no more than fit into the mantissa.
    @inline(never)
    func recounted(in cursor: ByteCursor) -> DecimalNumber {
        var number = self
        number.mantissa = 0
        var kept = 0
        for position in start..<end {
            let byte = cursor.byte(at: position)
            if byte | 0x20 == 0x65 { break }
            guard ASCII.isDigit(byte), kept > 0 || byte != 0x30 else { continue }
            if kept < DecimalDigits.kept {
                number.mantissa = number.mantissa * 10 + UInt64(byte - 0x30)
                kept += 1
            } else {
                number.exponent += 1
                number.isTruncated = number.isTruncated || byte != 0x30
            }
        }
        return number
    }
}

extension ByteCursor {
    /// Reads a number of RFC 8259; the cursor stands at its first byte.
    @inline(__always)
    mutating func jsonNumber() throws(DecodeError) -> DecimalNumber {
        let start = position
        let isNegative = peek == 0x2D
        if isNegative { advance() }
        var digits = DecimalDigits()
        let first = peek
        let whole = digits.take(from: &self)
        guard whole > 0 else { throw unexpected(.badNumber) }
        guard first != 0x30 || whole == 1 else { throw DecodeError(.badNumber, at: start) }
        if peek == 0x2E {
            advance()
            digits.fraction = digits.take(from: &self)
            guard digits.fraction > 0 else { throw unexpected(.badNumber) }
        }
        let exponent = peek | 0x20 == 0x65 ? try decimalExponent() : 0
        return digits.number(
            isNegative: isNegative, exponent: exponent, start: start, cursor: self)
    }

    /// Reads `e`, an optional sign and digits; saturates, since such a number is 0 or too large.
    mutating func decimalExponent() throws(DecodeError) -> Int {
        advance()
        let isNegative = peek == 0x2D
        if isNegative || peek == 0x2B { advance() }
        guard ASCII.isDigit(peek) else { throw unexpected(.badNumber) }
        var exponent = 0
        while ASCII.isDigit(peek) {
            exponent = min(exponent * 10 + Int(peek - 0x30), DecimalNumber.exponentBound)
            advance()
        }
        return isNegative ? -exponent : exponent
    }
}
