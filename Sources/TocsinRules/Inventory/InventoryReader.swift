import TocsinModel

/// Reads an inventory as spreadsheets export it; every mistake is reported at its cell, in one run.
package struct InventoryReader {
    /// Bytes of one file: a million rows of sixty-four bytes.
    package static let byteLimit = 64 << 20

    /// Reads a file; nil when there are errors.
    package static func read(path: String) -> (Inventory?, [Diagnostic]) {
        let diagnostics = DiagnosticList()
        do throws(FileReadError) {
            let bytes = try FileBytes.read(path: path, limit: byteLimit)
            let inventory = read(bytes, path: path, reporting: diagnostics)
            return (inventory, diagnostics.sorted)
        } catch {
            diagnostics.add(Diagnostic(.error, path: path, "\(error)"))
            return (nil, diagnostics.sorted)
        }
    }

    /// Reads bytes at hand; nil when they have errors, which are reported.
    package static func read(
        _ bytes: [UInt8], path: String, reporting diagnostics: DiagnosticList
    ) -> Inventory? {
        let before = diagnostics.errorCount
        guard
            let text = CharsetConversion.text(bytes, path: path, reporting: diagnostics)
        else { return nil }
        let file = SourceFile(path: path, text: text)
        var table = CSVReader(file, reporting: diagnostics)
        guard let header = table.next() else {
            diagnostics.add(
                Diagnostic(
                    .error, path: path, "the table is empty",
                    help: "its first line names the columns; `stream` is needed"))
            return nil
        }
        var reader = InventoryReader(
            file: file, columns: InventoryColumns(header), diagnostics: diagnostics)
        guard reader.checkHeader() else { return nil }
        reader.readRows(&table)
        guard diagnostics.errorCount == before else { return nil }
        return Inventory(file: file, bytes: bytes, columns: reader.columns, rows: reader.rows)
    }

    private let file: SourceFile
    private let columns: InventoryColumns
    private let diagnostics: DiagnosticList
    private var rows: [InventoryRow] = []
    private var firstLines: [String: Int32] = [:]

    private init(file: SourceFile, columns: InventoryColumns, diagnostics: DiagnosticList) {
        self.file = file
        self.columns = columns
        self.diagnostics = diagnostics
    }

    private func range(of cell: InventoryCell) -> SourceRange {
        file.range(line: Int(cell.line), column: Int(cell.column), length: Int(cell.length))
    }

    private func error(_ cell: InventoryCell, _ message: String, help: String? = nil) {
        diagnostics.error(at: range(of: cell), message, help: help)
    }

    private func checkHeader() -> Bool {
        var seen: Set<String> = []
        for cell in columns.cells where !cell.isEmpty {
            if !seen.insert(cell.text).inserted {
                error(cell, "the column `\(cell.text)` is there twice")
            }
            checkName(cell)
        }
        guard columns.position(of: "stream") == nil else { return true }
        let wide = file.line(1).contains("，")
        if let first = columns.cells.first {
            error(
                first, "the table has no column `stream`",
                help: wide
                    ? "its separators are full-width commas; use `,`"
                    : "the first line names the columns")
        }
        return false
    }

    /// A column with an unknown name is a label, so a slip of the hand would go unnoticed.
    private func checkName(_ cell: InventoryCell) {
        let name = cell.text
        guard !InventoryColumns.fixed.contains(name) else { return }
        let plain = String(name.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
        if InventoryColumns.fixed.contains(plain) || plain.hasPrefix("limit_") {
            let meant = plain.hasPrefix("limit_") ? "limit." + name.dropFirst(6) : plain
            error(
                cell, "the column `\(name)` is not written right",
                help: "did you mean `\(meant)`?")
        } else if name.hasPrefix("limit."), name == "limit." || name == "limit..reason" {
            error(cell, "the column `\(name)` names no limit", help: "write it like limit.H")
        } else if name.count >= 6, !name.hasPrefix("limit."),
            let near = nearestName(name, among: InventoryColumns.fixed)
        {
            diagnostics.warning(
                at: range(of: cell), "the column `\(name)` is a label to Tocsin",
                help: "did you mean `\(near)`?")
        }
    }

    private mutating func readRows(_ table: inout CSVReader) {
        for _ in 1..<CSVReader.rowLimit {
            guard let cells = table.next() else { return }
            read(cells)
        }
        if let extra = table.next()?.first {
            error(extra, "more than \(CSVReader.rowLimit) rows")
        }
    }

    private mutating func read(_ cells: [InventoryCell]) {
        for cell in cells.dropFirst(columns.cells.count) where !cell.isEmpty {
            error(
                cell, "this row has more cells than the header",
                help: "put quotes around a cell that holds the separator")
            break
        }
        for (cell, header) in zip(cells, columns.cells) where header.isEmpty && !cell.isEmpty {
            error(cell, "this column has no name in the header")
        }
        var row = InventoryRow(stream: "", cells: cells, columns: columns)
        guard let stream = row.cell("stream"), !stream.isEmpty else {
            if let first = cells.first { error(first, "this row has no stream") }
            return
        }
        row.stream = stream.text
        checkStream(stream)
        row.name = row.label("name")
        row.domain = row.label("domain")
        row.zone = row.label("zone")
        row.group = row.label("group")
        row.unit = unit(row)
        readRanges(&row)
        readPlace(&row)
        row.cadence = cadence(row)
        row.currents = currents(row)
        row.limits = columns.limitNames.compactMap { limit($0, of: row) }
        rows.append(row)
    }

    private mutating func checkStream(_ cell: InventoryCell) {
        if cell.text.unicodeScalars.contains(where: { $0 == "+" || $0 == "#" || isBlank($0) }) {
            error(
                cell, "`\(cell.text)` is no stream",
                help: "a stream is one topic, or topic:field, without + # or blanks")
        }
        if let first = firstLines[cell.text] {
            error(cell, "the stream `\(cell.text)` is on line \(first) already")
        } else {
            firstLines[cell.text] = cell.line
        }
    }

    private func unit(_ row: InventoryRow) -> UnitIndex? {
        guard let cell = row.cell("unit"), !cell.isEmpty else { return nil }
        let found = UnitTable.standard.find(cell.text)
        if found == nil {
            error(
                cell, "the unit `\(cell.text)` is not known",
                help: UnitSuggestion.help(for: cell.text))
        }
        return found
    }

    private func number(
        _ row: InventoryRow, _ column: String, in range: ClosedRange<Double>? = nil
    ) -> Double? {
        guard let cell = row.cell(column), !cell.isEmpty else { return nil }
        guard let number = NumberText.number(cell.text) else {
            error(
                cell, "`\(column)` must be a number, found `\(cell.text)`",
                help: InventoryReader.numberHelp(cell.text))
            return nil
        }
        if let range, !range.contains(number) {
            error(
                cell, "`\(column)` must be between \(range.lowerBound) and \(range.upperBound)")
            return nil
        }
        return number
    }

    /// Numbers as other countries' spreadsheets show them.
    static func numberHelp(_ text: String) -> String? {
        let plain = NumberText.folded(text)
        guard plain.contains(",") else { return nil }
        let parts = plain.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ part in !part.isEmpty }) else { return nil }
        return "write the decimal sign as a point and no sign between thousands"
    }

    private func readRanges(_ row: inout InventoryRow) {
        row.spanLow = number(row, "span_low")
        row.spanHigh = number(row, "span_high")
        row.faultLow = number(row, "fault_low")
        row.faultHigh = number(row, "fault_high")
        checkOrder(row, "span_low", row.spanLow, "span_high", row.spanHigh)
        checkOrder(row, "fault_low", row.faultLow, "fault_high", row.faultHigh)
    }

    private func checkOrder(
        _ row: InventoryRow, _ lowName: String, _ low: Double?, _ highName: String, _ high: Double?
    ) {
        guard let low, let high, low >= high, let cell = row.cell(highName) else { return }
        error(cell, "`\(highName)` must be above `\(lowName)`, which is \(low)")
    }

    private func readPlace(_ row: inout InventoryRow) {
        row.latitude = number(row, "latitude", in: -90...90)
        row.longitude = number(row, "longitude", in: -180...180)
        row.x = number(row, "x")
        row.y = number(row, "y")
        row.elevation = number(row, "elevation")
        checkPair(row, "latitude", "longitude")
        checkPair(row, "x", "y")
        guard let cell = row.cell("crs"), !cell.isEmpty else { return }
        row.crs = cell.text
        if !CoordinateSystem.names.contains(cell.text) {
            error(
                cell, "the coordinate system `\(cell.text)` is not known",
                help: nearestName(cell.text, among: CoordinateSystem.names)
                    .map { "did you mean `\($0)`?" }
                    ?? "one of: " + CoordinateSystem.names.joined(separator: ", "))
        }
    }

    private func checkPair(_ row: InventoryRow, _ first: String, _ second: String) {
        let written = [first, second].filter { row.label($0) != nil }
        guard written.count == 1, let cell = row.cell(written[0]) else { return }
        error(cell, "`\(first)` and `\(second)` belong together", help: "write both or neither")
    }

    private func cadence(_ row: InventoryRow) -> InventoryCadence? {
        guard let cell = row.cell("every"), !cell.isEmpty else { return nil }
        if cell.text == "on-change" { return .onChange }
        guard let span = Span(parsing: NumberText.folded(cell.text)), span > .zero else {
            error(
                cell, "`every` must be a duration or on-change, found `\(cell.text)`",
                help: "write a number with ms, s, m, h or d, such as 1s")
            return nil
        }
        return .every(span)
    }

    /// `2.5=inhibited;3.5=inhibited`
    private func currents(_ row: InventoryRow) -> [InventoryCurrent] {
        guard let cell = row.cell("currents"), !cell.isEmpty else { return [] }
        return NumberText.folded(cell.text).split(separator: ";").compactMap { part in
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            let word = sides.count == 2 ? NumberText.trimmed(String(sides[1])) : ""
            guard sides.count == 2, let current = NumberText.number(sides[0]), current >= 0,
                current <= 25, let quality = Quality.allCases.first(where: { $0.word == word })
            else {
                error(
                    cell, "`\(part)` is no meaning of a current",
                    help: "write mA = good, bad or inhibited, such as 2.5=inhibited;3.5=inhibited")
                return nil
            }
            return InventoryCurrent(milliamperes: current, quality: quality)
        }
    }

    private func limit(_ name: String, of row: InventoryRow) -> InventoryLimit? {
        guard let cell = row.cell("limit.\(name)"), !cell.isEmpty else { return nil }
        return InventoryLimit.read(
            name, cell: cell, reason: row.cell("limit.\(name).reason"), at: range(of: cell),
            reporting: diagnostics)
    }
}
