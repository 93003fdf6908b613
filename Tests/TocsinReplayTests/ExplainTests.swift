import Foundation
import Testing
import TocsinEngine
import TocsinModel
import TocsinRules

@testable import TocsinReplay

@Suite("Explain")
struct ExplainTests {
    let folder: TestFolder
    let rules: String

    init() throws {
        folder = try TestFolder()
        rules = try folder.write("rules.yaml", Packs.all)
    }

    static let start: Int64 = 1_700_000_000_000
    static let stream = "a/hazchem/lel/1"

    /// A ramp over both limits and back, one sample a second, then silence of the stream; another
    /// stream goes on.
    func leak() throws -> String {
        var text = "ts_ms,stream,value,unit\n"
        for second in 0..<130 {
            let time = ExplainTests.start + Int64(second) * 1000
            let value = second < 60 ? second : 120 - second
            if second < 120 { text += "\(time),\(ExplainTests.stream),\(value),%LEL\n" }
            text += "\(time),b/hazchem/lel/1,1,%LEL\n"
        }
        return try folder.write("leak.csv", text)
    }

    func request(_ feed: String) -> ExplainRequest {
        ExplainRequest(inputs: .feeds([feed]), rules: [rules])
    }

    /// All events of a feed.
    func events(_ feed: String) throws -> [Event] {
        var events: [Event] = []
        _ = try ReplayRun.run(ReplayRequest(rules: [rules], feeds: [feed])) { event in
            events.append(event)
        }
        return events
    }

