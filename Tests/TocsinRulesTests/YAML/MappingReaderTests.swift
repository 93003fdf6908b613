import Testing
import TocsinModel
import TocsinRules

@Suite("Typed reading of mappings")
struct MappingReaderTests {
    /// Runs `body` on the first document of a text; the findings as `line:column message | help`.
    private func findings(_ text: String, _ body: (inout MappingReader) -> Void) -> [String] {
        let read = readYAML(text)
        guard let root = read.documents.first,
            var reader = MappingReader(root, name: "the test", reporting: read.found)
        else { return lines(read.found) }
        body(&reader)
        reader.finish()
        return lines(read.found)
    }

    private func lines(_ list: DiagnosticList) -> [String] {
        list.sorted.map { found in
            "\(found.line):\(found.column) \(found.message)" + (found.help.map { " | \($0)" } ?? "")
        }
    }

    @Test("Values are typed by the key that expects them, full-width digits included")
    func values() {
        let text = """
            i: １２
            n: －0.5
            d: ３０s
            b: "Yes"
            z: 256KiB
            l: one
            w: high
            """
        let found = findings(text) { reader in
            #expect(reader.integer("i", in: 0...20) == 12)
            #expect(reader.number("n") == -0.5)
            #expect(reader.duration("d") == Span.seconds(30))
            #expect(reader.bool("b") == true)
            #expect(reader.byteCount("z", in: 0...(1 << 20)) == 262_144)
            #expect(reader.texts("l")?.map(\.text) == ["one"])
            #expect(reader.word("w", among: ["low", "high"]) == "high")
            #expect(reader.string("absent") == nil)
        }
        #expect(found.isEmpty)
    }

    @Test("A wrong value is an error at its place")
    func wrongValues() {
        let table: [(String, String)] = [
            ("k: ten\n", "1:4 `k` must be a whole number, found `ten`"),
            ("k: 1.5\n", "1:4 `k` must be a whole number, found `1.5`"),
            ("k: 99\n", "1:4 `k` must be between 0 and 20"),
            ("k: 0x10\n", "1:4 `k` must be a whole number, found `0x10`"),
            ("k: [1]\n", "1:4 `k` must be text, found a list"),
            (
                "k: {area}\n",
                "1:4 `k` must be text, found a mapping | put quotes around text that begins with {"
            ),
            ("k:\n", "1:1 `k` has no value | write one behind the colon, or delete the line"),
            (
                "k: 99999999999999999999\n",
                "1:4 `k` must be a whole number, found `99999999999999999999`"
            ),
        ]
        for (text, expected) in table {
            #expect(findings(text) { _ = $0.integer("k", in: 0...20) } == [expected])
        }
        #expect(
            findings("k: maybe\n") { _ = $0.bool("k") } == [
                "1:4 `k` must be true or false, found `maybe`"
            ])
        #expect(
            findings("k: 5 minutes\n") { _ = $0.duration("k") } == [
                "1:4 `k` must be a duration, found `5 minutes`"
                    + " | write a number with ms, s, m, h or d, such as 5m"
            ])
        #expect(
            findings("k: nan\n") { _ = $0.number("k") } == [
                "1:4 `k` must be a number, found `nan`"
            ])
        #expect(
            findings("k: hihg\n") { _ = $0.word("k", among: ["low", "high"]) } == [
                "1:4 `hihg` is no valid k | did you mean `high`?"
            ])
        #expect(
            findings("k: 12kB\n") { _ = $0.byteCount("k", in: 0...99) }.first?
                .hasPrefix("1:4 `k` must be a size in bytes") == true)
    }

    @Test("Unknown keys get the nearest valid name, missing keys are named once")
    func unknownKeys() {
        let found = findings("lattitude: 1\ncolour: 1\n") { reader in
            _ = reader.number("latitude", required: true)
            _ = reader.string("url", required: true)
        }
        #expect(
            found == [
                "1:1 the test needs `url`",
                "1:1 unknown key `lattitude` in the test | did you mean `latitude`?",
                "2:1 unknown key `colour` in the test | valid keys: latitude, url",
            ])
    }

    @Test("Text where a mapping belongs is explained")
    func noMapping() {
        #expect(
            findings("every：1s\n") { _ in } == [
                "1:1 the test must be a mapping of keys, found `every：1s`"
                    + " | the colon `：` is full-width; write `: `"
            ])
        #expect(
            findings("{b:1}\n") { _ in } == [
                "1:2 unknown key `b:1` in the test | put a space behind the colon"
            ])
    }
}
