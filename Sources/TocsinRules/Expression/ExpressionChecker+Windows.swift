import TocsinEngine
import TocsinModel

/// Functions over the stream's own ring.
extension ExpressionChecker {
    /// The newest so many samples that a window may hold: what a ring may cost in memory.
    private static let samplesMax = 65_536.0
    /// The longest window and the farthest look ahead.
    private static let longestMilliseconds: Int64 = 30 * 86_400_000
    /// Order statistics need every sample of their window.
    private static let longestRanksMilliseconds: Int64 = 3_600_000

    mutating func window(_ call: Call) -> CheckedNode {
        let name = call.function.rawValue
        if let refused = refusedInGroup("`\(name)`", call.place) { return refused }
        guard let own = measured(call) else { return .invalid(call.range) }
        let extent = extent(of: call)
        guard let parts = parts(of: call), let extent else { return .invalid(call.range) }
        switch parts {
        case .plain(let family, let function):
            let window = WindowDefinition(extent: extent, family: family)
            return CheckedNode(
                node: TypedNode(.window(window, function), call.range),
                type: .number(measure(of: call.function, own)), inputs: inputs(of: call.function))
        case .forecast: return forecast(call, extent, own)
        case .timeTo: return timeTo(call, extent, own)
        case .flat: return flat(call, extent, own)
        }
    }

    /// What `value` measures here; nil, and reported, where it is a state and the function needs a
    /// number.
    private mutating func measured(_ call: Call) -> ExpressionMeasure? {
        switch context.value {
        case .measured(let unit): return ExpressionMeasure(scale: .unit(unit))
        case .unitUnknown: return ExpressionMeasure(scale: .unstated)
        case .states:
            if call.function == .count || call.function == .changes { return .ratio }
            _ = report(
                call.place,
                "`\(call.function.rawValue)` needs a measured value, but `value` is a state",
                expected: ["changes(10m)", "count(10m)", "value is … for 10m"])
            return nil
        }
    }

    // MARK: The window

    private mutating func extent(of call: Call) -> WindowDefinition.Extent? {
        let least = call.function.samplesNeeded
        if let node = call.arguments["count"] {
            let what = call.name(of: "count")
            guard case .number(let number) = node.kind, number.unit == .none else {
                _ = report(node.range, "\(what) is a number without a unit")
                return nil
            }
            guard number.value >= 1, number.value == number.value.rounded() else {
                _ = report(node.range, "\(what) is a whole number of samples, at least 1")
                return nil
            }
            guard number.value <= Self.samplesMax else {
                _ = report(node.range, "a window holds at most \(Int(Self.samplesMax)) samples")
                return nil
            }
            guard number.value >= Double(least) else {
                let needs = "`\(call.function.rawValue)` needs at least \(least) samples"
                _ = report(node.range, needs, suggestion: "\(least)")
                return nil
            }
            return .count(Int(number.value))
        }
        guard let node = call.arguments["over"], let length = duration("over", of: call) else {
            return nil
        }
        guard length <= Self.longestMilliseconds else {
            _ = report(node.range, "a window is at most 30d long", suggestion: "30d")
            return nil
        }
        let isRanks = call.function == .median || call.function == .quantile
        guard !isRanks || length <= Self.longestRanksMilliseconds else {
            _ = report(
                node.range,
                "`\(call.function.rawValue)` keeps every sample: its window is at most 1h",
                expected: ["1h", "count=3600"])
            return nil
        }
        warnOfShort(length, node.range, call)
        return .time(Span(milliseconds: length))
    }

    /// A window that never holds enough samples would never be known.
    private mutating func warnOfShort(_ length: Int64, _ range: ExpressionRange, _ call: Call) {
        let samples = Int64(max(2, call.function.samplesNeeded))
        guard let every = context.every, length < every.milliseconds * samples else { return }
        let name = call.function.rawValue
        warn(
            range,
            "this window of `\(name)` holds fewer than \(samples) samples: the stream speaks every "
                + every.text,
            expected: [Span(milliseconds: every.milliseconds * samples).text])
    }

    // MARK: The function

