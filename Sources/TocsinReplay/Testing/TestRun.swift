import Glibc
package import TocsinEngine
package import TocsinRules

/// What `tocsin test` is asked.
package struct TestRequest: Sendable {
    /// Scenario files, and folders with such files below.
    package var paths: [String]
    /// Where a JUnit report is written.
    package var junit: String?
    /// A folder for each scenario's events, as JSON lines.
    package var events: String?
    /// Names each rule that no scenario raised.
    package var listsCoverage: Bool
    /// The shares of rules that must be raised; empty = none must.
    package var coverage: [CoverageTarget]
    /// Rules that count beside those that the scenarios load.
    package var ruleSets: [RuleSet]

    package init(
        paths: [String], junit: String? = nil, events: String? = nil, listsCoverage: Bool = false,
        coverage: [CoverageTarget] = [], ruleSets: [RuleSet] = []
    ) {
        self.paths = paths
        self.junit = junit
        self.events = events
        self.listsCoverage = listsCoverage
        self.coverage = coverage
        self.ruleSets = ruleSets
    }
}

/// What `tocsin test` found.
package struct TestReport: Sendable {
    package enum Kind: String, Sendable {
        case scenario, coverage
    }

    package struct Case: Sendable {
        package var kind = Kind.scenario
        package var name: String
        package var path: String
        package var seconds: Double
        /// Empty = passed.
        package var failures: [ScenarioFailure]
    }

    package var cases: [Case] = []
    package var coverage = RuleCoverage()
    /// Full names, in order.
    package var rules: [String] { coverage.rules }
    package var neverRaised: [String] { coverage.neverRaised }

    package var passed: Int { cases.count { $0.failures.isEmpty } }
    package var failed: Int { cases.count - passed }
    /// 0 when everything passed; no scenario at all is a failure: a wrong path must not look green.
    package var exitCode: Int32 {
        failed == 0 && cases.contains { $0.kind == .scenario } ? 0 : 1
    }
    package var lastLine: String { "\(passed) passed, \(failed) failed" }
}

