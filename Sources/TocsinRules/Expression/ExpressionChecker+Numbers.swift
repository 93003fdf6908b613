import TocsinModel

/// Literals, signs, sums and products. Temperatures have no natural zero, so points and differences
/// are kept apart: point − point = difference, point ± difference = point, everything else is
/// refused. Beside `+` and `-`, a number in K, in `% of span` or without a unit is a difference.
extension ExpressionChecker {
    mutating func literal(_ number: ExpressionNumber, _ range: ExpressionRange) -> CheckedNode {
        let node = TypedNode(.constant(number.value), range)
        switch number.unit {
        case .none: return CheckedNode(node: node, type: .number(.plain))
        case .known(StandardUnit.minute): return reportMinute(number)
        case .known(let unit):
            let type = ExpressionType.number(ExpressionMeasure(scale: .unit(unit)))
            return CheckedNode(node: node, type: type, literal: number)
        case .rate(let unit, let time):
            return timed(number, unit, power: -1, 1 / seconds(time), range)
        case .dose(let unit, let time): return timed(number, unit, power: 1, seconds(time), range)
        case .percentOfSpan:
            guard let span = context.span, case .measured(let unit) = context.value else {
                return report(
                    number.unitRange, "the pack has no `span:` for `% of span`",
                    expected: ["span: [0, 100]", "unit: …"])
            }
            let position = span.low + (span.high - span.low) * number.value / 100
            return CheckedNode(
                node: TypedNode(.constant(DecimalRounding.rounded(position)), range),
                type: .number(ExpressionMeasure(scale: .unit(unit))), literal: number)
        case .unknown(let text): return unknownUnit(text, number)
        }
    }

    /// A literal rate or dose, per second or in unit seconds.
    private func timed(
        _ number: ExpressionNumber, _ unit: UnitIndex, power: Int, _ factor: Double,
        _ range: ExpressionRange
    ) -> CheckedNode {
        let measure = ExpressionMeasure(scale: .unit(unit), power: power)
        return CheckedNode(
            node: TypedNode(.constant(number.value * factor), range), type: .number(measure),
            literal: number)
    }

    /// `5 ppm / min`, `100 ppm*h`: a rate's or a dose's unit is one word.
    mutating func unitApart(
        _ operation: ArithmeticOperator, _ left: ExpressionNode, _ right: ExpressionNode,
        _ range: ExpressionRange
    ) -> CheckedNode? {
        guard case .number(let number) = left.kind, case .known(let unit) = number.unit,
            case .name(let word) = right.kind,
            let name = UnitText.times.first(where: { $0 == word }) ?? UnitText.time(of: word),
            let time = UnitTable.standard.find(name)
        else { return nil }
        var whole = number
        switch operation {
        case .divide: whole.unit = .rate(unit, per: time)
        case .multiply: whole.unit = .dose(unit, times: time)
        case .add, .subtract: return nil
        }
        let kind = operation == .divide ? "rate" : "dose"
        return report(
            range, "the unit of a \(kind) is written as one word", suggestion: whole.canonicalText)
    }

    private func seconds(_ time: UnitIndex) -> Double { UnitTable.standard[time].factor }

    mutating func reportMinute(_ number: ExpressionNumber) -> CheckedNode {
        report(
            number.unitRange, "`min` is a unit only behind `/`; minutes are written `m`",
            suggestion: "m")
    }

    private mutating func unknownUnit(_ text: String, _ number: ExpressionNumber) -> CheckedNode {
        if text.hasPrefix("/") {
            let digits = ExpressionPrinter.text(
                of: ExpressionNumber(value: number.value, unit: .none, unitRange: number.unitRange))
            return report(
                number.unitRange, "unknown unit `\(text)`; a division has spaces around `/`",
                suggestion: "\(digits) / \(text.dropFirst())")
        }
        return report(
            number.unitRange, "unknown unit `\(text)`",
            suggestion: text.hasPrefix("% of")
                ? "% of span"
                : UnitText.nearest(text))
    }

