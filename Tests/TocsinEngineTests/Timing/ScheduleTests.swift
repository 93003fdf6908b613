import Testing
import TocsinEngine
import TocsinModel

@Suite("Times of the week")
struct ScheduleTests {
    /// Monday, 2023-11-13T00:00:00Z.
    static let monday: Int64 = 1_699_833_600_000
    static let hour: Int64 = 3_600_000

    private func at(_ hours: Int64, _ milliseconds: Int64 = 0) -> Timestamp {
        Timestamp(milliseconds: Self.monday + hours * Self.hour + milliseconds)
    }

    @Test("Working hours begin at their first millisecond and end before their last")
    func workingHours() {
        let schedule = Schedule(days: 0b001_1111, from: 8 * 60, to: 18 * 60)
        let rows: [(Int64, Int64, Bool)] = [
            (8, -1, false), (8, 0, true), (18, -1, true), (18, 0, false),
            (4 * 24 + 12, 0, true), (5 * 24 + 12, 0, false), (-12, 0, false), (-84, 0, true),
        ]
        for (hours, milliseconds, isIn) in rows {
            #expect(schedule.contains(at(hours, milliseconds), offsetMinutes: 0) == isIn)
        }
        #expect(schedule.nextChange(after: at(8, -1), offsetMinutes: 0) == at(8))
        #expect(schedule.nextChange(after: at(8), offsetMinutes: 0) == at(18))
        #expect(schedule.nextChange(after: at(4 * 24 + 18), offsetMinutes: 0) == at(7 * 24 + 8))
    }

    @Test("A night belongs to the day on which it begins; the site's offset moves it")
    func night() {
        let schedule = Schedule(days: 0b110_0000, from: 22 * 60, to: 6 * 60)
        let saturday: Int64 = 5 * 24
        for (hours, isIn) in [(5, false), (22, true), (29, true), (30, false), (46, true)] {
            let time = saturday + Int64(hours)
            #expect(schedule.contains(at(time), offsetMinutes: 0) == isIn)
            #expect(schedule.contains(at(time - 8), offsetMinutes: 480) == isIn)
        }
        #expect(schedule.contains(at(53 + saturday), offsetMinutes: 0))
        #expect(!schedule.contains(at(54 + saturday), offsetMinutes: 0))
        // On Sunday at 20:30 of a site 3½ hours behind, the night begins in an hour and a half.
        #expect(schedule.nextChange(after: at(0), offsetMinutes: -210) == at(1, 1_800_000))
    }

    @Test("What never begins or never ends has no change")
    func never() {
        for schedule in [
            Schedule(days: 0, from: 60, to: 120), Schedule(days: 0x7F, from: 480, to: 480),
            Schedule(days: 0x7F, from: 0, to: 0),
        ] {
            #expect(schedule.nextChange(after: at(0), offsetMinutes: 480) == nil)
            #expect(schedule.contains(at(9), offsetMinutes: 0) == (schedule.days != 0))
        }
        let whole = Schedule(days: 1, from: 480, to: 480)
        #expect(whole.nextChange(after: at(8), offsetMinutes: 0) == at(32))
        for edge in [Timestamp.distantPast, .distantFuture, Timestamp(milliseconds: .max - 1)] {
            for offset in [-720, 0, 840] {
                let change = whole.nextChange(after: edge, offsetMinutes: offset)
                #expect(change == nil || edge < Timestamp(milliseconds: 0))
            }
        }
    }

    @Test("The next change is the first minute that is unlike this one, on random schedules")
    func naive() {
        for seed in 0..<300 {
            var random = SeededGenerator(seed: UInt64(seed))
            let schedule = Schedule(
                days: UInt8.random(in: 0...127, using: &random),
                from: Int.random(in: 0..<24, using: &random) * 60,
                to: Int.random(in: 0..<24, using: &random) * 60)
            let offset = Int.random(in: -48...56, using: &random) * 15
            let start = at(Int64.random(in: -400...400, using: &random), 900_000)
            let now = schedule.contains(start, offsetMinutes: offset)
            var expected: Timestamp?
            for quarter in 1...(8 * 96) {
                let time = start + Span(milliseconds: Int64(quarter) * 900_000)
                if schedule.contains(time, offsetMinutes: offset) != now {
                    expected = time
                    break
                }
            }
            #expect(
                schedule.nextChange(after: start, offsetMinutes: offset) == expected,
                "seed \(seed)")
        }
    }
}

@Suite("Rules that ask for the time of the week")
struct ScheduleTimerTests {
    /// `GasFixture.start` is Tuesday 2023-11-14T22:13:20Z: this schedule changes 100 s after it,
    /// and again after 3700 s.
    static let schedule = Schedule(days: 0x7F, from: 22 * 60 + 15, to: 23 * 60 + 15)
    static let begins = 100.0
    static let ends = 3700.0

    /// In force only within the schedule.
    private func pack(adjusting adjust: (inout Rule) -> Void = { _ in }) throws -> Pack {
        var pack = try TimingFixture.pack { rule in
            rule.unless = Program(instructions: [.during(0), .not], stackDepth: 1)
            rule.unlessText = "not during(\"daily 22:15-23:15\")"
            adjust(&rule)
        }
        pack.schedules = [Self.schedule]
        return pack
    }

