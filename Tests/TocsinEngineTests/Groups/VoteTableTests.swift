import Testing
import TocsinEngine
import TocsinModel

/// Votes of three members against the enumeration of all that the unknown ones could be.
@Suite("A vote is Kleene's, with the declared policy")
struct VoteTableTests {
    enum Answer: CaseIterable { case yes, no, unknown, bad }

    /// At H or above, except at 13 %LEL, where nobody knows: value ÷ (value − 13) × (value − 13).
    private static func group() throws -> GroupDefinition {
        var group = try GroupFixture.group()
        group.member = Program(
            instructions: [
                .value, .value, .constant(13), .subtract, .divide,
                .value, .constant(13), .subtract, .multiply, .limit(0),
                .compare(.greaterOrEqual, subject: .expression, memory: Program.noMemory),
            ], stackDepth: 4)
        group.deadbands = []
        return group
    }

    private static let policies: [[DegradedVote]] = [
        [], GroupFixture.declared,
        [
            DegradedVote(out: 1, policy: .needs(2, of: 2)),
            DegradedVote(out: 2, policy: .trouble),
        ],
        [DegradedVote(out: .max, policy: .trouble)],
    ]

    /// What the answer is if it is the same whatever those who are open would say.
    private static func naive(
        _ answers: [Answer], _ comparison: Comparison, _ wanted: Int, _ policy: [DegradedVote]
    ) -> Truth {
        var voters = answers
        var test: (Int) -> Bool = { holds(comparison, $0, wanted) }
        let out = answers.filter { $0 == .bad }.count
        let isAtLeast = comparison == .greaterOrEqual || comparison == .greater
        let rule =
            policy.first { $0.out == .max && out == answers.count }
            ?? policy.first { $0.out == out }
        if out > 0, isAtLeast, let rule {
            switch rule.policy {
            case .trouble: return .unknown
            case .needs(let needed, of: _):
                voters = answers.filter { $0 != .bad }
                test = { $0 >= needed }
            }
        }
        let open = voters.filter { $0 == .unknown || $0 == .bad }.count
        let yes = voters.filter { $0 == .yes }.count
        let results = Set((0...open).map { test(yes + $0) })
        return results.count == 2 ? .unknown : results.contains(true) ? .yes : .no
    }

    private static func holds(_ comparison: Comparison, _ a: Int, _ b: Int) -> Bool {
        switch comparison {
        case .greaterOrEqual: a >= b
        case .greater: a > b
        case .lessOrEqual: a <= b
        case .less: a < b
        case .equal: a == b
        case .notEqual: a != b
        }
    }

    /// The engine's answer. The on-delay keeps the alarm from standing, which would hold a yes.
    private static func engine(
        _ answers: [Answer], _ comparison: Comparison, _ wanted: Int, _ policy: [DegradedVote]
    ) throws -> Truth? {
        let rule = GroupFixture.vote(degraded: policy) { rule in
            rule.condition = Program(
                instructions: [.votes(0, comparison, Double(wanted))], stackDepth: 1)
            rule.onDelay = .seconds(3600)
        }
        var gas = GasFixture(
            [try GroupFixture.pack([rule], groups: [group()])], options: GroupFixture.small)
        for (position, answer) in answers.enumerated() {
            let value: Double =
                switch answer {
                case .yes: 30
                case .no, .bad: 2
                case .unknown: 13
                }
            gas.feed(
                value, "\(position + 1)", at: 0, quality: answer == .bad ? .bad : .good)
        }
        let trace = gas.pipeline.engine.trace(rule: "area-vote", stream: GroupFixture.area)
        return trace?.programs.first?.result
    }

