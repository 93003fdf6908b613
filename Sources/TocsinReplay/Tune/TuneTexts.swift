import TocsinEngine
import TocsinRules

/// The lines that an engineer would write, and where the present ones stand.
struct TuneTexts {
    private let texts: RuleTexts

    init(_ loaded: LoadedRules) { texts = RuleTexts(loaded.bundle) }

    /// The line, and `path:line` of what it belongs to.
    func line(
        _ kind: TuneKind, value: String, binding: Binding, rule: Int
    ) -> (line: String, place: String?) {
        let definition = binding.pack.rules[rule]
        let place = texts.texts(pack: binding.pack.name, rule: definition).last.map {
            "\($0.path):\($0.line)"
        }
        switch kind {
        case .deadband, .onDelay:
            let isTrouble = definition.trigger != .condition
            let line = "\(kind.rawValue): \(value)"
            return (isTrouble ? "trouble: {\(line)}" : line, place)
        case .limit:
            let name = definition.limit.map { binding.pack.limits[$0].name } ?? ""
            if binding.listing?.limits.contains(where: { $0.name == name }) == true {
                return (
                    "\(value) in the column limit.\(name) of the inventory", nil
                )
            }
            let own = texts.limitPlace(pack: binding.pack.name, limit: name)
            return ("limits: {\(name): \(value)}", own ?? place)
        }
    }
}
