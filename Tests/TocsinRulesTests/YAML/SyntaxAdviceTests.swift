import Testing
import TocsinRules

@Suite("YAML's own errors in plain words")
struct SyntaxAdviceTests {
    @Test("Each mistake is shown where it is, with its remedy")
    func table() {
        let quotes = "put quotes around text that begins with"
        let table: [(text: String, place: String, message: String, help: String)] = [
            ("unit: %LEL\n", "1:7", "text cannot begin with `%`", quotes),
            ("a: @home\n", "1:4", "text cannot begin with `@`", quotes),
            ("a: *x\n", "1:4", "text cannot begin with `*`", quotes),
            ("when: >= 35 ppm\n", "1:7", "text cannot begin with `>`", quotes),
            ("a: | or\n", "1:4", "text cannot begin with `|`", quotes),
            ("a: ]\n", "1:4", "text cannot begin with `]`", quotes),
            ("a: , b\n", "1:4", "text cannot begin with `,`", quotes),
            ("a: ? b\n", "1:4", "text cannot begin with `?`", quotes),
            ("a: !x 5\n", "1:4", "tags (!) are not read", "put quotes"),
            ("a: &x 1\nb: *x\n", "1:4", "anchors (&) and aliases (*)", "write the values out"),
            ("<<: {a: 1}\n", "1:1", "merge keys (<<) are not read", "write the keys out"),
            ("? [a]\n: b\n", "1:3", "a key must be text", "put quotes"),
            ("match: {area}/lel\n", "1:14", "text goes on behind the closing `}`", "put quotes"),
            ("a: [a, b]]\n", "1:10", "text goes on behind the closing `]`", "put quotes"),
            ("a: 'it's'\n", "1:8", "text goes on behind the closing `'`", "write '' for"),
            ("a: \"x\" y\n", "1:8", "text goes on behind the closing `\"`", "put quotes"),
            ("a: [1, 2\nb: 3\n", "1:4", "the `[` of this list is never closed", "close it"),
            ("a: {b: 1\nc: 2\n", "1:4", "the `{` of this mapping is never", "close it"),
            ("a: [{x: 1}, {y: 2]\n", "1:18", "a comma or `}` is missing", "put quotes"),
            ("a: \"abc\nb: 1\n", "1:4", "this quote is never closed", "close it"),
            ("a: \"\\d\"\n", "1:5", "there is no such escape", "single quotes"),
            ("\ta: 1\n", "1:1", "a tab cannot indent YAML", "use spaces"),
            ("a:\n \tb: 1\n", "2:2", "a tab cannot indent YAML", "use spaces"),
            ("a: >\n\tx\n", "2:1", "a tab cannot indent YAML", "use spaces"),
            ("a: b: c\n", "1:5", "a second `: ` in one value", "put quotes"),
            ("a: “b: c”\n", "1:6", "“ ” and ‘ ’ are no quotes", "plain quotes"),
            ("a:1\nb: 2\n", "1:2", "no space behind the colon", "write `: `"),
            ("every：1s\nb: 2\n", "1:6", "the colon `：` is full-width", "write `: `"),
            ("a: 1\nb 2\nc: 3\n", "2:1", "this line has no `: `", "key: value"),
            ("a: 1\nb=2\nc: 3\n", "2:2", "joined by `: `, not by `=`", "key: value"),
            ("a: 1\n  b: 2\n", "2:3", "indented under one that has a value", "line it up"),
            ("a:\n    b: 1\n  c: 2\n", "3:3", "the indentation of this line", "line it up"),
            ("a: - b\n", "1:4", "a list cannot begin with `-`", "next line"),
            ("- a\nb: 1\n", "2:1", "a list ends here", "begin the line with"),
            ("a: Stop #3\n  pump\n", "1:9", "YAML drops the rest", "put quotes"),
            ("---\na: 1\n...\nb: 2\n", "4:1", "a new document begins with", ""),
        ]
        for row in table {
            let errors = readYAML(row.text).found.sorted.filter { $0.severity == .error }
            #expect(errors.count == 1, "\(row.text)")
            guard let found = errors.first else { continue }
            #expect("\(found.line):\(found.column)" == row.place, "\(row.text)")
            #expect(found.message.contains(row.message), "\(row.text): \(found.message)")
            #expect((found.help ?? "").contains(row.help), "\(row.text): \(found.help ?? "")")
        }
    }

    @Test("Golden: an error in a Chinese line, as a terminal shows it")
    func golden() {
        #expect(
            readYAML("名称: 东区\n处置: “停机: 疏散”\n").found.rendered == """
                t:2:8: error: “ ” and ‘ ’ are no quotes to YAML
                  处置: “停机: 疏散”
                             ^
                  help: use plain quotes: "…"

                """)
    }
}
