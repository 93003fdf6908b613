import Foundation
import Testing
import TocsinEngine
import TocsinModel
import TocsinRules

/// Every code block of the contract is read by the code that outsiders meet. The contract stands
/// beside the checkout; TOCSIN_CONTRACT names it elsewhere. CI requires it.
@Suite("The contract's code blocks")
struct ContractTests {
    struct Block {
        var language: String
        var text: String
    }

    static let path: String = {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["TOCSIN_CONTRACT"] { return path }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return root.deletingLastPathComponent().path + "/shared/contract.md"
    }()

    static let isThere = FileManager.default.fileExists(atPath: path)
    static let isRequired = ProcessInfo.processInfo.environment["CI"] == "true"

    static func blocks() throws -> [Block] {
        var blocks: [Block] = []
        var open: Block?
        let lines = try String(contentsOfFile: path, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines {
            guard line.hasPrefix("```") else {
                open?.text += line + "\n"
                continue
            }
            if let block = open {
                blocks.append(block)
                open = nil
            } else {
                open = Block(language: String(line.dropFirst(3)), text: "")
            }
        }
        return blocks
    }

    @Test("In CI the contract must be there")
    func present() {
        #expect(ContractTests.isThere || !ContractTests.isRequired)
    }

    @Test("Every block parses as what it says it is", .enabled(if: ContractTests.isThere))
    func everyBlock() throws {
        let blocks = try ContractTests.blocks()
        #expect(blocks.count >= 4)
        for block in blocks {
            switch block.language {
            case "yaml": try readYAML(block.text)
            case "json": try readJSON(block.text)
            default: Issue.record("a block in an unknown language: \(block.language)")
            }
        }
    }

    /// Rules: must be clean, but for the stream that no pack of the block describes. Configuration:
    /// must be accepted whole, but for the secret file that is not on this machine.
    private func readYAML(_ text: String) throws {
        let diagnostics = DiagnosticList()
        let stream = try #require(
            YAMLReader.read(Array(text.utf8), path: "contract.yaml", reporting: diagnostics))
        #expect(diagnostics.rendered == "")
        let keys = stream.documents.flatMap { $0.mapping ?? [] }.map(\.key)
        if keys.contains("pack") { readPacks(text) }
        if keys.contains("site") { readConfiguration(text) }
        #expect(keys.contains { ["pack", "site", "scenario"].contains($0) })
    }

    private func readPacks(_ text: String) {
        let diagnostics = DiagnosticList()
        let time = Timestamp(milliseconds: 1_767_600_000_000)
        let file = RuleBundle.File(
            role: .rules, name: "contract.yaml", path: "contract.yaml", bytes: Array(text.utf8))
        let bundle = RuleBundle(
            files: [file], day: CalendarDay(time, utcOffsetMinutes: 0))
        let rules = RuleSetLoader.load(
            bundle, site: .init(id: "contract"), reporting: diagnostics)
        #expect(
            diagnostics.sorted.map(\.message) == [
                "no loaded pack matches the stream `{line}/dust/fan/main`"
            ])
        #expect(rules?.packs.map(\.name) == ["site/combustible-gas", "dust/airlock"])
        let names = rules?.packs.first?.rules.map(\.shortName)
        #expect(
            names == ["HH", "H", "area-vote", "stale", "bad", "clock", "area-vote-out"])
    }

    private func readConfiguration(_ text: String) {
        let (_, findings) = ConfigurationReader.read(
            SourceFile(path: "contract.yaml", text: text), environment: [:])
        for finding in findings where finding.severity == .error {
            #expect(finding.message.contains("secret"), "\(finding.rendered)")
        }
    }

    private func readJSON(_ text: String) throws {
        for line in text.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            #expect(object is [String: Any])
        }
    }
}
