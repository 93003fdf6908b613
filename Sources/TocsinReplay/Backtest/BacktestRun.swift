package import TocsinEngine
package import TocsinIngest
package import TocsinModel
import TocsinRules

/// What `tocsin backtest` is asked.
package struct BacktestRequest: Sendable {
    package var new: [String]
    package var baseline: [String]
    package var feeds: [String]
    package var inventory: String?
    /// Nil: the same as NEW's.
    package var baselineInventory: String?
    /// The end of the run; nil = the last sample.
    package var until: Timestamp?
    package var site: Site
    package var options: EngineOptions
    /// How frames are decoded; empty = guessed from the first frame (`DecodeGuess`).
    package var decoders: [TopicDecoder]
    /// A file of golden incidents.
    package var golden: String?
    /// Raises no further apart are unchanged.
    package var tolerance: Span
    /// Reads the feeds a second time for the signals around changed alarms.
    package var needsPlots: Bool

    package static let standardTolerance = Span.seconds(1)

    package init(new: [String], baseline: [String], feeds: [String]) {
        self.new = new
        self.baseline = baseline
        self.feeds = feeds
        site = Site(id: "backtest")
        options = EngineOptions()
        decoders = []
        tolerance = BacktestRequest.standardTolerance
        needsPlots = false
    }
}

