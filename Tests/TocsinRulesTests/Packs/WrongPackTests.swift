import Testing

@testable import TocsinRules

/// A sound pack with one text replaced, and what is found wrong with it.
struct WrongPack: Sendable {
    var was: String
    var now: String
    var findings: [String]

    init(_ was: String, _ now: String, _ findings: [String]) {
        self.was = was
        self.now = now
        self.findings = findings
    }

    static let gas = """
        pack: hazchem/gas
        match: "{area}/lel/{id}"
        unit: "%LEL"
        span: [0, 100]
        limits: {H: 25 %LEL, HH: 50 %LEL}
        defaults: {deadband: 2 %LEL}
        ladder:
          HH: {priority: critical, action: Go}
          H: {priority: high, action: Go}

        """

    static let airlock = """
        pack: dust/airlock
        match: "{line}/airlock/{id}"
        states: {running: [1, RUN], stopped: [0, STOP]}
        alarms:
          - {name: stop, when: value is stopped, priority: high, action: Go}

        """

    func text(in sound: String) -> String {
        let parts = sound.split(separator: was, maxSplits: 1, omittingEmptySubsequences: false)
        return parts.joined(separator: now)
    }
}

@Suite("Mistakes in packs are found at their line and column")
struct WrongPackTests {
    @Test("The sound packs have no findings")
    func sound() {
        #expect(PackProbe(WrongPack.gas).findings == [])
        #expect(PackProbe(WrongPack.airlock).findings == [])
    }

    @Test(
        "In keys, limits, rules and conditions",
        arguments: WrongPack.keys + WrongPack.limits + WrongPack.rules + WrongPack.conditions
            + WrongPack.timing + WrongPack.votes + WrongPack.definitions)
    func gas(_ wrong: WrongPack) {
        let text = wrong.text(in: WrongPack.gas)
        #expect(text != WrongPack.gas)
        #expect(PackProbe(text).findings == wrong.findings, "\(wrong.now)")
    }

    @Test("In states", arguments: WrongPack.states)
    func airlock(_ wrong: WrongPack) {
        let text = wrong.text(in: WrongPack.airlock)
        #expect(text != WrongPack.airlock)
        #expect(PackProbe(text).findings == wrong.findings, "\(wrong.now)")
    }
}
