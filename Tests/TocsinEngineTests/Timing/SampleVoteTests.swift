import Testing
import TocsinEngine
import TocsinModel

@Suite("n of m samples and the minimum hold")
struct SampleVoteTests {
    private func pack(
        _ needed: Int, of: Int, adjusting adjust: (inout Rule) -> Void = { _ in }
    ) throws -> Pack {
        var pack = try TimingFixture.pack { rule in
            rule.sampleVote = Rule.SampleVote(needed: needed, of: of)
            adjust(&rule)
        }
        pack.rules.removeLast()
        pack.chains = [[0]]
        return pack
    }

    @Test("It is raised by the third of five, stamped with it, and ends when fewer are left")
    func threeOfFive() throws {
        var gas = GasFixture([try pack(3, of: 5)])
        for (second, value) in [30.0, 1, 30, 1, 30, 1, 1, 1].enumerated() {
            gas.feed(value, at: Double(second))
        }
        #expect(gas.story == ["raised H 4", "cleared H 5"])
    }

    @Test("Unknown samples are passed over, late ones and other streams' do not count")
    func passedOver() throws {
        var pack = try pack(2, of: 2)
        pack.rules[0].references = [
            ReferenceDefinition(
                pattern: try StreamPattern("{area}/plant/production"), unit: nil, stateNames: [])
        ]
        var gas = GasFixture([pack])
        gas.feed(30, at: 1)
        gas.feed(1, at: 2, quality: .bad)
        gas.feed(35, at: 0.5, delay: 2)
        gas.produce(1, at: 3)
        #expect(gas.story.isEmpty)
        gas.feed(30, at: 4)
        gas.feed(1, at: 5, quality: .bad)
        gas.produce(0, at: 6)
        gas.feed(1, at: 6.5, flags: [.retained, .noTime])
        #expect(gas.story == ["raised H 4"])
        gas.feed(1, at: 7)
        #expect(gas.story == ["raised H 4", "cleared H 7"])
    }

    @Test("With an on-delay the vote must stand so long; deadlines do not vote")
    func withDelay() throws {
        var gas = GasFixture([try pack(2, of: 3) { $0.onDelay = .seconds(3) }])
        for (second, value) in [30.0, 30, 1, 1, 30, 1, 30, 30, 1, 30].enumerated() {
            gas.feed(value, at: Double(second))
        }
        #expect(gas.story == ["raised H 9"])
        #expect(gas.events[0].onset == GasFixture.at(6))
    }

    @Test("64 of 64 is the longest vote")
    func longest() throws {
        var gas = GasFixture([try pack(64, of: 64)])
        for second in 1...64 { gas.feed(30 + Double(second), at: Double(second)) }
        gas.feed(1, at: 65)
        #expect(gas.story == ["raised H 64", "cleared H 65"])
    }

    @Test("Votes are kept over a reload in the middle")
    func reload() throws {
        var gas = GasFixture([try pack(3, of: 4)])
        gas.feed(30, at: 1)
        gas.feed(30, at: 2)
        gas.reload([try pack(3, of: 4)], at: 2)
        gas.feed(1, at: 3)
        gas.feed(30, at: 4)
        #expect(gas.story == ["reloaded - 2", "raised H 4"])
    }

    /// Over all samples in order: known ones, the newest `of`, with the deadband of 2 %LEL.
    private func naive(_ samples: [(value: Double, quality: Quality)], _ needed: Int, _ of: Int)
        -> [String]
    {
        var said: [String] = []
        var holds = false
        for end in samples.indices where samples[end].quality == .good {
            let known = samples[...end].filter { $0.quality == .good }.map { $0.value }
            var votes: [Bool] = []
            for value in known {
                votes.append(value >= 25 || value >= 23 && (votes.last ?? false))
            }
            let isTrue = votes.suffix(of).filter { $0 }.count >= needed
            if isTrue != holds { said.append("\(isTrue ? "raised" : "cleared") H \(end)") }
            holds = isTrue
        }
        return said
    }

    @Test("Random samples against a naive model that counts all history")
    func random() throws {
        var said = 0
        for seed in 0..<600 {
            var random = SeededGenerator(seed: UInt64(seed))
            let of = Int.random(in: 1...8, using: &random)
            let needed = Int.random(in: 1...of, using: &random)
            let pack = try pack(needed, of: of)
            var gas = GasFixture([pack])
            var samples: [(value: Double, quality: Quality)] = []
            for position in 0..<60 {
                let values: [Double] = [1, 22.9, 23, 24.9, 25, 60]
                let value = values.randomElement(using: &random) ?? 0
                let isGood = Int.random(in: 0..<5, using: &random) > 0
                samples.append((value, isGood ? .good : .bad))
                gas.feed(value, at: Double(position), quality: samples[position].quality)
                if Int.random(in: 0..<20, using: &random) == 0 {
                    gas.reload([pack], at: Double(position))
                }
            }
            let story = gas.story.filter { !$0.hasPrefix("reloaded") }
            let expected = naive(samples, needed, of)
            #expect(story == expected, "seed \(seed), \(needed) of \(of)")
            said += expected.count
        }
        #expect(said > 600)
    }

    @Test("A minimum hold keeps the alarm, together with the off-delay: what ends later counts")
    func minimumHold() throws {
        let rows: [(offDelay: Int64, clears: [String])] = [
            (0, ["cleared H 31"]), (10, ["cleared H 31"]), (40, ["cleared H 42"]),
        ]
        for row in rows {
            var pack = try TimingFixture.pack {
                $0.minimumHold = .seconds(30)
                $0.offDelay = .seconds(row.offDelay)
            }
            pack.rules.removeLast()
            pack.chains = [[0]]
            for reloads in [false, true] {
                var gas = GasFixture([pack])
                gas.feed(30, at: 1)
                gas.feed(1, at: 2)
                if reloads { gas.reload([pack], at: 3) }
                gas.tick(60)
                #expect(
                    gas.story.filter { !$0.hasPrefix("reloaded") } == ["raised H 1"] + row.clears)
            }
            var again = GasFixture([pack])
            again.feed(30, at: 1)
            again.feed(1, at: 2)
            again.feed(30, at: 10)
            again.feed(1, at: 50)
            again.tick(100)
            let end = row.offDelay + 50
            #expect(again.story == ["raised H 1", "cleared H \(end)"])
        }
    }

    @Test("The hold counts from where the on-delay ended; unknown stops it like an off-delay")
    func holdAfterDelay() throws {
        var gas = GasFixture([
            try pack(1, of: 1) {
                $0.minimumHold = .seconds(10)
                $0.onDelay = .seconds(3)
            }
        ])
        gas.feed(30, at: 0)
        gas.feed(1, at: 4)
        gas.feed(1, at: 12, quality: .bad)
        gas.tick(20)
        #expect(gas.story == ["raised H 3"])
        gas.feed(1, at: 21)
        #expect(gas.story == ["raised H 3", "cleared H 21"])
    }

    @Test("A hold that a reload moves counts from the same beginning")
    func holdMoved() throws {
        var gas = GasFixture([try pack(1, of: 1) { $0.minimumHold = .seconds(30) }])
        gas.feed(30, at: 1)
        gas.feed(1, at: 2)
        gas.reload([try pack(1, of: 1) { $0.minimumHold = .seconds(20) }], at: 3)
        gas.tick(60)
        #expect(gas.story == ["raised H 1", "reloaded - 3", "cleared H 21"])
    }
}
