package import TocsinModel

/// A pack applied to one stream: limits and deadbands in the pack's unit, labels, conversions.
/// Immutable; events keep a reference to it, so that a reload never changes what was said.
package final class Binding: Sendable {
    package let ruleSet: RuleSet
    package let pack: Pack
    package let packIndex: Int
    /// The stream's name; for a group the label's value.
    package let stream: String
    /// The label whose value is the group (`per:`); nil for a stream.
    package let groupLabel: String?
    package let mode: Mode
    package let labels: [(name: String, value: String)]
    package let listing: StreamListing?
    /// From the stream's unit to the pack's.
    package let conversion: Conversion
    package let streamUnit: UnitIndex?
    /// The stream reports the current of a 4…20 mA loop, and the pack watches what is behind it.
    package let loop: CurrentLoop?
    /// Whether there is a `loop`: every sample asks, and a copy of it costs more.
    let isLoop: Bool
    /// Measuring range in the pack's unit; beyond it a sample is good, flagged `over` or `under`.
    package let span: ValueRange?
    /// Range in the pack's unit beyond which quality is bad.
    package let fault: ValueRange?
    package let staleAfter: Span?
    /// Limits in the pack's unit, by position in `pack.limits`; NaN = off.
    package let limits: [Double]
    /// Whether a limit warns of too little (its name begins with L), by position in `pack.limits`.
    let lowLimits: [Bool]
    /// Deadbands in the pack's unit: by rule, then by memory number.
    package let deadbands: [[Double]]
    /// Names of the streams that each rule refers to: by rule, then by slot; nil = cannot be named.
    package let references: [[String?]]
    /// The same for the pack's groups (as members) and calculated streams.
    package let groupReferences: [[String?]]
    package let calculatedReferences: [[String?]]
    /// Deadbands of the groups' conditions in the pack's unit: by group, then by memory number.
    package let groupDeadbands: [[Double]]
    /// The codes of the pack's state words in the vocabulary: by state.
    package let stateCodes: [[Double]]

    /// Why a pack cannot be applied to a stream.
    package enum Problem: Error, Sendable, Equatable {
        case unit(pack: String, stream: String, reason: ConversionError)
        case limit(name: String, stream: String, reason: ConversionError)
        case spanMissing(name: String, stream: String)
        /// A current that no span says how to scale.
        case loopSpan(pack: String, stream: String)
        case order(lower: String, upper: String, stream: String)

        /// One line for people.
        package var text: String {
            switch self {
            case .unit(_, _, let reason): "its unit does not fit: " + reason.text
            case .limit(let name, _, let reason): "limit \(name): " + reason.text
            case .spanMissing(let name, _): "\(name) is a share of the span, and no span is given"
            case .loopSpan: "a current in mA needs a span to be scaled, and no span is given"
            case .order(let lower, let upper, _): "limit \(lower) is not below \(upper)"
            }
        }
    }

    /// Applies `pack` to `stream`. `streamUnit` nil = the stream names no unit: the pack's is meant.
    /// `groupLabel` given: to the group that has this label's value as its name.
    package init(
        ruleSet: RuleSet, packIndex: Int, stream: String, mode: Mode,
        labels captured: [(name: String, value: String)], streamUnit: UnitIndex?,
        groupLabel: String? = nil
    ) throws(Problem) {
        let pack = ruleSet.packs[packIndex]
        // A stream may have the name that a label has as its value.
        let listing = groupLabel == nil ? ruleSet.listing(of: stream) : nil
        self.groupLabel = groupLabel
        self.ruleSet = ruleSet
        self.pack = pack
        self.packIndex = packIndex
        self.stream = stream
        self.mode = mode
        self.listing = listing
        self.streamUnit = streamUnit
        labels =
            captured
            + (listing?.labels ?? []).filter { entry in
                !captured.contains { $0.name == entry.name }
            }
        let current = try Binding.loop(pack, listing, stream)
        loop = current
        isLoop = current != nil
        conversion = try Binding.line(pack, stream, from: streamUnit, through: current)
        // The row's unit, else the pack's (contract §5), whatever the messages name.
        let fromListing = try Binding.line(
            pack, stream, from: listing?.unit, through: current)
        let spanLine = current == nil ? fromListing : .identity
        let range = listing?.span.map { Binding.converted($0, spanLine) } ?? pack.span
        span = range
        let packFault = current == nil ? pack.fault : nil
        fault = listing?.fault.map { Binding.converted($0, fromListing) } ?? packFault
        staleAfter = groupLabel == nil ? Binding.staleness(pack, listing) : nil
        let isGroup = groupLabel != nil
        limits = try Binding.limits(
            pack, listing: listing, fromListing: fromListing, stream: stream, span: range,
            isGroup: isGroup)
        lowLimits = pack.limits.map { $0.name.hasPrefix("L") }
        var bands: [[Double]] = []
        for rule in pack.rules {
            bands.append(
                try Binding.widths(
                    rule.deadbands, pack, span: range, rule: rule.shortName, stream: stream,
                    isGroup: isGroup))
        }
        deadbands = bands
        var memberBands: [[Double]] = []
        for group in pack.groups {
            memberBands.append(
                try Binding.widths(
                    group.deadbands, pack, span: range, rule: group.text, stream: stream,
                    isGroup: isGroup))
        }
        groupDeadbands = memberBands
        let known = labels
        func names(_ references: [ReferenceDefinition]) -> [String?] {
            references.map { $0.pattern.substituting(known) }
        }
        references = pack.rules.map { names($0.references) }
        groupReferences = pack.groups.map { names($0.references) }
        calculatedReferences = pack.calculated.map { names($0.references) }
        stateCodes = pack.states.map { state in
            state.words.compactMap { ruleSet.vocabulary.number(of: $0).map(Double.init) }
        }
    }

    /// Whether samples mean the same under both: then a reload has nothing to look at again.
    func reads(like other: Binding) -> Bool {
        pack == other.pack && span == other.span && fault == other.fault
            && conversion == other.conversion && loop == other.loop
            && stateCodes == other.stateCodes
            && references == other.references && groupReferences == other.groupReferences
            && calculatedReferences == other.calculatedReferences
            && limits.map(\.bitPattern) == other.limits.map(\.bitPattern)
            && deadbands == other.deadbands && groupDeadbands == other.groupDeadbands
    }

    /// The value of a label, the listing's columns included.
    package func label(_ name: String) -> String? { labels.first { $0.name == name }?.value }

    /// The stream's name; nil for a group.
    package var streamName: String? { groupLabel == nil ? stream : nil }
    /// The group's name, or the one that the inventory gives the stream.
    package var groupName: String? { groupLabel == nil ? listing?.group : stream }
    package var domain: String { listing?.domain ?? pack.domain }
    package var area: String? { label("area") }
    package var zone: String? { listing?.zone ?? label("zone") }

    /// The position in `pack.states` that a sample's value stands for; nil = none of them.
    package func state(of value: Double, isWord: Bool) -> Int? {
        if isWord { return stateCodes.firstIndex { $0.contains(value) } }
        return pack.states.firstIndex { $0.numbers.contains(value) }
    }

    private static func line(
        _ pack: Pack, _ stream: String, from unit: UnitIndex?, through loop: CurrentLoop?
    ) throws(Problem) -> Conversion {
        if let loop { return loop.line }
        guard let unit, let own = pack.unit else { return .identity }
        let result = UnitTable.standard.conversion(
            from: unit, to: own, gas: pack.gas, condition: pack.gasCondition)
        switch result {
        case .success(let line): return line
        case .failure(let reason):
            throw .unit(pack: pack.name, stream: stream, reason: reason)
        }
    }

    /// A row in mA for a pack of another dimension: the pack watches what the loop measures.
    private static func loop(
        _ pack: Pack, _ listing: StreamListing?, _ stream: String
    ) throws(Problem) -> CurrentLoop? {
        guard let listing, let unit = listing.unit, let own = pack.unit,
            UnitTable.standard[unit].symbol == "mA",
            UnitTable.standard[own].dimension != .current
        else { return nil }
        guard let span = listing.span ?? pack.span else {
            throw .loopSpan(pack: pack.name, stream: stream)
        }
        return CurrentLoop(span: span, meanings: listing.currents)
    }

    private static func converted(_ range: ValueRange, _ line: Conversion) -> ValueRange {
        ValueRange(low: line(range.low), high: line(range.high))
    }

    private static func staleness(_ pack: Pack, _ listing: StreamListing?) -> Span? {
        guard let cadence = listing?.cadence else { return pack.staleAfter }
        switch cadence {
        case .every(let span): return Span(milliseconds: span.milliseconds * 3)
        case .onChange(let heartbeat): return heartbeat
        case .unstated: return pack.staleAfter
        }
    }

    private static func limits(
        _ pack: Pack, listing: StreamListing?, fromListing: Conversion, stream: String,
        span: ValueRange?, isGroup: Bool
    ) throws(Problem) -> [Double] {
        var values: [Double] = []
        for limit in pack.limits {
            // Where only the inventory gives spans, a group has none: its members' limits count.
            if isGroup, span == nil, case .percentOfSpan = limit.value {
                values.append(.nan)
                continue
            }
            let cell = listing?.limits.first { $0.name == limit.name }?.cell
            switch cell {
            case .off: values.append(.nan)
            case .value(let number, unit: nil): values.append(fromListing(number))
            case .value(let number, let unit) where unit == listing?.unit:
                values.append(fromListing(number))
            case .value(let number, let unit):
                values.append(
                    try position(
                        .number(number, unit: unit), pack, span: span, name: limit.name, stream))
            case nil:
                guard let value = limit.value else {
                    values.append(.nan)
                    continue
                }
                values.append(try position(value, pack, span: span, name: limit.name, stream))
            }
        }
        return values
    }

    /// A quantity as a point on the pack's scale.
    private static func position(
        _ quantity: Quantity, _ pack: Pack, span: ValueRange?, name: String, _ stream: String
    ) throws(Problem) -> Double {
        switch quantity {
        case .number(let number, unit: nil): return number
        case .number(let number, let unit?):
            return try limitLine(pack, unit, name, stream)(number)
        case .percentOfSpan(let percent):
            guard let span else { throw .spanMissing(name: name, stream: stream) }
            return span.low + (span.high - span.low) * percent / 100
        }
    }

    private static func widths(
        _ bands: [Quantity], _ pack: Pack, span: ValueRange?, rule: String, stream: String,
        isGroup: Bool
    ) throws(Problem) -> [Double] {
        var row: [Double] = []
        for band in bands {
            if isGroup, span == nil, case .percentOfSpan = band {
                row.append(0)
                continue
            }
            row.append(try width(band, pack, span: span, rule: rule, stream: stream))
        }
        return row
    }

    /// A quantity as a difference on the pack's scale (a deadband): offsets of units fall away.
    private static func width(
        _ quantity: Quantity, _ pack: Pack, span: ValueRange?, rule: String, stream: String
    ) throws(Problem) -> Double {
        switch quantity {
        case .number(let number, unit: nil): return number
        case .number(let number, let unit?):
            return number * (try limitLine(pack, unit, rule, stream)).scale
        case .percentOfSpan(let percent):
            guard let span else { throw .spanMissing(name: rule, stream: stream) }
            return (span.high - span.low) * percent / 100
        }
    }

    private static func limitLine(
        _ pack: Pack, _ unit: UnitIndex, _ name: String, _ stream: String
    ) throws(Problem) -> Conversion {
        guard let own = pack.unit else { return .identity }
        let result = UnitTable.standard.conversion(
            from: unit, to: own, gas: pack.gas, condition: pack.gasCondition)
        switch result {
        case .success(let line): return line
        case .failure(let reason): throw .limit(name: name, stream: stream, reason: reason)
        }
    }
}
