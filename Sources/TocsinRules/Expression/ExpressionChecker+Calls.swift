/// Calls: the forms of all functions are checked; what this version cannot evaluate is then named.
extension ExpressionChecker {
    mutating func call(
        _ name: String, _ place: ExpressionRange, _ arguments: [ExpressionArgument],
        _ range: ExpressionRange
    ) -> CheckedNode {
        guard let function = ExpressionFunction(rawValue: name) else {
            let names = ExpressionFunction.allCases.map(\.rawValue)
            return report(
                place, "unknown function `\(name)`", expected: names,
                suggestion: nearestName(name, among: names + ["stream"]))
        }
        let before = errors.count
        let given = bind(function, arguments)
        if errors.count == before { requireAll(function, given, place) }
        guard errors.count == before else { return .invalid(range) }
        return report(place, "function `\(name)` is not available in this version")
    }

    /// Gives every argument its parameter and checks its form; the names of those that were given.
    private mutating func bind(
        _ function: ExpressionFunction, _ arguments: [ExpressionArgument]
    ) -> Set<String> {
        let parameters = function.parameters
        var positional = parameters.filter { !$0.isNamedOnly }[...]
        var given: Set<String> = []
        for argument in arguments {
            let parameter: ExpressionParameter
            if let name = argument.name {
                guard let found = parameters.first(where: { $0.name == name }) else {
                    let names = parameters.map(\.name)
                    _ = report(
                        argument.nameRange, "`\(function.rawValue)` has no argument `\(name)`",
                        expected: [function.usage],
                        suggestion: nearestName(name, among: names))
                    continue
                }
                parameter = found
                positional.removeAll { $0.name == name }
            } else {
                guard let next = positional.popFirst() else {
                    _ = report(
                        argument.value.range, "too many arguments for `\(function.rawValue)`",
                        expected: [function.usage])
                    continue
                }
                parameter = next
            }
            guard given.insert(parameter.name).inserted else {
                _ = report(argument.nameRange, "`\(parameter.name)` is given twice")
                continue
            }
            check(argument.value, as: parameter, of: function)
        }
        return given
    }

    private mutating func check(
        _ node: ExpressionNode, as parameter: ExpressionParameter, of function: ExpressionFunction
    ) {
        let what = "`\(parameter.name)` of `\(function.rawValue)`"
        switch parameter.form {
        case .duration: checkDuration(node, what)
        case .number: checkNumber(node, what, isCount: parameter.name == "count")
        case .quantity:
            let checked = check(node)
            switch checked.type {
            case .number, .invalid: return
            case .truth, .states, .quality, .text:
                _ = report(node.range, "\(what) is a number, not \(checked.type.name)")
            }
        case .condition: _ = condition(node, needs: "\(what) is a condition")
        case .pattern: checkPattern(node, what)
        }
    }

    private mutating func checkDuration(_ node: ExpressionNode, _ what: String) {
        if case .number(let number) = node.kind, number.unit == .known(StandardUnit.minute) {
            _ = reportMinute(number)
            return
        }
        if let milliseconds = node.durationMilliseconds, milliseconds > 0 { return }
        _ = report(
            node.range, "\(what) is a duration", expected: ["250ms", "3s", "5m", "8h", "30d"])
    }

    private mutating func checkNumber(_ node: ExpressionNode, _ what: String, isCount: Bool) {
        guard case .number(let number) = node.kind, number.unit == .none else {
            _ = report(node.range, "\(what) is a number without a unit")
            return
        }
        if isCount, number.value < 1 || number.value.rounded() != number.value {
            _ = report(node.range, "\(what) is a whole number of samples, at least 1")
        }
    }

    private mutating func checkPattern(_ node: ExpressionNode, _ what: String) {
        guard case .text(let pattern) = node.kind else {
            _ = report(node.range, "\(what) is a topic filter in quotes")
            return
        }
        let quotes = (node.range.length - pattern.utf8.count) / 2
        let place = ExpressionRange(offset: node.range.offset + quotes, length: pattern.utf8.count)
        let faults = ExpressionPattern.faults(
            in: pattern, at: place, labels: context.labels, allowsWildcards: true)
        for fault in faults {
            _ = report(
                fault.range, fault.message, expected: fault.expected, suggestion: fault.suggestion)
        }
    }

    private mutating func requireAll(
        _ function: ExpressionFunction, _ given: Set<String>, _ place: ExpressionRange
    ) {
        let missing = function.parameters.first { $0.isRequired && !given.contains($0.name) }
        if let missing {
            _ = report(
                place, "`\(function.rawValue)` needs `\(missing.name)`", expected: [function.usage])
            return
        }
        guard function.needsWindow else { return }
        switch (given.contains("over"), given.contains("count")) {
        case (false, false):
            _ = report(
                place, "`\(function.rawValue)` needs a window", expected: [function.usage])
        case (true, true):
            _ = report(
                place, "`\(function.rawValue)` has two windows: a time and a count",
                expected: [function.usage])
        case (true, false), (false, true): return
        }
    }
}
