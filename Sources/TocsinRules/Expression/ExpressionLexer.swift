import TocsinModel

/// Text → tokens. A number takes its unit with it, so that `/` and `%` right behind a number are
/// never read as division or remainder; division has spaces (contract §4).
struct ExpressionLexer {
    private let scalars: [ExpressionScalar]
    private let textLength: Int
    private var position = 0
    private var tokens: [ExpressionToken] = []
    private var errors: [ExpressionError] = []

    private init(_ text: String) {
        scalars = ExpressionScalar.all(of: text)
        textLength = text.utf8.count
    }

    /// The tokens of `text`, the last one `.end`; errors: too long, characters that belong to no
    /// token, quotes left open.
    static func tokens(of text: String) throws(ExpressionErrors) -> [ExpressionToken] {
        let length = text.utf8.count
        guard length <= ExpressionLimits.textBytes else {
            let rest = ExpressionRange(
                offset: ExpressionLimits.textBytes, length: length - ExpressionLimits.textBytes)
            let limit = "longer than \(ExpressionLimits.textBytes) bytes"
            throw ExpressionErrors([ExpressionError(rest, "the expression is \(limit)")])
        }
        var lexer = ExpressionLexer(text)
        while lexer.errors.count < ExpressionLimits.errors, lexer.next() {}
        guard lexer.errors.isEmpty else { throw ExpressionErrors(lexer.errors) }
        return lexer.tokens
    }

    private func peek(_ distance: Int = 0) -> ExpressionScalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    private func offset(at index: Int) -> Int {
        index < scalars.count ? scalars[index].offset : textLength
    }

    private func range(_ start: Int, _ end: Int) -> ExpressionRange {
        let first = offset(at: start)
        return ExpressionRange(offset: first, length: offset(at: end) - first)
    }

    private func folded(_ start: Int, _ end: Int) -> String {
        var text = ""
        for entry in scalars[start..<end] { text.unicodeScalars.append(entry.scalar) }
        return text
    }

    private func skip(from start: Int, while matches: (ExpressionScalar) -> Bool) -> Int {
        var index = start
        while index < scalars.count, matches(scalars[index]) { index += 1 }
        return index
    }

    /// Reads one token; false behind the last.
    private mutating func next() -> Bool {
        position = skip(from: position, while: \.isSpace)
        guard let entry = peek() else {
            tokens.append(ExpressionToken(kind: .end, range: range(position, position)))
            return false
        }
        if entry.isDigit {
            readNumber()
        } else if entry.beginsName {
            let end = skip(from: position, while: \.continuesName)
            append(.name(folded(position, end)), to: end)
        } else if entry.scalar == "\"" || entry.scalar == "'" {
            readString(quote: entry.scalar)
        } else {
            readOperator(entry)
        }
        return true
    }

    private mutating func append(_ kind: ExpressionToken.Kind, to end: Int) {
        tokens.append(ExpressionToken(kind: kind, range: range(position, end)))
        position = end
    }

    private mutating func refuse(
        _ message: String, to end: Int, expected: [String] = [], suggestion: String? = nil
    ) {
        errors.append(
            ExpressionError(
                range(position, end), message, expected: expected, suggestion: suggestion))
        position = end
    }

    // MARK: Operators and texts

    private mutating func readOperator(_ entry: ExpressionScalar) {
        let follower = peek(1)?.scalar
        switch (entry.scalar, follower) {
        case (">", "="): append(.greaterOrEqual, to: position + 2)
        case ("<", "="): append(.lessOrEqual, to: position + 2)
        case ("=", "="): append(.equal, to: position + 2)
        case ("!", "="): append(.notEqual, to: position + 2)
        case ("<", ">"): refuse("`<>` is no operator", to: position + 2, suggestion: "!=")
        case ("&", "&"): refuse("`&&` is no operator", to: position + 2, suggestion: "and")
        case ("|", "|"): refuse("`||` is no operator", to: position + 2, suggestion: "or")
        case ("=", ">"): refuse("`=>` is no operator", to: position + 2, suggestion: ">=")
        case ("=", "<"): refuse("`=<` is no operator", to: position + 2, suggestion: "<=")
        case ("!", _): refuse("`!` is no operator", to: position + 1, suggestion: "not")
        case (">", _): append(.greater, to: position + 1)
        case ("<", _): append(.less, to: position + 1)
        case ("=", _): append(.assign, to: position + 1)
        case ("≥", _): append(.greaterOrEqual, to: position + 1)
        case ("≤", _): append(.lessOrEqual, to: position + 1)
        case ("≠", _): append(.notEqual, to: position + 1)
        case ("+", _): append(.plus, to: position + 1)
        case ("-", _): append(.minus, to: position + 1)
        case ("*", _): append(.times, to: position + 1)
        case ("/", _), ("÷", _): append(.divide, to: position + 1)
        case (".", _): append(.dot, to: position + 1)
        case (",", _): append(.comma, to: position + 1)
        case ("(", _): append(.leftParenthesis, to: position + 1)
        case (")", _): append(.rightParenthesis, to: position + 1)
        case ("{", _), ("}", _):
            refuse(
                "unexpected character `\(entry.original)`", to: position + 1,
                expected: ["a topic in quotes: \"{area}/gas/+\""])
        case (":", _):
            refuse(
                "unexpected character `:`", to: position + 1,
                expected: ["times in quotes: during(\"mon-fri 08:00-18:00\")"])
        default: refuse("unexpected character `\(entry.original)`", to: position + 1)
        }
    }

