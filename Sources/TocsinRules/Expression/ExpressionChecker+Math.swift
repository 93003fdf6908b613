import TocsinModel

/// Functions of numbers alone.
extension ExpressionChecker {
    /// `abs`, `sqrt`, `ln`, `exp`.
    mutating func ofOneNumber(_ call: Call) -> CheckedNode {
        guard let operand = quantity("x", of: call) else { return .invalid(call.range) }
        let function = call.function
        if function == .abs {
            if operand.measure.isTemperaturePoint {
                return report(
                    operand.checked.range, "a temperature has no absolute value; a difference has",
                    expected: ["abs(value - limit.H)"])
            }
            return math(.absolute, [operand.checked], operand.measure, call)
        }
        guard operand.measure.isFactor else {
            return report(
                operand.checked.range,
                "`\(function.rawValue)` needs a plain number or a ratio, not "
                    + operand.measure.name,
                expected: ["value / limit.H", "number(value, \"…\")"])
        }
        let ofRoots: MathFunction = function == .sqrt ? .squareRoot : .exponential
        let kind: MathFunction = function == .ln ? .logarithm : ofRoots
        return math(kind, [operand.checked], .ratio, call)
    }

    /// `lesser`, `greater`: both in one unit.
    mutating func ofTwoNumbers(_ call: Call) -> CheckedNode {
        guard var a = quantity("a", of: call), var b = quantity("b", of: call) else {
            return .invalid(call.range)
        }
        if a.measure.isDifference {
            if b.checked.literal?.unit == .percentOfSpan { b.checked = widthOfSpan(b.checked) }
            if b.checked.literal != nil { b.measure.isDifference = true }
        }
        if b.measure.isDifference {
            if a.checked.literal?.unit == .percentOfSpan { a.checked = widthOfSpan(a.checked) }
            if a.checked.literal != nil { a.measure.isDifference = true }
        }
        guard let (x, y) = align(a, b, verb: "compare") else { return .invalid(call.range) }
        let isTemperature = x.measure.dimension == .temperature
        if isTemperature, x.measure.isDifference != y.measure.isDifference {
            return report(
                b.checked.range, "cannot compare \(x.measure.name) with \(y.measure.name)")
        }
        let kind: MathFunction = call.function == .lesser ? .lesser : .greater
        return math(kind, [x.checked, y.checked], x.measure, call)
    }

    private func math(
        _ function: MathFunction, _ operands: [CheckedNode], _ measure: ExpressionMeasure,
        _ call: Call
    ) -> CheckedNode {
        CheckedNode(
            node: TypedNode(.math(function, operands.map(\.node)), call.range),
            type: .number(measure),
            inputs: operands.reduce([]) { $0.union($1.inputs) })
    }

    /// `number(value, "ppm")`: the number alone, so that unlike quantities can be multiplied.
    mutating func plainNumber(_ call: Call) -> CheckedNode {
        guard let operand = quantity("x", of: call),
            let (text, place) = text("unit", of: call, "a unit", expected: ["\"ppm\""])
        else { return .invalid(call.range) }
        let measure: ExpressionMeasure
        let factor: Double
        switch UnitText.read(text) ?? .unknown(text) {
        case .known(let unit): (measure, factor) = (ExpressionMeasure(scale: .unit(unit)), 1)
        case .rate(let unit, let time):
            measure = ExpressionMeasure(scale: .unit(unit), power: -1)
            factor = UnitTable.standard[time].factor
        case .dose(let unit, let time):
            measure = ExpressionMeasure(scale: .unit(unit), power: 1)
            factor = 1 / UnitTable.standard[time].factor
        case .none, .percentOfSpan, .unknown:
            return report(
                place, "unknown unit `\(text)`", suggestion: UnitText.nearest(text))
        }
        var wanted: Operand = (CheckedNode.invalid(place), measure)
        wanted.measure.isDifference = operand.measure.isDifference
        guard let moved = inUnit(operand, of: wanted, place) else { return .invalid(call.range) }
        let line = Conversion(scale: factor, offset: 0)
        return CheckedNode(
            node: line.applied(to: moved.checked.node, isRounded: false), type: .number(.ratio),
            inputs: operand.checked.inputs)
    }

    /// `operand` in the measure of `wanted`, whose place is that of a unit; nil, and reported.
    private mutating func inUnit(
        _ operand: Operand, of wanted: Operand, _ place: ExpressionRange
    ) -> Operand? {
        switch operand.measure.scale {
        case .plain: return operand
        case .unstated:
            _ = report(
                place, "the unit of `x` is unknown: it cannot be converted",
                expected: ["a pack with `unit:`"])
            return nil
        case .unit: return converted(operand, beside: wanted, verb: "convert")
        }
    }

