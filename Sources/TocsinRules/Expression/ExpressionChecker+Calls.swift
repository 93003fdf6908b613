import TocsinModel

/// Calls: which function, which arguments, and their forms.
extension ExpressionChecker {
    mutating func call(
        _ name: String, _ place: ExpressionRange, _ arguments: [ExpressionArgument],
        _ range: ExpressionRange
    ) -> CheckedNode {
        guard let function = ExpressionFunction(rawValue: name) else {
            let names = ExpressionFunction.allCases.map(\.rawValue)
            return report(
                place, "unknown function `\(name)`", expected: names,
                suggestion: ExpressionFunction.nearest(name))
        }
        let bound = BoundArguments(matching: function, arguments)
        guard bound.problems.isEmpty else {
            for problem in bound.problems { report(problem, bound, arguments) }
            return .invalid(range)
        }
        guard hasAll(bound, place) else { return .invalid(range) }
        return apply(Call(function: function, place: place, range: range, arguments: bound))
    }

    /// A call whose arguments all have their parameter.
    struct Call {
        var function: ExpressionFunction
        /// Where the function's name stands.
        var place: ExpressionRange
        var range: ExpressionRange
        var arguments: BoundArguments

        func name(of parameter: String) -> String { "`\(parameter)` of `\(function.rawValue)`" }
    }

    private mutating func apply(_ call: Call) -> CheckedNode {
        switch call.function {
        case .mean, .sum, .min, .max, .stddev, .median, .quantile, .count, .delta, .slope, .rate,
            .twa,
            .dose, .ewma, .cusum, .zscore, .changes, .flat, .forecast, .timeTo, .slopeSignificance:
            return window(call)
        case .votes, .any, .all, .countOf, .minOf, .maxOf, .meanOf: return group(call)
        case .during: return during(call)
        case .abs, .sqrt, .ln, .exp: return ofOneNumber(call)
        case .lesser, .greater: return ofTwoNumbers(call)
        case .dewPoint: return dewPoint(call)
        case .number: return plainNumber(call)
        }
    }

    // MARK: Which arguments

    private mutating func report(
        _ problem: BoundArguments.Problem, _ bound: BoundArguments,
        _ arguments: [ExpressionArgument]
    ) {
        let function = bound.function
        let name = function.rawValue
        switch problem {
        case .unknown(let position):
            let argument = arguments[position]
            let given = argument.name ?? ""
            var suggestion = nearestName(given, among: function.parameters.map(\.name))
            if given == "of", let group = function.overGroup {
                suggestion = "\(group.rawValue)(…, of=\(argument.value.canonicalText))"
            }
            _ = report(
                argument.nameRange, "`\(name)` has no argument `\(given)`",
                expected: [function.usage], suggestion: suggestion)
        case .tooMany(let position):
            _ = report(
                arguments[position].value.range, "too many arguments for `\(name)`",
                expected: [function.usage],
                suggestion: instead(of: arguments, position, bound))
        case .twice(let position):
            let argument = arguments[position]
            let parameter = argument.name ?? "the argument"
            _ = report(argument.nameRange, "`\(parameter)` is given twice")
        }
    }

    /// What one argument too many was probably meant to be.
    private func instead(
        of arguments: [ExpressionArgument], _ position: Int, _ bound: BoundArguments
    ) -> String? {
        let function = bound.function
        let first = arguments[0].value
        let list = arguments.map(\.value.canonicalText)
        if arguments.count == 2, first.durationMilliseconds == nil {
            // `mean(value, 5m)`: the window of `value` is meant.
            if first.kind == .name("value"), arguments[1].value.durationMilliseconds != nil {
                return "\(function.rawValue)(\(arguments[1].value.durationText))"
            }
            if function == .min { return "lesser(\(list.joined(separator: ", ")))" }
            if function == .max { return "greater(\(list.joined(separator: ", ")))" }
        }
        let value = arguments[position].value
        let open = function.parameters.first { parameter in
            guard parameter.isNamedOnly, bound[parameter.name] == nil else { return false }
            switch parameter.form {
            case .text: if case .text = value.kind { return true } else { return false }
            case .duration: return value.durationMilliseconds != nil
            case .number, .quantity:
                if case .number = value.kind { return true } else { return false }
            case .samples, .condition: return false
            }
        }
        guard let open else { return nil }
        let text = open.form == .duration ? value.durationText : value.canonicalText
        return "\(open.name)=\(text)"
    }

