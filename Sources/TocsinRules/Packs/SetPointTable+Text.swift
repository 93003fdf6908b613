/// The table for a terminal and for programs.
extension SetPointTable {
    private static let header = ["STREAM", "PACK", "LIMIT", "SET-POINT", "WRITTEN", "FROM"]

    /// Aligned columns, a header line first; lines end with a line feed. Empty without set-points.
    package var rendered: String {
        guard !rows.isEmpty else { return "" }
        let lines = [SetPointTable.header] + rows.map(SetPointTable.cells)
        var widths = SetPointTable.header.map { _ in 0 }
        for line in lines {
            for (column, text) in line.enumerated() {
                widths[column] = max(widths[column], terminalWidth(of: text))
            }
        }
        return lines.map { line in
            var text = ""
            for (column, cell) in line.enumerated() {
                text += cell
                guard column < line.count - 1 else { continue }
                let gap = widths[column] - terminalWidth(of: cell) + 2
                text += String(repeating: " ", count: gap)
            }
            return text + "\n"
        }.joined()
    }

    private static func cells(_ row: Row) -> [String] {
        let value = row.value.map { ValueText.of($0) + (row.unit.isEmpty ? "" : " \(row.unit)") }
        return [row.stream, row.pack, row.limit, value ?? "–", row.written ?? "", row.origin]
    }

    /// One JSON object a line; `value` is null where the limit is off or left to the inventory.
    package var json: String {
        rows.map { row in
            let value = row.value.map(ValueText.of) ?? "null"
            let written = row.written.map(JSONText.quoted) ?? "null"
            return
                "{\"stream\":\(JSONText.quoted(row.stream)),\"pack\":\(JSONText.quoted(row.pack))"
                + ",\"limit\":\(JSONText.quoted(row.limit)),\"value\":\(value)"
                + ",\"unit\":\(JSONText.quoted(row.unit)),\"written\":\(written)"
                + ",\"from\":\(JSONText.quoted(row.origin))}\n"
        }.joined()
    }
}
