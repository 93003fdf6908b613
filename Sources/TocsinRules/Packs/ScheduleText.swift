import TocsinEngine

/// Times of the week as rules write them: `mon-fri 08:00-18:00`, `sat,sun 22:00-06:00`,
/// `daily 06:00-24:00`, `08:00-18:00` (every day). One reader for `schedule:` and `during("…")`.
///
/// Days are `mon tue wed thu fri sat sun`, single, in lists and in ranges, which may reach over the
/// end of the week (`fri-mon`); case does not matter. Times are of a 24-hour clock, `24:00` only as
/// an end. An end at or before the beginning lies on the next day; the days are those on which the
/// time begins.
enum ScheduleText {
    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let everyDay: UInt8 = 0b111_1111
    private static let examples = ["mon-fri 08:00-18:00", "sat,sun 22:00-06:00", "08:00-18:00"]

    /// Errors: the first that was found; its range counts UTF-8 bytes from the text's beginning.
    static func parse(_ text: String) throws(ExpressionError) -> Schedule {
        var reader = Reader(text)
        var schedule = Schedule(days: everyDay, from: 0, to: 0)
        if reader.isAtLetter { schedule.days = try readDays(&reader) }
        schedule.from = try readTime(&reader, isEnd: false)
        guard reader.take("-") else {
            throw reader.fault("`-` and the end of the time are missing here")
        }
        schedule.to = try readTime(&reader, isEnd: true)
        guard reader.isAtEnd else {
            throw reader.fault(
                "there is more than one time: nothing may follow `HH:MM-HH:MM`", toEnd: true)
        }
        return schedule
    }

    /// The canonical text: a range for three and more days in a row, `daily` for all.
    static func text(of schedule: Schedule) -> String {
        var parts: [String] = []
        var day = 0
        while day < days.count {
            var end = day
            while end < days.count, schedule.days & (1 << UInt8(end)) != 0 { end += 1 }
            switch end - day {
            case 0: end = day + 1
            case 1, 2: parts += days[day..<end]
            case let length where length == days.count: parts.append("daily")
            default: parts.append("\(days[day])-\(days[end - 1])")
            }
            day = end
        }
        return "\(parts.joined(separator: ",")) \(clock(schedule.from))-\(clock(schedule.to))"
    }

    private static func clock(_ minutes: Int) -> String {
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(padded(minutes / 60)):\(padded(minutes % 60))"
    }

    // MARK: Days

    private static func readDays(_ reader: inout Reader) throws(ExpressionError) -> UInt8 {
        if reader.word.text == "daily" {
            reader.takeWord()
            return everyDay
        }
        var set: UInt8 = 0
        repeat {
            let first = try readDay(&reader)
            var last = first
            if reader.take("-") { last = try readDay(&reader) }
            // `sat-mon` goes on at the week's beginning; at most seven steps.
            var day = first
            set |= 1 << UInt8(day)
            while day != last {
                day = (day + 1) % days.count
                set |= 1 << UInt8(day)
            }
        } while reader.take(",")
        return set
    }

    private static func readDay(_ reader: inout Reader) throws(ExpressionError) -> Int {
        let (name, range) = reader.word
        guard let day = days.firstIndex(of: name) else {
            if name.isEmpty { throw reader.fault("a day is missing here", expected: days) }
            throw ExpressionError(
                range, "`\(name)` is no day", expected: days + ["daily"],
                suggestion: nearestDay(name))
        }
        reader.takeWord()
        return day
    }

    /// `monday` begins as `mon` does; else the nearest spelling.
    private static func nearestDay(_ name: String) -> String? {
        days.first { name.hasPrefix($0) } ?? nearestName(name, among: days + ["daily"])
    }

    // MARK: Times

    private static func readTime(
        _ reader: inout Reader, isEnd: Bool
    ) throws(ExpressionError) -> Int {
        let start = reader.place
        guard let hour = reader.number(digits: 1...2) else {
            throw reader.fault("a time is missing here", expected: examples)
        }
        guard reader.take(":"), let minute = reader.number(digits: 2...2) else {
            throw ExpressionError(
                reader.range(from: start), "a time is hours and minutes",
                expected: ["08:00", "18:30"])
        }
        let range = reader.range(from: start)
        guard minute < 60, hour < 24 || hour == 24 && minute == 0 else {
            throw ExpressionError(
                range, "there is no such time of day", expected: ["00:00 to 24:00"])
        }
        if hour == 24, !isEnd {
            throw ExpressionError(
                range, "`24:00` ends a time; one begins at `00:00`", suggestion: "00:00")
        }
        return hour * 60 + minute
    }

    // MARK: Characters

    /// The text's characters, full-width ones as plain ones; spaces are passed over everywhere but
    /// inside words and numbers.
    private struct Reader {
        private let scalars: [ExpressionScalar]
        private let length: Int
        private var next = 0

        init(_ text: String) {
            scalars = ExpressionScalar.all(of: text)
            length = text.utf8.count
            skipSpaces()
        }

        private mutating func skipSpaces() {
            while next < scalars.count, scalars[next].scalar == " " { next += 1 }
        }

        var isAtEnd: Bool { next == scalars.count }
        var isAtLetter: Bool { next < scalars.count && scalars[next].isLetter }
        /// Bytes before the next character.
        var place: Int { isAtEnd ? length : scalars[next].offset }

        mutating func take(_ sign: Unicode.Scalar) -> Bool {
            guard next < scalars.count else { return false }
            // Word processors turn a hyphen between numbers into a dash.
            let found = scalars[next].scalar
            guard found == sign || sign == "-" && found == "\u{2013}" else { return false }
            next += 1
            skipSpaces()
            return true
        }

        /// The letters that follow, in lower case; they are not taken.
        var word: (text: String, range: ExpressionRange) {
            var text = String.UnicodeScalarView()
            var end = next
            while end < scalars.count, scalars[end].isLetter {
                text.append(scalars[end].scalar)
                end += 1
            }
            let stop = end < scalars.count ? scalars[end].offset : length
            return (
                String(text).lowercased(), ExpressionRange(offset: place, length: stop - place)
            )
        }

        mutating func takeWord() {
            while next < scalars.count, scalars[next].isLetter { next += 1 }
            skipSpaces()
        }

        /// A number with so many digits; nil, and nothing taken, for anything else.
        mutating func number(digits: ClosedRange<Int>) -> Int? {
            var value = 0
            var end = next
            while end < scalars.count, scalars[end].isDigit {
                guard end - next < digits.upperBound else { return nil }
                value = value * 10 + Int(scalars[end].scalar.value - 0x30)
                end += 1
            }
            guard end - next >= digits.lowerBound else { return nil }
            next = end
            skipSpaces()
            return value
        }

        /// From a place to behind the last character that was taken; at least one character.
        func range(from start: Int) -> ExpressionRange {
            var end = next
            while end > 0, scalars[end - 1].scalar == " " { end -= 1 }
            let stop = end < scalars.count ? scalars[end].offset : length
            return ExpressionRange(offset: start, length: max(1, stop - start))
        }

        func fault(
            _ message: String, expected: [String] = ScheduleText.examples, toEnd: Bool = false
        ) -> ExpressionError {
            let rest = toEnd ? length - place : 1
            return ExpressionError(
                ExpressionRange(offset: place, length: max(1, rest)), message, expected: expected)
        }
    }
}
