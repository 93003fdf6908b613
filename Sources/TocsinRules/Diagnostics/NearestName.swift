/// The candidate closest to a mistyped name, for "did you mean …"; nil when none is close enough.
///
/// Distance is Damerau–Levenshtein in the optimal-string-alignment form (insert, delete, replace,
/// swap neighbours: the slips of typing hands), letters' case and `-`/`_` ignored. A candidate is
/// close when it takes at most one edit for every three characters of the longer word, at least
/// one; the first of equally close candidates wins, so the answer does not depend on hashing.
package func nearestName(
    _ name: some StringProtocol, among candidates: some Sequence<String>
) -> String? {
    let wanted = foldedForComparison(name)
    guard !wanted.isEmpty, wanted.count <= nearestNameLengthLimit else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name {
        let other = foldedForComparison(candidate)
        guard !other.isEmpty, other.count <= nearestNameLengthLimit else { continue }
        let allowed = max(1, max(wanted.count, other.count) / 3)
        // Lengths alone already need this many edits.
        guard abs(wanted.count - other.count) <= allowed else { continue }
        let distance = editDistance(wanted, other)
        // One edit turns any one-letter name into any other: that is no likeness.
        guard distance <= allowed, distance < max(wanted.count, other.count) else { continue }
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
}

/// Longer names are not compared: the table grows with the product of the lengths.
private let nearestNameLengthLimit = 64

private func foldedForComparison(_ name: some StringProtocol) -> [Unicode.Scalar] {
    name.lowercased().unicodeScalars.map { $0 == "-" ? "_" : $0 }
}

/// Edits between two words; three rolling rows, because a swap looks two rows back.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var older = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    var current = previous
    for i in 1...a.count {
        current[0] = i
        for j in 1...b.count {
            let replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
            var least = min(previous[j] + 1, current[j - 1] + 1, replaced)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                least = min(least, older[j - 2] + 1)
            }
            current[j] = least
        }
        (older, previous, current) = (previous, current, older)
    }
    return previous[b.count]
}
