/// Operands: signs, parentheses, names, calls, and the state name behind `is`.
extension ExpressionParser {
    mutating func prefix(
        _ least: ExpressionPrecedence
    ) throws(ExpressionError) -> ExpressionNode {
        let start = current.range
        switch current.kind {
        case .minus:
            advance()
            return try signed(from: start)
        case .plus:
            throw ExpressionError(start, "a number has no `+` before it", expected: ["the number"])
        case .leftParenthesis:
            advance()
            let inner = try expression(.or)
            guard case .rightParenthesis = current.kind else { throw unclosed(start) }
            advance()
            return inner
        case .number(let number):
            advance()
            return try make(.number(number), start)
        case .string(let text):
            advance()
            return try make(.text(text), start)
        case .name("not"):
            guard least <= .not else {
                throw ExpressionError(
                    start, "`not` needs parentheses here", suggestion: "(not …)")
            }
            advance()
            let operand = try expression(.not)
            return try make(.not(operand), start.union(operand.range))
        case .name(let name):
            return try named(name, start)
        case .dot:
            if case .number = token(at: 1).kind {
                throw ExpressionError(start, "a number begins with a digit", suggestion: "0.")
            }
            throw missingOperand()
        case .times, .divide, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual,
            .assign, .comma, .rightParenthesis, .end:
            throw missingOperand()
        }
    }

    private func missingOperand() -> ExpressionError {
        ExpressionError(
            current.range, "expected a value, found \(current.description)",
            expected: ["value", "limit.NAME", "a number", "stream(\"…\")", "a function", "("])
    }

    private func unclosed(_ opening: ExpressionRange) -> ExpressionError {
        if case .end = current.kind {
            return ExpressionError(opening, "this parenthesis is never closed", expected: ["`)`"])
        }
        if case .assign = current.kind {
            return ExpressionError(current.range, "`=` does not compare", suggestion: "==")
        }
        return ExpressionError(
            current.range, "expected `)` or an operator, found \(current.description)",
            expected: ["`)`", "an operator"])
    }

    /// A minus before a number is the number's sign: -10 °C is a temperature, not the negation of
    /// one, and converts to 263.15 K.
    private mutating func signed(
        from start: ExpressionRange
    ) throws(ExpressionError) -> ExpressionNode {
        if case .number(var number) = current.kind {
            let range = start.union(current.range)
            advance()
            number.value = -number.value
            return try make(.number(number), range)
        }
        let operand = try expression(.sign)
        return try make(.negate(operand), start.union(operand.range))
    }

    // MARK: Names

    private mutating func named(
        _ name: String, _ start: ExpressionRange
    ) throws(ExpressionError) -> ExpressionNode {
        if ExpressionWords.reserved.contains(name) { throw missingOperand() }
        advance()
        switch (name, current.kind) {
        case ("limit", .dot):
            advance()
            guard let limit = word else {
                throw ExpressionError(
                    current.range, "expected the name of a limit, found \(current.description)",
                    expected: ["limit.H"])
            }
            let range = current.range
            advance()
            return try make(.limit(limit, range), start.union(range))
        case ("limit", _):
            throw ExpressionError(
                start, "`limit` needs the name of a limit", suggestion: "limit.H")
        case ("stream", .leftParenthesis):
            return try stream(start)
        case ("stream", _):
            throw ExpressionError(
                start, "`stream` needs a topic in quotes", suggestion: "stream(\"…\")")
        case (_, .leftParenthesis):
            return try call(name, start)
        case (_, .dot):
            let near = nearestName(name, among: ["limit"])
            throw ExpressionError(
                start, "only `limit` has names behind a dot, `\(name)` has none", suggestion: near)
        default:
            return try make(.name(name), start)
        }
    }

    private mutating func stream(_ start: ExpressionRange) throws(ExpressionError) -> ExpressionNode
    {
        advance()
        guard case .string(let pattern) = current.kind else {
            throw ExpressionError(
                current.range, "expected a topic in quotes, found \(current.description)",
                expected: ["\"{line}/dust/fan/main\""])
        }
        let quoted = current.range
        advance()
        let close = try expect(.rightParenthesis, "`)`")
        // Quotes may be full-width, three bytes each; the pattern lies in the middle.
        let quotes = (quoted.length - pattern.utf8.count) / 2
        let inner = ExpressionRange(offset: quoted.offset + quotes, length: pattern.utf8.count)
        return try make(.stream(pattern, inner), start.union(close))
    }

    private mutating func call(
        _ name: String, _ start: ExpressionRange
    ) throws(ExpressionError) -> ExpressionNode {
        let opening = current.range
        advance()
        var arguments: [ExpressionArgument] = []
        if case .rightParenthesis = current.kind {
            let range = start.union(current.range)
            advance()
            return try make(.call(name, start, []), range)
        }
        // Bounded by the tokens: every round takes at least one.
        while true {
            arguments.append(try argument())
            if case .comma = current.kind {
                advance()
                continue
            }
            guard case .rightParenthesis = current.kind else { throw unclosed(opening) }
            let range = start.union(current.range)
            advance()
            return try make(.call(name, start, arguments), range)
        }
    }

    private mutating func argument() throws(ExpressionError) -> ExpressionArgument {
        if let name = word, case .assign = token(at: 1).kind {
            let range = current.range
            advance()
            advance()
            return ExpressionArgument(name: name, nameRange: range, value: try expression(.or))
        }
        let value = try expression(.or)
        return ExpressionArgument(name: nil, nameRange: value.range, value: value)
    }

    // MARK: States

    /// `is running`, `is not fault`, `is not-in-auto`, `is "故障 2"`: behind `is`, words joined by
    /// hyphens without spaces are one state name.
    mutating func stateTest(of left: ExpressionNode) throws(ExpressionError) -> ExpressionNode {
        var isNegated = false
        if case .name("not") = current.kind, !isHyphen(at: 1) {
            isNegated = true
            advance()
        }
        let start = current.range
        if case .string(let text) = current.kind {
            advance()
            return try held(left, text, start, isNegated: isNegated)
        }
        guard var name = word else {
            throw ExpressionError(
                start, "expected the name of a state, found \(current.description)",
                expected: ["running", "bad"])
        }
        var range = start
        while isHyphen(at: 1), case .name(let next) = token(at: 2).kind {
            name += "-" + next
            range = range.union(token(at: 2).range)
            advance()
            advance()
        }
        advance()
        return try held(left, name, range, isNegated: isNegated)
    }

    /// The holding time behind a state, `for 60s`, where there is one.
    private mutating func held(
        _ left: ExpressionNode, _ name: String, _ place: ExpressionRange, isNegated: Bool
    ) throws(ExpressionError) -> ExpressionNode {
        var time: ExpressionNode?
        if word == "for" {
            advance()
            guard case .number(let number) = current.kind else {
                throw ExpressionError(
                    current.range, "expected a duration, found \(current.description)",
                    expected: ["60s", "5m"])
            }
            time = try make(.number(number), current.range)
            advance()
        }
        let kind = ExpressionNode.Kind.state(left, name, place, isNegated: isNegated, held: time)
        return try make(kind, left.range.union(time?.range ?? place))
    }

    /// The token at `distance` is a minus that touches a word on both sides.
    private func isHyphen(at distance: Int) -> Bool {
        let minus = token(at: distance)
        let after = token(at: distance + 1)
        guard case .minus = minus.kind, case .name = after.kind else { return false }
        return token(at: distance - 1).range.end == minus.range.offset
            && minus.range.end == after.range.offset
    }
}
