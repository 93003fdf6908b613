import TocsinEngine
import TocsinModel

/// What the loaded packs say of streams that expressions name.
struct StreamCatalog: Sendable {
    private struct Entry {
        var pattern: StreamPattern
        var quantity: ExpressionQuantity
        var isCalculated = false
    }

    private let entries: [Entry]

    init(_ outlines: [PackOutline]) {
        entries = outlines.flatMap { outline in
            [Entry(pattern: outline.pack.pattern, quantity: outline.quantity)]
                + outline.definitions.map { definition in
                    Entry(
                        pattern: definition.name, quantity: .measured(definition.unit),
                        isCalculated: true)
                }
        }
    }

    /// What the streams of a pattern carry; nil when no pack matches or computes any of them. Of
    /// several packs the one with the most levels in common speaks, the one that computes the stream
    /// before those that watch it; if such packs differ, the unit is unknown.
    func quantity(of pattern: StreamPattern) -> ExpressionQuantity? {
        let near = entries.filter { $0.pattern.overlaps(pattern) }
            .map { (likeness: StreamCatalog.likeness($0.pattern, pattern), entry: $0) }
        guard let best = near.map(\.likeness).max() else { return nil }
        let nearest = near.filter { $0.likeness == best }.map(\.entry)
        let calculated = nearest.filter(\.isCalculated)
        let speakers = calculated.isEmpty ? nearest : calculated
        guard let first = speakers.first,
            speakers.allSatisfy({ $0.quantity == first.quantity })
        else { return .unitUnknown }
        return first.quantity
    }

    private static func likeness(_ a: StreamPattern, _ b: StreamPattern) -> Int {
        zip(a.levels, b.levels).filter { x, y in
            if case .literal(let left) = x, case .literal(let right) = y { return left == right }
            return false
        }.count
    }
}
