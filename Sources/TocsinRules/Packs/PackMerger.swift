// A site's pack is a copy of the shipped one with keys overridden (contract §4 `extends`). Merging
// is done on the tree, before anything is understood: every node keeps its own file and line, so a
// message about an inherited limit points into the base, and one about an overridden into the
// site's file.

/// A pack with all that it inherits.
struct MergedPack {
    let document: PackDocument
    /// The names it inherits from, the root first, itself not included.
    var lineage: [String]
    /// The mapping with the base's keys, the document's own on top.
    var node: YAMLNode
    /// The base whose streams it takes over; nil when it extends none.
    var baseName: String? { document.extends?.text }

    /// The name that tells the pack's domain.
    var rootName: String { lineage.first ?? document.name }
}

/// Puts extensions on top of their bases.
struct PackMerger {
    let documents: [PackDocument]
    let diagnostics: DiagnosticList
    private let byName: [String: Int]

    /// Longer chains of `extends` are refused; it also bounds the search for cycles.
    static let depthMax = 16

    init(_ documents: [PackDocument], reporting diagnostics: DiagnosticList) {
        var unique: [PackDocument] = []
        var names: [String: Int] = [:]
        for document in documents {
            if let first = names[document.name] {
                let other = unique[first].place
                diagnostics.error(
                    at: document.place, "the pack `\(document.name)` is defined twice",
                    help: "first at \(other.file.path):\(other.line)")
                continue
            }
            names[document.name] = unique.count
            unique.append(document)
        }
        self.documents = unique
        self.diagnostics = diagnostics
        byName = names
    }

    /// The packs in the order of their documents; those with an unusable base are left out, the
    /// reason reported.
    func merged() -> [MergedPack] { documents.compactMap(merge) }

    private func merge(_ document: PackDocument) -> MergedPack? {
        guard let chain = chain(of: document) else { return nil }
        var node = chain[0].node
        for extending in chain.dropFirst() { node = PackMerger.overlay(extending.node, on: node) }
        let lineage = chain.dropLast().map(\.name)
        return MergedPack(document: document, lineage: lineage, node: node)
    }

    /// The document with its bases, the root first.
    private func chain(of document: PackDocument) -> [PackDocument]? {
        var chain = [document]
        while let extends = chain[0].extends {
            guard let base = byName[extends.text].map({ documents[$0] }) else {
                let others = documents.map(\.name).filter { $0 != document.name }
                diagnostics.error(
                    at: extends.node.range, "no pack is called `\(extends.text)`",
                    help: nearestName(extends.text, among: others).map { "did you mean `\($0)`?" }
                        ?? "load the file that defines it too")
                return nil
            }
            if chain.contains(where: { $0.name == base.name }) {
                let path = ([base] + chain).map(\.name).joined(separator: " extends ")
                diagnostics.error(
                    at: extends.node.range, "the packs extend each other in a circle",
                    help: "\(base.name) is reached again: \(path)")
                return nil
            }
            guard chain.count < PackMerger.depthMax else {
                diagnostics.error(
                    at: extends.node.range,
                    "more than \(PackMerger.depthMax) packs extend each other")
                return nil
            }
            chain.insert(base, at: 0)
        }
        return chain
    }

    // MARK: Overlaying trees

    /// Keys whose values are merged name by name; all others are replaced whole.
    private static let mergedKeys: Set<String> = [
        "limits", "defaults", "trouble", "states", "reference", "ladder",
    ]

    static func overlay(_ top: YAMLNode, on base: YAMLNode) -> YAMLNode {
        guard let topEntries = top.mapping, var entries = base.mapping else { return top }
        // What the base is called and disables stays said; both lists of `disable` hold.
        for entry in topEntries {
            guard let position = entries.firstIndex(where: { $0.key == entry.key }) else {
                entries.append(entry)
                continue
            }
            entries[position] = merged(entry, on: entries[position])
        }
        return YAMLNode(.mapping(entries), at: top.range)
    }

    private static func merged(_ top: YAMLEntry, on base: YAMLEntry) -> YAMLEntry {
        var entry = top
        switch top.key {
        case "ladder":
            entry.value = mappings(top.value, on: base.value) { mappings($0, on: $1) { a, _ in a } }
        case "alarms": entry.value = items(top.value, on: base.value, by: "name")
        case "define": entry.value = items(top.value, on: base.value, by: "stream")
        case "disable": entry.value = joined(base.value, top.value)
        case let key where mergedKeys.contains(key):
            entry.value = mappings(top.value, on: base.value) { a, _ in a }
        default: break
        }
        return entry
    }

    /// Two mappings by key, in the base's order, new keys behind; `top` where one is no mapping.
    private static func mappings(
        _ top: YAMLNode, on base: YAMLNode, _ both: (YAMLNode, YAMLNode) -> YAMLNode
    ) -> YAMLNode {
        guard let topEntries = top.mapping, var entries = base.mapping else { return top }
        for entry in topEntries {
            if let position = entries.firstIndex(where: { $0.key == entry.key }) {
                var replaced = entry
                replaced.value = both(entry.value, entries[position].value)
                entries[position] = replaced
            } else {
                entries.append(entry)
            }
        }
        return YAMLNode(.mapping(entries), at: top.range)
    }

    /// Two lists of mappings by what tells their items apart.
    private static func items(
        _ top: YAMLNode, on base: YAMLNode, by key: String
    ) -> YAMLNode {
        guard let topItems = top.sequence, var items = base.sequence else { return top }
        for item in topItems {
            let name = item[key]?.scalar?.text
            if let name,
                let position = items.firstIndex(where: { $0[key]?.scalar?.text == name })
            {
                items[position] = mappings(item, on: items[position]) { a, _ in a }
            } else {
                items.append(item)
            }
        }
        return YAMLNode(.sequence(items), at: top.range)
    }

    private static func joined(_ base: YAMLNode, _ top: YAMLNode) -> YAMLNode {
        YAMLNode(
            .sequence((base.sequence ?? [base]) + (top.sequence ?? [top])), at: top.range)
    }
}
