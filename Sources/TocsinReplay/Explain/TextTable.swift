import TocsinRules

/// Lines in columns for a terminal: cells of one table stand under each other.
struct TextTable {
    private var rows: [(depth: Int, cells: [String])] = []

    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row, indented by two columns for each step of `depth`; empty cells at its end fall
    /// away.
    mutating func add(_ depth: Int, _ cells: String...) {
        var kept = cells
        while kept.count > 1, kept[kept.count - 1].isEmpty { kept.removeLast() }
        rows.append((depth, kept))
    }

    /// The lines, each with its line feed; the last cell of a row is not padded.
    var text: String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.cells.enumerated() {
                if widths.count == column { widths.append(0) }
                guard column < row.cells.count - 1 else { continue }
                let indent = column == 0 ? row.depth * 2 : 0
                widths[column] = max(widths[column], indent + terminalWidth(of: cell))
            }
        }
        return rows.map { row in
            var line = String(repeating: " ", count: row.depth * 2)
            var used = line.count
            for (column, cell) in row.cells.enumerated() {
                line += cell
                guard column < row.cells.count - 1 else { continue }
                used += terminalWidth(of: cell)
                let gap = max(widths[column] - used, 0) + 2
                line += String(repeating: " ", count: gap)
                used = 0
            }
            return line + "\n"
        }.joined()
    }
}
