import Testing
import TocsinEngine
import TocsinModel

@Suite("A ladder on one stream")
struct LadderTests {
    @Test("A ramp raises H after its on-delay, then escalates to HH, then latches on return")
    func ramp() throws {
        var gas = GasFixture([try GasFixture.pack()])
        for second in 0...200 {
            let value = second < 100 ? Double(second) : 1
            gas.feed(value, at: Double(second))
        }
        #expect(gas.story == ["raised H 28", "escalated HH 53", "cleared H 110"])
        let states = gas.events.map { $0.state }
        #expect(states == [.unacknowledged, .unacknowledged, .latchedUnacknowledged])
        #expect(Set(gas.events.map { $0.occurrence }).count == 1)
        #expect(gas.events[2].previous == gas.events[1].id)
        #expect(gas.events[2].peak == 99)
    }

    @Test("When both levels become true at one input, only the higher is raised")
    func together() throws {
        var gas = GasFixture([try GasFixture.pack()])
        for second in 0...5 { gas.feed(second == 0 ? 1 : 80, at: Double(second)) }
        #expect(gas.story == ["raised HH 4"])
    }

    @Test("A latched level that is reached again is said again, each time")
    func latchedLevelAgain() throws {
        var gas = GasFixture([try GasFixture.pack()])
        func value(_ second: Int) -> Double {
            switch second {
            case 0..<10: 60  // HH
            case 10..<40: 30  // only H: HH is latched, nothing is said
            case 40..<50: 60  // HH again
            case 50..<80: 1  // nothing: latched
            case 80..<90: 30  // H comes back
            case 90..<100: 60  // and HH
            default: 1
            }
        }
        for second in 0..<100 { gas.feed(value(second), at: Double(second)) }
        #expect(
            gas.story == [
                "raised HH 3", "escalated HH 43", "cleared HH 60", "raised H 83",
                "escalated HH 93",
            ])
        #expect(gas.events.last?.previousPriority == .high)
        #expect(Set(gas.events.map { $0.occurrence }).count == 1)
    }

    @Test("A spike shorter than the on-delay raises nothing; four seconds do")
    func spike() throws {
        var gas = GasFixture([try GasFixture.pack()])
        for second in 0...30 {
            let high = second == 5 || (20...24).contains(second)
            gas.feed(second == 5 ? 60 : high ? 30 : 1, at: Double(second))
        }
        #expect(gas.story == ["raised H 23"])
    }

    @Test("The deadband keeps the condition until the value is below limit minus deadband")
    func deadband() throws {
        var gas = GasFixture([try GasFixture.pack { $0.latch = false }])
        let values: [Double] = [26, 26, 26, 26, 24, 23.5, 23, 24.9, 22.9]
        for (second, value) in values.enumerated() { gas.feed(value, at: Double(second)) }
        for second in 9...20 { gas.feed(10, at: Double(second)) }
        #expect(gas.story == ["raised H 3", "cleared H 18"])
    }

    @Test("Without later samples the on-delay ends on the gateway's clock, stamped the same")
    func silent() throws {
        var gas = GasFixture([try GasFixture.pack()])
        gas.feed(30, at: 0)
        gas.feed(30, at: 1)
        gas.tick(3.4)
        #expect(gas.story.isEmpty)
        gas.tick(3.5)
        #expect(gas.story == ["raised H 3"])
        gas.tick(4.4)
        #expect(gas.story == ["raised H 3"])
        gas.tick(4.5)
        #expect(gas.story == ["raised H 3", "raised stale 4"])
    }

    @Test("Unknown neither starts nor stops an on-delay: it goes on and raises, degraded")
    func unknownWhilePending() throws {
        var gas = GasFixture([try GasFixture.pack()])
        gas.feed(30, at: 0)
        gas.feed(0, at: 1, quality: .bad)
        gas.feed(0, at: 3, quality: .bad)
        #expect(gas.story == ["raised bad 1", "raised H 3"])
        #expect(gas.events[1].degraded)
    }

    @Test("Bad quality and silence never clear")
    func neverClears() throws {
        var gas = GasFixture([try GasFixture.pack()])
        for second in 0...4 { gas.feed(40, at: Double(second)) }
        for second in 5...30 { gas.feed(0, at: Double(second), quality: .bad) }
        gas.tick(600)
        #expect(gas.story == ["raised H 3", "raised bad 5", "raised stale 33"])
    }

    @Test("Over-range of combustible gas latches until a confirmed reset")
    func overRange() throws {
        var gas = GasFixture([try GasFixture.pack()])
        for second in 0...60 { gas.feed(second < 20 ? 110 : 15, at: Double(second)) }
        #expect(gas.story == ["raised HH 3"])
        #expect(
            gas.command(.reset, at: 61)
                == .refused(
                    reason: "acknowledge the alarm first: nobody has taken note of it yet"))
        gas.feed(15, at: 62)
        guard case .accepted = gas.command(.acknowledge, at: 62) else {
            Issue.record("acknowledge was refused")
            return
        }
        guard case .refused(let reason) = gas.command(.reset, at: 63) else {
            Issue.record("reset was accepted although over-range is latched")
            return
        }
        #expect(reason.contains("over-range is latched"))
        gas.feed(15, at: 64)
        guard case .accepted = gas.command(.reset, at: 64, confirms: true) else {
            Issue.record("a confirmed reset was refused")
            return
        }
        for second in 65...80 { gas.feed(15, at: Double(second)) }
        #expect(gas.story.last == "cleared HH 74")
        guard case .accepted = gas.command(.reset, at: 81) else {
            Issue.record("the last reset was refused")
            return
        }
        #expect(gas.pipeline.engine.standingAlarms().isEmpty)
    }

    @Test("A sensor at 1970 is evaluated at arrival and raises clock trouble once")
    func clockLost() throws {
        var gas = GasFixture([try GasFixture.pack()])
        gas.feed(1, at: 0)
        for second in 1...10 {
            let observation = Observation(
                value: .number(60), time: Timestamp(milliseconds: Int64(second) * 1000))
            gas.pipeline.accept(
                observation, stream: GasFixture.stream, arrival: GasFixture.at(Double(second)),
                appendingTo: &gas.events)
        }
        #expect(gas.story == ["raised clock 1", "raised HH 4"])
        #expect(gas.events[1].timeSource == .gateway)
    }

    @Test("A repeated sample is dropped; a late one may raise without a delay, and never clears")
    func lateAndRepeated() throws {
        var gas = GasFixture([try GasFixture.pack { $0.onDelay = .zero }])
        gas.feed(1, at: 10)
        gas.feed(1, at: 10)
        #expect(gas.pipeline.dropped[.duplicate] == 1)
        gas.feed(60, at: 5, delay: 6)
        #expect(gas.story == ["raised HH 5"])
        gas.feed(1, at: 4, delay: 8)
        for second in 13...22 { gas.feed(1, at: Double(second)) }
        #expect(gas.story == ["raised HH 5"])
        gas.feed(1, at: 23)
        #expect(gas.story == ["raised HH 5", "cleared HH 23"])
    }

    @Test("A clock that went back makes every sample late: trouble after ten, until it is right")
    func clockWentBack() throws {
        var gas = GasFixture([try GasFixture.pack()])
        for second in 3600...3610 { gas.feed(1, at: Double(second)) }
        for second in 3611...3630 { gas.feed(60, at: Double(second - 3600), delay: 3600) }
        // The tenth of the run, and nine seconds into it: the pack's silence is three.
        #expect(gas.story == ["raised clock 3620"])
        gas.feed(1, at: 3631)
        #expect(gas.story == ["raised clock 3620", "cleared clock 3631"])
        // Nine that overtook each other are none.
        for second in 1...9 { gas.feed(Double(second), at: Double(second) + 0.5, delay: 3640) }
        gas.feed(1, at: 3660)
        #expect(gas.story.count { $0.contains("clock") } == 2)
    }

    @Test("Ids are the same in another run, and unlike each other")
    func identity() throws {
        func run() throws -> [Identifier] {
            var gas = GasFixture([try GasFixture.pack()])
            for second in 0...200 { gas.feed(second % 50 < 20 ? 60 : 1, at: Double(second)) }
            return gas.events.map { $0.id }
        }
        let first = try run()
        #expect(try run() == first)
        #expect(Set(first).count == first.count)
        #expect(first.count > 5)
    }
}
