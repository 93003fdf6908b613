import TocsinEngine
import TocsinModel

/// Which rules are one alarm: a ladder's side, and what `supersedes` joins (contract §4).
struct RuleChains {
    /// Positions in the drafts, lowest first; every rule is in one chain. Chains stand in the
    /// order of their first rule.
    private(set) var chains: [[Int]] = []

    /// `known`: all names of the pack, disabled ones included, which may still be named.
    init(_ drafts: [DraftRule], known: [String], reporting diagnostics: DiagnosticList) {
        let below = RuleChains.below(drafts, known, diagnostics)
        var group = Array(drafts.indices)
        for (upper, lowers) in below.enumerated() {
            for lower in lowers {
                let (from, to) = (group[lower], group[upper])
                for position in group.indices where group[position] == from { group[position] = to }
            }
        }
        var done: Set<Int> = []
        for position in drafts.indices where done.insert(group[position]).inserted {
            let members = drafts.indices.filter { group[$0] == group[position] }
            chains.append(RuleChains.ordered(members, below, drafts, diagnostics))
        }
        warnOfFallingPriority(drafts, diagnostics)
    }

    /// For each rule the rules it supersedes.
    private static func below(
        _ drafts: [DraftRule], _ known: [String], _ diagnostics: DiagnosticList
    ) -> [[Int]] {
        var below = drafts.map { _ in [Int]() }
        for sign in [1, -1] {
            let side = drafts.indices.compactMap { position -> (rank: Int, position: Int)? in
                guard let rank = drafts[position].ladderLimit.flatMap(LimitNames.rank),
                    rank.signum() == sign
                else { return nil }
                return (abs(rank), position)
            }.sorted { $0.rank < $1.rank }
            for (lower, upper) in zip(side, side.dropFirst()) {
                below[upper.position].append(lower.position)
            }
        }
        for (position, draft) in drafts.enumerated() {
            for name in draft.supersedes {
                if let lower = drafts.firstIndex(where: { $0.name == name.text }) {
                    if lower == position {
                        diagnostics.error(
                            at: name.node.range, "`\(name.text)` cannot supersede itself")
                    } else {
                        below[position].append(lower)
                    }
                } else if !known.contains(name.text) {
                    let others = known.filter { $0 != draft.name }
                    diagnostics.error(
                        at: name.node.range, "the pack has no alarm `\(name.text)`",
                        help: nearestName(name.text, among: others).map { "did you mean `\($0)`?" })
                }
            }
        }
        return below
    }

    /// Lowest first: a rule stands behind all that it supersedes; among free ones the earlier in
    /// the text comes first.
    private static func ordered(
        _ members: [Int], _ below: [[Int]], _ drafts: [DraftRule], _ diagnostics: DiagnosticList
    ) -> [Int] {
        var chain: [Int] = []
        var left = members
        while !left.isEmpty {
            guard let next = left.first(where: { below[$0].allSatisfy(chain.contains) }) else {
                diagnostics.error(
                    at: drafts[left[0]].supersedes.first?.node.range ?? drafts[left[0]].place,
                    "alarms supersede each other in a circle: "
                        + left.map { drafts[$0].name }.joined(separator: ", "))
                return members
            }
            chain.append(next)
            left.removeAll { $0 == next }
        }
        return chain
    }

    private func warnOfFallingPriority(_ drafts: [DraftRule], _ diagnostics: DiagnosticList) {
        for chain in chains {
            for (lower, upper) in zip(chain, chain.dropFirst())
            where drafts[upper].rule.priority < drafts[lower].rule.priority {
                diagnostics.warning(
                    at: drafts[upper].priorityPlace ?? drafts[upper].place,
                    "`\(drafts[upper].name)` supersedes `\(drafts[lower].name)` but has a lower "
                        + "priority")
            }
        }
    }
}
