import Foundation
import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinReplay

@Suite("Why not")
struct WhyNotTests {
    let folder: TestFolder
    let rules: String

    static let start: Int64 = 1_700_000_000_000

    static let packs =
        Packs.all + """

            ---
            pack: dust/fan
            match: "{line}/dust/fan/{id}"
            states: {running: [1, RUN], stopped: [0, STOP]}
            every: on-change
            alarms:
              - name: alone
                when: value is stopped and stream("{line}/dust/hopper/1") > 40 °C
                priority: high
                action: "Start the fan"
              - {name: idle, when: not value is running, priority: high, action: "Look"}
            ---
            pack: dust/press
            match: "{line}/dust/press/{id}"
            unit: kPa
            limits: {H: 5 kPa}
            defaults: {deadband: 0.1 kPa, priority: high}
            alarms:
              - {name: few, when: value >= limit.H, n_of_m: 3 of 5, action: "Look"}
              - name: hidden
                when: value >= limit.H
                unless: stream("{line}/dust/fan/1") is stopped
                action: "Look"
              - name: voted
                when: votes(value >= limit.H, of="{line}/dust/press/+") >= 2
                action: "Look"
            ---
            pack: dust/first
            match: "{line}/dust/two/{id}"
            unit: "°C"
            alarms: [{name: hot, when: value > 70 °C, priority: high, action: "Stop"}]
            ---
            pack: dust/second
            match: "{line}/dust/two/{id}"
            unit: kPa
            alarms: [{name: tight, when: value < 7 kPa, priority: high, action: "Stop"}]
            disable:
              - {alarm: gone, reason: "MOC-2026-014 steam plume", until: 2099-12-01}
            """

    init() throws {
        folder = try TestFolder()
        let text = WhyNotTests.packs.replacingOccurrences(
            of: "alarms: [{name: tight,",
            with: "alarms: [{name: gone, when: value > 9 kPa, priority: low, action: x}, "
                + "{name: tight,")
        rules = try folder.write("rules.yaml", text)
    }

    /// `rows`: seconds, stream, value, unit and quality, blanks between them.
    func ask(
        _ rule: String, _ stream: String, at seconds: Double, _ rows: [String],
        inventory: String? = nil
    ) throws -> WhyNotExplanation {
        let lines = rows.map { row in
            let parts = row.split(separator: " ", omittingEmptySubsequences: false)
            let time = WhyNotTests.start + Int64((Double(parts[0]) ?? 0) * 1000)
            return "\(time)," + parts.dropFirst().joined(separator: ",")
        }
        let feed = try folder.write(
            "feed.csv", "ts_ms,stream,value,unit,quality\n" + lines.joined(separator: "\n") + "\n")
        var request = ExplainRequest(inputs: .feeds([feed]), rules: [rules])
        request.inventory = try inventory.map { try folder.write("inventory.csv", $0) }
        return try WhyNot.explain(
            rule: rule, stream: stream,
            at: Timestamp(milliseconds: WhyNotTests.start + Int64(seconds * 1000)), in: request)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var kind: Verdict.Kind
        var rule: String
        var stream: String
        var at: Double
        var rows: [String]
        var text: String
        var inventory: String?

        var testDescription: String { "\(kind.rawValue): \(text)" }
    }