    private mutating func hasAll(_ bound: BoundArguments, _ place: ExpressionRange) -> Bool {
        let function = bound.function
        let missing = function.parameters.first { $0.isRequired && bound[$0.name] == nil }
        if let missing {
            // `twa()`: what is missing is called a window everywhere.
            let what = missing.name == "over" ? "a window" : "`\(missing.name)`"
            _ = report(
                place, "`\(function.rawValue)` needs \(what)", expected: [function.usage])
            return false
        }
        guard function.needsWindow else { return true }
        switch (bound["over"] != nil, bound["count"] != nil) {
        case (false, false):
            if let first = bound["q"], first.durationMilliseconds != nil {
                _ = report(
                    first.range, "`q` of `quantile` is a number without a unit",
                    expected: [function.usage])
                return false
            }
            _ = report(
                place, "`\(function.rawValue)` needs a window", expected: [function.usage])
            return false
        case (true, true):
            _ = report(
                place, "`\(function.rawValue)` has two windows: a time and a count",
                expected: [function.usage])
            return false
        case (true, false), (false, true): return true
        }
    }

    // MARK: Forms of arguments

    /// The whole milliseconds of an argument; nil, and reported, when it is no duration above 0.
    mutating func duration(_ parameter: String, of call: Call) -> Int64? {
        guard let node = call.arguments[parameter] else { return nil }
        if case .number(let number) = node.kind, number.unit == .known(StandardUnit.minute) {
            _ = reportMinute(number)
            return nil
        }
        if let milliseconds = node.durationMilliseconds, milliseconds > 0 { return milliseconds }
        _ = report(
            node.range, "\(call.name(of: parameter)) is a duration",
            expected: ["250ms", "3s", "5m", "8h", "30d"], suggestion: node.nearestDuration)
        return nil
    }

    /// A number without a unit within bounds; `standard` where it is not given, nil when refused.
    mutating func number(
        _ parameter: String, of call: Call, standard: Double, _ bounds: String,
        where isWithin: (Double) -> Bool
    ) -> Double? {
        guard let node = call.arguments[parameter] else { return standard }
        guard case .number(let number) = node.kind, number.unit == .none else {
            _ = report(node.range, "\(call.name(of: parameter)) is a number without a unit")
            return nil
        }
        guard isWithin(number.value) else {
            _ = report(node.range, "\(call.name(of: parameter)) is \(bounds)")
            return nil
        }
        return number.value
    }

    /// A text in quotes and where it stands without them; `kind` ends "… is".
    mutating func text(
        _ parameter: String, of call: Call, _ kind: String, expected: [String] = []
    ) -> (text: String, place: ExpressionRange)? {
        guard let node = call.arguments[parameter] else { return nil }
        guard case .text(let text) = node.kind else {
            _ = report(
                node.range, "\(call.name(of: parameter)) is \(kind) in quotes", expected: expected)
            return nil
        }
        // Quotes may be full-width, three bytes each; the text lies in the middle.
        let quotes = (node.range.length - text.utf8.count) / 2
        return (text, ExpressionRange(offset: node.range.offset + quotes, length: text.utf8.count))
    }

    /// An argument that must be a number of some quantity; nil, and reported, when it is none.
    mutating func quantity(_ parameter: String, of call: Call) -> Operand? {
        guard let node = call.arguments[parameter] else { return nil }
        let checked = check(node)
        switch checked.type {
        case .number(let measure): return (checked, measure)
        case .invalid: return nil
        case .truth, .states, .quality, .text:
            _ = report(
                node.range,
                "\(call.name(of: parameter)) is a number, not \(checked.type.name)")
            return nil
        }
    }
}
