import TocsinModel

/// Tests of states and of the quality: what stands before and behind `is`.
extension ExpressionChecker {
    mutating func stateTest(
        _ subject: ExpressionNode, _ name: String, _ place: ExpressionRange, _ isNegated: Bool,
        _ held: ExpressionNode?, _ range: ExpressionRange
    ) -> CheckedNode {
        let checked = check(subject)
        let text = subject.canonicalText
        switch checked.type {
        case .invalid: return checked
        case .states(let stream, let names):
            guard let position = names.firstIndex(of: name) else {
                return report(
                    place, "`\(text)` has no state `\(name)`", expected: names,
                    suggestion: nearestName(name, among: names))
            }
            let others = names.count - 1
            guard let time = heldMilliseconds(held, isNegated: isNegated, others: others) else {
                return .invalid(range)
            }
            return truth(
                .isState(stream, position, isNegated: isNegated, heldMilliseconds: time), range)
        case .quality:
            guard let quality = Quality.allCases.first(where: { $0.word == name }) else {
                let words = ExpressionWords.qualities
                return report(
                    place, "there is no quality `\(name)`", expected: words,
                    suggestion: nearestName(name, among: words))
            }
            if let held {
                return report(
                    held.range, "how long a quality lasts is not available in this version",
                    expected: ["`on_delay` of the rule"])
            }
            return truth(.isQuality(quality, isNegated: isNegated), range)
        case .number(let measure):
            let flags = ["over", "under"]
            let quality = ExpressionWords.qualities.contains(name) ? "quality is \(name)" : nil
            return report(
                place, "`is` tests states, but `\(text)` is \(measure.name)",
                expected: ["a comparison: \(text) >= limit.H"],
                suggestion: flags.contains(name) ? name : quality)
        case .truth, .text:
            return report(
                range, "`is` tests states, but `\(text)` is \(checked.type.name)",
                expected: ["value is …", "quality is bad", "stream(\"…\") is …"])
        }
    }

    /// The holding time; 0 without one, nil and reported when it is none.
    private mutating func heldMilliseconds(
        _ held: ExpressionNode?, isNegated: Bool, others: Int
    ) -> Int64? {
        guard let held else { return 0 }
        guard let time = held.durationMilliseconds, time > 0 else {
            _ = report(
                held.range, "`for` needs a duration, found `\(held.canonicalText)`",
                expected: ["60s", "5m"])
            return nil
        }
        guard !isNegated || others > 0 else {
            _ = report(
                held.range, "there is no other state that could last",
                expected: ["a state that lasts: is running for 60s"])
            return nil
        }
        return time
    }
}
