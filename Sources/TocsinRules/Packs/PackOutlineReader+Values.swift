import TocsinEngine
import TocsinModel

/// States, ranges, cadence and limits of a pack.
extension PackOutlineReader {
    // MARK: States

    mutating func readStates(_ pack: inout Pack) {
        guard let node = reader.node("states") else { return }
        guard let entries = node.mapping else {
            diagnostics.error(
                at: node.range, "`states` must name each state and its values, found \(node.kind)",
                help: "such as states: {running: [1, RUN], stopped: [0, STOP]}")
            return
        }
        if pack.unit != nil {
            diagnostics.error(
                at: reader.keyRange("states"), "a pack has `unit` or `states`, not both",
                help: "a stream that says states has no unit")
            return
        }
        guard entries.count <= Pack.statesMax else {
            diagnostics.error(
                at: reader.keyRange("states"), "a pack has at most \(Pack.statesMax) states")
            return
        }
        var owners: [String: String] = [:]
        for entry in entries {
            pack.states.append(readState(entry, &owners))
        }
    }

    private func readState(
        _ entry: YAMLEntry, _ owners: inout [String: String]
    ) -> StateDefinition {
        var state = StateDefinition(name: entry.key, numbers: [], words: [])
        let values = entry.value.sequence ?? [entry.value]
        if values.isEmpty || entry.value.isEmpty {
            diagnostics.error(
                at: entry.keyRange, "the state `\(entry.key)` has no values",
                help: "write what stands for it in messages, such as \(entry.key): [1, RUN]")
        }
        for value in values {
            guard !value.isEmpty, let text = reader.text(of: value, called: "a state's value")
            else { continue }
            let number = NumberText.number(text.text)
            let key = number.map { "\($0 + 0)" } ?? Vocabulary.folded(text.text)
            if let owner = owners[key] {
                diagnostics.error(
                    at: value.range, "`\(text.text)` already stands for the state `\(owner)`")
                continue
            }
            owners[key] = entry.key
            if let number { state.numbers.append(number) } else { state.words.append(text.text) }
        }
        return state
    }

    // MARK: Ranges

    mutating func readRange(_ key: String, _ numbers: QuantityReader) -> ValueRange? {
        guard let node = reader.node(key) else { return nil }
        guard let ends = node.sequence, ends.count == 2 else {
            diagnostics.error(
                at: node.range, "`\(key)` must be a lower and an upper end, found \(node.kind)",
                help: "such as \(key): [0, 100]")
            return nil
        }
        var values: [Double] = []
        for end in ends {
            guard let text = reader.text(of: end, called: "an end of `\(key)`"),
                let quantity = numbers.quantity(text, called: "`\(key)`", .range)
            else { return nil }
            guard let value = numbers.value(of: quantity, span: nil) else {
                diagnostics.error(at: end.range, "`\(key)` cannot be a share of the span")
                return nil
            }
            values.append(value)
        }
        guard values[0] < values[1] else {
            diagnostics.error(
                at: node.range, "the lower end of `\(key)` must be below the upper end")
            return nil
        }
        return ValueRange(low: values[0], high: values[1])
    }

    func warnOfFaultInsideSpan(_ pack: Pack) {
        guard let span = pack.span, let fault = pack.fault,
            fault.low > span.low || fault.high < span.high
        else { return }
        diagnostics.warning(
            at: reader.keyRange("fault"), "`fault` begins inside `span`",
            help: "values that the sensor can measure would count as bad")
    }

    // MARK: Cadence

    /// Longer silence than this is no supervision: a year.
    private static var cadenceMax: Span { .seconds(366 * 86_400) }

