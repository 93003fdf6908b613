package import TocsinModel

/// Brings two numbers to one unit.
extension ExpressionChecker {
    /// Both operands in the unit of the weightier: own value before other streams, then limits,
    /// then numbers; the left of equals. Nil, with the error reported, where they do not fit.
    mutating func align(_ left: Operand, _ right: Operand, verb: String) -> (Operand, Operand)? {
        var a = readingMinutes(left, other: right)
        var b = readingMinutes(right, other: left)
        switch (a.measure.scale, b.measure.scale) {
        case (.plain, .plain), (.unstated, .unstated): return (a, b)
        case (.plain, _):
            guard acceptsPlain(a.checked, b.checked) else { return nil }
            a.measure.scale = b.measure.scale
            return (a, b)
        case (_, .plain):
            guard acceptsPlain(b.checked, a.checked) else { return nil }
            b.measure.scale = a.measure.scale
            return (a, b)
        case (.unstated, .unit):
            _ = reportUnstated(a, b, verb: verb)
            return nil
        case (.unit, .unstated):
            _ = reportUnstated(b, a, verb: verb)
            return nil
        case (.unit(let from), .unit(let to)) where from == to: return (a, b)
        case (.unit(let from), .unit(let to)):
            if weight(b.checked) > weight(a.checked) {
                guard let moved = converted(a, from, to, beside: b, verb: verb) else { return nil }
                return (moved, b)
            }
            guard let moved = converted(b, to, from, beside: a, verb: verb) else { return nil }
            return (a, moved)
        }
    }

    /// `m` is minutes beside a time.
    private func readingMinutes(_ operand: Operand, other: Operand) -> Operand {
        guard operand.checked.literal?.unit == .known(StandardUnit.metre),
            other.measure.dimension == .time
        else { return operand }
        var minutes = operand
        minutes.measure.scale = .unit(StandardUnit.minute)
        return minutes
    }

    private func weight(_ checked: CheckedNode) -> Int {
        if checked.inputs.contains(.own) { return 3 }
        if !checked.inputs.isDisjoint(with: [.other, .age]) { return 2 }
        return checked.inputs.contains(.limit) ? 1 : 0
    }

    /// A plain number beside `age` would be read as milliseconds, which nobody means.
    private mutating func acceptsPlain(_ plain: CheckedNode, _ other: CheckedNode) -> Bool {
        guard other.inputs.contains(.age), let value = plain.constant else { return true }
        let digits = ExpressionPrinter.text(
            of: ExpressionNumber(value: value, unit: .none, unitRange: plain.range))
        _ = report(
            plain.range, "a duration needs its unit", expected: ["250ms", "3s", "5m", "8h", "30d"],
            suggestion: "\(digits)s")
        return false
    }

    private mutating func reportUnstated(
        _ unstated: Operand, _ stated: Operand, verb: String
    ) -> CheckedNode {
        let message = "cannot \(verb): the unit of one side is unknown, the other is "
        let place = stated.checked.literal == nil ? unstated : stated
        return report(
            place.checked.range, message + stated.measure.name,
            expected: ["a pack with `unit:`", "a number without a unit"])
    }

    /// `operand` in another unit; differences convert by the factor alone.
    private mutating func converted(
        _ operand: Operand, _ from: UnitIndex, _ to: UnitIndex, beside other: Operand, verb: String
    ) -> Operand? {
        switch context.conversion(from: from, to: to) {
        case .failure(let reason):
            let isOtherLiteral = operand.checked.literal == nil && other.checked.literal != nil
            let place = isOtherLiteral ? other : operand
            _ = reportConversion(reason, place.checked.range, operand, other, verb: verb)
            return nil
        case .success(var line):
            if operand.measure.isDifference { line.offset = 0 }
            var moved = operand
            moved.measure.scale = .unit(to)
            moved.checked.node = line.applied(to: operand.checked.node)
            return moved
        }
    }

    private mutating func reportConversion(
        _ reason: ConversionError, _ range: ExpressionRange, _ operand: Operand, _ other: Operand,
        verb: String
    ) -> CheckedNode {
        // The stream comes first in the sentence, the number that does not fit second.
        let sides = operand.checked.range == range ? (other, operand) : (operand, other)
        let link = verb == "compare" ? "with" : "and"
        let joined = "\(verb) \(sides.0.measure.name) \(link) \(sides.1.measure.name)"
        switch reason {
        case .dimensions:
            let wanted = sides.0.measure.dimension
            let units = UnitTable.standard.units.filter { $0.dimension == wanted }.map(\.symbol)
            return report(range, "cannot \(joined)", expected: units)
        case .gasUnknown:
            return report(
                range, "cannot \(joined): the gas is not stated", expected: ["gas: in the pack"])
        case .explosiveLimitUnknown(let gas):
            return report(
                range, "cannot \(joined): \(gas) has no lower explosive limit here",
                expected: ["lel: in the pack"])
        }
    }
}

extension ExpressionContext {
    /// The line between two units, over the pack's gas where it is needed.
    package func conversion(
        from: UnitIndex, to: UnitIndex
    ) -> Result<Conversion, ConversionError> {
        UnitTable.standard.conversion(from: from, to: to, gas: gas, condition: gasCondition)
    }
}

extension Conversion {
    /// The node with this line applied; constants are computed at once.
    func applied(to node: TypedNode) -> TypedNode {
        if case .constant(let value) = node.kind {
            return TypedNode(.constant(DecimalRounding.rounded(self(value))), node.range)
        }
        var result = node
        if scale != 1 {
            let factor = TypedNode(.constant(scale), node.range)
            result = TypedNode(.arithmetic(.multiply, result, factor), node.range)
        }
        if offset != 0 {
            let shift = TypedNode(.constant(offset), node.range)
            result = TypedNode(.arithmetic(.add, result, shift), node.range)
        }
        return result
    }
}
