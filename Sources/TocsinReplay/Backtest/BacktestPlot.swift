import TocsinEngine
package import TocsinModel

/// A changed alarm with the signal around it.
package struct BacktestPlot: Sendable {
    /// Position in the report's `differences`.
    package var difference: Int
    package var from: Timestamp
    package var to: Timestamp
    /// Lives of the alarm in either set that show in the plot, by position.
    package var baseline: [Int]
    package var new: [Int]
    /// The limits of the alarm's rules in either set, in the plot's unit.
    package var limits: [Limit] = []
    /// Empty where the feed has no such samples, as of a group or a calculated stream.
    var points: [SignalTrace.Point] = []
    /// The width of what one point stands for.
    var step = Span.zero

    package struct Limit: Sendable, Equatable {
        package var name: String
        package var value: Double
        package var isNew: Bool
    }

    /// Plots of one report, and of one alarm: the rest stands in the table.
    package static let plotsMax = 60
    package static let plotsPerAlarm = 3
}

/// Chooses the changes that are plotted, and the time around them.
struct PlotPlan {
    private let baseline: AlarmHistory
    private let new: AlarmHistory
    private let pairing: AlarmPairing.Result
    /// For each alarm of NEW the one of BASELINE that it is.
    private let origins: [Int?]

    init(baseline: AlarmHistory, new: AlarmHistory, pairing: AlarmPairing.Result) {
        self.baseline = baseline
        self.new = new
        self.pairing = pairing
        var origins = [Int?](repeating: nil, count: new.subjects.count)
        for (subject, partner) in pairing.partners.enumerated() {
            if let partner { origins[partner] = subject }
        }
        self.origins = origins
    }

    /// What is lost comes first, then what is late.
    static let order: [DifferenceKind] = [
        .lost, .later, .new, .earlier, .merged, .split, .unchanged,
    ]

    /// The plots in the order of the differences, without their signals.
    func plots() -> [BacktestPlot] {
        let changes = pairing.differences.enumerated().filter { $0.element.isChange }
        let ranked = changes.sorted { a, b in
            (rank(a.element), a.offset) < (rank(b.element), b.offset)
        }
        var counts = [Int](repeating: 0, count: baseline.subjects.count + new.subjects.count)
        var chosen: [Int] = []
        for (position, difference) in ranked {
            let alarm = subjects(of: difference)
            let key = alarm.baseline ?? baseline.subjects.count + (alarm.new ?? 0)
            guard chosen.count < BacktestPlot.plotsMax,
                counts[key] < BacktestPlot.plotsPerAlarm
            else { continue }
            counts[key] += 1
            chosen.append(position)
        }
        return chosen.sorted().map { plot($0) }
    }

    private func rank(_ difference: AlarmDifference) -> Int {
        let kind = difference.hasLostLevel ? DifferenceKind.lost : difference.kind
        return PlotPlan.order.firstIndex(of: kind) ?? 0
    }

    private func subjects(of difference: AlarmDifference) -> (baseline: Int?, new: Int?) {
        let old = difference.baseline.map { baseline.lives[$0].subject }
        let fresh = difference.new.map { new.lives[$0].subject }
        return (
            old ?? fresh.flatMap { origins[$0] },
            fresh ?? old.flatMap { pairing.partners[$0] }
        )
    }

    private func plot(_ position: Int) -> BacktestPlot {
        let difference = pairing.differences[position]
        let lives =
            [
                difference.baseline.map { (baseline.lives[$0], baseline.end) },
                difference.new.map { (new.lives[$0], new.end) },
            ].compactMap { $0 }
        // Of a merged or split alarm its own life is the matter, not the long one that covers it.
        let own: [(AlarmLife, Timestamp)]
        switch difference.kind {
        case .merged: own = lives.first.map { [$0] } ?? []
        case .split: own = lives.last.map { [$0] } ?? []
        case .lost, .later, .new, .earlier, .unchanged: own = lives
        }
        var times = own.map(\.0.raised)
        times += difference.levels.flatMap { [$0.baseline, $0.new].compactMap { $0 } }
        let first = times.min() ?? baseline.start
        let last = times.max() ?? first
        let end = own.map { $0.0.end($0.1) }.max() ?? last
        // A life of weeks would hide a raise some seconds earlier: then its end is left out.
        let reach = max(10 * (last - first).milliseconds, PlotPlan.reach.milliseconds)
        let shown = min(end, last + Span(milliseconds: reach))
        let pad = max((shown - first).milliseconds / 4, PlotPlan.pad.milliseconds)
        let from = max(first - Span(milliseconds: pad), baseline.start)
        let to = min(shown + Span(milliseconds: pad), max(baseline.end, new.end))
        let alarm = subjects(of: difference)
        return BacktestPlot(
            difference: position, from: from, to: max(to, from + Span(milliseconds: 1000)),
            baseline: alarm.baseline.map { PlotPlan.lives(of: $0, in: baseline, from, to) } ?? [],
            new: alarm.new.map { PlotPlan.lives(of: $0, in: new, from, to) } ?? [])
    }

    private static let reach = Span(milliseconds: 1_800_000)
    private static let pad = Span(milliseconds: 30_000)

    private static func lives(
        of subject: Int, in history: AlarmHistory, _ from: Timestamp, _ to: Timestamp
    ) -> [Int] {
        history.lives.indices.filter { position in
            let life = history.lives[position]
            return life.subject == subject && life.raised <= to && life.end(history.end) >= from
        }
    }
}
