import TocsinModel

/// Comparisons, and which of them carry deadband.
extension ExpressionChecker {
    mutating func comparison(
        _ operation: ComparisonOperator, _ leftNode: ExpressionNode, _ rightNode: ExpressionNode,
        _ range: ExpressionRange
    ) -> CheckedNode {
        let left = check(leftNode)
        if let refused = wordCompared(operation, leftNode, left, rightNode, range) {
            return refused
        }
        let right = check(rightNode)
        for (side, node) in [(left, leftNode), (right, rightNode)] {
            switch side.type {
            case .number: continue
            case .invalid: return side
            case .truth, .states, .quality, .text:
                return notComparable(side, node, operation)
            }
        }
        guard case .number(var a) = left.type, case .number(var b) = right.type else {
            return .invalid(range)
        }
        if left.inputs.isEmpty, right.inputs.isEmpty {
            return report(range, "both sides are numbers: nothing is measured here")
        }
        // A temperature beside a difference can only mean a difference: `value - 20 °C > 5 °C`.
        if a.isDifference, right.literal != nil || b.scale == .plain { b.isDifference = true }
        if b.isDifference, left.literal != nil || a.scale == .plain { a.isDifference = true }
        guard let (x, y) = align((left, a), (right, b), verb: "compare") else {
            return .invalid(range)
        }
        if x.measure.dimension == .temperature, x.measure.isDifference != y.measure.isDifference {
            return report(
                right.range, "cannot compare \(x.measure.name) with \(y.measure.name)",
                expected: ["a difference in K beside + and -: limit.H - 2 K"])
        }
        var result = TypedComparison(
            operation: operation, left: x.checked.node, right: y.checked.node)
        decorate(&result, x, y)
        return truth(.comparison(result), range)
    }

    /// `value == running`: the words of states and qualities are tested with `is`.
    private mutating func wordCompared(
        _ operation: ComparisonOperator, _ leftNode: ExpressionNode, _ left: CheckedNode,
        _ rightNode: ExpressionNode, _ range: ExpressionRange
    ) -> CheckedNode? {
        let isWord =
            switch left.type {
            case .states, .quality: true
            case .truth, .number, .text, .invalid: false
            }
        var word: String?
        if case .name(let name) = rightNode.kind { word = name }
        if case .text(let text) = rightNode.kind { word = "\"\(text)\"" }
        guard let word, isWord, operation == .equal || operation == .notEqual else {
            return nil
        }
        let negation = operation == .notEqual ? "not " : ""
        return report(
            range, "states are tested with `is`",
            suggestion: "\(leftNode.canonicalText) is \(negation)\(word)")
    }

    private mutating func notComparable(
        _ side: CheckedNode, _ node: ExpressionNode, _ operation: ComparisonOperator
    ) -> CheckedNode {
        let text = node.canonicalText
        switch side.type {
        case .states(_, let names):
            return report(
                node.range, "`\(text)` is a state: `\(operation.rawValue)` compares numbers",
                expected: names, suggestion: names.first.map { "\(text) is \($0)" })
        case .quality:
            return report(
                node.range, "`quality` is a word: `\(operation.rawValue)` compares numbers",
                expected: ExpressionWords.qualities, suggestion: "quality is bad")
        case .truth, .text, .number, .invalid:
            return report(
                node.range,
                "`\(operation.rawValue)` compares numbers, but `\(text)` is \(side.type.name)")
        }
    }

    // MARK: Deadband

    private mutating func decorate(_ comparison: inout TypedComparison, _ x: Operand, _ y: Operand)
    {
        let isHigh: Bool
        switch comparison.operation {
        case .equal, .notEqual: return
        case .greater, .greaterOrEqual: isHigh = true
        case .less, .lessOrEqual: isHigh = false
        }
        let rightSign = y.checked.node.ownSign.map { -$0 }
        if let sign = TypedNode.join(x.checked.node.ownSign, rightSign), sign != 0 {
            comparison.trend = (sign > 0) == isHigh ? .rising : .falling
        }
        // The deadband has the unit of `value`; it would mean nothing beside a ratio.
        let isInOwnUnit =
            switch context.value {
            case .measured(let unit): x.measure.unit == unit
            case .unitUnknown: x.measure.unit == nil
            case .states: false
            }
        if isInOwnUnit { addDeadband(&comparison, x, y, isHigh) }
    }

    private mutating func addDeadband(
        _ comparison: inout TypedComparison, _ x: Operand, _ y: Operand, _ isHigh: Bool
    ) {
        let left = x.checked.inputs
        let right = y.checked.inputs
        if left.contains(.own), right.isSubset(of: .limit) {
            comparison.deadband = isHigh ? .rising : .falling
            hasDeadband = true
        } else if right.contains(.own), left.isSubset(of: .limit) {
            comparison.deadband = isHigh ? .falling : .rising
            hasDeadband = true
        }
    }
}

extension TypedNode {
    /// +1 where the number grows with `value`, −1 where it falls, 0 where it does not depend on
    /// it, nil where the text does not tell.
    var ownSign: Int? {
        switch kind {
        case .ownValue: return 1
        case .negate(let inner): return inner.ownSign.map { -$0 }
        case .arithmetic(let operation, let left, let right):
            return signOfArithmetic(operation, left, right)
        case .constant, .limit, .reference, .age, .over, .under, .isState, .isQuality, .comparison,
            .not, .logic:
            return 0
        }
    }

    private func signOfArithmetic(
        _ operation: ArithmeticOperator, _ left: TypedNode, _ right: TypedNode
    ) -> Int? {
        let a = left.ownSign
        let b = right.ownSign
        switch operation {
        case .add: return TypedNode.join(a, b)
        case .subtract: return TypedNode.join(a, b.map { -$0 })
        case .multiply, .divide:
            if a == 0, b == 0 { return 0 }
            if case .constant(let factor) = right.kind { return a.map { $0 * sign(factor) } }
            guard operation == .multiply, case .constant(let factor) = left.kind else { return nil }
            return b.map { $0 * sign(factor) }
        }
    }

    private func sign(_ factor: Double) -> Int { factor > 0 ? 1 : (factor < 0 ? -1 : 0) }

    /// The sign of a sum: nil where the terms pull apart.
    static func join(_ a: Int?, _ b: Int?) -> Int? {
        guard let a, let b else { return nil }
        if a == 0 || b == 0 || a == b { return a == 0 ? b : a }
        return nil
    }
}
