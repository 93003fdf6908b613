/// One cell of a table with its place; plain data, so that a hundred thousand rows stay small.
package struct InventoryCell: Sendable, Equatable {
    /// Without surrounding blanks.
    package var text: String
    /// From 1; the column counts Unicode scalars.
    package var line: Int32
    package var column: Int32
    /// Scalars on the first line, quotes included.
    package var length: Int32

    package var isEmpty: Bool { text.isEmpty }
}

/// Comma-separated values (RFC 4180) as spreadsheets write them: separator `,` `;` or tab, found in
/// the header; quoted cells may hold separators, line breaks and doubled quotes.
struct CSVReader {
    /// Cells of one row; more is no inventory.
    static let columnLimit = 512
    /// Rows with the header; ten times the streams that the engine is built for.
    static let rowLimit = 4_000_000

    private let file: SourceFile
    private let diagnostics: DiagnosticList
    private let scalars: String.UnicodeScalarView
    private var index: String.Index
    private var line: Int32 = 1
    private var column: Int32 = 1
    private let separator: Unicode.Scalar

    init(_ file: SourceFile, reporting diagnostics: DiagnosticList) {
        self.file = file
        self.diagnostics = diagnostics
        scalars = file.text.unicodeScalars
        index = scalars.startIndex
        separator = CSVReader.separator(ofHeader: file.line(1))
    }

    /// The most frequent of the three outside quotes; a comma where there is none.
    static func separator(ofHeader header: Substring) -> Unicode.Scalar {
        var counts: [Unicode.Scalar: Int] = [:]
        var isQuoted = false
        for scalar in header.unicodeScalars {
            if scalar == "\"" { isQuoted.toggle() }
            if !isQuoted { counts[scalar, default: 0] += 1 }
        }
        let candidates: [Unicode.Scalar] = [",", ";", "\t"]
        var best: Unicode.Scalar = ","
        for candidate in candidates where counts[candidate, default: 0] > counts[best, default: 0] {
            best = candidate
        }
        return best
    }

    /// The next row that has any text; nil at the end.
    mutating func next() -> [InventoryCell]? {
        while index != scalars.endIndex {
            let row = nextRow()
            if row.contains(where: { !$0.isEmpty }) { return row }
        }
        return nil
    }

    private mutating func nextRow() -> [InventoryCell] {
        var row: [InventoryCell] = []
        while true {
            let cell = nextCell()
            if row.count < CSVReader.columnLimit {
                row.append(cell)
            } else if row.count == CSVReader.columnLimit {
                diagnostics.error(
                    at: range(of: cell), "more than \(CSVReader.columnLimit) cells in one row")
                row.append(cell)
            }
            guard index != scalars.endIndex else { return row }
            let end = scalars[index]
            advance()
            if end == separator { continue }
            if end == "\r", index != scalars.endIndex, scalars[index] == "\n" {
                index = scalars.index(after: index)
            }
            line += 1
            column = 1
            return row
        }
    }

    /// Reads up to the separator or line break that ends the cell, which stays unread.
    private mutating func nextCell() -> InventoryCell {
        skipBlanks()
        let start = (index: index, line: line, column: column)
        guard index != scalars.endIndex, scalars[index] == "\"" else {
            while index != scalars.endIndex, !endsCell(scalars[index]) { advance() }
            let text = NumberText.trimmed(String(scalars[start.index..<index]))
            return InventoryCell(
                text: text, line: start.line, column: start.column,
                length: Int32(clamping: max(1, text.unicodeScalars.count)))
        }
        let text = quotedText(from: start.line, start.column)
        let length = line == start.line ? column - start.column : 1
        var hasReported = false
        while index != scalars.endIndex, !endsCell(scalars[index]) {
            if !isBlank(scalars[index]), !hasReported {
                hasReported = true
                diagnostics.error(
                    at: file.range(line: Int(line), column: Int(column)),
                    "text goes on behind the closing quote",
                    help: "write a quote inside a quoted cell twice: \"\"")
            }
            advance()
        }
        return InventoryCell(
            text: NumberText.trimmed(text), line: start.line, column: start.column,
            length: max(1, length))
    }

    private mutating func quotedText(from startLine: Int32, _ startColumn: Int32) -> String {
        var text = String.UnicodeScalarView()
        advance()
        while index != scalars.endIndex {
            let scalar = scalars[index]
            if scalar == "\"" {
                advance()
                guard index != scalars.endIndex, scalars[index] == "\"" else {
                    return String(text)
                }
            }
            text.append(scalar)
            advance()
            if scalar == "\n" || (scalar == "\r" && !isAt("\n")) {
                line += 1
                column = 1
            }
        }
        diagnostics.error(
            at: file.range(line: Int(startLine), column: Int(startColumn)),
            "this quote is never closed")
        return String(text)
    }

    private func isAt(_ scalar: Unicode.Scalar) -> Bool {
        index != scalars.endIndex && scalars[index] == scalar
    }

    private func endsCell(_ scalar: Unicode.Scalar) -> Bool {
        scalar == separator || scalar == "\n" || scalar == "\r"
    }

    private mutating func skipBlanks() {
        while index != scalars.endIndex, !endsCell(scalars[index]),
            scalars[index] == " " || scalars[index] == "\t"
        {
            advance()
        }
    }

    private mutating func advance() {
        index = scalars.index(after: index)
        column += 1
    }

    private func range(of cell: InventoryCell) -> SourceRange {
        file.range(line: Int(cell.line), column: Int(cell.column), length: Int(cell.length))
    }
}
