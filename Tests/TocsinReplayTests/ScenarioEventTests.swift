import Testing
import TocsinDecode
import TocsinModel

@testable import TocsinReplay

/// What each kind of event does to the samples, and what those do to the alarms.
@Suite("Events of scenarios")
struct ScenarioEventTests {
    let probe: ScenarioProbe

    init() throws { probe = try ScenarioProbe() }

    static let hopper = """
        streams: [{stream: l/dust/hopper/1, unit: "°C", every: 1s, signal: {baseline: 20}}]
        events:

        """

    /// `arrival:value` of each sample, with the sensor's time where it is another.
    func story(_ event: String, duration: String = "6s") throws -> String {
        let items = try probe.samples(
            ScenarioEventTests.hopper + "  - " + event, duration: duration)
        return items.map { item in
            let start = Scenario.defaultStart
            let arrival = (item.arrival - start).milliseconds / 1000
            guard case .sample(let sample) = item.content else { return "\(item.content)" }
            var text = "\(arrival):"
            switch sample.value {
            case .number(let number): text += "\(number)"
            case .word(let word): text += word
            }
            if let time = sample.time, time != item.arrival {
                text += "@\((time - start).milliseconds / 1000)"
            }
            if sample.time == nil { text += "@none" }
            if sample.quality != .good { text += sample.quality.rawValue }
            if sample.isRetained { text += "retained" }
            return text
        }.joined(separator: " ")
    }

    static let kinds: [(event: String, story: String)] = [
        (
            "{at: 2s, stream: l/dust/hopper/1, ramp: {to: 26, over: 3s}}",
            "0:20.0 1:20.0 2:20.0 3:22.0 4:24.0 5:26.0 6:26.0"
        ),
        (
            "{at: 2s, stream: l/dust/hopper/1, step: {to: 30}}",
            "0:20.0 1:20.0 2:30.0 3:30.0 4:30.0 5:30.0 6:30.0"
        ),
        (
            "{at: 2s, stream: l/dust/hopper/1, step: {to: 30, for: 2s}}",
            "0:20.0 1:20.0 2:30.0 3:30.0 4:20.0 5:20.0 6:20.0"
        ),
        (
            "{at: 2s, stream: l/dust/hopper/1, spike: {to: 90}}",
            "0:20.0 1:20.0 2:90.0 3:20.0 4:20.0 5:20.0 6:20.0"
        ),
        (
            "{at: 2s, stream: l/dust/hopper/1, spike: {to: 90, count: 2}}",
            "0:20.0 1:20.0 2:90.0 3:90.0 4:20.0 5:20.0 6:20.0"
        ),
        (
            "{at: 1s, stream: l/dust/hopper/1, decay: {to: 4, half_life: 2s}}",
            "0:20.0 1:20.0 2:15.314 3:12.0 4:9.657 5:8.0 6:6.828"
        ),
        (
            "{at: 1s, stream: l/dust/hopper/1, drift: {by: 4, over: 4s}}",
            "0:20.0 1:20.0 2:21.0 3:22.0 4:23.0 5:24.0 6:24.0"
        ),
        ("{at: 2s, stream: l/dust/hopper/1, gap: {for: 3s}}", "0:20.0 1:20.0 5:20.0 6:20.0"),
        (
            "{at: 3s, stream: l/dust/hopper/1, duplicate: {}}",
            "0:20.0 1:20.0 2:20.0 3:20.0 3:20.0 4:20.0 5:20.0 6:20.0"
        ),
        (
            "{at: 2s, stream: l/dust/hopper/1, reorder: {by: 3s, for: 2s}}",
            "0:20.0 1:20.0 3:20.0 4:20.0 5:20.0@2 5:20.0 6:20.0"
        ),
        (
            "{at: 4s, stream: l/dust/hopper/1, clock-jump: {by: -1h, for: 1s}}",
            "0:20.0 1:20.0 2:20.0 3:20.0 4:20.0@-3596 5:20.0 6:20.0"
        ),
        (
            "{at: 5s, stream: l/dust/hopper/1, clock-jump: {to: 1970-01-01T00:00:00Z}}",
            "0:20.0 1:20.0 2:20.0 3:20.0 4:20.0 5:20.0@-1767600000 6:20.0@-1767599999"
        ),
        (
            "{at: 5s, stream: l/dust/hopper/1, quality: bad}",
            "0:20.0 1:20.0 2:20.0 3:20.0 4:20.0 5:20.0bad 6:20.0bad"
        ),
        (
            "{at: 2s, stream: l/dust/hopper/1, quality: {to: inhibited, for: 1s}}",
            "0:20.0 1:20.0 2:20.0inhibited 3:20.0 4:20.0 5:20.0 6:20.0"
        ),
        (
            "{at: 2s, stream: l/dust/hopper/1, state: {to: RUN, for: 2s}}",
            "0:20.0 1:20.0 2:RUN 3:RUN 4:20.0 5:20.0 6:20.0"
        ),
        (
            "{at: 2s, stream: l/dust/hopper/1, sample: {value: 9, time: -5s, quality: over}}",
            "0:20.0 1:20.0 2:9.0@-3over 2:20.0 3:20.0 4:20.0 5:20.0 6:20.0"
        ),
        (
            "{at: 0s, stream: l/dust/hopper/1, sample: {value: 9, retained: true}}",
            "0:9.0@noneretained 0:20.0 1:20.0 2:20.0 3:20.0 4:20.0 5:20.0 6:20.0"
        ),
    ]

