import TocsinModel

/// Draws alarms per 10 minutes over the recording: BASELINE above, NEW below.
enum RateChart {
    private static let width = 1040.0
    private static let left = 64.0
    private static let right = 14.0
    private static let panel = 110.0
    private static let gap = 26.0
    /// Columns of the chart; of a longer recording a column shows its fullest window.
    private static let columnsMax = 240

    /// Windows that one column stands for.
    static func windowsPerColumn(_ figures: AlarmFigures) -> Int {
        max(1, (figures.windows + columnsMax - 1) / columnsMax)
    }

    static func element(of report: BacktestReport) -> String {
        let per = windowsPerColumn(report.newFigures)
        let columns = (report.newFigures.windows + per - 1) / per
        let panels = [report.baseline, report.new].map { heights($0, per: per, columns: columns) }
        let most = max(12, panels.flatMap { $0 }.max() ?? 0)
        var drawing = Drawing(width: width, height: 2 * panel + gap + 24)
        for (position, values) in panels.enumerated() {
            draw(values, position, most: most, report, &drawing)
        }
        let bottom = 2 * panel + gap
        let span = Int64(per * columns) * AlarmFigures.window.milliseconds
        let to = report.new.start + Span(milliseconds: span)
        let axis = AxisTicks.times(
            report.new.start, to, count: 8, offsetMinutes: report.utcOffsetMinutes)
        let inner = width - left - right
        for time in axis.times {
            let share = Double((time - report.new.start).milliseconds) / Double(span)
            let x = left + share * inner
            guard x > left + 20, x < width - right - 20 else { continue }
            let text = report.clock(time)
            drawing.line(x, bottom, x, bottom + 4, "grid")
            drawing.label(
                String(axis.areDays ? text.prefix(10) : text.dropFirst(11).prefix(5)), x,
                bottom + 18, .middle, "soft")
        }
        return drawing.element(title: "Alarms per 10 minutes of both rule sets")
    }

    private static func heights(_ history: AlarmHistory, per: Int, columns: Int) -> [Int] {
        let times = history.annunciations
            .filter { AlarmFigures.isCounted(history.rule(of: $0).alarmClass) }
            .map(\.time).sorted()
        var heights = [Int](repeating: 0, count: columns)
        let runs = AlarmFigures.runs(times, start: history.start, piece: AlarmFigures.window)
        for run in runs {
            let column = min(columns - 1, Int(run.piece) / per)
            heights[column] = max(heights[column], run.count)
        }
        return heights
    }

    private static func draw(
        _ values: [Int], _ position: Int, most: Int, _ report: BacktestReport,
        _ drawing: inout Drawing
    ) {
        let style = position == 0 ? "old" : "new"
        let top = Double(position) * (panel + gap)
        let bottom = top + panel
        let inner = width - left - right
        func y(_ count: Double) -> Double { bottom - count / Double(most) * (panel - 18) }
        drawing.label(position == 0 ? "baseline" : "new", left, top + 11, .start, style)
        drawing.line(left, bottom, width - right, bottom, "grid")
        for tick in AxisTicks.values(0, Double(most), count: 4) where tick > 0 {
            drawing.line(left, y(tick), width - right, y(tick), "grid")
            drawing.label(
                BacktestText.fixed(tick, decimals: 0), left - 6, y(tick) + 4, .end, "soft")
        }
        let limit = Double(AlarmFigures.windowMax)
        drawing.line(left, y(limit), width - right, y(limit), "target")
        drawing.label("10", width - right - 2, y(limit) - 3, .end, "soft")
        let step = inner / Double(max(1, values.count))
        for (column, value) in values.enumerated() where value > 0 {
            let bar = min(max(1, step * 0.8), 40)
            let x = left + (Double(column) + 0.5) * step - bar / 2
            drawing.rectangle(x, y(Double(value)), bar, bottom - y(Double(value)), "bar \(style)")
        }
    }
}
