import TocsinModel

/// What an event's rule and binding say in words: unit, limit, direction, deadband.
struct EventFacts {
    let unit: String?
    let sourceUnit: String?
    let sourceWord: String?
    let limit: Double?
    let limitName: String?
    let direction: String?
    let deadband: Double?

    init(_ event: Event) {
        let table = UnitTable.standard
        let pack = event.binding?.pack
        unit = (pack?.unit ?? event.binding?.streamUnit).map { table[$0].symbol }
        let source =
            event.sourceUnit == .none
            ? event.binding?.streamUnit ?? pack?.unit : event.sourceUnit
        sourceUnit = event.sourceIsWord ? nil : source.map { table[$0].symbol }
        let words = event.ruleSet.vocabulary.words
        // Only a word's number is looked up: a measured value may be far beyond Int's range.
        let code = event.sourceIsWord ? event.sourceValue.flatMap { Int(exactly: $0) } : nil
        sourceWord = code.flatMap { words.indices.contains($0) ? words[$0] : nil }
        let rule = event.ruleDefinition
        direction = rule?.direction?.word
        if let position = rule?.limit, let binding = event.binding {
            let number = binding.limits[position]
            limit = number.isNaN ? nil : number
            limitName = binding.pack.limits[position].name
        } else {
            limit = nil
            limitName = nil
        }
        deadband = event.binding.flatMap { binding in
            event.rule >= 0 ? binding.deadbands[event.rule].first : nil
        }
    }
}