    @Test("An event changes the samples as its name says", arguments: ScenarioEventTests.kinds)
    func changes(event: String, expected: String) throws {
        #expect(try story(event) == expected)
    }

    @Test("While the broker is lost samples wait, and come at once when it is back")
    func broker() throws {
        let text = "{at: 1s, broker: lost}\n  - {at: 3s, broker: back}"
        let told = try story(text, duration: "4s")
        #expect(
            told == "0:20.0 broker(isLost: true) broker(isLost: false) "
                + "3:20.0@1 3:20.0@2 3:20.0 4:20.0")
    }

    @Test("A stuck sensor repeats its last value, noise and all; the noise behind it is the same")
    func stuck() throws {
        let noisy = """
            streams: [{stream: l/dust/hopper/1, unit: "°C", every: 1s, signal: {noise: 2}}]

            """
        let plain = try probe.samples(noisy)
        let stuck = try probe.samples(
            noisy + "events: [{at: 5s, stream: l/dust/hopper/1, stuck: {for: 3s}}]")
        #expect(plain[..<5].elementsEqual(stuck[..<5]))
        #expect(plain[8...].elementsEqual(stuck[8...]))
        for position in 5...7 {
            guard case .sample(let now) = stuck[position].content,
                case .sample(let last) = stuck[4].content
            else { continue }
            #expect(now.value == last.value)
        }
        #expect(stuck[5] != plain[5])
    }

    @Test("One seed gives the same samples; another gives others; streams differ")
    func seeds() throws {
        let text = """
            streams:
              - {stream: "l/dust/hopper/{1..2}", every: 1s, signal: {baseline: 20, noise: 1,
                 sine: {amplitude: 2, period: 7s}, sawtooth: {amplitude: 1, period: 3s}}}
            """
        let one = try probe.samples(text, seed: 1)
        #expect(try probe.samples(text, seed: 1) == one)
        #expect(try probe.samples(text, seed: 2) != one)
        let values = one.compactMap { item -> (String, PlayedValue)? in
            guard case .sample(let sample) = item.content else { return nil }
            return (sample.stream, sample.value)
        }
        let first = values.filter { $0.0.hasSuffix("1") }.map(\.1)
        #expect(first != values.filter { $0.0.hasSuffix("2") }.map(\.1))
        #expect(one.count == 42)
    }

    @Test("A recording is mixed in, shifted to its time and renamed")
    func feed() throws {
        try probe.folder.write(
            "feed.csv",
            "ts_ms,stream,value,unit\n1000,a,75,°C\n2000,b,1,\n3000,a,20,°C\n900000,a,99,°C\n")
        let text = """
            events:
              - {at: 10s, feed: {file: feed.csv, prefix: x/, streams: {a: l/dust/hopper/7}}}
            expect:
              - {alarm: hot, stream: l/dust/hopper/7, raised: [10s, 10s]}
              - {alarm: hot, stream: l/dust/hopper/7, cleared: [12s, 12s]}
            """
        let outcome = try probe.run(text)
        #expect(outcome.failures == [])
        #expect(outcome.counts.unmatchedStreams == ["x/b"])
        #expect(outcome.counts.samples == 3)
    }

    /// Contract §8, "Samples' time", as scenarios show it.
    static let semantics: [String] = [
        // A late sample may raise and never clears.
        """
        streams: [{stream: l/dust/hopper/1, unit: "°C", every: 10s, signal: {baseline: 20}}]
        events: [{at: 35s, stream: l/dust/hopper/1, sample: {value: 90, time: -15s}}]
        expect:
          - {alarm: hot, stream: l/dust/hopper/1, raised: [20s, 20s]}
          - {alarm: hot, stream: l/dust/hopper/1, cleared: [40s, 40s]}
        """,
        // A clock that fell back never removes a sample: the alarm, and trouble once.
        """
        streams: [{stream: a/hazchem/lel/1, unit: "%LEL", every: 1s, signal: {baseline: 1}}]
        events:
          - {at: 60s, stream: a/hazchem/lel/1, clock-jump: {to: 1970-01-01T00:00:00Z}}
          - {at: 60s, stream: a/hazchem/lel/1, step: {to: 60}}
        expect:
          - {alarm: HH, stream: a/hazchem/lel/1, raised: [63s, 64s]}
          - {alarm: clock, stream: a/hazchem/lel/1, raised: [60s, 60s], class: trouble}
        """,
        // Duplicates are counted, nothing else.
        """
        streams: [{stream: l/dust/hopper/1, unit: "°C", every: 10s, signal: {baseline: 80}}]
        events: [{at: 0s, stream: l/dust/hopper/1, duplicate: {for: 5m}}]
        expect: [{alarm: hot, stream: l/dust/hopper/1, raised: [0s, 0s]}]
        """,
        // Overtaken samples neither clear nor raise anew.
        """
        streams: [{stream: l/dust/hopper/1, unit: "°C", every: 10s, signal: {baseline: 80}}]
        events: [{at: 20s, stream: l/dust/hopper/1, reorder: {by: 25s, for: 2m}}]
        expect:
          - {alarm: hot, stream: l/dust/hopper/1, raised: [0s, 0s]}
          - {no_alarm: true, event: cleared}
        """,
        // A retained state raises, marked; silence behind it is no matter of its own.
        """
        streams: [{stream: l/dust/airlock/1, retained: true, signal: {state: 故障}}]
        expect:
          - {alarm: fault, stream: l/dust/airlock/1, raised: [0s, 0s], retained: true}
          - {alarm: fault, stream: l/dust/airlock/1, state: unacknowledged}
        """,
        // States: shorter than the on-delay, then longer.
        """
        streams: [{stream: l/dust/airlock/1, every: 30s, signal: {state: RUN}}]
        events:
          - {at: 40s, stream: l/dust/airlock/1, sample: {state: STOP}}
          - {at: 42s, stream: l/dust/airlock/1, sample: {state: RUN}}
          - {at: 91s, stream: l/dust/airlock/1, state: STOP}
        expect:
          - {alarm: stopped, stream: l/dust/airlock/1, raised: [125s, 125s]}
          - {no_alarm: true, stream: l/dust/airlock/1, window: [0s, 2m]}
        """,
        // Maintenance never alarms; it is said once at either end.
        """
        streams: [{stream: a/hazchem/lel/1, unit: "%LEL", every: 1s, signal: {baseline: 1}}]
        events:
          - {at: 30s, stream: a/hazchem/lel/1, quality: {to: inhibited, for: 60s}}
          - {at: 30s, stream: a/hazchem/lel/1, step: {to: 50, for: 60s}}
        expect:
          - {no_alarm: true, stream: a/hazchem/lel/1}
          - {event: inhibit-began, stream: a/hazchem/lel/1, window: [30s, 30s]}
          - {event: inhibit-ended, stream: a/hazchem/lel/1, window: [90s, 90s]}
        """,
        // A broker that is lost: one event, no stale, the excursion in its backlog alarms.
        """
        streams: [{stream: a/hazchem/lel/1, unit: "%LEL", every: 1s, signal: {baseline: 1}}]
        events:
          - {at: 60s, broker: lost}
          - {at: 80s, stream: a/hazchem/lel/1, step: {to: 60}}
          - {at: 120s, broker: back}
        expect:
          - {event: broker-lost, window: [60s, 60s]}
          - {event: broker-back, window: [120s, 120s]}
          - {alarm: HH, stream: a/hazchem/lel/1, raised: [83s, 83s]}
          - {no_alarm: true, class: trouble}
        """,
        // Over-range latches until it is confirmed on site.
        """
        streams: [{stream: a/hazchem/lel/1, unit: "%LEL", every: 1s, signal: {baseline: 1}}]
        events:
          - {at: 60s, stream: a/hazchem/lel/1, step: {to: 110, for: 40s}}
          - {at: 120s, acknowledge: {alarm: HH, stream: a/hazchem/lel/1}}
          - {at: 130s, reset: {alarm: HH, stream: a/hazchem/lel/1}}
          - {at: 140s, reset: {alarm: HH, stream: a/hazchem/lel/1, confirm_over_range: true}}
        expect:
          - {alarm: HH, stream: a/hazchem/lel/1, raised: [63s, 65s], quality: good}
          - {refused: {command: reset, alarm: HH, stream: a/hazchem/lel/1, at: 130s,
             reason: over-range is latched}}
          - {alarm: HH, stream: a/hazchem/lel/1, reset: [140s, 140s]}
          - {alarm: HH, stream: a/hazchem/lel/1, cleared: [150s, 150s]}
        """,
    ]

    @Test("Samples are treated as contract §8 says", arguments: ScenarioEventTests.semantics)
    func treats(scenario: String) throws {
        #expect(try probe.run(scenario).failures == [])
    }

    @Test("A word that no pack knows fails the scenario")
    func unknownWord() throws {
        let text = "streams: [{stream: l/dust/airlock/1, signal: {state: dancing}}]"
        #expect(
            try probe.failures(text) == [
                "no pack's states list the word `dancing` of l/dust/airlock/1: dropped"
            ])
    }

    @Test("A sample is published as a frame that decodes to the same")
    func frame() throws {
        var sample = PlayedSample(
            stream: "a/b%3Ac:temp", time: Timestamp(milliseconds: 5), value: .number(1.5),
            unit: "°C", quality: .over, isRetained: true, isTest: false)
        let frame = SimulatedFrame(sample, prefix: "tocsin-test/")
        #expect(frame.topic == "tocsin-test/a/b:c")
        #expect(
            String(decoding: frame.payload, as: UTF8.self)
                == #"{"v":{"temp":1.5},"ts":5,"u":"°C","q":"over"}"#)
        #expect(frame.isRetained)
        sample.stream = "a/b"
        sample.time = nil
        sample.unit = nil
        sample.value = .word("停\"")
        sample.quality = .good
        sample.isTest = true
        let plain = SimulatedFrame(sample)
        #expect(plain.topic == "tocsin-test/a/b")
        #expect(String(decoding: plain.payload, as: UTF8.self) == #"{"v":"停\""}"#)
    }
}