/// The core of `tocsin backtest`: one pass over the feeds drives two rule sets; their alarms are
/// paired and counted. The same input gives the same report.
package enum BacktestRun {
    /// Runs to the end. Findings about rules and feeds are in the report's `warnings`.
    package static func run(_ request: BacktestRequest) throws(ReplayError) -> BacktestReport {
        guard !request.feeds.isEmpty else { throw .noFeeds }
        let golden = try incidents(of: request)
        let vocabulary = FeedVocabulary()
        let merge = try open(request.feeds, vocabulary)
        let start = merge.nextArrival ?? Timestamp(milliseconds: 0)
        let diagnostics = DiagnosticList()
        let baselineSet = load(request, isBaseline: true, start, diagnostics)
        let newSet = load(request, isBaseline: false, start, diagnostics)
        guard let baselineSet, let newSet else { throw .rules(diagnostics.rendered) }
        let decoders = request.decoders
        let lanes = [baselineSet, newSet].map {
            EngineLane(ruleSet: $0, decoders: decoders, start: start, until: request.until)
        }
        var batcher = FeedBatcher(merge: merge, vocabulary: vocabulary, until: request.until)
        let results = try drive(lanes, &batcher)
        if results.contains(where: { $0.isFull }) {
            throw .feed(
                FeedError(
                    path: request.feeds[0],
                    "more than \(LifeCollector.livesMax) alarms of one rule set: end it earlier"
                        + " with --until"))
        }
        var report = report(request, results[0], results[1], golden, baselineSet, newSet)
        var summary = ReplaySummary()
        summary.warnings = diagnostics.rendered
        if let last = batcher.last {
            summary.fill(from: results[1].counts, merge, first: start, last: last)
        }
        report.warnings = summary.text
        if request.needsPlots { try addPlots(to: &report, request, newSet, baselineSet) }
        return report
    }

    // MARK: First pass

    private static func drive(
        _ lanes: [EngineLane], _ batcher: inout FeedBatcher
    ) throws(ReplayError) -> [EngineLane.Result] {
        var started: [EngineLane] = []
        var failure: ReplayError?
        do throws(OutputError) {
            for lane in lanes {
                try lane.run()
                started.append(lane)
            }
        } catch {
            failure = .output(error)
        }
        if failure == nil {
            do throws(FeedError) {
                while let batch = try batcher.next() {
                    for lane in started { lane.queue.append(batch) }
                }
            } catch {
                failure = .feed(error)
            }
        }
        for lane in started { lane.queue.close() }
        let results = started.map { $0.join() }
        if let failure { throw failure }
        return results
    }

    private static func load(
        _ request: BacktestRequest, isBaseline: Bool, _ start: Timestamp,
        _ diagnostics: DiagnosticList
    ) -> RuleSet? {
        let inventory =
            isBaseline ? request.baselineInventory ?? request.inventory : request.inventory
        // The feed's own day decides what is disabled: a report must not depend on today.
        return RulesRequest(
            paths: isBaseline ? request.baseline : request.new, inventory: inventory,
            site: request.site, options: request.options, time: start
        ).load(reporting: diagnostics)
    }

    private static func incidents(
        of request: BacktestRequest
    ) throws(ReplayError) -> [GoldenIncident]? {
        guard let path = request.golden else { return nil }
        let diagnostics = DiagnosticList()
        guard let incidents = GoldenIncidents.read(path: path, reporting: diagnostics) else {
            throw .rules(diagnostics.rendered)
        }
        return incidents
    }

    private static func open(
        _ feeds: [String], _ vocabulary: FeedVocabulary
    ) throws(ReplayError) -> FeedMerge {
        do throws(FeedError) {
            return try FeedMerge(paths: feeds, vocabulary: vocabulary)
        } catch {
            throw .feed(error)
        }
    }

    private static func report(
        _ request: BacktestRequest, _ baseline: EngineLane.Result, _ new: EngineLane.Result,
        _ golden: [GoldenIncident]?, _ baselineSet: RuleSet, _ newSet: RuleSet
    ) -> BacktestReport {
        let pairing = AlarmPairing.pair(
            baseline: baseline.history, new: new.history, tolerance: request.tolerance,
            baselineNames: names(of: baselineSet), newNames: names(of: newSet))
        let baselineFigures = AlarmFigures(baseline.history)
        let newFigures = AlarmFigures(new.history)
        var report = BacktestReport(
            newRules: request.new, baselineRules: request.baseline, feeds: request.feeds,
            tolerance: request.tolerance, utcOffsetMinutes: request.site.utcOffsetMinutes,
            samples: new.counts.samples, baseline: baseline.history, new: new.history,
            baselineFigures: baselineFigures, newFigures: newFigures,
            lines: FigureTargets.lines(baseline: baselineFigures, new: newFigures),
            differences: pairing.differences,
            golden: golden?.map {
                GoldenResult($0, baseline: baseline.history, new: new.history)
            })
        if request.needsPlots {
            report.plots = PlotPlan(
                baseline: baseline.history, new: new.history, pairing: pairing
            ).plots()
        }
        return report
    }

    private static func names(of ruleSet: RuleSet) -> Set<String> {
        Set(ruleSet.packs.flatMap { $0.rules.map(\.name) })
    }

    // MARK: Second pass

    private static func addPlots(
        to report: inout BacktestReport, _ request: BacktestRequest, _ newSet: RuleSet,
        _ baselineSet: RuleSet
    ) throws(ReplayError) {
        let changes = report.differences.count { $0.isChange }
        if changes > report.plots.count {
            report.plotNote =
                "\(changes - report.plots.count) more changes have no plot: at most "
                + "\(BacktestPlot.plotsMax) are drawn, \(BacktestPlot.plotsPerAlarm) of one alarm."
        }
        guard !request.feeds.contains("-") else {
            report.plots = []
            report.plotNote = "No plots: standard input cannot be read a second time."
            return
        }
        // A group has no signal of its own, even where a stream has its name.
        let windows = report.plots.map { plot -> SignalTap.Window? in
            let subject = report.subject(of: report.differences[plot.difference])
            guard let binding = subject.binding, !subject.isGroup else { return nil }
            return SignalTap.Window(
                stream: subject.place, isTest: subject.mode == .test, binding: binding,
                trace: SignalTrace(from: plot.from, to: plot.to))
        }
        for position in report.plots.indices {
            let subject = report.subject(of: report.differences[report.plots[position].difference])
            report.plots[position].limits =
                PlotLimits.of(subject, in: baselineSet, isNew: false)
                + PlotLimits.of(subject, in: newSet, isNew: true)
        }
        let tap = SignalTap(windows.compactMap { $0 })
        guard !tap.windows.isEmpty else { return }
        try read(request, newSet, tap)
        var next = 0
        for (position, window) in windows.enumerated() where window != nil {
            report.plots[position].points = tap.windows[next].trace.points
            report.plots[position].step = tap.windows[next].trace.step
            next += 1
        }
    }

    private static func read(
        _ request: BacktestRequest, _ ruleSet: RuleSet, _ tap: SignalTap
    ) throws(ReplayError) {
        let vocabulary = FeedVocabulary()
        let merge = try open(request.feeds, vocabulary)
        var engine = OfflineEngine(
            ruleSet: ruleSet, decoders: request.decoders,
            start: merge.nextArrival ?? Timestamp(milliseconds: 0), vocabulary: vocabulary,
            tap: tap)
        var isDecoding = !request.decoders.isEmpty
        var isWanted = ContiguousArray<Bool>()
        while let arrival = merge.nextArrival, arrival <= tap.to {
            let item: FeedItem?
            do throws(FeedError) { item = try merge.next() } catch { throw .feed(error) }
            guard let item else { break }
            switch item.content {
            case .row(let row):
                while isWanted.count <= Int(row.stream) {
                    isWanted.append(tap.wants(vocabulary.streams[UInt32(isWanted.count)]))
                }
                guard isWanted[Int(row.stream)], arrival >= tap.from else { continue }
            case .frame(let frame):
                if !isDecoding {
                    engine.use(DecodeGuess.decoders(for: frame))
                    isDecoding = true
                }
            }
            engine.accept(item)
        }
    }
}
