import Foundation
import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("Timing and suppression by design")
struct TimingKeysTests {
    /// A pack with these keys in its defaults and its one alarm.
    static func rule(_ keys: String, defaults: String = "") -> Rule? {
        let probe = probe(keys, defaults: defaults)
        #expect(probe.findings == [])
        return probe.rule("plant/heat/H")
    }

    static func probe(_ keys: String, defaults: String = "") -> PackProbe {
        PackProbe(
            """
            pack: plant/heat
            match: "{area}/heat/{id}"
            unit: °C
            every: 1s
            limits: {H: 60 °C}
            defaults: {deadband: 1 K\(defaults)}
            alarms:
              - {name: H, when: value >= limit.H, priority: high, action: Go\(keys)}
            ---
            pack: plant/fan
            match: "{area}/fan/{id}"
            states: {running: [1], stopped: [0]}
            alarms:
              - {name: off, class: supervisory, when: value is stopped, action: Go}
            """)
    }

    @Test("Without the keys there is no vote, no hold, no re-alarm and no suppression")
    func none() throws {
        let rule = try #require(Self.rule(""))
        #expect(rule.sampleVote == nil && rule.minimumHold == .zero && rule.reAlarm == nil)
        #expect(rule.unless == nil)
        #expect(rule.meaning == "trigger condition\nwhen value >= limit.H")
    }

    @Test("n_of_m is read, full-width digits too, and is part of the rule's meaning")
    func sampleVote() throws {
        let rule = try #require(Self.rule(", n_of_m: 3 of 5"))
        #expect(rule.sampleVote == Rule.SampleVote(needed: 3, of: 5))
        #expect(rule.meaning == "trigger condition\nwhen value >= limit.H\nn_of_m 3 of 5")
        #expect(Self.rule(", n_of_m: ２ of  64")?.sampleVote == .init(needed: 2, of: 64))
    }

