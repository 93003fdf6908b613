package import TocsinModel

/// Calendar fields of a time at a fixed offset from UTC (proleptic Gregorian; H. Hinnant's
/// days-to-civil algorithm, "chrono-Compatible Low-Level Date Algorithms").
package struct CivilTime: Sendable, Equatable {
    package var year: Int64
    package var month: Int64
    package var day: Int64
    package var hour: Int64
    package var minute: Int64
    package var second: Int64
    package var millisecond: Int64
    package var offsetMinutes: Int

    package init(_ time: Timestamp, offsetMinutes: Int) {
        // Beyond ±100 000 years nothing is written sensibly; clamped so that arithmetic cannot trap.
        let limit: Int64 = 3_155_760_000_000_000
        let local =
            max(-limit, min(limit, time.milliseconds)) + Int64(offsetMinutes) * 60_000
        let days = (local >= 0 ? local : local - 86_399_999) / 86_400_000
        let rest = local - days * 86_400_000
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3_600_000
        minute = rest / 60_000 % 60
        second = rest / 1000 % 60
        millisecond = rest % 1000
        self.offsetMinutes = offsetMinutes
    }

    /// RFC 3339 with milliseconds and a numeric offset: `2023-11-15T06:13:20.123+08:00`.
    package var text: String {
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number.magnitude)
            let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
            return (number < 0 ? "-" : "") + zeros + digits
        }
        let date = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
        let clock = padded(hour, 2) + ":" + padded(minute, 2) + ":" + padded(second, 2)
        let offset = Int64(offsetMinutes.magnitude)
        let zone =
            (offsetMinutes < 0 ? "-" : "+") + padded(offset / 60, 2) + ":" + padded(offset % 60, 2)
        return date + "T" + clock + "." + padded(millisecond, 3) + zone
    }
}
