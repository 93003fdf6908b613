import Foundation
import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinReplay

@Suite("Tuning")
struct TuneTests {
    static let start: Int64 = 1_700_000_000_000
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// A temperature without deadband and delay: made to chatter.
    static let heat = """
        pack: site/heat
        match: "{line}/heat/{id}"
        unit: "°C"
        span: [0, 200]
        every: 1s
        limits: {H: 70 °C, HH: 90 °C}
        defaults: {deadband: 0 °C}
        ladder:
          HH: {priority: critical, action: "Stop"}
          H: {priority: high, action: "Look"}
        """

    /// One sample a second.
    func feed(_ values: [Double], stream: String = "a/heat/1") throws -> String {
        var text = "ts_ms,stream,value,unit\n"
        for (second, value) in values.enumerated() {
            text += "\(TuneTests.start + Int64(second) * 1000),\(stream),\(value),\n"
        }
        return try folder.write("feed.csv", text)
    }

    /// Ten minutes of ±0.5 around 60, then `around` for `seconds`, then quiet again.
    func restless(_ around: [Double], seconds: Int) -> [Double] {
        let quiet = (0..<300).map { $0 % 2 == 0 ? 59.5 : 60.5 }
        return quiet + (0..<seconds).map { around[$0 % around.count] } + quiet
    }

    func tune(
        _ values: [Double], pack: String = TuneTests.heat, golden: String? = nil
    ) throws -> TuneReport {
        let rules = try folder.write("rules.yaml", pack)
        var request = TuneRequest(rules: [rules], feeds: [try feed(values)])
        if let golden { request.golden = try folder.write("golden.yaml", golden) }
        return try TuneRun.run(request)
    }

    func proposal(_ report: TuneReport, _ kind: TuneKind, alarm: Int = 0) throws -> TuneProposal {
        try #require(report.alarms[alarm].proposals.first { $0.kind == kind })
    }

    func proposed(_ proposal: TuneProposal) throws -> TuneTrial {
        guard case .proposed(let trial) = proposal.outcome else {
            Issue.record("\(proposal.outcome)")
            throw CancellationError()
        }
        return trial
    }

    @Test("A level that swings around its limit is quietened by the swing as deadband")
    func deadband() throws {
        // 69 and 71 by turns: clears only at 69 or above while the deadband is below 1.
        let report = try tune(restless([71, 69], seconds: 40))
        #expect(report.alarms.map { "\($0.rule) \($0.on)" } == ["site/heat/H a/heat/1"])
        #expect(report.alarms[0].before.raises == 20)
        #expect(report.alarms[0].before.burst == 20)
        // Neighbours differ by 1 in the quiet time: Σ1²/2n.
        let noise = try #require(report.alarms[0].noise)
        #expect(abs(noise - 0.5.squareRoot()) < 0.01)
        // 0.5 × 0.707 = 0.36 is too narrow, 0.71 and 1.1: 69 is no more below 70 − 1.1.
        let trial = try proposed(try proposal(report, .deadband))
        #expect(trial.value == "1.1 °C")
        #expect(trial.after.raises == 1)
        #expect(trial.delays == EpisodeDelays(before: [], after: [], end: report.end).with(1))
        let made = try proposal(report, .deadband)
        #expect(made.line == "deadband: 1.1 °C")
        #expect(made.place?.hasSuffix("rules.yaml:10") == true)
    }

    @Test("Spikes of two seconds are outlasted by an on-delay of three")
    func onDelay() throws {
        // Two bad samples in ten: gone at the second sample after the raise.
        let spikes: [Double] = [80, 80, 60, 60, 60, 60, 60, 60, 60, 60]
        let report = try tune(restless(spikes, seconds: 60))
        #expect(report.alarms[0].before.raises == 6)
        let trial = try proposed(try proposal(report, .onDelay))
        // A delay of 2 s is over at the third sample: the deadline comes first.
        #expect(trial.value == "3s")
        #expect(trial.after.raises == 0)
        #expect(trial.delays.lost == 1)
        #expect(try proposal(report, .onDelay).line == "on_delay: 3s")
    }

