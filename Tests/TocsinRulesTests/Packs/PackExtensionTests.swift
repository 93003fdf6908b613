import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("Extending shipped packs")
struct PackExtensionTests {
    static let base = """
        pack: hazchem/gas
        match: "{area}/lel/{id}"
        unit: "%LEL"
        limits: {H: 25 %LEL, HH: 50 %LEL}
        defaults: {deadband: 2 %LEL, on_delay: 3s}
        ladder:
          HH: {priority: critical, action: Evacuate}
          H: {priority: high, action: Look}
        alarms:
          - {name: fog, class: early-warning, when: value >= 10 %LEL, priority: low}

        """

    static func site(_ keys: String, name: String = "site/gas") -> String {
        "pack: \(name)\nextends: hazchem/gas\n\(keys)\n"
    }

    @Test("Keys are overridden name by name; the rest is inherited")
    func overridden() throws {
        let probe = PackProbe(
            Self.base,
            Self.site(
                """
                limits: {H: 20 %LEL}
                defaults: {on_delay: 1s}
                ladder: {H: {respond_within: 5m}}
                alarms:
                  - {name: fog, when: value >= 8 %LEL}
                  - {name: mist, class: early-warning, when: value >= 9 %LEL}
                """))
        #expect(probe.findings == [])
        let pack = try #require(probe.pack("site/gas"))
        #expect(pack.limits.map(\.value) == [.number(20, unit: nil), .number(50, unit: nil)])
        #expect(pack.rules.map(\.shortName) == ["HH", "H", "fog", "mist", "stale", "bad", "clock"])
        let step = try #require(probe.rule("site/gas/H"))
        #expect(step.action == "Look" && step.respondWithin == .seconds(300))
        #expect(step.onDelay == .seconds(1) && step.deadbands == [.number(2, unit: nil)])
        #expect(probe.rule("site/gas/fog")?.conditionText == "value >= 8 %LEL")
        #expect(probe.pack("hazchem/gas") == nil)
    }

    @Test("A narrower match takes its streams; the base keeps the others")
    func narrower() throws {
        let probe = PackProbe(Self.base, Self.site("match: \"boiler/lel/{id}\""))
        #expect(probe.findings == [])
        let base = try #require(probe.pack("hazchem/gas"))
        let site = try #require(probe.pack("site/gas"))
        #expect(base.labels(matching: "boiler/lel/1") == nil)
        #expect(base.labels(matching: "yard/lel/1") != nil)
        #expect(site.labels(matching: "boiler/lel/1") != nil)
    }

