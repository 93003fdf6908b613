import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("States that must last")
struct HeldStateTests {
    static let fan = """
        pack: dust/fan
        match: "{line}/fan/{id}"
        states: {running: [1], stopped: [0], fault: [2]}
        alarms:
          - {name: lasting, class: supervisory, when: value is stopped for 5s}
          - {name: other, class: supervisory, when: value is not running for 1m}
        ---
        pack: dust/pressure
        match: "{line}/dp/{id}"
        unit: Pa
        limits: {L: 300}
        defaults: {deadband: 20 Pa}
        alarms:
          - name: torn
            class: supervisory
            when: value <= limit.L and stream("{line}/fan/main") is running for 60s
          - name: idle
            class: supervisory
            when: stream("{line}/fan/main") is not running for 60s
          - name: both
            class: supervisory
            when: stream("{line}/fan/main") is not running and stream("{line}/fan/main") is fault

        """

    let probe = PackProbe(fan)

    private func instructions(_ name: String) -> [Instruction]? {
        probe.rule("dust/\(name)")?.condition?.instructions
    }

    @Test("The time is compiled into the test, of the own stream and of another")
    func compiled() {
        #expect(probe.findings == [])
        #expect(instructions("fan/lasting") == [.stateIs(mask: 0b010, heldMilliseconds: 5000)])
        #expect(
            instructions("pressure/torn") == [
                .value, .limit(0), .compare(.lessOrEqual, subject: .ownValue, memory: 0),
                .referenceStateIs(slot: 0, heldMilliseconds: 60_000), .and,
            ])
        #expect(
            probe.rule("dust/pressure/torn")?.meaning
                == "trigger condition\nwhen value <= limit.L and stream(\"{line}/fan/main\") "
                + "is running for 60s\nstream {line}/fan/main is running")
    }

    @Test("`is not … for` waits for any of the other states to last")
    func negated() {
        #expect(instructions("fan/other") == [.stateIs(mask: ~0b001, heldMilliseconds: 60_000)])
        let rule = probe.rule("dust/pressure/idle")
        #expect(rule?.references.map(\.stateNames) == [["stopped", "fault"]])
        #expect(
            rule?.condition?.instructions == [
                .referenceStateIs(slot: 0, heldMilliseconds: 60_000)
            ])
    }

    @Test("Each set of states that is asked of a stream has its own slot")
    func slots() {
        #expect(
            instructions("pressure/both") == [
                .referenceStateIs(slot: 0, heldMilliseconds: 0), .not,
                .referenceStateIs(slot: 1, heldMilliseconds: 0), .and,
            ])
    }
}
