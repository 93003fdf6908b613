/// A stretch of an expression's text, in UTF-8 bytes from the text's beginning.
package struct ExpressionRange: Hashable, Sendable {
    package var offset: Int
    package var length: Int

    package init(offset: Int, length: Int) {
        self.offset = offset
        self.length = length
    }

    /// The first byte behind the stretch.
    package var end: Int { offset + length }

    /// The stretch from the beginning of this one to the end of `other`.
    package func union(_ other: ExpressionRange) -> ExpressionRange {
        let start = min(offset, other.offset)
        return ExpressionRange(offset: start, length: max(end, other.end) - start)
    }
}

/// One fault in an expression: where it is, what is wrong, what would be right.
package struct ExpressionError: Error, Equatable, Sendable {
    package var range: ExpressionRange
    /// What is wrong, in one sentence without a full stop.
    package var message: String
    /// What could stand here instead; empty where the message says it all.
    package var expected: [String]
    /// What to write: the nearest valid name for the stretch, or the faulty part rewritten.
    package var suggestion: String?

    package init(
        _ range: ExpressionRange, _ message: String, expected: [String] = [],
        suggestion: String? = nil
    ) {
        self.range = range
        self.message = message
        self.expected = expected
        self.suggestion = suggestion
    }
}

/// All faults found in one expression, in the order of their places; never empty.
package struct ExpressionErrors: Error, Equatable, Sendable {
    package var errors: [ExpressionError]

    package init(_ errors: [ExpressionError]) {
        precondition(!errors.isEmpty, "a refused expression has at least one error")
        self.errors = errors.sorted { a, b in
            (a.range.offset, a.range.length) < (b.range.offset, b.range.length)
        }
    }
}

/// Bounds on one expression: each keeps a hostile or mistaken text from costing stack or time.
package enum ExpressionLimits {
    /// Longest text. A page of conditions fits; a pasted file does not.
    package static let textBytes = 4096
    /// Deepest nesting of parentheses, `not`, signs and calls: each level takes parser stack.
    package static let depth = 64
    /// Most nodes in the tree, which bounds the recursion of everything that walks it.
    package static let nodes = 256
    /// Most errors reported for one expression: more would bury the first.
    package static let errors = 16
}
