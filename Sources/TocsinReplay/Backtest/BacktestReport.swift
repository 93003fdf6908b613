import TocsinEngine
package import TocsinModel

/// What a backtest found; the text, the JSON object and the page are written from it.
package struct BacktestReport: Sendable {
    /// The rules and feeds as they were given.
    package var newRules: [String]
    package var baselineRules: [String]
    package var feeds: [String]
    package var tolerance: Span
    package var utcOffsetMinutes: Int
    package var samples: UInt64
    package var baseline: AlarmHistory
    package var new: AlarmHistory
    package var baselineFigures: AlarmFigures
    package var newFigures: AlarmFigures
    package var lines: [FigureLine]
    package var differences: [AlarmDifference]
    /// Nil: no golden file.
    package var golden: [GoldenResult]?
    package var plots: [BacktestPlot] = []
    /// Why a changed alarm has no plot; empty = each has.
    package var plotNote = ""
    /// Findings about rules and feeds, for standard error.
    package var warnings = ""

    /// The exit status of `--fail-on-lost`.
    package static let lostStatus: Int32 = 3

    /// How many differences are of a kind.
    package func count(_ kind: DifferenceKind) -> Int { differences.count { $0.kind == kind } }

    /// Levels of alarms that BASELINE reached and NEW did not.
    package var lostLevels: Int {
        differences.reduce(0) { sum, difference in
            sum + difference.levels.count { $0.kind == .lost }
        }
    }

    /// Golden incidents that BASELINE caught and NEW misses.
    package var lostIncidents: Int { golden?.count(where: { $0.isLost }) ?? 0 }

    /// Golden incidents that NEW misses, whatever BASELINE made of them.
    package var missedIncidents: Int { golden?.count(where: { $0.isMissed }) ?? 0 }

    /// An alarm, a level of one, or a golden incident is lost.
    package var hasLoss: Bool { count(.lost) > 0 || lostLevels > 0 || lostIncidents > 0 }

    /// 3 where something is lost and that is to fail, else 0.
    package func exitStatus(failsOnLost: Bool) -> Int32 {
        failsOnLost && hasLoss ? BacktestReport.lostStatus : 0
    }

    /// The subject that a difference is about: NEW's where it has one.
    package func subject(of difference: AlarmDifference) -> AlarmSubject {
        if difference.kind != .merged, let life = difference.new {
            return new.subjects[new.lives[life].subject]
        }
        guard let life = difference.baseline else { preconditionFailure("one of both sets") }
        return baseline.subjects[baseline.lives[life].subject]
    }

    /// The rule that raised the alarm that a difference is about.
    package func rule(of difference: AlarmDifference) -> AlarmSubject.RuleName {
        if difference.kind != .merged, let life = difference.new {
            return new.rule(of: new.lives[life])
        }
        guard let life = difference.baseline else { preconditionFailure("one of both sets") }
        return baseline.rule(of: baseline.lives[life])
    }

    /// The life of each set that a difference shows; the one that covers it where it has none.
    package func lives(of difference: AlarmDifference) -> (baseline: AlarmLife?, new: AlarmLife?) {
        (difference.baseline.map { baseline.lives[$0] }, difference.new.map { new.lives[$0] })
    }

    /// `2026-01-05 08:00:00`, with milliseconds where there are some, in the site's time.
    package func clock(_ time: Timestamp) -> String {
        let text = CivilTime(time, offsetMinutes: utcOffsetMinutes).text
        let parts = text.split(separator: "T", maxSplits: 1)
        guard parts.count == 2 else { return text }
        let isWhole = time.milliseconds % 1000 == 0
        return parts[0] + " " + parts[1].prefix(isWhole ? 8 : 12)
    }

    /// `UTC+08:00`.
    package var zone: String {
        "UTC"
            + CivilTime(Timestamp(milliseconds: 0), offsetMinutes: utcOffsetMinutes).text.suffix(6)
    }

    /// `4 min 30 s`, `2 h 5 min`, `12.5 s`: at most two units.
    package static func length(_ span: Span) -> String {
        let total = span.milliseconds.magnitude
        let sign = span.milliseconds < 0 ? "−" : ""
        if total < 60_000 {
            return sign + JSONMembers.shortest(Double(total) / 1000) + " s"
        }
        let units: [(UInt64, String)] = [
            (86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"),
        ]
        for (position, unit) in units.enumerated() where total >= unit.0 {
            let rest = position + 1 < units.count ? total % unit.0 / units[position + 1].0 : 0
            let tail = rest > 0 ? " \(rest) \(units[position + 1].1)" : ""
            return "\(sign)\(total / unit.0) \(unit.1)\(tail)"
        }
        return "0 s"
    }
}