    @Test("A limit just below a noisy level is moved above it, and no further")
    func limit() throws {
        let report = try tune(restless([71, 69], seconds: 40))
        // Steps of 1, the noise rounded up: 71 °C is still reached.
        let made = try proposal(report, .limit)
        let trial = try proposed(made)
        #expect(trial.value == "72 °C")
        #expect(trial.after.raises == 0)
        #expect(made.line == "limits: {H: 72 °C}")
        #expect(made.place?.contains("rules.yaml:6") == true)
    }

    @Test("What would delay or miss a golden incident is not proposed, and the incident is named")
    func golden() throws {
        // Spikes, and then a fire that stays.
        let spikes: [Double] = [80, 80, 60, 60, 60, 60, 60, 60, 60, 60]
        let values = restless(spikes, seconds: 60) + [Double](repeating: 80, count: 100)
        let at = TuneTests.start + 660_000
        let golden = """
            incidents:
              - {name: fire, stream: "a/heat/+", from: "\(at)", to: "\(at + 60_000)"}
            """
        let report = try tune(values, golden: golden)
        guard
            case .bound(let trial, let incident, let delay) =
                try proposal(report, .onDelay).outcome
        else {
            Issue.record("\(report.text)")
            return
        }
        #expect(trial.value == "3s")
        #expect(incident == "fire")
        #expect(delay == .seconds(3))
        #expect(try proposal(report, .onDelay).line == nil)
        #expect(report.golden?.caught == 1)
        guard case .bound(_, "fire", nil) = try proposal(report, .limit).outcome else {
            Issue.record("\(try proposal(report, .limit).outcome)")
            return
        }
    }

    @Test("An alarm that would never clear again is no quiet alarm")
    func stuck() throws {
        // It ends 1.5 below the limit: a deadband of 2 would hold the alarm for ever.
        let end = [Double](repeating: 68.5, count: 100)
        let report = try tune(
            (0..<300).map { $0 % 2 == 0 ? 59 : 61 } + (0..<40).map { $0 % 2 == 0 ? 71 : 66 } + end)
        guard case .insufficient = try proposal(report, .deadband).outcome else {
            Issue.record("\(report.text)")
            return
        }
    }

    @Test("Gas is never made to wait longer than five seconds")
    func gas() throws {
        let gas = """
            pack: hazchem/gas
            match: "{line}/heat/{id}"
            unit: "%LEL"
            span: [0, 100]
            every: 1s
            limits: {H: 70 %LEL}
            defaults: {deadband: 0 %LEL, latch: false}
            ladder:
              H: {priority: high, action: "Look"}
            """
        // Eight seconds on, four off.
        let cycle = [Double](repeating: 80, count: 8) + [Double](repeating: 60, count: 4)
        let report = try tune(restless(cycle, seconds: 60), pack: gas)
        guard case .insufficient(let trial) = try proposal(report, .onDelay).outcome else {
            Issue.record("\(report.text)")
            return
        }
        #expect(trial.value == "5s")
        let heat = try tune(restless(cycle, seconds: 60))
        #expect(try proposed(try proposal(heat, .onDelay)).value == "10s")
    }

    @Test("The levels of one alarm are tuned each by itself")
    func levels() throws {
        let report = try tune(restless([91, 89], seconds: 40))
        #expect(report.alarms.map(\.rule) == ["site/heat/HH"])
        #expect(report.alarms[0].before.raises == 20)
        #expect(try proposed(try proposal(report, .deadband)).value == "1.1 °C")
    }

    @Test("A quiet recording has nothing to tune and takes one run")
    func quiet() throws {
        let report = try tune(restless([60], seconds: 10))
        #expect(report.alarms.isEmpty)
        #expect(report.runs == 1)
        #expect(report.text.hasPrefix("0 alarms chattering, 0 only fleeting; 1 runs over"))
    }

