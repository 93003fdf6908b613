import Testing

@testable import TocsinReplay

/// Every kind of expectation, once met and once not: a check that cannot fail is worthless.
@Suite("Expectations")
struct ExpectationTests {
    let probe: ScenarioProbe

    init() throws { probe = try ScenarioProbe() }

    /// 1 → 80 %LEL in two minutes from 60 s: H at 96.5 s + 3 s, HH at 134.4 s + 3 s; back at 240 s.
    static let leak = """
        streams:
          - {stream: "a/hazchem/lel/{1..2}", unit: "%LEL", every: 1s, signal: {baseline: 1}}
          - {stream: b/hazchem/lel/1, unit: "%LEL", every: 1s, test: true, signal: {baseline: 30}}
        events:
          - {at: 60s, stream: a/hazchem/lel/1, ramp: {to: 80, over: 120s}}
          - {at: 200s, acknowledge: {alarm: HH, stream: a/hazchem/lel/1, by: Li Wei}}
          - {at: 210s, reset: {alarm: H, stream: a/hazchem/lel/1}}
          - {at: 240s, stream: a/hazchem/lel/1, step: {to: 1}}
          - {at: 290s, reset: {alarm: H, stream: a/hazchem/lel/1, reason: safe}}
        expect:
          - {stream: b/hazchem/lel/1, alarm: H, raised: [3s, 3s], mode: test}
          - {refused: {command: reset, alarm: H, stream: a/hazchem/lel/1, at: 210s}}
          - {alarm: H, stream: a/hazchem/lel/1, raised: [99s, 101s]}

        """

    static let met: [String] = [
        "- {alarm: H, stream: a/hazchem/lel/1, raised: any}",
        "- {rule: hazchem/gas/H, stream: a/hazchem/lel/1, raised: any, priority: high}",
        "- {alarm: HH, stream: a/hazchem/lel/1, escalated: [135s, 142s], level: orange}",
        "- {alarm: HH, stream: a/hazchem/lel/1, cleared: [250s, 250s]}",
        "- {alarm: H, stream: a/hazchem/lel/1, cleared: [250s, 250s], state: latched-acknowledged}",
        "- {alarm: HH, stream: a/hazchem/lel/1, acknowledged: [200s, 200s]}",
        "- {alarm: H, stream: a/hazchem/lel/1, reset: [290s, 290s], reason: safe}",
        "- {alarm: H, stream: a/hazchem/lel/1, state: normal}",
        "- {alarm: H, stream: b/hazchem/lel/1, state: unacknowledged}",
        "- {alarm: H, raised: any, count: 2}",
        "- {alarm: H, raised: any, count: [1, 3]}",
        "- {no_alarm: true, stream: a/hazchem/lel/2}",
        "- {no_alarm: true, class: trouble}",
        "- {no_alarm: true, stream: a/hazchem/lel/1, window: [0s, 90s]}",
        "- {no_alarm: true, event: de-escalated}",
        "- {event: raised, class: alarm, stream: a/hazchem/lel/1, window: [90s, 110s]}",
        "- {refused: {command: reset, alarm: H, stream: a/hazchem/lel/1, at: 210s, "
            + "reason: still true}}",
        "- {alarm: H, stream: a/hazchem/lel/1, raised: any, quality: good, degraded: false}",
        "- {alarm: H, stream: a/hazchem/lel/1, raised: any, retained: false, message: limit H}",
        "- {alarm: H, stream: \"{a,b}/hazchem/lel/1\", raised: any}",
        "- {alarm: H, stream: a/hazchem/lel/1, raised: any, mode: live}",
    ]

    @Test("What happened meets the expectation", arguments: ExpectationTests.met)
    func isMet(line: String) throws {
        let text = ExpectationTests.leak + "  " + line
        #expect(try probe.run(text).failures == [])
    }

