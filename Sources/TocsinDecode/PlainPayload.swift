// Payloads that are one bare number or one state word.

import TocsinModel

extension PayloadDecoder {
    /// Reads `format: number` and `format: word`.
    func decodePlain(
        _ payload: ByteCursor, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        var end = payload.count
        while end > 0 && ASCII.isSpace(payload.byte(at: end - 1)) { end -= 1 }
        // The same bytes without the white space behind: end <= count.
        var cursor = ByteCursor(base: payload.base, count: end)
        while ASCII.isSpace(cursor.peek) { cursor.advance() }
        guard !cursor.isAtEnd else { throw DecodeError(.noValue, at: 0) }
        let start = cursor.position
        let value: ReadingValue
        if let number = try cursor.plainNumber() {
            value = .number(try number.double(in: cursor))
        } else if format == .word {
            cursor.position = start
            value = .word(try cursor.plainWord())
        } else {
            throw DecodeError(
                cursor.isDecimalComma ? .decimalComma : .notANumber, at: cursor.position)
        }
        var reading = Reading(value, field: nil)
        reading.unit = unit
        reading.flags.insert(.noTime)
        guard buffer.append(reading) else { throw DecodeError(.tooManyValues, at: start) }
    }
}

extension ByteCursor {
    /// Reads a number up to the end, as engineers write it: `-12.5 +3 1e3 .5 5. 007`; nil when it
    /// is none, with the cursor at the byte that does not belong.
    fileprivate mutating func plainNumber() throws(DecodeError) -> DecimalNumber? {
        let start = position
        let isNegative = peek == 0x2D
        if isNegative || peek == 0x2B { advance() }
        var digits = DecimalDigits()
        _ = digits.take(from: &self)
        if peek == 0x2E {
            advance()
            digits.fraction = digits.take(from: &self)
        }
        guard digits.count > 0 else { return nil }
        var exponent = 0
        if peek | 0x20 == 0x65 {
            let sign = byte(at: position + 1)
            let first = sign == 0x2B || sign == 0x2D ? byte(at: position + 2) : sign
            guard ASCII.isDigit(first) else { return nil }
            exponent = try decimalExponent()
        }
        guard isAtEnd else { return nil }
        return digits.number(
            isNegative: isNegative, exponent: exponent, start: start, cursor: self)
    }

    /// The cursor stopped at a comma between digits, with nothing but digits behind it.
    fileprivate var isDecimalComma: Bool {
        guard peek == 0x2C, position > 0, ASCII.isDigit(byte(at: position - 1)),
            position + 1 < count
        else { return false }
        for index in position + 1..<count where !ASCII.isDigit(byte(at: index)) { return false }
        return true
    }

    /// Checks the bytes up to the end as one word of UTF-8.
    fileprivate mutating func plainWord() throws(DecodeError) -> ByteSlice {
        let start = position
        guard count - start <= DecodeLimits.textBytes else {
            throw DecodeError(.textTooLong, at: start)
        }
        while !isAtEnd {
            if peek >= 0x80 {
                try skipUTF8Sequence()
            } else {
                guard peek >= 0x20 && peek != 0x7F else {
                    throw DecodeError(.controlCharacter, at: position)
                }
                advance()
            }
        }
        return ByteSlice(start: start, count: count - start, isInScratch: false)
    }
}