    private enum Parts {
        case plain(WindowDefinition.Family, WindowFunction)
        case forecast, timeTo, flat
    }

    /// Nil, and reported, when a parameter is refused.
    private mutating func parts(of call: Call) -> Parts? {
        switch call.function {
        case .mean: return .plain(.moments, .mean)
        case .stddev: return .plain(.moments, .stddev)
        case .count: return .plain(.moments, .count)
        case .sum:
            guard case .measured(let unit) = context.value,
                UnitTable.standard[unit].dimension == .temperature
            else { return .plain(.moments, .sum) }
            _ = report(
                call.range, "a sum of temperatures means nothing", expected: ["mean(5m)"])
            return nil
        case .min: return .plain(.extremes, .least)
        case .max: return .plain(.extremes, .greatest)
        case .median: return .plain(.ranks(share: 0.5), .quantile)
        case .quantile:
            let share = number("q", of: call, standard: 0.5, "a share from 0 to 1") {
                (0...1).contains($0)
            }
            return share.map { .plain(.ranks(share: $0), .quantile) }
        case .delta: return .plain(.ends, .delta)
        case .rate: return .plain(.ends, .rate)
        case .changes: return .plain(.changes, .changes)
        case .slope: return .plain(.line, .slope)
        case .slopeSignificance: return .plain(.line, .significance)
        case .twa: return .plain(.exposure, .twa)
        case .dose: return .plain(.exposure, .dose)
        case .ewma:
            let lambda = number("lambda", of: call, standard: 0.2, "above 0 and at most 1") {
                $0 > 0 && $0 <= 1
            }
            return lambda.map { .plain(.average(lambda: $0), .ewma) }
        case .zscore: return .plain(.score, .zscore)
        case .cusum:
            let k = number("k", of: call, standard: 0.5, "0 or more standard deviations") {
                $0 >= 0
            }
            let h = number("h", of: call, standard: 5, "more than 0 standard deviations") {
                $0 > 0
            }
            guard let k, let h else { return nil }
            return .plain(.cusum(allowance: k, decision: h), .cusum)
        case .forecast: return .forecast
        case .timeTo: return .timeTo
        case .flat: return .flat
        case .votes, .any, .all, .countOf, .minOf, .maxOf, .meanOf, .during, .abs, .sqrt, .ln,
            .exp, .lesser, .greater, .dewPoint, .number:
            preconditionFailure("not a function over a window")
        }
    }

    private func measure(
        of function: ExpressionFunction, _ own: ExpressionMeasure
    ) -> ExpressionMeasure {
        var measure = own
        switch function {
        case .delta, .stddev: measure.isDifference = true
        case .slope, .rate: measure.power = -1
        case .dose: measure.power = 1
        case .count, .changes, .zscore, .cusum, .slopeSignificance: measure = .ratio
        case .mean, .sum, .min, .max, .median, .quantile, .twa, .ewma, .forecast, .flat, .timeTo,
            .votes, .any, .all, .countOf, .minOf, .maxOf, .meanOf, .during, .abs, .sqrt, .ln, .exp,
            .lesser, .greater, .dewPoint, .number:
            break
        }
        return measure
    }

    private func inputs(of function: ExpressionFunction) -> ExpressionInputs {
        switch function {
        case .delta, .stddev, .slope, .rate, .dose, .count, .changes, .zscore, .cusum,
            .slopeSignificance:
            [.own, .spread]
        case .mean, .sum, .min, .max, .median, .quantile, .twa, .ewma, .forecast, .flat, .timeTo,
            .votes, .any, .all, .countOf, .minOf, .maxOf, .meanOf, .during, .abs, .sqrt, .ln, .exp,
            .lesser, .greater, .dewPoint, .number:
            .own
        }
    }

    // MARK: The line

