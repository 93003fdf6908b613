package import TocsinModel

/// Reads one mapping key by key; what is wrong is reported with its place and reading goes on.
///
/// Each accessor returns nil when the key is absent or its value was refused (and reported), so a
/// reader applies defaults with `??`. `finish()` must be called last: it reports required keys
/// that are missing and keys that nobody asked for, with the nearest valid name.
package struct MappingReader {
    package let node: YAMLNode
    /// How messages call this mapping, such as "site".
    package let name: String
    package let diagnostics: DiagnosticList
    private var known: Set<String> = []
    private var missing: [String] = []

    /// Nil, and reported, when the node is no mapping.
    package init?(_ node: YAMLNode, name: String, reporting diagnostics: DiagnosticList) {
        guard node.mapping != nil else {
            diagnostics.error(
                at: node.range, "\(name) must be a mapping of keys, found \(node.kind)",
                help: MappingReader.advice(forNonMapping: node))
            return nil
        }
        self.node = node
        self.name = name
        self.diagnostics = diagnostics
    }

    private static func advice(forNonMapping node: YAMLNode) -> String {
        guard let text = node.scalar?.text else { return "write `key: value` lines" }
        if text.contains("：") { return "the colon `：` is full-width; write `: `" }
        if text.contains(":") { return "put a space behind the colon" }
        return "write `key: value` lines"
    }

    /// The value of a key whatever it is; nil when absent or empty (empty is reported).
    package mutating func node(_ key: String, required: Bool = false) -> YAMLNode? {
        known.insert(key)
        guard let value = node[key] else {
            if required { missing.append(key) }
            return nil
        }
        guard !value.isEmpty else {
            diagnostics.error(
                at: keyRange(key), "`\(key)` has no value",
                help: "write one behind the colon, or delete the line")
            return nil
        }
        return value
    }

    /// Where the key stands; the mapping's own place when absent.
    package func keyRange(_ key: String) -> SourceRange {
        node.mapping?.first { $0.key == key }?.keyRange ?? node.range
    }

    /// The scalar's source text with its node, so that a caller can point into it.
    package mutating func text(_ key: String, required: Bool = false) -> YAMLText? {
        guard let value = node(key, required: required) else { return nil }
        return text(of: value, called: "`\(key)`")
    }

    package mutating func string(_ key: String, required: Bool = false) -> String? {
        text(key, required: required)?.text
    }

    /// A whole number within a range; full-width digits are read as plain ones.
    package mutating func integer(
        _ key: String, in range: ClosedRange<Int>, required: Bool = false
    ) -> Int? {
        guard let text = text(key, required: required) else { return nil }
        guard let number = NumberText.integer(text.text) else {
            return refuse(text, "`\(key)` must be a whole number, found `\(text.text)`")
        }
        guard range.contains(number) else {
            return refuse(
                text, "`\(key)` must be between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    /// A number within a range; full-width digits are read as plain ones.
    package mutating func number(
        _ key: String, in range: ClosedRange<Double>? = nil, required: Bool = false
    ) -> Double? {
        guard let text = text(key, required: required) else { return nil }
        guard let number = NumberText.number(text.text) else {
            return refuse(text, "`\(key)` must be a number, found `\(text.text)`")
        }
        if let range, !range.contains(number) {
            return refuse(
                text, "`\(key)` must be between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    /// `250ms 3s 5m 8h 30d`.
    package mutating func duration(
        _ key: String, in range: ClosedRange<Span>? = nil, required: Bool = false
    ) -> Span? {
        guard let text = text(key, required: required) else { return nil }
        guard let span = Span(parsing: NumberText.folded(text.text)) else {
            return refuse(
                text, "`\(key)` must be a duration, found `\(text.text)`",
                help: "write a number with ms, s, m, h or d, such as 5m")
        }
        if let range, !range.contains(span) {
            return refuse(
                text,
                "`\(key)` must be between \(range.lowerBound.text) and \(range.upperBound.text)")
        }
        return span
    }

    /// A number of bytes, `262144` or `256KiB`.
    package mutating func byteCount(
        _ key: String, in range: ClosedRange<Int>, required: Bool = false
    ) -> Int? {
        guard let text = text(key, required: required) else { return nil }
        guard let count = NumberText.byteCount(text.text) else {
            return refuse(
                text, "`\(key)` must be a size in bytes, found `\(text.text)`",
                help: "write a number with B, KiB, MiB or GiB, such as 256KiB")
        }
        guard range.contains(count) else {
            return refuse(
                text, "`\(key)` must be between \(range.lowerBound) and \(range.upperBound) bytes")
        }
        return count
    }

    /// A truth value: `true false yes no on off`, in any case of letters, and nothing else.
    package mutating func bool(_ key: String, required: Bool = false) -> Bool? {
        guard let text = text(key, required: required) else { return nil }
        guard let value = NumberText.truth(text.text) else {
            return refuse(
                text, "`\(key)` must be true or false, found `\(text.text)`")
        }
        return value
    }

    /// One of a few words.
    package mutating func word(
        _ key: String, among words: [String], required: Bool = false
    ) -> String? {
        guard let text = text(key, required: required) else { return nil }
        if words.contains(text.text) { return text.text }
        return refuse(
            text, "`\(text.text)` is no valid \(key)",
            help: nearestName(text.text, among: words).map { "did you mean `\($0)`?" }
                ?? "one of: " + words.joined(separator: ", "))
    }

    /// A list; one value that is no list counts as a list of one.
    package mutating func list(_ key: String, required: Bool = false) -> [YAMLNode]? {
        guard let value = node(key, required: required) else { return nil }
        return value.sequence ?? [value]
    }

    /// A list of texts; one text counts as a list of one. Items that are no text are reported and
    /// left out.
    package mutating func texts(_ key: String, required: Bool = false) -> [YAMLText]? {
        list(key, required: required)?.compactMap { text(of: $0, called: "each item of `\(key)`") }
    }

    /// A reader of a mapping inside; call its `finish()` too.
    package mutating func mapping(_ key: String, required: Bool = false) -> MappingReader? {
        guard let value = node(key, required: required) else { return nil }
        return MappingReader(value, name: "`\(key)`", reporting: diagnostics)
    }

    /// Keys that are valid here but read elsewhere.
    package mutating func allow(_ keys: some Sequence<String>) {
        known.formUnion(keys)
    }

    package mutating func finish() {
        diagnostics.note(keys: known, of: name)
        for entry in node.mapping ?? [] where !known.contains(entry.key) {
            let nearest = nearestName(entry.key, among: known.sorted())
            // A mistyped required key is one mistake, not two.
            missing.removeAll { $0 == nearest }
            diagnostics.error(
                at: entry.keyRange, "unknown key `\(entry.key)` in \(name)",
                help: advice(forUnknown: entry, nearest: nearest))
        }
        for key in missing {
            diagnostics.error(at: node.range, "\(name) needs `\(key)`")
        }
        missing = []
    }

    private func advice(forUnknown entry: YAMLEntry, nearest: String?) -> String {
        if entry.value.isEmpty, entry.key.contains(":") { return "put a space behind the colon" }
        if entry.key.contains("：") { return "the colon `：` is full-width; write `: `" }
        if let nearest { return "did you mean `\(nearest)`?" }
        return "valid keys: " + known.sorted().joined(separator: ", ")
    }

    /// The text of a value; nil, and reported, when it is a list or a mapping.
    package func text(of value: YAMLNode, called what: String) -> YAMLText? {
        if let scalar = value.scalar, !scalar.isEmpty {
            return YAMLText(text: scalar.text, node: value)
        }
        var help: String?
        // `match: {area}` is a mapping to YAML.
        if let entries = value.mapping, entries.count == 1, entries[0].value.isEmpty {
            help = "put quotes around text that begins with {"
        }
        diagnostics.error(at: value.range, "\(what) must be text, found \(value.kind)", help: help)
        return nil
    }

    private func refuse<Value>(
        _ text: YAMLText, _ message: String, help: String? = nil
    ) -> Value? {
        diagnostics.error(at: text.node.range, message, help: help)
        return nil
    }
}

/// A scalar's text together with the node it came from.
package struct YAMLText: Sendable {
    package var text: String
    package var node: YAMLNode

    package init(text: String, node: YAMLNode) {
        self.text = text
        self.node = node
    }
}
