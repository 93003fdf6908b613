import Testing
import TocsinModel

@testable import TocsinReplay

@Suite("Reading feeds")
struct FeedReaderTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// Every item of a feed, one line of text each.
    static func story(_ path: String) throws -> [String] {
        let vocabulary = FeedVocabulary()
        let reader = try FeedReader(path: path, vocabulary: vocabulary)
        var story: [String] = []
        while let item = try reader.next() { story.append(describe(item, vocabulary)) }
        return story
    }

    static func describe(_ item: FeedItem, _ vocabulary: FeedVocabulary) -> String {
        switch item.content {
        case .row(let row):
            let value: String
            switch row.value {
            case .number(let number): value = "\(number)"
            case .word(let word): value = "'\(vocabulary.words[word])'"
            }
            let unit = row.unit.map { vocabulary.units[$0] } ?? "-"
            return "\(item.arrival.milliseconds) \(row.time.milliseconds) "
                + "\(vocabulary.streams[row.stream]) \(value) \(unit) \(row.quality)"
        case .frame(let frame):
            return "\(item.arrival.milliseconds) \(frame.topic) \(frame.payload.count)"
                + (frame.isRetained ? " retained" : "")
        }
    }

    static let rows: [(text: String, story: [String])] = [
        ("ts_ms,stream,value,unit\n1,a/b,2.5,ppm\n", ["1 1 a/b 2.5 ppm good"]),
        ("ts_ms,stream,value,unit\r\n1,a/b,2.5,ppm\r\n\r\n", ["1 1 a/b 2.5 ppm good"]),
        ("\u{FEFF}ts_ms,stream,value,unit\n-5,a,-0.25,\n", ["-5 -5 a -0.25 - good"]),
        (
            "ts_ms,stream,value,unit,quality\n1,a,1,,\n2,a,2,,bad\n3,a,3,,over\n4,a,4,,INHIBITED",
            ["1 1 a 1.0 - good", "2 2 a 2.0 - bad", "3 3 a 3.0 - over", "4 4 a 4.0 - inhibited"]
        ),
        ("ts_ms,stream,value,unit\n1,\"a,b\",\"7\",\"%LEL\"\n", ["1 1 a,b 7.0 %LEL good"]),
        (
            "ts_ms,stream,value,unit\n1,fan,RUN,\n2,fan,停止,\n",
            ["1 1 fan 'RUN' - good", "2 2 fan '停止' - good"]
        ),
        (
            "ts_ms,stream,value,unit\n1,a,1e-3,\n2,a,12345678901234567890.5,\n3,a,+4,\n4,a,.5,\n",
            [
                "1 1 a 0.001 - good", "2 2 a 1.2345678901234567e+19 - good", "3 3 a 4.0 - good",
                "4 4 a 0.5 - good",
            ]
        ),
        (
            "ts_ms,stream,value,unit\n5,a,1,\n3,a,2,\n6,a,3,\n",
            ["5 5 a 1.0 - good", "5 3 a 2.0 - good", "6 6 a 3.0 - good"]
        ),
        ("ts_ms,stream,value,unit\n", []),
        ("", []),
        (
            #"{"ts_ms":1,"topic":"a/b","payload":"{\"v\":1}"}"# + "\n"
                + #"{"payload_base64":"AP8=","topic":"a","ts_ms":2,"retained":true}"#,
            ["1 a/b 7", "2 a 2 retained"]
        ),
    ]

    @Test("A feed is read as it is meant", arguments: FeedReaderTests.rows)
    func reads(text: String, story: [String]) throws {
        let path = try folder.write("f", text)
        #expect(try FeedReaderTests.story(path) == story)
    }

    @Test("A gzip feed reads as the plain one, members joined, whatever its name")
    func compressed() throws {
        var text = "ts_ms,stream,value,unit\n"
        for index in 0..<20_000 { text += "\(index),s/\(index % 7),\(index).5,ppm\n" }
        let bytes = Array(text.utf8)
        let half = bytes.count / 2
        let plain = try FeedReaderTests.story(try folder.write("plain", text))
        let one = try folder.write("one.csv", bytes: gzip(bytes))
        let joined = try folder.write(
            "two.csv.gz", bytes: gzip(Array(bytes[..<half])) + gzip(Array(bytes[half...])))
        #expect(plain.count == 20_000)
        #expect(try FeedReaderTests.story(one) == plain)
        #expect(try FeedReaderTests.story(joined) == plain)
    }

    static let mistakes: [(text: String, error: String)] = [
        (
            "stream,value\n1,2\n",
            ":1:1: error: the first line must be `ts_ms,stream,value,unit`, "
                + "or that and `,quality`"
        ),
        (
            "ts_ms,stream,value,unit\n1,a,1,\nx,a,1,\n",
            ":3:1: error: `x` is no time: `ts_ms` is whole milliseconds since 1970"
        ),
        (
            "ts_ms,stream,value,unit\n1.5,a,1,\n",
            ":2:1: error: `1.5` is no time: `ts_ms` is whole milliseconds since 1970"
        ),
        (
            "ts_ms,stream,value,unit\n9999999999999999999,a,1,\n",
            ":2:1: error: `9999999999999999999` is no time:"
                + " `ts_ms` is whole milliseconds since 1970"
        ),
        ("ts_ms,stream,value,unit\n1,,1,\n", ":2:3: error: the stream has no name"),
        (
            "ts_ms,stream,value,unit\n1,东,,\n",
            ":2:5: error: the value is empty: leave the row out"
        ),
        (
            "ts_ms,stream,value,unit\n1,a,NaN,\n",
            ":2:5: error: `NaN` is no value: leave the row out"
        ),
        (
            "ts_ms,stream,value,unit\n1,a,1e999,\n",
            ":2:5: error: `1e999` is beyond the range of a double"
        ),
        (
            "ts_ms,stream,value,unit\n1,a,\"1,5\",\n",
            ":2:6: error: `1,5` has a decimal comma: write a point"
        ),
        (
            "ts_ms,stream,value,unit\n1,a,1\n",
            ":2:6: error: the row has too few fields: 4 are needed"
        ),
        (
            "ts_ms,stream,value,unit\n1,a,1,ppm,good\n",
            ":2:10: error: the row has too many fields: put quotes around one with a comma"
        ),
        (
            "ts_ms,stream,value,unit\n1,\"a,1,\n",
            ":2:3: error: the quote is not closed on its line; a field has no line breaks"
        ),
        (
            "ts_ms,stream,value,unit\n1,\"a\"b,1,\n",
            ":2:6: error: something stands behind the closing quote"
        ),
        (
            "ts_ms,stream,value,unit\n1,\"a\"\"b\",1,\n",
            ":2:3: error: a quote inside a field: no stream, unit or word has one"
        ),
        (
            #"{"ts_ms":1,"topic":"a"}"#,
            ":1:1: error: `payload` or `payload_base64` is missing"
        ),
        (
            #"{"ts_ms":1,"topic":"a","payload":"x","payload":"y"}"#,
            ":1:38: error: `payload` says again what was said"
        ),
        (
            #"{"ts_ms":1,"topic":"a","paylod":"x"}"#,
            ":1:24: error: unknown member `paylod`; "
                + "known: ts_ms, topic, payload, payload_base64, retained"
        ),
        (
            #"{"ts_ms":"1","topic":"a","payload":"x"}"#,
            ":1:10: error: `ts_ms` must be whole milliseconds since 1970"
        ),
        (
            #"{"ts_ms":1,"topic":"a","payload_base64":"?"}"#,
            ":1:41: error: the payload is no base 64 (RFC 4648)"
        ),
        (#"{"ts_ms":1,"topic":"a","payload":"x"#, ":1:36: error: the text is not closed"),
        (
            #"{"ts_ms":1,"topic":"a","payload":"\ud800"}"#,
            ":1:35: error: half of a surrogate pair"
        ),
    ]

    @Test("A mistake is named with its line and column", arguments: FeedReaderTests.mistakes)
    func refuses(text: String, error: String) throws {
        let path = try folder.write("f.csv", text)
        let thrown = #expect(throws: FeedError.self) { _ = try FeedReaderTests.story(path) }
        #expect(thrown?.description == path + error)
    }

    @Test("A file that is not there, cut or damaged says so")
    func unreadable() throws {
        let missing = folder.file("none.csv")
        #expect(throws: FeedError(path: missing, "cannot be read: No such file or directory")) {
            _ = try FeedReaderTests.story(missing)
        }
        let whole = gzip(Array(("ts_ms,stream,value,unit\n" + "1,a,1,\n").utf8))
        let cut = try folder.write("cut.gz", bytes: Array(whole.dropLast(4)))
        #expect(throws: FeedError(path: cut, "the gzip data end too early: was the file cut?")) {
            _ = try FeedReaderTests.story(cut)
        }
        var damaged = whole
        damaged[damaged.count - 5] ^= 0xFF
        let bad = try folder.write("bad.gz", bytes: damaged)
        let thrown = #expect(throws: FeedError.self) { _ = try FeedReaderTests.story(bad) }
        #expect(thrown?.message.hasPrefix("the gzip data are damaged: ") == true)
    }

    @Test("A line without an end is refused at its limit, not read into memory")
    func endlessLine() throws {
        let path = try folder.write(
            "f.csv", bytes: [UInt8](repeating: 0x61, count: FeedLines.lineMax + 10))
        let thrown = #expect(throws: FeedError.self) { _ = try FeedReaderTests.story(path) }
        #expect(thrown?.message.hasPrefix("the line is longer than") == true)
    }

    @Test("Unsorted lines are counted, with the first one's place")
    func unsorted() throws {
        let path = try folder.write(
            "f.csv", "ts_ms,stream,value,unit\n5,a,1,\n3,a,2,\n4,a,2,\n6,a,3,\n")
        let reader = try FeedReader(path: path, vocabulary: FeedVocabulary())
        while try reader.next() != nil {}
        #expect(reader.unsortedLines == 2)
        #expect(reader.firstUnsortedLine == 3)
    }

    @Test("Files are merged by time; at equal times the first file goes first")
    func merged() throws {
        let head = "ts_ms,stream,value,unit\n"
        let paths = [
            try folder.write("1", head + "1,a,1,\n3,a,2,\n3,a,3,\n9,a,4,\n"),
            try folder.write("2", head + "1,b,1,\n2,b,2,\n3,b,3,\n"),
            try folder.write("3", head),
            try folder.write("4", head + "0,c,1,\n3,c,2,\n10,c,3,\n"),
        ]
        let vocabulary = FeedVocabulary()
        let merge = try FeedMerge(paths: paths, vocabulary: vocabulary)
        var story: [String] = []
        while let time = merge.nextArrival, let item = try merge.next() {
            guard case .row(let row) = item.content, case .number(let value) = row.value else {
                continue
            }
            #expect(item.arrival == time)
            story.append("\(time.milliseconds)\(vocabulary.streams[row.stream])\(Int(value))")
        }
        #expect(story == ["0c1", "1a1", "1b1", "2b2", "3a2", "3a3", "3b3", "3c2", "9a4", "10c3"])
    }

    @Test(
        "A frame line reads back as what was written",
        arguments: [
            FrameLine(
                arrival: Timestamp(milliseconds: 1), topic: "a/b", payload: Array("{\"v\":1}".utf8)),
            FrameLine(
                arrival: Timestamp(milliseconds: -7), topic: "罐区/\"1\"\\",
                payload: [0, 0xFF, 0x80],
                isRetained: true),
            FrameLine(arrival: Timestamp(milliseconds: 0), topic: "t", payload: []),
            FrameLine(
                arrival: Timestamp(milliseconds: 2), topic: "t",
                payload: Array("\u{1}\n\t\r😀 é".utf8)),
        ])
    func frameLine(_ frame: FrameLine) throws {
        let line = frame.encoded
        #expect(!line.contains(0x0A))
        #expect(try line.withUnsafeBytes { try FrameLine(parsing: $0) } == frame)
    }
}
