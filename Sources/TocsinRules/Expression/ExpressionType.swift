import TocsinModel

/// What a number measures.
struct ExpressionMeasure: Equatable {
    enum Scale: Equatable {
        /// A literal without a unit, or arithmetic on such: takes the other side's unit.
        case plain
        /// A stream or limit whose unit nobody states.
        case unstated
        case unit(UnitIndex)
    }

    var scale: Scale
    /// A difference of two values: temperatures then convert by the factor alone, and a share of
    /// the span is a width.
    var isDifference = false
    /// How often seconds multiply the unit: −1 a rate (ppm/s), +1 a dose (ppm·s), 0 neither.
    var power = 0

    static let plain = ExpressionMeasure(scale: .plain)
    /// A ratio of two like quantities.
    static let ratio = ExpressionMeasure(scale: .unit(StandardUnit.one))

    var unit: UnitIndex? { if case .unit(let unit) = scale { unit } else { nil } }

    /// Nil for rates and doses: they are what `root` says.
    var dimension: Dimension? {
        power == 0 ? unit.map { UnitTable.standard[$0].dimension } : nil
    }

    /// The same quantity in the dimension that lies at the bottom of it, with how often seconds
    /// multiply that and the factor to its base unit: kW and kWh/s have one root, energy, −1.
    var root: (dimension: Dimension, power: Int, factor: Double)? {
        guard let unit else { return nil }
        var root = (UnitTable.standard[unit].dimension, power, UnitTable.standard[unit].factor)
        // Ends: every step leads nearer to a dimension that has none below it.
        while let next = root.0.timesTime {
            root = (next.dimension, root.1 - 1, root.2 * next.factor)
        }
        return root
    }

    /// A point on a temperature scale. Sums and multiples of such points mean nothing: 2 × 20 °C is
    /// 40 °C on one scale and 313 °C on another.
    var isTemperaturePoint: Bool { dimension == .temperature && !isDifference }

    /// `temperature (°C)`, `temperature difference (°C)`, `a plain number`.
    var name: String {
        switch scale {
        case .plain: return "a plain number"
        case .unstated:
            return power == 0
                ? "a number of unknown unit" : "a \(power < 0 ? "rate" : "dose") of unknown unit"
        case .unit(let index):
            let unit = UnitTable.standard[index]
            if power != 0 { return timedName(unit) }
            if unit.dimension == .dimensionless { return "a ratio or count" }
            return "\(unit.dimension.name)\(isDifference ? " difference" : "") (\(unit.symbol))"
        }
    }

    /// `rate of temperature (°C/s)`, `dose of volume concentration (ppm·s)`.
    private func timedName(_ unit: MeasurementUnit) -> String {
        let quantity = unit.dimension == .dimensionless ? "counts" : unit.dimension.name
        let symbol = unit.dimension == .dimensionless ? "" : unit.symbol
        return power < 0
            ? "rate of \(quantity) (\(symbol)/s)" : "dose of \(quantity) (\(unit.symbol)·s)"
    }

    /// How a number of this is written, for rates and doses: `ppm/min`, `ppm·h`.
    var timedExample: String? {
        guard let unit, power != 0 else { return nil }
        let symbol = UnitTable.standard[unit].symbol
        if power < 0 { return dimensionOfUnit == .dimensionless ? "/min" : "\(symbol)/min" }
        return "\(symbol)·h"
    }

    private var dimensionOfUnit: Dimension? { unit.map { UnitTable.standard[$0].dimension } }
}

/// What an expression gives.
enum ExpressionType: Equatable {
    case truth
    case number(ExpressionMeasure)
    /// A state word of a stream.
    case states(StateSubject, [String])
    case quality
    case text
    /// Already reported: no second error follows from it.
    case invalid

    /// For error messages.
    var name: String {
        switch self {
        case .truth: "a condition"
        case .number(let measure): measure.name
        case .states: "a state"
        case .quality: "the quality"
        case .text: "a text"
        case .invalid: "an error"
        }
    }
}

/// What a checked number depends on.
struct ExpressionInputs: OptionSet {
    var rawValue: UInt8

    static let own = ExpressionInputs(rawValue: 1)
    static let limit = ExpressionInputs(rawValue: 2)
    static let other = ExpressionInputs(rawValue: 4)
    static let age = ExpressionInputs(rawValue: 8)
    /// A time to come (`time_to`); with `age`, what a plain number cannot be compared with.
    static let ahead = ExpressionInputs(rawValue: 16)
    /// How far values lie apart (`delta`, `stddev`): the deadband of a level says nothing of it.
    static let spread = ExpressionInputs(rawValue: 32)
}

/// A checked part of an expression.
struct CheckedNode {
    var node: TypedNode
    var type: ExpressionType
    var inputs: ExpressionInputs = []
    /// The literal this is, still as written: its reading depends on what stands beside it.
    var literal: ExpressionNumber?

    var range: ExpressionRange { node.range }

    var constant: Double? { if case .constant(let value) = node.kind { value } else { nil } }

    static func invalid(_ range: ExpressionRange) -> CheckedNode {
        CheckedNode(node: TypedNode(.constant(0), range), type: .invalid)
    }
}

/// Units that the language itself gives a meaning.
enum StandardUnit {
    static let one = named("1")
    static let metre = named("m")
    static let minute = named("min")
    static let millisecond = named("ms")
    static let kelvin = named("K")
    static let celsius = named("°C")

    /// All spellings, symbols first: of equally near ones the first is suggested.
    static let spellings =
        UnitTable.standard.units.map(\.symbol) + UnitTable.standard.units.flatMap(\.aliases)

    private static func named(_ symbol: String) -> UnitIndex {
        guard let index = UnitTable.standard.find(symbol) else {
            preconditionFailure("the unit table lacks \(symbol)")
        }
        return index
    }
}
