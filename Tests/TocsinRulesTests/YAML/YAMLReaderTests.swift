import Testing
import TocsinRules

func readYAML(_ text: String) -> (documents: [YAMLNode], found: DiagnosticList) {
    let list = DiagnosticList()
    let stream = YAMLReader.read(SourceFile(path: "t", text: text), reporting: list)
    return (stream.documents, list)
}

@Suite("YAML with places")
struct YAMLReaderTests {
    @Test("Scalars keep their source text, never YAML's booleans, octals, times or dates")
    func sourceText() {
        let words = [
            "no", "010", "12:30:00", "2026-12-01", "~", "null", "0x1F", "1e3", ".inf", "y",
        ]
        let text = words.enumerated().map { "k\($0): \($1)" }.joined(separator: "\n")
        let read = readYAML(text)
        #expect(read.found.sorted.isEmpty)
        #expect(read.documents.first?.mapping?.compactMap { $0.value.scalar?.text } == words)
    }

    @Test("Keys and values carry their line, column and length")
    func places() throws {
        let read = readYAML("名字: \"东区\"  # why\nlist:\n  - one\n  - {a: 'b c'}\n")
        let root = try #require(read.documents.first?.mapping)
        #expect(place(root[0].keyRange) == [1, 1, 2])
        #expect(place(root[0].value.range) == [1, 5, 4])
        let list = try #require(root[1].value.sequence)
        #expect(place(list[0].range) == [3, 5, 3])
        let inner = try #require(list[1].mapping)
        #expect(place(inner[0].keyRange) == [4, 6, 1])
        #expect(place(inner[0].value.range) == [4, 9, 5])
    }

    private func place(_ range: SourceRange) -> [Int] { [range.line, range.column, range.length] }

    @Test("A part of a scalar's text is found in quotes, escapes, folded and literal lines")
    func partsOfScalars() throws {
        let table: [(text: String, wanted: String, line: Int, column: Int)] = [
            ("k: mean(5m) > limitt.H\n", "limitt", 1, 15),
            ("k: \"说 \\\"x\\\" 值\"\n", "值", 1, 13),
            ("k: 'it''s bad'\n", "bad", 1, 11),
            ("k: one\n   two bad\n", "bad", 2, 8),
            ("k: >\n  one\n  two bad\n", "bad", 3, 7),
            ("k: |\n  one\n\n  two bad\n", "bad", 4, 7),
        ]
        for row in table {
            let node = try #require(readYAML(row.text).documents.first?["k"])
            let scalars = Array(try #require(node.scalar?.text).unicodeScalars)
            let wanted = Array(row.wanted.unicodeScalars)
            let offset = try #require(
                scalars.indices.first { scalars[$0...].starts(with: wanted) })
            let range = node.range(ofTextAt: offset, length: wanted.count)
            #expect(place(range) == [row.line, row.column, wanted.count], "\(row.text)")
        }
    }

