import TocsinEngine
import TocsinModel

/// The report as text for a terminal of 100 columns.
package struct BacktestText {
    /// Differences that are listed before the rest is only counted.
    package static let listedMax = 40
    static let columns = 100

    private let report: BacktestReport

    /// The whole report; lines end with a line feed.
    package static func text(of report: BacktestReport) -> String {
        let writer = BacktestText(report: report)
        return [
            writer.head, writer.counts, writer.changes, writer.golden, writer.figures,
            writer.classes, writer.topTen, writer.verdict,
        ].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    // MARK: Head and counts

    private var head: String {
        let span = report.new.end - report.new.start
        let sets = [
            ("baseline", report.baselineRules), ("new", report.newRules), ("feed", report.feeds),
        ].map { BacktestText.padded($0, 10) + $1.joined(separator: " ") + "\n" }.joined()
        return sets + "time      \(report.clock(report.new.start)) to "
            + "\(report.clock(report.new.end)) \(report.zone), \(BacktestReport.length(span)), "
            + "\(report.samples) samples\n"
    }

    private var counts: String {
        let tolerance = BacktestReport.length(report.tolerance)
        let kinds: [(DifferenceKind, String)] = [
            (.unchanged, "raised by both within \(tolerance)"),
            (.earlier, "raised earlier by NEW"),
            (.later, "raised later by NEW"),
            (.new, "raised by NEW only"),
            (.lost, "raised by BASELINE only"),
            (.merged, "still standing in NEW when BASELINE raised it again"),
            (.split, "raised again by NEW while it stood in BASELINE"),
        ]
        var text = "ALARMS\n"
        for (kind, meaning) in kinds {
            text += "  " + BacktestText.padded(kind.rawValue, 10)
            text += BacktestText.right(String(report.count(kind)), 8) + "   \(meaning)\n"
        }
        if report.lostLevels > 0 {
            text += "  " + BacktestText.padded("levels", 10)
            text += BacktestText.right(String(report.lostLevels), 8)
            text += "   levels that BASELINE reached and NEW did not\n"
        }
        return text
    }

    // MARK: Differences

    private var changes: String {
        let all = report.differences.enumerated().filter { $0.element.isChange }
        guard !all.isEmpty else { return "" }
        // The worst are listed, in the order of time.
        let ranked = all.sorted { a, b in
            (BacktestText.rank(a.element), a.offset) < (BacktestText.rank(b.element), b.offset)
        }
        let listed = ranked.prefix(BacktestText.listedMax).sorted { $0.offset < $1.offset }
        var text = "CHANGES\n"
        for (_, difference) in listed { text += change(difference) }
        if all.count > listed.count {
            text += "  and \(all.count - listed.count) more: --json or --html lists them\n"
        }
        return text
    }

    private static func rank(_ difference: AlarmDifference) -> Int {
        let kind = difference.hasLostLevel ? DifferenceKind.lost : difference.kind
        return PlotPlan.order.firstIndex(of: kind) ?? 0
    }

    private func change(_ difference: AlarmDifference) -> String {
        let rule = report.rule(of: difference)
        let lives = report.lives(of: difference)
        let own = difference.kind == .merged ? lives.baseline : lives.new ?? lives.baseline
        let start = min(
            own?.raised ?? .distantFuture,
            difference.shift == nil ? .distantFuture : lives.baseline?.raised ?? .distantFuture)
        let what = difference.kind.rawValue + (difference.shift.map(BacktestText.shift) ?? "")
        let left =
            "  " + BacktestText.padded(report.clock(start), 25)
            + BacktestText.padded(what, 22) + BacktestText.padded(rule.priority.word, 10)
        let subject = report.subject(of: difference)
        var text = BacktestText.joined(left, rule.full, subject.place)
        for level in difference.levels where level.kind != .unchanged {
            let shift = BacktestText.shift(of: level)
            text += "    level \(level.level) (\(level.priority.word)) \(level.kind.rawValue)"
            text += "\(shift)\n"
        }
        return text
    }

    /// ` 12 s` of an earlier or later raise.
    static func shift(_ shift: Span) -> String {
        shift.milliseconds == 0
            ? "" : " " + BacktestReport.length(Span(milliseconds: abs(shift.milliseconds)))
    }

    static func shift(of level: LevelDifference) -> String {
        guard let old = level.baseline, let new = level.new else { return "" }
        return shift(new - old)
    }

    /// Two texts behind each other where they fit, else below each other.
    private static func joined(_ left: String, _ first: String, _ second: String) -> String {
        if left.count + first.count + 2 + second.count <= columns {
            return left + first + "  " + second + "\n"
        }
        return left + first + "\n" + String(repeating: " ", count: 8) + second + "\n"
    }

    // MARK: Golden incidents

    private var golden: String {
        guard let golden = report.golden else { return "" }
        var text = "GOLDEN INCIDENTS\n"
        for result in golden {
            let word = result.isMissed ? result.word.uppercased() : result.word
            text += "  " + BacktestText.padded(word, 8) + result.incident.name + "\n"
            for (name, caught) in [("baseline", result.baseline), ("new", result.new)] {
                text += "          " + BacktestText.padded(name, 10)
                guard let caught else {
                    text += "missed\n"
                    continue
                }
                let left =
                    "\(report.clock(caught.time)), lead \(BacktestReport.length(caught.lead)), "
                text += left + caught.rule + "\n"
            }
        }
        return text
    }

    // MARK: Figures

    private var figures: String {
        var text = "FIGURES of the classes alarm and supervisory (ISA-18.2, EEMUA 191)\n"
        text += "  " + BacktestText.padded("", 28) + BacktestText.padded("target", 14)
        text += BacktestText.right("baseline", 10) + BacktestText.padded("", 12)
        text += BacktestText.right("new", 10) + "\n"
        for line in report.lines {
            text += "  " + BacktestText.padded(line.title, 28)
            text += BacktestText.padded(line.target, 14)
            let cells = [line.baseline, line.new].map { cell in
                BacktestText.right(BacktestText.value(cell.value, line.unit), 10) + "  "
                    + BacktestText.padded(BacktestText.word(cell.verdict), 10)
            }
            text += BacktestText.trimmed(cells.joined()) + "\n"
        }
        if report.newFigures.perDay == nil {
            text += "  The recording is shorter than a day: it says nothing of a day.\n"
        }
        return text
    }

    /// A figure as people read it.
    static func value(_ value: Double?, _ unit: FigureLine.Unit) -> String {
        guard let value else { return "–" }
        switch unit {
        case .count: return JSONMembers.shortest(value)
        case .rate: return fixed(value, decimals: value < 10 ? 2 : 1)
        case .share: return fixed(value * 100, decimals: value < 0.0995 ? 2 : 1) + " %"
        case .time: return BacktestReport.length(Span(milliseconds: Int64(value)))
        }
    }

    /// With so many decimals; halves away from zero.
    static func fixed(_ value: Double, decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        guard abs(value) < 1e15 / scale else { return JSONMembers.shortest(value) }
        let whole = Int64((abs(value) * scale).rounded())
        let digits = String(whole / Int64(scale))
        let rest = String(whole % Int64(scale))
        let zeros = String(repeating: "0", count: max(0, decimals - rest.count))
        return (value < 0 && whole > 0 ? "-" : "") + digits
            + (decimals > 0 ? "." + zeros + rest : "")
    }

    static func word(_ verdict: FigureVerdict) -> String {
        switch verdict {
        case .met: "met"
        case .tolerated: "tolerated"
        case .missed: "MISSED"
        case .none: ""
        }
    }

    // MARK: Classes and top ten

    private var classes: String {
        let heads = ["said", "chattering", "fleeting", "stale", "under alarm"]
        var text = "CLASSES (baseline → new)\n  " + BacktestText.padded("", 16)
        text += heads.map { BacktestText.right($0, $0 == "under alarm" ? 28 : 13) }.joined() + "\n"
        for alarmClass in AlarmClass.allCases where alarmClass != .system {
            let old = report.baselineFigures.figures(of: alarmClass)
            let new = report.newFigures.figures(of: alarmClass)
            func cell(_ figure: (AlarmFigures.ClassFigures) -> Int) -> String {
                BacktestText.right("\(figure(old)) → \(figure(new))", 13)
            }
            text += "  " + BacktestText.padded(alarmClass.word, 16) + cell { $0.annunciations }
            text += cell { $0.chattering } + cell { $0.fleeting } + cell { $0.stale }
            let times = [old, new].map { BacktestReport.length($0.underAlarm) }
            text += BacktestText.right(times.joined(separator: " → "), 28) + "\n"
        }
        return text
    }

    private var topTen: String {
        func list(_ name: String, _ figures: AlarmFigures, _ history: AlarmHistory) -> String {
            guard !figures.topTen.isEmpty else { return "" }
            var text = "TOP TEN of \(name)\n"
            for top in figures.topTen {
                let share = Double(top.count) / Double(figures.alarms)
                let subject = history.subjects[top.subject]
                let left =
                    "  " + BacktestText.right(String(top.count), 7)
                    + BacktestText.right(BacktestText.value(share, .share), 9) + "   "
                text += BacktestText.joined(left, subject.rules[0].full, subject.place)
            }
            return text
        }
        let old = list("BASELINE", report.baselineFigures, report.baseline)
        let new = list("NEW", report.newFigures, report.new)
        return [old, new].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var verdict: String {
        var counts = [(report.count(.lost), "alarm"), (report.lostLevels, "level")]
        if report.golden != nil { counts.append((report.lostIncidents, "golden incident")) }
        let words = counts.map { count, word in "\(count) \(word)\(count == 1 ? "" : "s")" }
        return "lost: " + words.joined(separator: ", ") + "\n"
    }

    // MARK: Columns

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func trimmed(_ text: String) -> String {
        String(text.reversed().drop { $0 == " " }.reversed())
    }
}