    @Test("A change is stamped with its own time: a sample reaches it, or the gateway's clock")
    func stamps() throws {
        for bySample in [true, false] {
            var gas = GasFixture([try pack()])
            gas.feed(30, at: 99)
            if bySample {
                gas.feed(31, at: 101)
                #expect(gas.events.map { $0.value } == [30, 30])
                gas.feed(32, at: 4000)
            } else {
                gas.tick(100.499)
                #expect(gas.story.isEmpty)
                gas.tick(100.5)
                gas.tick(3700.5)
            }
            #expect(gas.story == ["unsuppressed H 100", "raised H 100", "suppressed H 3700"])
            #expect(gas.events.last?.note?.reason == "not during(\"daily 22:15-23:15\")")
        }
    }

    @Test(
        "Within one condition: it becomes true and false at the changes, and delays count from them"
    )
    func inCondition() throws {
        var pack = try pack { rule in
            rule.unless = nil
            rule.onDelay = .seconds(5)
            rule.condition = rule.condition.map { condition in
                Program(
                    instructions: condition.instructions + [.during(0), .and], stackDepth: 2)
            }
        }
        pack.rules.removeLast()
        pack.chains = [[0]]
        var gas = GasFixture([pack])
        gas.feed(60, at: 0)
        gas.tick(104)
        #expect(gas.story.isEmpty)
        gas.tick(107)
        gas.tick(5000)
        #expect(gas.story == ["raised H 105", "cleared H 3700"])
    }

    @Test("A delay that ends before the change is said before it")
    func order() throws {
        var gas = GasFixture([try pack { $0.offDelay = .seconds(20) }])
        gas.feed(30, at: 200)
        gas.feed(1, at: 3690)
        gas.feed(1, at: 9000)
        #expect(gas.story == ["raised H 200", "suppressed H 3700", "cleared H 3710"])
        #expect(gas.events[2].suppression == .suppressed)
        var other = GasFixture([try pack { $0.offDelay = .seconds(10) }])
        other.feed(30, at: 200)
        other.feed(1, at: 3690)
        other.feed(1, at: 9000)
        #expect(
            other.story == [
                "raised H 200", "cleared H 3700", "suppressed H 3700",
            ])
    }

    @Test("A backlog is judged by the week as it was then; the change after it fires once more")
    func backlog() throws {
        var gas = GasFixture([try pack()])
        gas.tick(4000)
        gas.feed(30, at: 3000, delay: 1001)
        #expect(gas.story == ["raised H 3000"])
        gas.tick(4002)
        #expect(gas.story == ["raised H 3000", "suppressed H 3700"])
    }

    @Test(
        "A wall clock set forward comes to the change at once; one set forward otherwise does not")
    func clockStepped() throws {
        var gas = GasFixture([try pack()])
        gas.feed(30, at: 0)
        gas.pipeline.step(
            .clockStepped(by: .seconds(200)), arrival: GasFixture.at(0), appendingTo: &gas.events)
        gas.tick(201)
        #expect(gas.story == ["unsuppressed H 100", "raised H 100"])
    }

    @Test("A rule that reads a stream changes before that stream's next sample is applied")
    func dependents() throws {
        var pack = try pack()
        for rule in pack.rules.indices { try TimingFixture.suppress(&pack.rules[rule]) }
        for rule in pack.rules.indices {
            pack.rules[rule].unless = Program(
                instructions: [
                    .reference(0), .constant(1),
                    .compare(.less, subject: .reference(0), memory: Program.noMemory), .during(0),
                    .not, .or,
                ], stackDepth: 2)
        }
        var gas = GasFixture([pack])
        gas.produce(1, at: 1)
        gas.feed(30, at: 2)
        gas.produce(0, at: 150)
        #expect(gas.story == ["unsuppressed H 100", "raised H 100", "suppressed H 150"])
    }

    @Test("A feed that leaps by centuries ends, and its alarm is judged by the newest change")
    func leap() throws {
        var gas = GasFixture([
            try pack {
                $0.reAlarm = .seconds(60)
                $0.unless = nil
            }
        ])
        gas.feed(30, at: 150)
        gas.tick(3.0e10)
        #expect(gas.events.count > 100)
        #expect(gas.events.count < 100_000)
    }

    @Test("A reload in the middle changes nothing; another offset is in force at once")
    func reload() throws {
        for second in [0.0, 50, 99, 100, 100.25, 101, 3700.25] {
            var gas = GasFixture([try pack()])
            gas.feed(30, at: 0)
            gas.tick(second)
            gas.reload([try pack()], at: second)
            gas.tick(5000)
            #expect(
                gas.story.filter { !$0.hasPrefix("reloaded") } == [
                    "unsuppressed H 100", "raised H 100", "suppressed H 3700",
                ], "at \(second)")
        }
        var gas = GasFixture([try pack()])
        gas.feed(30, at: 200)
        gas.reload([try pack()], at: 300, utcOffsetMinutes: 480)
        #expect(gas.story == ["raised H 200", "suppressed H 300", "reloaded - 300"])
    }
}
