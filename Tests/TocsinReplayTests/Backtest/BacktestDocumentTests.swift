import Foundation
import Testing

@testable import TocsinReplay

/// The example of docs/BACKTEST.md is what the command prints; a line `…` stands for any lines.
@Suite("docs/BACKTEST.md")
struct BacktestDocumentTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The blocks of a kind in the document, in order.
    private static func blocks(_ kind: String) throws -> [String] {
        let text = try String(contentsOfFile: root + "/docs/BACKTEST.md", encoding: .utf8)
        return text.components(separatedBy: "\n```\(kind)\n").dropFirst().map { block in
            block.components(separatedBy: "\n```")[0]
        }
    }

    /// The values behind an option on the command line.
    private static func values(_ option: String, in words: [String]) -> [String] {
        guard let start = words.firstIndex(of: option) else { return [] }
        return Array(words[(start + 1)...].prefix { !$0.hasPrefix("--") })
    }

    @Test("The example is what the command prints")
    func example() throws {
        let folder = try TestFolder()
        let yaml = try BacktestDocumentTests.blocks("yaml")
        let lines = try #require(try BacktestDocumentTests.blocks("console").first)
            .components(separatedBy: "\n")
        let words = lines[0].components(separatedBy: " ")
        #expect(words.prefix(3) == ["$", "tocsin", "backtest"])
        let own = ["site.yaml": yaml[0], "golden.yaml": yaml[1]]
        func paths(_ option: String) throws -> [String] {
            try BacktestDocumentTests.values(option, in: words).map { name in
                guard let text = own[name] else { return BacktestDocumentTests.root + "/" + name }
                return try folder.write(name, text + "\n")
            }
        }
        var request = BacktestRequest(
            new: try paths("--rules"), baseline: try paths("--baseline"),
            feeds: try paths("--feed"))
        request.golden = try paths("--golden").first
        #expect(request.golden != nil)
        let printed = BacktestText.text(of: try BacktestRun.run(request))
            .replacingOccurrences(of: BacktestDocumentTests.root + "/", with: "")
            .replacingOccurrences(of: folder.path + "/", with: "")
        let found = printed.components(separatedBy: "\n")
        var position = 0
        for line in lines.dropFirst() where line != "…" {
            let next = found[position...].firstIndex(of: line)
            position = try #require(next, "\(line)\nis not there in\n\(printed)") + 1
        }
        #expect(lines.count > 20)
    }
}
