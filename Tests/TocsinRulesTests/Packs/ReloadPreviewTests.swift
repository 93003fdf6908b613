import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

/// Old and new rules; what the preview says is what the engine does to alarms that stand.
@Suite("The preview of a reload")
struct ReloadPreviewTests {
    static let base = """
        pack: a/gas
        match: "{area}/gas/{id}"
        unit: ppm
        span: [0, 100]
        every: 1s
        limits: {H: 20 ppm, HH: 40 ppm}
        ladder:
          H: {priority: high, action: look, latch: false}
          HH: {priority: critical, action: run, latch: false}
        alarms:
          - {name: much, when: value > 10 ppm, priority: low, action: note, latch: false}
          - {name: near, when: value >= limit.H and value > 5 ppm, class: supervisory}
        """

    /// Changes of the base: what is replaced by what.
    static let changes: [(name: String, from: String, to: String)] = [
        ("nothing", "priority: low", "priority: low"),
        ("limit", "H: 20 ppm,", "H: 15 ppm,"),
        ("limit in another unit", "H: 20 ppm,", "H: 0.0015 %vol,"),
        ("limit beyond the value", "H: 20 ppm,", "H: 39 ppm,"),
        ("priority", "priority: low", "priority: medium"),
        ("action", "action: note", "action: write"),
        ("delay", "action: note", "action: note, on_delay: 2s"),
        ("hold", "action: note", "action: note, min_hold: 30s, re_alarm: 1h"),
        ("literal", "value > 10 ppm", "value > 11 ppm"),
        ("comparison", "value > 10 ppm", "value >= 10 ppm"),
        ("clear_when", "value > 10 ppm,", "value > 10 ppm, clear_when: value < 8 ppm,"),
        ("name", "name: much", "name: plenty"),
        ("removed step", "  HH: {priority: critical, action: run, latch: false}\n", ""),
        ("pack", "pack: a/gas", "pack: b/gas"),
        ("match", "{area}/gas/{id}", "{area}/gas/1"),
        ("supersedes", "priority: low,", "priority: low, supersedes: [near],"),
        ("n of m", "action: note", "action: note, n_of_m: 2 of 3"),
        ("deadband", "unit: ppm", "unit: ppm\ndefaults: {deadband: 1 ppm}"),
        ("span", "span: [0, 100]", "span: [0, 200]"),
        ("cadence", "every: 1s", "every: 5s"),
        ("disabled", "unit: ppm", "unit: ppm\ndisable: [{alarm: near, reason: none}]"),
    ]

    static func text(_ change: (name: String, from: String, to: String)) throws -> String {
        let text = base.replacing(change.from, with: change.to)
        #expect(change.name == "nothing" || text != base, "\(change.name) changes nothing")
        return text
    }

    static let inventory = "stream,limit.H\np/gas/1,\np/gas/2,30\n"

    /// What the engine does with each alarm that stands when the new rules come: true = kept.
    static func kept(_ old: LoadedRules, _ new: LoadedRules) -> [String: Bool] {
        let start = Timestamp(milliseconds: 1_767_600_000_000)
        var pipeline = Pipeline(ruleSet: old.makeRuleSet(hash: "sha256:01"), start: start)
        var events: [Event] = []
        let streams = ["p/gas/1", "p/gas/2"]
        for stream in streams {
            let seen = Observation(
                value: .number(50), time: start, unit: UnitTable.standard.find("ppm") ?? .none)
            pipeline.accept(seen, stream: stream, arrival: start, appendingTo: &events)
        }
        let standing = events.filter { $0.kind == .raised }
        let later = start + .seconds(1)
        let first = events.count
        pipeline.step(
            .reload(new.makeRuleSet(hash: "sha256:02")), arrival: later, appendingTo: &events)
        var kept: [String: Bool] = [:]
        for event in standing {
            guard let rule = event.ruleDefinition, let stream = event.binding?.stream else {
                continue
            }
            let isClosed = events.dropFirst(first).contains {
                $0.kind == .cleared && $0.occurrence == event.occurrence
                    && $0.note?.reason == EventNote.ruleRemoved
            }
            kept["\(rule.name) on \(stream)"] = !isClosed
        }
        return kept
    }

