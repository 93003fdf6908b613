package import TocsinEngine
package import TocsinModel

/// Which way a condition must fall back before it clears (contract §4 "Deadband").
package enum DeadbandDirection: Sendable, Equatable {
    /// True above the set-point: clears below set-point − deadband.
    case rising
    /// True below the set-point: clears above set-point + deadband.
    case falling
}

/// Which stream a state test looks at.
package enum StateSubject: Sendable, Equatable {
    case own
    /// The position in `TypedExpression.references`.
    case reference(Int)
}

/// A comparison of two numbers in one unit.
package struct TypedComparison: Sendable, Equatable {
    package var operation: ComparisonOperator
    package var left: TypedNode
    package var right: TypedNode
    /// Set where deadband acts: `value` on one side, limits and numbers on the other, both in the
    /// unit of `value`; the direction is that of the side that holds `value`.
    package var deadband: DeadbandDirection?
    /// The comparison becomes true as `value` grows (`rising`) or falls (`falling`); nil where it
    /// does not hold `value`, or depends on it both ways. `over` and `under` decide by it.
    package var trend: DeadbandDirection?
    /// The same for windows and groups too: the direction of what the alarm warns of.
    package var leaning: DeadbandDirection?

    /// What the comparison warns of, as far as the text tells.
    package var direction: DeadbandDirection? { trend ?? leaning }
}

/// A function of numbers alone.
package enum MathFunction: Sendable, Equatable {
    case absolute, squareRoot, logarithm, exponential
    case lesser, greater
}

/// A question to all streams of a pattern.
package struct TypedGroup: Sendable, Equatable {
    /// With labels of the asking rule in braces.
    package var pattern: String
    /// Checked by itself: its references and limits are the member's.
    package var member: TypedExpression
    package var function: GroupFunction
    /// Compared with a number, it is a vote that a rule's `degraded` policy applies to.
    package var isVote: Bool
}

/// A node of a checked expression: names resolved, numbers converted, one operation each.
package struct TypedNode: Sendable, Equatable {
    package indirect enum Kind: Sendable, Equatable {
        // Numbers
        case constant(Double)
        case ownValue
        /// A limit by name; its slot holds the unit that the context gave for it.
        case limit(String)
        /// The newest value of another stream, by position in `TypedExpression.references`.
        case reference(Int)
        /// Milliseconds since the stream's newest sample; never unknown.
        case age
        case negate(TypedNode)
        case arithmetic(ArithmeticOperator, TypedNode, TypedNode)
        /// Rates are per second, doses times seconds.
        case window(WindowDefinition, WindowFunction)
        case forecast(WindowDefinition, aheadMilliseconds: Int64)
        /// Milliseconds until the window's line meets the number.
        case timeTo(WindowDefinition, TypedNode)
        case math(MathFunction, [TypedNode])
        /// A number, or a truth (`any`, `all`).
        case group(TypedGroup)
        // Truths
        /// All samples of the window lie within the width.
        case flat(WindowDefinition, TypedNode)
        case during(Schedule)
        case over, under
        /// The state is (not) the one at this position in the subject's list of states, for at
        /// least the milliseconds given; 0 = at this moment. Held and negated, it has been another of the
        /// known states all that time.
        case isState(StateSubject, Int, isNegated: Bool, heldMilliseconds: Int64)
        /// The quality is (not) this one; never unknown.
        case isQuality(Quality, isNegated: Bool)
        case comparison(TypedComparison)
        case not(TypedNode)
        case logic(LogicOperator, TypedNode, TypedNode)
    }

    package var kind: Kind
    package var range: ExpressionRange

    package init(_ kind: Kind, _ range: ExpressionRange) {
        self.kind = kind
        self.range = range
    }
}

/// A checked expression, ready to be compiled: what it computes, in the pack's own units.
package struct TypedExpression: Sendable, Equatable {
    /// A truth, or a number where `checkNumber` read it.
    package var root: TypedNode
    /// The text that the nodes' ranges count in; empty when it was not given.
    package var source: String
    /// The canonical text: the `condition` of events, the input of a rule's meaning hash.
    package var canonicalText: String
    /// The patterns of `stream("…")` in the order they first occur, each once, labels in braces.
    /// Those of group members stand in their own expression.
    package var references: [String]
    /// The names of the limits used, in the order they first occur, each once; those of members
    /// too.
    package var limits: [String]
    /// Some comparison carries deadband, a member's too; without one, `deadband:` has no effect.
    package var hasLimitComparison: Bool
    /// It depends on time passing, not on samples alone: `age` or `during` occurs.
    package var usesAge: Bool
    /// What is allowed and probably not meant, in the order of the places.
    package var warnings: [ExpressionError]

    /// Parses and checks a condition. Errors: all that were found, each with its place.
    package static func check(
        _ text: String, in context: ExpressionContext
    ) throws(ExpressionErrors) -> TypedExpression {
        try check(ExpressionNode.parse(text), of: text, in: context)
    }

    /// Checks a parsed condition. `text`: what it was parsed from.
    package static func check(
        _ node: ExpressionNode, of text: String = "", in context: ExpressionContext
    ) throws(ExpressionErrors) -> TypedExpression {
        var checker = ExpressionChecker(context)
        let checked = checker.condition(node)
        guard checker.errors.isEmpty else { throw ExpressionErrors(checker.errors) }
        return checker.expression(checked.node, node, of: text)
    }

    /// Checks a parsed expression that gives a number in `unit`: the `value` of a calculated
    /// stream. A plain result, such as that of `number(…)`, is taken to be in it; nil = whatever unit the
    /// expression has, which is the second result (nil = none is known).
    package static func checkNumber(
        _ node: ExpressionNode, of text: String = "", unit: UnitIndex?,
        in context: ExpressionContext
    ) throws(ExpressionErrors) -> (expression: TypedExpression, unit: UnitIndex?) {
        var checker = ExpressionChecker(context)
        let (checked, found) = checker.number(node, in: unit)
        guard checker.errors.isEmpty else { throw ExpressionErrors(checker.errors) }
        return (checker.expression(checked.node, node, of: text), found)
    }
}
