/// A point in time: milliseconds since 1970-01-01 UTC. Time is data everywhere below the shell.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static let distantPast = Timestamp(milliseconds: .min)
    package static let distantFuture = Timestamp(milliseconds: .max)

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

    /// The time `duration` later; saturates instead of overflowing, so that bad input cannot trap.
    package static func + (time: Timestamp, duration: Span) -> Timestamp {
        let (sum, overflow) = time.milliseconds.addingReportingOverflow(duration.milliseconds)
        guard overflow else { return Timestamp(milliseconds: sum) }
        return duration.milliseconds > 0 ? .distantFuture : .distantPast
    }

    package static func - (a: Timestamp, b: Timestamp) -> Span {
        let (difference, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
        guard overflow else { return Span(milliseconds: difference) }
        return Span(milliseconds: a > b ? .max : .min)
    }

    package static func - (time: Timestamp, duration: Span) -> Timestamp {
        time + Span(milliseconds: duration.milliseconds == .min ? .max : -duration.milliseconds)
    }
}

/// A length of time in milliseconds. Named so because `Duration` is Swift's own, with 128 bits.
package struct Span: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static let zero = Span(milliseconds: 0)

    package static func < (a: Span, b: Span) -> Bool { a.milliseconds < b.milliseconds }

    /// The difference of two lengths; saturates.
    package static func - (a: Span, b: Span) -> Span {
        Timestamp(milliseconds: a.milliseconds) - Timestamp(milliseconds: b.milliseconds)
    }

    package static func seconds(_ count: Int64) -> Span { Span(milliseconds: count * 1000) }

    /// Reads `250ms 3s 5m 8h 30d` (fractions allowed, `1.5s`); nil when the text is no duration,
    /// is negative or is finer than a millisecond.
    package init?(parsing text: some StringProtocol) {
        let units: [(suffix: String, milliseconds: Double)] = [
            ("ms", 1), ("s", 1000), ("m", 60_000), ("min", 60_000), ("h", 3_600_000),
            ("d", 86_400_000),
        ]
        let trimmed = text.drop { $0 == " " }
        let digits = trimmed.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = trimmed.dropFirst(digits.count).drop { $0 == " " }
        guard let count = Double(String(digits)), count.isFinite,
            let unit = units.first(where: { $0.suffix == suffix })
        else { return nil }
        let total = count * unit.milliseconds
        guard total <= 9.0e15, total == total.rounded() else { return nil }
        milliseconds = Int64(total)
    }

    /// The shortest exact text: `3s`, `250ms`, `1h`; zero is `0s`.
    package var text: String {
        let units: [(Int64, String)] = [
            (86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"),
        ]
        for (size, suffix) in units where milliseconds != 0 && milliseconds % size == 0 {
            return "\(milliseconds / size)\(suffix)"
        }
        return milliseconds == 0 ? "0s" : "\(milliseconds)ms"
    }
}
