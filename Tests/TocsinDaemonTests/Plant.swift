import Foundation
import Testing
import TocsinMQTT
import TocsinTestSupport

/// A site of a test: a folder with configuration and rules, and the real program running on it.
final class Plant {
    /// What a test wants other than the ordinary.
    struct Settings {
        /// Lines of the `broker` list.
        var brokers: [String] = []
        var webhooks: [String] = []
        var subscribe = "[\"+/hazchem/#\", \"t/#\", \"words/#\", \"other/#\"]"
        var limits = "{}"
        /// Further members of `http`.
        var http = ""
        var decode = "\"+/hazchem/#\", \"t/#\", \"words/#\""
        /// The text of the pack file.
        var rules = PlantRules.standard
        var rulePaths = ["rules"]
        /// Lines of the inventory; none = no inventory.
        var inventory: [String] = []
    }

    static let secret = Array("0123456789abcdef0123456789abcdef".utf8)

    let directory: TemporaryDirectory
    let port: UInt16
    var settings: Settings
    private(set) var child: ChildProcess?
    private let program: String

    /// Everything is written, nothing is started.
    init(_ settings: Settings = Settings()) throws {
        program = try ProgramPlace.find()
        directory = try TemporaryDirectory()
        port = try freePort()
        self.settings = settings
        let secret = "whsec_" + Data(Plant.secret).base64EncodedString()
        try directory.write("secret", secret + "\n")
        try FileManager.default.createDirectory(
            atPath: directory.file("rules"), withIntermediateDirectories: true)
        try writeRules(settings.rules)
        try writeConfiguration()
    }

    /// A site on one broker, with one receiver if a URL is given.
    convenience init(
        _ broker: MosquittoProcess, receiver: String? = nil,
        _ change: (inout Settings) -> Void = { _ in }
    ) throws {
        var settings = Settings()
        settings.brokers = ["{url: \"mqtt://127.0.0.1:\(broker.port)\", SUBSCRIBE}"]
        if let receiver {
            settings.webhooks = ["{name: duty-room, url: \"\(receiver)\", secret_file: secret}"]
        }
        change(&settings)
        try self.init(settings)
    }

    func writeRules(_ text: String) throws { try directory.write("rules/site.yaml", text) }

    /// Writes `tocsin.yaml` from the settings.
    func writeConfiguration() throws {
        let brokers = settings.brokers.map {
            "  - " + $0.replacing("SUBSCRIBE", with: "subscribe: \(settings.subscribe)")
        }
        let webhooks = settings.webhooks.map { "  - " + $0 }
        let isListed = !settings.inventory.isEmpty
        if isListed {
            let table = settings.inventory.joined(separator: "\n") + "\n"
            try directory.write("inventory.csv", table)
        }
        let text =
            ["site: {id: gateway-07, utc_offset: \"+08:00\"}", "broker:"] + brokers + [
                "decode:",
                "  - {topics: [\(settings.decode)], format: json, value_at: /v, time_at: /ts,"
                    + " unit_at: /u, quality_at: /q}",
                "rules: [\(settings.rulePaths.joined(separator: ", "))]",
                isListed ? "inventory: inventory.csv" : "", "state: state",
                "alert_log: {path: log/alerts.jsonl}",
            ] + (webhooks.isEmpty ? [] : ["webhooks:"] + webhooks) + [
                "http: {listen: \"127.0.0.1:\(port)\"\(settings.http)}",
                "limits: \(settings.limits)",
            ]
        try directory.write("tocsin.yaml", text.joined(separator: "\n") + "\n")
    }

    /// Starts the daemon and waits until the API answers, and with `untilReady` until the brokers
    /// have confirmed.
    func start(environment: [String] = [], untilReady: Bool = true) throws {
        let run = [program, "run", "--config", directory.file("tocsin.yaml")]
        // `env` becomes the program: the process keeps its number.
        let started = try ChildProcess(
            "/usr/bin/env", environment + run, outputPath: directory.file("stderr"))
        child = started
        let path = untilReady ? "/readyz" : "/healthz"
        let isUp = waitUntil(seconds: 20) {
            started.exitCode != nil || status(of: path) == 200
        }
        guard isUp, started.exitCode == nil else {
            throw TestSupportError("the daemon did not come up: \(standardError)")
        }
    }

