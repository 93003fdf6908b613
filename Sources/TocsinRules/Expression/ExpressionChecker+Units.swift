package import TocsinModel

/// Brings two numbers to one unit.
extension ExpressionChecker {
    /// Both operands in the unit of the weightier: own value before other streams, then limits,
    /// then numbers; the left of equals. Nil, with the error reported, where they do not fit.
    mutating func align(_ left: Operand, _ right: Operand, verb: String) -> (Operand, Operand)? {
        var a = readingMinutes(left, other: right)
        var b = readingMinutes(right, other: left)
        switch (a.measure.scale, b.measure.scale) {
        case (.plain, .plain): return (a, b)
        case (.unstated, .unstated):
            guard a.measure.power == b.measure.power else {
                _ = reportConversion(
                    .dimensions(from: .dimensionless, to: .dimensionless), b.checked.range, b, a,
                    verb: verb)
                return nil
            }
            return (a, b)
        case (.plain, _):
            guard let plain = plain(a, beside: b) else { return nil }
            a = plain
            return (a, b)
        case (_, .plain):
            guard let plain = plain(b, beside: a) else { return nil }
            b = plain
            return (a, b)
        case (.unstated, .unit):
            _ = reportUnstated(a, b, verb: verb)
            return nil
        case (.unit, .unstated):
            _ = reportUnstated(b, a, verb: verb)
            return nil
        case (.unit(let from), .unit(let to))
        where from == to && a.measure.power == b.measure.power:
            return (a, b)
        case (.unit, .unit):
            if weight(b.checked) > weight(a.checked) {
                guard let moved = converted(a, beside: b, verb: verb) else { return nil }
                return (moved, b)
            }
            guard let moved = converted(b, beside: a, verb: verb) else { return nil }
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

    /// A number without a unit in the unit of what stands beside it. Beside a time, a rate or a
    /// dose it would be read in milliseconds or seconds, which nobody means: nil, and reported.
    private mutating func plain(_ operand: Operand, beside other: Operand) -> Operand? {
        var result = operand
        result.measure.scale = other.measure.scale
        let digits = operand.checked.constant.map { value in
            ExpressionPrinter.text(
                of: ExpressionNumber(
                    value: value, unit: .none, unitRange: operand.checked.range))
        }
        let isTime = !other.checked.inputs.isDisjoint(with: [.age, .ahead])
        if isTime, other.measure.dimension == .time, let digits {
            _ = report(
                operand.checked.range, "a duration needs its unit",
                expected: ["250ms", "3s", "5m", "8h", "30d"], suggestion: "\(digits)s")
            return nil
        }
        guard other.measure.power != 0 else { return result }
        // Nothing is nothing in every unit: `slope(5m) > 0`.
        if operand.checked.constant == 0 {
            result.measure = other.measure
            return result
        }
        // A rate of counts over a time is a count again: a plain number fits it.
        if let root = other.measure.root, root.dimension == .dimensionless, root.power == 0 {
            result.measure = .ratio
            return converted(result, beside: other, verb: "compare")
        }
        let what = other.measure.power < 0 ? "rate" : "dose"
        guard let example = other.measure.timedExample else {
            _ = report(
                operand.checked.range, "the unit of this \(what) is unknown",
                expected: ["a pack with `unit:`"])
            return nil
        }
        _ = report(
            operand.checked.range, "a \(what) needs its unit", expected: examples(other.measure),
            suggestion: digits.map { $0 + (example.hasPrefix("/") ? "" : " ") + example })
        return nil
    }

    /// Ways to write a number of a rate's or a dose's kind.
    private func examples(_ measure: ExpressionMeasure) -> [String] {
        guard let unit = measure.unit else { return [] }
        let symbol = UnitTable.standard[unit].symbol
        let isCount = UnitTable.standard[unit].dimension == .dimensionless
        let sign = measure.power < 0 ? "/" : "·"
        return UnitText.times.map { "\(isCount && sign == "/" ? "" : symbol)\(sign)\($0)" }
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

    /// `operand` in the unit of `other`; differences, rates and doses convert by the factor alone.
    mutating func converted(
        _ operand: Operand, beside other: Operand, verb: String
    ) -> Operand? {
        switch context.conversion(from: operand.measure, to: other.measure) {
        case .failure(let reason):
            let isOtherLiteral = operand.checked.literal == nil && other.checked.literal != nil
            let place = isOtherLiteral ? other : operand
            _ = reportConversion(reason, place.checked.range, operand, other, verb: verb)
            return nil
        case .success(let line):
            var moved = operand
            moved.measure.scale = other.measure.scale
            moved.measure.power = other.measure.power
            moved.checked.node = line.applied(
                to: operand.checked.node, isRounded: other.measure.power == 0)
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
        let joined =
            verb == "convert"
            ? "convert \(operand.measure.name) to \(other.measure.name)"
            : "\(verb) \(sides.0.measure.name) \(link) \(sides.1.measure.name)"
        switch reason {
        case .dimensions:
            guard sides.0.measure.power == 0 else {
                return report(range, "cannot \(joined)", expected: examples(sides.0.measure))
            }
            let wanted = sides.0.measure.dimension
            if wanted == .dimensionless {
                return report(range, "cannot \(joined)", expected: ["a plain number"])
            }
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

    /// The line between two measures with units, rates and doses among them.
    func conversion(
        from: ExpressionMeasure, to: ExpressionMeasure
    ) -> Result<Conversion, ConversionError> {
        guard let a = from.unit, let b = to.unit, let x = from.root, let y = to.root else {
            preconditionFailure("only measures with units are converted")
        }
        if from.power == to.power {
            let line = conversion(from: a, to: b)
            guard case .success(var found) = line else { return line }
            if from.power == 0, !from.isDifference { return line }
            // The sum of temperatures over a time depends on where their scale begins.
            guard from.power <= 0 || found.offset == 0 else {
                return .failure(.dimensions(from: x.dimension, to: y.dimension))
            }
            found.offset = 0
            return .success(found)
        }
        guard x.dimension == y.dimension, x.power == y.power else {
            return .failure(.dimensions(from: x.dimension, to: y.dimension))
        }
        return .success(Conversion(scale: x.factor / y.factor, offset: 0))
    }
}

extension Conversion {
    /// The node with this line applied; constants are computed at once.
    func applied(to node: TypedNode, isRounded: Bool = true) -> TypedNode {
        if case .constant(let value) = node.kind {
            // Rates per second are seldom short decimals: rounded, an exact ramp could miss them.
            let moved = isRounded ? DecimalRounding.rounded(self(value)) : self(value)
            return TypedNode(.constant(moved), node.range)
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
