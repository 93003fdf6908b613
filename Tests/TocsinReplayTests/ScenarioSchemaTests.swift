import Foundation
import Testing
import TocsinEngine
import TocsinModel
import TocsinRules

@testable import TocsinReplay

@Suite("The schemas of scenarios and events say what is read and written")
struct ScenarioSchemaTests {
    /// Every kind of mapping that a scenario may hold.
    static let everyMapping = """
        scenario: every
        duration: 1m
        rules: [rules.yaml]
        streams:
          - stream: a/b
            every: 1s
            signal: {sine: {amplitude: 1, period: 1s}, sawtooth: {amplitude: 1, period: 1s}}
        events:
          - {at: 1s, stream: a/b, ramp: {to: 1, over: 1s}}
          - {at: 1s, stream: a/b, step: {to: 1}}
          - {at: 1s, stream: a/b, spike: {to: 1}}
          - {at: 1s, stream: a/b, decay: {to: 1, half_life: 1s}}
          - {at: 1s, stream: a/b, drift: {by: 1, over: 1s}}
          - {at: 1s, stream: a/b, stuck: {for: 1s}}
          - {at: 1s, stream: a/b, gap: {for: 1s}}
          - {at: 1s, stream: a/b, duplicate: {count: 1}}
          - {at: 1s, stream: a/b, reorder: {by: 1s}}
          - {at: 1s, stream: a/b, clock-jump: {to: 1970-01-01T00:00:00Z}}
          - {at: 1s, stream: a/b, quality: {to: bad}}
          - {at: 1s, stream: a/b, state: {to: RUN}}
          - {at: 1s, stream: a/b, sample: {value: 1}}
          - {at: 1s, feed: {file: none.csv}}
          - {at: 1s, acknowledge: {alarm: H, stream: a/b}}
          - {at: 1s, reset: {alarm: H, stream: a/b}}
          - {at: 1s, broker: lost}
        expect:
          - {alarm: H, stream: a/b, no_alarm: true}
          - {refused: {command: reset, alarm: H, stream: a/b, at: 1s}}
        """

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("A scenario's keys are those of its reader")
    func keys() throws {
        let diagnostics = DiagnosticList(recordsKeys: true)
        let text = ScenarioSchemaTests.everyMapping
        let read = ScenarioReader.read(Array(text.utf8), path: "s.yaml", reporting: diagnostics)
        #expect(read != nil, "\(diagnostics.rendered)")
        let asked = try #require(diagnostics.keysAsked)
        let table = try #require(FileSchema.scenario.table)
        var known: Set<String> = []
        for mapping in table.all {
            known.insert(mapping.name)
            #expect(Set(mapping.keys.map(\.name)) == asked[mapping.name], "\(mapping.name)")
        }
        #expect(known == Set(asked.keys))
    }

    @Test("What the schema is shown to refuse, the reader refuses too")
    func wrongFiles() throws {
        let path = ScenarioSchemaTests.root.path + "/Tests/Schema/wrong.yaml"
        let unreported = DiagnosticList()
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let stream = try #require(YAMLReader.read(bytes, path: path, reporting: unreported))
        let entries = (stream.documents.first?.sequence ?? []).filter {
            $0["schema"]?.scalar?.text == "scenario"
        }
        #expect(entries.count >= 10)
        for entry in entries {
            let text = try #require(entry["file"]?.scalar?.text)
            let found = DiagnosticList()
            _ = ScenarioReader.read(Array(text.utf8), path: "w.yaml", reporting: found)
            #expect(found.hasErrors, "the reader accepts:\n\(text)")
        }
    }

    @Test("An event has the schema's members, in its order")
    func members() throws {
        let time = Timestamp(milliseconds: 1_767_600_000_000)
        let ruleSet = RuleSet(site: Site(id: "s"), packs: [])
        var engine = OfflineEngine(ruleSet: ruleSet, start: time)
        engine.step(.system(.started, note: EventNote(reason: "a test")), arrival: time)
        let event = try #require(engine.takeEvents().first)
        let line = String(decoding: EventLine.replayLine(of: event, seq: 1), as: UTF8.self)
        let names = try NSRegularExpression(pattern: "[{,]\"([a-z_]+)\":").matches(
            in: line, range: NSRange(line.startIndex..., in: line)
        ).compactMap { match in Range(match.range(at: 1), in: line).map { String(line[$0]) } }
        #expect(names == FileSchema.eventMembers)
    }
}