/// The core of `tocsin test`: finds scenarios and runs them offline, one after the other.
package enum TestRun {
    /// Runs all; `write` gets text for standard output as it comes.
    package static func run(
        _ request: TestRequest, write: (String) -> Void
    ) throws(OutputError) -> TestReport {
        var report = TestReport()
        for ruleSet in request.ruleSets { report.coverage.add(ruleSet) }
        let diagnostics = DiagnosticList()
        let paths = scenarios(in: request.paths, reporting: diagnostics)
        if !diagnostics.sorted.isEmpty { write(diagnostics.rendered) }
        for folder in request.paths where RuleFiles.isFolder(folder) {
            addRules(below: folder, to: &report.coverage, write: write)
        }
        if diagnostics.hasErrors {
            report.cases.append(
                TestReport.Case(
                    name: "paths", path: request.paths.first ?? "", seconds: 0,
                    failures: [ScenarioFailure(place: "", text: diagnostics.rendered)]))
        }
        for path in paths {
            let began = now()
            let (name, outcome, failures) = run(path)
            let seconds = now() - began
            report.cases.append(
                TestReport.Case(name: name, path: path, seconds: seconds, failures: failures))
            write(line(report.cases[report.cases.count - 1]))
            guard let outcome else { continue }
            report.coverage.add(outcome.ruleSet)
            report.coverage.addRaised(outcome.raisedRules)
            if let folder = request.events { try writeEvents(outcome, name: name, to: folder) }
        }
        write(coverage(report, isListed: request.listsCoverage))
        for result in report.coverage.cases(request.coverage) {
            report.cases.append(result)
            write(line(result))
        }
        if let path = request.junit { try JUnitReport.write(report, to: path) }
        write(report.lastLine + "\n")
        return report
    }

    private static func run(
        _ path: String
    ) -> (name: String, outcome: ScenarioOutcome?, failures: [ScenarioFailure]) {
        let diagnostics = DiagnosticList()
        func refused(_ name: String) -> (String, ScenarioOutcome?, [ScenarioFailure]) {
            (name, nil, [ScenarioFailure(place: path, text: diagnostics.rendered)])
        }
        guard let scenario = ScenarioReader.read(path: path, reporting: diagnostics) else {
            return refused(path)
        }
        guard let ruleSet = ScenarioRun.rules(of: scenario, reporting: diagnostics) else {
            return refused(scenario.name)
        }
        do throws(FeedError) {
            let outcome = try ScenarioRun.run(scenario, ruleSet: ruleSet)
            return (scenario.name, outcome, outcome.failures)
        } catch {
            return (
                scenario.name, nil, [ScenarioFailure(place: path, text: error.description)]
            )
        }
    }

    // MARK: Scenario files

    /// The scenario files of these paths: a file as it is; of a folder all files below with the top
    /// key `scenario`, in byte order.
    package static func scenarios(
        in paths: [String], reporting diagnostics: DiagnosticList
    ) -> [String] {
        paths.flatMap { path -> [String] in
            guard RuleFiles.isFolder(path) else { return [path] }
            return RuleFiles.find(path, reporting: diagnostics).map(\.path).filter(isScenario)
        }
    }

    /// Packs that lie beside the scenarios of a folder count, whether a scenario loads them or not.
    private static func addRules(
        below folder: String, to coverage: inout RuleCoverage, write: (String) -> Void
    ) {
        let diagnostics = DiagnosticList()
        let packs = RuleFiles.find(folder, reporting: diagnostics).map(\.path).filter {
            has($0, line: "pack:") && !isScenario($0)
        }
        guard !packs.isEmpty else { return }
        let request = RulesRequest(
            paths: packs, inventory: nil, site: Site(id: "test"), time: Scenario.defaultStart)
        if let ruleSet = request.load(reporting: diagnostics) {
            coverage.add(ruleSet)
        } else {
            write("the packs below \(folder) do not load by themselves: of these, only what a\n")
            write("scenario loads is counted below\n")
        }
    }

    private static func isScenario(_ path: String) -> Bool { has(path, line: "scenario:") }

    /// By its text, so that a file that is broken YAML is run, and fails, too.
    private static func has(_ path: String, line start: String) -> Bool {
        do throws(FileReadError) {
            let bytes = try FileBytes.read(path: path, limit: YAMLLimits().bytes)
            let lines = String(decoding: bytes, as: UTF8.self).split(
                omittingEmptySubsequences: true, whereSeparator: \.isNewline)
            return lines.contains { $0.hasPrefix(start) }
        } catch {
            // It cannot be told: running it says what is wrong.
            return true
        }
    }

    // MARK: Output

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func seconds(_ seconds: Double) -> String {
        let milliseconds = Int((seconds * 1000).rounded())
        let fraction = String(milliseconds % 1000)
        let zeros = String(repeating: "0", count: 3 - fraction.count)
        return "\(milliseconds / 1000).\(zeros)\(fraction)"
    }

    private static func line(_ result: TestReport.Case) -> String {
        let word = result.failures.isEmpty ? "pass" : "FAIL"
        let time = result.kind == .scenario ? "  (\(seconds(result.seconds)) s)" : ""
        var text = "\(word)  \(result.name)\(time)\n"
        for failure in result.failures {
            let place = failure.place.isEmpty ? "" : failure.place + ": "
            let lines = failure.text.split(separator: "\n")
            for (position, line) in lines.enumerated() {
                text += (position == 0 ? "  " + place : "      ") + line + "\n"
            }
        }
        return text
    }

    private static func coverage(_ report: TestReport, isListed: Bool) -> String {
        let (all, missed) = (report.rules.count, report.neverRaised)
        guard all > 0 else { return "" }
        var text = "rules raised by some scenario: \(all - missed.count) of \(all)\n"
        for entry in report.coverage.entries { text += "  \(entry.text)\n" }
        if isListed { for rule in missed { text += "  never raised: \(rule)\n" } }
        return text
    }

    private static func writeEvents(
        _ outcome: ScenarioOutcome, name: String, to folder: String
    ) throws(OutputError) {
        if mkdir(folder, 0o755) != 0 && errno != EEXIST {
            throw OutputError(path: folder, code: errno)
        }
        // A name is free text; a file's name is not.
        let plain = name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }
        let output = try TextOutput.file("\(folder)/\(String(plain)).jsonl")
        for (position, event) in outcome.events.enumerated() {
            try output.writeLine(EventLine.replayLine(of: event, seq: position + 1))
        }
        try output.flush()
    }
}
