import Testing
import TocsinEngine
import TocsinModel

@Suite("Everything that counts time, together")
struct TimingReplayTests {
    private enum Step {
        case sample(Double, quality: Quality, late: Double)
        case production(Double)
        case tick
        case acknowledge
        case reload
    }

    /// Two levels with delays and holds that re-alarm; the higher one counts samples. In force from
    /// 100 s to 3700 s after the start, while the plant produces.
    private static func pack() throws -> Pack {
        var pack = try TimingFixture.pack { rule in
            rule.onDelay = .seconds(2)
            rule.offDelay = .seconds(5)
            rule.minimumHold = .seconds(20)
            rule.reAlarm = .seconds(45)
        }
        pack.rules[1].sampleVote = Rule.SampleVote(needed: 2, of: 3)
        pack.rules[1].latch = true
        for rule in pack.rules.indices {
            try TimingFixture.suppress(&pack.rules[rule])
            pack.rules[rule].unless?.instructions += [.during(0), .not, .or]
        }
        pack.schedules = [ScheduleTimerTests.schedule]
        return pack
    }

    private func steps(_ seed: UInt64) -> [(second: Double, step: Step)] {
        var random = SeededGenerator(seed: seed)
        // Where the schedule changes.
        var second: Double = [0, 80, 3650].randomElement(using: &random) ?? 0
        var made: [(second: Double, step: Step)] = []
        let values: [Double] = [1, 24, 30, 60, 60]
        for _ in 0..<60 {
            second += [0.1, 0.5, 1, 1, 3, 8, 30].randomElement(using: &random) ?? 0
            let step: Step
            switch Int.random(in: 0..<12, using: &random) {
            case 0: step = .tick
            case 1: step = .acknowledge
            case 2, 3: step = .production(Double.random(in: 0..<2, using: &random).rounded())
            default:
                let isGood = Int.random(in: 0..<8, using: &random) > 0
                step = .sample(
                    values.randomElement(using: &random) ?? 0, quality: isGood ? .good : .bad,
                    late: [0, 0, 0, 0.7].randomElement(using: &random) ?? 0)
            }
            made.append((second, step))
        }
        return made
    }

    private func run(_ steps: [(second: Double, step: Step)]) throws -> GasFixture {
        let pack = try Self.pack()
        var gas = GasFixture([pack])
        gas.produce(1, at: 0)
        for (second, step) in steps {
            switch step {
            case .sample(let value, let quality, let late):
                gas.feed(value, at: second - late, delay: late, quality: quality)
            case .production(let value): gas.produce(value, at: second)
            case .tick: gas.tick(second)
            case .acknowledge: _ = gas.command(.acknowledge, at: second)
            case .reload: gas.reload([pack], at: second)
            }
        }
        gas.tick((steps.last?.second ?? 0) + 100)
        return gas
    }

    private func lines(_ gas: GasFixture) -> [String] {
        gas.events.filter { $0.ruleDefinition != nil }.map { event in
            String(
                decoding: EventLine(logged: nil, isReplay: true).body(of: event), as: UTF8.self)
        }
    }

    @Test("The same input says the same, with a reload of the same rules anywhere in it, too")
    func reloads() throws {
        var kinds: Set<EventKind> = []
        for seed in 0..<150 {
            let steps = steps(UInt64(seed))
            let plain = try run(steps)
            kinds.formUnion(plain.events.map { $0.kind })
            let expected = lines(plain)
            #expect(lines(try run(steps)) == expected, "seed \(seed)")
            var random = SeededGenerator(seed: UInt64(seed))
            var reloaded = steps
            for _ in 0..<3 {
                let place = Int.random(in: 1..<reloaded.count, using: &random)
                reloaded.insert((reloaded[place - 1].second, .reload), at: place)
            }
            let other = lines(try run(reloaded))
            guard other != expected else { continue }
            let place = zip(other, expected).prefix { $0 == $1 }.count
            Issue.record(
                """
                seed \(seed), event \(place)
                with    \(other.dropFirst(place).first ?? "-")
                without \(expected.dropFirst(place).first ?? "-")
                """)
            return
        }
        let all: Set<EventKind> = [
            .raised, .cleared, .escalated, .acknowledged, .suppressed, .unsuppressed, .reAlarmed,
        ]
        #expect(kinds.isSuperset(of: all))
    }

