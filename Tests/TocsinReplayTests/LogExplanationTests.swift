import Foundation
import Testing
import TocsinEngine
import TocsinModel
import TocsinRules
import TocsinStore

@testable import TocsinReplay

@Suite("Explain from the alert log")
struct LogExplanationTests {
    let folder: TestFolder
    let events: [Event]
    let request: LogRequest

    /// A log as the daemon writes it, of a feed's events, and the rule set under its hash.
    init() throws {
        folder = try TestFolder()
        let rules = try folder.write("rules.yaml", Packs.all)
        var text = "ts_ms,stream,value,unit\n"
        for second in 0..<120 {
            let value = second < 60 ? second : 120 - second
            text += "\(1_700_000_000_000 + second * 1000),a/hazchem/lel/1,\(value),%LEL\n"
        }
        let feed = try folder.write("leak.csv", text)
        var events: [Event] = []
        _ = try ReplayRun.run(ReplayRequest(rules: [rules], feeds: [feed])) { event in
            events.append(event)
        }
        self.events = events
        var batch = EntryBatch()
        for event in events {
            batch.append(EventLine(logged: event.time, isReplay: false).body(of: event))
        }
        let log = folder.file("alerts.jsonl")
        _ = try AlertLog(path: log).append(batch)
        let rulesets = folder.file("rulesets")
        try FileManager.default.createDirectory(
            atPath: rulesets, withIntermediateDirectories: true)
        let loaded = try #require(
            RulesRequest(
                paths: [rules], site: Site(id: "replay"), time: Timestamp(milliseconds: 0)
            ).loadWithTexts(reporting: DiagnosticList()))
        let bundle = RulesetFile(name: "bundle", bytes: loaded.loaded.bundle.canonicalBytes)
        let digest = try RulesetStore(directory: rulesets).store([bundle])
        #expect(loaded.ruleSet.hash == "sha256:" + digest.hex)
        request = LogRequest(log: log, rulesets: rulesets, site: Site(id: "replay"))
    }

    @Test("An entry is found by its id, with its occurrence and its rule out of the stored set")
    func found() throws {
        #expect(events.map(\.kind) == [.raised, .escalated, .cleared])
        for event in events {
            let found = try LogExplanation.find(event.id, in: request)
            #expect(found.event.text("id") == event.id.hex)
            #expect(found.occurrence.map { $0.text("id") } == events.map(\.id.hex))
            let rule = try #require(found.rule)
            #expect(rule.definition.name == event.ruleDefinition?.name)
            #expect(rule.texts.map(\.path) == ["rules.yaml"])
            #expect(rule.limits.count == 1)
        }
    }

    @Test("The text has all that the entry says, the rule as written, and says where samples are")
    func text() throws {
        let text = try LogExplanation.find(events[1].id, in: request).text
        for part in [
            "escalated hazchem/gas/HH on a/hazchem/lel/1 at 2023-11-14T22:14:13.000+00:00\n",
            "rules.yaml:11\n",
            "HH: {priority: critical", "on_delay", "occurrence\n", events[1].id.hex + "  ←\n",
            "the alert log keeps none; give the recording with --feed and --rules",
        ] { #expect(text.contains(part), "\(part) in\n\(text)") }
        let rows = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        for row in [["value", "52"], ["limit", "50"], ["previous", events[0].id.hex]] {
            #expect(rows.contains(row), "\(row) in\n\(text)")
        }
    }

    @Test("The JSON holds the log's own lines")
    func json() throws {
        var found = try LogExplanation.find(events[0].id, in: request)
        found.samples = [
            ExplainedSample(
                time: events[0].time, value: 27, word: nil, quality: .good, marks: ["late"])
        ]
        let object = try JSONSerialization.jsonObject(with: Data(found.json))
        let members = try #require(object as? [String: Any])
        #expect((members["event"] as? [String: Any])?["seq"] as? Int == 1)
        #expect((members["occurrence"] as? [Any])?.count == 3)
        #expect((members["samples"] as? [[String: Any]])?.first?["value"] as? Int == 27)
        #expect(found.text.contains("27     good, late\n") || found.text.contains("good, late\n"))
    }

    @Test("What is not there is said: the event, the rule set")
    func missing() throws {
        let error = #expect(throws: ExplainError.self) {
            try LogExplanation.find(Identifier(high: 1, low: 2), in: request)
        }
        #expect(error?.description.contains("in \(request.log)") == true)
        var elsewhere = request
        elsewhere.rulesets = folder.file("nothing")
        let found = try LogExplanation.find(events[0].id, in: elsewhere)
        #expect(found.rule == nil)
        #expect(found.missingRule?.isEmpty == false)
        #expect(found.text.contains("\nrule: "))
    }
}
