/// A node of a YAML document with its place. Scalars keep their source text: whether `no`, `010` or
/// `12:30` is a word, a number or a time is decided by the key that expects it (contract §4).
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// In source order, keys unique.
        case mapping([YAMLEntry])
    }

    package var content: Content
    /// A scalar: its first line, quotes included. A collection: its first character.
    package var range: SourceRange

    package init(_ content: Content, at range: SourceRange) {
        self.content = content
        self.range = range
    }

    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    package var sequence: [YAMLNode]? {
        if case .sequence(let nodes) = content { nodes } else { nil }
    }

    package var mapping: [YAMLEntry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// Nothing was written where a value belongs (`key:` and no more). `""` is not empty.
    package var isEmpty: Bool { scalar?.isEmpty ?? false }

    /// What was written, for messages: "text", "a list" or "a mapping".
    package var kind: String {
        switch content {
        case .scalar(let scalar): scalar.isEmpty ? "nothing" : "`\(scalar.text)`"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The value of a key; nil when this is no mapping or has no such key.
    package subscript(key: String) -> YAMLNode? {
        mapping?.first { $0.key == key }?.value
    }
}

/// The text of a scalar and how it was written.
package struct YAMLScalar: Sendable, Equatable {
    package enum Style: Sendable {
        case plain, singleQuoted, doubleQuoted
        /// `|` or `>`.
        case block
    }

    package var text: String
    package var style: Style

    package init(_ text: String, style: Style = .plain) {
        self.text = text
        self.style = style
    }

    package var isEmpty: Bool { style == .plain && text.isEmpty }
}

/// One key of a mapping with its value.
package struct YAMLEntry: Sendable {
    package var key: String
    package var keyRange: SourceRange
    package var value: YAMLNode

    package init(key: String, keyRange: SourceRange, value: YAMLNode) {
        self.key = key
        self.keyRange = keyRange
        self.value = value
    }
}

/// The documents of one YAML file, empty ones left out.
package struct YAMLStream: Sendable {
    package var file: SourceFile
    package var documents: [YAMLNode]
}

/// What a YAML file may ask of memory and stack; far above any real configuration.
package struct YAMLLimits: Sendable {
    /// Bytes of one file.
    package var bytes = 4 << 20
    /// Scalars of one line: each value is measured in its line, so the work is values × line.
    package var lineLength = 4096
    /// Collections inside each other.
    package var depth = 64
    /// Scalars and collections of one file.
    package var nodes = 400_000
    /// Documents of one file; also bounds how often reading starts again behind a broken one.
    package var documents = 4096
    /// Repeated keys found in one file; each costs another pass over the text.
    package var repeatedKeys = 24
    /// Aliases (`*name`) of a file with anchors that Yams may see before they are refused.
    package var aliases = 16

    package init() {}
}