    @Test("Every event of a feed is found by its id, with the rule as it was at that moment")
    func everyEvent() throws {
        let feed = try leak()
        let events = try events(feed)
        #expect(
            events.map { "\($0.kind.word) \($0.ruleDefinition?.shortName ?? "-")" } == [
                "raised H", "escalated HH", "cleared H", "raised stale",
            ])
        let wanted: [(phase: Phase, value: Double?, result: Truth?)] = [
            (.on, 27, .yes), (.on, 52, .yes), (.off, 13, .no), (.on, 1, nil),
        ]
        for (event, wanted) in zip(events, wanted) {
            let found = try Explain.event(event.id, in: request(feed))
            let rule = try #require(found.rule)
            #expect(rule.trace.definition.name == event.ruleDefinition?.name)
            #expect(rule.trace.phase == wanted.phase)
            #expect(rule.trace.stream.value == wanted.value)
            #expect(rule.trace.program(.condition)?.result == wanted.result)
            #expect(found.occurrence.last?.id == event.id)
            // An event's own value and the trace's are the same moment.
            #expect(event.value == rule.trace.stream.value)
            #expect(rule.samples.last?.value == wanted.value)
            #expect(rule.samples.count <= RuleExplanation.samplesMax)
        }
        let cleared = try Explain.event(events[2].id, in: request(feed))
        #expect(cleared.occurrence.map(\.id) == events.prefix(3).map(\.id))
    }

    @Test("The steps of a condition have their texts, values and deadbands")
    func steps() throws {
        let feed = try leak()
        let raised = try #require(try events(feed).first)
        let rule = try #require(try Explain.event(raised.id, in: request(feed)).rule)
        let steps = try #require(rule.trace.program(.condition)).steps
        #expect(steps.map(\.text) == ["value", "limit.H", "value >= limit.H"])
        #expect(steps.map(\.value) == [27, 25, 1])
        #expect(steps[2].operands == [0, 1])
        #expect(steps[2].deadband?.width == 2)
        #expect(steps[2].deadband?.isRemembered == true)
        #expect(
            rule.limits == [
                ExplainedLimit(name: "H", value: 25, unit: "%LEL", origin: rules + ":7:10")
            ])
        #expect(rule.texts.map(\.line) == [12])
        #expect(rule.texts[0].lines[0].contains("H: {priority: high"))
    }

    @Test("The text says the event, the rule's file and line, the values and the samples")
    func text() throws {
        let feed = try leak()
        let raised = try #require(try events(feed).first)
        let text = try Explain.event(raised.id, in: request(feed)).text
        for part in [
            "raised hazchem/gas/H on a/hazchem/lel/1 at 2023-11-14T22:13:48.000+00:00\n",
            "\(rules):12\n", "sha256:", "when: true\n  value >= limit.H  true",
            "    value           27 %LEL\n    limit.H         25 %LEL\n",
            "on, began 2023-11-14T22:13:45.000+00:00", "27 %LEL  good\n", raised.id.hex + "  ←",
        ] { #expect(text.contains(part), "\(part) in\n\(text)") }
    }

    @Test("The JSON is one object, and the same bytes every time")
    func json() throws {
        let feed = try leak()
        for event in try events(feed) {
            let one = try Explain.event(event.id, in: request(feed)).json
            #expect(try Explain.event(event.id, in: request(feed)).json == one)
            let object = try JSONSerialization.jsonObject(with: Data(one))
            let members = try #require(object as? [String: Any])
            let inner = try #require(members["event"] as? [String: Any])
            #expect(inner["id"] as? String == event.id.hex)
            let rule = try #require(members["explanation"] as? [String: Any])
            #expect(rule["rule"] as? String == event.ruleDefinition?.name)
            #expect((members["occurrence"] as? [Any])?.isEmpty == false)
        }
    }

    @Test("An id that the feed does not make is refused with what ids depend on")
    func unknownEvent() throws {
        let feed = try leak()
        let error = #expect(throws: ExplainError.self) {
            try Explain.event(Identifier(high: 1, low: 2), in: request(feed))
        }
        #expect(error?.description.contains("among the 4 events") == true)
        #expect(error?.description.contains("site.id (here replay)") == true)
    }

    @Test("An event of the system has no rule, and is explained as what it says")
    func systemEvent() throws {
        let feed = try leak()
        let inventory = try folder.write("inventory.csv", "stream\n\(ExplainTests.stream)\n")
        var wanted = request(feed)
        wanted.inventory = inventory
        var run = try ExplainRun(wanted)
        var strangers: [Event] = []
        while run.nextArrival != nil {
            strangers += try run.step().filter { $0.kind == .publisherUnlisted }
        }
        #expect(strangers.map { $0.note?.subject } == ["b/hazchem/lel/1"])
        let found = try Explain.event(try #require(strangers.first).id, in: wanted)
        #expect(found.rule == nil)
        #expect(found.text.contains("publisher-unlisted"))
    }

    @Test("A scenario is explained with its own rules, commands and site")
    func scenario() throws {
        let path = try folder.write(
            "scenario.yaml",
            """
            scenario: leak
            duration: 60s
            rules: [rules.yaml]
            streams:
              - {stream: a/hazchem/lel/1, unit: "%LEL", every: 1s, signal: {baseline: 1}}
            events:
              - {at: 10s, stream: a/hazchem/lel/1, step: {to: 30}}
              - {at: 20s, acknowledge: {alarm: H, stream: a/hazchem/lel/1, by: operator}}
            expect:
              - {alarm: H, stream: a/hazchem/lel/1, raised: [13s, 14s]}
            """)
        let request = ExplainRequest(inputs: .scenario(path))
        var run = try ExplainRun(request)
        var events: [Event] = []
        while run.nextArrival != nil { events += try run.step() }
        #expect(events.map(\.kind) == [.raised, .acknowledged])
        let found = try Explain.event(events[1].id, in: request)
        #expect(found.text.contains("by        operator"))
        #expect(found.rule?.trace.alarm.state == .acknowledged)
    }

    @Test("A vote is explained with every member's answer and value")
    func vote() throws {
        let rules = try folder.write(
            "vote.yaml",
            """
            pack: hazchem/vote
            match: "{area}/hazchem/lel/{id}"
            unit: "%LEL"
            limits: {H: 25 %LEL}
            alarms:
              - name: two
                when: votes(value >= limit.H, of="{area}/hazchem/lel/+") >= 2
                priority: critical
                action: "Evacuate"
            """)
        let feed = try folder.write(
            "vote.csv",
            """
            ts_ms,stream,value,unit,quality
            1700000000000,a/hazchem/lel/1,30,%LEL,good
            1700000000000,a/hazchem/lel/2,3,%LEL,bad
            1700000000000,b/hazchem/lel/1,40,%LEL,good
            1700000001000,a/hazchem/lel/3,31,%LEL,good
            """)
        let request = ExplainRequest(inputs: .feeds([feed]), rules: [rules])
        var run = try ExplainRun(request)
        var events: [Event] = []
        while run.nextArrival != nil { events += try run.step() }
        let raised = try #require(events.first { $0.kind == .raised && $0.rule == 0 })
        let found = try #require(try Explain.event(raised.id, in: request).rule)
        let step = try #require(found.trace.program(.condition)?.steps.last)
        #expect(step.truth == .yes)
        #expect(step.members.map(\.stream) == (1...3).map { "a/hazchem/lel/\($0)" })
        #expect(step.members.map(\.vote) == [.yes, .bad, .yes])
        #expect(step.members.map(\.value) == [30, nil, 31])
        #expect(found.limits.map(\.name) == ["H"])
    }

    @Test("A window shows its samples and coverage, a line its slope, error and interval")
    func windows() throws {
        let rules = try folder.write(
            "windows.yaml",
            """
            pack: hazchem/trend
            match: "{area}/hazchem/lel/{id}"
            unit: "%LEL"
            every: 1s
            limits: {H: 25 %LEL}
            alarms:
              - name: soon
                class: early-warning
                when: time_to(limit.H, over=10s) < 20s and mean(10s) > 4 %LEL
                priority: low
            """)
        // Up by 0.5 %LEL a second, with a little noise.
        var text = "ts_ms,stream,value,unit\n"
        for second in 0..<40 {
            let value = Double(second) * 0.5 + (second % 2 == 0 ? 0.1 : -0.1)
            text += "\(ExplainTests.start + Int64(second) * 1000),a/hazchem/lel/1,\(value),%LEL\n"
        }
        let feed = try folder.write("trend.csv", text)
        let request = ExplainRequest(inputs: .feeds([feed]), rules: [rules])
        let why = try WhyNot.explain(
            rule: "soon", stream: "a/hazchem/lel/1",
            at: Timestamp(milliseconds: ExplainTests.start + 5000), in: request)
        #expect(why.verdict.kind == .unknown)
        #expect(
            why.verdict.text == "unknown: the window was covered for 5 of 10 s (6 samples)")
        var run = try ExplainRun(request)
        var events: [Event] = []
        while run.nextArrival != nil { events += try run.step() }
        let raised = try #require(events.first { $0.ruleDefinition?.shortName == "soon" })
        let found = try Explain.event(raised.id, in: request)
        let steps = try #require(found.rule?.trace.program(.condition)).steps
        let time = try #require(steps.first { $0.line != nil })
        let line = try #require(time.line)
        #expect(abs(line.slope - 0.5) < 0.02)
        #expect(line.slopeError > 0 && line.slopeError < 0.05)
        #expect(try #require(line.low) < time.value)
        #expect(try #require(line.high) > time.value)
        #expect(time.window?.samples == 10)
        #expect(time.window?.length == .seconds(10))
        #expect(found.text.contains("10 samples, covered 10 s of 10 s; slope 0."))
        #expect(String(decoding: found.json, as: UTF8.self).contains("\"covered_ms\":10000"))
    }

    @Test("An event at the end of a delay is traced before the sample that reached it")
    func beforeTheSample() throws {
        var text = "ts_ms,stream,value,unit\n"
        for second in 0...3 {
            let value = second == 3 ? 1 : 30
            text += "\(ExplainTests.start + Int64(second) * 1000),a/hazchem/lel/1,\(value),%LEL\n"
        }
        let feed = try folder.write("drop.csv", text)
        let raised = try #require(try events(feed).first)
        #expect(raised.time.milliseconds == ExplainTests.start + 3000)
        let rule = try #require(try Explain.event(raised.id, in: request(feed)).rule)
        #expect(rule.trace.stream.value == 30)
        #expect(rule.samples.map(\.value) == [30, 30, 30])
    }

    @Test("Tracing everything after every input changes no event")
    func tracingChangesNothing() throws {
        // Around the limit, so that deadbands remember and delays begin and end.
        var seed: UInt64 = 2026
        print("seed \(seed)")
        var text = "ts_ms,stream,value,unit,quality\n"
        for second in 0..<2000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = 20 + Double(seed >> 40) / Double(1 << 24) * 12
            let quality = seed >> 32 & 31 == 0 ? "bad" : "good"
            text += "\(ExplainTests.start + Int64(second) * 1000),\(ExplainTests.stream),"
            text += "\(value),%LEL,\(quality)\n"
        }
        let feed = try folder.write("around.csv", text)
        let plain = TextOutput.memory()
        _ = try ReplayRun.run(ReplayRequest(rules: [rules], feeds: [feed]), events: plain)
        var run = try ExplainRun(request(feed))
        var lines: [[UInt8]] = []
        func keep(_ events: [Event]) {
            for event in events {
                lines.append(EventLine.replayLine(of: event, seq: lines.count + 1))
            }
        }
        while run.nextArrival != nil {
            keep(try run.step())
            for rule in ["H", "HH", "stale", "bad"] {
                let trace = run.engine.trace(rule: rule, stream: ExplainTests.stream, mode: .live)
                #expect(trace != nil)
                _ = run.engine.sides(
                    ofStep: 2, rule: rule, stream: ExplainTests.stream, mode: .live)
            }
        }
        keep(run.finish())
        #expect(lines.count > 20)
        #expect(Array(lines.joined(separator: [10])) + [10] == plain.bytes)
    }
}
