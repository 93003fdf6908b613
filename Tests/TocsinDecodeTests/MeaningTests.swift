import Testing
import TocsinDecode
import TocsinModel

/// Times, qualities, plain payloads, several values, and rules that cannot be used.
struct MeaningTests {
    @Test("RFC 3339 times are read to the millisecond")
    func times() throws {
        let rows: [(String, Int64)] = [
            ("1970-01-01T00:00:00Z", 0), ("2023-11-15T06:13:20.123+08:00", 1_700_000_000_123),
            ("2023-11-14T22:13:20.1239Z", 1_700_000_000_123),
            ("2023-11-14t22:13:20z", 1_700_000_000_000),
            ("2023-11-14 22:13:20Z", 1_700_000_000_000), ("1969-12-31T23:59:59.999Z", -1),
            ("2016-12-31T23:59:60Z", 1_483_228_799_999),
            ("2024-02-29T00:00:00-00:00", 1_709_164_800_000),
            ("2000-02-29T12:00:00-12:00", 951_868_800_000),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("1900-03-01T00:00:00Z", -2_203_891_200_000),
        ]
        for (text, expected) in rows {
            #expect(try RFC3339.parse(text).milliseconds == expected, "\(text)")
        }
    }

    @Test("A text that is no RFC 3339 time names the place")
    func brokenTimes() {
        let rows = [
            ("", 0), ("2023", 4), ("2023-13-01T00:00:00Z", 0), ("2023-02-29T00:00:00Z", 0),
            ("1900-02-29T00:00:00Z", 0), ("2023-01-00T00:00:00Z", 0), ("2023-01-01", 10),
            ("2023-01-01T24:00:00Z", 11), ("2023-01-01T00:60:00Z", 11),
            ("2023-01-01T00:00:61Z", 11),
            ("2023-01-01T00:00:00", 19), ("2023-01-01T00:00:00.Z", 20),
            ("2023-01-01T00:00:00+0800", 22),
            ("2023-01-01T00:00:00+24:00", 19), ("2023-01-01T00:00:00Zx", 20),
            ("2023-1-01T00:00:00Z", 6),
        ]
        for (text, offset) in rows {
            do throws(TimeTextError) {
                _ = try RFC3339.parse(text)
                Issue.record("\(text) was accepted")
            } catch {
                #expect(error.offset == offset, "\(text): \(error.message)")
            }
        }
    }

    @Test("Numeric times count in the rule's unit and are rounded down")
    func numericTimes() throws {
        let rows: [(TimeUnit, String, String)] = [
            (.seconds, "1700000000.1239", "@1700000000123"), (.seconds, "-0.0001", "@-1"),
            (.seconds, "1.7e9", "@1700000000000"),
            (.milliseconds, "1700000000123.9", "@1700000000123"),
            (.milliseconds, "-1.5", "@-2"), (.microseconds, "1700000000123999", "@1700000000123"),
            (.nanoseconds, "1700000000123999999", "@1700000000123"), (.nanoseconds, "-1", "@-1"),
            (.milliseconds, "0", "@0"), (.milliseconds, "0e999999", "@0"),
            (.milliseconds, "1e-999999", "@0"),
            (.seconds, "1700000000.12345678901234567890", "@1700000000123"),
            (.milliseconds, "253402300800000", "@bad"), (.seconds, "1e30", "@bad"),
            (.milliseconds, "99999999999999999999999999", "@bad"), (.milliseconds, "true", "@bad"),
            (.milliseconds, "\"1700000000123\"", "@bad"), (.milliseconds, "\"\\ud800\"", "@bad"),
            (.milliseconds, "\"" + String(repeating: "9", count: 999) + "\"", "@bad"),
            (.milliseconds, "1,\"t\":1", "@bad"), (.milliseconds, "null", ""),
        ]
        for (unit, text, expected) in rows {
            let rule = DecodeRule(topics: "#", valueAt: ["/v"], timeAt: "/t", timeUnit: unit)
            #expect(try decoded("{\"v\":1,\"t\":\(text)}", rule) == "1.0" + expected, "\(text)")
        }
    }