    static let gas = "a/hazchem/lel/1"
    static let cases: [Case] = [
        Case(
            kind: .conditionFalse, rule: "H", stream: gas, at: 1, rows: ["0 \(gas) 23.1 %LEL good"],
            text: "value 23.1 %LEL is below limit.H 25 %LEL"),
        Case(
            kind: .conditionFalse, rule: "dust/second/tight", stream: "a/dust/two/1", at: 1,
            rows: ["0 a/dust/two/1 7.5 kPa good"], text: "value 7.5 kPa is not below 7 kPa"),
        Case(
            kind: .onDelay, rule: "hazchem/gas/H", stream: gas, at: 1.2,
            rows: ["0 \(gas) 30 %LEL good", "1 \(gas) 31 %LEL good", "9 \(gas) 31 %LEL good"],
            text: "the on-delay of 3s had run 1.2 s: true since 2023-11-14T22:13:20.000+00:00"),
        Case(
            kind: .onDelay, rule: "H", stream: gas, at: 2,
            rows: ["0 \(gas) 30 %LEL good", "1 \(gas) 31 %LEL bad"],
            text: "the on-delay of 3s had run 2 s: true since 2023-11-14T22:13:20.000+00:00, "
                + "unknown now (the delay runs on)"),
        Case(
            kind: .raised, rule: "H", stream: gas, at: 5,
            rows: (0...5).map { "\($0) \(gas) 30 %LEL good" },
            text: "it was raised at 2023-11-14T22:13:23.000+00:00 and stands: tocsin explain "),
        Case(
            kind: .raised, rule: "H", stream: gas, at: 20,
            rows: (0...20).map { "\($0) \(gas) \($0 < 5 ? 30 : 1) %LEL good" },
            text: "it was raised at 2023-11-14T22:13:23.000+00:00 and is latched-unacknowledged"),
        Case(
            kind: .superseded, rule: "H", stream: gas, at: 5,
            rows: (0...5).map { "\($0) \(gas) 80 %LEL good" },
            text: "HH, which supersedes it, was raised at 2023-11-14T22:13:23.000+00:00: tocsin"),
        Case(
            kind: .unknown, rule: "H", stream: gas, at: 1, rows: ["0 \(gas) 30 %LEL bad"],
            text: "unknown: \(gas) has bad quality"),
        Case(
            kind: .unknown, rule: "bad", stream: gas, at: 1, rows: ["0 \(gas) 3 %LEL calibrating"],
            text: "unknown: \(gas) is inhibited: nobody knows its quality"),
        Case(
            kind: .unknown, rule: "alone", stream: "l/dust/fan/1", at: 1,
            rows: ["0 l/dust/fan/1 STOP  good"],
            text: "unknown: l/dust/hopper/1 was never heard"),
        Case(
            kind: .unknown, rule: "alone", stream: "l/dust/fan/1", at: 60,
            rows: [
                "0 l/dust/fan/1 STOP  good", "0 l/dust/hopper/1 30 °C good",
                "60 l/dust/fan/2 STOP  good",
            ], text: "unknown: l/dust/hopper/1 is silent"),
        Case(
            kind: .conditionFalse, rule: "alone", stream: "l/dust/fan/1", at: 1,
            rows: ["0 l/dust/fan/1 RUN  good", "0 l/dust/hopper/1 50 °C good"],
            text: "value is stopped is false: the state is RUN"),
        Case(
            kind: .conditionFalse, rule: "alone", stream: "l/dust/fan/1", at: 1,
            rows: ["0 l/dust/fan/1 STOP  good", "0 l/dust/hopper/1 30 °C good"],
            text: "stream(\"l/dust/hopper/1\") 30 °C is not above 40 °C"),
        Case(
            kind: .conditionFalse, rule: "idle", stream: "l/dust/fan/1", at: 1,
            rows: ["0 l/dust/fan/1 RUN  good"], text: "value is running is true"),
        Case(
            kind: .conditionFalse, rule: "stale", stream: gas, at: 1.5,
            rows: ["0 \(gas) 3 %LEL good"],
            text: "\(gas) was heard at 2023-11-14T22:13:20.000+00:00, 1.5 s before: "
                + "silence of 3s raises it"),
        Case(
            kind: .conditionFalse, rule: "bad", stream: gas, at: 1, rows: ["0 \(gas) 3 %LEL good"],
            text: "the quality of \(gas) is good"),
        Case(
            kind: .conditionFalse, rule: "clock", stream: gas, at: 1,
            rows: ["0 \(gas) 3 %LEL good"], text: "the time stamps of \(gas) are usable"),
        Case(
            kind: .limitOff, rule: "HH", stream: gas, at: 1, rows: ["0 \(gas) 80 %LEL good"],
            text: "limit.HH is off for this stream: a solvent store",
            inventory: "stream,limit.HH,limit.HH.reason\n\(gas),off,a solvent store\n"),
        Case(
            kind: .limitOff, rule: "dust/first/stale", stream: "a/dust/two/1", at: 1,
            rows: ["0 a/dust/two/1 3 °C good"],
            text: "silence is not watched: neither the pack nor the inventory has `every`"),
        Case(
            kind: .noPack, rule: "H", stream: "elsewhere", at: 1, rows: ["0 elsewhere 3  good"],
            text: "no pack matches elsewhere; hazchem/gas matches {area}/hazchem/lel/{id}"),
        Case(
            kind: .noPack, rule: "dust/hopper/hot", stream: gas, at: 1,
            rows: ["0 \(gas) 3 %LEL good"],
            text: "\(gas) is watched by hazchem/gas; dust/hopper matches {line}/dust/hopper/{id}"),
        Case(
            kind: .neverHeard, rule: "H", stream: "a/hazchem/lel/2", at: 1,
            rows: ["0 \(gas) 3 %LEL good"],
            text: "a/hazchem/lel/2 is not among the 1 streams heard up to then; "
                + "did you mean \(gas)?"),
        Case(
            kind: .bindingFailed, rule: "tight", stream: "a/dust/two/1", at: 1,
            rows: ["0 a/dust/two/1 30 °C good"],
            text: "rules of dust/second do not watch it: its unit does not fit"),
        Case(
            kind: .tooFewSamples, rule: "few", stream: "l/dust/press/1", at: 3,
            rows: [
                "0 l/dust/press/1 4 kPa good", "1 l/dust/press/1 6 kPa good",
                "2 l/dust/press/1 7 kPa good",
            ], text: "2 of the newest 5 samples were true, 3 are needed"),
        Case(
            kind: .suppressed, rule: "hidden", stream: "l/dust/press/1", at: 3,
            rows: ["0 l/dust/fan/1 STOP  good", "1 l/dust/press/1 6 kPa good"],
            text: "the condition holds since 2023-11-14T22:13:21.000+00:00; "
                + "it is suppressed by design: "),
        Case(
            kind: .conditionFalse, rule: "voted", stream: "l/dust/press/1", at: 3,
            rows: ["0 l/dust/press/2 4 kPa good", "1 l/dust/press/1 6 kPa good"],
            text: "votes(value >= limit.H, of=\"{line}/dust/press/+\") >= 2 is false: "
                + "1 of 2 voted yes"),
        Case(
            kind: .unknown, rule: "voted", stream: "l/dust/press/1", at: 3,
            rows: ["0 l/dust/press/2 4 kPa bad", "1 l/dust/press/1 6 kPa good"],
            text: "unknown: too few members of the group are known: 1 of 2 voted yes, "
                + "1 is out (l/dust/press/2 bad)"),
        Case(
            kind: .disabled, rule: "dust/second/gone", stream: "a/dust/two/1", at: 1,
            rows: ["0 a/dust/two/1 8 kPa good"],
            text: "dust/second/gone is disabled until 2099-12-01 by "),
    ]

