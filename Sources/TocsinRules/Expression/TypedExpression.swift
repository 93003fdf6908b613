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
        // Truths
        case over, under
        /// The state is (not) the one at this position in the subject's list of states, for at least
        /// the milliseconds given; 0 = at this moment. Held and negated, it has been another of the
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

/// A checked condition, ready to be compiled: what it computes, in the pack's own units.
package struct TypedExpression: Sendable, Equatable {
    /// The condition: a truth.
    package var root: TypedNode
    /// The canonical text: the `condition` of events, the input of a rule's meaning hash.
    package var canonicalText: String
    /// The patterns of `stream("…")` in the order they first occur, each once, labels in braces.
    package var references: [String]
    /// The names of the limits used, in the order they first occur, each once.
    package var limits: [String]
    /// Some comparison carries deadband; without one, `deadband:` has no effect.
    package var hasLimitComparison: Bool
    /// It depends on time passing, not on samples alone: `age` occurs.
    package var usesAge: Bool

    /// Parses and checks a condition. Errors: all that were found, each with its place.
    package static func check(
        _ text: String, in context: ExpressionContext
    ) throws(ExpressionErrors) -> TypedExpression {
        try check(ExpressionNode.parse(text), in: context)
    }

    /// Checks a parsed condition.
    package static func check(
        _ node: ExpressionNode, in context: ExpressionContext
    ) throws(ExpressionErrors) -> TypedExpression {
        var checker = ExpressionChecker(context)
        let checked = checker.condition(node)
        guard checker.errors.isEmpty else { throw ExpressionErrors(checker.errors) }
        return TypedExpression(
            root: checked.node, canonicalText: node.canonicalText, references: checker.references,
            limits: checker.usedLimits, hasLimitComparison: checker.hasDeadband,
            usesAge: checker.usesAge)
    }
}
