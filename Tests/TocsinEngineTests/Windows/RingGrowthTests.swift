import Testing
import TocsinModel

@testable import TocsinEngine

@Suite("Rings of streams that are faster than their pack says")
struct RingGrowthTests {
    /// A minute's mean in a pack that says `every: 60s`.
    private func pipeline(samplesPerWindow: Int) throws -> Pipeline {
        var pack = Pack(name: "fire/heat", domain: "fire", pattern: try StreamPattern("t"))
        pack.cadence = .every(.seconds(60))
        pack.staleAfter = .seconds(180)
        pack.windows = [
            WindowDefinition(extent: .time(.seconds(60)), family: .moments)
        ]
        var rule = Rule(
            name: "fire/heat/hot", shortName: "hot", trigger: .condition, alarmClass: .alarm,
            priority: .high)
        rule.condition = Program(
            instructions: [
                .window(0, .mean), .constant(50),
                .compare(.greaterOrEqual, subject: .expression, memory: Program.noMemory),
            ], stackDepth: 2)
        pack.rules = [rule]
        pack.chains = [[0]]
        var options = EngineOptions()
        options.samplesPerWindow = samplesPerWindow
        let set = RuleSet(site: Site(id: "s"), packs: [pack], options: options)
        return Pipeline(ruleSet: set, start: Timestamp(milliseconds: 1_700_000_000_000))
    }

    private func run(_ pipeline: inout Pipeline, seconds: Int, perSecond: Int) -> [Event] {
        var events: [Event] = []
        let start: Int64 = 1_700_000_000_000
        for step in 0..<(seconds * perSecond) {
            let time = Timestamp(milliseconds: start + Int64(step * 1000 / perSecond))
            let value: Double = step < seconds * perSecond / 2 ? 20 : 100
            pipeline.accept(
                Observation(value: .number(value), time: time), stream: "t", arrival: time,
                appendingTo: &events)
        }
        return events
    }

    @Test("A stream sixty times as fast as `every:` keeps its whole window")
    func grows() throws {
        var pipeline = try pipeline(samplesPerWindow: 4096)
        let before = RingCapacity.samples("t", pipeline.intake.ruleSet)
        let events = run(&pipeline, seconds: 300, perSecond: 5)
        #expect(!events.contains { $0.kind == .windowShort })
        // 20 and 100: the mean of a minute passes 50 after 22.5 s.
        let raised = events.first { $0.kind == .raised }
        #expect(raised.map { $0.time.milliseconds - 1_700_000_000_000 } == 172_400)
        #expect((pipeline.engine.windowRingCapacity(ofStream: "t") ?? 0) >= 300)
        #expect(before < 300)
    }

    @Test("The growth ends at limits.samples_per_window, and that is said")
    func bounded() throws {
        var pipeline = try pipeline(samplesPerWindow: 128)
        let events = run(&pipeline, seconds: 300, perSecond: 5)
        #expect(events.count { $0.kind == .windowShort } == 1)
        #expect(pipeline.engine.windowRingCapacity(ofStream: "t") == 128)
    }
}
