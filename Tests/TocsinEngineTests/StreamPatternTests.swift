import Testing
import TocsinEngine

@Suite("Patterns of stream names")
struct StreamPatternTests {
    @Test(
        "A pattern matches level by level and captures what it names",
        arguments: [
            ("{area}/lel/{id}", "east/lel/2", "area=east id=2"),
            ("{area}/lel/{id}", "east/lel", nil),
            ("{area}/lel/{id}", "east/lel/2/x", nil), ("{a}/lel", "/lel", "a="), ("a/#", "a", ""),
            ("a/#", "a/b/c", ""), ("a/#", "b", nil), ("#", "x/y", ""), ("a/+/c", "a/b/c", ""),
            ("a/+/c", "a/b/d", nil), ("{id}:temp", "a:temp", "id=a"), ("{id}:temp", "a:hum", nil),
            ("{id}:temp", "a", nil), ("{id}", "a:temp", nil), ("{id}:{what}", "a:x", "id=a what=x"),
            ("{a}/#", "x/y/z", "a=x"),
        ] as [(String, String, String?)])
    func match(pattern: String, stream: String, labels: String?) throws {
        let found = try StreamPattern(pattern).match(stream)
        #expect(found?.map { "\($0.name)=\($0.value)" }.joined(separator: " ") == labels)
    }

    @Test("Labels are put into the name; what has no single value has no name")
    func substitutes() throws {
        let labels = [(name: "line", value: "l1"), (name: "q", value: "temp")]
        #expect(try StreamPattern("{line}/fan/main").substituting(labels) == "l1/fan/main")
        #expect(try StreamPattern("{line}/fan:{q}").substituting(labels) == "l1/fan:temp")
        for pattern in ["{line}/+", "{line}/#", "{other}/fan", "{line}/fan:{other}"] {
            #expect(try StreamPattern(pattern).substituting(labels) == nil)
        }
    }

    @Test(
        "Overlap is symmetric",
        arguments: [
            ("a/b", "a/b", true), ("a/b", "a/c", false), ("a/{x}", "{y}/b", true),
            ("a/#", "a", true), ("a/#", "b/#", false), ("a/b/#", "a", false), ("#", "a:b", false),
            ("a:t", "a:{x}", true), ("a:t", "a:u", false), ("a/+", "a/b/c", false),
        ])
    func overlaps(first: String, second: String, expected: Bool) throws {
        let (a, b) = (try StreamPattern(first), try StreamPattern(second))
        #expect(a.overlaps(b) == expected && b.overlaps(a) == expected)
    }

    @Test("A malformed pattern is refused with its place")
    func refused() {
        let table: [(String, StreamPattern.Problem)] = [
            ("", .empty), ("a/b+", .wildcardInsideLevel(offset: 2)),
            ("#/a", .restNotLast(offset: 0)),
            ("a/{b", .unclosedBrace(offset: 2)), ("a/b}", .unclosedBrace(offset: 2)),
            ("a/{}", .emptyLabel(offset: 2)), ("{a}/{a}", .repeatedLabel("a", offset: 4)),
            ("罐/{a}:{a}", .repeatedLabel("a", offset: 8)),
        ]
        for (text, problem) in table {
            #expect(throws: problem) { try StreamPattern(text) }
        }
    }
}
