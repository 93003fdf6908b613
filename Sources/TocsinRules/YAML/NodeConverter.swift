import Yams

/// Turns Yams's nodes into ours: finds lengths, repeated keys and cut values, and refuses what
/// hides from a reader where a value comes from (anchors, aliases, merge keys, tags).
struct NodeConverter {
    let file: SourceFile
    let limits: YAMLLimits
    let diagnostics: DiagnosticList
    let renamedKeys: [SourcePosition: RenamedKey]

    static let anchorMessage = "anchors (&) and aliases (*) are not read"
    static let anchorHelp =
        "write the values out, or put quotes around text that begins with & or *"
    private var nodeCount = 0

    init(
        file: SourceFile, limits: YAMLLimits, diagnostics: DiagnosticList,
        renamedKeys: [SourcePosition: RenamedKey]
    ) {
        self.file = file
        self.limits = limits
        self.diagnostics = diagnostics
        self.renamedKeys = renamedKeys
    }

    /// Nil where the node was refused; the reason is reported.
    mutating func convert(_ node: Node, depth: Int = 1) -> YAMLNode? {
        let range = place(of: node)
        guard isAllowed(node, at: range, depth: depth) else { return nil }
        switch node {
        case .scalar(let scalar):
            return converted(scalar, at: range)
        case .sequence(let sequence):
            let nodes = sequence.compactMap { convert($0, depth: depth + 1) }
            return YAMLNode(.sequence(nodes), at: range)
        case .mapping(let mapping):
            return YAMLNode(.mapping(entries(of: mapping, depth: depth)), at: range)
        case .alias:
            return nil
        }
    }

    private func place(of node: Node) -> SourceRange {
        file.range(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    private mutating func isAllowed(_ node: Node, at range: SourceRange, depth: Int) -> Bool {
        nodeCount += 1
        if nodeCount > limits.nodes {
            if nodeCount == limits.nodes + 1 {
                diagnostics.error(at: range, "more than \(limits.nodes) values in one file")
            }
            return false
        }
        if depth > limits.depth {
            diagnostics.error(at: range, "more than \(limits.depth) levels inside each other")
            return false
        }
        // An alias arrives as a copy of its anchored node: refusing the anchor before descending
        // keeps nested aliases ("billion laughs") from being walked.
        if node.anchor != nil {
            diagnostics.error(at: range, Self.anchorMessage, help: Self.anchorHelp)
            return false
        }
        let line = file.line(range.line).unicodeScalars
        if line.dropFirst(range.column - 1).first == "!" {
            diagnostics.error(
                at: range, "tags (!) are not read",
                help: "put quotes around text that begins with !")
            return false
        }
        return true
    }

    private func converted(_ scalar: Node.Scalar, at start: SourceRange) -> YAMLNode {
        let style: YAMLScalar.Style =
            switch scalar.style {
            case .any, .plain: .plain
            case .singleQuoted: .singleQuoted
            case .doubleQuoted: .doubleQuoted
            case .literal, .folded: .block
            }
        var node = YAMLNode(.scalar(YAMLScalar(scalar.string, style: style)), at: start)
        node.range.length = length(of: node)
        if style == .plain { warnOfCutValue(node) }
        return node
    }

    /// Scalars on the first line, quotes included.
    private func length(of node: YAMLNode) -> Int {
        guard let scalar = node.scalar, !scalar.isEmpty, let end = node.sourceEnd else { return 1 }
        let line = file.line(node.range.line).unicodeScalars
        let rest = line.count - node.range.column + 1
        let place = file.range(at: end)
        guard place.line == node.range.line, scalar.style != .block else { return max(1, rest) }
        let closing = scalar.style == .plain ? 0 : 1
        return max(1, min(rest, place.column + closing - node.range.column))
    }

    /// `action: Stop #3 pump` says `Stop` to YAML. A comment has a space behind its `#`.
    private func warnOfCutValue(_ node: YAMLNode) {
        guard let scalar = node.scalar, let end = node.sourceEnd else { return }
        let place = file.range(at: end)
        let line = Array(file.line(place.line).unicodeScalars)
        var column = place.column - 1
        while column < line.count, line[column] == " " || line[column] == "\t" { column += 1 }
        guard column < line.count, line[column] == "#", column >= place.column else { return }
        let next = column + 1 < line.count ? line[column + 1] : nil
        if let next {
            guard !isBlank(next), next != "#", next != "!", next != "-", next != "=" else { return }
        } else if !scalar.isEmpty {
            return
        }
        diagnostics.warning(
            at: file.range(line: place.line, column: column + 1, length: line.count - column),
            "YAML drops the rest of the line from # on",
            help: "put quotes around the whole text, or a space behind # if this is a comment")
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var firstLines: [String: Int] = [:]
        for (keyNode, valueNode) in mapping {
            guard let (key, range) = key(from: keyNode),
                let value = convert(valueNode, depth: depth + 1)
            else { continue }
            if key == "<<" {
                diagnostics.error(
                    at: range, "merge keys (<<) are not read", help: "write the keys out")
                continue
            }
            if let first = firstLines[key] {
                diagnostics.error(
                    at: range, "`\(key)` stands twice in this mapping",
                    help: "it is on line \(first) already; keep one of them")
                continue
            }
            firstLines[key] = range.line
            entries.append(YAMLEntry(key: key, keyRange: range, value: value))
        }
        return entries
    }

    private mutating func key(from node: Node) -> (String, SourceRange)? {
        guard case .scalar(let scalar) = node else {
            diagnostics.error(
                at: place(of: node), "a key must be text",
                help: "put quotes around text that begins with { or [")
            return nil
        }
        var original = scalar
        if let mark = scalar.mark, let renamed = renamedKeys[SourcePosition(mark)] {
            original.string = String(
                String.UnicodeScalarView(
                    scalar.string.unicodeScalars.map {
                        $0 == renamed.standIn ? renamed.original : $0
                    }))
        }
        let range = place(of: node)
        guard isAllowed(node, at: range, depth: 1) else { return nil }
        var key = YAMLNode(.scalar(YAMLScalar(original.string, style: .plain)), at: range)
        switch scalar.style {
        case .singleQuoted: key.content = .scalar(YAMLScalar(original.string, style: .singleQuoted))
        case .doubleQuoted: key.content = .scalar(YAMLScalar(original.string, style: .doubleQuoted))
        case .any, .plain, .literal, .folded: break
        }
        return (
            original.string,
            file.range(
                line: range.line, column: range.column, length: length(of: key))
        )
    }
}
