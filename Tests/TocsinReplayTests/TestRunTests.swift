import Testing
import TocsinDecode
import TocsinRules

@testable import TocsinReplay

@Suite("tocsin test and tocsin decode")
struct TestRunTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try folder.write("rules.yaml", Packs.all)
        try folder.write("b-bad.yaml", TestRunTests.scenario(alarm: "raised: any"))
        try folder.write("a-good.yaml", TestRunTests.scenario(alarm: "no_alarm: true"))
    }

    static func scenario(alarm: String) -> String {
        """
        scenario: "it is <\(alarm)>"
        duration: 1m
        rules: [rules.yaml]
        streams: [{stream: l/dust/hopper/1, unit: "°C", every: 10s, signal: {baseline: 65}}]
        expect: [{alarm: hot, stream: l/dust/hopper/1, \(alarm)}]
        """
    }

    @Test("A folder's scenarios run in order; rules files are left alone; the last line counts")
    func folderRun() throws {
        var text = ""
        let report = try TestRun.run(
            TestRequest(
                paths: [folder.path], junit: folder.file("junit.xml"),
                events: folder.file("events"), listsCoverage: true)
        ) { text += $0 }
        let lines = text.split(separator: "\n").map(String.init)
        #expect(report.exitCode == 1)
        #expect(lines.last == "1 passed, 1 failed")
        try #require(lines.count > 4)
        #expect(lines[0].hasPrefix("pass  it is <no_alarm: true>  (0."))
        #expect(lines[1].hasPrefix("FAIL  it is <raised: any>  ("))
        #expect(lines[2].contains("b-bad.yaml:5:48: expected raised of hot on l/dust/hopper/1"))
        #expect(lines[3] == "      near: 0s raised dust/hopper/warm on l/dust/hopper/1 (low, good)")
        #expect(report.neverRaised.contains("dust/hopper/hot"))
        #expect(!report.neverRaised.contains("dust/hopper/warm"))
        #expect(lines.contains("  never raised: dust/hopper/hot"))
        let junit = try folder.read("junit.xml")
        #expect(junit.contains("tests=\"2\" failures=\"1\""))
        #expect(junit.contains("name=\"it is &lt;raised: any&gt;\""))
        let events = try folder.read("events/it_is__no_alarm__true_.jsonl")
        #expect(events.contains("\"rule\":\"dust/hopper/warm\""))
    }

    @Test("Coverage is told by class, and a share that is not reached is a failed case")
    func coverage() throws {
        func run(_ targets: [String]) throws -> (TestReport, [String]) {
            var text = ""
            var request = TestRequest(paths: [folder.file("a-good.yaml")])
            request.coverage = try targets.map { try #require(CoverageTarget(parsing: $0)) }
            request.junit = folder.file("junit.xml")
            let report = try TestRun.run(request) { text += $0 }
            return (report, text.split(separator: "\n").map(String.init))
        }
        // `warm` alone is raised: of five alarms none, of one early warning one.
        let (plain, lines) = try run([])
        #expect(plain.exitCode == 0)
        #expect(lines.contains("  early-warning: 1 of 1 (100 %)"))
        #expect(lines.contains("  alarm: 0 of 5 (0 %)"))
        #expect(lines.contains("  trouble: 0 of 9 (0 %)"))
        #expect(lines.last == "1 passed, 0 failed")
        let (warned, _) = try run(["early-warning=100"])
        #expect(warned.exitCode == 0)
        let (alarms, failing) = try run(["early-warning=100", "alarm=20%"])
        #expect(alarms.exitCode == 1)
        #expect(failing.contains("FAIL  coverage of alarm: 0 of 5 (0 %)"))
        #expect(failing.contains("  wanted 20 %; never raised:"))
        #expect(failing.contains("      dust/hopper/hot"))
        #expect(failing.last == "2 passed, 1 failed")
        let junit = try folder.read("junit.xml")
        #expect(junit.contains("tests=\"3\" failures=\"1\""))
        #expect(junit.contains("<testcase classname=\"coverage\" name=\"coverage of alarm: 0 of 5"))
        #expect(junit.contains("<failure message=\"wanted 20 %; never raised:\">"))
        let (all, _) = try run(["100"])
        #expect(all.failed == 2)
        let (zero, _) = try run(["0"])
        #expect(zero.exitCode == 0)
        for wrong in ["", "101", "-1", "alarms=5", "alarm=", "a=b=5", "nan"] {
            #expect(CoverageTarget(parsing: wrong) == nil, "\(wrong)")
        }
    }

    @Test("Packs in a folder count although no scenario loads them")
    func unloadedPacks() throws {
        try folder.write("extra.yaml", Packs.heat.replacing("dust/hopper", with: "dust/other"))
        let report = try TestRun.run(TestRequest(paths: [folder.path])) { _ in }
        #expect(report.neverRaised.contains("dust/other/hot"))
        try folder.write("extra.yaml", "pack: a/b\nextends: none/there\n")
        var text = ""
        let other = try TestRun.run(TestRequest(paths: [folder.path])) { text += $0 }
        #expect(text.contains("do not load by themselves"))
        #expect(other.rules.contains("dust/hopper/hot"))
    }

    @Test("A scenario that cannot be read fails with check's findings; nothing found fails too")
    func unreadable() throws {
        let path = try folder.write("c.yaml", "scenario: c\nduration: 1m\nrules: [none.yaml]\n")
        let report = try TestRun.run(TestRequest(paths: [path])) { _ in }
        #expect(report.failed == 1)
        #expect(report.cases[0].failures[0].text.contains("c.yaml:1:1: error: the scenario has no"))
        let empty = try TestRun.run(TestRequest(paths: [])) { _ in }
        #expect(empty.exitCode == 1)
        let missing = try TestRun.run(TestRequest(paths: [folder.file("none.yaml")])) { _ in }
        #expect(missing.exitCode == 1)
    }

    @Test("A broken scenario in a folder is not passed over")
    func brokenInFolder() throws {
        try folder.write("c.yaml", "about: [\nscenario: c\n")
        #expect(try TestRun.run(TestRequest(paths: [folder.path])) { _ in }.failed == 2)
    }

    @Test("check finds what is wrong with a scenario and its recordings")
    func checked() throws {
        let good = DiagnosticList()
        ScenarioChecker.check(path: folder.file("a-good.yaml"), reporting: good)
        #expect(good.rendered == "")
        let path = try folder.write(
            "d.yaml",
            """
            scenario: d
            duration: 1m
            rules: [rules.yaml]
            events: [{at: 0s, feed: {file: none.csv}}]
            """)
        let bad = DiagnosticList()
        ScenarioChecker.check(path: path, reporting: bad)
        #expect(bad.rendered.contains("none.csv: error: cannot be read"))
    }

    @Test("A payload becomes its samples as JSON lines, or the reason why not")
    func decode() throws {
        let rule = DecodeRule(
            topics: "#", valueAt: ["/v"], timeAt: "/ts", unitAt: "/u", qualityAt: "/q")
        let payload = Array(#"{"v":1.5,"ts":7,"u":"ppm","q":"over"}"#.utf8)
        let lines = try DecodeRun.lines(payload: payload, rule: rule, topic: "a/b")
        #expect(
            lines.map { String(decoding: $0, as: UTF8.self) } == [
                #"{"stream":"a/b","ts_ms":7,"value":1.5,"unit":"ppm","quality":"good","over":true,"#
                    + #""under":false,"bad_time":false,"quality_unknown":false}"#
            ])
        let two = try DecodeRun.lines(
            payload: Array(#"{"t":1,"h":"wet"}"#.utf8),
            rule: DecodeRule(topics: "#", valueAt: ["/t", "/h"]))
        #expect(two.count == 2)
        #expect(
            String(decoding: two[1], as: UTF8.self).hasPrefix(
                #"{"stream":"topic:h","ts_ms":null,"value":"wet","unit":null"#))
        let broken = #expect(throws: DecodeRunError.self) {
            try DecodeRun.lines(payload: Array("{".utf8), rule: rule)
        }
        #expect(broken?.description.hasPrefix("json: byte 1:") == true)
        let wrong = #expect(throws: DecodeRunError.self) {
            try DecodeRun.lines(payload: payload, rule: DecodeRule(topics: "#", valueAt: ["v"]))
        }
        #expect(wrong?.description.hasPrefix("--value-at: a JSON Pointer begins with") == true)
    }
}
