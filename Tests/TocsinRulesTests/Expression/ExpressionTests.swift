import Testing
import TocsinModel

@testable import TocsinRules

@Suite("Expressions: what is accepted")
struct ExpressionTests {
    @Test(
        "Accepted expressions give the tree and the canonical text of the tables",
        arguments: [(acceptedExpressions, 80), (acceptedFunctions, 70)])
    func golden(table: String, least: Int) throws {
        let rows = ExpressionRow.all(in: table)
        #expect(rows.count >= least)
        for row in rows {
            let typed = try TypedExpression.check(row.text, in: Fixture.context(row.pack))
            #expect(typed.root.outline == row.content(">"), "\(row)")
            #expect(typed.canonicalText == row.content("=") ?? row.text, "\(row)")
        }
    }

    @Test("Canonical text parses to a tree with the same canonical text and the same meaning")
    func canonicalIsStable() throws {
        for row in ExpressionRow.all(in: acceptedExpressions + "\n" + acceptedFunctions) {
            let context = Fixture.context(row.pack)
            let first = try TypedExpression.check(row.text, in: context)
            let second = try TypedExpression.check(first.canonicalText, in: context)
            #expect(second.canonicalText == first.canonicalText)
            #expect(second.root.outline == first.root.outline)
        }
    }

    @Test(
        "Operators bind as the contract says",
        arguments: [
            ("a or b and c", "a or (b and c)"),
            ("a and b or c", "(a and b) or c"),
            ("not a and b", "(not a) and b"),
            ("not a < b", "not (a < b)"),
            ("not a is b", "not (a is b)"),
            ("a + b < c", "(a + b) < c"),
            ("a < b + c", "a < (b + c)"),
            ("a + b is c", "(a + b) is c"),
            ("a + b * c", "a + (b * c)"),
            ("a * b + c", "(a * b) + c"),
            ("a - b - c", "(a - b) - c"),
            ("a / b / c", "(a / b) / c"),
            ("a / b * c", "(a / b) * c"),
            ("-a * b", "(-a) * b"),
            ("a - -b", "a - (-b)"),
            ("a or b or c", "(a or b) or c"),
            ("a < b and not c > d or e is not f", "((a < b) and (not (c > d))) or (e is not f)"),
        ])
    func precedence(loose: String, explicit: String) throws {
        let tree = try ExpressionNode.parse(loose)
        // Equal canonical texts of different trees would need different parentheses.
        #expect(try ExpressionNode.parse(explicit).canonicalText == tree.canonicalText)
        #expect(tree.canonicalText == loose)
    }

    @Test("Parentheses that change the meaning are kept")
    func parenthesesKept() throws {
        for text in [
            "(a or b) and c", "not (a and b)", "a - (b - c)", "a / (b * c)", "-(a + b)",
            "(a < b) < c", "a and (b and c)", "(not a) < b", "not (a or not b)",
        ] {
            #expect(try ExpressionNode.parse(text).canonicalText == text)
        }
    }

    @Test("Full-width signs and quotes are read as the plain ones")
    func fullWidth() throws {
        let pairs = [
            ("value　≥　３５．５％ＬＥＬ", "value >= 35.5 %LEL"),
            ("（value ＋ ２ × ３ − ４）＞ limit．Ｈ", "value + 2 * 3 - 4 > limit.H"),
            ("value ÷ 2 ≠ ６ ｏｒ ｖａｌｕｅ ＜＝ ７", "value / 2 != 6 or value <= 7"),
            ("mean（５ｍ，of＝“{a}”）＞１", "mean(5m, of=\"{a}\") > 1"),
            ("value is ‘故障’", "value is 故障"),
            ("value > 5 μA or value > 5 µA", "value > 5 µA or value > 5 µA"),
            ("value > 70 ℃ and value > 3 m³/h", "value > 70 °C and value > 3 m3/h"),
        ]
        for (text, canonical) in pairs {
            #expect(try ExpressionNode.parse(text).canonicalText == canonical)
        }
    }

    @Test("Functions parse in every form of the contract and print back")
    func callsPrint() throws {
        for text in [
            "forecast(value, over=5m, ahead=10m) >= limit.H and slope_significance(5m) > 3",
            "votes(value >= limit.H, of=\"{area}/hazchem/lel/+\") >= 2", "mean(count=20) > 5",
            "quantile(0.95, 8h) > 2 * median(30d)", "time_to(limit.H, over=250ms) < 10",
            "all(value >= 5, of=\"#\") or any(over, of=\"+/x\")",
        ] {
            #expect(try ExpressionNode.parse(text).canonicalText == text)
        }
    }

    @Test("References and limits are listed once, in the order they first occur")
    func lists() throws {
        let text = """
            stream("{line}/pressure") > 1 kPa and value > limit.HH \
            and stream("{line}/gas") > 2 mg/m3 or stream("{line}/pressure") < limit.p \
            or value < limit.HH
            """
        var context = Fixture.context("temp")
        context.limits.append(("p", Fixture.unit("MPa")))
        let typed = try TypedExpression.check(text, in: context)
        #expect(typed.references == ["{line}/pressure", "{line}/gas"])
        #expect(typed.limits == ["HH", "p"])
        #expect(!typed.usesAge)
    }

    @Test("Only comparisons of value with set-points carry deadband")
    func deadband() throws {
        let rows: [(pack: String, text: String, has: Bool)] = [
            ("lel", "value >= 5", true), ("lel", "limit.H < value", true),
            ("lel", "value == limit.H", false), ("lel", "value / limit.H > 2", false),
            ("lel", "over or quality is bad", false), ("lel", "age > 5s", false),
            ("airlock", "value is running", false),
            ("mpa", "value > stream(\"{line}/pressure\")", false),
            ("mpa", "stream(\"{line}/pressure\") > 5", false),
        ]
        for row in rows {
            let typed = try TypedExpression.check(row.text, in: Fixture.context(row.pack))
            #expect(typed.hasLimitComparison == row.has, "\(row.text)")
        }
    }

    @Test("The trend says which way value must move for the comparison to become true")
    func trend() throws {
        let rows: [(text: String, trend: DeadbandDirection?)] = [
            ("value >= 5", .rising), ("5 >= value", .falling), ("-value < -5", .rising),
            ("limit.H - value <= 5", .rising), ("value * -2 > 5", .falling),
            ("value / 2 < limit.H", .falling), ("value * (limit.H / limit.HH) > 5", nil),
            ("value > value / 2", nil), ("value + value > 5", .rising),
            ("stream(\"{line}/pressure\") > 5", nil), ("value != 5", nil),
        ]
        for row in rows {
            let typed = try TypedExpression.check(row.text, in: Fixture.context("kpa"))
            guard case .comparison(let comparison) = typed.root.kind else {
                Issue.record("\(row.text) is no comparison")
                continue
            }
            #expect(comparison.trend == row.trend, "\(row.text)")
        }
    }

    @Test("Every node knows its place in the text")
    func places() throws {
        let text = "not (value ≥ limit.H) or age > 5m"
        let root = try TypedExpression.check(text, in: Fixture.context("lel")).root
        #expect(root.range == ExpressionRange(offset: 0, length: text.utf8.count))
        guard case .logic(.or, let left, let right) = root.kind, case .not(let inner) = left.kind,
            case .comparison(let comparison) = inner.kind
        else {
            Issue.record("unexpected shape \(root.outline)")
            return
        }
        #expect(inner.range == ExpressionRange(offset: 5, length: 17))
        #expect(comparison.right.range == ExpressionRange(offset: 15, length: 7))
        #expect(right.range == ExpressionRange(offset: 27, length: 8))
    }
}
