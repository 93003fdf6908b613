// How the alarms of two rule sets are paired.
//
// 1. Which alarm of one set is which of the other. Both must be on the same stream (or group). They
//    are the same alarm when, in this order:
//      a  their alarm ids agree: the lowest rule of the ladder has the same full name, whatever
//         became of the levels above it;
//      b  a rule of one has the full name of a rule of the other: the lowest level was added,
//         removed or renamed;
//      c  a rule of one has the short name and class of a rule of the other, and neither full name
//         exists in the other set at all: the pack was renamed, or a site's pack extends it now.
//    An alarm is the same as one other at most.
//
// 2. Which of its lives is which. Lives go from the raise to the end of the condition. Two lives
//    overlap when the gap between them is at most the tolerance. In order of time, each life is
//    paired with the first one of the other set that overlaps it and has no pair yet.
//
// 3. What the pair says. The raise of NEW against that of BASELINE: within the tolerance unchanged,
//    else earlier or later by so many seconds. A life of BASELINE without a pair that overlaps a
//    life of the same alarm in NEW is merged: the alarm stood, it was only not said again. One that
//    overlaps none is lost. A life of NEW without a pair is split or new, alike.
//
// 4. Levels. Each level that one set reached is looked for in the other's life (its partner, or the
//    life that it was merged into), by its name, else by its priority: reached there at the raise
//    or by an escalation, itself or a level above it, it is unchanged, earlier or later; never
//    reached, it is a lost or a new level. The level at which both were raised is no entry.

package import TocsinModel

/// What became of an alarm between the two sets.
package enum DifferenceKind: String, Sendable, CaseIterable {
    case lost, later, new, earlier, merged, split, unchanged
}

/// What became of one level of an alarm.
package struct LevelDifference: Sendable, Equatable {
    /// The level's short name, as in `HH`.
    package var level: String
    package var priority: Priority
    /// `lost`, `later`, `new`, `earlier` or `unchanged`.
    package var kind: DifferenceKind
    /// When it was reached; nil = never.
    package var baseline: Timestamp?
    package var new: Timestamp?
}

/// One alarm of either set, or one pair.
package struct AlarmDifference: Sendable, Equatable {
    package var kind: DifferenceKind
    /// Position in the set's `lives`. Of a merged or split alarm both: its own, and the life of
    /// the other set that covers it.
    package var baseline: Int?
    package var new: Int?
    /// Raise of NEW − raise of BASELINE; nil without a pair.
    package var shift: Span?
    package var levels: [LevelDifference] = []

    /// Some level was lost.
    package var hasLostLevel: Bool { levels.contains { $0.kind == .lost } }
    /// Something an engineer should look at.
    package var isChange: Bool {
        kind != .unchanged || levels.contains { $0.kind != .unchanged }
    }
}

