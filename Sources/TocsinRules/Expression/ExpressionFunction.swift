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
        /// A measured quantity: `value`, `limit.H`.
        case quantity
        /// A condition about one stream: `value >= limit.H`.
        case condition
        /// A topic filter in quotes.
        case pattern
    }

    var name: String
    var form: Form
    var isRequired = true
    /// A parameter that may only be given by its name.
    var isNamedOnly = false
}

/// The functions of contract §4: over the stream's own ring, and over groups of streams. Their
/// forms are fixed; what this version can evaluate is `isAvailable`.
package enum ExpressionFunction: String, Sendable, CaseIterable {
    case mean, min, max, stddev, median, quantile, count, delta, slope, rate, twa, dose, ewma
    case cusum, zscore, changes, flat, forecast
    case timeTo = "time_to"
    case slopeSignificance = "slope_significance"
    case votes, any, all
    case countOf = "count_of"

    /// The engine of this version evaluates it.
    package var isAvailable: Bool { false }

    /// How it is written, for error messages.
    package var usage: String {
        switch self {
        case .mean, .min, .max, .stddev, .median, .count, .delta, .slope, .rate, .twa, .dose,
            .zscore, .changes, .flat, .slopeSignificance:
            "\(rawValue)(5m) or \(rawValue)(count=20)"
        case .quantile: "quantile(0.95, 5m) or quantile(0.95, count=20)"
        case .ewma: "ewma(5m, lambda=0.2)"
        case .cusum: "cusum(5m, k=0.5, h=5)"
        case .forecast: "forecast(value, over=5m, ahead=10m)"
        case .timeTo: "time_to(limit.H, over=5m)"
        case .votes: "votes(value >= limit.H, of=\"{area}/+\") >= 2"
        case .any, .all: "\(rawValue)(value >= limit.H, of=\"{area}/+\")"
        case .countOf: "count_of(value >= limit.H, of=\"{area}/+\") >= 2"
        }
    }

    /// In the order of positions. A window is `over` (by time, also without its name) or `count`.
    var parameters: [ExpressionParameter] {
        let window = [
            ExpressionParameter(name: "over", form: .duration, isRequired: false),
            ExpressionParameter(name: "count", form: .number, isRequired: false, isNamedOnly: true),
        ]
        let group = [
            ExpressionParameter(name: "when", form: .condition),
            ExpressionParameter(name: "of", form: .pattern, isNamedOnly: true),
        ]
        func option(_ name: String) -> ExpressionParameter {
            ExpressionParameter(name: name, form: .number, isRequired: false, isNamedOnly: true)
        }
        switch self {
        case .mean, .min, .max, .stddev, .median, .count, .delta, .slope, .rate, .twa, .dose,
            .zscore, .changes, .flat, .slopeSignificance:
            return window
        case .quantile: return [ExpressionParameter(name: "q", form: .number)] + window
        case .ewma: return window + [option("lambda")]
        case .cusum: return window + [option("k"), option("h")]
        case .forecast:
            let ahead = ExpressionParameter(name: "ahead", form: .duration, isNamedOnly: true)
            return [ExpressionParameter(name: "of", form: .quantity)] + window + [ahead]
        case .timeTo: return [ExpressionParameter(name: "to", form: .quantity)] + window
        case .votes, .any, .all, .countOf: return group
        }
    }

    /// The window is written as `over` or `count`, and one of them must be there.
    var needsWindow: Bool { parameters.contains { $0.name == "count" } }
}
