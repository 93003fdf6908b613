import TocsinModel
import TocsinRules
import Testing

@testable import TocsinReplay

@Suite("Disturbed scenarios")
struct MutationTests {
    private static let leak = """
        streams:
          - {stream: "a/hazchem/lel/{1,2}", unit: "%LEL", every: 1s, signal: {baseline: 1}}
        events:
          - {at: 60s, stream: a/hazchem/lel/1, step: {to: 30}}
          - {at: 140s, stream: a/hazchem/lel/1, step: {to: 1}}
        expect:
          - {alarm: H, stream: a/hazchem/lel/1, raised: [60s, 64s]}
        """

    private func report(
        _ kinds: [Perturbation], _ body: String = MutationTests.leak, streams: Int = 50
    ) throws -> MutationReport {
        let probe = try ScenarioProbe()
        let (scenario, findings) = try probe.read(body)
        #expect(findings == [])
        let read = try #require(scenario)
        let rules = try #require(ScenarioRun.rules(of: read, reporting: DiagnosticList()))
        return try MutationRun.run(
            read, ruleSet: rules, perturbations: kinds, streamsMax: streams)
    }

    private func effects(_ report: MutationReport) -> [String] {
        report.results.flatMap { result in
            result.effects.map { "\($0.alarm.rule) \($0.effect) \(result.troubles)" }
        }
    }

    @Test("The stream with an alarm is disturbed just before it, the quiet one in its middle")
    func places() throws {
        let report = try report([.duplicate])
        #expect(report.results.map(\.stream) == ["a/hazchem/lel/1", "a/hazchem/lel/2"])
        #expect(report.results.map(\.isInExcursion) == [true, false])
        let start = report.scenario.start
        #expect(report.results.map { ($0.begin - start).text } == ["60500ms", "150s"])
        #expect(report.baselineFailures.isEmpty)
    }

    @Test("Repeated readings change nothing")
    func duplicates() throws {
        let report = try report([.duplicate])
        #expect(effects(report) == [])
        #expect(report.summary == "0 missed, 0 of them silently; 0 false alarms")
    }

    @Test("One normal reading within the on-delay makes the alarm come later")
    func spike() throws {
        let report = try report([.spike])
        #expect(effects(report).count == 1)
        #expect(report.results.first?.effects.first?.effect == .later(.seconds(2)))
    }

    @Test("Half a minute of silence is announced by trouble")
    func dropOut() throws {
        let report = try report([.dropOut], streams: 1)
        #expect(report.results[0].troubles == ["hazchem/gas/stale"])
        #expect(report.lostSilently == 0)
    }

    @Test("Numbers in a hundredth of the unit miss the alarm, and nothing says so")
    func unitSwap() throws {
        let report = try report([.unitSwap], streams: 1)
        #expect(effects(report) == ["hazchem/gas/H missed(announced: false) []"])
        #expect(report.lostSilently == 1)
        #expect(report.text.contains("MISSED, silently: hazchem/gas/H"))
    }

    @Test("A clock an hour ahead is trouble, and the alarm comes all the same")
    func clockAhead() throws {
        let report = try report([.clockAhead], streams: 1)
        #expect(report.results[0].troubles == ["hazchem/gas/clock"])
        #expect(report.lost == 0)
    }

    @Test("Rules that no run raised are named, and streams beyond the limit counted")
    func untouched() throws {
        let report = try report([.duplicate], streams: 1)
        #expect(report.omittedStreams == 1)
        #expect(report.untouched.contains("dust/hopper/hot"))
        #expect(!report.untouched.contains("hazchem/gas/H"))
    }

    @Test("The same scenario gives the same report, as text and as JSON")
    func repeatable() throws {
        let kinds = Perturbation.allCases
        let first = try report(kinds)
        let second = try report(kinds)
        #expect(first.text == second.text)
        #expect(first.json == second.json)
        #expect(first.json.hasPrefix("{\"scenario\":\"probe\",\"missed\":"))
    }
}
