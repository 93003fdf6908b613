/// Names from a pattern: `{1..4}` and `{a,b}` stand for each of what they list, several multiply.
package enum StreamNames {
    /// Why a pattern cannot be expanded; `offset` in Unicode scalars.
    package struct Problem: Error, Equatable, Sendable {
        package var offset: Int
        package var message: String
    }

    /// The names in order, the last brace changing fastest; at most `limit`.
    package static func expand(_ pattern: String, limit: Int) throws(Problem) -> [String] {
        var names = [""]
        var rest = Array(pattern.unicodeScalars)[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw Problem(offset: open, message: "the { is not closed")
            }
            let choices = try choices(rest[(open + 1)..<close], at: open, limit: limit)
            guard names.count * choices.count <= limit else {
                throw Problem(offset: open, message: "the pattern names more than \(limit) streams")
            }
            let before = text(rest[..<open])
            names = names.flatMap { name in choices.map { name + before + $0 } }
            rest = rest[(close + 1)...]
        }
        let end = text(rest)
        return names.map { $0 + end }
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }

    private static func choices(
        _ scalars: ArraySlice<Unicode.Scalar>, at offset: Int, limit: Int
    ) throws(Problem) -> [String] {
        let inner = text(scalars)
        if let dots = inner.firstRange(of: "..") {
            guard let first = Int(inner[..<dots.lowerBound]),
                let last = Int(inner[dots.upperBound...]), first <= last
            else {
                throw Problem(offset: offset, message: "a range is written {1..4}, smaller first")
            }
            guard last - first < limit else {
                throw Problem(offset: offset, message: "the range has more than \(limit) members")
            }
            return (first...last).map(String.init)
        }
        let parts = inner.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            throw Problem(offset: offset, message: "an empty choice: write {a,b}")
        }
        return parts
    }
}
