/// `==` and `!=` compare exactly; the four others may carry deadband.
package enum ComparisonOperator: String, Sendable, CaseIterable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
}

/// The four operations; their raw value is the canonical sign.
package enum ArithmeticOperator: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
}

/// Kleene's `and` and `or`; `not` is a node of its own.
package enum LogicOperator: String, Sendable, CaseIterable {
    case and, or
}

/// An argument of a call: `5m`, or by name `over=5m`.
package struct ExpressionArgument: Equatable, Sendable {
    package var name: String?
    /// Where the name stands; the value's range when there is no name.
    package var nameRange: ExpressionRange
    package var value: ExpressionNode
}

/// A node of the parsed expression, names not yet resolved. Parentheses leave no node.
package struct ExpressionNode: Equatable, Sendable {
    package indirect enum Kind: Equatable, Sendable {
        case number(ExpressionNumber)
        /// A text in quotes outside `stream`: only an argument of a function.
        case text(String)
        /// A word with a meaning of its own: `value quality age over under`, or one that has none.
        case name(String)
        /// `limit.NAME`; the range is that of NAME.
        case limit(String, ExpressionRange)
        /// `stream("pattern")`; the range is that of the pattern between the quotes.
        case stream(String, ExpressionRange)
        /// `… is running`, `… is not fault`, `… is running for 60s`; the range is that of the state's
        /// name, `held` the number behind `for`.
        case state(
            ExpressionNode, String, ExpressionRange, isNegated: Bool, held: ExpressionNode?)
        case call(String, ExpressionRange, [ExpressionArgument])
        case negate(ExpressionNode)
        case not(ExpressionNode)
        case arithmetic(ArithmeticOperator, ExpressionNode, ExpressionNode)
        case comparison(ComparisonOperator, ExpressionNode, ExpressionNode)
        case logic(LogicOperator, ExpressionNode, ExpressionNode)
    }

    package var kind: Kind
    package var range: ExpressionRange

    package init(_ kind: Kind, _ range: ExpressionRange) {
        self.kind = kind
        self.range = range
    }
}

/// How tightly an operator binds; a greater raw value binds tighter (contract §4).
enum ExpressionPrecedence: Int, Comparable {
    case or = 1
    case and, not, comparison, sum, product, sign, primary

    static func < (a: ExpressionPrecedence, b: ExpressionPrecedence) -> Bool {
        a.rawValue < b.rawValue
    }

    /// What the right operand of a left-associative operator must exceed.
    var tighter: ExpressionPrecedence { ExpressionPrecedence(rawValue: rawValue + 1) ?? .primary }
}

extension ExpressionNode {
    var precedence: ExpressionPrecedence {
        switch kind {
        case .number(let number): number.value.sign == .minus ? .sign : .primary
        case .text, .name, .limit, .stream, .call: .primary
        case .state, .comparison: .comparison
        case .negate: .sign
        case .not: .not
        case .arithmetic(let operation, _, _):
            switch operation {
            case .add, .subtract: .sum
            case .multiply, .divide: .product
            }
        case .logic(let operation, _, _):
            switch operation {
            case .and: .and
            case .or: .or
            }
        }
    }
}