    /// SIGTERM; the exit code.
    @discardableResult
    func stop() -> Int32 { child?.stop() ?? -1 }

    func kill() { child?.kill() }

    /// What the daemon said on standard error, over all its starts.
    var standardError: String {
        do {
            return try directory.read("stderr")
        } catch {
            return "nothing was said: \(error)"
        }
    }

    /// Runs a command of the program to its end, at most 30 s.
    func tocsin(_ arguments: String...) throws -> (code: Int32, output: String) {
        let name = "output-\(UUID().uuidString)"
        let child = try ChildProcess(program, arguments, outputPath: directory.file(name))
        guard waitUntil(seconds: 30, { child.exitCode != nil }) else {
            throw TestSupportError("tocsin \(arguments) did not end: \(try directory.read(name))")
        }
        return (child.exitCode ?? -1, try directory.read(name))
    }

    /// A command that takes `--config`.
    func operate(_ arguments: String...) throws -> (code: Int32, output: String) {
        let name = "output-\(UUID().uuidString)"
        let child = try ChildProcess(
            program, arguments + ["--config", directory.file("tocsin.yaml")],
            outputPath: directory.file(name))
        guard waitUntil(seconds: 40, { child.exitCode != nil }) else {
            throw TestSupportError("tocsin \(arguments) did not end: \(try directory.read(name))")
        }
        return (child.exitCode ?? -1, try directory.read(name))
    }
}

// MARK: what can be seen from outside

extension Plant {
    func status(of path: String) -> Int? { HTTPAnswer.get(path, port: port)?.status }

    func metrics() throws -> MetricsPage {
        guard let answer = HTTPAnswer.get("/metrics", port: port), answer.status == 200 else {
            throw TestSupportError("no metrics: \(standardError)")
        }
        return MetricsPage(answer.body)
    }

    /// The alert log's entries so far, oldest first; a line being written is left out.
    func log() throws -> [LoggedEvent] {
        let path = directory.file("log/alerts.jsonl")
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let text = try directory.read("log/alerts.jsonl")
        return try text[..<(text.lastIndex(of: "\n") ?? text.startIndex)]
            .split(separator: "\n").map { try LoggedEvent(String($0)) }
    }

    /// Entries of one kind, of a rule whose name ends so.
    func logged(
        _ event: String, rule: String? = nil, stream: String? = nil
    ) throws -> [LoggedEvent] {
        try log().filter { entry in
            entry.text("event") == event
                && rule.map { entry.text("rule")?.hasSuffix("/" + $0) ?? false } ?? true
                && stream.map { entry.text("stream") == $0 } ?? true
        }
    }

    /// Waits for such an entry, at most `seconds`; fails the test with the daemon's words if none.
    @discardableResult
    func awaitLogged(
        _ event: String, rule: String? = nil, stream: String? = nil, count: Int = 1,
        seconds: Double = 15, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> LoggedEvent {
        var found: [LoggedEvent] = []
        _ = try waitUntil(seconds: seconds) {
            found = try logged(event, rule: rule, stream: stream)
            return found.count >= count
        }
        let seen = try log().map(\.summary).joined(separator: "\n")
        return try #require(
            found.count >= count ? found.last : nil,
            "no \(event) \(rule ?? "") \(stream ?? ""); log:\n\(seen)\n\(standardError)",
            sourceLocation: sourceLocation)
    }

    /// The alarms that stand, as `tocsin alarms --json` prints them.
    func standingAlarms() throws -> [LoggedEvent] {
        let (code, output) = try operate("alarms", "list", "--json")
        guard code == 0 else { throw TestSupportError("tocsin alarms: \(output)") }
        return try LoggedEvent(output).list("alarms")
    }

    /// Waits until the rules have seen so many samples.
    func awaitEvaluated(
        _ count: Int, seconds: Double = 20, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var seen = 0
        _ = try waitUntil(seconds: seconds) {
            seen = Int(try metrics()["tocsin_samples_evaluated_total"])
            return seen >= count
        }
        #expect(seen == count, "evaluated samples", sourceLocation: sourceLocation)
    }
}
