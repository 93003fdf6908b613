package import TocsinModel

/// The sensors of a site as its table lists them (contract §5). Limits are kept as written: which
/// names and units are right depends on the packs, and is decided where rows and packs are bound.
package struct Inventory: Sendable {
    package var file: SourceFile
    /// The file as it was read: what is hashed and stored with a rule set.
    package var bytes: [UInt8]
    package var columns: InventoryColumns
    package var rows: [InventoryRow]

    /// Where a cell stands.
    package func range(of cell: InventoryCell) -> SourceRange {
        file.range(line: Int(cell.line), column: Int(cell.column), length: Int(cell.length))
    }

    /// The set-point in a column such as `limit.H` or `H`; nil when empty or, reported, wrong.
    /// `off` needs a reason in the column of the same name with `.reason`.
    package func limit(
        _ name: String, inColumn column: String, of row: InventoryRow,
        reporting diagnostics: DiagnosticList
    ) -> InventoryLimit? {
        guard let cell = row.cell(column), !cell.isEmpty else { return nil }
        let reason = row.cell("limit.\(name).reason") ?? row.cell("\(name).reason")
        return InventoryLimit.read(
            name, cell: cell, reason: reason, at: range(of: cell), reporting: diagnostics)
    }
}

/// The header: which column is what.
package struct InventoryColumns: Sendable {
    package var names: [String]
    package var cells: [InventoryCell]
    private var positions: [String: Int]

    /// Columns with a meaning of their own; every other is a limit or a label.
    package static let fixed = [
        "stream", "name", "domain", "unit", "span_low", "span_high", "fault_low", "fault_high",
        "every", "zone", "group", "latitude", "longitude", "crs", "x", "y", "elevation", "currents",
    ]

    package init(_ cells: [InventoryCell]) {
        self.cells = cells
        names = cells.map(\.text)
        positions = Dictionary(
            names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func position(of name: String) -> Int? { positions[name] }

    /// Names of `limit.NAME` columns, in order, without the prefix.
    package var limitNames: [String] {
        names.compactMap { name in
            name.hasPrefix("limit.") && !name.hasSuffix(".reason") ? String(name.dropFirst(6)) : nil
        }
    }

    /// Columns that are neither fixed nor `limit.`: labels, or limits where a pack uses the name.
    package var labelNames: [String] {
        names.filter { name in
            !name.isEmpty && !Self.fixed.contains(name) && !name.hasPrefix("limit.")
        }
    }
}

/// One sensor.
package struct InventoryRow: Sendable {
    package var stream: String
    package var name: String?
    package var domain: String?
    /// The row's unit, as in `UnitTable.standard`.
    package var unit: UnitIndex?
    /// In the row's unit.
    package var spanLow: Double?
    package var spanHigh: Double?
    package var faultLow: Double?
    package var faultHigh: Double?
    package var cadence: InventoryCadence?
    package var zone: String?
    package var group: String?
    /// Degrees in `crs`, north and east positive.
    package var latitude: Double?
    package var longitude: Double?
    package var crs: String?
    /// Metres in the site's own grid.
    package var x: Double?
    package var y: Double?
    package var elevation: Double?
    /// Loop currents with a meaning of their own, which wins over NE 43.
    package var currents: [InventoryCurrent] = []
    /// `limit.NAME` cells that are not empty.
    package var limits: [InventoryLimit] = []
    /// All cells, one per column.
    package var cells: [InventoryCell]
    fileprivate(set) package var columns: InventoryColumns

    package init(stream: String, cells: [InventoryCell], columns: InventoryColumns) {
        self.stream = stream
        self.cells = cells
        self.columns = columns
    }

    /// The cell in a column; nil when the table has no such column.
    package func cell(_ column: String) -> InventoryCell? {
        guard let position = columns.position(of: column), position < cells.count else {
            return nil
        }
        return cells[position]
    }

    /// The text of a label column; nil when empty.
    package func label(_ column: String) -> String? {
        guard let cell = cell(column), !cell.isEmpty else { return nil }
        return cell.text
    }
}

/// How often a sensor reports.
package enum InventoryCadence: Sendable, Equatable {
    case every(Span)
    case onChange
}

/// What a loop current means, in mA.
package struct InventoryCurrent: Sendable, Equatable {
    package var milliamperes: Double
    package var quality: Quality
}

/// One set-point of one row.
package struct InventoryLimit: Sendable, Equatable {
    package enum Setting: Sendable, Equatable {
        /// The unit is nil where the cell has none: then the row's, else the pack's.
        case value(Double, unit: UnitIndex?)
        case off(reason: String)
    }

    /// `H`, `HH`, …
    package var name: String
    package var setting: Setting
    package var cell: InventoryCell

    /// Reads `25`, `25 %LEL`, `off`; nil and a report for anything else.
    static func read(
        _ name: String, cell: InventoryCell, reason: InventoryCell?, at range: SourceRange,
        reporting diagnostics: DiagnosticList
    ) -> InventoryLimit? {
        let text = NumberText.folded(cell.text)
        if text.lowercased() == "off" {
            guard let reason, !reason.isEmpty else {
                diagnostics.error(
                    at: range, "limit \(name) is off without a reason",
                    help: "write why into the column `limit.\(name).reason`")
                return nil
            }
            return InventoryLimit(name: name, setting: .off(reason: reason.text), cell: cell)
        }
        let number = text.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
        let symbol = NumberText.trimmed(String(text.dropFirst(number.count)))
        guard let value = NumberText.number(number) else {
            diagnostics.error(
                at: range, "limit \(name) must be a number, found `\(cell.text)`",
                help: InventoryReader.numberHelp(cell.text) ?? "write a number, or off")
            return nil
        }
        guard !symbol.isEmpty else {
            return InventoryLimit(name: name, setting: .value(value, unit: nil), cell: cell)
        }
        guard let unit = UnitTable.standard.find(symbol) else {
            diagnostics.error(
                at: range, "the unit `\(symbol)` is not known",
                help: InventoryReader.numberHelp(cell.text) ?? UnitSuggestion.help(for: symbol))
            return nil
        }
        return InventoryLimit(name: name, setting: .value(value, unit: unit), cell: cell)
    }
}
