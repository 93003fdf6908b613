import Testing
import TocsinEngine
import TocsinModel
import TocsinRules

@testable import TocsinReplay

@Suite("Golden incidents")
struct GoldenIncidentsTests {
    static func read(_ text: String) -> ([GoldenIncident]?, [String]) {
        let diagnostics = DiagnosticList()
        let found = GoldenIncidents.read(Array(text.utf8), path: "g.yaml", reporting: diagnostics)
        let findings = diagnostics.sorted.map { "\($0.line):\($0.column): \($0.message)" }
        return (found, findings)
    }

    @Test("A file is read with all its keys")
    func file() throws {
        let (found, findings) = GoldenIncidentsTests.read(
            """
            incidents:
              - name: leak at the pump
                stream: "a/hazchem/lel/+"
                from: 2023-11-14T22:13:20Z
                to: 1700003600000
                latest: 2023-11-14T22:23:20Z
                rules: [H, "site/*"]
              - {name: vote, group: store, from: 1, to: 2}
            """)
        #expect(findings == [])
        let incidents = try #require(found)
        #expect(incidents.count == 2)
        #expect(incidents[0].name == "leak at the pump")
        #expect(incidents[0].from == HistoryBuilder.origin)
        #expect(incidents[0].to == HistoryBuilder.time(3600))
        #expect(incidents[0].deadline == HistoryBuilder.time(600))
        #expect(incidents[0].rules == ["H", "site/*"])
        #expect(incidents[0].place == "g.yaml:2:5")
        #expect(incidents[1].group == "store")
        #expect(incidents[1].deadline == Timestamp(milliseconds: 2))
    }

    @Test(
        "What is wrong is said at its place",
        arguments: [
            ("", ["1:1: the file has no incidents"]),
            ("incidents: []\n", ["1:1: the file has no incidents"]),
            ("incident: []\n", ["1:1: unknown key `incident` in a golden file"]),
            (
                "incidents:\n  - {name: a, stream: s, from: 1}\n",
                ["2:5: an incident needs `to`"]
            ),
            (
                "incidents:\n  - {name: a, stream: s, form: 1, to: 2}\n",
                ["2:26: unknown key `form` in an incident"]
            ),
            (
                "incidents:\n  - {name: a, from: 1, to: 2}\n",
                ["2:5: an incident needs `stream` or `group`"]
            ),
            (
                "incidents:\n  - {name: a, stream: \"a/#/b\", from: 1, to: 2}\n",
                ["2:23: `a/#/b` is no filter of streams"]
            ),
            (
                "incidents:\n  - {name: a, stream: s, from: 2, to: 2}\n",
                ["2:35: `to` is not after `from`"]
            ),
            (
                "incidents:\n  - {name: a, stream: s, from: 1, to: 5, latest: 6}\n",
                ["2:42: `latest` is not between `from` and `to`"]
            ),
            (
                "incidents:\n  - name: a\n    stream: s\n    from: 2026-13-01T00:00:00Z\n"
                    + "    to: 3\n",
                ["4:11: `from` is no time: "]
            ),
            ("incidents: [\n", ["2:1: "]),
        ] as [(String, [String])])
    func mistakes(text: String, expected: [String]) {
        let (found, findings) = GoldenIncidentsTests.read(text)
        #expect(found == nil)
        #expect(findings.count == expected.count, "\(findings)")
        for (finding, start) in zip(findings, expected) {
            #expect(finding.hasPrefix(start), "\(finding)")
        }
    }

    @Test("A missing file is an error")
    func missing() {
        let diagnostics = DiagnosticList()
        #expect(GoldenIncidents.read(path: "/nowhere/g.yaml", reporting: diagnostics) == nil)
        #expect(diagnostics.rendered.hasPrefix("/nowhere/g.yaml:1:1: error:"))
    }

    static func history(_ lives: [(Double, Double)]) -> AlarmHistory {
        var builder = HistoryBuilder()
        let subject = builder.ladder("gas", stream: "a/lel/1")
        let stale = builder.ladder(
            "gas", stream: "a/lel/1", levels: ["stale"], alarmClass: .trouble)
        builder.life(stale, 101, 102)
        for life in lives { builder.life(subject, life.0, life.1) }
        return builder.history
    }

    static func incident(
        rules: [String] = [], latest: Double? = nil, stream: String = "a/lel/+"
    ) throws -> GoldenIncident {
        GoldenIncident(
            name: "leak", stream: try StreamPattern(stream), from: HistoryBuilder.time(100),
            to: HistoryBuilder.time(200), rules: rules,
            latest: latest.map(HistoryBuilder.time))
    }

    @Test("The first alarm inside the time catches it, with the lead to the deadline")
    func caught() throws {
        let history = GoldenIncidentsTests.history([(150, 160), (170, 180)])
        let found = try #require(try GoldenIncidentsTests.incident().caught(by: history))
        #expect(found.time == HistoryBuilder.time(150))
        #expect(found.lead == .seconds(50))
        #expect(found.rule == "gas/H")
        let early = try #require(try GoldenIncidentsTests.incident(latest: 155).caught(by: history))
        #expect(early.lead == .seconds(5))
        #expect(try GoldenIncidentsTests.incident(latest: 149).caught(by: history) == nil)
    }

    @Test("An alarm before, after, of another stream, rule or of trouble does not catch it")
    func missed() throws {
        #expect(
            try GoldenIncidentsTests.incident().caught(
                by: GoldenIncidentsTests.history([(90, 300)])) == nil)
        #expect(
            try GoldenIncidentsTests.incident().caught(
                by: GoldenIncidentsTests.history([(201, 300)])) == nil)
        let inside = GoldenIncidentsTests.history([(150, 160)])
        #expect(try GoldenIncidentsTests.incident(stream: "b/#").caught(by: inside) == nil)
        #expect(try GoldenIncidentsTests.incident(rules: ["HH"]).caught(by: inside) == nil)
        // Trouble counts where it is asked for.
        let trouble = try GoldenIncidentsTests.incident(rules: ["stale"]).caught(by: inside)
        #expect(trouble?.time == HistoryBuilder.time(101))
    }

    @Test(
        "A star in a rule's pattern stands for any characters",
        arguments: [
            ("H", "H", true), ("H", "HH", false), ("*", "", true), ("a/*", "a/b/c", true),
            ("a/*", "b/a/", false), ("*/H", "a/H", true), ("*/H", "a/HH", false),
            ("a*b*c", "aXbYc", true), ("a*b*c", "acb", false), ("a*a", "a", false),
            ("a**b", "ab", true),
        ])
    func patterns(pattern: String, text: String, fits: Bool) {
        #expect(GoldenIncident.matches(pattern, text) == fits)
    }

    @Test("What BASELINE caught and NEW misses is lost; what both miss is only missed")
    func lost() throws {
        let caught = GoldenIncidentsTests.history([(150, 160)])
        let missed = GoldenIncidentsTests.history([])
        let incident = try GoldenIncidentsTests.incident()
        func word(_ baseline: AlarmHistory, _ new: AlarmHistory) -> String {
            GoldenResult(incident, baseline: baseline, new: new).word
        }
        #expect(word(caught, caught) == "caught")
        #expect(word(missed, caught) == "caught")
        #expect(word(caught, missed) == "lost")
        #expect(word(missed, missed) == "missed")
    }
}
