import Foundation
import Testing

@testable import TocsinReplay

@Suite("Loop currents from tables and rules to events")
struct LoopScenarioTests {
    private func run(_ path: String) throws -> String {
        var text = ""
        _ = try TestRun.run(TestRequest(paths: [path])) { text += $0 }
        return text
    }

    @Test("The shipped scenario: currents raise, are trouble after 2 s, and may be inhibited")
    func shipped() throws {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        let text = try run(checkout + "/Simulators/units-4-20ma.yaml")
        #expect(text.hasSuffix("1 passed, 0 failed\n"), "\(text)")
    }

    private static let rules = """
        pack: t/gas
        match: "{area}/lel/{id}"
        unit: "%LEL"
        span: [0, 50]
        every: 1s
        defaults: {deadband: 1 %LEL}
        alarms:
          - {name: mean, class: early-warning, when: mean(10s) >= 20 %LEL}
          - name: two
            class: early-warning
            per: area
            when: votes(value >= 20 %LEL, of="{area}/lel/+") >= 2
        ---
        pack: t/fan
        match: "{area}/fan"
        unit: A
        every: 1s
        alarms:
          - name: gas-without-fan
            class: early-warning
            deadband: 0.1 A
            when: value < 1 A and stream("{area}/lel/1") >= 20 %LEL
        """

    /// 20 %LEL is 10.4 mA of this loop.
    private static let scenario = """
        scenario: loop
        duration: 3m
        rules: [rules.yaml]
        inventory: table.csv
        streams:
          - {stream: "a/lel/{1,2}", unit: mA, every: 1s, signal: {baseline: 4}}
          - {stream: a/fan, unit: A, every: 1s, signal: {baseline: 0}}
        events:
          - {at: 30s, stream: a/lel/1, step: {to: 10.3, for: 30s}}
          - {at: 60s, stream: a/lel/1, step: {to: 10.5}}
          - {at: 100s, stream: a/lel/2, step: {to: 10.5}}
          - {at: 120s, stream: a/lel/1, step: {to: 22}}
        expect:
          - {alarm: gas-without-fan, stream: a/fan, raised: [60s, 61s], count: 1}
          - {alarm: mean, stream: a/lel/1, raised: [64s, 66s], count: 1}
          - {no_alarm: true, event: cleared, alarm: mean, stream: a/lel/1}
          - {alarm: two, group: a, raised: [100s, 101s], count: 1}
          - {no_alarm: true, event: cleared, alarm: two, group: a}
        """

    @Test("Windows, votes and rules of other streams read the scaled value, and no failure current")
    func readers() throws {
        let folder = try TestFolder()
        try folder.write("rules.yaml", Self.rules)
        try folder.write("table.csv", "stream,unit\na/lel/1,mA\na/lel/2,mA\na/fan,A\n")
        let path = try folder.write("loop.yaml", Self.scenario)
        let text = try run(path)
        #expect(text.hasSuffix("1 passed, 0 failed\n"), "\(text)")
    }
}
