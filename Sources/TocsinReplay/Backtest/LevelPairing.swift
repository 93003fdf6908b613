import TocsinModel

/// Finds the levels of one life in the other set's; see the essay of `AlarmPairing`, point 4.
struct LevelPairing {
    private let baseline: AlarmHistory
    private let new: AlarmHistory
    private let tolerance: Span

    init(_ baseline: AlarmHistory, _ new: AlarmHistory, _ tolerance: Span) {
        self.baseline = baseline
        self.new = new
        self.tolerance = tolerance
    }

    /// A level of a life, and when it was first in force.
    private struct Level {
        var rule: Int
        var time: Timestamp
        var isOpening: Bool
    }

    /// The levels of a pair: those of BASELINE in order, then those that only NEW reached.
    func levels(of old: Int, _ new: Int) -> [LevelDifference] {
        let a = baseline.lives[old]
        let b = self.new.lives[new]
        let oldNames = baseline.subjects[a.subject].rules
        let newNames = self.new.subjects[b.subject].rules
        let isSameOpening = oldNames[a.rule].short == newNames[b.rule].short
        var found: [LevelDifference] = []
        for level in LevelPairing.levels(of: a) where !(level.isOpening && isSameOpening) {
            let time = LevelPairing.reached(level.rule, of: oldNames, by: b, with: newNames)
            let kind = time.map { change(by: $0 - level.time) } ?? .lost
            // Raised at once at a higher level: the lower one is part of it.
            if level.isOpening && kind == .unchanged { continue }
            found.append(difference(oldNames[level.rule], kind, level.time, time))
        }
        let known = LevelPairing.levels(of: a).map(\.rule)
        for level in LevelPairing.levels(of: b) where !(level.isOpening && isSameOpening) {
            let same = LevelPairing.counterpart(of: level.rule, in: newNames, among: oldNames)
            if let same, known.contains(same) { continue }
            let time = LevelPairing.reached(level.rule, of: newNames, by: a, with: oldNames)
            let kind = time.map { change(by: level.time - $0) } ?? .new
            if level.isOpening && kind == .unchanged { continue }
            found.append(difference(newNames[level.rule], kind, time, level.time))
        }
        return found
    }

    /// The levels of a life of BASELINE that the life of NEW standing then did not reach.
    func lost(of old: Int, mergedInto cover: Int) -> [LevelDifference] {
        let a = baseline.lives[old]
        let names = baseline.subjects[a.subject].rules
        let end = a.end(baseline.end) + tolerance
        return LevelPairing.levels(of: a).filter { level in
            !isReached(level, of: names, by: new.lives[cover], in: new, until: end)
        }.map { difference(names[$0.rule], .lost, $0.time, nil) }
    }

    /// The levels of a life of NEW that the life of BASELINE standing then did not reach.
    func added(of life: Int, splitFrom cover: Int) -> [LevelDifference] {
        let a = new.lives[life]
        let names = new.subjects[a.subject].rules
        let end = a.end(new.end) + tolerance
        return LevelPairing.levels(of: a).filter { level in
            !isReached(level, of: names, by: baseline.lives[cover], in: baseline, until: end)
        }.map { difference(names[$0.rule], .new, nil, $0.time) }
    }

    private func isReached(
        _ level: Level, of names: [AlarmSubject.RuleName], by cover: AlarmLife,
        in history: AlarmHistory, until end: Timestamp
    ) -> Bool {
        let others = history.subjects[cover.subject].rules
        let time = LevelPairing.reached(level.rule, of: names, by: cover, with: others)
        return time.map { $0 <= end } ?? false
    }

    private func difference(
        _ rule: AlarmSubject.RuleName, _ kind: DifferenceKind, _ old: Timestamp?,
        _ new: Timestamp?
    ) -> LevelDifference {
        LevelDifference(
            level: rule.short, priority: rule.priority, kind: kind, baseline: old, new: new)
    }

    private func change(by shift: Span) -> DifferenceKind {
        if shift > tolerance { return .later }
        return shift.milliseconds < -tolerance.milliseconds ? .earlier : .unchanged
    }

    /// The level of the raise, then the first escalation to each other level.
    private static func levels(of life: AlarmLife) -> [Level] {
        var found = [Level(rule: life.rule, time: life.raised, isOpening: true)]
        for move in life.moves where move.isUp && !found.contains(where: { $0.rule == move.rule }) {
            found.append(Level(rule: move.rule, time: move.time, isOpening: false))
        }
        return found
    }

    /// The position among `others` of the level that `rule` is there; nil = there is none.
    private static func counterpart(
        of rule: Int, in names: [AlarmSubject.RuleName], among others: [AlarmSubject.RuleName]
    ) -> Int? {
        let own = names[rule]
        if let same = others.firstIndex(where: { $0.short == own.short }) { return same }
        return others.firstIndex { other in
            other.priority == own.priority && !names.contains { $0.short == other.short }
        }
    }

    /// When a life first had this level or one above it; nil = never.
    private static func reached(
        _ rule: Int, of names: [AlarmSubject.RuleName], by life: AlarmLife,
        with others: [AlarmSubject.RuleName]
    ) -> Timestamp? {
        guard let wanted = counterpart(of: rule, in: names, among: others) else { return nil }
        if life.rule >= wanted { return life.raised }
        return life.moves.first { $0.isUp && $0.rule >= wanted }?.time
    }
}
