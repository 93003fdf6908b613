import TocsinEngine
import TocsinModel

/// Binds each listed stream to the packs that match it, before the daemon starts: limits that no
/// pack uses, units that do not convert and disorder are errors at their cell (contract §5).
struct InventoryBinder {
    let packs: [Pack]
    let outlines: [PackOutline]
    let site: Site
    let diagnostics: DiagnosticList

    struct Bound {
        var listings: [StreamListing]
        var table: SetPointTable
    }

    /// A pack that matches a row.
    private struct Match {
        var pack: Int
        var labels: [(name: String, value: String)]
    }

    func bind(_ inventory: Inventory) -> Bound {
        let listed = Set(inventory.rows.map(\.stream))
        var matches: [[Match]] = []
        var listings: [StreamListing] = []
        var isUsed = packs.map { _ in false }
        for row in inventory.rows {
            let found = packs.indices.compactMap { position in
                packs[position].labels(matching: row.stream).map { Match(pack: position, labels: $0) }
            }
            for match in found { isUsed[match.pack] = true }
            if found.isEmpty {
                diagnostics.warning(
                    at: place("stream", row, inventory), "no pack matches the stream "
                        + "`\(row.stream)`: it is not watched")
            }
            matches.append(found)
            listings.append(listing(row, inventory, found))
        }
        for (position, used) in isUsed.enumerated() where !used {
            diagnostics.warning(
                at: outlines[position].place,
                "the pack `\(packs[position].name)` matches no stream of the inventory")
        }
        return check(inventory, listings, matches, listed)
    }

    private func place(
        _ column: String, _ row: InventoryRow, _ inventory: Inventory
    ) -> SourceRange {
        guard let cell = row.cell(column) ?? row.cells.first else {
            return inventory.file.range(line: 1)
        }
        return inventory.range(of: cell)
    }

    // MARK: Rows

    private func listing(
        _ row: InventoryRow, _ inventory: Inventory, _ matches: [Match]
    ) -> StreamListing {
        var listing = StreamListing(stream: row.stream)
        listing.name = row.name
        listing.domain = row.domain
        listing.unit = row.unit
        listing.zone = row.zone
        listing.group = row.group
        listing.latitude = row.latitude
        listing.longitude = row.longitude
        listing.crs = row.crs
        listing.span = range("span", row.spanLow, row.spanHigh, row, inventory)
        listing.fault = range("fault", row.faultLow, row.faultHigh, row, inventory)
        listing.cadence = cadence(row, matches)
        let names = Set(matches.flatMap { packs[$0.pack].limits.map(\.name) })
        for limit in row.limits {
            if !names.contains(limit.name) { reportUnused(limit, inventory, matches, names) }
            listing.limits.append((limit.name, cell(limit)))
        }
        for column in row.columns.labelNames {
            if names.contains(column) {
                addBareLimit(column, row, inventory, &listing)
            } else if let value = row.label(column), !isReason(column, names) {
                listing.labels.append((column, value))
            }
        }
        return listing
    }

    private func isReason(_ column: String, _ names: Set<String>) -> Bool {
        column.hasSuffix(".reason") && names.contains(String(column.dropLast(7)))
    }

    private func range(
        _ name: String, _ low: Double?, _ high: Double?, _ row: InventoryRow,
        _ inventory: Inventory
    ) -> ValueRange? {
        if let low, let high { return ValueRange(low: low, high: high) }
        if low != nil || high != nil {
            let given = low != nil ? "\(name)_low" : "\(name)_high"
            diagnostics.error(
                at: place(given, row, inventory),
                "`\(name)_low` and `\(name)_high` go together; one of them is empty")
        }
        return nil
    }

    private func cadence(_ row: InventoryRow, _ matches: [Match]) -> Cadence? {
        switch row.cadence {
        case .every(let span): return .every(span)
        case .onChange:
            // The table has no heartbeat of its own: the pack's stays.
            for match in matches {
                if case .onChange(let heartbeat) = packs[match.pack].cadence {
                    return .onChange(heartbeat: heartbeat)
                }
            }
            return .onChange(heartbeat: nil)
        case nil: return nil
        }
    }

    private func cell(_ limit: InventoryLimit) -> LimitCell {
        switch limit.setting {
        case .value(let value, let unit): .value(value, unit: unit)
        case .off(let reason): .off(reason: reason)
        }
    }

    private func addBareLimit(
        _ column: String, _ row: InventoryRow, _ inventory: Inventory,
        _ listing: inout StreamListing
    ) {
        guard
            let limit = inventory.limit(
                column, inColumn: column, of: row, reporting: diagnostics)
        else { return }
        if listing.limits.contains(where: { $0.name == column }) {
            diagnostics.error(
                at: inventory.range(of: limit.cell),
                "the limit `\(column)` is given twice, here and in `limit.\(column)`")
            return
        }
        listing.limits.append((column, cell(limit)))
    }

    private func reportUnused(
        _ limit: InventoryLimit, _ inventory: Inventory, _ matches: [Match], _ names: Set<String>
    ) {
        let everywhere = Set(packs.flatMap { $0.limits.map(\.name) })
        // A stream that no pack matches has its warning; a name that no pack has is wrong anyway.
        guard !matches.isEmpty || !everywhere.contains(limit.name) else { return }
        let who = matches.isEmpty ? "no pack" : "no pack for this stream"
        let sorted = names.sorted()
        diagnostics.error(
            at: inventory.range(of: limit.cell), "\(who) has a limit `\(limit.name)`",
            help: nearestName(limit.name, among: sorted).map { "did you mean `limit.\($0)`?" }
                ?? (sorted.isEmpty ? nil : "its limits: " + sorted.joined(separator: ", ")))
    }

