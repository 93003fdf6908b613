import TocsinEngine
import TocsinModel

/// The set-points in force and where each comes from (`check --table`).
package struct SetPointTable: Sendable {
    package struct Row: Sendable, Equatable {
        /// The stream, or without an inventory the pack's pattern.
        package var stream: String
        package var pack: String
        package var limit: String
        /// In the pack's unit; nil = off, or left to the inventory.
        package var value: Double?
        package var unit: String
        /// As it was written where that differs: another unit, a share of the span, `off`.
        package var written: String?
        /// `path:line:column`.
        package var origin: String
    }

    package private(set) var rows: [Row] = []

    init(rows: [Row]) { self.rows = rows }

    /// The packs' own numbers, for a site without an inventory.
    init(packs: [Pack], outlines: [PackOutline]) {
        for (pack, outline) in zip(packs, outlines) {
            for (position, limit) in pack.limits.enumerated() {
                let value = limit.value.flatMap {
                    outline.quantities(DiagnosticList()).value(of: $0, span: pack.span)
                }
                rows.append(
                    SetPointTable.row(
                        stream: pack.pattern.text, outline: outline, limit: position, value: value))
            }
        }
    }
    static func row(
        stream: String, outline: PackOutline, limit: Int, value: Double?
    ) -> Row {
        let pack = outline.pack
        let written = outline.limitTexts[limit]
        let unit = pack.unit.map { UnitTable.standard[$0].symbol } ?? ""
        return Row(
            stream: stream, pack: pack.name, limit: pack.limits[limit].name, value: value,
            unit: unit,
            written: value == nil ? (written ?? "not set") : foreign(written, value, unit),
            origin: place(outline.limitPlaces[limit]))
    }

    static func place(_ range: SourceRange) -> String {
        "\(range.file.path):\(range.line):\(range.column)"
    }

    /// What was written, where it is not simply the number in the pack's unit.
    static func foreign(_ written: String?, _ value: Double?, _ unit: String) -> String? {
        guard let written, let value else { return written }
        let digits = ValueText.of(value)
        return [digits, "\(digits) \(unit)", digits + unit].contains(written) ? nil : written
    }
}
