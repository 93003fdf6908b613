import TocsinModel

/// Draws the most frequent alarms of one set as bars.
enum TopTenChart {
    private static let width = 1040.0
    private static let row = 34.0

    static func element(
        _ figures: AlarmFigures, _ history: AlarmHistory, isNew: Bool, most: Int
    ) -> String {
        let style = isNew ? "new" : "old"
        var drawing = Drawing(width: width, height: row * Double(figures.topTen.count) + 4)
        for (position, top) in figures.topTen.enumerated() {
            let y = Double(position) * row
            let subject = history.subjects[top.subject]
            let share = Double(top.count) / Double(max(1, figures.alarms))
            drawing.label("\(subject.rules[0].full)  ·  \(subject.place)", 6, y + 14)
            let length = (width - 160) * Double(top.count) / Double(max(1, most))
            drawing.rectangle(6, y + 19, length, 9, "bar \(style)")
            drawing.label(
                "\(top.count)  (\(BacktestText.value(share, .share)))", 14 + length, y + 28, .start,
                "soft")
        }
        let name = isNew ? "new" : "baseline"
        return drawing.element(title: "The most frequent alarms of \(name)")
    }
}
