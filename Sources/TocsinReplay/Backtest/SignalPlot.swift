import TocsinEngine
import TocsinModel

/// Draws one changed alarm: signal, limits, and when both sets raised and cleared it.
struct SignalPlot {
    private static let width = 1040.0
    private static let left = 64.0
    private static let right = 14.0
    private static let top = 12.0
    private static let signalHeight = 180.0
    private static let laneHeight = 24.0
    private static let lanesTop = top + signalHeight + 24

    private let report: BacktestReport
    private let plot: BacktestPlot
    private var drawing: Drawing
    private var low = 0.0
    private var high = 1.0

    /// The SVG element of a plot.
    static func element(_ plot: BacktestPlot, of report: BacktestReport, title: String) -> String {
        var drawer = SignalPlot(plot, report)
        drawer.draw()
        return drawer.drawing.element(title: title)
    }

    private init(_ plot: BacktestPlot, _ report: BacktestReport) {
        self.plot = plot
        self.report = report
        drawing = Drawing(
            width: SignalPlot.width, height: SignalPlot.lanesTop + 2 * SignalPlot.laneHeight + 4)
        let values = plot.points.map(\.value) + plot.limits.map(\.value)
        if let least = values.min(), let greatest = values.max() {
            let pad = greatest > least ? (greatest - least) * 0.06 : max(abs(greatest) * 0.1, 1)
            low = least - pad
            high = greatest + pad
        }
    }

    private func x(_ time: Timestamp) -> Double {
        let share =
            Double((time - plot.from).milliseconds) / Double((plot.to - plot.from).milliseconds)
        let inner = SignalPlot.width - SignalPlot.left - SignalPlot.right
        return SignalPlot.left + min(max(share, 0), 1) * inner
    }

    private func y(_ value: Double) -> Double {
        SignalPlot.top + (high - value) / (high - low) * SignalPlot.signalHeight
    }

    private var states: [String] {
        let subject = report.subject(of: report.differences[plot.difference])
        return subject.binding?.pack.states.map(\.name) ?? []
    }

    private mutating func draw() {
        drawAxes()
        for (position, limit) in plot.limits.enumerated() { draw(limit, position) }
        drawSignal()
        drawLane(0, "baseline", plot.baseline.map { report.baseline.lives[$0] }, report.baseline)
        drawLane(1, "new", plot.new.map { report.new.lives[$0] }, report.new)
    }

    // MARK: Axes

    private mutating func drawAxes() {
        let bottom = SignalPlot.top + SignalPlot.signalHeight
        let end = SignalPlot.width - SignalPlot.right
        let states = states
        let ticks =
            states.isEmpty
            ? AxisTicks.values(low, high, count: 6)
            : states.indices.map(Double.init).filter { $0 >= low && $0 <= high }
        for value in ticks where !plot.points.isEmpty || !plot.limits.isEmpty {
            drawing.line(SignalPlot.left, y(value), end, y(value), "grid")
            let words = states.isEmpty ? JSONMembers.readable(value) : states[Int(value)]
            drawing.label(words, SignalPlot.left - 6, y(value) + 4, .end, "soft")
        }
        let axis = AxisTicks.times(
            plot.from, plot.to, count: 8, offsetMinutes: report.utcOffsetMinutes)
        for time in axis.times {
            drawing.line(x(time), SignalPlot.top, x(time), bottom, "grid")
            let text = report.clock(time)
            // The edges leave room for half a label.
            let isInside = x(time) > SignalPlot.left + 20 && x(time) < end - 20
            guard isInside else { continue }
            drawing.label(
                String(axis.areDays ? text.prefix(10) : text.dropFirst(11)), x(time), bottom + 16,
                .middle, "soft")
        }
        drawing.rectangle(
            SignalPlot.left, SignalPlot.top, end - SignalPlot.left, SignalPlot.signalHeight, "grid")
        if plot.points.isEmpty {
            drawing.label(
                "the feed has no samples of it here", SignalPlot.left + 10, SignalPlot.top + 20,
                .start, "soft")
        }
    }

