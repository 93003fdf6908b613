import Testing
import TocsinDecode

/// Topic filters, stream names and the table of names.
struct TopicTests {
    @Test("A filter matches as MQTT 3.1.1 §4.7 says")
    func matching() throws {
        let rows: [(filter: String, topic: String, matches: Bool)] = [
            ("#", "a", true), ("#", "a/b", true), ("#", "/", true), ("#", "$SYS/x", false),
            ("$SYS/#", "$SYS/x", true), ("+", "$SYS", false), ("+/x", "$SYS/x", false),
            ("+", "a", true), ("+", "a/b", false), ("+", "", true), ("+/+", "/a", true),
            ("/+", "/a", true), ("+", "/a", false),
            ("a/#", "a", true), ("a/#", "a/", true), ("a/#", "a/b/c", true), ("a/#", "ab", false),
            ("a/#", "b", false), ("a/+/c", "a/b/c", true), ("a/+/c", "a//c", true),
            ("a/+/c", "a/b/c/d", false),
            ("a/+/c", "a/b", false), ("a/+", "a", false), ("a/+", "a/", true),
            ("a/+/#", "a", false),
            ("a/+/#", "a/b", true), ("a", "a", true), ("a", "a/", false), ("a/b", "a", false),
            ("东区/+/lel", "东区/罐1/lel", true), ("a/$b/#", "a/$b/c", true),
        ]
        for row in rows {
            let filter = try TopicFilter(parsing: row.filter)
            #expect(filter.matches(row.topic) == row.matches, "\(row.filter) \(row.topic)")
        }
    }

    @Test("A broken filter names the place")
    func broken() {
        let rows = [
            ("", 0), ("a#", 1), ("a/#/b", 2), ("#a", 0), ("a/b+", 3), ("+a", 0), ("a\u{0}b", 1),
        ]
        for (text, offset) in rows {
            #expect(throws: TopicFilterError.self) { try TopicFilter(parsing: text) }
            do throws(TopicFilterError) {
                _ = try TopicFilter(parsing: text)
            } catch {
                #expect(error.offset == offset, "\(text)")
            }
        }
    }

    @Test("Stream names keep topic and field apart, whatever they hold")
    func names() throws {
        let rows: [(String, String?, String)] = [
            ("a/b", nil, "a/b"), ("a/b", "h2s", "a/b:h2s"), ("a:b", nil, "a%3Ab"),
            ("50%", "a:b", "50%25:a%3Ab"), ("a", "", "a:"), ("东区/1", "温度", "东区/1:温度"),
        ]
        for (topic, field, name) in rows {
            #expect(StreamName.make(topic: topic, field: field) == name)
            let parts = try #require(StreamName.split(name))
            #expect(parts.topic == topic && parts.field == field)
            var target = [UInt8](repeating: 0, count: name.utf8.count)
            for room in 0...target.count {
                let length = target.withUnsafeMutableBytes { all in
                    Array(topic.utf8).withUnsafeBytes { topicBytes in
                        Array((field ?? "").utf8).withUnsafeBytes { fieldBytes in
                            StreamName.write(
                                topic: topicBytes, field: field == nil ? nil : fieldBytes,
                                into: UnsafeMutableRawBufferPointer(rebasing: all[..<room]))
                        }
                    }
                }
                #expect(length == (room == target.count ? room : nil))
            }
            #expect(String(decoding: target, as: UTF8.self) == name)
        }
        for name in ["a:b:c", "a%", "a%2", "a%41", "a:%3", "%zz"] {
            #expect(StreamName.split(name) == nil, "\(name)")
        }
    }

    @Test("The table gives dense numbers, keeps them while it grows and stops at its limit")
    func table() {
        var table = TopicTable(limit: 5000, expected: 1)
        for round in 0..<2 {
            for index in 0..<5000 {
                #expect(table.insert("plant/\(index)/lel") == UInt32(index), "round \(round)")
            }
        }
        #expect(table.insert("one more") == nil)
        #expect(table.insert("plant/3/lel") == 3)
        #expect(table.count == 5000 && table.text(of: 4999) == "plant/4999/lel")
        let absent = Array("plant/5000/lel".utf8).withUnsafeBytes { table.find($0) }
        #expect(absent == nil)
    }

    @Test("The empty name, long names and names of equal beginnings are told apart")
    func unusualNames() {
        var table = TopicTable(limit: 10_000)
        let long = String(repeating: "x", count: 100_000)
        let names = ["", long, long + "y"] + (0..<40).map { String(repeating: "a", count: $0 + 1) }
        for (index, name) in names.enumerated() { #expect(table.insert(name) == UInt32(index)) }
        for (index, name) in names.enumerated() { #expect(table.text(of: UInt32(index)) == name) }
    }
}
