import Testing
import TocsinEngine
import TocsinModel

@Suite("Tracing")
struct TracingTests {
    /// The trace of a rule of the gas pack with this condition, after one sample.
    private func trace(
        _ instructions: [Instruction], value: Double = 30, quality: Quality = .good
    ) throws -> [TraceStep] {
        let pack = try GasFixture.pack { rule in
            rule.condition = Program(instructions: instructions, stackDepth: 8)
        }
        var fixture = GasFixture([pack])
        fixture.feed(value, at: 0, quality: quality)
        let found = fixture.pipeline.engine.trace(rule: "H", stream: GasFixture.stream)
        return try #require(found?.program(.condition)).steps
    }

    @Test("A program without texts is told in the words of the rule language")
    func words() throws {
        let steps = try trace([
            .value, .constant(2), .multiply, .limit(0), .constant(5), .add,
            .compare(.greater, subject: .expression, memory: Program.noMemory), .over, .not, .and,
            .age, .constant(3000),
            .compare(.less, subject: .expression, memory: Program.noMemory), .or,
        ])
        #expect(
            steps.map(\.text) == [
                "value", "2", "value * 2", "limit.H", "5 %LEL", "limit.H + 5 %LEL",
                "value * 2 > limit.H + 5 %LEL", "over", "not over",
                "value * 2 > limit.H + 5 %LEL and not over", "age", "3s", "age < 3s",
                "value * 2 > limit.H + 5 %LEL and not over or age < 3s",
            ])
        #expect(steps.map(\.value) == [30, 2, 60, 25, 5, 30, 1, 0, 1, 1, 0, 3000, 1, 1])
        #expect(steps[2].kind == .number(unit: "%LEL"))
        #expect(steps[10].kind == .duration)
        #expect(steps.last?.operands == [9, 12])
    }

    @Test("A sum inside a product stands in brackets")
    func brackets() throws {
        let steps = try trace([
            .value, .limit(0), .subtract, .constant(3), .multiply, .limit(1),
            .compare(.less, subject: .expression, memory: Program.noMemory), .not,
        ])
        #expect(steps.last?.text == "not (value - limit.H) * 3 < limit.HH")
        #expect(steps.last?.truth == .no)
    }

    @Test("Unknown has its reason, and passes it up")
    func reasons() throws {
        let bad = try trace(
            [
                .value, .limit(0),
                .compare(.greaterOrEqual, subject: .ownValue, memory: Program.noMemory),
            ], quality: .bad)
        #expect(bad.map(\.truth) == [.unknown, .yes, .unknown])
        #expect(bad[0].unknownBecause == "\(GasFixture.stream) has bad quality")
        #expect(bad[1].unknownBecause == nil)
        #expect(bad[2].unknownBecause == bad[0].unknownBecause)
        let zero = try trace([.value, .constant(0), .divide])
        #expect(zero[2].unknownBecause == "the division is by 0")
        let root = try trace([.constant(-1), .squareRoot])
        #expect(root[1].unknownBecause?.contains("has no value") == true)
    }

    @Test("A rule of a group is traced by the group's name, with its members' votes and the policy")
    func group() throws {
        let pack = try GroupFixture.pack(degraded: GroupFixture.declared, troubles: true)
        var fixture = GasFixture([pack])
        fixture.feed(30, "1", at: 0)
        fixture.feed(3, "2", at: 0)
        fixture.feed(3, "3", at: 0, quality: .bad)
        let engine = fixture.pipeline.engine
        let found = engine.trace(rule: "area-vote", stream: GroupFixture.area)
        let trace = try #require(found)
        #expect(trace.stream.isGroup)
        #expect(trace.phase == .on)
        let step = try #require(trace.program(.condition)?.steps.last)
        #expect(step.truth == .yes)
        #expect(step.policy == "1oo2")
        #expect(step.members.map(\.vote) == [.yes, .no, .bad])
        #expect(step.members.map(\.value) == [30, 3, nil])
        // The trouble rule shows the vote that it watches.
        let out = engine.trace(rule: "area-vote-out", stream: GroupFixture.area)
        #expect(out?.phase == .off)
        #expect(out?.program(.condition)?.steps.last?.members.count == 3)
        #expect(engine.trace(rule: "area-vote", stream: GroupFixture.stream("1")) == nil)
    }

    @Test("A rule or a stream that is not there has no trace")
    func missing() throws {
        var fixture = GasFixture([try GasFixture.pack()])
        fixture.feed(1, at: 0)
        let engine = fixture.pipeline.engine
        #expect(engine.trace(rule: "HHH", stream: GasFixture.stream) == nil)
        #expect(engine.trace(rule: "H", stream: "elsewhere") == nil)
        #expect(engine.sides(ofStep: 0, rule: "H", stream: GasFixture.stream) == nil)
        #expect(engine.sides(ofStep: 9, rule: "H", stream: GasFixture.stream) == nil)
        let sides = engine.sides(ofStep: 2, rule: "H", stream: GasFixture.stream)
        #expect(sides?.left == 1 && sides?.right == 25)
    }
}