    @Test("Quality words of the field, in any case, and unknown ones as bad")
    func qualities() throws {
        let rows = [
            ("\"GOOD\"", "1.0"), ("\" ok \"", "1.0"), ("true", "1.0"), ("1", "1.0"), ("192", "1.0"),
            ("\"正常\"", "1.0"), ("\"Bad\"", "1.0!bad"), ("false", "1.0!bad"), ("0", "1.0!bad"),
            ("\"故障\"", "1.0!bad"), ("\"\\u6545\\u969c\"", "1.0!bad"),
            ("\"sensor_fault\"", "1.0!bad"),
            ("\"Maintenance\"", "1.0!inhibited"), ("\"标定\"", "1.0!inhibited"),
            ("\"over range\"", "1.0^"), ("\"超量程\"", "1.0^"), ("\"UNDER_RANGE\"", "1.0_"),
            ("\"splendid\"", "1.0!bad?"), ("\"\"", "1.0!bad?"), ("7", "1.0!bad?"),
            ("[]", "1.0!bad?"),
            ("\"\\ud800\"", "1.0!bad?"), ("1,\"q\":1", "1.0!bad?"), ("null", "1.0"),
            ("\"M\"", "1.0!inhibited"),
            ("\"bypass\"", "1.0"),
        ]
        let rule = DecodeRule(
            topics: "#", valueAt: ["/v"], qualityAt: "/q",
            qualityWords: [("M", .inhibited), ("bypass", .good)])
        for (text, expected) in rows {
            #expect(try decoded("{\"v\":1,\"q\":\(text)}", rule) == expected, "\(text)")
        }
    }

