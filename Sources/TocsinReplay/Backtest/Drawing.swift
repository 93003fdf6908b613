import TocsinEngine
import TocsinModel

/// Inline SVG, put together as text; coordinates have one decimal.
struct Drawing {
    private(set) var text = ""
    let width: Double
    let height: Double

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    /// The whole element; `title` is what a screen reader says.
    func element(title: String) -> String {
        "<svg viewBox=\"0 0 \(Drawing.number(width)) \(Drawing.number(height))\" role=\"img\">"
            + "<title>\(JUnitReport.escaped(title))</title>\(text)</svg>\n"
    }

    static func number(_ value: Double) -> String {
        let text = BacktestText.fixed(value, decimals: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
        let ends = [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)]
            .map { " \($0)=\"\(Drawing.number($1))\"" }.joined()
        text += "<line\(ends) class=\"\(style)\"/>"
    }

    mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String
    ) {
        let sides = [("x", x), ("y", y), ("width", max(width, 0)), ("height", max(height, 0))]
            .map { " \($0)=\"\(Drawing.number($1))\"" }.joined()
        text += "<rect\(sides) class=\"\(style)\"/>"
    }

    mutating func path(_ points: [(x: Double, y: Double)], isClosed: Bool = false, _ style: String)
    {
        guard !points.isEmpty else { return }
        var data = "M"
        for (position, point) in points.enumerated() {
            if position > 0 { data += "L" }
            data += "\(Drawing.number(point.x)) \(Drawing.number(point.y))"
        }
        text += "<path d=\"\(data)\(isClosed ? "Z" : "")\" class=\"\(style)\"/>"
    }

    enum Anchor: String {
        case start, middle, end
    }

    mutating func label(
        _ words: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, _ style: String = ""
    ) {
        let kind = style.isEmpty ? "" : " class=\"\(style)\""
        text += "<text x=\"\(Drawing.number(x))\" y=\"\(Drawing.number(y))\""
        text += " text-anchor=\"\(anchor.rawValue)\"\(kind)>\(JUnitReport.escaped(words))</text>"
    }

    /// A triangle whose tip is up (a raise) or down (a clear), around a point.
    mutating func triangle(_ x: Double, _ y: Double, isUp: Bool, _ style: String) {
        let tip = isUp ? -6.0 : 6.0
        path([(x, y + tip), (x - 5, y - tip * 0.7), (x + 5, y - tip * 0.7)], isClosed: true, style)
    }
}

/// Round numbers and times for axes.
enum AxisTicks {
    /// About `count` round values that cover `low…high`.
    static func values(_ low: Double, _ high: Double, count: Int) -> [Double] {
        let range = high - low
        guard range > 0, range.isFinite, count > 0 else { return [low] }
        var step = 1.0
        while step * Double(count) < range { step *= 10 }
        while step * Double(count) / 10 >= range { step /= 10 }
        for part in [5.0, 2] where step / part * Double(count) >= range {
            step /= part
            break
        }
        let first = (low / step).rounded(.up)
        let last = (high / step).rounded(.down)
        guard last >= first, last - first < 100 else { return [low] }
        return (0...Int(last - first)).map { (first + Double($0)) * step }
    }

    private static let steps: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
        86_400, 172_800, 432_000, 864_000, 1_728_000, 4_320_000, 8_640_000, 31_536_000,
        157_680_000, 1_576_800_000,
    ]

    /// At most `count` round times within `from…to`, and whether they are whole days.
    static func times(
        _ from: Timestamp, _ to: Timestamp, count: Int64, offsetMinutes: Int
    ) -> (times: [Timestamp], areDays: Bool) {
        let range = (to - from).milliseconds
        guard range > 0 else { return ([from], false) }
        let step = 1000 * (steps.first { $0 * 1000 * count >= range } ?? steps[steps.count - 1])
        let offset = Int64(offsetMinutes) * 60_000
        let local = from.milliseconds + offset
        let rest = local % step
        var next = local - rest + (rest > 0 ? step : 0)
        var times: [Timestamp] = []
        while next - offset <= to.milliseconds, times.count < 100 {
            times.append(Timestamp(milliseconds: next - offset))
            next += step
        }
        return (times, step >= 86_400_000)
    }
}
