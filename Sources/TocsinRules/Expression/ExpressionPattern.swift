/// The topic in `stream("…")` and `of="…"`: levels joined by `/`, labels in braces.
enum ExpressionPattern {
    /// Everything wrong with `pattern`, which stands at `place`; `+` and `#` name many streams and
    /// are allowed only where a group is meant.
    static func faults(
        in pattern: String, at place: ExpressionRange, labels: [String], allowsWildcards: Bool
    ) -> [ExpressionError] {
        if pattern.isEmpty {
            return [ExpressionError(place, "the topic is empty", expected: ["\"{line}/fan/main\""])]
        }
        var faults: [ExpressionError] = []
        var opening: Int?
        var offset = place.offset
        var label = ""
        for scalar in pattern.unicodeScalars {
            let here = ExpressionRange(offset: offset, length: UTF8.width(scalar))
            offset += here.length
            switch scalar {
            case "{" where opening == nil:
                opening = here.offset
                label = ""
            case "}":
                guard let start = opening else {
                    faults.append(ExpressionError(here, "`}` closes no label"))
                    continue
                }
                let range = ExpressionRange(offset: start + 1, length: label.utf8.count)
                if let fault = unknown(label, range, labels) { faults.append(fault) }
                opening = nil
            case "+" where opening == nil && !allowsWildcards,
                "#" where opening == nil && !allowsWildcards:
                faults.append(
                    ExpressionError(
                        here, "`\(scalar)` names many streams; one is needed here",
                        expected: ["a level, or a label in braces"]))
            default:
                if opening != nil { label.unicodeScalars.append(scalar) }
            }
        }
        if let start = opening {
            let rest = ExpressionRange(offset: start, length: place.end - start)
            faults.append(ExpressionError(rest, "the label is never closed", expected: ["}"]))
        }
        return faults
    }

    private static func unknown(
        _ label: String, _ range: ExpressionRange, _ labels: [String]
    ) -> ExpressionError? {
        guard !labels.contains(label) else { return nil }
        return ExpressionError(
            range, "unknown label `{\(label)}`", expected: labels,
            suggestion: nearestName(label, among: labels))
    }
}