    @Test("for every combination of three members, every number and every policy")
    func table() throws {
        var counted: [Truth: Int] = [:]
        let comparisons: [Comparison] = [
            .greaterOrEqual, .greater, .lessOrEqual, .less, .equal, .notEqual,
        ]
        for a in Answer.allCases {
            for b in Answer.allCases {
                for c in Answer.allCases {
                    for comparison in comparisons {
                        for wanted in 0...4 {
                            for policy in Self.policies {
                                let answers = [a, b, c]
                                let expected = Self.naive(answers, comparison, wanted, policy)
                                let said = try Self.engine(answers, comparison, wanted, policy)
                                #expect(
                                    said == expected,
                                    "\(answers) \(comparison.symbol) \(wanted) \(policy)")
                                counted[expected, default: 0] += 1
                            }
                        }
                    }
                }
            }
        }
        // The table has all three answers often: a test that only ever saw one proves nothing.
        #expect(counted.values.reduce(0, +) == 7680)
        #expect(counted.values.allSatisfy { $0 > 500 } && counted.count == 3)
    }

    @Test("any, all and count in Kleene's logic, figures over the good members")
    func otherQuestions() throws {
        for a in Answer.allCases {
            for b in Answer.allCases {
                let answers = [a, b]
                let open = answers.contains(.unknown) || answers.contains(.bad)
                let yes = answers.filter { $0 == .yes }.count
                let any: Double = yes > 0 ? 1 : open ? .nan : 0
                let all: Double = answers.contains(.no) ? 0 : open ? .nan : 1
                let count: Double = open ? .nan : Double(yes)
                let numbers = answers.compactMap { answer -> Double? in
                    switch answer {
                    case .yes: 30
                    case .no: 2
                    case .unknown: 13
                    case .bad: nil
                    }
                }
                let mean = numbers.isEmpty ? .nan : numbers.reduce(0, +) / Double(numbers.count)
                let expected = [
                    any, all, count, numbers.min() ?? .nan, numbers.max() ?? .nan, mean,
                ]
                let said = try Self.questions(answers)
                #expect(
                    zip(said, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN },
                    "\(answers): \(said), not \(expected)")
            }
        }
    }

    private static func questions(_ answers: [Answer]) throws -> [Double] {
        let functions: [Instruction] = [
            .group(0, .any), .group(0, .all), .group(0, .count), .group(1, .least),
            .group(1, .greatest), .group(1, .mean),
        ]
        let rules = functions.enumerated().map { position, instruction in
            GroupFixture.vote { rule in
                rule.name = "hazchem/gas/q\(position)"
                rule.shortName = "q\(position)"
                rule.condition = Program(instructions: [instruction], stackDepth: 1)
            }
        }
        let groups = [try group(), try GroupFixture.number()]
        var gas = GasFixture(
            [try GroupFixture.pack(rules, groups: groups)], options: GroupFixture.small)
        for (position, answer) in answers.enumerated() {
            let value: Double = answer == .yes ? 30 : answer == .unknown ? 13 : 2
            gas.feed(
                value, "\(position + 1)", at: 0, quality: answer == .bad ? .bad : .good)
        }
        return rules.map { rule in
            let trace = gas.pipeline.engine.trace(rule: rule.shortName, stream: GroupFixture.area)
            return trace?.programs.first?.steps.last?.value ?? -1
        }
    }

    @Test("An empty group is unknown, whatever is asked")
    func empty() throws {
        let elsewhere = try GroupFixture.group("{area}/hazchem/co/+")
        for instruction in [
            Instruction.votes(0, .lessOrEqual, 5), .group(0, .all), .group(0, .any),
            .group(0, .count),
        ] {
            let rule = GroupFixture.vote { rule in
                rule.condition = Program(instructions: [instruction], stackDepth: 1)
            }
            var gas = GasFixture([try GroupFixture.pack([rule], groups: [elsewhere])])
            gas.feed(30, "1", at: 0)
            let trace = gas.pipeline.engine.trace(rule: "area-vote", stream: GroupFixture.area)
            #expect(trace?.programs.first?.result == .unknown)
            #expect(gas.alarmStory == [])
        }
    }
}
