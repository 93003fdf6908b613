import TocsinEngine

/// An entry of `degraded:` with its places.
struct DegradedEntry {
    /// `one_bad` … `all_bad`.
    var key: String
    var vote: DegradedVote
    var place: SourceRange
}

/// The keys of votes and groups: `per` and `degraded`.
extension RuleReader {
    /// How many members are out, by position from one.
    private static let numerals = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ]
    private static let allBad = "all_bad"

    func readVoting(_ draft: inout DraftRule, _ reader: inout MappingReader) {
        if let text = reader.text("per"), isLabel(text) {
            draft.rule.per = text.text
            draft.perPlace = text.node.range
        }
        if draft.rule.per != nil, let place = draft.sampleVotePlace {
            diagnostics.error(
                at: place,
                "`n_of_m` counts the samples of one stream: an alarm with `per` has none",
                help: "write on_delay, or a window inside of the group's condition")
        }
        guard let node = reader.node("degraded") else { return }
        draft.degradedPlace = reader.keyRange("degraded")
        draft.degraded = degraded(node)
        draft.rule.degraded = draft.degraded.map(\.vote)
    }

    /// A step is one of the streams' own levels: it has no group.
    func refuseVoting(_ reader: inout MappingReader) {
        let keys = ["per", "degraded"]
        reader.allow(keys)
        for key in keys where reader.node[key] != nil {
            diagnostics.error(
                at: reader.keyRange(key), "a step of `ladder` has no `\(key)`",
                help: "write an alarm of its own under `alarms:`")
        }
    }

    private func isLabel(_ text: YAMLText) -> Bool {
        let labels = pack.pattern.labels
        if labels.contains(text.text) { return true }
        LabelNames.report(text, among: labels, reporting: diagnostics)
        return false
    }

    // MARK: Degraded

    private func degraded(_ node: YAMLNode) -> [DegradedEntry] {
        guard
            var reader = MappingReader(node, name: "`degraded`", reporting: diagnostics)
        else { return [] }
        var entries: [DegradedEntry] = []
        for (position, numeral) in RuleReader.numerals.enumerated() {
            if let entry = entry("\(numeral)_bad", out: position + 1, &reader) {
                entries.append(entry)
            }
        }
        if let entry = entry(RuleReader.allBad, out: .max, &reader) { entries.append(entry) }
        reader.finish()
        if (node.mapping ?? []).isEmpty {
            diagnostics.error(
                at: node.range, "`degraded` says nothing",
                help: "such as degraded: {one_bad: 1oo2, all_bad: trouble}")
        }
        checkSteps(entries)
        return entries
    }

    private func entry(
        _ key: String, out: Int, _ reader: inout MappingReader
    ) -> DegradedEntry? {
        guard let text = reader.text(key) else { return nil }
        let place = text.node.range
        let word = NumberText.trimmed(NumberText.folded(text.text)).lowercased()
        if word == "trouble" {
            return DegradedEntry(
                key: key, vote: DegradedVote(out: out, policy: .trouble), place: place)
        }
        guard out != .max else {
            diagnostics.error(
                at: place, "`\(key)` leaves nobody to vote: only `trouble` is possible")
            return nil
        }
        let sides = word.split(separator: "o", omittingEmptySubsequences: false)
        guard sides.count == 3, sides[1].isEmpty, let needed = NumberText.integer(sides[0]),
            let all = NumberText.integer(sides[2])
        else {
            diagnostics.error(
                at: place, "`\(text.text)` is no vote",
                help: "write how many of those left must say yes, such as 1oo2, or trouble")
            return nil
        }
        guard needed >= 1, needed <= all else {
            diagnostics.error(
                at: place, "`\(text.text)` can never be: \(needed) out of \(all)")
            return nil
        }
        return DegradedEntry(
            key: key, vote: DegradedVote(out: out, policy: .needs(needed, of: all)), place: place)
    }

    /// Each step must follow from the one before: nothing left out, one number of members, never
    /// more votes needed than before, no vote after trouble.
    private func checkSteps(_ entries: [DegradedEntry]) {
        var needed = Int.max
        var members: (count: Int, entry: DegradedEntry)?
        var last: DegradedEntry?
        for (position, entry) in entries.enumerated() where entry.vote.out != .max {
            if entry.vote.out != position + 1 {
                let before = RuleReader.numerals[position]
                diagnostics.error(
                    at: entry.place, "`\(entry.key)` stands without `\(before)_bad`",
                    help: "say it for every number of members out, beginning with `one_bad`")
                return
            }
            defer { last = entry }
            guard case .needs(let next, let of) = entry.vote.policy else {
                needed = 0
                continue
            }
            if next > needed, let last {
                diagnostics.error(
                    at: entry.place,
                    needed == 0
                        ? "`\(entry.key)` votes, although `\(last.key)` is trouble already"
                        : "`\(entry.key)` needs \(next), more than `\(last.key)` does")
            }
            needed = min(needed, next)
            let count = of + entry.vote.out
            if let members, members.count != count {
                diagnostics.error(
                    at: entry.place,
                    "`\(members.entry.key)` counts \(members.count) members: with "
                        + "\(entry.vote.out) out, \(members.count - entry.vote.out) are left, "
                        + "not \(of)")
            }
            if members == nil { members = (count, entry) }
        }
    }
}
