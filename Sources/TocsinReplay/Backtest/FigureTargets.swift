import TocsinModel

/// How a figure stands against its target.
package enum FigureVerdict: String, Sendable {
    case met
    /// Beyond the target, within what the guideline still tolerates.
    case tolerated
    case missed
    /// No target, or nothing to judge.
    case none
}

/// One line of the figures: a name, its target, and a value of each set.
package struct FigureLine: Sendable, Equatable {
    /// Stable, for `--json`: `per_10_min`.
    package var key: String
    package var title: String
    /// As people read it, such as `≤ 1 (2)`; empty = none.
    package var target: String
    package var unit: Unit
    package var baseline: Cell
    package var new: Cell

    package enum Unit: String, Sendable {
        case count, share, time, rate
    }

    package struct Cell: Sendable, Equatable {
        /// Nil = the recording is too short, or there is nothing to count.
        package var value: Double?
        package var verdict: FigureVerdict
    }
}

/// The guideline figures (ISA-18.2, EEMUA 191; domain reference §1) of two sets, line by line.
package enum FigureTargets {
    /// What a figure may be: `target` or better is met, up to `limit` is tolerated.
    private struct Bound {
        var target: Double
        var limit: Double
        /// The target itself is missed: `< 1 %`.
        var isStrict = false

        func verdict(_ value: Double?) -> FigureVerdict {
            guard let value else { return .none }
            if isStrict ? value < target : value <= target { return .met }
            return value <= limit && limit > target ? .tolerated : .missed
        }
    }

    /// All lines, in the order of the report.
    package static func lines(baseline: AlarmFigures, new: AlarmFigures) -> [FigureLine] {
        func line(
            _ key: String, _ title: String, _ target: String, _ unit: FigureLine.Unit,
            _ bound: Bound?, _ value: (AlarmFigures) -> Double?
        ) -> FigureLine {
            func cell(_ figures: AlarmFigures) -> FigureLine.Cell {
                let value = value(figures)
                return FigureLine.Cell(value: value, verdict: bound?.verdict(value) ?? .none)
            }
            return FigureLine(
                key: key, title: title, target: target, unit: unit, baseline: cell(baseline),
                new: cell(new))
        }
        let percent = Bound(target: 0.01, limit: 0.01, isStrict: true)
        return [
            line("alarms", "alarms", "", .count, nil) { Double($0.alarms) },
            line(
                "per_10_min", "per 10 min, mean", "≤ 1 (2)", .rate, Bound(target: 1, limit: 2)
            ) { $0.meanPerWindow },
            line(
                "per_10_min_max", "per 10 min, most", "≤ 10", .count,
                Bound(target: 10, limit: 10)
            ) { Double($0.busiest) },
            line(
                "windows_over_10", "10-min windows with > 10", "< 1 %", .share, percent
            ) { $0.busyWindowShare },
            line(
                "per_day", "per day", "≤ 150 (300)", .rate, Bound(target: 150, limit: 300)
            ) { $0.perDay },
            line("hours_over_30", "hours with > 30", "< 1 %", .share, percent) {
                $0.busyHourShare
            },
            line("floods", "floods", "", .count, nil) { Double($0.floods.count) },
            line("time_in_flood", "time in flood", "< 1 %", .share, percent) {
                $0.floodShare
            },
            line(
                "chattering", "chattering alarms", "0", .count, Bound(target: 0, limit: 0)
            ) { Double($0.sum(\.chattering)) },
            line("fleeting", "fleeting", "", .count, nil) { Double($0.sum(\.fleeting)) },
            line(
                "stale", "stale (> 24 h)", "< 5", .count,
                Bound(target: 5, limit: 5, isStrict: true)
            ) { Double($0.sum(\.stale)) },
            line(
                "top_ten_share", "top ten's share", "< 1 % (5 %)", .share,
                Bound(target: 0.01, limit: 0.05, isStrict: true)
            ) { $0.alarms == 0 ? nil : $0.topTenShare },
            line("time_under_alarm", "time under alarm", "", .share, nil) {
                $0.underAlarmShare
            },
        ] + priorities(line)
    }

    /// 80 / 15 / 5 % and less than 1 % of the highest. The target is "about", so a share counts as
    /// met when it is right in whole percent.
    private static func priorities(
        _ line: (
            String, String, String, FigureLine.Unit, Bound?, (AlarmFigures) -> Double?
        ) -> FigureLine
    ) -> [FigureLine] {
        [
            line(
                "priority_critical", "priority critical", "< 1 %", .share,
                Bound(target: 0.01, limit: 0.01, isStrict: true)
            ) { $0.share(of: .critical) },
            line(
                "priority_high", "priority high", "about 5 %", .share,
                Bound(target: 0.055, limit: 0.055, isStrict: true)
            ) { $0.share(of: .high) },
            line(
                "priority_medium", "priority medium", "about 15 %", .share,
                Bound(target: 0.155, limit: 0.155, isStrict: true)
            ) { $0.share(of: .medium) },
            line(
                "priority_low", "priority low", "about 80 %", .share, nil
            ) { $0.share(of: .low) },
        ]
    }
}
