import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("Functions: warnings, and rules of one alarm for each group")
struct FunctionWarningTests {
    private func check(
        _ text: String, every: Span? = nil, groupLabel: String? = nil
    ) -> (warnings: [String], errors: [String]) {
        var context = Fixture.context("lel")
        context.every = every
        context.groupLabel = groupLabel
        do throws(ExpressionErrors) {
            let typed = try TypedExpression.check(text, in: context)
            return (typed.warnings.map(FunctionWarningTests.line), [])
        } catch {
            return ([], error.errors.map(FunctionWarningTests.line))
        }
    }

    private static func line(_ error: ExpressionError) -> String {
        "\(error.range.offset)+\(error.range.length) \(error.message)"
    }

    @Test("A window that can never hold its samples is warned of, where the cadence is known")
    func shortWindows() {
        let rows: [(String, Int64?, String?)] = [
            ("mean(5s) > 5", 2, nil), ("mean(4s) > 5", 2, nil),
            ("mean(3s) > 5", 2, "5+2 this window of `mean` holds fewer than 2 samples"),
            ("mean(3s) > 5", nil, nil), ("mean(count=2) > 5", 60, nil),
            ("slope(5s) > 5 %LEL/s", 2, "6+2 this window of `slope` holds fewer than 3 samples"),
            ("slope(6s) > 5 %LEL/s", 2, nil),
            (
                "any(max(1m) > 5, of=\"+\")", 60,
                "8+2 this window of `max` holds fewer than 2 samples"
            ),
        ]
        for (text, every, wanted) in rows {
            let found = check(text, every: every.map { Span.seconds($0) })
            #expect(found.errors == [], "\(text)")
            let tail = every.map { ": the stream speaks every \(Span.seconds($0).text)" } ?? ""
            #expect(found.warnings == (wanted.map { [$0 + tail] } ?? []), "\(text)")
        }
    }

    @Test("A group of one stream and a forecast far beyond its window are warned of")
    func others() {
        #expect(
            check("any(over, of=\"{area}/gas/1\")").warnings == [
                "14+12 `of` names one stream: a group has `+` or `#` for its members"
            ])
        #expect(check("any(over, of=\"{area}/gas/+\")").warnings == [])
        #expect(
            check("forecast(value, over=1m, ahead=11m) > 5").warnings.first?.hasPrefix(
                "31+3 this looks ahead more than ten times as far as its window looks back")
                == true)
        #expect(check("forecast(value, over=1m, ahead=10m) > 5").warnings == [])
    }

    @Test("A group without a stream of the pack is warned of")
    func members() throws {
        var context = Fixture.context("lel")
        context.match = try StreamPattern("{area}/gas/{id}")
        let rows = [
            ("{area}/gas/+", true), ("#", true), ("east/gas/#", true), ("{area}/dust/+", false),
            ("{area}/gas/+/x", false),
        ]
        for (pattern, isFit) in rows {
            let typed = try TypedExpression.check("any(over, of=\"\(pattern)\")", in: context)
            let found = typed.warnings.map(FunctionWarningTests.line)
            let place = "14+\(pattern.utf8.count)"
            let wanted = "\(place) no stream of this pack fits `of`: the group has no members"
            #expect(found == (isFit ? [] : [wanted]), "\(pattern)")
        }
    }

    @Test("With `per`, only groups and streams of the label can be asked")
    func groupLabel() {
        let of = "of=\"{area}/gas/+\""
        for text in [
            "votes(value >= limit.H and quality is good and not over, \(of)) >= 2",
            "max_of(mean(5m), \(of)) > 5", "any(age > 5m, \(of)) and during(\"08:00-18:00\")",
            "any(stream(\"{line}/gas\") > 5, \(of))",
        ] {
            #expect(check(text, groupLabel: "area").errors == [], "\(text)")
        }
        let of1 = "is of one stream, but the rule has one alarm per `area`"
        let rows: [(String, [String])] = [
            ("value > 5", ["0+5 `value` \(of1)"]),
            ("any(over, \(of)) and over", ["33+4 `over` \(of1)"]),
            ("max_of(value, \(of)) > limit.H", ["35+7 `limit.H` \(of1)"]),
            ("quality is bad or age > 5m", ["0+7 `quality` \(of1)", "18+3 `age` \(of1)"]),
            ("mean(5m) > 3", ["0+4 `mean` \(of1)"]),
            ("any(over, of=\"{line}/gas/+\")", ["15+4 unknown label `{line}`"]),
            ("stream(\"{line}/gas\") > 5 ppm", ["9+4 unknown label `{line}`"]),
        ]
        for (text, wanted) in rows {
            #expect(check(text, groupLabel: "area").errors == wanted, "\(text)")
        }
    }

    @Test("A calculated stream's expression gives a number in the unit that was asked")
    func numbers() throws {
        func number(_ text: String, _ unit: String?) throws(ExpressionErrors) -> String {
            let node = try ExpressionNode.parse(text)
            let (typed, found) = try TypedExpression.checkNumber(
                node, of: text, unit: unit.map(Fixture.unit), in: Fixture.context("kpa"))
            let symbol = found.map { UnitTable.standard[$0].symbol } ?? "-"
            return "\(typed.root.outline) \(symbol)"
        }
        #expect(try number("value - stream(\"{line}/pressure\")", nil) == "(- value $0) kPa")
        #expect(try number("value * 2", "MPa") == "(* (* value 2.0) 0.001) MPa")
        #expect(
            try number("number(value, \"kPa\") * number(value, \"kPa\")", "%")
                == "(* value value) %")
        #expect(
            try number("dose(1h) / 1h", "Pa")
                == "(* (/ (dose 3600000ms exposure) 3600.0) 1000.0) Pa")
        for (text, unit) in [
            ("value > 5", "kPa"), ("5 kPa", "kPa"), ("value", "°C"), ("slope(5m)", "kPa"),
            ("slope(5m)", nil), ("quality", nil),
        ] {
            #expect(throws: ExpressionErrors.self, "\(text)") { try number(text, unit) }
        }
    }
}
