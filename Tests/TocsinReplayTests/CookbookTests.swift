import Foundation
import Testing
import TocsinEngine
import TocsinReplay
import TocsinRules

/// One recipe of the cookbook in docs/RULES.md: packs, a scenario, and a table where it needs one.
private struct Recipe {
    var title: String
    var packs: [String]
    var scenario: String?
    var inventory: String?

    /// The recipes of the document, in order.
    static func all() throws -> [Recipe] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOfFile: root.path + "/docs/RULES.md", encoding: .utf8)
        guard let book = text.components(separatedBy: "\n## Cookbook\n").last else { return [] }
        return book.components(separatedBy: "\n**").dropFirst().map { part in
            Recipe(
                title: part.components(separatedBy: "**")[0], packs: blocks("yaml", part),
                scenario: blocks("scenario", part).first, inventory: blocks("csv", part).first)
        }
    }

    private static func blocks(_ language: String, _ text: String) -> [String] {
        text.components(separatedBy: "```\(language)\n").dropFirst().compactMap { part in
            part.components(separatedBy: "\n```").first.map { $0 + "\n" }
        }
    }

    /// Writes the recipe's files; the path of its scenario.
    func write(to folder: TestFolder) throws -> String? {
        guard let scenario else { return nil }
        try folder.write("pack.yaml", packs.joined(separator: "---\n"))
        var head = "rules: [pack.yaml]\n"
        if let inventory {
            try folder.write("streams.csv", inventory)
            head += "inventory: streams.csv\n"
        }
        return try folder.write("scenario.yaml", scenario + head)
    }
}

@Suite("The cookbook")
struct CookbookTests {
    @Test("At least twenty recipes are run: each raises every alarm that its packs have")
    func recipes() throws {
        let recipes = try Recipe.all()
        #expect(recipes.count >= 20)
        for recipe in recipes {
            let folder = try TestFolder()
            guard let path = try recipe.write(to: folder) else {
                Issue.record("\(recipe.title): no scenario")
                continue
            }
            try run(recipe.title, path)
        }
    }

    private func run(_ title: String, _ path: String) throws {
        let diagnostics = DiagnosticList()
        guard let scenario = ScenarioReader.read(path: path, reporting: diagnostics),
            let rules = ScenarioRun.rules(of: scenario, reporting: diagnostics)
        else {
            Issue.record("\(title): \(diagnostics.rendered)")
            return
        }
        #expect(diagnostics.rendered == "", "\(title)")
        let outcome = try ScenarioRun.run(scenario, ruleSet: rules)
        for failure in outcome.failures {
            Issue.record("\(title): \(failure.place): \(failure.text)")
        }
        let wanted = rules.packs.flatMap(\.rules).filter { $0.trigger == .condition }.map(\.name)
        let missed = wanted.filter { !outcome.raisedRules.contains($0) }
        #expect(missed == [], "\(title): never raised")
    }
}
