import TocsinModel

/// Tree → checked tree: resolves names, checks kinds and dimensions, converts numbers. It goes on
/// behind an error with `.invalid`, so that one reading finds every independent fault.
struct ExpressionChecker {
    let context: ExpressionContext
    /// What is checked is asked of each stream of a group.
    let isMember: Bool
    private(set) var errors: [ExpressionError] = []
    private(set) var warnings: [ExpressionError] = []
    private(set) var references: [String] = []
    private(set) var usedLimits: [String] = []
    var usesAge = false
    var hasDeadband = false

    init(_ context: ExpressionContext, isMember: Bool = false) {
        self.context = context
        self.isMember = isMember
    }

    /// The checked root with everything that was gathered on the way.
    func expression(
        _ root: TypedNode, _ node: ExpressionNode, of text: String = ""
    ) -> TypedExpression {
        TypedExpression(
            root: root, source: text, canonicalText: node.canonicalText, references: references,
            limits: usedLimits, hasLimitComparison: hasDeadband, usesAge: usesAge,
            warnings: warnings.sorted { $0.range.offset < $1.range.offset })
    }

    mutating func warn(_ range: ExpressionRange, _ message: String, expected: [String] = []) {
        guard warnings.count < ExpressionLimits.errors else { return }
        warnings.append(ExpressionError(range, message, expected: expected))
    }

    /// Takes over what a group member's checker found; its references stay its own.
    mutating func adopt(_ member: ExpressionChecker) {
        for error in member.errors where errors.count < ExpressionLimits.errors {
            errors.append(error)
        }
        for warning in member.warnings where warnings.count < ExpressionLimits.errors {
            warnings.append(warning)
        }
        for limit in member.usedLimits where !usedLimits.contains(limit) {
            usedLimits.append(limit)
        }
        usesAge = usesAge || member.usesAge
        hasDeadband = hasDeadband || member.hasDeadband
    }

    /// Refuses what is of one stream in a rule of one alarm for each value of a label.
    mutating func refusedInGroup(_ what: String, _ range: ExpressionRange) -> CheckedNode? {
        guard let label = context.groupLabel, !isMember else { return nil }
        return report(
            range, "\(what) is of one stream, but the rule has one alarm per `\(label)`",
            expected: [
                "votes(value >= limit.H, of=\"…\") >= 2", "max_of(value, of=\"…\")",
            ])
    }

    /// The labels that stand for something here.
    var labels: [String] {
        guard let label = context.groupLabel, !isMember else { return context.labels }
        return [label]
    }

    mutating func report(
        _ range: ExpressionRange, _ message: String, expected: [String] = [],
        suggestion: String? = nil
    ) -> CheckedNode {
        if errors.count < ExpressionLimits.errors {
            errors.append(
                ExpressionError(range, message, expected: expected, suggestion: suggestion))
        }
        return .invalid(range)
    }

    /// Checks any part; the type of the result says what it is.
    mutating func check(_ node: ExpressionNode) -> CheckedNode {
        switch node.kind {
        case .number(let number): return literal(number, node.range)
        case .text: return CheckedNode(node: TypedNode(.constant(0), node.range), type: .text)
        case .name(let name): return resolve(name, node.range)
        case .limit(let name, let place): return limit(name, place, node.range)
        case .stream(let pattern, let place): return stream(pattern, place, node.range)
        case .state(let subject, let name, let place, let isNegated, let held):
            return stateTest(subject, name, place, isNegated, held, node.range)
        case .call(let name, let place, let arguments):
            return call(name, place, arguments, node.range)
        case .negate(let inner): return negation(check(inner), node.range)
        case .not(let inner):
            let operand = condition(inner, needs: "`not` needs a condition")
            return truth(.not(operand.node), node.range)
        case .arithmetic(let operation, let left, let right):
            if let refused = unitApart(operation, left, right, node.range) { return refused }
            return arithmetic(operation, check(left), check(right), node.range)
        case .comparison(let operation, let left, let right):
            return comparison(operation, left, right, node.range)
        case .logic(let operation, let left, let right):
            let needs = "`\(operation.rawValue)` joins conditions"
            let a = condition(left, needs: needs)
            let b = condition(right, needs: needs)
            return truth(.logic(operation, a.node, b.node), node.range)
        }
    }

    func truth(_ kind: TypedNode.Kind, _ range: ExpressionRange) -> CheckedNode {
        CheckedNode(node: TypedNode(kind, range), type: .truth)
    }

    /// Checks what must be true or false; `needs` begins the message when it is neither.
    mutating func condition(
        _ node: ExpressionNode, needs: String = "a condition is needed"
    ) -> CheckedNode {
        let checked = check(node)
        let text = node.canonicalText
        switch checked.type {
        case .truth, .invalid: return checked
        case .number(let measure):
            let message = "\(needs), but `\(text)` is \(measure.name)"
            let measured = checked.inputs.isSubset(of: .limit) ? "value" : text
            var example = ">= limit.H"
            if measure.dimension == .dimensionless { example = ">= 2" }
            if checked.inputs.contains(.ahead) { example = "< 10m" }
            if let timed = measure.timedExample {
                example = ">= 5\(timed.hasPrefix("/") ? "" : " ")\(timed)"
            }
            return report(
                node.range, message, expected: ["a comparison: \(measured) \(example)"])
        case .states(_, let names):
            return report(
                node.range, "\(needs), but `\(text)` is a state", expected: names,
                suggestion: names.first.map { "\(text) is \($0)" })
        case .quality:
            return report(
                node.range, "\(needs), but `quality` is a word",
                expected: ExpressionWords.qualities, suggestion: "quality is bad")
        case .text: return report(node.range, "\(needs), but this is a text")
        }
    }

