import Foundation
import Testing

@testable import TocsinRules

@Suite("Wrong rule files have golden answers")
struct WrongFileTests {
    private static var isWriting: Bool {
        ProcessInfo.processInfo.environment["TOCSIN_GOLDEN"] == "write"
    }

    @Test("Each answer is the golden one, and points at what is marked")
    func answers() throws {
        var names: Set<String> = []
        for file in try WrongFile.files() {
            var written = ""
            for wrong in try WrongFile.cases(in: file) {
                #expect(names.insert(wrong.name).inserted, "two cases are called \(wrong.name)")
                written += check(wrong).written
            }
            if WrongFileTests.isWriting {
                try Data(written.utf8).write(to: file)
            }
        }
        #expect(names.count >= 150, "\(names.count) kinds of mistakes")
    }

    @Test("Cut anywhere, a wrong file is still answered, at a place that it has")
    func cuts() throws {
        for file in try WrongFile.files() {
            for wrong in try WrongFile.cases(in: file) {
                let text = Array(
                    WrongFile.unmarked(wrong.rules, path: "p.yaml").text.unicodeScalars)
                for part in 1..<WrongFileTests.cutsOfEach {
                    var cut = String.UnicodeScalarView()
                    cut.append(contentsOf: text.prefix(text.count * part / Self.cutsOfEach))
                    let lines = String(cut).split(
                        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                    for found in PackProbe(String(cut)).diagnostics.sorted {
                        let line = found.line <= lines.count ? lines[found.line - 1] : ""
                        #expect(
                            found.line >= 1 && found.line <= lines.count && found.column >= 1
                                && found.column <= line.unicodeScalars.count + 1,
                            "\(wrong.name): \(found.rendered)")
                    }
                }
            }
        }
    }

    private static let cutsOfEach = 12

    /// The case with the answer that was given.
    private func check(_ wrong: WrongFile) -> WrongFile {
        let (diagnostics, marks) = wrong.checked()
        let answer = diagnostics.rendered.trimmingCharacters(in: .newlines)
        let places = Set(
            diagnostics.sorted.map {
                WrongFile.Mark(
                    path: $0.path, line: $0.line, column: $0.column, length: $0.length)
            })
        #expect(!marks.isEmpty, "\(wrong.name) marks nothing")
        for mark in marks {
            #expect(places.contains(mark), "\(wrong.name): nothing at \(mark)\n\(answer)")
        }
        #expect(!diagnostics.sorted.isEmpty, "\(wrong.name) is not found wrong")
        if !WrongFileTests.isWriting {
            #expect(answer == wrong.answer, "\(wrong.name)")
        }
        var result = wrong
        result.answer = answer
        return result
    }

}
