import TocsinEngine
import TocsinModel

/// An entry of `define:`, its expression not yet checked: what other packs must know of it.
struct DefinitionOutline {
    /// Its name; labels in braces are those of the pack's `match`.
    var name: StreamPattern
    var unit: UnitIndex
    var value: YAMLText
    /// One stream for each value of this label instead of one for each stream of the pack.
    var per: String?
    /// Where the name stands.
    var place: SourceRange
}

/// Reads `define:` of a pack: streams that are computed from others.
struct DefinitionReader {
    let pattern: StreamPattern
    /// `match` was refused: what its labels are is not known.
    let isPatternRefused: Bool
    let diagnostics: DiagnosticList

    /// Calculated streams of one pack.
    static let definitionsMax = 64

    /// The usable entries; what is wrong with the others is reported.
    func definitions(_ reader: inout MappingReader) -> [DefinitionOutline] {
        guard let node = reader.node("define") else { return [] }
        guard let items = node.sequence else {
            diagnostics.error(
                at: node.range, "`define` must be a list, found \(node.kind)",
                help: "each calculated stream begins with `- stream:`")
            return []
        }
        guard items.count <= DefinitionReader.definitionsMax else {
            diagnostics.error(
                at: reader.keyRange("define"),
                "a pack has at most \(DefinitionReader.definitionsMax) calculated streams")
            return []
        }
        return items.compactMap(definition)
    }

    private func definition(_ item: YAMLNode) -> DefinitionOutline? {
        guard
            var reader = MappingReader(item, name: "an entry of `define`", reporting: diagnostics)
        else { return nil }
        let name = reader.text("stream", required: true)
        let unitText = reader.text("unit", required: true)
        let value = reader.text("value", required: true)
        let perText = reader.text("per")
        reader.finish()
        let per = perText.flatMap(label)
        let pattern = name.flatMap {
            self.name($0, per: per, isPerRefused: perText != nil && per == nil)
        }
        let unit = unitText.flatMap(unit)
        guard let name, let pattern, let unit, let value, perText == nil || per != nil else {
            return nil
        }
        return DefinitionOutline(
            name: pattern, unit: unit, value: value, per: per, place: name.node.range)
    }

    private func unit(_ text: YAMLText) -> UnitIndex? {
        let unit = UnitTable.standard.find(text.text)
        if unit == nil {
            diagnostics.error(
                at: text.node.range, "unknown unit `\(text.text)`",
                help: UnitNames.advice(for: text.text))
        }
        return unit
    }

    private func label(_ text: YAMLText) -> String? {
        if isPatternRefused || pattern.labels.contains(text.text) { return text.text }
        LabelNames.report(text, among: pattern.labels, reporting: diagnostics)
        return nil
    }

    // MARK: The name

    private func name(_ text: YAMLText, per: String?, isPerRefused: Bool) -> StreamPattern? {
        let name: StreamPattern
        do throws(StreamPattern.Problem) {
            name = try StreamPattern(text.text)
        } catch {
            let (offset, message, help) = PackOutlineReader.words(for: error)
            diagnostics.error(at: text.range(utf8Offset: offset), message, help: help)
            return nil
        }
        guard !(name.levels + [name.field].compactMap { $0 }).contains(where: \.isWildcard) else {
            diagnostics.error(
                at: text.node.range, "`+` and `#` name many streams: this is the name of one",
                help: "write levels, and labels in braces")
            return nil
        }
        if isPatternRefused || isPerRefused { return name }
        return isDistinct(name, text, per: per) ? name : nil
    }

    /// A name must have every label by which its streams are told apart, and no other.
    private func isDistinct(_ name: StreamPattern, _ text: YAMLText, per: String?) -> Bool {
        let known = per.map { [$0] } ?? pattern.labels
        for label in name.labels where !known.contains(label) {
            let offset = LabelNames.offset(of: label, in: text.text) ?? 0
            diagnostics.error(
                at: text.range(utf8Offset: offset, length: label.utf8.count),
                per == nil
                    ? "`match` has no label `\(label)`"
                    : "a stream for each `\(known[0])` has no `{\(label)}`",
                help: nearestName(label, among: known).map { "did you mean `\($0)`?" }
                    ?? (known.isEmpty ? nil : "its labels: " + known.joined(separator: ", ")))
            return false
        }
        if let missing = known.first(where: { !name.labels.contains($0) }) {
            diagnostics.error(
                at: text.node.range,
                "without `{\(missing)}` different streams would get the same name",
                help: per == nil
                    ? "put {\(missing)} into the name, or write `per:` for one stream a group" : nil
            )
            return false
        }
        if per == nil,
            (pattern.levels + [pattern.field].compactMap { $0 }).contains(where: \.isWildcard)
        {
            diagnostics.error(
                at: text.node.range,
                "`match` has levels without a name: different streams would get the same name",
                help: "name them in `match`, or write `per:` for one stream a group")
            return false
        }
        return true
    }
}

extension StreamPattern.Level {
    var isWildcard: Bool {
        switch self {
        case .any, .rest: true
        case .literal, .label: false
        }
    }
}