    static let unmet: [(line: String, failure: String)] = [
        (
            "- {alarm: H, stream: a/hazchem/lel/2, raised: any}",
            "expected raised of H on a/hazchem/lel/2; it did not come"
        ),
        (
            "- {alarm: HH, stream: a/hazchem/lel/1, escalated: [90s, 100s]}",
            "expected escalated of HH on a/hazchem/lel/1 in [90s, 100s]; it did not come"
        ),
        (
            "- {alarm: H, stream: a/hazchem/lel/1, raised: any, priority: low}",
            "expected raised of H on a/hazchem/lel/1; it did not come"
        ),
        (
            "- {alarm: HH, stream: a/hazchem/lel/1, escalated: any, level: red}",
            "expected escalated of HH on a/hazchem/lel/1; it did not come"
        ),
        (
            "- {alarm: HH, stream: a/hazchem/lel/1, raised: any}",
            "expected raised of HH on a/hazchem/lel/1; it did not come"
        ),
        (
            "- {alarm: HH, stream: b/hazchem/lel/1, cleared: any}",
            "expected cleared of HH on b/hazchem/lel/1; it did not come"
        ),
        (
            "- {alarm: HH, stream: a/hazchem/lel/1, acknowledged: [201s, 5m]}",
            "expected acknowledged of HH on a/hazchem/lel/1 in [201s, 5m]; it did not come"
        ),
        (
            "- {alarm: H, stream: a/hazchem/lel/1, reset: any, reason: other}",
            "expected reset of H on a/hazchem/lel/1; it did not come"
        ),
        (
            "- {alarm: H, stream: a/hazchem/lel/1, state: acknowledged}",
            "expected H on a/hazchem/lel/1 to end acknowledged; it is normal"
        ),
        ("- {alarm: H, raised: any, count: 3}", "expected raised of H 3 times; it came 2 times"),
        ("- {alarm: H, raised: any}", "expected raised of H; it came 2 times"),
        (
            "- {no_alarm: true, stream: a/hazchem/lel/1}",
            "expected not to raise: any alarm on a/hazchem/lel/1; 2 came"
        ),
        (
            "- {no_alarm: true, stream: a/hazchem/lel/1, window: [90s, 100s]}",
            "expected not to raise: any alarm on a/hazchem/lel/1 in [90s, 100s]; 1 came"
        ),
        ("- {no_alarm: true, event: cleared}", "expected no cleared of any alarm; 1 came"),
        (
            "- {no_alarm: true, class: alarm, stream: a/hazchem/lel/1}",
            "expected not to raise: any alarm on a/hazchem/lel/1; 2 came"
        ),
        ("- {no_alarm: true, alarm: HH}", "expected not to raise: HH; 1 came"),
        (
            "- {event: broker-lost, window: [0s, 90s]}",
            "expected broker-lost of any alarm in [0s, 90s]; it did not come"
        ),
        (
            "- {refused: {command: reset, alarm: H, stream: a/hazchem/lel/1, at: 290s}}",
            "expected reset of H on a/hazchem/lel/1 at 290s to be refused; it was accepted"
        ),
        (
            "- {refused: {command: reset, alarm: H, stream: a/hazchem/lel/1, at: 210s, reason: why}}",
            "expected reset of H on a/hazchem/lel/1 at 210s to be refused because of `why`"
        ),
        (
            "- {alarm: H, stream: a/hazchem/lel/1, raised: any, quality: bad}",
            "expected raised of H on a/hazchem/lel/1; it did not come"
        ),
        (
            "- {alarm: H, stream: a/hazchem/lel/1, raised: any, degraded: true}",
            "expected raised of H on a/hazchem/lel/1; it did not come"
        ),
        (
            "- {alarm: H, stream: a/hazchem/lel/1, raised: any, retained: true}",
            "expected raised of H on a/hazchem/lel/1; it did not come"
        ),
        (
            "- {alarm: H, stream: a/hazchem/lel/1, raised: any, message: limit HH}",
            "expected raised of H on a/hazchem/lel/1; it did not come"
        ),
        (
            "- {alarm: H, stream: a/hazchem/lel/1, raised: any, mode: test}",
            "expected raised of H on a/hazchem/lel/1; it did not come"
        ),
        (
            "- {alarm: H, stream: a/hazchem/lel/1, cleared: any, state: normal}",
            "expected cleared of H on a/hazchem/lel/1; it did not come"
        ),
    ]

    @Test("What did not happen fails the expectation", arguments: ExpectationTests.unmet)
    func isNotMet(line: String, failure: String) throws {
        #expect(try probe.failures(ExpectationTests.leak + "  " + line) == [failure])
    }

    @Test("The same event outside every window that expects it fails the scenario")
    func extra() throws {
        let twice = """
            streams: [{stream: l/dust/hopper/1, unit: "°C", every: 10s, signal: {baseline: 20}}]
            events:
              - {at: 60s, stream: l/dust/hopper/1, step: {to: 80, for: 30s}}
              - {at: 180s, stream: l/dust/hopper/1, step: {to: 80, for: 30s}}
            expect:
              - {alarm: hot, stream: l/dust/hopper/1, raised: [60s, 60s]}

            """
        let outcome = try probe.run(twice)
        #expect(
            outcome.failures.map(\.text) == [
                "expected raised of hot on l/dust/hopper/1 in [1m, 1m]; it came at another time, too\n"
                    + "outside the window: 3m0s raised dust/hopper/hot on l/dust/hopper/1 (high, good)"
            ])
        #expect(outcome.failures[0].place.hasSuffix("/s.yaml:10:43"))
        let both = twice + "  - {alarm: hot, stream: l/dust/hopper/1, raised: [180s, 180s]}"
        #expect(try probe.run(both).failures == [])
    }

    @Test("A failure shows what came near")
    func candidates() throws {
        let text =
            ExpectationTests.leak
            + "  - {alarm: HH, stream: a/hazchem/lel/1, escalated: [60s, 70s]}"
        let lines = try probe.run(text).failures.flatMap { $0.text.split(separator: "\n") }
        #expect(lines.dropFirst().contains { $0.hasPrefix("outside the window: 2m1") })
    }

    @Test("A command that is refused though nobody expected it fails the scenario")
    func silentRefusal() throws {
        let text = """
            streams: [{stream: a/hazchem/lel/1, unit: "%LEL", every: 1s, signal: {baseline: 1}}]
            events: [{at: 10s, acknowledge: {alarm: H, stream: a/hazchem/lel/1}}]
            """
        #expect(
            try probe.failures(text) == [
                "acknowledge of H on a/hazchem/lel/1 at 10s was refused: "
                    + "the alarm is normal: nothing to acknowledge"
            ])
    }
}