    mutating func negation(_ operand: CheckedNode, _ range: ExpressionRange) -> CheckedNode {
        switch operand.type {
        case .invalid: return operand
        case .number(let measure) where measure.isTemperaturePoint:
            return report(range, "a temperature has no negative; write a difference of two")
        case .number:
            let kind: TypedNode.Kind =
                if let value = operand.constant { .constant(-value) } else { .negate(operand.node) }
            return CheckedNode(
                node: TypedNode(kind, range), type: operand.type, inputs: operand.inputs)
        case .truth, .states, .quality, .text:
            return report(range, "`-` needs a number, not \(operand.type.name)")
        }
    }

    mutating func arithmetic(
        _ operation: ArithmeticOperator, _ left: CheckedNode, _ right: CheckedNode,
        _ range: ExpressionRange
    ) -> CheckedNode {
        for side in [left, right] {
            switch side.type {
            case .number: continue
            case .invalid: return side
            case .truth, .states, .quality, .text:
                let message = "`\(operation.rawValue)` needs numbers, not \(side.type.name)"
                return report(side.range, message)
            }
        }
        guard case .number(let a) = left.type, case .number(let b) = right.type else {
            return .invalid(range)
        }
        switch operation {
        case .add, .subtract: return sum(operation, (left, a), (right, b), range)
        case .multiply: return product((left, a), (right, b), range)
        case .divide: return quotient((left, a), (right, b), range)
        }
    }

    typealias Operand = (checked: CheckedNode, measure: ExpressionMeasure)

    private mutating func sum(
        _ operation: ArithmeticOperator, _ left: Operand, _ right: Operand, _ range: ExpressionRange
    ) -> CheckedNode {
        let a = besideSign(left, other: right)
        let b = besideSign(right, other: left)
        let verb = operation == .add ? "add" : "subtract"
        let isTemperature = [a, b].contains { $0.measure.dimension == .temperature }
        guard let (x, y) = align(a, b, verb: verb) else { return .invalid(range) }
        var result = x.measure
        if isTemperature {
            switch (operation, x.measure.isDifference, y.measure.isDifference) {
            case (.add, false, false):
                return report(
                    b.checked.range, "two temperatures cannot be added",
                    expected: ["a difference in K: 10 K"], suggestion: inKelvin(b.checked))
            case (.subtract, true, false):
                return report(
                    b.checked.range, "a temperature cannot be subtracted from a difference",
                    expected: ["a temperature with its unit on the left: 60 °C"])
            case (.subtract, false, false), (_, true, true): result.isDifference = true
            case (_, _, _): result.isDifference = false
            }
        } else {
            result.isDifference = x.measure.isDifference && y.measure.isDifference
        }
        return folded(operation, x.checked, y.checked, result, range)
    }

    private func inKelvin(_ checked: CheckedNode) -> String? {
        guard var number = checked.literal else { return nil }
        number.unit = .known(StandardUnit.kelvin)
        return number.canonicalText
    }

    /// The operand as it is meant beside `+` or `-`.
    private func besideSign(_ operand: Operand, other: Operand) -> Operand {
        var result = operand
        if case .percentOfSpan? = operand.checked.literal?.unit, let span = context.span {
            let share = (operand.checked.literal?.value ?? 0) / 100
            let width = DecimalRounding.rounded((span.high - span.low) * share)
            result.checked.node.kind = .constant(width)
            result.measure.isDifference = operand.measure.dimension == .temperature
        } else if operand.checked.literal?.unit == .known(StandardUnit.kelvin) {
            result.measure.isDifference = true
        } else if operand.measure.scale == .plain, other.measure.dimension == .temperature {
            result.measure.isDifference = true
        }
        return result
    }

    /// Points have no multiples: twice 20 °C depends on the scale, twice `20 % of span` on where
    /// the range begins.
    private mutating func refusedFactor(
        _ left: Operand, _ right: Operand, _ verb: String
    ) -> CheckedNode? {
        for operand in [left, right] {
            if operand.checked.literal?.unit == .percentOfSpan {
                return report(
                    operand.checked.range, "a percentage of the span cannot be \(verb)",
                    expected: ["the percentage itself, computed"])
            }
            if operand.measure.isTemperaturePoint {
                return report(
                    operand.checked.range, "a temperature cannot be \(verb); a difference can")
            }
        }
        return nil
    }

