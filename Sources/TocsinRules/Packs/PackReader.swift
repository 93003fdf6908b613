import TocsinEngine

/// Documents → outlines, and which packs stay in force beside their extensions.
struct PackReader {
    let day: CalendarDay
    let diagnostics: DiagnosticList

    /// Packs of one set; bounds the comparisons of patterns with each other.
    static let packsMax = 1024

    func outlines(_ documents: [PackDocument]) -> [PackOutline] {
        if documents.count > PackReader.packsMax {
            diagnostics.error(
                at: documents[PackReader.packsMax].place,
                "more than \(PackReader.packsMax) packs")
        }
        let known = Array(documents.prefix(PackReader.packsMax))
        return PackMerger(known, reporting: diagnostics).merged().compactMap { merged in
            guard var reader = PackOutlineReader(merged, today: day, reporting: diagnostics) else {
                return nil
            }
            return reader.outline()
        }
    }

    /// An extension takes its base's place. With a `match` of its own it takes only the streams
    /// it matches, and the base keeps the rest; without one, or with the base's own words, the
    /// base is gone. Two extensions for the same streams would raise every alarm twice: an error.
    static func inForce(
        _ packs: [Pack], _ outlines: [PackOutline], reporting diagnostics: DiagnosticList
    ) -> (packs: [Pack], outlines: [PackOutline]) {
        var kept: [Pack] = []
        var keptOutlines: [PackOutline] = []
        for (position, outline) in outlines.enumerated() {
            var pack = packs[position]
            let extensions = outlines.filter { $0.merged.baseName == pack.name }
            reportTwins(extensions, of: pack, diagnostics)
            guard !extensions.contains(where: { $0.pack.pattern.text == pack.pattern.text }) else {
                continue
            }
            pack.exclusions = extensions.map(\.pack.pattern)
            kept.append(pack)
            keptOutlines.append(outline)
        }
        return (kept, keptOutlines)
    }

    private static func reportTwins(
        _ extensions: [PackOutline], of base: Pack, _ diagnostics: DiagnosticList
    ) {
        var seen: [String: PackOutline] = [:]
        for outline in extensions {
            guard let first = seen[outline.pack.pattern.text] else {
                seen[outline.pack.pattern.text] = outline
                continue
            }
            diagnostics.error(
                at: outline.merged.document.extends?.node.range ?? outline.place,
                "`\(outline.pack.name)` and `\(first.pack.name)` extend `\(base.name)` for the "
                    + "same streams",
                help: "give one of them a narrower `match:`")
        }
    }
}
