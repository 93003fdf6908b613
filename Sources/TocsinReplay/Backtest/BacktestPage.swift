import TocsinEngine
import TocsinModel

/// The report as one page without scripts and without anything from outside; it is well-formed XML
/// too.
package struct BacktestPage {
    /// Changes in the table: more make a page that nobody scrolls; --json has all.
    static let rowsMax = 2000

    private let report: BacktestReport

    /// Writes the page to a file.
    package static func write(_ report: BacktestReport, to path: String) throws(OutputError) {
        let output = try TextOutput.file(path)
        try output.write(text(of: report).utf8)
        try output.flush()
    }

    package static func text(of report: BacktestReport) -> String {
        let page = BacktestPage(report: report)
        // The page fetches nothing: the policy says so to the browser.
        let policy = "default-src 'none'; style-src 'unsafe-inline'"
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" content="\(policy)"/>
            <meta name="color-scheme" content="light dark"/>
            <title>Tocsin backtest</title>
            <style>
            \(style)
            </style></head><body>

            """ + page.head + page.tiles + page.golden + page.figures + page.classes + page.rates
                + page.topTen + page.changes + page.plots + "</body></html>\n"
    }

    private func escaped(_ text: String) -> String { JUnitReport.escaped(text) }

    // MARK: Head

    private var head: String {
        let span = BacktestReport.length(report.new.end - report.new.start)
        let time =
            "\(report.clock(report.new.start)) to \(report.clock(report.new.end)) \(report.zone), "
            + "\(span), \(report.samples) samples"
        let entries = [
            ("Baseline", report.baselineRules.joined(separator: " ")),
            ("New", report.newRules.joined(separator: " ")),
            ("Feed", report.feeds.joined(separator: " ")), ("Time", time),
            ("Tolerance", BacktestReport.length(report.tolerance)),
        ].map { "<dt>\($0)</dt><dd>\(escaped($1))</dd>" }
        return "<h1>Tocsin backtest</h1>\n<dl>\(entries.joined())</dl>\n"
    }

    private var tiles: String {
        let kinds: [(DifferenceKind, String)] = [
            (.lost, "raised by baseline only"), (.later, "raised later by new"),
            (.new, "raised by new only"), (.earlier, "raised earlier by new"),
            (.merged, "new still stood when baseline raised again"),
            (.split, "new raised again while baseline stood"),
            (.unchanged, "raised by both at the same time"),
        ]
        var items = kinds.map { kind, meaning in
            tile(
                "\(BacktestPage.sign(kind)) \(kind.rawValue)", report.count(kind), meaning,
                isLoss: kind == .lost && report.count(.lost) > 0)
        }
        items.append(
            tile(
                "✕ levels lost", report.lostLevels, "reached by baseline, not by new",
                isLoss: report.lostLevels > 0))
        if report.golden != nil {
            items.append(
                tile(
                    "✕ golden lost", report.lostIncidents,
                    "incidents caught by baseline, not by new",
                    isLoss: report.lostIncidents > 0))
        }
        return "<ul class=\"tiles\">\(items.joined())</ul>\n"
    }

    private func tile(_ name: String, _ count: Int, _ meaning: String, isLoss: Bool) -> String {
        "<li\(isLoss ? " class=\"loss\"" : "")>\(name)<b>\(count)</b>"
            + "<small>\(meaning)</small></li>"
    }

    /// The sign that stands beside the word.
    static func sign(_ kind: DifferenceKind) -> String {
        switch kind {
        case .lost: "✕"
        case .later: "▶"
        case .new: "+"
        case .earlier: "◀"
        case .merged: "∪"
        case .split: "∩"
        case .unchanged: "="
        }
    }

    // MARK: Golden incidents

    private var golden: String {
        guard let golden = report.golden else { return "" }
        let rows = golden.map { result in
            let verdict =
                result.isMissed
                ? "<span class=\"missed\">✕ \(result.word)</span>"
                : "<span class=\"met\">✓ caught</span>"
            let cells = [result.baseline, result.new].map { caught -> String in
                guard let caught else { return "<td>✕ missed</td>" }
                return "<td>lead \(BacktestReport.length(caught.lead))"
                    + "<small>\(report.clock(caught.time))<br/>\(escaped(caught.rule))<br/>"
                    + "\(escaped(caught.place))</small></td>"
            }
            let incident = result.incident
            return "<tr><td class=\"what\">\(verdict)</td><td class=\"name\">"
                + "\(escaped(incident.name))<small>\(report.clock(incident.from)) to "
                + "\(report.clock(incident.deadline))</small></td>\(cells.joined())</tr>\n"
        }
        return "<h2>Golden incidents</h2>\n<div class=\"scroll\"><table><thead><tr><th>result</th>"
            + "<th>incident</th><th>baseline</th><th>new</th></tr></thead><tbody>\n"
            + rows.joined() + "</tbody></table></div>\n"
    }

    // MARK: Figures

    private var figures: String {
        let rows = report.lines.map { line in
            let cells = [line.baseline, line.new].map { cell in
                "<td class=\"number\">\(BacktestText.value(cell.value, line.unit))</td>"
                    + "<td class=\"what\">\(verdict(cell.verdict))</td>"
            }
            return "<tr><td>\(escaped(line.title))</td><td>\(escaped(line.target))</td>"
                + cells.joined() + "</tr>\n"
        }
        let note =
            report.newFigures.perDay == nil
            ? " The recording is shorter than a day: it says nothing of a day." : ""
        return
            "<h2>Figures</h2>\n<p class=\"soft\">Raises, escalations and re-annunciations of the "
            + "classes alarm and supervisory, against ISA-18.2 and EEMUA 191. In brackets: what "
            + "is still tolerated.\(note)</p>\n"
            + "<div class=\"scroll\"><table><thead><tr><th>figure</th><th>target</th>"
            + "<th class=\"number\">baseline</th><th></th><th class=\"number\">new</th><th></th>"
            + "</tr></thead><tbody>\n" + rows.joined() + "</tbody></table></div>\n"
    }

    private func verdict(_ verdict: FigureVerdict) -> String {
        switch verdict {
        case .met: "<span class=\"met\">✓ met</span>"
        case .tolerated: "<span class=\"tolerated\">~ tolerated</span>"
        case .missed: "<span class=\"missed\">✕ missed</span>"
        case .none: ""
        }
    }

    private var classes: String {
        let rows = AlarmClass.allCases.filter { $0 != .system }.map { alarmClass in
            let old = report.baselineFigures.figures(of: alarmClass)
            let new = report.newFigures.figures(of: alarmClass)
            let counts: [(AlarmFigures.ClassFigures) -> Int] = [
                { $0.annunciations }, { $0.chattering }, { $0.fleeting }, { $0.stale },
            ]
            let cells = counts.map { "<td class=\"number\">\($0(old)) → \($0(new))</td>" }
            return "<tr><td>\(alarmClass.word)</td>\(cells.joined())<td class=\"number\">"
                + "\(BacktestReport.length(old.underAlarm)) → "
                + "\(BacktestReport.length(new.underAlarm))</td></tr>\n"
        }
        let heads = ["said", "chattering", "fleeting", "stale", "time under alarm"]
            .map { "<th class=\"number\">\($0)</th>" }.joined()
        return "<h2>Classes: baseline → new</h2>\n<div class=\"scroll\"><table><thead><tr>"
            + "<th>class</th>\(heads)</tr></thead><tbody>\n" + rows.joined()
            + "</tbody></table></div>\n"
    }

    private var rates: String {
        let per = RateChart.windowsPerColumn(report.newFigures)
        let note =
            per == 1
            ? "" : " A column stands for \(per) windows and shows the fullest of them."
        return
            "<h2>Alarms per 10 minutes</h2>\n<p class=\"soft\">The dotted line is ten alarms: more "
            + "are too many.\(note)</p>\n<figure>\(RateChart.element(of: report))</figure>\n"
    }

    private var topTen: String {
        let sets = [
            (report.baselineFigures, report.baseline, false),
            (report.newFigures, report.new, true),
        ]
        let most = sets.flatMap { $0.0.topTen.map(\.count) }.max() ?? 1
        let parts = sets.map { figures, history, isNew -> String in
            let name = isNew ? "new" : "baseline"
            guard !figures.topTen.isEmpty else { return "<p>\(name): no alarm.</p>\n" }
            let share = BacktestText.value(figures.topTenShare, .share)
            return "<figure><figcaption>\(name): \(share) of \(figures.alarms) alarms"
                + "</figcaption>"
                + TopTenChart.element(figures, history, isNew: isNew, most: most) + "</figure>\n"
        }
        return "<h2>Top ten</h2>\n" + parts.joined()
    }

    // MARK: Changes

    private var changes: String {
        let all = report.differences.enumerated().filter { $0.element.isChange }
        guard !all.isEmpty else { return "<h2>Changes</h2>\n<p>None.</p>\n" }
        let plotted = Set(report.plots.map(\.difference))
        let rows = all.prefix(BacktestPage.rowsMax).map { position, difference in
            row(position, difference, isPlotted: plotted.contains(position))
        }
        let rest = all.count - rows.count
        let note = rest > 0 ? "<p>And \(rest) more: --json lists them.</p>\n" : ""
        return "<h2>Changes</h2>\n<div class=\"scroll\"><table><thead><tr><th>change</th>"
            + "<th>alarm</th><th>priority</th><th>baseline</th><th>new</th></tr></thead><tbody>\n"
            + rows.joined() + "</tbody></table></div>\n" + note
    }

    private func row(_ position: Int, _ difference: AlarmDifference, isPlotted: Bool) -> String {
        let rule = report.rule(of: difference)
        let lives = report.lives(of: difference)
        let name = escaped(rule.full)
        let link = isPlotted ? "<a href=\"#plot-\(position)\">\(name)</a>" : name
        return "<tr><td class=\"what\">\(what(difference))</td><td class=\"name\">\(link)"
            + "<small>\(escaped(report.subject(of: difference).place))</small></td>"
            + "<td>\(rule.priority.word)</td>"
            + "<td class=\"time\">\(life(lives.baseline, report.baseline))</td>"
            + "<td class=\"time\">\(life(lives.new, report.new))</td></tr>\n"
    }

    private func what(_ difference: AlarmDifference) -> String {
        let shift = difference.shift.map(BacktestText.shift) ?? ""
        var text =
            "<span class=\"\(difference.kind.rawValue)\">\(BacktestPage.sign(difference.kind)) "
            + "\(difference.kind.rawValue)\(difference.kind == .unchanged ? "" : shift)</span>"
        for level in difference.levels where level.kind != .unchanged {
            let shift = BacktestText.shift(of: level)
            text +=
                "<small>\(BacktestPage.sign(level.kind)) level \(escaped(level.level)) "
                + "\(level.kind.rawValue)\(shift)</small>"
        }
        return text
    }

    private func life(_ life: AlarmLife?, _ history: AlarmHistory) -> String {
        guard let life else { return "–" }
        let end =
            life.cleared.map { "stood \(BacktestReport.length($0 - life.raised))" }
            ?? "stood to the end"
        return "▲ \(report.clock(life.raised))<small>\(end)</small>"
    }

    // MARK: Plots

    private var plots: String {
        guard !report.plots.isEmpty || !report.plotNote.isEmpty else { return "" }
        let figures = report.plots.map { plot -> String in
            let difference = report.differences[plot.difference]
            let rule = report.rule(of: difference)
            let subject = report.subject(of: difference)
            let title = "\(difference.kind.rawValue): \(rule.full) on \(subject.place)"
            return "<figure id=\"plot-\(plot.difference)\"><figcaption><b>\(what(difference))</b> "
                + "\(escaped(rule.full)) <span class=\"soft\">on</span> \(escaped(subject.place))"
                + " <span class=\"soft\">\(escaped(unit(of: subject)))"
                + "\(report.clock(plot.from).prefix(10))</span></figcaption>"
                + SignalPlot.element(plot, of: report, title: title) + "</figure>\n"
        }
        let note = report.plotNote.isEmpty ? "" : "<p>\(escaped(report.plotNote))</p>\n"
        return "<h2>Plots</h2>\n<p class=\"soft\">Baseline is dashed and hollow, new is solid and "
            + "filled. ▲ raised or escalated, ▼ cleared or de-escalated.</p>\n" + note
            + figures.joined()
    }

    private func unit(of subject: AlarmSubject) -> String {
        subject.binding?.pack.unit.map { UnitTable.standard[$0].symbol + ", " } ?? ""
    }
}