    @Test("Two extensions for the same streams are an error")
    func twins() {
        let probe = PackProbe(Self.base, Self.site(""), Self.site("", name: "site/more"))
        #expect(
            probe.findings == [
                "p3.yaml:2:10 error: `site/more` and `site/gas` extend `hazchem/gas` for the same "
                    + "streams"
            ])
    }

    @Test("An extension of an extension stands for both, and order of files does not matter")
    func chained() {
        let plant = "pack: plant/gas\nextends: site/gas\nlimits: {HH: 45 %LEL}\n"
        let probe = PackProbe(plant, Self.site("limits: {H: 20 %LEL}"), Self.base)
        #expect(probe.findings == [])
        #expect(probe.rules?.packs.map(\.name) == ["plant/gas"])
        #expect(
            probe.pack("plant/gas")?.limits.map(\.value) == [
                .number(20, unit: nil), .number(45, unit: nil),
            ])
        #expect(probe.pack("plant/gas")?.domain == "hazchem")
    }

    @Test("An unknown base, a circle and a pack defined twice are errors at their place")
    func broken() {
        #expect(
            PackProbe(Self.base, "pack: a\nextends: hazchem/gsa\n").findings == [
                "p2.yaml:2:10 error: no pack is called `hazchem/gsa`"
            ])
        #expect(
            PackProbe("pack: a\nextends: b\n---\npack: b\nextends: a\n").findings == [
                "2:10 error: the packs extend each other in a circle",
                "5:10 error: the packs extend each other in a circle",
            ])
        #expect(
            PackProbe(Self.base + "---\n" + Self.base).findings == [
                "12:7 error: the pack `hazchem/gas` is defined twice"
            ])
    }

    @Test("A mistake in the base is told once, where it stands")
    func inheritedMistake() {
        let wrong = Self.base.replacing("50 %LEL", with: "5 %LEL")
        #expect(
            PackProbe(wrong, Self.site("")).findings == [
                "4:26 error: `HH` must be above `H`: 5 is not above 25"
            ])
        #expect(
            PackProbe(Self.base, Self.site("limits: {HH: 10 %LEL}")).findings == [
                "p2.yaml:3:14 error: `HH` must be above `H`: 10 is not above 25"
            ])
    }

    @Test("A disabled alarm is gone until its day, then it is back with a warning")
    func disabled() throws {
        let text = Self.site("disable:\n  - {alarm: H, reason: MOC-7, until: 2026-12-01}")
        let before = PackProbe(
            Self.base, text, day: try #require(CalendarDay(parsing: "2026-11-30")))
        #expect(before.findings == [])
        #expect(before.rule("site/gas/H") == nil)
        #expect(before.pack("site/gas")?.chains.first == [0])
        let after = PackProbe(
            Self.base, text, day: try #require(CalendarDay(parsing: "2026-12-01")))
        #expect(
            after.findings == [
                "p2.yaml:4:38 warning: `H` was disabled until 2026-12-01 and is in force again"
            ])
        #expect(after.rule("site/gas/H") != nil)
    }

    @Test("The hash's bytes change when an alarm comes back, not from day to day")
    func hashedDay() throws {
        let text = Self.site("disable:\n  - {alarm: H, reason: MOC-7, until: 2026-12-01}")
        func bytes(_ day: String) throws -> [UInt8] {
            let probe = PackProbe(Self.base, text, day: try #require(CalendarDay(parsing: day)))
            return try #require(probe.rules).bundle.canonicalBytes
        }
        #expect(try bytes("2026-11-01") == bytes("2026-11-30"))
        #expect(try bytes("2026-11-30") != bytes("2026-12-01"))
        #expect(try bytes("2026-12-01") == bytes("2027-01-01"))
    }

    @Test("A stored bundle gives the same rules again")
    func storedBundle() throws {
        let probe = PackProbe(Self.base, Self.site("limits: {H: 20 %LEL}"))
        let first = try #require(probe.rules)
        let diagnostics = DiagnosticList()
        let again = RuleSetLoader.load(
            first.bundle, site: first.site, reporting: diagnostics)
        #expect(again?.packs == first.packs)
        #expect(again?.bundle.canonicalBytes == first.bundle.canonicalBytes)
        #expect(first.makeRuleSet(hash: "sha256:00").hash == "sha256:00")
    }

    @Test("A bundle's bytes read back as they were; cut or foreign bytes are refused")
    func bundleBytes() throws {
        let probe = PackProbe(Self.base, inventory: "stream\na/lel/1\n")
        let bytes = try #require(probe.rules).bundle.canonicalBytes
        let again = try RuleBundle(canonicalBytes: bytes)
        #expect(again.files.map(\.name) == ["p.yaml", "i.csv"])
        #expect(again.files.map(\.role) == [.rules, .inventory])
        #expect(again.canonicalBytes == bytes)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            do throws(RuleBundle.FormatError) {
                let cut = try RuleBundle(canonicalBytes: Array(bytes.prefix(length)))
                // A cut between two files leaves a shorter bundle: its hash tells.
                #expect(cut.canonicalBytes.count == length)
            } catch {
                #expect(error != .badRole(0, offset: 0))
            }
        }
        var wrong = bytes
        wrong[18] = 9
        #expect(throws: RuleBundle.FormatError.badRole(9, offset: 18)) {
            try RuleBundle(canonicalBytes: wrong)
        }
    }

    @Test("Days are those of the calendar")
    func days() {
        #expect(CalendarDay(parsing: "2024-02-29")?.text == "2024-02-29")
        for wrong in ["2026-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026-01-01Z", ""] {
            #expect(CalendarDay(parsing: wrong) == nil, "\(wrong)")
        }
        let midnight = Timestamp(milliseconds: 1_700_000_000_000)
        #expect(CalendarDay(midnight, utcOffsetMinutes: 0).text == "2023-11-14")
        #expect(CalendarDay(midnight, utcOffsetMinutes: 480).text == "2023-11-15")
        #expect(
            CalendarDay(Timestamp(milliseconds: -1), utcOffsetMinutes: 0).text == "1969-12-31")
    }
}
