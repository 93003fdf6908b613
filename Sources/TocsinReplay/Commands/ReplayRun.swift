package import TocsinEngine
package import TocsinIngest
package import TocsinModel
import TocsinRules

/// What `tocsin replay` is asked.
package struct ReplayRequest: Sendable {
    package var rules: [String]
    package var feeds: [String]
    package var inventory: String?
    /// The end of the run; nil = the last sample.
    package var until: Timestamp?
    package var site: Site
    package var options: EngineOptions
    /// How frames are decoded; empty = guessed from the first frame (`DecodeGuess`).
    package var decoders: [TopicDecoder]

    /// `site.id` is part of every event's id.
    package init(
        rules: [String], feeds: [String], inventory: String? = nil, until: Timestamp? = nil,
        site: Site = Site(id: "replay"), options: EngineOptions = EngineOptions(),
        decoders: [TopicDecoder] = []
    ) {
        self.rules = rules
        self.feeds = feeds
        self.inventory = inventory
        self.until = until
        self.site = site
        self.options = options
        self.decoders = decoders
    }
}

/// Why a replay came to no end.
package enum ReplayError: Error, CustomStringConvertible {
    case feed(FeedError)
    /// Rendered findings, each with its place.
    case rules(String)
    case output(OutputError)
    case noFeeds

    package var description: String {
        switch self {
        case .feed(let error): error.description + "\n"
        case .rules(let text): text
        case .output(let error): error.description + "\n"
        case .noFeeds: "nothing to replay: name at least one feed\n"
        }
    }
}

/// The core of `tocsin replay`: feeds → decode → rings → rules → events as JSON lines. The same
/// input gives the same bytes, on every machine and every day.
package enum ReplayRun {
    /// Runs to the end and returns the summary; warnings of the rules are part of it.
    package static func run(
        _ request: ReplayRequest, events output: TextOutput
    ) throws(ReplayError) -> ReplaySummary {
        var sequence = 0
        return try run(request) { event throws(ReplayError) in
            sequence += 1
            do throws(OutputError) {
                try output.writeLine(EventLine.replayLine(of: event, seq: sequence))
            } catch {
                throw .output(error)
            }
        } finish: { () throws(ReplayError) in
            do throws(OutputError) { try output.flush() } catch { throw .output(error) }
        }
    }

    /// The same, with each event given to `receive` in order.
    package static func run(
        _ request: ReplayRequest, receive: (Event) throws(ReplayError) -> Void,
        finish: () throws(ReplayError) -> Void = {}
    ) throws(ReplayError) -> ReplaySummary {
        guard !request.feeds.isEmpty else { throw .noFeeds }
        let vocabulary = FeedVocabulary()
        let merge = try open(request.feeds, vocabulary)
        let diagnostics = DiagnosticList()
        let start = merge.nextArrival ?? Timestamp(milliseconds: 0)
        // The feed's own day decides what is disabled: a replay must not depend on today.
        let rules = RulesRequest(
            paths: request.rules, inventory: request.inventory, site: request.site,
            options: request.options, time: start)
        guard let ruleSet = rules.load(reporting: diagnostics) else {
            throw .rules(diagnostics.rendered)
        }
        var summary = ReplaySummary()
        summary.warnings = diagnostics.rendered
        guard merge.nextArrival != nil else {
            try finish()
            return summary
        }
        var engine = OfflineEngine(
            ruleSet: ruleSet, decoders: request.decoders, start: start, vocabulary: vocabulary)
        var isDecoding = !request.decoders.isEmpty
        var last = start
        while let arrival = merge.nextArrival, request.until.map({ arrival <= $0 }) ?? true {
            guard let item = try next(of: merge) else { break }
            if !isDecoding, case .frame(let frame) = item.content {
                engine.use(DecodeGuess.decoders(for: frame))
                isDecoding = true
            }
            last = arrival
            engine.accept(item)
            if engine.hasEvents { for event in engine.takeEvents() { try receive(event) } }
        }
        engine.finish(at: request.until ?? last)
        for event in engine.takeEvents() { try receive(event) }
        try finish()
        summary.fill(from: engine.counts(), merge, first: start, last: last)
        return summary
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

    private static func next(of merge: FeedMerge) throws(ReplayError) -> FeedItem? {
        do throws(FeedError) { return try merge.next() } catch { throw .feed(error) }
    }
}
