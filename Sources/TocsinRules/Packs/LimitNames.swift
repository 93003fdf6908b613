/// The order that names of limits imply: … LL < L < H < HH …; other names imply none.
enum LimitNames {
    /// −2 for LL, −1 for L, 1 for H, 2 for HH; nil for other names.
    static func rank(_ name: String) -> Int? {
        let bytes = name.utf8
        if bytes.allSatisfy({ $0 == UInt8(ascii: "H") }), !bytes.isEmpty { return bytes.count }
        if bytes.allSatisfy({ $0 == UInt8(ascii: "L") }), !bytes.isEmpty { return -bytes.count }
        return nil
    }

    /// What `limit.NAME` can say.
    static func isValid(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first else { return false }
        guard first.properties.isAlphabetic || first == "_" else { return false }
        return name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar)
        }
    }

    struct Disorder: Equatable {
        var lower: String
        var upper: String
        var lowerValue: Double
        var upperValue: Double
    }

    /// Neighbours by rank whose values do not rise. NaN (off) is passed over.
    static func disorder(_ limits: [(name: String, value: Double)]) -> [Disorder] {
        let ranked = limits.compactMap { limit in
            limit.value.isNaN ? nil : rank(limit.name).map { (rank: $0, limit: limit) }
        }.sorted { $0.rank < $1.rank }
        return zip(ranked, ranked.dropFirst()).compactMap { lower, upper in
            guard lower.limit.value >= upper.limit.value else { return nil }
            return Disorder(
                lower: lower.limit.name, upper: upper.limit.name,
                lowerValue: lower.limit.value, upperValue: upper.limit.value)
        }
    }
}

/// Numbers in messages and tables: the shortest digits that read back the same, no `.0`.
enum ValueText {
    static func of(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