    @Test("While an alarm is suppressed nothing is annunciated, and what it says is in order")
    func invariants() throws {
        for seed in 1000..<1150 {
            let events = try run(steps(UInt64(seed))).events.filter { $0.ruleDefinition != nil }
            var isHidden = false
            var state = AlarmState.normal
            for event in events {
                #expect(event.previousState == state, "seed \(seed)")
                state = event.state ?? .normal
                switch event.kind {
                case .suppressed:
                    #expect(!isHidden && state != .normal, "seed \(seed)")
                    isHidden = true
                case .unsuppressed: isHidden = false
                case .raised, .escalated, .deEscalated, .reAlarmed:
                    #expect(!isHidden, "seed \(seed): \(event.kind.word)")
                default: break
                }
                if isHidden { #expect(event.suppression == .suppressed, "seed \(seed)") }
            }
        }
    }

    // MARK: Restored alarms

    /// An alarm of H as the log left it, 500 s after the start, restored at 1000 s; it is taken up when
    /// its stream is met.
    private func restored(
        _ pack: Pack, _ state: AlarmState, suppression: Suppression
    ) throws -> GasFixture {
        var gas = GasFixture([pack])
        gas.tick(1000)
        let id = Identifier(high: 7, low: 7)
        let alarm = RestoredAlarm(
            alarm: id, stream: GasFixture.stream, mode: .live, rule: "hazchem/gas/H",
            openingRule: "hazchem/gas/H", state: state, occurrence: id, lastEvent: id,
            raisedAt: GasFixture.at(500), onset: GasFixture.at(500), peak: nil, peakTime: nil,
            suppression: suppression)
        gas.pipeline.step(.restore([alarm]), arrival: GasFixture.at(1000), appendingTo: &gas.events)
        return gas
    }

    @Test("A restored alarm stays suppressed until its rule is evaluated, then comes forth anew")
    func restoredSuppressed() throws {
        var gas = try restored(
            try TimingFixture.suppressible(), .acknowledged, suppression: .suppressed)
        gas.produce(0, at: 1001)
        gas.feed(30, at: 1002)
        #expect(gas.story.isEmpty)
        #expect(gas.suppression == .suppressed)
        gas.produce(1, at: 1003)
        #expect(gas.story == ["unsuppressed H 1003", "raised H 1003"])
        #expect(gas.events[1].occurrence == Identifier(high: 7, low: 7))
    }

    @Test("Where its rule has no `unless` any more, or its time has come, it comes forth at once")
    func restoredFreed() throws {
        var scheduled = try TimingFixture.pack { rule in
            rule.unless = Program(instructions: [.during(0), .not], stackDepth: 1)
        }
        scheduled.schedules = [ScheduleTimerTests.schedule]
        for pack in [try TimingFixture.pack(), scheduled] {
            var gas = try restored(pack, .unacknowledged, suppression: .suppressed)
            gas.feed(30, at: 1001)
            #expect(gas.story == ["unsuppressed H 1001", "raised H 1001"])
        }
    }

    @Test("A restored alarm that counts samples ends by as many as it takes; re-alarm begins anew")
    func restoredCounts() throws {
        let pack = try TimingFixture.pack { rule in
            rule.sampleVote = Rule.SampleVote(needed: 2, of: 4)
            rule.reAlarm = .seconds(60)
        }
        var gas = try restored(pack, .acknowledged, suppression: .none)
        gas.feed(1, at: 1001)
        gas.tick(1060.999)
        #expect(gas.story.isEmpty)
        gas.feed(1, at: 1061)
        #expect(gas.story == ["re-alarmed H 1061"])
        gas.feed(1, at: 1062)
        #expect(gas.story == ["re-alarmed H 1061", "cleared H 1062"])
    }
}
