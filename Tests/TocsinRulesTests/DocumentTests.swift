import Foundation
import Testing
import TocsinEngine
import TocsinModel
import TocsinRules

/// What docs/RULES.md shows is true: its examples are checked, its grammar is the parser's.
@Suite("The rule language's document")
struct DocumentTests {
    private static func text() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOfFile: root.path + "/docs/RULES.md", encoding: .utf8)
    }

    private static func blocks(_ language: String) throws -> [String] {
        try text().components(separatedBy: "```\(language)\n").dropFirst().compactMap { part in
            part.components(separatedBy: "\n```").first.map { $0 + "\n" }
        }
    }

    @Test("Every example pack is clean")
    func examples() throws {
        let packs = try DocumentTests.blocks("yaml").filter { !$0.hasPrefix("# not a pack") }
        #expect(packs.count >= 10)
        for (number, text) in packs.enumerated() {
            let diagnostics = DiagnosticList()
            let file = RuleBundle.File(
                role: .rules, name: "example.yaml", path: "example-\(number + 1).yaml",
                bytes: Array(text.utf8))
            let day = CalendarDay(
                Timestamp(milliseconds: 1_767_600_000_000), utcOffsetMinutes: 0)
            let loaded = RuleSetLoader.load(
                RuleBundle(files: [file], day: day), site: Site(id: "document"),
                reporting: diagnostics)
            #expect(diagnostics.rendered == "", "\(text)")
            #expect(loaded != nil)
        }
    }

    @Test("Every function has its line in a table")
    func functions() throws {
        let rows = try DocumentTests.text().split(separator: "\n").filter { $0.hasPrefix("| `") }
        for function in ExpressionFunction.allCases {
            let isThere = rows.contains { row in
                // Several functions may share a line: its first cell names each.
                row.dropFirst().prefix { $0 != "|" }.contains("`\(function.rawValue)(")
            }
            #expect(isThere, "\(function.rawValue)")
        }
    }

    @Test("The grammar is the one the parser states")
    func grammar() throws {
        let grammar = expressionGrammarEBNF.trimmingCharacters(in: .newlines)
        #expect(try DocumentTests.text().contains(grammar))
    }
}
