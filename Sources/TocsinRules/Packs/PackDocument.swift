/// One document of a rules file, not yet understood: its name, what it extends, its keys.
struct PackDocument {
    let name: String
    /// Where the name stands.
    let place: SourceRange
    let extends: YAMLText?
    /// A mapping.
    let node: YAMLNode

    /// Nil, and reported, when the document names no pack.
    init?(_ node: YAMLNode, reporting diagnostics: DiagnosticList) {
        guard var reader = MappingReader(node, name: "a pack", reporting: diagnostics) else {
            return nil
        }
        guard node["pack"] != nil else {
            let misspelt = (node.mapping ?? []).first { entry in
                nearestName(entry.key, among: ["pack"]) != nil
            }
            diagnostics.error(
                at: misspelt?.keyRange ?? node.range, "a pack needs a name",
                help: misspelt.map { "did you mean `pack` for `\($0.key)`?" }
                    ?? "begin the document with `pack: DOMAIN/NAME`")
            return nil
        }
        guard let text = reader.text("pack") else { return nil }
        let parts = text.text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && !part.unicodeScalars.contains { $0.properties.isWhitespace }
        }
        guard isPlain else {
            diagnostics.error(
                at: text.node.range,
                "a pack's name has parts joined by `/`, none empty, without blanks",
                help: "such as `hazchem/combustible-gas`")
            return nil
        }
        name = text.text
        place = text.node.range
        extends = reader.text("extends")
        self.node = node
    }

    var hasOwnMatch: Bool { node["match"] != nil }
}
