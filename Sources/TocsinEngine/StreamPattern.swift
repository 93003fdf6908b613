/// What a pack's `match` and an expression's `stream("…")` say about stream names: an MQTT filter
/// whose levels may have names (contract §4). `{name}` stands for one level and captures it, `+` for
/// one level, `#` (last) for the rest, `:field` for one quantity of a payload; a pattern without
/// `:field` matches only streams without one.
package struct StreamPattern: Sendable, Equatable {
    package enum Level: Sendable, Equatable {
        case literal(String)
        case label(String)
        case any
        case rest
    }

    /// Why a pattern is refused; `offset` counts UTF-8 bytes from its start.
    package enum Problem: Error, Sendable, Equatable {
        case empty
        case wildcardInsideLevel(offset: Int)
        case restNotLast(offset: Int)
        case unclosedBrace(offset: Int)
        case emptyLabel(offset: Int)
        case repeatedLabel(String, offset: Int)
    }

    package let text: String
    package let levels: [Level]
    package let field: Level?

    package init(_ text: String) throws(Problem) {
        guard !text.isEmpty else { throw .empty }
        self.text = text
        var path = Substring(text)
        var fieldLevel: Level?
        var labels: [String] = []
        let colon = StreamPattern.fieldSeparator(in: text)
        if let colon { path = text[..<colon] }
        var parsed: [Level] = []
        var offset = 0
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for (position, part) in parts.enumerated() {
            if part == "#" {
                guard position == parts.count - 1 else { throw .restNotLast(offset: offset) }
                parsed.append(.rest)
            } else {
                parsed.append(try StreamPattern.level(part, offset: offset, labels: &labels))
            }
            offset += part.utf8.count + 1
        }
        if let colon {
            let after = text.index(after: colon)
            fieldLevel = try StreamPattern.level(
                text[after...], offset: text.utf8.distance(from: text.startIndex, to: after),
                labels: &labels)
        }
        levels = parsed
        field = fieldLevel
    }

    /// The labels that a match captures, in order.
    package var labels: [String] {
        (levels + (field.map { [$0] } ?? [])).compactMap {
            if case .label(let name) = $0 { name } else { nil }
        }
    }

    /// The captured labels when `stream` matches, in the pattern's order; nil when it does not.
    package func match(_ stream: String) -> [(name: String, value: String)]? {
        var path = Substring(stream)
        var quantity: Substring?
        if let colon = stream.firstIndex(of: ":") {
            path = stream[..<colon]
            quantity = stream[stream.index(after: colon)...]
        }
        guard (quantity == nil) == (field == nil) else { return nil }
        var captured: [(name: String, value: String)] = []
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for (position, level) in levels.enumerated() {
            if level == .rest {
                return parts.count >= position ? captured : nil
            }
            guard position < parts.count,
                StreamPattern.accept(level, parts[position], &captured)
            else { return nil }
        }
        guard parts.count == levels.count else { return nil }
        if let field, let quantity, !StreamPattern.accept(field, quantity, &captured) { return nil }
        return captured
    }

    /// The stream's name with the labels put in; nil when a level has no single value.
    package func substituting(_ labels: [(name: String, value: String)]) -> String? {
        var parts: [String] = []
        for level in levels {
            guard let part = StreamPattern.fill(level, labels) else { return nil }
            parts.append(part)
        }
        let path = parts.joined(separator: "/")
        guard let field else { return path }
        guard let quantity = StreamPattern.fill(field, labels) else { return nil }
        return path + ":" + quantity
    }

    /// Whether some stream name could match both patterns (labels and wildcards count as anything).
    package func overlaps(_ other: StreamPattern) -> Bool {
        guard (field == nil) == (other.field == nil) else { return false }
        if let field, let theirs = other.field, !StreamPattern.meet(field, theirs) { return false }
        var position = 0
        while true {
            let mine = position < levels.count ? levels[position] : nil
            let theirs = position < other.levels.count ? other.levels[position] : nil
            if mine == .rest || theirs == .rest { return true }
            guard let mine, let theirs else { return mine == nil && theirs == nil }
            guard StreamPattern.meet(mine, theirs) else { return false }
            position += 1
        }
    }

    private static func meet(_ a: Level, _ b: Level) -> Bool {
        if case .literal(let x) = a, case .literal(let y) = b { return x == y }
        return true
    }

    private static func accept(
        _ level: Level, _ part: Substring, _ captured: inout [(name: String, value: String)]
    ) -> Bool {
        switch level {
        case .literal(let text): return text == part
        case .label(let name):
            captured.append((name, String(part)))
            return true
        case .any: return true
        case .rest: return false
        }
    }

    private static func fill(_ level: Level, _ labels: [(name: String, value: String)]) -> String? {
        switch level {
        case .literal(let text): text
        case .label(let name): labels.first { $0.name == name }?.value
        case .any, .rest: nil
        }
    }

    /// The `:` that begins the field: the first one outside braces.
    private static func fieldSeparator(in text: String) -> String.Index? {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "{": depth += 1
            case "}": depth -= 1
            case ":" where depth <= 0: return index
            default: break
            }
        }
        return nil
    }

    private static func level(
        _ part: Substring, offset: Int, labels: inout [String]
    ) throws(Problem) -> Level {
        if part == "+" { return .any }
        if part.hasPrefix("{") {
            guard part.hasSuffix("}") else { throw .unclosedBrace(offset: offset) }
            let name = String(part.dropFirst().dropLast())
            guard !name.isEmpty, !name.contains("{"), !name.contains("}") else {
                throw .emptyLabel(offset: offset)
            }
            guard !labels.contains(name) else { throw .repeatedLabel(name, offset: offset) }
            labels.append(name)
            return .label(name)
        }
        if part.contains("{") || part.contains("}") { throw .unclosedBrace(offset: offset) }
        if part.contains("+") || part.contains("#") { throw .wildcardInsideLevel(offset: offset) }
        return .literal(String(part))
    }
}
