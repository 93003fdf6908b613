import Testing
import TocsinModel

@testable import TocsinReplay

@Suite("Pairing of alarms")
struct AlarmPairingTests {
    typealias Lives = [(Double, Double?)]

    static func differences(
        _ old: HistoryBuilder, _ new: HistoryBuilder, tolerance: Span = .seconds(1)
    ) -> [AlarmDifference] {
        func names(_ history: AlarmHistory) -> Set<String> {
            Set(history.subjects.flatMap { $0.rules.map(\.full) })
        }
        return AlarmPairing.pair(
            baseline: old.history, new: new.history, tolerance: tolerance,
            baselineNames: names(old.history), newNames: names(new.history)
        ).differences
    }

    /// `later 30` and so on, for lives of one alarm.
    static func story(_ old: Lives, _ new: Lives, tolerance: Span = .seconds(1)) -> [String] {
        var a = HistoryBuilder()
        var b = HistoryBuilder()
        let subject = a.ladder("gas", stream: "s")
        for life in old { a.life(subject, life.0, life.1) }
        _ = b.ladder("gas", stream: "s")
        for life in new { b.life(subject, life.0, life.1) }
        return differences(a, b, tolerance: tolerance).map(text)
    }

    static func text(_ difference: AlarmDifference) -> String {
        let shift = difference.shift.map { " \(Double($0.milliseconds) / 1000)" } ?? ""
        let levels = difference.levels.map { level in
            let time = level.baseline.flatMap { old in level.new.map { $0 - old } }
            let shift = time.map { " \(Double($0.milliseconds) / 1000)" } ?? ""
            return ", \(level.level) \(level.kind.rawValue)\(shift)"
        }
        return difference.kind.rawValue + shift + levels.joined()
    }

    @Test(
        "Lives are paired in order of time where they overlap",
        arguments: [
            ([(10, 60)], [(10, 60)], ["unchanged 0.0"]),
            // Within the tolerance, on both sides of it, and just beyond.
            ([(10, 60)], [(11, 60)], ["unchanged 1.0"]),
            ([(10, 60)], [(9, 60)], ["unchanged -1.0"]),
            ([(10, 60)], [(11.001, 60)], ["later 1.001"]),
            ([(10, 60)], [(8.999, 60)], ["earlier -1.001"]),
            ([(10, 60)], [(40, 70)], ["later 30.0"]),
            ([(10, 60)], [(2, 12)], ["earlier -8.0"]),
            // A gap of the tolerance still overlaps; a longer one does not.
            ([(10, 60)], [(61, 70)], ["later 51.0"]),
            ([(10, 60)], [(61.001, 70)], ["lost", "new"]),
            ([(10, 60)], [], ["lost"]),
            ([], [(10, 60)], ["new"]),
            ([], [], []),
            // What stands at the end reaches to the end.
            ([(10, nil)], [(3000, nil)], ["later 2990.0"]),
            // One long alarm instead of three short ones, and the reverse.
            (
                [(10, 20), (30, 40), (50, 60)], [(10, 60)],
                ["unchanged 0.0", "merged", "merged"]
            ),
            (
                [(10, 60)], [(10, 20), (30, 40), (50, 60)],
                ["unchanged 0.0", "split", "split"]
            ),
            ([(10, 20), (100, 110)], [(100, 110)], ["lost", "unchanged 0.0"]),
            ([(100, 110)], [(10, 20), (100, 110)], ["new", "unchanged 0.0"]),
            // Each overlaps the next of the other set: still one pair each.
            (
                [(0, 10), (11.5, 20), (22.5, 30)], [(0, 12), (13.5, 23), (24.5, 32)],
                ["unchanged 0.0", "later 2.0", "later 2.0"]
            ),
        ] as [(Lives, Lives, [String])])
    func table(old: Lives, new: Lives, expected: [String]) {
        #expect(AlarmPairingTests.story(old, new) == expected)
    }