    @Test("min_hold and re_alarm come from the alarm, else from the defaults; they are tunings")
    func tunings() throws {
        let own = try #require(
            Self.rule(", min_hold: 30s, re_alarm: 30m", defaults: ", min_hold: 5s, re_alarm: 8h"))
        #expect(own.minimumHold == .seconds(30) && own.reAlarm == .seconds(1800))
        #expect(own.meaning == "trigger condition\nwhen value >= limit.H")
        let inherited = try #require(Self.rule("", defaults: ", min_hold: 5s, re_alarm: 8h"))
        #expect(inherited.minimumHold == .seconds(5) && inherited.reAlarm == .seconds(28_800))
        let off = try #require(
            Self.rule(", min_hold: 0s, re_alarm: off", defaults: ", min_hold: 5s, re_alarm: 8h"))
        #expect(off.minimumHold == .zero && off.reAlarm == nil)
    }

    @Test("unless asks other streams through the rule's own slots")
    func unless() throws {
        let rule = try #require(
            Self.rule(
                ", unless: 'stream(\"{area}/fan/1\") is stopped'"
                    + ", clear_when: 'value < 50 °C and stream(\"{area}/fan/1\") is stopped'"))
        #expect(rule.references.count == 1)
        #expect(rule.unless?.instructions == [.referenceStateIs(slot: 0, heldMilliseconds: 0)])
        #expect(rule.unless?.stackDepth == 1)
        #expect(rule.meaning.hasSuffix("\nunless stream(\"{area}/fan/1\") is stopped"))
    }

    @Test("A schedule suppresses outside of its times; several are joined, and unless is added")
    func schedule() throws {
        let probe = Self.probe(
            ", schedule: [mon-fri 08:00-18:00, sat 8:00-12:00], unless: value > 500 °C",
            defaults: ", schedule: daily 00:00-24:00")
        #expect(probe.findings == [])
        let rule = try #require(probe.rule("plant/heat/H"))
        #expect(
            rule.unless?.instructions == [
                .during(0), .during(1), .or, .not,
                .value, .constant(500), .compare(.greater, subject: .ownValue, memory: 255), .or,
            ])
        #expect(rule.unless?.stackDepth == 3)
        #expect(
            probe.pack("plant/heat")?.schedules == [
                Schedule(days: 0b001_1111, from: 480, to: 1080),
                Schedule(days: 0b010_0000, from: 480, to: 720),
            ])
        let times = ["mon-fri 08:00-18:00", "sat 08:00-12:00"].map { "during(\"\($0)\")" }
        let text = "not (\(times.joined(separator: " or "))) or value > 500 °C"
        #expect(rule.meaning.hasSuffix("\nunless \(text)"))
    }

    @Test("One schedule used twice stands once in the pack, and the defaults' may be left out")
    func pooled() throws {
        let probe = PackProbe(
            """
            pack: plant/heat
            match: "{area}/heat/{id}"
            unit: °C
            limits: {H: 60 °C, HH: 70 °C, HHH: 80 °C}
            defaults: {deadband: 1 K, schedule: 22:00-06:00, unless: value > 500 °C}
            ladder:
              HHH: {priority: critical, action: Go, schedule: daily 00:00-24:00, unless: none}
              HH: {priority: high, action: Go}
              H: {priority: medium, action: Go, unless: none}
            """)
        #expect(probe.findings == [])
        #expect(
            probe.pack("plant/heat")?.schedules == [
                Schedule(days: 0b111_1111, from: 0, to: 1440),
                Schedule(days: 0b111_1111, from: 1320, to: 360),
            ])
        func unless(_ name: String) -> [Instruction]? {
            probe.rule("plant/heat/\(name)")?.unless?.instructions
        }
        #expect(unless("HHH") == [.during(0), .not])
        #expect(unless("HH")?.prefix(2) == [.during(1), .not])
        #expect(unless("HH")?.last == .or)
        #expect(unless("H") == [.during(1), .not])
    }

    @Test("An extension changes the keys of an inherited alarm, and may disable it")
    func extended() throws {
        let base = """
            pack: plant/heat
            match: "{area}/heat/{id}"
            unit: °C
            limits: {H: 60 °C}
            defaults: {deadband: 1 K, min_hold: 5s}
            alarms:
              - {name: H, when: value >= limit.H, priority: high, action: Go, n_of_m: 3 of 5}
            ---
            pack: site/heat
            extends: plant/heat
            defaults: {min_hold: 9s}

            """
        let probe = PackProbe(base + "alarms: [{name: H, n_of_m: 2 of 3, schedule: 06:00-22:00}]")
        #expect(probe.findings == [])
        let rule = try #require(probe.rule("site/heat/H"))
        #expect(rule.sampleVote == .init(needed: 2, of: 3) && rule.minimumHold == .seconds(9))
        #expect(rule.unless?.instructions == [.during(0), .not])
        let disabled = PackProbe(base + "disable: [{alarm: H, reason: MOC-1}]")
        #expect(disabled.findings == [])
        #expect(disabled.rule("site/heat/H") == nil)
        #expect(disabled.pack("site/heat")?.schedules == [])
    }

    @Test("A vote over samples within five seconds is no delay of a gas alarm")
    func gas() {
        let text = WrongPack.gas + "every: 1s\n"
        let near = text.replacingOccurrences(of: "high,", with: "high, n_of_m: 3 of 5,")
        #expect(PackProbe(near).findings == [])
    }

    @Test("The canonical text of a schedule is read as the same schedule")
    func canonical() throws {
        let texts = [
            ("Mon,tue,WED 8:00-9:30", "mon-wed 08:00-09:30"),
            ("fri-mon 22:00-06:00", "mon,fri-sun 22:00-06:00"),
            ("sat,sun 00:00-24:00", "sat,sun 00:00-24:00"),
            ("mon,wed,sun 00:05-00:00", "mon,wed,sun 00:05-00:00"),
            ("08:00-18:00", "daily 08:00-18:00"),
        ]
        for (text, expected) in texts {
            let schedule = try ScheduleText.parse(text)
            #expect(ScheduleText.text(of: schedule) == expected)
            #expect(try ScheduleText.parse(expected) == schedule)
        }
    }
}