    @Test(
        "It says which standing alarms live on, for each change from each other",
        arguments: [false, true])
    func truth(isListed: Bool) throws {
        var sets: [LoadedRules] = []
        for change in ReloadPreviewTests.changes {
            let text = try ReloadPreviewTests.text(change)
            let probe = PackProbe(
                text, inventory: isListed ? ReloadPreviewTests.inventory : nil)
            sets.append(try #require(probe.rules, "\(change.name): \(probe.findings)"))
        }
        var decided: [Bool: Int] = [:]
        for (position, old) in sets.enumerated() {
            for (other, new) in sets.enumerated() {
                let preview = ReloadPreview(from: old, to: new)
                let names = (
                    ReloadPreviewTests.changes[position].name,
                    ReloadPreviewTests.changes[other].name
                )
                for (alarm, isKept) in ReloadPreviewTests.kept(old, new) {
                    let parts = alarm.split(separator: " ")
                    let (rule, stream) = (String(parts[0]), String(parts[2]))
                    let change = preview.change(of: rule, on: stream)
                    // Without an inventory it is not known which streams still match, nor which of
                    // two alarms that become one gives way: both are said beside the change.
                    let entry = preview.entries.first {
                        $0.rule == rule && ($0.streams.isEmpty || $0.streams.contains(stream))
                    }
                    let caveats = entry?.details.map(\.key) ?? []
                    if caveats.contains("supersedes") { continue }
                    if !isListed, caveats.contains("match"), stream != "p/gas/1" { continue }
                    #expect(
                        change?.keepsState == isKept,
                        "\(names): \(alarm): \(String(describing: change))")
                    decided[isKept, default: 0] += 1
                }
            }
        }
        #expect(decided[true, default: 0] > 500 && decided[false, default: 0] > 200, "\(decided)")
    }

    @Test("Each change has its word, its numbers and the place of the new limit")
    func words() throws {
        func said(_ name: String, listed: Bool = false) throws -> [String] {
            let change = try #require(ReloadPreviewTests.changes.first { $0.name == name })
            let inventory = listed ? ReloadPreviewTests.inventory : nil
            let old = PackProbe(ReloadPreviewTests.base, inventory: inventory)
            let new = PackProbe(try ReloadPreviewTests.text(change), inventory: inventory)
            let preview = ReloadPreview(from: try #require(old.rules), to: try #require(new.rules))
            return preview.rendered.split(separator: "\n").map(String.init)
        }
        #expect(try said("nothing") == ["reload: 7 alarms: 7 unchanged"])
        #expect(
            try said("limit") == [
                "limit moved: a/gas/H: state kept, evaluated again",
                "    limit.H 20 ppm → 15 ppm  (p.yaml:6:13)",
                "limit moved: a/gas/near: state kept, evaluated again",
                "    limit.H 20 ppm → 15 ppm  (p.yaml:6:13)",
                "reload: 7 alarms: 5 unchanged, 2 limit moved",
            ])
        // The second stream has a limit of its own.
        #expect(
            try said("limit", listed: true).first
                == "limit moved: a/gas/H on p/gas/1: state kept, evaluated again")
        #expect(
            try said("delay") == [
                "changed: a/gas/much: state kept", "    on_delay 0s → 2s",
                "reload: 7 alarms: 6 unchanged, 1 changed",
            ])
        #expect(
            try said("literal") == [
                "meaning changed: a/gas/much: reset, a standing alarm is closed and begins anew",
                "    when was: value > 10 ppm", "    when is:  value > 11 ppm",
                "reload: 7 alarms: 6 unchanged, 1 meaning changed",
            ])
        #expect(
            try said("name") == [
                "new: a/gas/plenty",
                "removed: a/gas/much: a standing alarm is closed (rule-removed)",
                "reload: 8 alarms: 6 unchanged, 1 new, 1 removed",
            ])
        #expect(
            try said("match", listed: true).last
                == "reload: 14 alarms: 7 unchanged, 7 removed")
    }

    @Test("A cell of the inventory that moves a limit is named")
    func cell() throws {
        let old = PackProbe(ReloadPreviewTests.base, inventory: ReloadPreviewTests.inventory)
        let new = PackProbe(
            ReloadPreviewTests.base,
            inventory: "stream,limit.H\np/gas/1,\np/gas/2,33\n")
        let preview = ReloadPreview(from: try #require(old.rules), to: try #require(new.rules))
        let moved = preview.entries.filter { $0.change == .limitMoved }
        #expect(moved.map(\.rule) == ["a/gas/H", "a/gas/near"])
        #expect(moved.map(\.streams) == [["p/gas/2"], ["p/gas/2"]])
        #expect(moved[0].details.map(\.place) == ["i.csv:3:9"])
        #expect(moved[0].details.map(\.new) == ["33 ppm"])
    }

    @Test("Rules that cannot be read are an error, and no preview")
    func unreadable() throws {
        let folder = try #require(
            RuleFiles.find("Rules/hazchem", reporting: DiagnosticList()).first)
        var request = CheckRequest(
            paths: [folder.path], now: Timestamp(milliseconds: 1_767_600_000_000))
        request.against = .path("Rules/hazchem/no-such-folder")
        let outcome = CheckCommand.run(request)
        #expect(outcome.exitCode == 1)
        #expect(outcome.text.contains("no-such-folder:1:1: error: cannot be read"))
        #expect(!outcome.text.contains("new: "), "\(outcome.text)")
        request.against = .path(folder.path)
        let same = CheckCommand.run(request)
        #expect(same.exitCode == 0, "\(same.text)")
        #expect(same.text.contains(" unchanged\n"), "\(same.text)")
    }
}
