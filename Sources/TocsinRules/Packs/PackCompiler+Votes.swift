import TocsinEngine

/// What `degraded:` and `per:` ask of the condition and of the alarms beside them.
extension PackCompiler {
    /// `degraded` is about the one `votes(…) >= N` of the condition.
    func checkDegraded(_ draft: DraftRule) {
        guard let place = draft.degradedPlace, let condition = draft.rule.condition else { return }
        var needs: [Int] = []
        for instruction in condition.instructions {
            guard case .votes(_, let comparison, let number) = instruction else { continue }
            let needed: Int? =
                switch comparison {
                case .greaterOrEqual: Int(number.rounded(.up))
                case .greater: Int(number.rounded(.down)) + 1
                case .lessOrEqual, .less, .equal, .notEqual: nil
                }
            guard let needed else {
                diagnostics.error(
                    at: place, "`degraded` is for `votes(…) >= N`: this vote asks for few, not many"
                )
                return
            }
            if !needs.contains(needed) { needs.append(needed) }
        }
        guard let needed = needs.first else {
            diagnostics.error(
                at: place, "`degraded` needs a vote in `when`",
                help: "such as when: votes(value >= limit.H, of=\"{area}/lel/+\") >= 2")
            return
        }
        if needs.count > 1 {
            let list = needs.map(String.init).joined(separator: " and ")
            diagnostics.error(
                at: place, "`when` has votes of \(list): which one `degraded` is for is not clear",
                help: "write two alarms")
            return
        }
        check(draft.degraded, needed: needed)
    }

    private func check(_ entries: [DegradedEntry], needed: Int) {
        for entry in entries {
            guard case .needs(let next, let of) = entry.vote.policy else { continue }
            if next > needed {
                diagnostics.error(
                    at: entry.place,
                    "`\(entry.key)` needs \(next), more than the \(needed) of the vote")
            } else if of + entry.vote.out < needed {
                diagnostics.error(
                    at: entry.place,
                    "`\(entry.key)` counts \(of + entry.vote.out) members: \(needed) votes can "
                        + "never come together")
            } else {
                continue
            }
            return
        }
    }

    /// Alarms of one occurrence are about one thing: a stream, or one value of one label.
    func checkLabels(_ chains: [[Int]], _ drafts: [DraftRule]) {
        for chain in chains {
            guard let first = chain.first,
                let other = chain.first(where: { drafts[$0].rule.per != drafts[first].rule.per })
            else { continue }
            func scope(_ position: Int) -> String {
                drafts[position].rule.per.map { "per `\($0)`" } ?? "for each stream"
            }
            diagnostics.error(
                at: drafts[other].supersedes.first?.node.range ?? drafts[other].perPlace
                    ?? drafts[other].place,
                "`\(drafts[other].name)` is one alarm \(scope(other)), `\(drafts[first].name)` "
                    + "\(scope(first)): they cannot be one",
                help: "alarms that supersede each other have the same `per:`")
        }
    }
}