    @Test("Each reason is told in one sentence", arguments: cases)
    func reasons(_ wanted: Case) throws {
        let found = try ask(
            wanted.rule, wanted.stream, at: wanted.at, wanted.rows, inventory: wanted.inventory)
        #expect(found.verdict.kind == wanted.kind)
        #expect(found.verdict.text.hasPrefix(wanted.text), "\(found.verdict.text)")
        #expect((found.verdict.event != nil) == [.raised, .superseded].contains(wanted.kind))
        #expect(found.text.contains(found.verdict.text))
        let object = try JSONSerialization.jsonObject(with: Data(found.json))
        let members = try #require(object as? [String: Any])
        #expect(members["reason"] as? String == wanted.kind.rawValue)
        #expect(members["text"] as? String == found.verdict.text)
    }

    @Test("A rule that no pack has is refused with the nearest name")
    func unknownRule() throws {
        let error = #expect(throws: ExplainError.self) {
            try ask("hott", "a/dust/two/1", at: 1, ["0 a/dust/two/1 30 °C good"])
        }
        #expect(error?.description == "no pack has a rule hott; did you mean hot?")
    }

    @Test("The nearest miss is looked for ten minutes before and after the time, no further")
    func nearest() throws {
        let values: [(Int, Double)] = [
            (0, 24.9), (700, 22), (1300, 24.5), (1900, 23), (1901, 24.9), (1902, 1),
        ]
        let found = try ask(
            "H", WhyNotTests.gas, at: 1301,
            values.map { "\($0.0) \(WhyNotTests.gas) \($0.1) %LEL good" })
        let nearest = try #require(found.nearest)
        #expect(nearest.value == 24.9)
        #expect(nearest.time.milliseconds == WhyNotTests.start + 1_901_000)
        #expect(nearest.limit == 25)
        #expect(abs(nearest.margin - -0.1) < 1e-9)
        #expect(found.text.contains("value 24.9 %LEL at 2023-11-14T22:45:01.000+00:00, 0.1 %LEL"))
        let later = try ask(
            "H", WhyNotTests.gas, at: 1300,
            values.map { "\($0.0) \(WhyNotTests.gas) \($0.1) %LEL good" })
        #expect(later.nearest?.value == 24.5)
    }
}
