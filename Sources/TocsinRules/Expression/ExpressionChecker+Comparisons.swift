import TocsinModel

/// Comparisons, and which of them carry deadband.
extension ExpressionChecker {
    mutating func comparison(
        _ operation: ComparisonOperator, _ leftNode: ExpressionNode, _ rightNode: ExpressionNode,
        _ range: ExpressionRange
    ) -> CheckedNode {
        var left = check(leftNode)
        if let refused = wordCompared(operation, leftNode, left, rightNode, range) {
            return refused
        }
        var right = check(rightNode)
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
        left = asWidth(left, beside: b)
        right = asWidth(right, beside: a)
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
        if let refused = countCompared(operation, x.checked, y.checked, range) { return refused }
        return truth(.comparison(result), range)
    }

    /// Beside a difference, a share of the span is a width.
    private func asWidth(_ checked: CheckedNode, beside other: ExpressionMeasure) -> CheckedNode {
        guard other.isDifference, checked.literal?.unit == .percentOfSpan else { return checked }
        return widthOfSpan(checked)
    }

    /// Votes are whole numbers from 0: a comparison that is always or never true is a mistake.
    private mutating func countCompared(
        _ operation: ComparisonOperator, _ left: CheckedNode, _ right: CheckedNode,
        _ range: ExpressionRange
    ) -> CheckedNode? {
        let name: String
        let number: CheckedNode
        let sign: ComparisonOperator
        if let function = left.node.countFunction, right.constant != nil {
            (name, number, sign) = (function, right, operation)
        } else if let function = right.node.countFunction, left.constant != nil {
            (name, number, sign) = (function, left, operation.mirrored)
        } else {
            return nil
        }
        guard let limit = number.constant else { return nil }
        let always =
            switch sign {
            case .greaterOrEqual: limit <= 0
            case .greater, .notEqual: limit < 0
            case .less, .lessOrEqual, .equal: false
            }
        let never =
            switch sign {
            case .less: limit <= 0
            case .lessOrEqual, .equal: limit < 0
            case .greater, .greaterOrEqual, .notEqual: false
            }
        if always || never {
            return report(
                range, "this is \(always ? "always" : "never") true: `\(name)` is never below 0",
                expected: ["\(name)(…) >= 2"])
        }
        guard limit == limit.rounded() else {
            return report(
                number.range, "`\(name)` is a whole number",
                suggestion: "\(Int(min(limit.rounded(.up), 1e9)))")
        }
        return nil
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
        let rightHistory = y.checked.node.sign(of: .history).map { -$0 }
        if let sign = TypedNode.join(x.checked.node.sign(of: .history), rightHistory), sign != 0 {
            comparison.leaning = (sign > 0) == isHigh ? .rising : .falling
        }
        // The deadband has the unit of `value`; it would mean nothing beside a ratio.
        let isInOwnUnit =
            switch context.value {
            case .measured(let unit): x.measure.unit == unit
            case .unitUnknown: x.measure.unit == nil
            case .states: false
            }
        let isSpread = !x.checked.inputs.union(y.checked.inputs).isDisjoint(with: [.spread, .ahead])
        if isInOwnUnit, x.measure.power == 0, !isSpread {
            addDeadband(&comparison, x, y, isHigh)
        }
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

extension ComparisonOperator {
    /// The comparison with its sides swapped.
    var mirrored: ComparisonOperator {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal: .equal
        case .notEqual: .notEqual
        }
    }
}
