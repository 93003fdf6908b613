import Testing
import TocsinRules

@Suite("Diagnostics")
struct DiagnosticTests {
    private static let tab = "\t"

    @Test("The caret stands under its character in a terminal, wide characters taking two cells")
    func caretLinesUp() {
        let table: [(line: String, column: Int, length: Int, shown: String, caret: String)] = [
            ("unit: ppx", 7, 3, "unit: ppx", "      ^~~"),
            ("处置: 停机", 5, 2, "处置: 停机", "      ^~~~"),
            ("\tkey: 1", 2, 3, " key: 1", " ^~~"),
            ("a: 1", 9, 1, "a: 1", "    ^"),
            ("ｅvery", 2, 1, "ｅvery", "  ^"),
            ("e\u{301}x", 3, 1, "e\u{301}x", " ^"),
            ("x\u{7}y", 3, 1, "x·y", "  ^"),
        ]
        for row in table {
            let file = SourceFile(path: "a.yaml", text: row.line)
            let found = Diagnostic(
                .error, at: file.range(line: 1, column: row.column, length: row.length), "no")
            #expect(
                found.rendered
                    == "a.yaml:1:\(row.column): error: no\n  \(row.shown)\n  \(row.caret)\n")
        }
    }

    @Test("A very long line is cut around the place")
    func longLinesAreCut() {
        let text = String(repeating: "x", count: 5000) + "!" + String(repeating: "y", count: 5000)
        let file = SourceFile(path: "a", text: text)
        let lines = Diagnostic(.warning, at: file.range(line: 1, column: 5001), "no").rendered
            .split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].count < 130)
        let caret = lines[2].distance(
            from: lines[2].startIndex, to: lines[2].firstIndex(of: "^") ?? lines[2].endIndex)
        #expect(Array(lines[1])[caret] == "!")
    }

    @Test("A diagnostic is one JSON object with every member")
    func json() {
        let file = SourceFile(path: "a\"b", text: "x: \\\n")
        let found = Diagnostic(.error, at: file.range(line: 1, column: 4), "tab\there", help: nil)
        #expect(
            found.json
                == #"{"severity":"error","path":"a\"b","line":1,"column":4,"length":1,"#
                + #""message":"tab\there","help":null}"#)
    }

    @Test("A list is sorted by place, drops repeats and counts what it leaves out")
    func listIsSortedAndBounded() {
        let file = SourceFile(path: "a", text: "1\n2\n3\n")
        let list = DiagnosticList(limit: 3)
        for line in [3, 1, 1, 2, 2, 4, 5] { list.error(at: file.range(line: line), "no") }
        list.warning(at: file.range(line: 1), "no")
        #expect(list.sorted.map(\.line) == [1, 2, 3])
        #expect(list.errorCount == 5)
        #expect(list.warningCount == 1)
        #expect(list.omittedCount == 3)
        #expect(list.rendered.hasSuffix("and 3 more\n"))
    }

    @Test("Lines end at LF, CR LF and a lone CR; columns count scalars")
    func linesAndColumns() {
        let file = SourceFile(path: "a", text: "one\r\n二二x\rthree\nfour")
        #expect((1...4).map { String(file.line($0)) } == ["one", "二二x", "three", "four"])
        #expect(file.lineCount == 4)
        #expect(file.line(9).isEmpty)
        let place = file.range(at: file.index(line: 2, column: 3))
        #expect(place.line == 2)
        #expect(place.column == 3)
    }

    @Test("The nearest name is found for a slip of the hand and for nothing more")
    func nearest() {
        let names = ["latitude", "longitude", "client_id", "url", "qos"]
        let table: [(String, String?)] = [
            ("lattitude", "latitude"), ("latitdue", "latitude"), ("client-id", "client_id"),
            ("URL", "url"), ("ulr", "url"), ("colour", nil), ("", nil), ("x", nil),
            (String(repeating: "q", count: 1000), nil),
        ]
        for (name, expected) in table {
            #expect(nearestName(name, among: names) == expected, "\(name)")
        }
    }
}
