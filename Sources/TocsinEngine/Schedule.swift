package import TocsinModel

/// Times of the week in the site's civil time: `during("mon-fri 08:00-18:00")`.
package struct Schedule: Sendable, Hashable {
    /// Bit 0 = Monday … bit 6 = Sunday: the day on which the span begins.
    package var days: UInt8
    /// Minutes after midnight; `to` ≤ `from` reaches into the next day; equal = the whole day.
    package var from: Int
    package var to: Int

    package init(days: UInt8, from: Int, to: Int) {
        self.days = days
        self.from = from
        self.to = to
    }

    private static let day: Int64 = 86_400_000
    /// 1970-01-01 was a Thursday: so many days after a Monday.
    private static let weekdayOfEpoch: Int64 = 3

    /// Whether `time` lies in the schedule: from its beginning to just before its end. The offset
    /// is fixed (`site.utc_offset`), so that every day has 24 hours.
    package func contains(_ time: Timestamp, offsetMinutes: Int) -> Bool {
        contains(local: Schedule.local(time, offsetMinutes))
    }

    /// The first time after `time` at which the schedule begins or ends; nil when it never does
    /// (no day at all, or every day and all day).
    package func nextChange(after time: Timestamp, offsetMinutes: Int) -> Timestamp? {
        let local = Schedule.local(time, offsetMinutes)
        let today = Schedule.dayNumber(local)
        var earliest = Int64.max
        // From what began yesterday to the same weekday of next week.
        for number in today - 1...today + 8 where holds(day: number) {
            let begin = number * Schedule.day + Int64(from) * 60_000
            // An end at which the next span begins is no change, nor is that beginning.
            if begin > local && begin < earliest && !contains(local: begin - 1) { earliest = begin }
            let end = begin + length
            if end > local && end < earliest && !contains(local: end) { earliest = end }
        }
        guard earliest != .max else { return nil }
        let change = Timestamp(milliseconds: earliest - Int64(offsetMinutes) * 60_000)
        // Beyond the calendar there is none.
        return change <= time ? nil : change
    }

    private var length: Int64 { Int64(to > from ? to - from : to + 1440 - from) * 60_000 }

    private func holds(day number: Int64) -> Bool {
        let weekday = ((number + Schedule.weekdayOfEpoch) % 7 + 7) % 7
        return days & (1 << UInt8(weekday)) != 0
    }

    private func contains(local: Int64) -> Bool {
        let today = Schedule.dayNumber(local)
        let intoDay = local - today * Schedule.day - Int64(from) * 60_000
        return holds(day: today) && intoDay >= 0 && intoDay < length
            || holds(day: today - 1) && intoDay + Schedule.day < length
    }

    private static func local(_ time: Timestamp, _ offsetMinutes: Int) -> Int64 {
        // Far beyond the calendar; clamped so that arithmetic cannot trap.
        let limit: Int64 = 3_155_760_000_000_000
        return max(-limit, min(limit, time.milliseconds)) + Int64(offsetMinutes) * 60_000
    }

    private static func dayNumber(_ local: Int64) -> Int64 {
        (local >= 0 ? local : local - (day - 1)) / day
    }
}