    @Test("The tolerance is the caller's")
    func tolerance() {
        #expect(
            AlarmPairingTests.story([(10, 60)], [(15, 60)], tolerance: .seconds(5))
                == ["unchanged 5.0"])
        #expect(
            AlarmPairingTests.story([(10, 60)], [(10.001, 60)], tolerance: .zero)
                == ["later 0.001"])
    }

    @Test("The other life of a merged alarm is the one that covers it")
    func cover() {
        var a = HistoryBuilder()
        var b = HistoryBuilder()
        let subject = a.ladder("gas", stream: "s")
        _ = b.ladder("gas", stream: "s")
        a.life(subject, 10, 20)
        a.life(subject, 30, 40)
        b.life(subject, 10, 60)
        let merged = AlarmPairingTests.differences(a, b)[1]
        #expect(merged.kind == .merged)
        #expect(merged.baseline == 1)
        #expect(merged.new == 0)
    }

    @Test("Other streams are other alarms")
    func streams() {
        var a = HistoryBuilder()
        var b = HistoryBuilder()
        let one = a.ladder("gas", stream: "a")
        a.life(one, 10, 20)
        let two = b.ladder("gas", stream: "b")
        b.life(two, 10, 20)
        #expect(AlarmPairingTests.differences(a, b).map(AlarmPairingTests.text) == ["lost", "new"])
    }

    @Test("A ladder with another level below is still the same alarm, by its rules' names")
    func levelBelow() {
        var a = HistoryBuilder()
        var b = HistoryBuilder()
        let old = a.ladder("gas", stream: "s", levels: ["H", "HH"])
        a.life(old, 20, 60)
        let new = b.ladder(
            "gas", stream: "s", levels: ["advisory", "H", "HH"],
            priorities: [.medium, .high, .critical])
        b.life(new, 5, 60, up: [(20, 1)])
        #expect(
            AlarmPairingTests.differences(a, b).map(AlarmPairingTests.text)
                == ["earlier -15.0, advisory new"])
    }

    @Test("A renamed level above keeps the alarm's id; the level is found by its priority")
    func renamedLevel() {
        var a = HistoryBuilder()
        var b = HistoryBuilder()
        let old = a.ladder("gas", stream: "s", levels: ["H", "HH"])
        a.life(old, 10, 60, up: [(20, 1)])
        let new = b.ladder("gas", stream: "s", levels: ["H", "evacuate"])
        b.life(new, 10, 60, up: [(25, 1)])
        #expect(
            AlarmPairingTests.differences(a, b).map(AlarmPairingTests.text)
                == ["unchanged 0.0, HH later 5.0"])
    }

    @Test("A pack that a site's pack extends now keeps its alarms, by their short names")
    func renamedPack() {
        var a = HistoryBuilder()
        var b = HistoryBuilder()
        let old = a.ladder("hazchem/gas", stream: "s")
        a.life(old, 10, 60)
        let new = b.ladder("site/gas", stream: "s")
        b.life(new, 8, 60)
        #expect(AlarmPairingTests.differences(a, b).map(AlarmPairingTests.text) == ["earlier -2.0"])
    }

    @Test("A short name pairs nothing while the full name is there in the other set")
    func sameShortName() {
        var a = HistoryBuilder()
        var b = HistoryBuilder()
        let old = a.ladder("one", stream: "s")
        a.life(old, 10, 60)
        let new = b.ladder("two", stream: "s")
        b.life(new, 10, 60)
        // Both sets have both packs; `one` was silent in NEW, and `two` in BASELINE.
        let names: Set<String> = ["one/H", "one/HH", "two/H", "two/HH"]
        let found = AlarmPairing.pair(
            baseline: a.history, new: b.history, tolerance: .zero, baselineNames: names,
            newNames: names)
        #expect(found.differences.map(\.kind) == [.lost, .new])
    }

    @Test(
        "Levels are lost, new, earlier or later inside a pair",
        arguments: [
            ([(20, 1)], [(20, 1)], ["unchanged 0.0, HH unchanged 0.0"]),
            ([(20, 1)], [(30, 1)], ["unchanged 0.0, HH later 10.0"]),
            ([(20, 1)], [(15, 1)], ["unchanged 0.0, HH earlier -5.0"]),
            ([(20, 1)], [], ["unchanged 0.0, HH lost"]),
            ([], [(20, 1)], ["unchanged 0.0, HH new"]),
            // Twice up counts once, at its first time.
            ([(20, 1), (40, 1)], [(20, 1)], ["unchanged 0.0, HH unchanged 0.0"]),
        ] as [([(Double, Int)], [(Double, Int)], [String])])
    func levels(old: [(Double, Int)], new: [(Double, Int)], expected: [String]) {
        var a = HistoryBuilder()
        var b = HistoryBuilder()
        let subject = a.ladder("gas", stream: "s")
        _ = b.ladder("gas", stream: "s")
        a.life(subject, 10, 60, up: old)
        b.life(subject, 10, 60, up: new)
        #expect(AlarmPairingTests.differences(a, b).map(AlarmPairingTests.text) == expected)
    }

    @Test("Raised at once at the higher level, the lower one is part of it")
    func raisedHigher() {
        var a = HistoryBuilder()
        var b = HistoryBuilder()
        let subject = a.ladder("gas", stream: "s")
        _ = b.ladder("gas", stream: "s")
        a.life(subject, 10, 60, level: 1)
        b.life(subject, 10, 60, up: [(30, 1)])
        #expect(
            AlarmPairingTests.differences(a, b).map(AlarmPairingTests.text)
                == ["unchanged 0.0, HH later 20.0"])
        #expect(
            AlarmPairingTests.differences(b, a).map(AlarmPairingTests.text)
                == ["unchanged 0.0, HH earlier -20.0"])
    }

    @Test("A merged alarm loses the levels that the standing one did not reach in time")
    func mergedLevels() {
        var a = HistoryBuilder()
        var b = HistoryBuilder()
        let subject = a.ladder("gas", stream: "s")
        _ = b.ladder("gas", stream: "s")
        a.life(subject, 10, 20)
        a.life(subject, 30, 40, up: [(35, 1)])
        b.life(subject, 10, 100, up: [(90, 1)])
        #expect(
            AlarmPairingTests.differences(a, b).map(AlarmPairingTests.text)
                == ["unchanged 0.0, HH new", "merged, HH lost"])
    }
}
