import TocsinModel

/// Tree → canonical text: one space around operators, the fewest parentheses, units by their
/// table's symbol, ASCII operators. The text parses to a tree with the same canonical text, and is
/// what the `condition` member of events and the hash of a rule's meaning are made of.
enum ExpressionPrinter {
    /// `inTime`: a duration is expected, so that `m` is minutes and is written as `5m`.
    static func text(of node: ExpressionNode, inTime: Bool = false) -> String {
        switch node.kind {
        case .number(let number): return text(of: number, inTime: inTime)
        case .text(let text): return quoted(text)
        case .name(let name): return name
        case .limit(let name, _): return "limit.\(name)"
        case .stream(let pattern, _): return "stream(\(quoted(pattern)))"
        case .state(let subject, let name, _, let isNegated, let held):
            let state = isPlainState(name) ? name : quoted(name)
            let time = held.map { " for \(text(of: $0, inTime: true))" } ?? ""
            return "\(operand(subject, .sum)) is \(isNegated ? "not " : "")\(state)\(time)"
        case .call(let name, _, let arguments):
            return "\(name)(\(list(of: arguments, of: name)))"
        case .negate(let inner): return "-\(operand(inner, .sign, inTime: inTime))"
        case .not(let inner): return "not \(operand(inner, .not))"
        case .arithmetic(let operation, let left, let right):
            return binary(node, operation.rawValue, left, right, inTime: inTime)
        case .comparison(let operation, let left, let right):
            let clock = left.mentionsAge || right.mentionsAge
            let leftText = operand(left, .sum, inTime: clock)
            return "\(leftText) \(operation.rawValue) \(operand(right, .sum, inTime: clock))"
        case .logic(let operation, let left, let right):
            return binary(node, operation.rawValue, left, right, inTime: false)
        }
    }

    /// In the order of the parameters, without the names that the position gives. Arguments that do
    /// not fit the function are printed as they stand.
    private static func list(of arguments: [ExpressionArgument], of name: String) -> String {
        guard let function = ExpressionFunction(rawValue: name),
            let bound = BoundArguments(function, arguments)
        else {
            return arguments.map { argument in
                let value = text(of: argument.value, inTime: true)
                return argument.name.map { "\($0)=\(value)" } ?? value
            }.joined(separator: ", ")
        }
        var isGapless = true
        var list: [String] = []
        for parameter in function.parameters {
            guard let value = bound[parameter.name] else {
                if !parameter.isNamedOnly { isGapless = false }
                continue
            }
            let text = text(of: value, inTime: parameter.form == .duration)
            let isBare = isGapless && !parameter.isNamedOnly && !parameter.isPrintedByName
            list.append(isBare ? text : "\(parameter.name)=\(text)")
        }
        return list.joined(separator: ", ")
    }

    private static func binary(
        _ node: ExpressionNode, _ sign: String, _ left: ExpressionNode, _ right: ExpressionNode,
        inTime: Bool
    ) -> String {
        let level = node.precedence
        let leftText = operand(left, level, inTime: inTime)
        return "\(leftText) \(sign) \(operand(right, level.tighter, inTime: inTime))"
    }

    private static func operand(
        _ node: ExpressionNode, _ least: ExpressionPrecedence, inTime: Bool = false
    ) -> String {
        let inner = text(of: node, inTime: inTime)
        return node.precedence < least ? "(\(inner))" : inner
    }

    /// `35 ppm`, `50 %LEL`, `5m`, `2 % of span`: the shortest digits that read back the same.
    static func text(of number: ExpressionNumber, inTime: Bool = false) -> String {
        let digits = plainDigits(number.value)
        switch number.unit {
        case .none: return digits
        case .percentOfSpan: return "\(digits) % of span"
        case .unknown(let text): return "\(digits) \(text)"
        case .rate, .dose: return "\(digits) \(UnitText.text(of: number.unit) ?? "")"
        case .known(let index):
            let symbol = UnitTable.standard[index].symbol
            let isDuration = ["ms", "s", "h", "d"].contains(symbol) || (inTime && symbol == "m")
            return isDuration || symbol.hasPrefix("/") ? digits + symbol : "\(digits) \(symbol)"
        }
    }

    private static func plainDigits(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Texts cannot hold both kinds of quotes: the lexer ends them at their own kind.
    private static func quoted(_ text: String) -> String {
        let isDouble = text.unicodeScalars.contains { ["\"", "\u{FF02}", "“", "”"].contains($0) }
        return isDouble ? "'\(text)'" : "\"\(text)\""
    }

    private static func isPlainState(_ name: String) -> Bool {
        guard name != "not" else { return false }
        return name.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
            let scalars = ExpressionScalar.all(of: String(part))
            guard let first = scalars.first, first.beginsName else { return false }
            return scalars.allSatisfy { $0.continuesName && $0.scalar == $0.original }
        }
    }
}

extension ExpressionNode {
    /// The canonical text; parsing it gives a tree that prints the same.
    package var canonicalText: String { ExpressionPrinter.text(of: self) }

    /// Compared with `age` or `time_to`, numbers are durations.
    var mentionsAge: Bool {
        switch kind {
        case .name(let name): name == "age"
        case .call(let name, _, _): name == ExpressionFunction.timeTo.rawValue
        case .negate(let inner): inner.mentionsAge
        case .arithmetic(_, let left, let right): left.mentionsAge || right.mentionsAge
        case .number, .text, .limit, .stream, .state, .not, .comparison, .logic: false
        }
    }
}

extension ExpressionNumber {
    /// The canonical text of the number with its unit.
    package var canonicalText: String { ExpressionPrinter.text(of: self) }
}