    /// Dew point of air by the Magnus formula over water (a = 17.62, b = 243.12 °C), −45…60 °C:
    /// γ = ln(h/100) + a t / (b + t), dew point = b γ / (a − γ). Written so that each operand
    /// occurs once: a − γ = a b / (b + t) − ln(h/100), dew point = a b / (a − γ) − b.
    mutating func dewPoint(_ call: Call) -> CheckedNode {
        guard let temperature = quantity("temperature", of: call),
            let humidity = quantity("humidity", of: call)
        else { return .invalid(call.range) }
        let place = call.range
        guard let t = needed(temperature, "°C", "temperature", call),
            let h = needed(humidity, "%", "humidity", call)
        else { return .invalid(place) }
        func node(_ kind: TypedNode.Kind) -> TypedNode { TypedNode(kind, place) }
        func number(_ value: Double) -> TypedNode { node(.constant(value)) }
        let (a, b) = (17.62, 243.12)
        let sum = node(.arithmetic(.add, t.node, number(b)))
        let steam = node(.arithmetic(.divide, number(a * b), sum))
        let share = node(.arithmetic(.divide, h.node, number(100)))
        let rest = node(.arithmetic(.subtract, steam, node(.math(.logarithm, [share]))))
        let point = node(.arithmetic(.divide, number(a * b), rest))
        let celsius = ExpressionMeasure(scale: .unit(StandardUnit.celsius))
        return CheckedNode(
            node: node(.arithmetic(.subtract, point, number(b))), type: .number(celsius),
            inputs: t.inputs.union(h.inputs))
    }

    /// The argument in a fixed unit; nil, and reported at it, when it is another quantity.
    private mutating func needed(
        _ operand: Operand, _ symbol: String, _ parameter: String, _ call: Call
    ) -> CheckedNode? {
        guard let unit = UnitTable.standard.find(symbol) else {
            preconditionFailure("the unit table lacks \(symbol)")
        }
        let wanted = ExpressionMeasure(scale: .unit(unit))
        if operand.measure.unit != nil, !operand.measure.isDifference,
            UnitTable.standard[unit].dimension == operand.measure.dimension,
            case .success(let line) = context.conversion(from: operand.measure, to: wanted)
        {
            var moved = operand.checked
            moved.node = line.applied(to: operand.checked.node)
            return moved
        }
        let isPlain = operand.measure.scale == .plain && operand.checked.constant != nil
        let number = operand.checked.constant.map { value in
            ExpressionNumber(value: value, unit: .known(unit), unitRange: operand.checked.range)
        }
        _ = report(
            operand.checked.range,
            "\(call.name(of: parameter)) is in \(symbol), not \(operand.measure.name)",
            expected: [call.function.usage], suggestion: isPlain ? number?.canonicalText : nil)
        return nil
    }

    // MARK: Shares of the span, and whole numbers

    /// A literal `% of span` as the width that it is beside a difference.
    func widthOfSpan(_ checked: CheckedNode) -> CheckedNode {
        guard let span = context.span, let number = checked.literal else { return checked }
        var width = checked
        let share = (span.high - span.low) * number.value / 100
        width.node.kind = .constant(DecimalRounding.rounded(share))
        return width
    }

    /// A whole expression that gives a number, in `unit` where one is wanted.
    mutating func number(
        _ node: ExpressionNode, in unit: UnitIndex?
    ) -> (CheckedNode, UnitIndex?) {
        let checked = check(node)
        guard case .number(let measure) = checked.type else {
            if checked.type == .invalid { return (checked, nil) }
            let refused = report(node.range, "a number is needed, but this is \(checked.type.name)")
            return (refused, nil)
        }
        if checked.inputs.isEmpty {
            return (report(node.range, "this is a number: nothing is measured here"), nil)
        }
        let found = measure.power == 0 ? measure.unit : nil
        guard let unit else {
            if measure.power != 0 {
                return (
                    report(
                        node.range, "a \(measure.name) has no unit of its own",
                        expected: ["`unit:` in the definition", "number(…, \"…\")"]), nil
                )
            }
            return (checked, found)
        }
        // What is plain by `number(…)` is in the unit that the definition states.
        if measure.isFactor || measure.scale == .unstated { return (checked, unit) }
        let wanted: Operand = (
            CheckedNode.invalid(node.range), ExpressionMeasure(scale: .unit(unit))
        )
        guard let moved = converted((checked, measure), beside: wanted, verb: "convert") else {
            return (.invalid(node.range), nil)
        }
        return (moved.checked, unit)
    }
}
