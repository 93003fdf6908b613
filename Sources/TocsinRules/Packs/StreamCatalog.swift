import TocsinEngine
import TocsinModel

/// What the loaded packs say of streams that expressions name.
struct StreamCatalog: Sendable {
    private let entries: [(pattern: StreamPattern, quantity: ExpressionQuantity)]

    init(_ outlines: [PackOutline]) {
        entries = outlines.map { ($0.pack.pattern, $0.quantity) }
    }

    /// What the streams of a pattern carry; nil when no pack matches any of them. Of several packs
    /// the one with the most levels in common speaks; if such packs differ, the unit is unknown.
    func quantity(of pattern: StreamPattern) -> ExpressionQuantity? {
        let near = entries.filter { $0.pattern.overlaps(pattern) }
            .map { (likeness: StreamCatalog.likeness($0.pattern, pattern), $0.quantity) }
        guard let best = near.map(\.likeness).max() else { return nil }
        let speakers = near.filter { $0.likeness == best }.map { $0.1 }
        guard let first = speakers.first, speakers.allSatisfy({ $0 == first }) else {
            return .unitUnknown
        }
        return first
    }

    private static func likeness(_ a: StreamPattern, _ b: StreamPattern) -> Int {
        zip(a.levels, b.levels).filter { x, y in
            if case .literal(let left) = x, case .literal(let right) = y { return left == right }
            return false
        }.count
    }
}
