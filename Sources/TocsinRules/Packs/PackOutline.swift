import TocsinEngine
import TocsinModel

/// A pack without its rules: what other packs' expressions and the inventory need to know of it.
struct PackOutline {
    let merged: MergedPack
    var pack: Pack
    var defaults: RuleDefaults
    var disabled: DisabledAlarms
    var isUnitRefused = false
    /// The streams that the pack computes.
    var definitions: [DefinitionOutline] = []
    /// Where each limit stands, by position in `pack.limits`.
    var limitPlaces: [SourceRange]
    /// The limits as they are written, by position in `pack.limits`; nil = left to the inventory.
    var limitTexts: [String?]

    var place: SourceRange { merged.document.place }
    var quantities: (DiagnosticList) -> QuantityReader {
        { [pack, isUnitRefused] diagnostics in
            QuantityReader(
                unit: pack.unit, isUnitRefused: isUnitRefused, gas: pack.gas,
                gasCondition: pack.gasCondition,
                diagnostics: diagnostics)
        }
    }

    /// What `value` is in an expression of the pack.
    var quantity: ExpressionQuantity {
        if !pack.states.isEmpty { return .states(pack.states.map(\.name)) }
        return pack.unit.map(ExpressionQuantity.measured) ?? .unitUnknown
    }

    private static let gasDimensions: [Dimension] = [
        .explosiveFraction, .explosivePathLength, .volumeConcentration,
    ]

    /// Concentrations of gas: their alarms latch and must not wait (contract §4 "Defaults").
    /// Dust in mg/m³ is no gas.
    var isGas: Bool {
        if pack.gas != nil { return true }
        guard let dimension = pack.unit.map({ UnitTable.standard[$0].dimension }) else {
            return false
        }
        let isMass = dimension == .massConcentration
        return PackOutline.gasDimensions.contains(dimension) || isMass && pack.domain == "hazchem"
    }

    /// Packs named for flame or spark detectors, such as `dust/spark`.
    var isFlameOrSpark: Bool {
        let words = (merged.lineage + [pack.name]).flatMap { name in
            name.split { $0 == "/" || $0 == "-" || $0 == "_" }
        }
        return words.contains { ["flame", "flames", "spark", "sparks"].contains($0) }
    }
}

/// `defaults:` of a pack, what its rules say unless they say otherwise.
struct RuleDefaults {
    var onDelay: Span?
    var offDelay: Span?
    var deadband = DeadbandSetting()
    var latch: Bool?
    var alarmClass: AlarmClass?
    var priority: Priority?
    var minimumHold: Span?
    var reAlarm: ReAlarmSetting?
    var unless: UnlessSetting?
    var schedules: [Schedule]?
}

/// A deadband for all comparisons, or one for each limit.
struct DeadbandSetting {
    var common: Quantity?
    var byLimit: [(limit: String, width: Quantity)] = []
    /// Where it is written; nil = nowhere.
    var place: SourceRange?

    /// The width for a comparison with this limit (nil = with a number).
    func width(for limit: String?) -> Quantity? {
        if let limit, let entry = byLimit.first(where: { $0.limit == limit }) { return entry.width }
        return common
    }

    /// It was written, and refused with a report.
    var isRefused: Bool { place != nil && common == nil && byLimit.isEmpty }

    /// A width of 0 is no deadband.
    var isZero: Bool {
        func isNothing(_ width: Quantity) -> Bool {
            switch width {
            case .number(let number, _): number == 0
            case .percentOfSpan(let percent): percent == 0
            }
        }
        return common.map(isNothing) ?? true && byLimit.allSatisfy { isNothing($0.width) }
    }
}
