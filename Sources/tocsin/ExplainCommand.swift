import ArgumentParser
import Foundation
import TocsinDaemon
import TocsinEngine
import TocsinModel
import TocsinReplay
import TocsinRules

/// What `explain` and `why-not` replay.
struct ReplayedInputs: ParsableArguments {
    @Option(name: .long, parsing: .upToNextOption, help: "Feeds: CSV or JSON lines, also gzip.")
    var feed: [String] = []
    @Option(name: .long, help: "A scenario instead of a feed, with its own rules and commands.")
    var scenario: String?
    @Option(name: .long, parsing: .upToNextOption, help: "Rules: files or folders.")
    var rules: [String] = []
    @Option(name: .long, help: "The inventory.") var inventory: String?
    @Option(name: .long, help: "site.id, a part of every event's id.") var site: String?
    @Option(
        name: .long,
        help: "Takes site, limits and decode entries from here, and rules where none are given.")
    var config: String?

    var isGiven: Bool { !feed.isEmpty || scenario != nil }

    func request() throws -> ExplainRequest {
        guard feed.isEmpty || scenario == nil else {
            throw ValidationError("give --feed or --scenario, not both")
        }
        guard isGiven else { throw ValidationError("name a --feed or a --scenario") }
        let inputs: ExplainRequest.Inputs = scenario.map { .scenario($0) } ?? .feeds(feed)
        var request = ExplainRequest(inputs: inputs, rules: rules, inventory: inventory)
        if let config { try adopt(config, &request) }
        if let site {
            request.site = request.site ?? Site(id: site)
            request.site?.id = site
        }
        if scenario == nil, request.rules.isEmpty {
            throw ValidationError("a feed needs --rules, or --config with rules")
        }
        return request
    }

    private func adopt(_ path: String, _ request: inout ExplainRequest) throws {
        do throws(DaemonError) {
            let loaded = try LoadedConfiguration.read(path: path, environment: Environment.all)
            request.site = loaded.ruleSet.site
            request.options = loaded.ruleSet.options
            request.decoders = loaded.decoders
            if scenario == nil, rules.isEmpty {
                request.rules = loaded.configuration.rules
                request.inventory = inventory ?? loaded.configuration.inventory
            }
        } catch {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }

    /// Turns errors of explanations into a message and exit code 1.
    static func failing<Result>(_ body: () throws(ExplainError) -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Shows why an event was said.",
        discussion: """
            With --feed and --rules, or --scenario, the inputs are replayed up to the event: every \
            part of the rule's condition with its value, delays, samples, the rule as it is \
            written. Ids are the same live and offline for the same site.id. Without inputs the \
            event is looked up in the alert log, and its rule in the stored rule sets.
            """)

    @Argument(help: "The event's id, 32 hex digits.") var event: String
    @OptionGroup var inputs: ReplayedInputs
    @Option(name: .long, help: "The alert log's path; default: alert_log.path.") var log: String?
    @Option(name: .long, help: "The daemon's API, where it runs elsewhere: http://HOST:PORT")
    var api: String?
    @Option(name: .long, help: "A file with the token for --api.") var tokenFile: String?
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        guard let id = Identifier(hex: event) else {
            throw ValidationError("an event's id has 32 hex digits")
        }
        guard inputs.isGiven else { return try explainFromLog(id) }
        let request = try inputs.request()
        let found = try ReplayedInputs.failing { () throws(ExplainError) in
            try Explain.event(id, in: request)
        }
        if json { Output.line(found.json) } else { Output.text(found.text) }
    }