    /// What stands between quotes is taken as it is: topics have no escapes.
    private mutating func readString(quote: Unicode.Scalar) {
        let close = skip(from: position + 1) { $0.scalar != quote }
        guard close < scalars.count else {
            return refuse(
                "the quote is never closed", to: scalars.count, expected: ["a closing quote"])
        }
        var content = ""
        for entry in scalars[(position + 1)..<close] {
            content.unicodeScalars.append(entry.original)
        }
        append(.string(content), to: close + 1)
    }

    // MARK: Numbers

    private mutating func readNumber() {
        var end = skip(from: position, while: \.isDigit)
        if end + 1 < scalars.count, scalars[end].scalar == ".", scalars[end + 1].isDigit {
            end = skip(from: end + 1, while: \.isDigit)
        }
        end = exponentEnd(from: end)
        guard let value = Double(folded(position, end)), value.isFinite else {
            return refuse("the number is beyond what a 64-bit number can hold", to: end)
        }
        let (unit, unitStart, unitEnd) = readUnit(behind: end)
        let number = ExpressionNumber(
            value: value, unit: unit, unitRange: range(unitStart, unitEnd))
        append(.number(number), to: unitEnd)
    }

    /// `e3`, `e-05`; an `e` without digits behind it begins a unit or a word.
    private func exponentEnd(from start: Int) -> Int {
        guard start < scalars.count, scalars[start].scalar == "e" || scalars[start].scalar == "E"
        else { return start }
        var digits = start + 1
        if digits < scalars.count, scalars[digits].scalar == "-" || scalars[digits].scalar == "+" {
            digits += 1
        }
        let end = skip(from: digits, while: \.isDigit)
        return end > digits ? end : start
    }

    /// The unit behind a number that ends at `start`, and where it stands.
    private func readUnit(behind start: Int) -> (ExpressionUnit, Int, Int) {
        let none = (ExpressionUnit.none, start, start)
        let first = skip(from: start, while: \.isSpace)
        guard first < scalars.count, scalars[first].beginsUnit else { return none }
        let end = skip(from: first, while: \.continuesUnit)
        let text = folded(first, end)
        let isApart = first > start
        if isApart, ExpressionWords.reserved.contains(text) { return none }
        if text == "%", let span = readPercentage(behind: end) {
            return (span.unit, first, span.end)
        }
        // `half-cycles/s`, `LEL.m`, `ppm.h`: only a known unit takes these signs, `5 ppm-value` is
        // a minus.
        let long = skip(from: first) { $0.continuesUnit || $0.scalar == "-" || $0.scalar == "." }
        if long > end, let unit = UnitText.read(folded(first, long)) { return (unit, first, long) }
        if let unit = UnitText.read(text) { return (unit, first, end) }
        // `3 stddev(1h)`: a function's name is no unit; an operator is missing.
        if isApart, end < scalars.count, scalars[end].scalar == "(" { return none }
        // ` /` with a space before it is division unless a unit (`3 /min`) follows.
        if isApart, text.hasPrefix("/") { return none }
        return (.unknown(text), first, end)
    }

    /// `% of span`, or a percent unit written apart (`% LEL`), behind a `%` that ends at `start`.
    private func readPercentage(behind start: Int) -> (unit: ExpressionUnit, end: Int)? {
        let first = skip(from: start, while: \.isSpace)
        let end = skip(from: first, while: \.continuesName)
        let word = folded(first, end)
        if word == "of" {
            let second = skip(from: end, while: \.isSpace)
            let secondEnd = skip(from: second, while: \.continuesName)
            let base = folded(second, secondEnd)
            return (base == "span" ? .percentOfSpan : .unknown("% of \(base)"), secondEnd)
        }
        let unitEnd = skip(from: first, while: \.continuesUnit)
        guard end > first else { return nil }
        if let unit = UnitText.read("%" + folded(first, unitEnd)) { return (unit, unitEnd) }
        return UnitText.read("%" + word).map { ($0, end) }
    }
}
