import TocsinModel

/// Tokens → tree, by precedence climbing (Pratt). It stops at the first fault: what follows a
/// syntax error is guesswork. Names are resolved by the checker, which finds several faults.
struct ExpressionParser {
    let tokens: [ExpressionToken]
    var position = 0
    private var depth = 0
    private var nodeCount = 0

    init(_ tokens: [ExpressionToken]) { self.tokens = tokens }

    var current: ExpressionToken { tokens[position] }

    func token(at distance: Int) -> ExpressionToken {
        tokens[min(position + distance, tokens.count - 1)]
    }

    /// The last token, `.end`, is never passed.
    mutating func advance() { if position < tokens.count - 1 { position += 1 } }

    /// The word that stands here, if one does.
    var word: String? {
        if case .name(let word) = current.kind { word } else { nil }
    }

    mutating func make(
        _ kind: ExpressionNode.Kind, _ range: ExpressionRange
    ) throws(ExpressionError) -> ExpressionNode {
        nodeCount += 1
        guard nodeCount <= ExpressionLimits.nodes else {
            throw ExpressionError(
                range, "the expression has more than \(ExpressionLimits.nodes) parts",
                expected: ["two alarms, each with a part of the condition"])
        }
        return ExpressionNode(kind, range)
    }

    mutating func expect(
        _ kind: ExpressionToken.Kind, _ what: String
    ) throws(ExpressionError) -> ExpressionRange {
        guard current.kind == kind else {
            let message = "expected \(what), found \(current.description)"
            throw ExpressionError(current.range, message, expected: [what])
        }
        let range = current.range
        advance()
        return range
    }

    mutating func whole() throws(ExpressionError) -> ExpressionNode {
        if case .end = current.kind {
            throw ExpressionError(
                current.range, "the expression is empty", expected: ["a condition"],
                suggestion: "value >= limit.H")
        }
        let node = try expression(.or)
        guard case .end = current.kind else { throw unexpectedFollower() }
        return node
    }

    // MARK: Operators

    /// Parses operators that bind at least as tightly as `least`.
    mutating func expression(
        _ least: ExpressionPrecedence
    ) throws(ExpressionError) -> ExpressionNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ExpressionLimits.depth else {
            throw ExpressionError(
                current.range, "nested deeper than \(ExpressionLimits.depth) levels")
        }
        var left = try prefix(least)
        while let operation = infixOperator(), operation.precedence >= least {
            left = try extend(left, operation)
        }
        return left
    }

    private enum Infix {
        case logic(LogicOperator)
        case comparison(ComparisonOperator)
        case arithmetic(ArithmeticOperator)
        case state

        var precedence: ExpressionPrecedence {
            switch self {
            case .logic(.or): .or
            case .logic(.and): .and
            case .comparison, .state: .comparison
            case .arithmetic(.add), .arithmetic(.subtract): .sum
            case .arithmetic(.multiply), .arithmetic(.divide): .product
            }
        }
    }

    private func infixOperator() -> Infix? {
        switch current.kind {
        case .name("and"): .logic(.and)
        case .name("or"): .logic(.or)
        case .name("is"): .state
        case .plus: .arithmetic(.add)
        case .minus: .arithmetic(.subtract)
        case .times: .arithmetic(.multiply)
        case .divide: .arithmetic(.divide)
        case .less: .comparison(.less)
        case .lessOrEqual: .comparison(.lessOrEqual)
        case .greater: .comparison(.greater)
        case .greaterOrEqual: .comparison(.greaterOrEqual)
        case .equal: .comparison(.equal)
        case .notEqual: .comparison(.notEqual)
        case .name, .number, .string, .assign, .dot, .comma, .leftParenthesis, .rightParenthesis,
            .end:
            nil
        }
    }

    private mutating func extend(
        _ left: ExpressionNode, _ operation: Infix
    ) throws(ExpressionError) -> ExpressionNode {
        advance()
        if case .state = operation {
            let node = try stateTest(of: left)
            try refuseChain(behind: node)
            return node
        }
        let right = try expression(operation.precedence.tighter)
        let range = left.range.union(right.range)
        switch operation {
        case .logic(let logic): return try make(.logic(logic, left, right), range)
        case .arithmetic(let sign): return try make(.arithmetic(sign, left, right), range)
        case .comparison(let comparison):
            let node = try make(.comparison(comparison, left, right), range)
            try refuseChain(behind: node)
            return node
        case .state: return left
        }
    }

    /// `a < b < c` would compare a truth with a number; other languages differ, so it is refused.
    private mutating func refuseChain(behind node: ExpressionNode) throws(ExpressionError) {
        guard let next = infixOperator(), next.precedence == .comparison else { return }
        let place = current.range
        let message = "comparisons cannot be chained"
        guard case .comparison(_, _, let middle) = node.kind,
            case .comparison(let second) = next
        else { throw ExpressionError(place, message, expected: ["`and`", "`or`", "the end"]) }
        advance()
        let right = try expression(.sum)
        let again = ExpressionNode(.comparison(second, middle, right), place)
        throw ExpressionError(
            place, message, suggestion: "\(node.canonicalText) and \(again.canonicalText)")
    }

    private func unexpectedFollower() -> ExpressionError {
        let range = current.range
        let operators = ["an operator", "`and`", "`or`", "`is`", "the end"]
        switch current.kind {
        case .assign:
            return ExpressionError(range, "`=` does not compare", suggestion: "==")
        case .rightParenthesis:
            return ExpressionError(range, "this parenthesis was never opened")
        case .name(let name):
            let near = nearestName(name, among: ["and", "or", "is"])
            return ExpressionError(
                range, "expected an operator, found `\(name)`", expected: operators,
                suggestion: near)
        case .number, .string, .plus, .minus, .times, .divide, .less, .lessOrEqual, .greater,
            .greaterOrEqual, .equal, .notEqual, .dot, .comma, .leftParenthesis, .end:
            let message = "expected an operator, found \(current.description)"
            return ExpressionError(range, message, expected: operators)
        }
    }
}

extension ExpressionNode {
    /// Parses `text`; errors: several of the lexer, or the first of the grammar. Nothing is
    /// resolved: unknown names, units and functions are found by `TypedExpression`.
    package static func parse(_ text: String) throws(ExpressionErrors) -> ExpressionNode {
        let tokens = try ExpressionLexer.tokens(of: text)
        var parser = ExpressionParser(tokens)
        do throws(ExpressionError) {
            return try parser.whole()
        } catch {
            throw ExpressionErrors([error])
        }
    }
}

extension ExpressionNumber {
    /// Reads one number with its unit, signed, and nothing else: what stands behind `limits:`,
    /// `deadband:` or in a cell of the inventory.
    package static func parse(_ text: String) throws(ExpressionErrors) -> ExpressionNumber {
        let node = try ExpressionNode.parse(text)
        guard case .number(let number) = node.kind else {
            throw ExpressionErrors([
                ExpressionError(
                    node.range, "expected a number, with its unit if it has one",
                    expected: ["25 %LEL", "0.15 MPa", "60"])
            ])
        }
        return number
    }
}
