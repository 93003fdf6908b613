/// The nearest valid name to a mistyped one, for "did you mean".
package enum NearestName {
    /// Longer names are not compared: the work grows with the square of the length.
    static let maximumLength = 64

    /// The candidate with the fewest typing slips (insert, omit, replace, swap neighbours:
    /// Damerau–Levenshtein), at most a third of the name's length; the first of equals; nil when
    /// none is near. Letters' case counts as no slip.
    package static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars)
        guard !wanted.isEmpty, wanted.count <= maximumLength else { return nil }
        var best: (name: String, slips: Int)?
        for candidate in candidates {
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard letters.count <= maximumLength else { continue }
            let slips = distance(wanted, letters)
            let allowed = max(1, max(wanted.count, letters.count) / 3)
            guard slips <= allowed, slips < letters.count else { continue }
            if slips < best?.slips ?? .max { best = (candidate, slips) }
        }
        return best?.name
    }

    /// Typing slips between two words; swapped neighbours count once (optimal string alignment).
    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var beforePrevious = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        var current = previous
        for i in 1...a.count {
            current[0] = i
            for j in 1...b.count {
                let replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                var slips = min(previous[j] + 1, current[j - 1] + 1, replaced)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    slips = min(slips, beforePrevious[j - 2] + 1)
                }
                current[j] = slips
            }
            (beforePrevious, previous, current) = (previous, current, beforePrevious)
        }
        return previous[b.count]
    }
}
