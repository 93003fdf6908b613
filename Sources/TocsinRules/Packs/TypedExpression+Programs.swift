import TocsinEngine

// What the compiler of conditions asks of a checked expression, and the engine's words for its
// operators.

extension TypedComparison {
    /// The limit this comparison is with, where there is just one.
    var soleLimit: String? {
        let names = left.limitNames + right.limitNames
        guard let first = names.first, names.allSatisfy({ $0 == first }) else { return nil }
        return first
    }
}

extension TypedNode {
    /// The limits that the number is made of.
    var limitNames: [String] {
        switch kind {
        case .limit(let name): [name]
        case .negate(let inner): inner.limitNames
        case .arithmetic(_, let left, let right): left.limitNames + right.limitNames
        case .constant, .ownValue, .reference, .age, .over, .under, .isState, .isQuality,
            .comparison, .not, .logic:
            []
        }
    }

    /// The comparisons of a condition in the order of the text.
    var comparisons: [TypedComparison] {
        switch kind {
        case .comparison(let comparison): [comparison]
        case .not(let inner): inner.comparisons
        case .logic(_, let left, let right): left.comparisons + right.comparisons
        case .constant, .ownValue, .limit, .reference, .age, .negate, .arithmetic, .over, .under,
            .isState, .isQuality:
            []
        }
    }
}

extension ArithmeticOperator {
    var instruction: Instruction {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        }
    }
}

extension ComparisonOperator {
    var comparison: Comparison {
        switch self {
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .equal: .equal
        case .notEqual: .notEqual
        }
    }
}

extension Comparison {
    /// The comparison with its sides swapped.
    var mirrored: Comparison {
        switch self {
        case .greaterOrEqual: .lessOrEqual
        case .greater: .less
        case .lessOrEqual: .greaterOrEqual
        case .less: .greater
        case .equal: .equal
        case .notEqual: .notEqual
        }
    }
}
