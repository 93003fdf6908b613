import TocsinEngine
package import TocsinModel

/// A day of the Gregorian calendar, as `disable: {until: 2026-12-01}` names it.
package struct CalendarDay: Sendable, Hashable, Comparable {
    package var year: Int
    package var month: Int
    package var day: Int

    /// The day on which `time` falls, `utcOffsetMinutes` east of UTC.
    package init(_ time: Timestamp, utcOffsetMinutes: Int) {
        let civil = CivilTime(time, offsetMinutes: utcOffsetMinutes)
        year = Int(civil.year)
        month = Int(civil.month)
        day = Int(civil.day)
    }

    /// Reads `2026-12-01`; nil for anything else and for days that do not exist.
    package init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            (1...12).contains(month)
        else { return nil }
        let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// `2026-12-01`.
    package var text: String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    package static func < (a: CalendarDay, b: CalendarDay) -> Bool {
        (a.year, a.month, a.day) < (b.year, b.month, b.day)
    }
}
