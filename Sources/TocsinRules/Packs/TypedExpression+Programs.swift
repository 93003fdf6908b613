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

    /// `votes(…) >= 2`, from either side: a vote that a rule's `degraded` policy applies to.
    var vote: (group: TypedGroup, operation: Comparison, needed: Double)? {
        if case .group(let group) = left.kind, group.isVote, case .constant(let n) = right.kind {
            return (group, operation.comparison, n)
        }
        if case .group(let group) = right.kind, group.isVote, case .constant(let n) = left.kind {
            return (group, operation.comparison.mirrored, n)
        }
        return nil
    }
}

extension TypedNode {
    /// The limits that the number is made of.
    var limitNames: [String] {
        switch kind {
        case .limit(let name): [name]
        case .negate(let inner): inner.limitNames
        case .arithmetic(_, let left, let right): left.limitNames + right.limitNames
        case .math(_, let operands): operands.flatMap(\.limitNames)
        case .timeTo(_, let target): target.limitNames
        case .constant, .ownValue, .reference, .age, .over, .under, .isState, .isQuality,
            .comparison, .not, .logic, .window, .forecast, .flat, .during, .group:
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
            .isState, .isQuality, .window, .forecast, .timeTo, .flat, .during, .math, .group:
            []
        }
    }

    /// The groups that it asks, in the order of the text.
    var groups: [TypedGroup] {
        switch kind {
        case .group(let group): [group]
        case .comparison(let comparison): comparison.left.groups + comparison.right.groups
        case .not(let inner), .negate(let inner), .timeTo(_, let inner), .flat(_, let inner):
            inner.groups
        case .logic(_, let left, let right), .arithmetic(_, let left, let right):
            left.groups + right.groups
        case .math(_, let operands): operands.flatMap(\.groups)
        case .constant, .ownValue, .limit, .reference, .age, .over, .under, .isState, .isQuality,
            .window, .forecast, .during:
            []
        }
    }
}

extension GroupFunction {
    /// Members give truths rather than numbers.
    var asksTruth: Bool {
        switch self {
        case .count, .any, .all: true
        case .least, .greatest, .mean: false
        }
    }
}

extension MathFunction {
    var instruction: Instruction {
        switch self {
        case .absolute: .absolute
        case .squareRoot: .squareRoot
        case .logarithm: .logarithm
        case .exponential: .exponential
        case .lesser: .lesser
        case .greater: .greater
        }
    }
}

extension ExpressionRange {
    /// The stretch of the text that the range counts in, with the parentheses that belong to it: a
    /// range ends at its operands, `(a + b) * c` begins at `a`.
    func text(in source: String) -> String {
        let scalars = ExpressionScalar.all(of: source)
        var first = scalars.firstIndex { $0.offset >= offset } ?? scalars.count
        var last = scalars.firstIndex { $0.offset >= end } ?? scalars.count
        var open = 0
        var missing = 0
        var quote: Unicode.Scalar?
        for entry in scalars[first..<max(first, last)] {
            switch entry.scalar {
            case "\"" where quote == nil, "'" where quote == nil: quote = entry.scalar
            case "(" where quote == nil: open += 1
            case ")" where quote == nil: if open > 0 { open -= 1 } else { missing += 1 }
            default: if entry.scalar == quote { quote = nil }
            }
        }
        while missing > 0, first > 0 {
            first -= 1
            if scalars[first].scalar == "(" { missing -= 1 }
        }
        while open > 0, last < scalars.count {
            if scalars[last].scalar == ")" { open -= 1 }
            last += 1
        }
        var text = ""
        for entry in scalars[first..<max(first, last)] {
            text.unicodeScalars.append(entry.original)
        }
        return text
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
