import Testing
import TocsinDecode

/// RFC 8259, class by class; a payload is put beside a value, so that it is only checked, and
/// also decoded on its own.
struct GrammarTests {
    private static let accepted: [String] = [
        "0", "-0", "1", "-1", "10", "0.5", "-0.0", "1e5", "1E5", "1e+5", "1e-5", "0e0", "0E+0",
        "1.5e300", "1e999", "123456789012345678901234567890", "0.000000000000000000000000000001",
        "true", "false", "null", "\"\"", "\" \"", "\"a\"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"",
        "\"\\b\\f\\n\\r\\t\"", "\"\\u0000\"", "\"\\u00e9\\u00E9\"", "\"\\ud83d\\ude00\"",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"é\"", "\"故障\"", "\"😀\"", "\"\u{10FFFF}\"",
        "\"\u{7F}\"", "\"\u{80}\"", "\"\u{2028}\u{FEFF}\u{FFFF}\"", "[]", "[ ]", "[1]", "[1,2]",
        "[ 1 , 2 ]", "[[],[[]]]", "[null]", "{}", "{ }", "{\"\":0}", "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":[{},[]]}}", "{ \"a\" : 1 , \"b\" : [ ] }", " \t\r\n1 \t\r\n", "[\n1\r\n]",
    ]

    private static let rejected: [String] = [
        "", " ", "00", "01", "-01", "-", "--1", "+1", ".5", "5.", "1.", "1.e5", "1e", "1e+", "1e-",
        "1e5.0", "1.2.3", "0x10", "0b1", "1_000", "1,5", "NaN", "nan", "Infinity", "-Infinity",
        "inf", "-a", "1a", "1 2", "１", "tru", "True", "TRUE", "truex", "true false", "nul", "nulll",
        "undefined", "\"", "\"a", "a\"", "'a'", "\"\\", "\"\\\"", "\"\\x41\"", "\"\\a\"", "\"\\u\"",
        "\"\\u12\"", "\"\\u12G4\"", "\"\\U0041\"", "\"\\u 041\"", "\"\n\"", "\"\t\"", "\"\u{0}\"",
        "\"\u{1F}\"", "\"a\"\"b\"", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]",
        "[1:2]", "[1}", "[]]", "[\"a\":1]", "{", "}", "{]", "{,}", "{\"a\"}", "{\"a\":}",
        "{\"a\" 1}", "{\"a\":1,}", "{,\"a\":1}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}",
        "{a:1}", "{1:1}", "{'a':1}", "{\"a\":1}}", "{\"a\"::1}", "{\"a\":1", "{\"a\":1,",
        "{null:1}",
        "{[]:1}", "/*c*/1", "1//c", "1#", "1\u{0}", "\u{C}1", "\u{B}1", "1\u{A0}", "\u{2028}1",
        "*", "<a>", "[1]x", "{}{}", "[][]",
    ]

    /// The value is 7 when the text is correct JSON.
    private func beside(_ text: [UInt8]) throws -> String {
        let rule = DecodeRule(topics: "#", valueAt: ["/v"])
        return try decoded(Array("{\"x\":".utf8) + text + Array(",\"v\":7}".utf8), rule)
    }

    @Test("Every accepted class of RFC 8259 passes where nobody selects it", arguments: accepted)
    func accepts(_ text: String) throws {
        #expect(try beside(Array(text.utf8)) == "7.0")
    }

    @Test("Every rejected class of RFC 8259 is rejected, selected or not", arguments: rejected)
    func rejects(_ text: String) throws {
        #expect(try beside(Array(text.utf8)) == "json", "\(text)")
        let alone = try decoded(text)
        #expect(["json", "empty", "not-a-number"].contains(alone), "\(text) gave \(alone)")
    }

    @Test("Text that is no UTF-8 is rejected wherever it stands")
    func utf8() throws {
        let broken: [[UInt8]] = [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE6, 0x95],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xF0, 0x9F, 0x98], [0xC2, 0xC2],
        ]
        for bytes in broken {
            #expect(try beside([0x22] + bytes + [0x22]) == "utf8", "\(bytes)")
            #expect(
                try decoded(bytes, DecodeRule(topics: "#", format: .word)) == "utf8", "\(bytes)")
        }
    }

    @Test("A byte order mark has a reason of its own")
    func byteOrderMark() throws {
        #expect(try decoded([0xEF, 0xBB, 0xBF, 0x31]) == "byte-order-mark")
        #expect(try decoded([0xFF, 0xFE, 0x31, 0x00]) == "json")
    }

    @Test("Nesting stops at 64 levels, through selected members too")
    func depth() throws {
        func nested(_ levels: Int) -> [UInt8] {
            Array(repeating: 0x5B, count: levels) + Array(repeating: 0x5D, count: levels)
        }
        #expect(try beside(nested(63)) == "7.0")
        #expect(try beside(nested(64)) == "depth")
        #expect(try beside(Array(repeating: 0x5B, count: 100_000)) == "depth")
        let mixed = String(repeating: "{\"a\":[", count: 31) + String(repeating: "]}", count: 31)
        #expect(try beside(Array(mixed.utf8)) == "7.0")
        let path = String(repeating: "/0", count: 64)
        let rule = DecodeRule(topics: "#", valueAt: [path])
        let full = String(repeating: "[", count: 64) + "5" + String(repeating: "]", count: 64)
        #expect(try decoded(full, rule) == "5.0")
        #expect(try decoded("[" + full + "]", rule) == "not-a-number")
    }

    @Test("A cut payload is rejected at every length, and no cut names a place outside")
    func cut() throws {
        let whole = Array(#"{"v":12.5,"x":[1,{"a":"\u00e9é"},true,null],"u":"ppm"}"#.utf8)
        let rule = DecodeRule(topics: "#", valueAt: ["/v"], unitAt: "/u")
        #expect(try decoded(whole, rule) == "12.5[ppm]")
        for length in 1..<whole.count {
            let reason = try decoded(Array(whole.prefix(length)), rule)
            #expect(["json", "utf8"].contains(reason), "\(length) bytes gave \(reason)")
        }
        #expect(try decoded([], rule) == "empty")
    }

    @Test("An over-long payload is rejected before it is read")
    func tooLong() throws {
        let decoder = try PayloadDecoder(
            DecodeRule(topics: "#"), limits: DecodeLimits(payloadBytes: 4))
        var buffer = ReadingBuffer()
        for (text, expected) in [("1234", "1234.0"), ("12345", "payload-too-long")] {
            let got = Array(text.utf8).withUnsafeBytes { outcome(of: $0, decoder, &buffer) }
            #expect(got == expected)
        }
    }
}
