import Testing
import TocsinModel

@testable import TocsinRules

@Suite("Expressions: what is refused")
struct ExpressionErrorTests {
    private func errors(of text: String, _ pack: String) -> [ExpressionError] {
        do throws(ExpressionErrors) {
            _ = try TypedExpression.check(text, in: Fixture.context(pack))
            return []
        } catch {
            return error.errors
        }
    }

    /// The lines that the table holds for these errors.
    private func lines(_ errors: [ExpressionError]) -> [String] {
        errors.flatMap { error in
            ["\(error.range.offset)+\(error.range.length) \(error.message)"]
                + (error.suggestion.map { ["~ \($0)"] } ?? [])
        }
    }

    @Test(
        "Refused expressions give the places, messages and suggestions of the tables",
        arguments: [
            (refusedSyntax, 40), (refusedMeaning, 60), (refusedCalls, 70), (refusedHabits, 40),
        ])
    func golden(table: String, least: Int) {
        let rows = ExpressionRow.all(in: table)
        #expect(rows.count >= least)
        for row in rows {
            #expect(lines(errors(of: row.text, row.pack)) == row.lines, "\(row)")
        }
    }

    @Test("An empty expression says what is missing")
    func empty() {
        for text in ["", "   ", "\n\t　"] {
            let found = errors(of: text, "lel")
            #expect(found.map(\.message) == ["the expression is empty"])
        }
    }

    @Test("Three independent faults are reported together, in the order of their places")
    func several() {
        let found = errors(of: "valeu > 5 ppmm or value > 3 MPa and limit.X > value", "lel")
        #expect(found.map(\.range.offset) == [0, 10, 26, 42])
        #expect(found.map(\.suggestion) == ["value", "ppm", nil, nil])
    }

    @Test("An expression longer than the limit is refused at the first byte beyond it")
    func tooLong() {
        let longest = "value > 5" + String(repeating: " ", count: ExpressionLimits.textBytes - 9)
        #expect(errors(of: longest, "lel").isEmpty)
        let found = errors(of: longest + " ", "lel")
        #expect(
            found.map(\.range) == [ExpressionRange(offset: ExpressionLimits.textBytes, length: 1)])
    }

    @Test("Nesting and size are bounded")
    func bounded() {
        func nested(_ opening: String, _ closing: String, _ count: Int) -> String {
            String(repeating: opening, count: count) + "over"
                + String(repeating: closing, count: count)
        }
        #expect(errors(of: nested("(", ")", 60), "lel").isEmpty)
        let deep = errors(of: nested("(", ")", 65), "lel")
        #expect(deep.map(\.message) == ["nested deeper than 64 levels"])
        #expect(!errors(of: nested("not ", "", 200), "lel").isEmpty)
        #expect(!errors(of: nested("- ", "", 200), "lel").isEmpty)
        #expect(!errors(of: nested("mean(", ")", 200), "lel").isEmpty)
        let chain = String(repeating: "over or ", count: 127) + "over"
        #expect(errors(of: chain, "lel").isEmpty)
        let longer = errors(of: String(repeating: "over or ", count: 128) + "over", "lel")
        #expect(longer.map(\.message) == ["the expression has more than 256 parts"])
    }

    @Test("No more errors are reported than a reader can use")
    func errorsAreBounded() {
        let many = String(repeating: "x > 1 or ", count: 60) + "over"
        #expect(errors(of: many, "lel").count == ExpressionLimits.errors)
        #expect(errors(of: String(repeating: "$", count: 60), "lel").count == 16)
    }

    @Test("A number with its unit is read alone, signed, and nothing else with it")
    func numbers() throws {
        let number = try ExpressionNumber.parse(" -0.15 MPa ")
        #expect(number.value == -0.15)
        #expect(number.unit == .known(Fixture.unit("MPa")))
        #expect(number.unitRange == ExpressionRange(offset: 7, length: 3))
        #expect(try ExpressionNumber.parse("2 % of span").unit == .percentOfSpan)
        #expect(try ExpressionNumber.parse("60").unit == .none)
        for text in ["", "value", "5 ppm + 3", "(5", "MPa"] {
            #expect(throws: ExpressionErrors.self) { try ExpressionNumber.parse(text) }
        }
    }
}
