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
    /// A difference of two temperatures: converts by the factor alone.
    var isDifference = false

    static let plain = ExpressionMeasure(scale: .plain)
    /// A ratio of two like quantities.
    static let ratio = ExpressionMeasure(scale: .unit(StandardUnit.one))

    var unit: UnitIndex? { if case .unit(let unit) = scale { unit } else { nil } }

    var dimension: Dimension? { unit.map { UnitTable.standard[$0].dimension } }

    /// A point on a temperature scale. Sums and multiples of such points mean nothing: 2 × 20 °C is
    /// 40 °C on one scale and 313 °C on another.
    var isTemperaturePoint: Bool { dimension == .temperature && !isDifference }

    /// `temperature (°C)`, `temperature difference (°C)`, `a plain number`.
    var name: String {
        switch scale {
        case .plain: return "a plain number"
        case .unstated: return "a number of unknown unit"
        case .unit(let index):
            let unit = UnitTable.standard[index]
            if unit.dimension == .dimensionless { return "a ratio or count" }
            return "\(unit.dimension.name)\(isDifference ? " difference" : "") (\(unit.symbol))"
        }
    }
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