    // MARK: Bindings

    private func check(
        _ inventory: Inventory, _ listings: [StreamListing], _ matches: [[Match]],
        _ listed: Set<String>
    ) -> Bound {
        let ruleSet = RuleSet(site: site, packs: packs, listings: listings, hasInventory: true)
        var rows: [SetPointTable.Row] = []
        for (row, found) in zip(inventory.rows, matches) {
            for match in found {
                do throws(Binding.Problem) {
                    let binding = try Binding(
                        ruleSet: ruleSet, packIndex: match.pack, stream: row.stream, mode: .live,
                        labels: match.labels, streamUnit: row.unit)
                    checkLimits(binding, row, inventory)
                    checkReferences(binding, row, inventory, listed)
                    rows += setPoints(binding, row, inventory)
                } catch {
                    report(error, row, inventory, match)
                }
            }
        }
        return Bound(listings: listings, table: SetPointTable(rows: rows))
    }

    /// The cell that sets a limit of a row; nil where the pack's number holds.
    private func limitCell(_ name: String, _ row: InventoryRow) -> InventoryCell? {
        for column in ["limit.\(name)", name] {
            if let cell = row.cell(column), !cell.isEmpty { return cell }
        }
        return nil
    }

    private func report(
        _ problem: Binding.Problem, _ row: InventoryRow, _ inventory: Inventory, _ match: Match
    ) {
        let symbol = row.unit.map { UnitTable.standard[$0].symbol } ?? ""
        let own = packs[match.pack].unit.map { UnitTable.standard[$0].symbol } ?? ""
        switch problem {
        case .unit(let pack, _, let reason):
            diagnostics.error(
                at: place("unit", row, inventory), "the unit \(symbol) does not convert to \(own) "
                    + "of the pack `\(pack)`: \(UnitNames.words(for: reason))")
        case .limit(let name, _, let reason):
            let cell = limitCell(name, row).map { inventory.range(of: $0) }
            diagnostics.error(
                at: cell ?? place("stream", row, inventory), "the limit `\(name)` does not convert "
                    + "to \(own): \(UnitNames.words(for: reason))")
        case .spanMissing(let name, _):
            diagnostics.error(
                at: place("stream", row, inventory),
                "`\(name)` is a share of the span, and neither the pack nor this row gives a span",
                help: "fill in `span_low` and `span_high`")
        case .order(let lower, let upper, _):
            diagnostics.error(
                at: place("stream", row, inventory), "`\(upper)` must be above `\(lower)`")
        }
    }

    private func checkLimits(
        _ binding: Binding, _ row: InventoryRow, _ inventory: Inventory
    ) {
        let unit = binding.pack.unit.map { " \(UnitTable.standard[$0].symbol)" } ?? ""
        let limits = zip(binding.pack.limits, binding.limits).map { ($0.name, $1) }
        for fault in LimitNames.disorder(limits) {
            guard let cell = limitCell(fault.upper, row) ?? limitCell(fault.lower, row) else {
                continue
            }
            diagnostics.error(
                at: inventory.range(of: cell), "`\(fault.upper)` must be above `\(fault.lower)`: "
                    + "\(ValueText.of(fault.upperValue))\(unit) is not above "
                    + "\(ValueText.of(fault.lowerValue))\(unit)")
        }
        guard let span = binding.span else { return }
        for (name, value) in limits where value < span.low || value > span.high {
            guard let cell = limitCell(name, row) else { continue }
            diagnostics.warning(
                at: inventory.range(of: cell), "`\(name)` lies beyond the span: "
                    + "\(ValueText.of(value))\(unit) is not within "
                    + "\(ValueText.of(span.low)) … \(ValueText.of(span.high))")
        }
    }

    private func checkReferences(
        _ binding: Binding, _ row: InventoryRow, _ inventory: Inventory, _ listed: Set<String>
    ) {
        for (position, names) in binding.references.enumerated() {
            for name in names.compactMap({ $0 }) where !listed.contains(name) {
                diagnostics.warning(
                    at: place("stream", row, inventory),
                    "the rule `\(binding.pack.rules[position].name)` asks the stream `\(name)`, "
                        + "which is not listed")
            }
        }
    }

    // MARK: Table

    private func setPoints(
        _ binding: Binding, _ row: InventoryRow, _ inventory: Inventory
    ) -> [SetPointTable.Row] {
        let outline = outlines[binding.packIndex]
        return binding.pack.limits.indices.map { position in
            let value = binding.limits[position].isNaN ? nil : binding.limits[position]
            var entry = SetPointTable.row(
                stream: row.stream, outline: outline, limit: position, value: value)
            if let cell = limitCell(entry.limit, row) {
                entry.origin = SetPointTable.place(inventory.range(of: cell))
                let hasUnit = cell.text.unicodeScalars.contains { $0.properties.isAlphabetic }
                let symbol = row.unit.map { UnitTable.standard[$0].symbol } ?? entry.unit
                let written = hasUnit || cell.text.contains("%") ? cell.text : "\(cell.text) \(symbol)"
                entry.written =
                    value == nil ? cell.text : SetPointTable.foreign(written, value, entry.unit)
            }
            return entry
        }
    }
}