/// Pairs two histories; see the essay at the head of this file.
package struct AlarmPairing {
    private let baseline: AlarmHistory
    private let new: AlarmHistory
    private let tolerance: Span
    /// Full names of all rules of each set, raised or not.
    private let baselineNames: Set<String>
    private let newNames: Set<String>

    package struct Result: Sendable {
        /// In order of time; alarms that did not change are among them.
        package var differences: [AlarmDifference]
        /// For each alarm of BASELINE the one of NEW that it is.
        package var partners: [Int?]
    }

    /// Pairs alarms and their lives.
    package static func pair(
        baseline: AlarmHistory, new: AlarmHistory, tolerance: Span,
        baselineNames: Set<String>, newNames: Set<String>
    ) -> Result {
        let pairing = AlarmPairing(
            baseline: baseline, new: new, tolerance: tolerance, baselineNames: baselineNames,
            newNames: newNames)
        let partners = pairing.subjects()
        return Result(differences: pairing.differences(partners), partners: partners)
    }

    private func differences(_ partners: [Int?]) -> [AlarmDifference] {
        let oldLives = AlarmPairing.livesBySubject(baseline)
        let newLives = AlarmPairing.livesBySubject(new)
        var found: [AlarmDifference] = []
        var isTaken = [Bool](repeating: false, count: new.subjects.count)
        for (subject, lives) in oldLives.enumerated() {
            let partner = partners[subject]
            if let partner { isTaken[partner] = true }
            found += pair(lives, partner.map { newLives[$0] } ?? [])
        }
        for (subject, lives) in newLives.enumerated() where !isTaken[subject] {
            found += pair([], lives)
        }
        // Swift's sort is not promised to be stable: the position decides at equal times.
        return found.enumerated().sorted { a, b in
            (time(of: a.element), a.offset) < (time(of: b.element), b.offset)
        }.map(\.element)
    }

    /// When a difference begins: the earlier raise of the two.
    private func time(of difference: AlarmDifference) -> Timestamp {
        switch difference.kind {
        case .merged: baseline.lives[difference.baseline ?? 0].raised
        case .split: new.lives[difference.new ?? 0].raised
        case .lost, .later, .new, .earlier, .unchanged:
            min(
                difference.baseline.map { baseline.lives[$0].raised } ?? .distantFuture,
                difference.new.map { new.lives[$0].raised } ?? .distantFuture)
        }
    }

    private static func livesBySubject(_ history: AlarmHistory) -> [[Int]] {
        var lists = [[Int]](repeating: [], count: history.subjects.count)
        for (position, life) in history.lives.enumerated() { lists[life.subject].append(position) }
        for subject in lists.indices {
            lists[subject].sort { a, b in
                (history.lives[a].raised, a) < (history.lives[b].raised, b)
            }
        }
        return lists
    }

    // MARK: Alarms

    private struct Place: Hashable {
        var name: String
        var mode: Mode
        var isGroup: Bool

        init(_ subject: AlarmSubject) {
            name = subject.place
            mode = subject.mode
            isGroup = subject.isGroup
        }
    }

    /// The alarm of NEW that each alarm of BASELINE is.
    private func subjects() -> [Int?] {
        var candidates: [Place: [Int]] = [:]
        for (position, subject) in new.subjects.enumerated() {
            candidates[Place(subject), default: []].append(position)
        }
        var partners = [Int?](repeating: nil, count: baseline.subjects.count)
        var isTaken = [Bool](repeating: false, count: new.subjects.count)
        let tests: [(AlarmSubject, AlarmSubject) -> Bool] = [
            { $0.id == $1.id }, AlarmPairing.shareRule, isRenamed,
        ]
        for test in tests {
            for (position, subject) in baseline.subjects.enumerated()
            where partners[position] == nil {
                let found = candidates[Place(subject)]?.first { candidate in
                    !isTaken[candidate] && test(subject, new.subjects[candidate])
                }
                guard let found else { continue }
                partners[position] = found
                isTaken[found] = true
            }
        }
        return partners
    }

    private static func shareRule(_ old: AlarmSubject, _ new: AlarmSubject) -> Bool {
        old.rules.contains { rule in new.rules.contains { $0.full == rule.full } }
    }

    private func isRenamed(_ old: AlarmSubject, _ new: AlarmSubject) -> Bool {
        old.rules.contains { rule in
            !newNames.contains(rule.full)
                && new.rules.contains { other in
                    other.short == rule.short && other.alarmClass == rule.alarmClass
                        && !baselineNames.contains(other.full)
                }
        }
    }

    // MARK: Lives

    private func overlap(_ old: Int, _ new: Int) -> Bool {
        let a = baseline.lives[old]
        let b = self.new.lives[new]
        return a.raised <= b.end(self.new.end) + tolerance
            && b.raised <= a.end(baseline.end) + tolerance
    }

    private func pair(_ old: [Int], _ new: [Int]) -> [AlarmDifference] {
        var found: [AlarmDifference] = []
        var i = 0
        var j = 0
        while i < old.count || j < new.count {
            if i < old.count, j < new.count, overlap(old[i], new[j]) {
                found.append(paired(old[i], new[j]))
                i += 1
                j += 1
            } else if j >= new.count || i < old.count && isEarlier(old[i], new[j]) {
                // Only the life just paired can cover it: later ones begin after its end.
                let cover = j > 0 && overlap(old[i], new[j - 1]) ? new[j - 1] : nil
                found.append(unpaired(baseline: old[i], cover: cover))
                i += 1
            } else {
                let cover = i > 0 && overlap(old[i - 1], new[j]) ? old[i - 1] : nil
                found.append(unpaired(new: new[j], cover: cover))
                j += 1
            }
        }
        return found
    }

    private func isEarlier(_ old: Int, _ new: Int) -> Bool {
        baseline.lives[old].raised < self.new.lives[new].raised
    }

    private func paired(_ old: Int, _ new: Int) -> AlarmDifference {
        let shift = self.new.lives[new].raised - baseline.lives[old].raised
        return AlarmDifference(
            kind: kind(of: shift), baseline: old, new: new, shift: shift,
            levels: LevelPairing(baseline, self.new, tolerance).levels(of: old, new))
    }

    private func unpaired(baseline old: Int, cover: Int?) -> AlarmDifference {
        guard let cover else { return AlarmDifference(kind: .lost, baseline: old) }
        return AlarmDifference(
            kind: .merged, baseline: old, new: cover,
            levels: LevelPairing(baseline, new, tolerance).lost(of: old, mergedInto: cover))
    }

    private func unpaired(new life: Int, cover: Int?) -> AlarmDifference {
        guard let cover else { return AlarmDifference(kind: .new, new: life) }
        return AlarmDifference(
            kind: .split, baseline: cover, new: life,
            levels: LevelPairing(baseline, new, tolerance).added(of: life, splitFrom: cover))
    }

    private func kind(of shift: Span) -> DifferenceKind {
        if shift > tolerance { return .later }
        return shift.milliseconds < -tolerance.milliseconds ? .earlier : .unchanged
    }
}
