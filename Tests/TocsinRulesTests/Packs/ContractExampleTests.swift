import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("The contract's example")
struct ContractExampleTests {
    /// Contract §4 without the rules that need windows and votes.
    static let text = """
        pack: hazchem/combustible-gas
        about: Two-level alarms for point combustible-gas detectors
        source: GB/T 50493-2019 5.5.2
        scale: site-risk-4
        match: "{area}/hazchem/lel/{id}"     # MQTT filter with named levels
        unit: "%LEL"
        span: [0, 100]
        fault: [-10, 200]
        every: 1s
        limits: {H: 25 %LEL, HH: 50 %LEL}
        defaults: {on_delay: 3s, off_delay: 10s, deadband: 2 %LEL, latch: true}
        trouble: {priority: high, action: "检查探测器电源、接线和通讯"}
        ladder:
          HH: {priority: critical, level: orange, respond_within: 2m, action: "Evacuate"}
          H: {priority: high, level: yellow, respond_within: 5m, action: "Check on site"}
        ---
        pack: site/combustible-gas
        extends: hazchem/combustible-gas
        limits: {H: 20 %LEL, HH: 40 %LEL}
        disable:
          - {alarm: H, reason: "MOC-2026-014 steam plume", until: 2026-12-01}
        ---
        pack: dust/airlock
        match: "{line}/dust/airlock/{id}"
        states: {running: [1, true, RUN], stopped: [0, false, STOP], fault: [2, FAULT, "故障"]}
        every: on-change
        heartbeat: 60s
        alarms:
          - {name: fault, when: value is fault, priority: high, action: "Stop and check"}
          - name: stopped
            when: value is stopped and stream("{line}/dust/fan/main") is running
            on_delay: 5s
            priority: high
            action: "Stop the dust source before the fan"
        """

    let probe = PackProbe(text)

    @Test("It compiles; only the stream that no pack describes is warned of")
    func compiles() {
        #expect(probe.errors == [])
        #expect(
            probe.warnings == [
                "31:40 warning: no loaded pack matches the stream `{line}/dust/fan/main`"
            ])
        #expect(probe.rules?.packs.map(\.name) == ["site/combustible-gas", "dust/airlock"])
    }

    @Test("The site's pack is the shipped one with its limits, in the shipped one's place")
    func extended() throws {
        let pack = try #require(probe.pack("site/combustible-gas"))
        let unit = try #require(UnitTable.standard.find("%LEL"))
        #expect(pack.domain == "hazchem")
        #expect(pack.unit == unit)
        #expect(pack.latchesOver)
        #expect(pack.limits.map(\.value) == [.number(20, unit: nil), .number(40, unit: nil)])
        #expect(pack.cadence == .every(.seconds(1)))
        #expect(pack.staleAfter == .seconds(3))
        #expect(pack.rules.map(\.shortName) == ["HH", "stale", "bad", "clock"])
        #expect(pack.chains == [[0], [1], [2], [3]])
    }

    @Test("A ladder's step compares the value with its limit, with the pack's deadband")
    func step() throws {
        let rule = try #require(probe.rule("site/combustible-gas/HH"))
        #expect(
            rule.condition?.instructions == [
                .value, .limit(1), .compare(.greaterOrEqual, subject: .ownValue, memory: 0),
            ])
        #expect(rule.condition?.stackDepth == 2)
        #expect(rule.deadbands == [.number(2, unit: nil)])
        #expect(rule.conditionText == "value >= limit.HH")
        #expect(rule.meaning == "trigger condition\nwhen value >= limit.HH")
        #expect(rule.onDelay == .seconds(3) && rule.offDelay == .seconds(10) && rule.latch)
        #expect(rule.priority == .critical && rule.level == "orange")
        #expect(rule.respondWithin == .seconds(120))
        #expect(rule.limit == 1 && rule.direction == .high)
    }

    @Test("A state test asks the other stream through its slot")
    func states() throws {
        let rule = try #require(probe.rule("dust/airlock/stopped"))
        #expect(
            rule.condition?.instructions == [
                .stateIs(mask: 0b10, heldMilliseconds: 0),
                .referenceStateIs(slot: 0, heldMilliseconds: 0), .and,
            ])
        let pattern = try StreamPattern("{line}/dust/fan/main")
        #expect(
            rule.references == [
                ReferenceDefinition(pattern: pattern, unit: nil, stateNames: ["running"])
            ])
        #expect(!rule.latch && rule.deadbands.isEmpty && rule.limit == nil)
        #expect(probe.pack("dust/airlock")?.staleAfter == .seconds(60))
    }

    @Test("Trouble rules carry what `trouble:` says")
    func trouble() throws {
        let stale = try #require(probe.rule("site/combustible-gas/stale"))
        #expect(stale.alarmClass == .trouble && stale.priority == .high)
        #expect(stale.trigger == .stale && stale.action == "检查探测器电源、接线和通讯")
        #expect(probe.rule("dust/airlock/bad")?.priority == .medium)
    }
}