    @Test("The inventory's own limit is moved in the inventory, and only for its stream")
    func inventory() throws {
        let rules = try folder.write("rules.yaml", TuneTests.heat)
        let inventory = try folder.write(
            "inventory.csv", "stream,unit,limit.H\na/heat/1,°C,65\n")
        let feed = try feed(restless([66, 64], seconds: 40))
        let report = try TuneRun.run(
            TuneRequest(rules: [rules], feeds: [feed], inventory: inventory))
        let made = try proposal(report, .limit)
        #expect(made.present == "65 °C")
        #expect(try proposed(made).value == "67 °C")
        #expect(made.line == "67 °C in the column limit.H of the inventory")
    }

    @Test("Text and JSON say the same, run after run")
    func output() throws {
        let first = try tune(restless([71, 69], seconds: 40))
        let second = try tune(restless([71, 69], seconds: 40))
        #expect(first.text == second.text)
        #expect(first.json == second.json)
        let object = try JSONSerialization.jsonObject(with: Data(first.json))
        let alarms = try #require((object as? [String: Any])?["alarms"] as? [[String: Any]])
        let proposals = try #require(alarms[0]["proposals"] as? [[String: Any]])
        #expect(proposals.map { $0["change"] as? String } == ["deadband", "on_delay", "limit"])
        #expect(proposals.map { $0["outcome"] as? String ?? "" }.allSatisfy { $0 == "proposed" })
        #expect(first.text.contains("  deadband  0 °C → 1.1 °C: raises 20 → 1"))
    }
}

extension EpisodeDelays {
    /// So many episodes, none later.
    func with(_ count: Int) -> EpisodeDelays {
        var delays = self
        delays.episodes = count
        return delays
    }
}

@Suite("Figures of restless rules")
struct RestFigureTests {
    func life(_ from: Int64, _ to: Int64?) -> RuleLife {
        RuleLife(
            raised: Timestamp(milliseconds: from * 1000),
            cleared: to.map { Timestamp(milliseconds: $0 * 1000) })
    }

    let end = Timestamp(milliseconds: 1_000_000)

    @Test("Three raises and clears within a minute are chattering, two are not")
    func chattering() {
        let three = RestFigures([life(0, 5), life(20, 25), life(50, 60)], end: end)
        #expect(three.chatters && three.burst == 3 && three.fleeting == 0)
        let slow = RestFigures([life(0, 5), life(20, 25), life(50, 61)], end: end)
        #expect(!slow.chatters && slow.burst == 2 && slow.fleeting == 3)
    }

    @Test("What stands at the end has not cleared")
    func open() {
        let figures = RestFigures([life(0, 5), life(20, 25), life(30, nil)], end: end)
        #expect(figures.burst == 2 && figures.isOpen)
        #expect(figures.standing == .seconds(10 + 970))
    }

    @Test("Delay counts from an episode's first raise; what is not raised is lost")
    func episodes() {
        let before = [life(0, 5), life(20, 25), life(200, 210), life(400, 480)]
        let after = [life(22, 25), life(430, 480)]
        let delays = EpisodeDelays(before: before, after: after, end: end)
        #expect(delays.episodes == 3 && delays.delayed == 2 && delays.lost == 1)
        #expect(delays.delayMax == .seconds(30) && delays.lostLongest == .seconds(10))
    }
}

@Suite("Ladders of values")
struct TuneLadderTests {
    @Test("Values are rounded up to what an engineer would write")
    func rounding() {
        #expect(TuneLadder.roundedUp(0.70711) == 0.71)
        #expect(TuneLadder.roundedUp(3) == 3)
        #expect(TuneLadder.roundedUp(123) == 130)
        #expect(TuneLadder.niceStep(0.71) == 1)
        #expect(TuneLadder.niceStep(0.013) == 0.02)
        #expect(TuneLadder.niceStep(33) == 50)
    }

    @Test("On-delays begin above the present one and end at the greatest allowed")
    func delays() {
        #expect(
            TuneLadder.onDelays(above: .seconds(3), max: .seconds(5)) == [.seconds(5)])
        #expect(TuneLadder.onDelays(above: .seconds(60), max: nil) == [])
    }
}
