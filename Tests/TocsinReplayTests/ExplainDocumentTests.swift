import Foundation
import Testing
import TocsinDecode
import TocsinEngine
import TocsinModel

@testable import TocsinReplay

/// The examples of docs/EXPLAIN.md are what the commands print. A line `…` stands for any lines,
/// `…` in a line for any text.
@Suite("docs/EXPLAIN.md")
struct ExplainDocumentTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var command: [String]
        var lines: [String]

        var testDescription: String { command.joined(separator: " ") }

        func option(_ name: String) -> String? {
            command.firstIndex(of: name).map { command[$0 + 1] }
        }
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static let examples: [Example] = {
        do {
            let text = try String(contentsOfFile: root + "/docs/EXPLAIN.md", encoding: .utf8)
            let blocks = text.components(separatedBy: "```console\n$ tocsin ").dropFirst()
            return blocks.map { block in
                let inner = block.components(separatedBy: "\n```")[0]
                let lines = inner.components(separatedBy: "\n")
                return Example(
                    command: lines[0].split(separator: " ").map(String.init),
                    lines: Array(lines.dropFirst()))
            }
        } catch {
            return []
        }
    }()

    @Test("There are examples")
    func some() { #expect(ExplainDocumentTests.examples.count >= 3) }

    @Test("An example is what the command prints", arguments: examples)
    func example(_ example: Example) throws {
        let root = ExplainDocumentTests.root
        let scenario = try #require(example.option("--scenario"))
        let request = ExplainRequest(inputs: .scenario(root + "/" + scenario))
        let text: String
        if example.command[0] == "explain" {
            let id = try #require(Identifier(hex: example.command[1]))
            text = try Explain.event(id, in: request).text
        } else {
            let time = try RFC3339.parse(try #require(example.option("--at")))
            text = try WhyNot.explain(
                rule: example.command[1], stream: try #require(example.option("--stream")),
                at: Timestamp(milliseconds: time.milliseconds), in: request
            ).text
        }
        let printed = text.replacingOccurrences(of: root + "/", with: "")
            .components(separatedBy: "\n")
        var position = 0
        var mayPass = false
        for line in example.lines {
            if line == "…" {
                mayPass = true
                continue
            }
            let found =
                mayPass
                ? printed[position...].firstIndex { ExplainDocumentTests.fits($0, line) }
                : printed.indices.contains(position)
                    && ExplainDocumentTests.fits(printed[position], line) ? position : nil
            let next = try #require(found, "\(line)\nis not there in\n\(text)")
            position = next + 1
            mayPass = false
        }
    }

    private static func fits(_ line: String, _ pattern: String) -> Bool {
        let parts = pattern.components(separatedBy: "…")
        return line.hasPrefix(parts[0]) && line.hasSuffix(parts[parts.count - 1])
    }
}