    @Test("Plain numbers and words are read as engineers write them")
    func plain() throws {
        let rows = [
            ("-12.5", "-12.5", "-12.5"), ("+3", "3.0", "3.0"), ("1e3", "1000.0", "1000.0"),
            (" 7.2\r\n", "7.2", "7.2"), (".5", "0.5", "0.5"), ("5.", "5.0", "5.0"),
            ("007", "7.0", "7.0"),
            ("RUN", "not-a-number", "'RUN'"), (" 故障\n", "not-a-number", "'故障'"),
            ("", "empty", "empty"),
            ("  ", "no-value", "no-value"), ("nan", "not-a-number", "'nan'"),
            ("-Inf", "not-a-number", "'-Inf'"),
            ("0x1F", "not-a-number", "'0x1F'"), ("12,5", "decimal-comma", "'12,5'"),
            ("1,2,3", "not-a-number", "'1,2,3'"),
            ("12.5 ppm", "not-a-number", "'12.5 ppm'"), ("1e", "not-a-number", "'1e'"),
            ("1e+", "not-a-number", "'1e+'"),
            (".", "not-a-number", "'.'"), ("-", "not-a-number", "'-'"),
            ("1e400", "number-range", "number-range"),
            ("a\u{1}b", "not-a-number", "json"),
            (String(repeating: "x", count: 257), "not-a-number", "text-too-long"),
        ]
        for (text, number, word) in rows {
            #expect(
                try decoded(text, DecodeRule(topics: "#", format: .number)) == number, "\(text)")
            #expect(try decoded(text, DecodeRule(topics: "#", format: .word)) == word, "\(text)")
        }
        let unit = DecodeRule(topics: "#", format: .number, unit: "ppm")
        #expect(try decoded("5", unit) == "5.0[ppm]")
    }

    @Test("A whole object gives its numeric members, without what other pointers take")
    func members() throws {
        let rule = DecodeRule(
            topics: "#", timeAt: "/ts", unitAt: "/meta/u", unit: "ppm", qualityAt: "/q")
        let rows = [
            (#"{"h2s":1,"ts":5,"co":2.5,"q":1}"#, "h2s=1.0[ppm]@5 co=2.5[ppm]@5"),
            (#"{"h2s":1,"meta":{"u":"mg/m3","n":3}}"#, "h2s=1.0[mg/m3]"),
            (#"{"a:b%":1}"#, "a:b%=1.0[ppm]"),
            (#"{"\u6e29度":1}"#, "温度=1.0[ppm]"),
            (#"{"ts":5,"x":"y","n":null,"b":true}"#, "no-value"),
            (#"{"a":1,"b":1e999}"#, "number-range"), (#"[1,2]"#, "not-a-number"), ("5", "5.0[ppm]"),
            (#"{"a":1,"\ud800":2}"#, "utf8"), ("null", "no-value"), (#""RUN""#, "'RUN'[ppm]"),
        ]
        for (text, expected) in rows { #expect(try decoded(text, rule) == expected, "\(text)") }
        let many = (0..<256).map { "\"f\($0)\":\($0)" }.joined(separator: ",")
        #expect(try decoded("{\(many)}").hasSuffix("f255=255.0"))
        #expect(try decoded("{\(many),\"f256\":1}") == "too-many-values")
        #expect(try decoded("{\(many),\"f77\":1}") == "duplicate-member")
    }

    @Test("Several pointers give one stream each, named by their last token")
    func severalPointers() throws {
        let rule = DecodeRule(
            topics: "#", valueAt: ["/a/x", "/b/0/y~1z", "/long-name-of-a-member"])
        let rows = [
            (
                #"{"a":{"x":1},"b":[{"y/z":2}],"long-name-of-a-member":"RUN"}"#,
                "x=1.0 y/z=2.0 long-name-of-a-member='RUN'"
            ),
            (#"{"a":{"x":1},"b":{"0":{"y\/z":2}},"long-name-of-a-membeR":3}"#, "x=1.0 y/z=2.0"),
            (#"{"a":{"x":null},"b":[]}"#, "no-value"), (#"{"a":{"x":{"n":1}}}"#, "not-a-number"),
            (#"{"a":{"x":1},"a":{"x":2}}"#, "duplicate-member"),
        ]
        for (text, expected) in rows { #expect(try decoded(text, rule) == expected, "\(text)") }
    }

    @Test("A rule that cannot be used names its key and place")
    func brokenRules() {
        let rows: [(DecodeRule, String, Int, Int)] = [
            (DecodeRule(topics: "a/#/b"), "topics", 0, 2),
            (DecodeRule(topics: "#", valueAt: ["v"]), "value_at", 0, 0),
            (DecodeRule(topics: "#", valueAt: ["/a", "/b~2"]), "value_at", 1, 2),
            (DecodeRule(topics: "#", valueAt: ["/a/x", "/b/x"]), "value_at", 1, 0),
            (DecodeRule(topics: "#", valueAt: ["/a", ""]), "value_at", 1, 0),
            (DecodeRule(topics: "#", timeAt: "ts"), "time_at", 0, 0),
            (DecodeRule(topics: "#", format: .number, unitAt: "/u"), "unit_at", 0, 0),
            (DecodeRule(topics: "#", unit: String(repeating: "u", count: 300)), "unit", 0, 0),
            (
                DecodeRule(topics: "#", valueAt: [String(repeating: "/a", count: 65)]), "value_at",
                0, 0
            ),
            (DecodeRule(topics: "#", valueAt: (0..<300).map { "/f\($0)" }), "value_at", 255, 0),
        ]
        for (rule, key, index, offset) in rows {
            do throws(DecodeRuleError) {
                _ = try PayloadDecoder(rule)
                Issue.record("\(key) was accepted")
            } catch {
                #expect(error.key == key && error.offset == offset, "\(error)")
                if key != "value_at" || rule.valueAt.count < 100 { #expect(error.index == index) }
            }
        }
    }
}
