/// The labels of a pack's `match` in messages.
enum LabelNames {
    /// Says that a text is none of them.
    static func report(
        _ text: YAMLText, among labels: [String], reporting diagnostics: DiagnosticList
    ) {
        // `per: "{area}"` is what one writes elsewhere.
        let bare = text.text.filter { $0 != "{" && $0 != "}" }
        let near = labels.contains(bare) ? bare : nearestName(text.text, among: labels)
        diagnostics.error(
            at: text.node.range, "`match` has no label `\(text.text)`",
            help: near.map { "did you mean `\($0)`?" }
                ?? (labels.isEmpty
                    ? "name a level of `match`, such as {area}"
                    : "its labels: " + labels.joined(separator: ", ")))
    }

    /// Where `{label}` stands in a pattern: the UTF-8 bytes before the label's name.
    static func offset(of label: String, in pattern: String) -> Int? {
        guard let range = pattern.firstRange(of: "{\(label)}") else { return nil }
        return pattern.utf8.distance(from: pattern.startIndex, to: range.lowerBound) + 1
    }
}