    private mutating func product(
        _ left: Operand, _ right: Operand, _ range: ExpressionRange
    ) -> CheckedNode {
        if let refused = refusedFactor(left, right, "multiplied") { return refused }
        let (left, right) = (readingTime(left, beside: right), readingTime(right, beside: left))
        if let product = timed(.multiply, left, right, range) { return product }
        if let product = timed(.multiply, right, left, range) { return product }
        if left.measure.isFactor {
            let measure = right.measure.scale == .plain ? left.measure : right.measure
            return folded(.multiply, left.checked, right.checked, measure, range)
        }
        guard right.measure.isFactor else {
            return report(
                right.checked.range,
                "cannot multiply \(left.measure.name) by \(right.measure.name)",
                expected: ["a plain number"])
        }
        return folded(.multiply, left.checked, right.checked, left.measure, range)
    }

    private mutating func quotient(
        _ left: Operand, _ right: Operand, _ range: ExpressionRange
    ) -> CheckedNode {
        if let refused = refusedFactor(left, right, "divided") { return refused }
        if right.checked.constant == 0 { return report(right.checked.range, "division by zero") }
        let right = readingTime(right, beside: left)
        if let quotient = timed(.divide, left, right, range) { return quotient }
        if right.measure.isFactor {
            let measure = left.measure.scale == .plain ? right.measure : left.measure
            return folded(.divide, left.checked, right.checked, measure, range)
        }
        if left.measure.isFactor, left.measure.scale != .unstated {
            return report(
                right.checked.range, "cannot divide a plain number by \(right.measure.name)",
                expected: ["a plain number", "a like quantity on both sides"])
        }
        guard let (x, y) = align(left, right, verb: "divide") else { return .invalid(range) }
        return folded(.divide, x.checked, y.checked, .ratio, range)
    }

    /// `m` is minutes beside a rate, and where a change is divided by it.
    private func readingTime(_ operand: Operand, beside other: Operand) -> Operand {
        guard operand.checked.literal?.unit == .known(StandardUnit.metre),
            other.measure.power == -1 || other.checked.inputs.contains(.spread),
            other.measure.dimension != .length
        else { return operand }
        var minutes = operand
        minutes.measure.scale = .unit(StandardUnit.minute)
        return minutes
    }

    /// A rate times a time is a change, a change per time a rate: nil where it is neither.
    private mutating func timed(
        _ operation: ArithmeticOperator, _ quantity: Operand, _ time: Operand,
        _ range: ExpressionRange
    ) -> CheckedNode? {
        let power = quantity.measure.power + (operation == .multiply ? 1 : -1)
        guard time.measure.dimension == .time, let unit = time.measure.unit,
            quantity.measure.unit != nil, quantity.measure.dimension != .time,
            (-1...1).contains(power),
            operation == .divide || !quantity.measure.isFactor
        else { return nil }
        var measure = quantity.measure
        measure.power = power
        measure.isDifference = power == 0
        let line = Conversion(scale: seconds(unit), offset: 0)
        var inSeconds = time.checked
        inSeconds.node = line.applied(to: time.checked.node)
        return folded(operation, quantity.checked, inSeconds, measure, range)
    }

    private mutating func folded(
        _ operation: ArithmeticOperator, _ left: CheckedNode, _ right: CheckedNode,
        _ measure: ExpressionMeasure, _ range: ExpressionRange
    ) -> CheckedNode {
        var kind = TypedNode.Kind.arithmetic(operation, left.node, right.node)
        if let a = left.constant, let b = right.constant {
            let value =
                switch operation {
                case .add: a + b
                case .subtract: a - b
                case .multiply: a * b
                case .divide: a / b
                }
            guard value.isFinite else {
                return report(range, "the result is beyond what a 64-bit number can hold")
            }
            kind = .constant(DecimalRounding.rounded(value))
        }
        return CheckedNode(
            node: TypedNode(kind, range), type: .number(measure),
            inputs: left.inputs.union(right.inputs))
    }
}

extension ExpressionMeasure {
    /// Scales another quantity without changing what it measures.
    var isFactor: Bool { scale == .plain || dimension == .dimensionless }
}
