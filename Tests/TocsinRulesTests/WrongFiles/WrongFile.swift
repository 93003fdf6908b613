import Foundation

@testable import TocsinRules

/// One wrong rule file with the whole answer of `check`; see Tests/WrongFiles/README.md.
struct WrongFile: Sendable {
    /// A place that a finding must point at.
    struct Mark: Sendable, Hashable, CustomStringConvertible {
        var path: String
        var line: Int
        var column: Int
        var length: Int

        var description: String { "\(path):\(line):\(column)+\(length)" }
    }

    var name: String
    /// As it stands in the file of cases, marks and all.
    var rules: String
    var inventory: String?
    var answer: String

    static let folder: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("WrongFiles")

    /// The files of cases, in order of their names.
    static func files() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    static func cases(in file: URL) throws -> [WrongFile] {
        let text = try String(contentsOf: file, encoding: .utf8)
        return ("\n" + text).components(separatedBy: "\n=== ").dropFirst().map { part in
            let lines = part.components(separatedBy: "\n")
            var sections: [(key: String, lines: [String])] = [("rules", [])]
            for line in lines.dropFirst() {
                if line == "---+" || line == "--- inventory" || line == "---> answer" {
                    sections.append((line, []))
                } else {
                    sections[sections.count - 1].lines.append(line)
                }
            }
            func section(_ key: String) -> String? {
                sections.first { $0.key == key }.map { $0.lines.joined(separator: "\n") }
            }
            return WrongFile(
                name: lines[0], rules: (section("rules") ?? "") + "\n",
                inventory: section("--- inventory").map { $0 + "\n" },
                answer: (section("---> answer") ?? "").trimmingCharacters(in: .newlines))
        }
    }

    /// The case as it is written.
    var written: String {
        var text = "=== \(name)\n\(rules)"
        if let inventory { text += "--- inventory\n\(inventory)" }
        return text + "---> answer\n\(answer)\n"
    }

    /// A text without its marks, and where they stood.
    static func unmarked(_ text: String, path: String) -> (text: String, marks: [Mark]) {
        var plain = String.UnicodeScalarView()
        var marks: [Mark] = []
        var line = 1
        var column = 1
        var open: Mark?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "⟦": open = Mark(path: path, line: line, column: column, length: 0)
            case "⟧":
                if var mark = open {
                    mark.length = max(1, column - mark.column)
                    marks.append(mark)
                }
                open = nil
            default:
                plain.append(scalar)
                column += 1
                if scalar == "\n" {
                    line += 1
                    column = 1
                }
            }
        }
        return (String(plain), marks)
    }

    /// What `check` finds in it.
    func checked() -> (diagnostics: DiagnosticList, marks: [Mark]) {
        let (text, marks) = WrongFile.unmarked(rules, path: "p.yaml")
        guard let inventory else { return (PackProbe(text).diagnostics, marks) }
        let (table, cells) = WrongFile.unmarked(inventory, path: "i.csv")
        return (PackProbe(text, inventory: table).diagnostics, marks + cells)
    }
}
