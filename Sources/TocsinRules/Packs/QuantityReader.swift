import TocsinEngine
import TocsinModel

/// Reads numbers with units as packs write them (`25 %LEL`, `2 % of span`) and checks that they
/// can be converted to the pack's unit.
struct QuantityReader {
    /// What the number stands for: temperatures convert differently as points and as widths, and
    /// that is the engine's work; here it only decides the wording.
    enum Role {
        case limit, deadband, range
    }

    var unit: UnitIndex?
    /// The pack's unit was refused: what would not convert to it is no second mistake.
    var isUnitRefused = false
    var gas: Gas?
    var gasCondition: GasCondition
    let diagnostics: DiagnosticList

    /// Nil, and reported at its characters, when the text is no number of the pack's dimension.
    func quantity(_ text: YAMLText, called what: String, _ role: Role) -> Quantity? {
        let number: ExpressionNumber
        do throws(ExpressionErrors) {
            number = try ExpressionNumber.parse(text.text)
        } catch {
            diagnostics.add(error, in: text)
            return nil
        }
        guard number.value.isFinite else { return nil }
        switch number.unit {
        case .none: return .number(number.value, unit: nil)
        case .percentOfSpan: return .percentOfSpan(number.value)
        case .rate, .dose:
            let kind = UnitText.text(of: number.unit) ?? ""
            diagnostics.error(
                at: text.range(of: number.unitRange),
                "\(what) is in \(kind): rates and doses stand in conditions",
                help: "such as `when: slope(5m) >= \(text.text)`")
            return nil
        case .unknown(let name):
            diagnostics.error(
                at: text.range(of: number.unitRange), "unknown unit `\(name)`",
                help: UnitNames.advice(for: name))
            return nil
        case .known(let index):
            guard isConvertible(index, text.range(of: number.unitRange), what, role) else {
                return nil
            }
            return .number(number.value, unit: index == unit ? nil : index)
        }
    }

    /// The number in the pack's unit; nil where only a stream's own span can tell.
    func value(of quantity: Quantity, span: ValueRange?) -> Double? {
        switch quantity {
        case .number(let number, unit: nil): return number
        case .number(let number, unit: let other?):
            guard let unit else { return number }
            let line = UnitTable.standard.conversion(
                from: other, to: unit, gas: gas, condition: gasCondition)
            guard case .success(let conversion) = line else { return nil }
            return conversion(number)
        case .percentOfSpan(let percent):
            guard let span else { return nil }
            return span.low + (span.high - span.low) * percent / 100
        }
    }

    private func isConvertible(
        _ other: UnitIndex, _ place: SourceRange, _ what: String, _ role: Role
    ) -> Bool {
        if isUnitRefused { return true }
        let symbol = UnitTable.standard[other].symbol
        guard let unit else {
            diagnostics.error(
                at: place, "\(what) is in \(symbol), but the pack states no unit",
                help: "write `unit:` in the pack")
            return false
        }
        let line = UnitTable.standard.conversion(
            from: other, to: unit, gas: gas, condition: gasCondition)
        guard case .failure(let reason) = line else { return true }
        diagnostics.error(
            at: place,
            "\(what) is in \(symbol), the pack in "
                + "\(UnitTable.standard[unit].symbol): \(UnitNames.words(for: reason))",
            help: remedy(for: reason, other, role))
        return false
    }

    private func remedy(
        for reason: ConversionError, _ other: UnitIndex, _ role: Role
    ) -> String? {
        switch reason {
        case .gasUnknown: return "write `gas:`, or `molar_mass:`, in the pack"
        case .explosiveLimitUnknown: return "write `lel:` in the pack"
        case .dimensions:
            guard UnitTable.standard[other].dimension == .percent, role != .range else {
                return nil
            }
            return "`% of span` means a share of the measuring range"
        }
    }
}

/// Words about units for messages.
enum UnitNames {
    /// The nearest unit to a mistyped one, else where the list stands.
    static func advice(for name: String) -> String {
        let all = UnitTable.standard.units.flatMap { [$0.symbol] + $0.aliases }
        if let nearest = nearestName(name, among: all) { return "did you mean `\(nearest)`?" }
        return "units: " + UnitTable.standard.units.map(\.symbol).joined(separator: " ")
    }

    static func words(for reason: ConversionError) -> String {
        switch reason {
        case .dimensions(let from, let to): "a \(from.name) is no \(to.name)"
        case .gasUnknown: "the gas is not stated"
        case .explosiveLimitUnknown(let gas): "\(gas) has no lower explosive limit"
        }
    }
}
