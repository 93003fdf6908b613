package import TocsinEngine
package import TocsinIngest
import TocsinModel
import TocsinRules

/// What is replayed to explain something.
package struct ExplainRequest: Sendable {
    package enum Inputs: Sendable, Equatable {
        case feeds([String])
        case scenario(String)
    }

    package var inputs: Inputs
    /// Files and folders; empty with a scenario = its own.
    package var rules: [String]
    package var inventory: String?
    /// Part of every event's id; nil = the scenario's, or `replay`.
    package var site: Site?
    package var options: EngineOptions
    /// How frames are decoded; empty = guessed from the first frame.
    package var decoders: [TopicDecoder]

    package init(
        inputs: Inputs, rules: [String] = [], inventory: String? = nil, site: Site? = nil,
        options: EngineOptions = EngineOptions(), decoders: [TopicDecoder] = []
    ) {
        self.inputs = inputs
        self.rules = rules
        self.inventory = inventory
        self.site = site
        self.options = options
        self.decoders = decoders
    }
}

/// Why nothing can be explained; `description` is what the user reads.
package enum ExplainError: Error, CustomStringConvertible {
    case feed(FeedError)
    /// Rendered findings, each with its place.
    case rules(String)
    /// What was asked for is not there, and what is.
    case missing(String)

    package var description: String {
        switch self {
        case .feed(let error): error.description
        case .rules(let text): text
        case .missing(let text): text
        }
    }
}

/// Feeds or a scenario, driven input by input, so that a run can be stopped and looked at anywhere.
struct ExplainRun: ~Copyable {
    let ruleSet: RuleSet
    let loaded: LoadedRules
    var engine: OfflineEngine
    /// When a scenario is over; a feed ends with its last line.
    private let end: Timestamp?
    private let merge: FeedMerge?
    private var player: ScenarioPlayer?
    private var driver: ScenarioDriver?
    private var ahead: PlayedItem?
    private var isDecoding: Bool
    private(set) var last: Timestamp

    /// Loads rules and opens the inputs.
    init(_ request: ExplainRequest) throws(ExplainError) {
        switch request.inputs {
        case .feeds(let paths): try self.init(request, feeds: paths)
        case .scenario(let path): try self.init(request, scenario: path)
        }
    }

    private init(_ request: ExplainRequest, feeds: [String]) throws(ExplainError) {
        let vocabulary = FeedVocabulary()
        let merge: FeedMerge
        do throws(FeedError) {
            merge = try FeedMerge(paths: feeds, vocabulary: vocabulary)
        } catch {
            throw .feed(error)
        }
        guard let start = merge.nextArrival else { throw .missing("the feed has no lines") }
        let (ruleSet, loaded) = try ExplainRun.load(
            RulesRequest(
                paths: request.rules, inventory: request.inventory,
                site: request.site ?? Site(id: "replay"), options: request.options, time: start))
        self.ruleSet = ruleSet
        self.loaded = loaded
        self.merge = merge
        engine = OfflineEngine(
            ruleSet: ruleSet, decoders: request.decoders, start: start, vocabulary: vocabulary)
        isDecoding = !request.decoders.isEmpty
        end = nil
        last = start
    }

    private init(_ request: ExplainRequest, scenario path: String) throws(ExplainError) {
        let diagnostics = DiagnosticList()
        guard var scenario = ScenarioReader.read(path: path, reporting: diagnostics) else {
            throw .rules(diagnostics.rendered)
        }
        if let site = request.site { scenario.site = site.id }
        let rules = request.rules.isEmpty ? scenario.rules : request.rules
        let (ruleSet, loaded) = try ExplainRun.load(
            RulesRequest(
                paths: rules, inventory: request.inventory ?? scenario.inventory,
                site: request.site ?? Site(id: scenario.site), options: request.options,
                time: scenario.start))
        var opened: ScenarioPlayer
        let first: PlayedItem?
        do throws(FeedError) {
            opened = try ScenarioPlayer(scenario)
            first = try opened.next()
        } catch {
            throw .feed(error)
        }
        self.ruleSet = ruleSet
        self.loaded = loaded
        merge = nil
        engine = OfflineEngine(ruleSet: ruleSet, start: scenario.start)
        driver = ScenarioDriver(scenario, ruleSet)
        isDecoding = true
        end = scenario.start + scenario.duration
        last = scenario.start
        (player, ahead) = (opened, first)
    }

    private static func load(
        _ request: RulesRequest
    ) throws(ExplainError) -> (RuleSet, LoadedRules) {
        let diagnostics = DiagnosticList()
        guard let (ruleSet, loaded) = request.loadWithTexts(reporting: diagnostics) else {
            throw .rules(diagnostics.rendered)
        }
        return (ruleSet, loaded)
    }

    /// When the next input comes; nil at the end.
    var nextArrival: Timestamp? { merge.map(\.nextArrival) ?? ahead?.arrival }

    /// Gives the engine one input and returns the events it made.
    mutating func step() throws(ExplainError) -> [Event] {
        do throws(FeedError) {
            if let merge {
                if let item = try merge.next() { accept(item) }
            } else if let item = ahead {
                last = item.arrival
                _ = driver?.accept(item, on: &engine)
                ahead = try player?.next()
            }
        } catch {
            throw .feed(error)
        }
        return engine.takeEvents()
    }

    private mutating func accept(_ item: FeedItem) {
        if !isDecoding, case .frame(let frame) = item.content {
            engine.use(DecodeGuess.decoders(for: frame))
            isDecoding = true
        }
        last = item.arrival
        engine.accept(item)
    }

    /// Lets time pass up to `time`, or to the end of the run.
    mutating func finish(at time: Timestamp? = nil) -> [Event] {
        engine.finish(at: time ?? end ?? last)
        return engine.takeEvents()
    }
}
