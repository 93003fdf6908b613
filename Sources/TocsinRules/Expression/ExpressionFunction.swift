/// Words of the language that are no functions.
enum ExpressionWords {
    /// Words with a meaning between operands: never a unit behind a number.
    static let reserved: Set<String> = ["and", "or", "not", "is", "of"]
    /// Names that stand for something by themselves.
    static let names = ["value", "limit", "quality", "age", "over", "under", "stream"]
    static let qualities = ["good", "bad", "inhibited"]
}

/// A parameter of a function.
struct ExpressionParameter {
    enum Form {
        /// A duration: `5m`.
        case duration
        /// A number without a unit: `0.95`.
        case number
        /// A whole number of samples.
        case samples
        /// A measured quantity: `value`, `limit.H`.
        case quantity
        /// A condition about one stream: `value >= limit.H`.
        case condition
        /// A text in quotes: a topic filter, times of the week, a unit.
        case text
    }

    var name: String
    var form: Form
    var isRequired = true
    /// A parameter that may only be given by its name.
    var isNamedOnly = false
    /// The canonical text has its name although its position would do: `over=5m` of `forecast`.
    var isPrintedByName = false
}

/// The functions of contract §4: over the stream's own ring, over groups of streams, of the clock
/// and of numbers.
package enum ExpressionFunction: String, Sendable, CaseIterable {
    case mean, sum, min, max, stddev, median, quantile, count, delta, slope, rate, twa, dose, ewma
    case cusum, zscore, changes, flat, forecast
    case timeTo = "time_to"
    case slopeSignificance = "slope_significance"
    case votes, any, all
    case countOf = "count_of"
    case minOf = "min_of"
    case maxOf = "max_of"
    case meanOf = "mean_of"
    case during
    case abs, sqrt, ln, exp, lesser, greater
    case dewPoint = "dew_point"
    case number

    /// How it is written, for error messages.
    package var usage: String {
        switch self {
        case .mean, .sum, .min, .max, .stddev, .median, .count, .delta, .slope, .rate, .zscore,
            .changes, .slopeSignificance:
            "\(rawValue)(5m) or \(rawValue)(count=20)"
        case .twa, .dose: "\(rawValue)(8h)"
        case .flat: "flat(10m, within=0.1)"
        case .quantile: "quantile(0.95, 5m) or quantile(0.95, count=20)"
        case .ewma: "ewma(5m, lambda=0.2)"
        case .cusum: "cusum(5m, k=0.5, h=5)"
        case .forecast: "forecast(value, over=5m, ahead=10m)"
        case .timeTo: "time_to(limit.H, over=5m)"
        case .votes: "votes(value >= limit.H, of=\"{area}/+\") >= 2"
        case .any, .all: "\(rawValue)(value >= limit.H, of=\"{area}/+\")"
        case .countOf: "count_of(value >= limit.H, of=\"{area}/+\") >= 2"
        case .minOf, .maxOf, .meanOf: "\(rawValue)(value, of=\"{area}/+\")"
        case .during: "during(\"mon-fri 08:00-18:00\")"
        case .abs: "abs(value - limit.H)"
        case .sqrt, .ln, .exp: "\(rawValue)(value / limit.H)"
        case .lesser, .greater: "\(rawValue)(value, limit.H)"
        case .dewPoint: "dew_point(value, stream(\"{area}/humidity\"))"
        case .number: "number(value, \"ppm\")"
        }
    }

    /// In the order of positions. A window is `over` (by time, also without its name) or `count`.
    var parameters: [ExpressionParameter] {
        let over = ExpressionParameter(name: "over", form: .duration, isRequired: false)
        let window = [
            over,
            ExpressionParameter(
                name: "count", form: .samples, isRequired: false, isNamedOnly: true),
        ]
        var named = window
        named[0].isPrintedByName = true
        func option(_ name: String) -> ExpressionParameter {
            ExpressionParameter(name: name, form: .number, isRequired: false, isNamedOnly: true)
        }
        func group(_ name: String, _ form: ExpressionParameter.Form) -> [ExpressionParameter] {
            [
                ExpressionParameter(name: name, form: form),
                ExpressionParameter(name: "of", form: .text, isNamedOnly: true),
            ]
        }
        func quantities(_ names: String...) -> [ExpressionParameter] {
            names.map { ExpressionParameter(name: $0, form: .quantity) }
        }
        switch self {
        case .mean, .sum, .min, .max, .stddev, .median, .count, .delta, .slope, .rate, .zscore,
            .changes, .slopeSignificance:
            return window
        case .twa, .dose:
            return [ExpressionParameter(name: "over", form: .duration)]
        case .flat:
            let within = ExpressionParameter(
                name: "within", form: .quantity, isRequired: false, isNamedOnly: true)
            return window + [within]
        case .quantile: return [ExpressionParameter(name: "q", form: .number)] + window
        case .ewma: return window + [option("lambda")]
        case .cusum: return window + [option("k"), option("h")]
        case .forecast:
            let ahead = ExpressionParameter(name: "ahead", form: .duration, isNamedOnly: true)
            return [ExpressionParameter(name: "value", form: .quantity)] + named + [ahead]
        case .timeTo: return [ExpressionParameter(name: "to", form: .quantity)] + named
        case .votes, .any, .all, .countOf: return group("when", .condition)
        case .minOf, .maxOf, .meanOf: return group("what", .quantity)
        case .during: return [ExpressionParameter(name: "times", form: .text)]
        case .abs, .sqrt, .ln, .exp: return quantities("x")
        case .lesser, .greater: return quantities("a", "b")
        case .dewPoint: return quantities("temperature", "humidity")
        case .number:
            return quantities("x") + [ExpressionParameter(name: "unit", form: .text)]
        }
    }

    /// What other languages call them.
    private static let otherNames: [(name: String, function: ExpressionFunction)] = [
        ("avg", .mean), ("average", .mean), ("total", .sum), ("minimum", .min), ("maximum", .max),
        ("std", .stddev), ("stdev", .stddev), ("sd", .stddev), ("sigma", .stddev),
        ("percentile", .quantile), ("derivative", .slope), ("trend", .slope), ("roc", .rate),
        ("integral", .dose), ("ema", .ewma), ("stuck", .flat), ("log", .ln),
        ("predict", .forecast), ("avg_of", .meanOf), ("koon", .votes),
    ]

    /// The function that was probably meant by a name that is none.
    static func nearest(_ name: String) -> String? {
        let lower = name.lowercased()
        if let other = otherNames.first(where: { $0.name == lower }) {
            return other.function.rawValue
        }
        return nearestName(name, among: allCases.map(\.rawValue) + ["stream"])
    }

    /// The function over a group that does the same as this one over a window.
    var overGroup: ExpressionFunction? { ExpressionFunction(rawValue: rawValue + "_of") }

    /// The window is written as `over` or `count`, and one of them must be there.
    var needsWindow: Bool { parameters.contains { $0.name == "count" } }
}