    private mutating func forecast(
        _ call: Call, _ extent: WindowDefinition.Extent, _ own: ExpressionMeasure
    ) -> CheckedNode {
        guard let node = call.arguments["value"] else { return .invalid(call.range) }
        guard case .name("value") = node.kind else {
            return report(
                node.range, "`forecast` continues the line of `value`, not of something else",
                suggestion: "value")
        }
        guard let ahead = duration("ahead", of: call) else { return .invalid(call.range) }
        guard ahead <= Self.longestMilliseconds, let aheadNode = call.arguments["ahead"] else {
            return report(
                call.arguments["ahead"]?.range ?? call.range,
                "a forecast reaches at most 30d ahead", suggestion: "30d")
        }
        if case .time(let length) = extent, ahead > 10 * length.milliseconds {
            warn(
                aheadNode.range,
                "this looks ahead more than ten times as far as its window looks back: "
                    + "small noise becomes a large error")
        }
        let window = WindowDefinition(extent: extent, family: .line)
        return CheckedNode(
            node: TypedNode(.forecast(window, aheadMilliseconds: ahead), call.range),
            type: .number(own), inputs: .own)
    }

    private mutating func timeTo(
        _ call: Call, _ extent: WindowDefinition.Extent, _ own: ExpressionMeasure
    ) -> CheckedNode {
        guard let target = quantity("to", of: call),
            let (_, moved) = align(ownValue(call, own), target, verb: "compare")
        else { return .invalid(call.range) }
        if moved.measure.isTemperatureDifference(beside: own) {
            return report(
                target.checked.range, "the line meets a temperature, not a difference of two",
                expected: ["limit.H", "60 °C"])
        }
        if !target.checked.inputs.isSubset(of: .limit) {
            return report(
                target.checked.range, "`time_to` needs a limit or a number: what moves has no time",
                expected: ["limit.H", "a number with its unit"])
        }
        let window = WindowDefinition(extent: extent, family: .line)
        let milliseconds = ExpressionMeasure(scale: .unit(StandardUnit.millisecond))
        return CheckedNode(
            node: TypedNode(.timeTo(window, moved.checked.node), call.range),
            type: .number(milliseconds), inputs: [.own, .ahead])
    }

    private mutating func flat(
        _ call: Call, _ extent: WindowDefinition.Extent, _ own: ExpressionMeasure
    ) -> CheckedNode {
        var width = TypedNode(.constant(0), call.range)
        if call.arguments["within"] != nil {
            guard var given = quantity("within", of: call) else { return .invalid(call.range) }
            guard given.checked.inputs.isSubset(of: .limit) else {
                return report(
                    given.checked.range, "`within` of `flat` is a fixed width",
                    expected: ["0.1 ppm", "1 % of span"])
            }
            if given.checked.literal?.unit == .percentOfSpan {
                given.checked = widthOfSpan(given.checked)
            }
            // A temperature here can only mean a difference.
            given.measure.isDifference = true
            var subject = ownValue(call, own)
            subject.measure.isDifference = true
            guard let (_, moved) = align(subject, given, verb: "compare") else {
                return .invalid(call.range)
            }
            if let constant = moved.checked.constant, constant < 0 {
                return report(given.checked.range, "a width cannot be negative")
            }
            width = moved.checked.node
        }
        let window = WindowDefinition(extent: extent, family: .extremes)
        return truth(.flat(window, width), call.range)
    }

    /// `value` as the other side of an argument.
    private func ownValue(_ call: Call, _ measure: ExpressionMeasure) -> Operand {
        let node = TypedNode(.ownValue, call.place)
        return (CheckedNode(node: node, type: .number(measure), inputs: .own), measure)
    }
}

extension ExpressionMeasure {
    fileprivate func isTemperatureDifference(beside own: ExpressionMeasure) -> Bool {
        dimension == .temperature && isDifference && !own.isDifference
    }
}

extension ExpressionFunction {
    /// The samples without which the result is unknown.
    var samplesNeeded: Int {
        switch self {
        case .slope, .slopeSignificance, .forecast, .timeTo, .flat: 3
        case .stddev, .delta, .rate, .changes, .zscore, .cusum: 2
        case .mean, .sum, .min, .max, .median, .quantile, .count, .twa, .dose, .ewma, .votes,
            .any, .all, .countOf, .minOf, .maxOf, .meanOf, .during, .abs, .sqrt, .ln, .exp, .lesser,
            .greater, .dewPoint, .number:
            1
        }
    }
}