    // MARK: Names

    private mutating func resolve(_ name: String, _ range: ExpressionRange) -> CheckedNode {
        if ExpressionWords.names.contains(name), let refused = refusedInGroup("`\(name)`", range) {
            return refused
        }
        switch name {
        case "value": return quantity(context.value, .ownValue, .own, .own, range)
        case "quality": return CheckedNode(node: TypedNode(.constant(0), range), type: .quality)
        case "over": return rangeFlag(.over, name, range)
        case "under": return rangeFlag(.under, name, range)
        case "age":
            usesAge = true
            let measure = ExpressionMeasure(scale: .unit(StandardUnit.millisecond))
            return CheckedNode(
                node: TypedNode(.age, range), type: .number(measure), inputs: .age)
        default: return unknownName(name, range)
        }
    }

    private mutating func rangeFlag(
        _ kind: TypedNode.Kind, _ name: String, _ range: ExpressionRange
    ) -> CheckedNode {
        guard case .states(let names) = context.value else { return truth(kind, range) }
        return report(
            range, "`value` is a state: it has no measuring range to be `\(name)`",
            expected: names)
    }

    func quantity(
        _ quantity: ExpressionQuantity, _ kind: TypedNode.Kind, _ subject: StateSubject,
        _ inputs: ExpressionInputs, _ range: ExpressionRange
    ) -> CheckedNode {
        let type: ExpressionType =
            switch quantity {
            case .measured(let unit): .number(ExpressionMeasure(scale: .unit(unit)))
            case .unitUnknown: .number(ExpressionMeasure(scale: .unstated))
            case .states(let names): .states(subject, names)
            }
        return CheckedNode(node: TypedNode(kind, range), type: type, inputs: inputs)
    }

    private var ownStates: [String] {
        if case .states(let names) = context.value { names } else { [] }
    }

    private mutating func unknownName(_ name: String, _ range: ExpressionRange) -> CheckedNode {
        if context.limits.contains(where: { $0.name == name }) {
            return report(range, "`\(name)` is a limit", suggestion: "limit.\(name)")
        }
        if ownStates.contains(name) {
            return report(range, "`\(name)` is a state", suggestion: "value is \(name)")
        }
        if let function = ExpressionFunction(rawValue: name) {
            return report(range, "`\(name)` is a function", expected: [function.usage])
        }
        let names = ExpressionWords.names + ["and", "or", "not", "is"]
        let all =
            names + context.limits.map { "limit.\($0.name)" }
            + ExpressionFunction.allCases.map(\.rawValue)
        return report(
            range, "unknown name `\(name)`", expected: ExpressionWords.names,
            suggestion: nearestName(name, among: all))
    }

    private mutating func limit(
        _ name: String, _ place: ExpressionRange, _ range: ExpressionRange
    ) -> CheckedNode {
        if let refused = refusedInGroup("`limit.\(name)`", range) { return refused }
        guard let entry = context.limits.first(where: { $0.name == name }) else {
            let names = context.limits.map(\.name)
            let message =
                names.isEmpty ? "the pack has no `limits:`" : "the pack has no limit `\(name)`"
            return report(
                place, message, expected: names,
                suggestion: nearestName(name, among: names))
        }
        if !usedLimits.contains(name) { usedLimits.append(name) }
        let scale: ExpressionMeasure.Scale
        if let unit = entry.unit {
            scale = .unit(unit)
        } else if case .measured(let unit) = context.value {
            scale = .unit(unit)
        } else {
            scale = .unstated
        }
        return CheckedNode(
            node: TypedNode(.limit(name), range), type: .number(ExpressionMeasure(scale: scale)),
            inputs: .limit)
    }

    private mutating func stream(
        _ pattern: String, _ place: ExpressionRange, _ range: ExpressionRange
    ) -> CheckedNode {
        let faults = ExpressionPattern.faults(
            in: pattern, at: place, labels: labels, allowsWildcards: false)
        guard faults.isEmpty else {
            for fault in faults {
                _ = report(
                    fault.range, fault.message, expected: fault.expected,
                    suggestion: fault.suggestion)
            }
            return .invalid(range)
        }
        guard let found = context.resolve(pattern) else {
            return report(
                place, "no pack matches the stream `\(pattern)`: its unit or states are unknown",
                expected: ["a stream that the `match:` of a pack covers"])
        }
        let slot = references.firstIndex(of: pattern) ?? references.count
        if slot == references.count { references.append(pattern) }
        return quantity(found, .reference(slot), .reference(slot), .other, range)
    }
}
