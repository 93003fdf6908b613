import TocsinEngine
import TocsinModel
import TocsinRing

/// The engine alone with one vote an area, for areas of a few and of many members: every third
/// sample changes its member's answer, and no vote is ever reached.
struct GroupBench: ~Copyable {
    private let counter: AllocationCounter?
    private let members: Int
    private let streams: Int
    private var engine: Engine
    private var events: [Event] = []
    private var milliseconds: Int64 = 1_700_000_000_000
    private var nanosecondsPerSample: [Double] = []
    private var allocations: UInt64 = 0

    private static let warmUp = 32

    /// `members` of each area; 0 = no vote, for comparison.
    init(streams: Int, members: Int, counter: AllocationCounter?) throws {
        self.counter = counter
        self.members = members
        self.streams = streams
        var pack = try GasPack.make()
        if members > 0 { try GroupBench.addVote(to: &pack) }
        let ruleSet = RuleSet(site: Site(id: "bench"), packs: [pack])
        let start = Timestamp(milliseconds: milliseconds)
        engine = Engine(
            ruleSet: ruleSet, start: start, offline: true,
            rings: RingDirectory(capacity: streams))
        for number in 0..<streams {
            let area = members > 0 ? number / members : 0
            engine.step(
                .stream(
                    StreamDeclaration(
                        index: StreamIndex(UInt32(number)), name: "a\(area)/bench/lel/\(number)",
                        mode: .live, unit: nil)),
                arrival: start, appendingTo: &events)
        }
    }

    private static func addVote(to pack: inout Pack) throws {
        let group = GroupDefinition(
            pattern: try StreamPattern("{area}/bench/lel/+"),
            member: Program(
                instructions: [
                    .value, .constant(10),
                    .compare(.greaterOrEqual, subject: .ownValue, memory: 0),
                ], stackDepth: 2),
            isCondition: true, deadbands: [.number(2, unit: nil)], text: "value >= 10 %LEL")
        var rule = Rule(
            name: "bench/gas/vote", shortName: "vote", trigger: .condition, alarmClass: .alarm,
            priority: .critical)
        rule.condition = Program(
            instructions: [.votes(0, .greaterOrEqual, 1_000_000)], stackDepth: 1)
        rule.per = "area"
        rule.degraded = [DegradedVote(out: 1, policy: .needs(1_000_000, of: 1_000_000))]
        pack.groups = [group]
        pack.rules.append(rule)
        pack.chains.append([pack.rules.count - 1])
    }

    mutating func run(passes: Int) {
        for pass in 0..<(GroupBench.warmUp + passes) {
            milliseconds += 1000
            let time = Timestamp(milliseconds: milliseconds)
            let before = counter?.count ?? 0
            let start = nanoseconds()
            for number in 0..<streams {
                let isHigh = (number + pass) % 3 == 0
                engine.apply(
                    Sample(time: time, value: isHigh ? 15 : 2),
                    stream: StreamIndex(UInt32(number)), arrival: time, appendingTo: &events)
            }
            let spent = nanoseconds() - start
            let asked = (counter?.count ?? 0) - before
            guard pass >= GroupBench.warmUp else { continue }
            nanosecondsPerSample.append(Double(spent) / Double(streams))
            allocations += asked
        }
        precondition(events.isEmpty, "no vote is reached")
    }

    /// One row: members of an area, median and range of ns a sample, allocations.
    var line: String {
        let sorted = nanosecondsPerSample.sorted()
        func text(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
        let what = members > 0 ? "groups of \(members)" : "no groups"
        let row =
            "\(what) \(streams) streams: \(text(sorted[sorted.count / 2])) ns/sample"
            + " (\(text(sorted[0]))–\(text(sorted[sorted.count - 1])))"
        return counter == nil ? row : row + ", \(allocations) allocations"
    }
}
