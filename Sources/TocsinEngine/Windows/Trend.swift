import TocsinModel

/// The line behind a forecast when its alarm was raised: people trust a warning that shows the
/// slope, the limit and the time left.
package struct Trend: Sendable, Equatable {
    package var line: LineFit
    /// The limit that the rule asks for; nil where it names none, or it is off.
    package var limit: Double?
    package var limitName: String?
    /// The limit is met from above: L, LL.
    package var isLow: Bool

    /// "rising 6.5 %/min, 47s to limit H ≥ 80 % (46s to 48s)"; the interval holds with 95 %.
    func text(unit: String) -> String {
        let verb = line.slope < 0 ? "falling" : "rising"
        let slope = JSONMembers.readable((line.slope.magnitude * 60 * 1000).rounded() / 1000)
        var text = "\(verb) \(slope)\(unit)/min"
        guard let limit, let limitName else { return text }
        let left = line.time(to: limit, isLow: isLow)
        guard left.isFinite, left > 0 else { return text }
        let bound = "\(isLow ? "≤" : "≥") \(JSONMembers.readable(limit))\(unit)"
        text += ", \(Trend.words(left)) to limit \(limitName) \(bound)"
        let interval = line.timeInterval(to: limit, isLow: isLow)
        let (first, last) = (Trend.words(interval.earliest), Trend.words(interval.latest))
        return first == last ? text : text + " (\(first) to \(last))"
    }

    /// Whole seconds below two minutes, whole minutes below two hours, then hours.
    private static func words(_ milliseconds: Double) -> String {
        guard milliseconds.isFinite else { return "never" }
        switch milliseconds {
        case ..<120_000: return "\(Int((milliseconds / 1000).rounded()))s"
        case ..<7_200_000: return "\(Int((milliseconds / 60_000).rounded()))m"
        case ..<1e13: return "\(Int((milliseconds / 3_600_000).rounded()))h"
        default: return "never"
        }
    }
}

extension Engine {
    /// The line that a rule's condition asks, with the limit that it asks it for; nil where the
    /// condition asks none, or the window is unknown.
    func trend(ofRule rule: Int) -> Trend? {
        var window: UInt16?
        var slot: UInt16?
        for instruction in codes[rule].condition {
            switch instruction {
            case .forecast(let position, _), .timeTo(let position): window = window ?? position
            case .limit(let position): slot = slot ?? position
            default: continue
            }
        }
        let number = Int(rules[rule].binding)
        guard let window, let line = line(window, of: number) else { return nil }
        let binding = bindings[number].binding
        let limit = slot.map { binding.limits[Int($0)] }.flatMap { $0.isNaN ? nil : $0 }
        return Trend(
            line: line, limit: limit,
            limitName: limit == nil ? nil : slot.map { binding.pack.limits[Int($0)].name },
            isLow: slot.map { binding.lowLimits[Int($0)] } ?? false)
    }
}
