/// Scalars set from the environment: `TOCSIN_WEBHOOKS__0__URL` is `webhooks[0].url`.
///
/// The variables become nodes of the YAML tree before it is read, so they are typed and checked as
/// if they stood in the file, and a variable that matches nothing is an unknown key.
struct EnvironmentOverrides {
    static let prefix = "TOCSIN_"

    /// Variables of Tocsin that are no configuration: the build's, the tests', the command line's.
    static let notConfiguration: Set<String> = [
        "TOCSIN_TARGETS", "TOCSIN_FEEDS", "TOCSIN_CONFIG", "TOCSIN_API", "TOCSIN_TOKEN_FILE",
        "TOCSIN_SEED",
    ]

    let diagnostics: DiagnosticList

    /// The tree with every variable applied, in order of their names.
    func applied(to root: YAMLNode, environment: [String: String]) -> YAMLNode {
        var root = root
        for name in environment.keys.sorted() {
            guard name.hasPrefix(Self.prefix), !Self.notConfiguration.contains(name),
                let value = environment[name]
            else { continue }
            let path = name.dropFirst(Self.prefix.count).lowercased()
                .components(separatedBy: "__")
            let variable = Variable(name: name, value: value)
            guard !path.contains("") else {
                diagnostics.error(
                    at: variable.nameRange, "`\(name)` is no path of keys",
                    help: "write it like TOCSIN_WEBHOOKS__0__URL")
                continue
            }
            root = set(variable, at: path[...], in: root)
        }
        return root
    }

    /// A variable as a file of one line, so that diagnostics can show it.
    private struct Variable {
        var name: String
        var nameRange: SourceRange
        var node: YAMLNode

        init(name: String, value: String) {
            self.name = name
            let file = SourceFile(path: "environment", text: "\(name)=\(value)")
            let nameLength = name.unicodeScalars.count
            nameRange = file.range(line: 1, column: 1, length: nameLength)
            node = YAMLNode(
                .scalar(YAMLScalar(value)),
                at: file.range(
                    line: 1, column: nameLength + 2, length: value.unicodeScalars.count))
        }
    }

    private func set(
        _ variable: Variable, at path: ArraySlice<String>, in node: YAMLNode
    ) -> YAMLNode {
        guard let step = path.first else {
            // A list of one may be written as its item, so an empty place or a scalar is replaced.
            guard node.scalar != nil else {
                diagnostics.error(
                    at: variable.nameRange, "`\(variable.name)` names \(node.kind), not a value",
                    help: "only single values can be set from the environment")
                return node
            }
            return variable.node
        }
        if let index = Int(step), let items = node.sequence ?? itemsOfOne(node) {
            return setItem(variable, at: index, of: items, path: path.dropFirst(), in: node)
        }
        guard var entries = node.mapping ?? (node.isEmpty ? [] : nil) else {
            diagnostics.error(
                at: variable.nameRange,
                "`\(variable.name)` goes into \(node.kind), which has no `\(step)`",
                help: node.sequence == nil ? nil : "items of a list are numbered from 0")
            return node
        }
        let empty = YAMLNode(.scalar(YAMLScalar("")), at: variable.nameRange)
        if let position = entries.firstIndex(where: { $0.key == step }) {
            entries[position].value = set(
                variable, at: path.dropFirst(), in: entries[position].value)
        } else {
            entries.append(
                YAMLEntry(
                    key: step, keyRange: variable.nameRange,
                    value: set(variable, at: path.dropFirst(), in: empty)))
        }
        return YAMLNode(.mapping(entries), at: node.range)
    }

    private func setItem(
        _ variable: Variable, at index: Int, of items: [YAMLNode], path: ArraySlice<String>,
        in node: YAMLNode
    ) -> YAMLNode {
        var items = items
        guard index >= 0, index <= items.count else {
            diagnostics.error(
                at: variable.nameRange,
                "`\(variable.name)` names item \(index), but the list has \(items.count)",
                help: "items are numbered from 0; the next one is \(items.count)")
            return node
        }
        if index == items.count {
            items.append(YAMLNode(.scalar(YAMLScalar("")), at: variable.nameRange))
        }
        items[index] = set(variable, at: path, in: items[index])
        return YAMLNode(.sequence(items), at: node.range)
    }

    /// Where one or a list may stand, one counts as item 0; nothing counts as the empty list.
    private func itemsOfOne(_ node: YAMLNode) -> [YAMLNode]? {
        node.isEmpty ? [] : [node]
    }
}

extension String {
    /// The parts between occurrences of a separator; Foundation's has the same name and meaning.
    fileprivate func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var part = ""
        var rest = self[...]
        while let first = rest.first {
            if rest.hasPrefix(separator) {
                parts.append(part)
                part = ""
                rest = rest.dropFirst(separator.count)
            } else {
                part.append(first)
                rest = rest.dropFirst()
            }
        }
        return parts + [part]
    }
}