    @Test("A repeated key is an error at its own line, and what follows is still read")
    func repeatedKeys() {
        let read = readYAML("a: 1\nb:\n  x: 1\n  x: 2\n  x: 3\na: 4\nc: {d: 1, \"d\": 2}\ne: 5\n")
        #expect(
            read.found.sorted.map { "\($0.line):\($0.column) \($0.message)" } == [
                "4:3 `x` stands twice in this mapping", "5:3 `x` stands twice in this mapping",
                "6:1 `a` stands twice in this mapping", "7:11 `d` stands twice in this mapping",
            ])
        #expect(read.documents.first?.mapping?.map(\.key) == ["a", "b", "c", "e"])
        #expect(read.documents.first?["a"]?.scalar?.text == "1")
    }

    @Test("Very many repeated keys end the reading with an error, not with hours of passes")
    func manyRepeatedKeys() {
        let read = readYAML(String(repeating: "a: 1\n", count: 300))
        #expect(read.found.hasErrors)
    }

    @Test("One broken document does not hide the others")
    func brokenDocument() {
        let read = readYAML("a: 1\n---\nb: ]\n---\nc: 3\n---\nd: %\n--- \ne: 5\n")
        #expect(read.found.sorted.map(\.line) == [3, 7])
        #expect(read.documents.compactMap { $0.mapping?.first?.key } == ["a", "c", "e"])
    }

    @Test("# that cut a value is warned about; a comment is not")
    func cutValues() {
        let table: [(String, [Int])] = [
            ("action: Stop #3 pump\n", [14]), ("action: #3 pump\n", [9]), ("topics: #\n", [9]),
            ("action: 停止 #3 泵\n", [12]), ("- a #1\n- b\n", [5]), ("a: [x, y #1\n  ]\n", [10]),
            ("a: 1 # comment\n", []), ("a: 1 #\n", []), ("a: \"x #1\"\n", []),
            ("a: \"1\" #x\n", []),
            ("a: http://x/#1\n", []), ("a: plant/#\n", []), ("a: # why\n  b: 1\n", []),
            ("# head\na: 1\n", []), ("a: 1 #-- note\n", []),
        ]
        for (text, columns) in table {
            let found = readYAML(text).found.sorted
            #expect(found.map(\.column) == columns, "\(text)")
            #expect(found.allSatisfy { $0.severity == .warning })
        }
    }

    @Test("Bytes that are no UTF-8, a second byte order mark and control characters have a place")
    func badBytes() {
        let table: [([UInt8], String)] = [
            (
                Array("a: 1\nb: ".utf8) + [0xB6, 0xAB] + Array("\n".utf8),
                "2:4: error: the byte 0xB6"
            ),
            ([0xFF, 0xFE, 0x61, 0], "1:1: error: the file is saved as UTF-16"),
            (Array("a: 1\n\u{FEFF}b: 2\n".utf8), "2:1: error: the character U+FEFF"),
            (Array("a: x\u{1}\n".utf8), "1:5: error: the character U+0001"),
        ]
        for (bytes, expected) in table {
            let list = DiagnosticList()
            _ = YAMLReader.read(bytes, path: "t", reporting: list)
            #expect(list.rendered.hasPrefix("t:" + expected), "\(list.rendered)")
        }
    }

    @Test("A byte order mark, CR LF and lone CR change neither content nor places")
    func lineEnds() throws {
        for end in ["\n", "\r\n", "\r"] {
            let list = DiagnosticList()
            let text = "\u{FEFF}a: 1" + end + "b: 2" + end + "b: 3" + end
            let stream = YAMLReader.read(Array(text.utf8), path: "t", reporting: list)
            #expect(list.sorted.map { [$0.line, $0.column] } == [[3, 1]])
            #expect(stream?.documents.first?["b"]?.scalar?.text == "2")
        }
    }

    @Test("Size, depth, values and documents are limited by name")
    func limits() {
        var limits = YAMLLimits()
        limits.bytes = 1000
        limits.depth = 4
        limits.lineLength = 500
        limits.nodes = 50
        limits.documents = 3
        let table: [(String, String)] = [
            (String(repeating: "x", count: 1001), "1001 bytes; at most 1000"),
            ("a: " + String(repeating: "x", count: 600), "longer than 500 characters"),
            ("a: [[[[1]]]]", "more than 4 levels"),
            ("[" + String(repeating: "1,", count: 60) + "1]", "more than 50 values"),
            (String(repeating: "---\na: 1\n", count: 5), "more than 3 documents"),
        ]
        for (text, expected) in table {
            let list = DiagnosticList()
            _ = YAMLReader.read(Array(text.utf8), path: "t", limits: limits, reporting: list)
            #expect(list.rendered.contains(expected), "\(list.rendered)")
        }
    }

    @Test("Bombs end quickly: nested brackets, aliases of aliases, indentation without end")
    func bombs() {
        var aliases = "a0: &a0 [x, x]\n"
        for level in 1...60 {
            aliases += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
        }
        let texts = [
            String(repeating: "[", count: 20_000), String(repeating: "[\n", count: 20_000),
            String(repeating: "- ", count: 2_000) + "x", String(repeating: "? ", count: 2_000),
            String(repeating: "{a: \n", count: 5_000),
            aliases, aliases + "? *a60\n: 1\n", aliases + "{*a60 : 1, *a59 : 2}: 3\n",
        ]
        for text in texts { #expect(readYAML(text).found.hasErrors) }
    }
}
