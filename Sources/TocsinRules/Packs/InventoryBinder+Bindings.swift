import TocsinEngine
import TocsinModel

/// Each listed stream with each of its packs, as the engine will bind them.
extension InventoryBinder {
    func check(
        _ inventory: Inventory, _ listings: [StreamListing], _ matches: [[Match]],
        _ listed: Set<String>
    ) -> Bound {
        let ruleSet = RuleSet(site: site, packs: packs, listings: listings, hasInventory: true)
        var rows: [SetPointTable.Row] = []
        for (row, found) in zip(inventory.rows, matches) {
            var asksCurrents = row.currents.isEmpty || found.isEmpty
            for match in found {
                do throws(Binding.Problem) {
                    let binding = try Binding(
                        ruleSet: ruleSet, packIndex: match.pack, stream: row.stream, mode: .live,
                        labels: match.labels, streamUnit: row.unit)
                    if binding.loop != nil { asksCurrents = true }
                    checkLimits(binding, row, inventory)
                    checkReferences(binding, row, inventory, listed)
                    rows += setPoints(binding, row, inventory)
                } catch {
                    asksCurrents = true
                    report(error, row, inventory, match)
                }
            }
            if !asksCurrents {
                diagnostics.warning(
                    at: place("currents", row, inventory),
                    "`currents` is not asked: no pack scales this row's unit from 4…20 mA")
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
                at: place("unit", row, inventory),
                "the unit \(symbol) does not convert to \(own) "
                    + "of the pack `\(pack)`: \(UnitNames.words(for: reason))")
        case .limit(let name, _, let reason):
            let cell = limitCell(name, row).map { inventory.range(of: $0) }
            diagnostics.error(
                at: cell ?? place("stream", row, inventory),
                "the limit `\(name)` does not convert "
                    + "to \(own): \(UnitNames.words(for: reason))")
        case .spanMissing(let name, _):
            diagnostics.error(
                at: place("stream", row, inventory),
                "`\(name)` is a share of the span, and neither the pack nor this row gives a span",
                help: "fill in `span_low` and `span_high`")
        case .loopSpan(let pack, _):
            diagnostics.error(
                at: place("unit", row, inventory),
                "a current in mA needs a span to be scaled to \(own): neither the pack `\(pack)` "
                    + "nor this row gives one",
                help: "fill in `span_low` and `span_high` in \(own), for 4 and 20 mA")
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
                at: inventory.range(of: cell),
                "`\(fault.upper)` must be above `\(fault.lower)`: "
                    + "\(ValueText.of(fault.upperValue))\(unit) is not above "
                    + "\(ValueText.of(fault.lowerValue))\(unit)")
        }
        guard let span = binding.span else { return }
        for (name, value) in limits where value < span.low || value > span.high {
            guard let cell = limitCell(name, row) else { continue }
            diagnostics.warning(
                at: inventory.range(of: cell),
                "`\(name)` lies beyond the span: "
                    + "\(ValueText.of(value))\(unit) is not within "
                    + "\(ValueText.of(span.low)) … \(ValueText.of(span.high))")
        }
    }

    private func checkReferences(
        _ binding: Binding, _ row: InventoryRow, _ inventory: Inventory, _ listed: Set<String>
    ) {
        for (position, names) in binding.references.enumerated() {
            for name in names.compactMap({ $0 })
            where !listed.contains(name) && !calculated.contains(where: { $0.match(name) != nil }) {
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
                let written =
                    hasUnit || cell.text.contains("%") ? cell.text : "\(cell.text) \(symbol)"
                entry.written =
                    value == nil ? cell.text : SetPointTable.foreign(written, value, entry.unit)
            }
            return entry
        }
    }
}