    mutating func readCadence(_ pack: inout Pack) {
        let bounds = Span(milliseconds: 1)...Self.cadenceMax
        let heartbeat = reader.duration("heartbeat", in: bounds)
        let isOnChange = merged.node["every"]?.scalar?.text == "on-change"
        if isOnChange {
            _ = reader.text("every")
            pack.cadence = .onChange(heartbeat: heartbeat)
            pack.staleAfter = heartbeat
        } else if let every = reader.duration("every", in: bounds) {
            pack.cadence = .every(every)
            pack.staleAfter = Span(milliseconds: every.milliseconds * 3)
        }
        if heartbeat != nil, !isOnChange {
            diagnostics.error(
                at: reader.keyRange("heartbeat"), "`heartbeat` belongs to `every: on-change`")
        }
        guard let staleAfter = reader.duration("stale_after", in: bounds) else { return }
        if case .every(let every) = pack.cadence, staleAfter <= every {
            diagnostics.warning(
                at: reader.keyRange("stale_after"),
                "`stale_after` is not longer than `every`: each late sample raises trouble")
        }
        pack.staleAfter = staleAfter
    }

    // MARK: Limits

    mutating func readLimits(_ outline: inout PackOutline, _ numbers: QuantityReader) {
        guard let node = reader.node("limits") else { return }
        guard let entries = node.mapping else {
            diagnostics.error(
                at: node.range, "`limits` must name each limit, found \(node.kind)",
                help: "such as limits: {H: 25 %LEL, HH: 50 %LEL}")
            return
        }
        if !outline.pack.states.isEmpty {
            diagnostics.error(at: reader.keyRange("limits"), "states have no limits")
            return
        }
        guard entries.count <= PackOutlineReader.limitsMax else {
            diagnostics.error(
                at: reader.keyRange("limits"),
                "a pack has at most \(PackOutlineReader.limitsMax) limits")
            return
        }
        for entry in entries { readLimit(entry, &outline, numbers) }
        checkLimits(outline, numbers)
    }

    private func readLimit(
        _ entry: YAMLEntry, _ outline: inout PackOutline, _ numbers: QuantityReader
    ) {
        guard LimitNames.isValid(entry.key) else {
            diagnostics.error(
                at: entry.keyRange, "`\(entry.key)` cannot name a limit",
                help: "a name has letters, digits and `_`, and begins with a letter")
            return
        }
        var quantity: Quantity?
        var written: String?
        // `H:` with nothing behind it leaves the number to the inventory.
        if !entry.value.isEmpty {
            guard let text = reader.text(of: entry.value, called: "the limit `\(entry.key)`") else {
                return
            }
            quantity = numbers.quantity(text, called: "`\(entry.key)`", .limit)
            written = text.text
        }
        outline.pack.limits.append(LimitDefinition(name: entry.key, value: quantity))
        outline.limitPlaces.append(entry.value.isEmpty ? entry.keyRange : entry.value.range)
        outline.limitTexts.append(written)
    }

    private func checkLimits(_ outline: PackOutline, _ numbers: QuantityReader) {
        let span = outline.pack.span
        var known: [(name: String, value: Double, place: SourceRange)] = []
        for (limit, place) in zip(outline.pack.limits, outline.limitPlaces) {
            guard let quantity = limit.value else { continue }
            if case .percentOfSpan = quantity, span == nil {
                diagnostics.warning(
                    at: place,
                    "`\(limit.name)` is a share of the span, which the pack leaves to "
                        + "the inventory")
            }
            guard let value = numbers.value(of: quantity, span: span) else { continue }
            known.append((limit.name, value, place))
            if let span, value < span.low || value > span.high {
                diagnostics.warning(
                    at: place,
                    "`\(limit.name)` lies beyond the span: "
                        + "\(ValueText.of(value)) is not within "
                        + "\(ValueText.of(span.low)) … \(ValueText.of(span.high))")
            }
        }
        for fault in LimitNames.disorder(known.map { ($0.name, $0.value) }) {
            guard let upper = known.first(where: { $0.name == fault.upper }) else { continue }
            diagnostics.error(
                at: upper.place,
                "`\(fault.upper)` must be above `\(fault.lower)`: \(ValueText.of(fault.upperValue))"
                    + " is not above \(ValueText.of(fault.lowerValue))")
        }
    }
}
