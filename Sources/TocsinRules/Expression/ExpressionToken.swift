package import TocsinModel

/// The unit behind a number, as far as the text alone tells it.
package enum ExpressionUnit: Equatable, Sendable {
    /// No unit: the number takes the unit of what it is compared with.
    case none
    /// A unit of `UnitTable.standard`. `m` is metres here; the checker reads it as minutes where a
    /// duration is expected.
    case known(UnitIndex)
    /// A unit per time that the table has no unit for: `%LEL/min`.
    case rate(UnitIndex, per: UnitIndex)
    /// A unit times a time: `ppm·h`.
    case dose(UnitIndex, times: UnitIndex)
    /// A percentage of the measuring range (`2 % of span`).
    case percentOfSpan
    /// Text in the place of a unit that is none, as it was written.
    case unknown(String)
}

/// A number with its unit, one token (contract §4): `35 ppm`, `70 °C`, `2 % of span`.
package struct ExpressionNumber: Equatable, Sendable {
    package var value: Double
    package var unit: ExpressionUnit
    /// Where the unit stands; empty, right behind the number, when there is none.
    package var unitRange: ExpressionRange

    package init(value: Double, unit: ExpressionUnit, unitRange: ExpressionRange) {
        self.value = value
        self.unit = unit
        self.unitRange = unitRange
    }
}

/// A piece of an expression's text.
struct ExpressionToken: Equatable {
    enum Kind: Equatable {
        case number(ExpressionNumber)
        /// A word: names, functions and the words `and or not is` alike.
        case name(String)
        case string(String)
        case plus, minus, times, divide
        case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
        /// A single `=`: joins a named argument to its value, and nothing else.
        case assign
        case dot, comma, leftParenthesis, rightParenthesis
        case end
    }

    var kind: Kind
    var range: ExpressionRange

    /// The token as an error message names it.
    var description: String {
        switch kind {
        case .number: "a number"
        case .name(let name): "`\(name)`"
        case .string: "a text in quotes"
        case .plus: "`+`"
        case .minus: "`-`"
        case .times: "`*`"
        case .divide: "`/`"
        case .less: "`<`"
        case .lessOrEqual: "`<=`"
        case .greater: "`>`"
        case .greaterOrEqual: "`>=`"
        case .equal: "`==`"
        case .notEqual: "`!=`"
        case .assign: "`=`"
        case .dot: "`.`"
        case .comma: "`,`"
        case .leftParenthesis: "`(`"
        case .rightParenthesis: "`)`"
        case .end: "the end"
        }
    }
}
