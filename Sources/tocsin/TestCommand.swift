import ArgumentParser
import Foundation
import TocsinEngine
import TocsinModel
import TocsinReplay
import TocsinRules

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs scenarios offline at full speed on the daemon's own engine.",
        discussion: """
            PATH is a scenario or a folder with scenarios below. Without PATH it runs the \
            scenarios among the configuration's `rules`, and those of folders `scenarios` beside \
            these and beside the configuration. --coverage 100 fails unless each rule was raised; \
            with CLASS=, rules of that class only. Ends with `N passed, N failed`, and with 1 when one failed. With --received it holds \
            what a webhook receiver got of a scenario played live (`simulate --start T`) against \
            the same scenario offline: the event ids must agree.
            """)

    @OptionGroup var options: ConfigurationOption
    @Argument(help: "Scenarios and folders; default: those of the configuration.") var paths:
        [String] = []
    @Option(name: .long, help: "Writes a JUnit report.") var junit: String?
    @Option(name: .long, help: "A folder for each scenario's events.") var events: String?
    @Option(
        name: .long, parsing: .singleValue,
        help: "Fails where fewer rules of a class were raised: PERCENT or CLASS=PERCENT.")
    var coverage: [CoverageTarget] = []
    @Flag(name: .long, help: "Names the rules that no scenario raised.") var uncovered = false
    @Option(name: .long, help: "Events a receiver got, one JSON object a line.")
    var received: String?
    @Option(name: .long, help: "With --received: the live run's first moment.")
    var start: String?
    @Option(name: .long, help: "With --received: the live daemon's site.id.")
    var site: String?

    func run() throws {
        if let received { return try compare(paths, received) }
        var request = TestRequest(
            paths: paths, junit: junit, events: events, listsCoverage: uncovered,
            coverage: coverage)
        if paths.isEmpty { try configure(&request) }
        do {
            let report = try TestRun.run(request, write: { Output.text($0) })
            if report.exitCode != 0 { throw ExitCode(report.exitCode) }
        } catch let error as OutputError {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }

    /// The scenario files below the folders of `rules`, and below folders `scenarios` beside these
    /// and beside the file; the rules in force count, whether a scenario loads them or not.
    private func configure(_ request: inout TestRequest) throws {
        let (configuration, findings) = ConfigurationReader.read(
            path: options.config, environment: Environment.all)
        guard let configuration else {
            for finding in findings { Output.error(finding.rendered) }
            throw ExitCode(1)
        }
        let beside = ([options.config] + configuration.rules).map { path in
            URL(fileURLWithPath: path).deletingLastPathComponent()
                .appendingPathComponent("scenarios").relativePath
        }
        let folders = (configuration.rules + beside).filter(RuleFiles.isFolder)
        let diagnostics = DiagnosticList()
        var seen: Set<String> = []
        request.paths = TestRun.scenarios(in: folders, reporting: diagnostics)
            .filter { seen.insert($0).inserted }
        guard !diagnostics.hasErrors, !request.paths.isEmpty else {
            if diagnostics.hasErrors { Output.error(diagnostics.rendered) }
            let places = (configuration.rules + Set(beside).sorted()).joined(separator: ", ")
            Output.error("no scenario in \(places); name one: tocsin test PATH")
            throw ExitCode(1)
        }
        let rules = RulesRequest(
            paths: configuration.rules, inventory: configuration.inventory,
            site: Site(configuration.site),
            time: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
        guard let ruleSet = rules.load(reporting: diagnostics) else {
            Output.error(diagnostics.rendered)
            throw ExitCode(1)
        }
        request.ruleSets = [ruleSet]
    }

    private func compare(_ paths: [String], _ received: String) throws {
        guard paths.count == 1, let time = try TimeArgument.milliseconds(start, name: "--start")
        else { throw ValidationError("--received needs one scenario and --start") }
        let diagnostics = DiagnosticList()
        guard var scenario = ScenarioReader.read(path: paths[0], reporting: diagnostics) else {
            Output.error(diagnostics.rendered)
            throw ExitCode(1)
        }
        scenario.start = Timestamp(milliseconds: time)
        if let site { scenario.site = site }
        guard let ruleSet = ScenarioRun.rules(of: scenario, reporting: diagnostics) else {
            Output.error(diagnostics.rendered)
            throw ExitCode(1)
        }
        let outcome: ScenarioOutcome
        do throws(FeedError) {
            outcome = try ScenarioRun.run(scenario, ruleSet: ruleSet)
        } catch {
            Output.error("\(error)")
            throw ExitCode(1)
        }
        for failure in outcome.failures { Output.line(failure.place + ": " + failure.text) }
        let check = ReceivedCheck(offline: outcome, arrived: try TestCommand.arrived(received))
        for text in check.missing { Output.line("did not arrive: " + text) }
        for text in check.unexpected { Output.line("unexpected: " + text) }
        let right = check.expected - check.missing.count
        let wrong = check.missing.count + check.unexpected.count + outcome.failures.count
        Output.line("\(right) passed, \(wrong) failed")
        if !check.isPassed || !outcome.isPassed { throw ExitCode(1) }
    }

    private static func arrived(_ path: String) throws -> [ReceivedCheck.Arrived] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            Output.error("\(path): \(error.localizedDescription)")
            throw ExitCode(1)
        }
        return text.split(separator: "\n").compactMap { line in
            guard let entry = LogEntry(Array(line.utf8)), let id = entry.text("id"),
                let kind = entry.text("event").flatMap({ EventKind(word: $0) }),
                let rule = entry.text("rule"), let time = entry.integer("ts_ms")
            else { return nil }
            return ReceivedCheck.Arrived(
                id: id, kind: kind, rule: rule, stream: entry.text("stream") ?? "-",
                time: Timestamp(milliseconds: time))
        }
    }
}

extension CoverageTarget: ExpressibleByArgument {
    public init?(argument: String) { self.init(parsing: argument) }
}
