import Testing
import TocsinEngine
import TocsinModel

@Suite("Reset is refused while the condition is not known to be false")
struct CommandTests {
    /// H was raised at 3, acknowledged at 4 and latched at 14: the alarm waits for its reset.
    private func latched() throws -> GasFixture {
        var gas = GasFixture([try GasFixture.pack()])
        for second in 0...3 { gas.feed(30, at: Double(second)) }
        guard case .accepted = gas.command(.acknowledge, at: 4) else {
            Issue.record("acknowledge was refused")
            return gas
        }
        for second in 4...14 { gas.feed(1, at: Double(second)) }
        #expect(
            gas.pipeline.engine.state(ofRule: "H", stream: GasFixture.stream)
                == .latchedAcknowledged)
        return gas
    }

    @Test("While an on-delay runs the condition is true: refused")
    func pending() throws {
        var gas = try latched()
        gas.feed(30, at: 15)
        #expect(gas.command(.reset, at: 15) == .refused(reason: "the condition of H is still true"))
        gas.feed(1, at: 16)
        guard case .accepted = gas.command(.reset, at: 16) else {
            Issue.record("reset was refused although the condition is false")
            return
        }
    }

    @Test("While the sensor is bad, inhibited or silent the condition is unknown: refused")
    func unknown() throws {
        for quality in [Quality.bad, .inhibited] {
            var gas = try latched()
            gas.feed(1, at: 15, quality: quality)
            guard case .refused(let reason) = gas.command(.reset, at: 15) else {
                Issue.record("reset was accepted on \(quality) data")
                return
            }
            #expect(reason.contains("unknown"))
        }
        var gas = try latched()
        gas.tick(30)
        #expect(
            gas.command(.reset, at: 30)
                == .refused(
                    reason: "the condition of H is unknown: the sensor is silent or bad"))
    }

    @Test("A confirmed over-range reset is refused while the value is over a limit, or unknown")
    func overRangeStillHigh() throws {
        var gas = GasFixture([try GasFixture.pack()])
        for second in 0...4 { gas.feed(110, at: Double(second)) }
        _ = gas.command(.acknowledge, at: 4)
        gas.feed(60, at: 5)
        #expect(
            gas.command(.reset, at: 5, confirms: true)
                == .refused(reason: "the condition of H is still true"))
        gas.feed(0, at: 6, quality: .bad)
        #expect(
            gas.command(.reset, at: 6, confirms: true)
                == .refused(reason: "the condition is unknown: the sensor is silent or bad"))
        gas.feed(10, at: 7)
        guard case .accepted = gas.command(.reset, at: 7, confirms: true) else {
            Issue.record("reset was refused although the gas is gone")
            return
        }
        for second in 8...17 { gas.feed(10, at: Double(second)) }
        #expect(gas.story.last == "cleared HH 17")
    }
}