    private func explainFromLog(_ id: Identifier) throws {
        let path = inputs.config ?? ConfigurationOption.standard
        let (configuration, findings) = ConfigurationReader.read(
            path: path, environment: Environment.all)
        guard let log = log ?? configuration?.alertLog.path else {
            for finding in findings { Output.error(finding.rendered) }
            throw ExitCode(1)
        }
        let request = LogRequest(
            log: log, rulesets: configuration.map { $0.state + "/rulesets" },
            site: configuration.map { Site($0.site) } ?? Site(id: ""))
        var found = try ReplayedInputs.failing { () throws(ExplainError) in
            try LogExplanation.find(id, in: request)
        }
        if let stream = found.event.text("stream"), let time = found.event.time {
            let client = SamplesClient(
                state: configuration?.state, api: api, tokenFile: tokenFile)
            found.samples = client.samples(of: stream, upTo: time)
        }
        if json { Output.line(found.json) } else { Output.text(found.text) }
    }
}

struct WhyNotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why-not", abstract: "Says what kept a rule from raising.",
        discussion: """
            Replays the inputs up to the time and tells it in one sentence, then the condition's \
            parts with their values, and how near the leading comparison came to its limit within \
            ten minutes of the time.
            """)

    @Argument(help: "The rule, PACK/NAME or NAME.") var rule: String
    @Option(name: .long, help: "The stream's name, whole.") var stream: String
    @Option(name: .long, help: "When: RFC 3339 or ts_ms.") var at: String
    @OptionGroup var inputs: ReplayedInputs
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        guard let time = try TimeArgument.milliseconds(at, name: "--at") else {
            throw ValidationError("--at needs a time")
        }
        let request = try inputs.request()
        let found = try ReplayedInputs.failing { () throws(ExplainError) in
            try WhyNot.explain(
                rule: rule, stream: stream, at: Timestamp(milliseconds: time), in: request)
        }
        if json { Output.line(found.json) } else { Output.text(found.text) }
    }
}

/// Asks a running daemon for the samples that it still has of a stream.
struct SamplesClient {
    /// The state folder, where the daemon's socket is.
    var state: String?
    var api: String?
    var tokenFile: String?

    /// The newest at or before `time`; nil where no daemon answers or none is that old.
    func samples(of stream: String, upTo time: Timestamp) -> [ExplainedSample]? {
        guard
            let name = stream.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        else { return nil }
        do {
            guard let answer = try ask("/api/v1/streams/\(name)/samples?limit=1000") else {
                return nil
            }
            let object = try JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any]
            let all = (object?["samples"] as? [[String: Any]] ?? []).compactMap(sample)
            let kept = all.filter { $0.time <= time }.suffix(RuleExplanation.samplesMax)
            return kept.isEmpty ? nil : Array(kept)
        } catch {
            // The explanation says that it has no samples; LocalClient has said why.
            return nil
        }
    }

    private func ask(_ path: String) throws -> [UInt8]? {
        let client = LocalClient()
        let answer: (Int, [UInt8])
        if let api {
            let token = try tokenFile.map {
                try String(contentsOfFile: $0, encoding: .utf8)
                    .trimmingCharacters(in: .whitespacesAndNewlines)
            }
            answer = try client.send("GET", api + path, socket: nil, token: token, body: nil)
        } else {
            let places = [state.map { $0 + "/tocsin.sock" }, "/run/tocsin/tocsin.sock"]
            let found = places.compactMap { $0 }.first(where: FileManager.default.fileExists)
            guard let found else { return nil }
            answer = try client.send(
                "GET", "http://localhost" + path, socket: found, token: nil, body: nil)
        }
        return answer.0 == 200 ? answer.1 : nil
    }

    private func sample(_ object: [String: Any]) -> ExplainedSample? {
        guard let time = (object["ts_ms"] as? NSNumber)?.int64Value,
            let quality = Quality.allCases.first(where: { $0.word == object["quality"] as? String })
        else { return nil }
        let marks = (object["marks"] as? String ?? "").split(separator: " ").map(String.init)
        return ExplainedSample(
            time: Timestamp(milliseconds: time),
            value: (object["value"] as? NSNumber)?.doubleValue, word: object["value"] as? String,
            quality: quality, marks: marks)
    }
}
