import TocsinEngine
import TocsinModel
import TocsinRules

@testable import TocsinReplay

/// Runs scenarios from text, with the packs of `Packs` beside them.
struct ScenarioProbe {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try folder.write("rules.yaml", Packs.all)
    }

    /// Reads a scenario; `body` is everything behind its head.
    func read(
        _ body: String, seed: Int = 7, duration: String = "5m"
    ) throws -> (Scenario?, [String]) {
        let text = """
            scenario: probe
            seed: \(seed)
            duration: \(duration)
            rules: [rules.yaml]
            \(body)
            """
        let path = try folder.write("s.yaml", text)
        let diagnostics = DiagnosticList()
        let scenario = ScenarioReader.read(path: path, reporting: diagnostics)
        if let scenario { _ = ScenarioRun.rules(of: scenario, reporting: diagnostics) }
        let findings = diagnostics.sorted.map { found in
            "\(found.line - 4):\(found.column) \(found.severity.rawValue): \(found.message)"
        }
        return (scenario, findings)
    }

    struct Refused: Error {
        var findings: [String]
    }

    func run(
        _ body: String, seed: Int = 7, duration: String = "5m"
    ) throws -> ScenarioOutcome {
        let (scenario, findings) = try read(body, seed: seed, duration: duration)
        guard let scenario, !findings.contains(where: { $0.contains(" error: ") }) else {
            throw Refused(findings: findings)
        }
        let diagnostics = DiagnosticList()
        guard let ruleSet = ScenarioRun.rules(of: scenario, reporting: diagnostics) else {
            throw Refused(findings: [diagnostics.rendered])
        }
        return try ScenarioRun.run(scenario, ruleSet: ruleSet)
    }

    /// The failures of a scenario, first lines only.
    func failures(_ body: String, duration: String = "5m") throws -> [String] {
        try run(body, duration: duration).failures.map { failure in
            failure.text.split(separator: "\n").first.map(String.init) ?? ""
        }
    }

    /// `second value` of each sample that the player gives a stream.
    func samples(_ body: String, seed: Int = 7, duration: String = "20s") throws -> [PlayedItem] {
        let (scenario, findings) = try read(body, seed: seed, duration: duration)
        guard let scenario else { throw Refused(findings: findings) }
        var player = try ScenarioPlayer(scenario)
        var items: [PlayedItem] = []
        while let item = try player.next() { items.append(item) }
        return items
    }
}
