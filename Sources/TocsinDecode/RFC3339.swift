// Times as RFC 3339 writes them: 2023-11-15T06:13:20.123+08:00. The calendar arithmetic is the
// proleptic Gregorian one, without a time zone database, so it is the same on every machine.

package import TocsinModel

/// Why a text is no RFC 3339 time: the byte from 0 and what should stand there.
package struct TimeTextError: Error, Equatable, Sendable {
    package var offset: Int
    package var expected: Expected

    package enum Expected: String, Sendable {
        case digit = "a digit"
        case separator = "the separator of RFC 3339 (2023-11-15T06:13:20Z)"
        case date = "a date that exists"
        case timeOfDay = "a time of day up to 23:59:60"
        case offset = "Z or an offset such as +08:00"
        case end = "the end of the time"
    }

    package var message: String { "character \(offset + 1): expected \(expected.rawValue)" }
}

package enum RFC3339 {
    /// Whether four digits of a year can write this time: 0000-01-01 to the end of 9999, UTC.
    package static func isInRange(_ milliseconds: Int64) -> Bool {
        milliseconds >= -62_167_219_200_000 && milliseconds <= 253_402_300_799_999
    }

    /// Reads a whole text; fractions beyond milliseconds are cut, second 60 (a leap second) is
    /// read as 59.999, `T` and `Z` may be lower case and `T` a space (RFC 3339 §5.6).
    package static func parse(
        _ bytes: UnsafeRawBufferPointer
    ) throws(TimeTextError) -> Timestamp {
        guard let base = bytes.baseAddress else {
            throw TimeTextError(offset: 0, expected: .digit)
        }
        // The cursor lives in this call only, the buffer's bytes are readable throughout.
        var cursor = ByteCursor(
            base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        let time = try cursor.time()
        guard cursor.isAtEnd else {
            throw TimeTextError(offset: cursor.position, expected: .end)
        }
        return time
    }

    /// Reads a whole text, see above.
    package static func parse(_ text: some StringProtocol) throws(TimeTextError) -> Timestamp {
        let bytes = Array(text.utf8)
        let result: Result<Timestamp, TimeTextError> = bytes.withUnsafeBytes { raw in
            do throws(TimeTextError) {
                return .success(try parse(raw))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Days from 1970-01-01 to the date (negative before). Years start in March, so that the leap
    /// day is the last of its year and months follow one line of slope 153/5.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        // Four centuries always have 146 097 days; the year 0 begins in -1 when counted from March.
        let cycle = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfCycle = marchYear - cycle * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return cycle * 146_097 + dayOfCycle - 719_468
    }

    static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension ByteCursor {
    fileprivate mutating func time() throws(TimeTextError) -> Timestamp {
        let year = try digits(4)
        try separator(0x2D)
        let month = try digits(2)
        try separator(0x2D)
        let day = try digits(2)
        guard (1...12).contains(month), day >= 1,
            day <= RFC3339.daysInMonth(year: year, month: month)
        else { throw TimeTextError(offset: 0, expected: .date) }
        guard ASCII.lowercased(peek) == 0x74 || peek == 0x20 else {
            throw TimeTextError(offset: position, expected: .separator)
        }
        advance()
        let clock = position
        let hour = try digits(2)
        try separator(0x3A)
        let minute = try digits(2)
        try separator(0x3A)
        var second = try digits(2)
        var fraction = try fractionMilliseconds()
        guard hour < 24, minute < 60, second <= 60 else {
            throw TimeTextError(offset: clock, expected: .timeOfDay)
        }
        if second == 60 { (second, fraction) = (59, 999) }
        let days = RFC3339.days(year: year, month: month, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute - (try zoneMinutes())) * 60 + second
        return Timestamp(milliseconds: Int64(seconds * 1000 + fraction))
    }

    private mutating func digits(_ count: Int) throws(TimeTextError) -> Int {
        var number = 0
        for _ in 0..<count {
            guard ASCII.isDigit(peek) else {
                throw TimeTextError(offset: position, expected: .digit)
            }
            number = number * 10 + Int(peek - 0x30)
            advance()
        }
        return number
    }

    private mutating func separator(_ byte: UInt8) throws(TimeTextError) {
        guard peek == byte else { throw TimeTextError(offset: position, expected: .separator) }
        advance()
    }

    private mutating func fractionMilliseconds() throws(TimeTextError) -> Int {
        guard peek == 0x2E else { return 0 }
        advance()
        guard ASCII.isDigit(peek) else {
            throw TimeTextError(offset: position, expected: .digit)
        }
        var milliseconds = 0
        var weight = 100
        while ASCII.isDigit(peek) {
            milliseconds += Int(peek - 0x30) * weight
            weight /= 10
            advance()
        }
        return milliseconds
    }

    private mutating func zoneMinutes() throws(TimeTextError) -> Int {
        let sign = peek
        guard ASCII.lowercased(sign) == 0x7A || sign == 0x2B || sign == 0x2D else {
            throw TimeTextError(offset: position, expected: .offset)
        }
        let start = position
        advance()
        if ASCII.lowercased(sign) == 0x7A { return 0 }
        let hours = try digits(2)
        try separator(0x3A)
        let minutes = try digits(2)
        guard hours < 24, minutes < 60 else {
            throw TimeTextError(offset: start, expected: .offset)
        }
        return sign == 0x2B ? hours * 60 + minutes : -(hours * 60 + minutes)
    }
}
