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
    struct Match {
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
                packs[position].labels(matching: row.stream).map {
                    Match(pack: position, labels: $0)
                }
            }
            for match in found { isUsed[match.pack] = true }
            if found.isEmpty {
                diagnostics.warning(
                    at: place("stream", row, inventory),
                    "no pack matches the stream "
                        + "`\(row.stream)`: it is not watched")
            }
            matches.append(found)
            listings.append(listing(row, inventory, found))
        }
        // A pack may watch nothing but streams that are computed: these need not be listed.
        for (position, used) in isUsed.enumerated()
        where !used && !calculated.contains(where: { $0.overlaps(packs[position].pattern) }) {
            diagnostics.warning(
                at: outlines[position].place,
                "the pack `\(packs[position].name)` matches no stream of the inventory")
        }
        return check(inventory, listings, matches, listed)
    }

    /// The names of all calculated streams.
    var calculated: [StreamPattern] { packs.flatMap(\.calculated).map(\.name) }

    func place(
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
        listing.currents = row.currents.map {
            CurrentMeaning(milliamperes: $0.milliamperes, quality: $0.quality)
        }
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
}
