import Testing

@testable import TocsinReplay

@Suite("Reading scenarios")
struct ScenarioReaderTests {
    let probe: ScenarioProbe

    init() throws { probe = try ScenarioProbe() }

    static let stream = "streams: [{stream: l/dust/hopper/1, every: 1s}]\n"

    /// Lines count from the first behind the head, which is `streams` where `stream` is used.
    static let mistakes: [(text: String, finding: String)] = [
        ("evnts: []\n" + stream, "1:1 error: unknown key `evnts` in a scenario"),
        ("streams: [{stream: \"x/{1..\", every: 1s}]", "1:23 error: the { is not closed"),
        (
            "streams: [{stream: \"x/{4..1}\"}]",
            "1:23 error: a range is written {1..4}, smaller first"
        ),
        (
            "streams: [{stream: \"x/{1..200000}\"}]",
            "1:23 error: the range has more than 100000 members"
        ),
        ("streams: [{stream: x}, {stream: x}]", "1:33 error: the stream `x` is listed twice"),
        ("streams: [{stream: x, unit: ppn}]", "1:29 error: unknown unit `ppn`"),
        (
            "streams: [{stream: x, signal: {state: RUN, noise: 1}}]",
            "1:44 error: a signal is a `state` or numbers, not both"
        ),
        ("about: nothing", "-3:1 error: the scenario has no `streams` and no `feed` event"),
        (
            stream + "events: [{at: 9m, stream: l/dust/hopper/1, gap: {}}]",
            "2:15 error: `at` must be between 0s and 5m"
        ),
        (
            stream + "events: [{at: 1s, stream: l/dust/hoper/1, gap: {}}]",
            "2:27 error: no stream `l/dust/hoper/1` in this scenario"
        ),
        (
            stream + "events: [{at: 1s, stream: l/dust/hopper/1, rmap: {to: 1, over: 1s}}]",
            "2:44 error: unknown key `rmap` in an event"
        ),
        (
            stream + "events: [{at: 1s, stream: l/dust/hopper/1, gap: {}, stuck: {}}]",
            "2:53 error: an event is one thing: `gap` or `stuck`"
        ),
        (
            stream + "events: [{at: 1s, stream: l/dust/hopper/1, clock-jump: {}}]",
            "2:56 error: a clock jump needs `by` or `to`"
        ),
        (
            stream + "events: [{at: 1s, stream: l/dust/hopper/1, quality: poor}]",
            "2:53 error: `poor` is no quality"
        ),
        (
            "streams: [{stream: x}]\nevents: [{at: 1s, stream: x, ramp: {to: 1, over: 1s}}]",
            "2:30 error: `x` has no cadence: this needs samples in a row"
        ),
        (
            stream + "expect: [{alarm: hot, stream: l/dust/hopper/1}]",
            "2:10 error: nothing is expected here"
        ),
        (
            stream + "expect: [{alarm: hot, raised: 7m}]",
            "2:31 error: `raised` must be a window of two times, or any"
        ),
        (
            stream + "expect: [{alarm: hot, raised: [6m, 7m]}]",
            "2:31 error: the window begins after the scenario's end (5m)"
        ),
        (
            stream + "expect: [{alarm: hott, raised: any}]",
            "2:24 error: no rule of this scenario has the name `hott`"
        ),
        (
            stream + "expect: [{alarm: HH, stream: l/dust/hopper/1, no_alarm: true}]",
            "2:47 error: no rule `HH` watches `l/dust/hopper/1`"
        ),
        (
            stream + "expect: [{alarm: hot, state: normal}]",
            "2:23 error: a state belongs to one alarm on one stream"
        ),
        (
            stream + "expect: [{refused: {command: reset, alarm: hot, stream: l/dust/hopper/1, "
                + "at: 1s}}]",
            "2:20 error: no reset of hot on l/dust/hopper/1 at 1s in `events`"
        ),
        (
            stream + "expect: [{no_alarm: true, raised: any}]",
            "2:27 error: `no_alarm` and an event contradict each other"
        ),
        (
            stream + "start: yesterday",
            "2:8 error: `start` is no time: character 1: expected a digit"
        ),
    ]

    @Test("A mistake is found at its place", arguments: ScenarioReaderTests.mistakes)
    func finds(text: String, finding: String) throws {
        let findings = try probe.read(text).1
        #expect(findings.contains(finding), "\(findings)")
    }

    @Test("Patterns multiply, the last brace fastest")
    func patterns() throws {
        #expect(
            try StreamNames.expand("{a,b}/{1..2}/x", limit: 9)
                == ["a/1/x", "a/2/x", "b/1/x", "b/2/x"])
        #expect(try StreamNames.expand("plain", limit: 1) == ["plain"])
        #expect(throws: StreamNames.Problem.self) {
            try StreamNames.expand("{1..4}{1..4}", limit: 15)
        }
    }
}