    /// A limit that both sets have is one line without a side.
    private mutating func draw(_ limit: BacktestPlot.Limit, _ position: Int) {
        let twin = plot.limits.firstIndex { other in
            other.name == limit.name && other.value == limit.value && other.isNew != limit.isNew
        }
        if let twin, twin < position { return }
        let side = twin != nil ? "" : limit.isNew ? " new" : " old"
        let end = SignalPlot.width - SignalPlot.right
        drawing.line(SignalPlot.left, y(limit.value), end, y(limit.value), "limit" + side)
        let who = twin != nil ? "" : limit.isNew ? ", new" : ", baseline"
        // The sides' labels stand apart, so that close limits stay readable.
        let place = twin != nil || !limit.isNew ? SignalPlot.left + 6 : end - 6
        // Another limit just above would strike the label out: then it stands below its line.
        let isBelow = plot.limits.contains { other in
            other.value > limit.value && y(limit.value) - y(other.value) < 18
        }
        drawing.label(
            "\(limit.name) \(JSONMembers.readable(limit.value))\(who)", place,
            y(limit.value) + (isBelow ? 14 : -4),
            twin != nil || !limit.isNew ? .start : .end,
            twin != nil ? "soft" : limit.isNew ? "new" : "old")
    }

    // MARK: Signal

    private mutating func drawSignal() {
        let points = plot.points
        let subject = report.subject(of: report.differences[plot.difference])
        let gap = max(
            3 * plot.step.milliseconds, subject.binding?.staleAfter?.milliseconds ?? .max)
        let areStates = !states.isEmpty
        var run: [(x: Double, y: Double)] = []
        for (position, point) in points.enumerated() {
            if position > 0, (point.time - points[position - 1].time).milliseconds > gap {
                finish(&run)
            }
            if areStates, let last = run.last { run.append((x(point.time), last.y)) }
            run.append((x(point.time), y(point.value)))
        }
        finish(&run)
    }

    /// Draws a stretch without a gap; a lonely point as a dot.
    private mutating func finish(_ run: inout [(x: Double, y: Double)]) {
        if run.count == 1 {
            drawing.rectangle(run[0].x - 1.5, run[0].y - 1.5, 3, 3, "dot")
        } else {
            drawing.path(run, "signal")
        }
        run = []
    }

    // MARK: Raised and cleared

    private mutating func drawLane(
        _ lane: Int, _ name: String, _ lives: [AlarmLife], _ history: AlarmHistory
    ) {
        let style = lane == 0 ? "old" : "new"
        let middle = SignalPlot.lanesTop + (Double(lane) + 0.5) * SignalPlot.laneHeight
        drawing.label(name, SignalPlot.left - 6, middle + 4, .end, style)
        drawing.line(
            SignalPlot.left, middle, SignalPlot.width - SignalPlot.right, middle, "grid")
        for life in lives {
            let end = life.end(history.end)
            drawing.rectangle(
                x(life.raised), middle - 4, x(end) - x(life.raised), 8, "bar \(style)")
            if life.raised >= plot.from {
                drawing.line(
                    x(life.raised), SignalPlot.top, x(life.raised), middle, "raise \(style)")
                drawing.triangle(x(life.raised), middle, isUp: true, "mark \(style)")
            }
            if let cleared = life.cleared, cleared <= plot.to {
                drawing.triangle(x(cleared), middle, isUp: false, "mark \(style)")
            }
            drawLevels(of: life, middle, style, history)
        }
    }

    private mutating func drawLevels(
        of life: AlarmLife, _ middle: Double, _ style: String, _ history: AlarmHistory
    ) {
        let rules = history.subjects[life.subject].rules
        // A ladder without other levels needs no names.
        guard rules.count > 1 else { return }
        var last = -Double.infinity
        let moves = [AlarmLife.Move(time: life.raised, rule: life.rule, isUp: true)] + life.moves
        for move in moves where move.time >= plot.from && move.time <= plot.to {
            let place = x(move.time)
            if move.time != life.raised {
                drawing.triangle(place, middle, isUp: move.isUp, "mark \(style)")
            }
            // Labels that would cover each other are left out; the marks stay.
            guard place > last + 8, place < SignalPlot.width - 40 else { continue }
            drawing.label(rules[move.rule].short, place + 7, middle - 6, .start, style)
            last = place + 7 + 8 * Double(rules[move.rule].short.count)
        }
    }
}
