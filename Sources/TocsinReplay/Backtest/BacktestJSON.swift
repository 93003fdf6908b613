import TocsinEngine
import TocsinModel

/// The report as one JSON object (docs/BACKTEST.md); every member is always there.
package enum BacktestJSON {
    /// The object's bytes, without a line feed.
    package static func bytes(of report: BacktestReport) -> [UInt8] {
        var bytes: [UInt8] = []
        object(report).write(to: &bytes)
        return bytes
    }

    private static func object(_ report: BacktestReport) -> ReportJSON {
        .object([
            ("v", .integer(1)),
            ("baseline_rules", .list(report.baselineRules.map { .text($0) })),
            ("new_rules", .list(report.newRules.map { .text($0) })),
            ("feeds", .list(report.feeds.map { .text($0) })),
            ("from_ms", .time(report.new.start)),
            ("to_ms", .time(report.new.end)),
            ("samples", .integer(Int64(clamping: report.samples))),
            ("tolerance_ms", .span(report.tolerance)),
            ("summary", summary(report)),
            ("figures", .list(report.lines.map(line))),
            ("classes", classes(report)),
            ("floods", floods(report)),
            ("top_ten", topTen(report)),
            ("golden", report.golden.map { .list($0.map(golden)) } ?? .null),
            (
                "differences",
                .list(report.differences.filter(\.isChange).map { difference($0, report) })
            ),
        ])
    }

    private static func summary(_ report: BacktestReport) -> ReportJSON {
        var members = DifferenceKind.allCases.map { kind in
            (name: kind.rawValue, value: ReportJSON.count(report.count(kind)))
        }
        members.append(("lost_levels", .count(report.lostLevels)))
        members.append(("golden_lost", .count(report.lostIncidents)))
        members.append(("golden_missed", .count(report.missedIncidents)))
        members.append(("is_lost", .boolean(report.hasLoss)))
        return .object(members)
    }

    private static func line(_ line: FigureLine) -> ReportJSON {
        func cell(_ cell: FigureLine.Cell) -> ReportJSON {
            .object([
                ("value", cell.value.map { .number($0) } ?? .null),
                ("verdict", .text(cell.verdict.rawValue)),
            ])
        }
        return .object([
            ("key", .text(line.key)), ("title", .text(line.title)),
            ("unit", .text(line.unit.rawValue)), ("target", .text(line.target)),
            ("baseline", cell(line.baseline)), ("new", cell(line.new)),
        ])
    }

    private static func classes(_ report: BacktestReport) -> ReportJSON {
        func figures(_ figures: AlarmFigures.ClassFigures) -> ReportJSON {
            .object([
                ("annunciations", .count(figures.annunciations)),
                ("chattering", .count(figures.chattering)),
                ("chattering_raises", .count(figures.chatteringRaises)),
                ("fleeting", .count(figures.fleeting)), ("stale", .count(figures.stale)),
                ("under_alarm_ms", .span(figures.underAlarm)),
            ])
        }
        return .list(
            AlarmClass.allCases.filter { $0 != .system }.map { alarmClass in
                .object([
                    ("class", .text(alarmClass.word)),
                    ("baseline", figures(report.baselineFigures.figures(of: alarmClass))),
                    ("new", figures(report.newFigures.figures(of: alarmClass))),
                ])
            })
    }

    private static func floods(_ report: BacktestReport) -> ReportJSON {
        func list(_ figures: AlarmFigures) -> ReportJSON {
            .list(
                figures.floods.map { flood in
                    .object([
                        ("began_ms", .time(flood.began)), ("ended_ms", .time(flood.ended)),
                        ("alarms", .count(flood.alarms)),
                    ])
                })
        }
        return .object([
            ("baseline", list(report.baselineFigures)), ("new", list(report.newFigures)),
        ])
    }

    private static func topTen(_ report: BacktestReport) -> ReportJSON {
        func list(_ figures: AlarmFigures, _ history: AlarmHistory) -> ReportJSON {
            .list(
                figures.topTen.map { top in
                    let subject = history.subjects[top.subject]
                    return .object([
                        ("rule", .text(subject.rules[0].full)), place(subject)[0],
                        place(subject)[1], ("count", .count(top.count)),
                        ("share", .number(Double(top.count) / Double(max(1, figures.alarms)))),
                    ])
                })
        }
        return .object([
            ("baseline", list(report.baselineFigures, report.baseline)),
            ("new", list(report.newFigures, report.new)),
        ])
    }

    /// `stream` and `group`, one of them null.
    private static func place(_ subject: AlarmSubject) -> [(name: String, value: ReportJSON)] {
        [
            ("stream", subject.isGroup ? .null : .text(subject.place)),
            ("group", subject.isGroup ? .text(subject.place) : .null),
        ]
    }

    private static func golden(_ result: GoldenResult) -> ReportJSON {
        func caught(_ caught: GoldenIncident.Catch?) -> ReportJSON {
            guard let caught else { return .null }
            return .object([
                ("ts_ms", .time(caught.time)), ("rule", .text(caught.rule)),
                ("place", .text(caught.place)), ("lead_ms", .span(caught.lead)),
            ])
        }
        return .object([
            ("name", .text(result.incident.name)),
            ("from_ms", .time(result.incident.from)),
            ("deadline_ms", .time(result.incident.deadline)),
            ("result", .text(result.word)),
            ("baseline", caught(result.baseline)), ("new", caught(result.new)),
        ])
    }

    private static func difference(
        _ difference: AlarmDifference, _ report: BacktestReport
    ) -> ReportJSON {
        func life(_ life: AlarmLife?, _ history: AlarmHistory) -> ReportJSON {
            guard let life else { return .null }
            return .object([
                ("rule", .text(history.rule(of: life).full)),
                ("raised_ms", .time(life.raised)), ("cleared_ms", .time(life.cleared)),
            ])
        }
        let rule = report.rule(of: difference)
        let subject = report.subject(of: difference)
        let lives = report.lives(of: difference)
        let levels = difference.levels.map { level in
            ReportJSON.object([
                ("level", .text(level.level)), ("priority", .text(level.priority.word)),
                ("kind", .text(level.kind.rawValue)), ("baseline_ms", .time(level.baseline)),
                ("new_ms", .time(level.new)),
            ])
        }
        return .object(
            [("kind", .text(difference.kind.rawValue)), ("rule", .text(rule.full))]
                + place(subject) + [
                    ("class", .text(rule.alarmClass.word)),
                    ("priority", .text(rule.priority.word)),
                    ("shift_ms", .span(difference.shift)),
                    ("baseline", life(lives.baseline, report.baseline)),
                    ("new", life(lives.new, report.new)), ("levels", .list(levels)),
                ])
    }
}
