import Foundation
import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

/// What `tocsin plan` says, held against an engine with those streams.
@Suite("The plan is what the engine takes")
struct PlanTests {
    static let windows = """
        pack: a/gas
        match: "{area}/gas/{id}"
        unit: ppm
        every: 1s
        limits: {H: 20 ppm}
        alarms:
          - {name: mean, when: mean(30m) >= limit.H, priority: low, action: look}
          - {name: middle, when: median(10m) >= limit.H, priority: low, action: look}
          - {name: most, when: max(5m) - min(5m) > 3 ppm, priority: low, action: look}
          - {name: dose, when: twa(8h) > 5 ppm, priority: low, action: look}
          - {name: up, when: "slope(count=50) > 1 ppm/min", priority: low, action: look}
          - {name: score, when: zscore(5m) > 3, priority: low, action: look}
          - {name: changes, when: changes(2h) > 3, priority: low, action: look}
          - name: vote
            per: area
            when: votes(mean(1m) >= limit.H, of="{area}/gas/+") >= 2
            priority: high
            action: look
        ---
        pack: a/fan
        match: "{area}/fan/{id}"
        states: {running: [1], stopped: [0]}
        every: on-change
        heartbeat: 10s
        alarms:
          - name: stopped
            when: value is stopped and stream("{area}/gas/1") > 5 ppm
            priority: low
            action: look
        """

    static let inventory = """
        stream,every
        p/gas/1,
        p/gas/2,500ms
        q/gas/1,2s
        p/fan/1,
        p/else/1,

        """

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    static func ruleSet(_ probe: PackProbe) throws -> RuleSet {
        try #require(probe.rules, "\(probe.findings)").makeRuleSet(hash: "")
    }

    /// The shipped packs with their example inventories, and packs with windows.
    static func sets() throws -> [RuleSet] {
        var sets = [try ruleSet(PackProbe(windows, inventory: inventory))]
        for domain in ["hazchem", "dust", "fire"] {
            let folder = "\(root)/Rules/\(domain)"
            let diagnostics = DiagnosticList()
            let loaded = RuleSetLoader.load(
                paths: [folder], inventory: folder + "/inventory.example.csv",
                site: Site(id: "s"), day: PackProbe.today, reporting: diagnostics)
            let rules = try #require(loaded, "\(diagnostics.rendered)")
            sets.append(rules.makeRuleSet(hash: ""))
        }
        return sets
    }

    @Test("Bytes of rings and windows are those of an engine with the inventory's streams")
    func memory() throws {
        for ruleSet in try PlanTests.sets() {
            let plan = Plan(PlanRequest(ruleSet: ruleSet, limits: .init()))
            let start = Timestamp(milliseconds: 1_767_600_000_000)
            var pipeline = Pipeline(ruleSet: ruleSet, start: start)
            var events: [Event] = []
            pipeline.declareListed(appendingTo: &events)
            #expect(plan.total.streams >= ruleSet.listings.count)
            #expect(plan.total.rings == pipeline.intake.ringByteCount)
            #expect(plan.total.windows == pipeline.engine.windowByteCount)
            let parts = plan.packs.reduce(PlanLoad()) { $0 + $1.load }
            #expect(parts.memory == plan.total.memory && parts.rules == plan.total.rules)
            #expect(plan.excesses.isEmpty)
        }
    }

    @Test("Evaluations a second are no fewer than an engine counts, and not twice as many")
    func evaluations() throws {
        for ruleSet in try PlanTests.sets() {
            let plan = Plan(PlanRequest(ruleSet: ruleSet, limits: .init()))
            let start = Timestamp(milliseconds: 1_767_600_000_000)
            var pipeline = Pipeline(ruleSet: ruleSet, start: start)
            var events: [Event] = []
            pipeline.declareListed(appendingTo: &events)
            let streams = ruleSet.listings.map { PlannedStream($0.stream, ruleSet) }
            var due = streams.map { _ in 0.0 }
            let seconds = 30.0
            var samples = 0
            for tick in 0..<Int(seconds * 10) {
                let time = start + Span(milliseconds: Int64(tick) * 100)
                for position in streams.indices where due[position] <= Double(tick) / 10 + 1e-9 {
                    due[position] += 1 / max(streams[position].rate, 1e-3)
                    samples += 1
                    let value = Double(tick % 7) / 7
                    pipeline.accept(
                        Observation(value: .number(value), time: time),
                        stream: streams[position].name, arrival: time, appendingTo: &events)
                }
            }
            let counted = Double(pipeline.engine.counts.evaluations)
            let planned = plan.total.evaluationsPerSecond * seconds
            // Slow streams speak once more in these seconds than their share of them.
            let slack = Double(ruleSet.listings.count * 12)
            #expect(counted <= planned + slack, "\(counted) of \(planned)")
            #expect(counted * 2 + slack >= planned, "\(counted) of \(planned)")
            #expect(counted > 50)
            let rate = plan.total.samplesPerSecond * seconds
            #expect(Double(samples) <= rate + Double(streams.count), "\(samples) of \(rate)")
        }
    }

    @Test("What does not fit names its limit, the need, what is allowed and a remedy")
    func excesses() throws {
        let ruleSet = try PlanTests.ruleSet(
            PackProbe(PlanTests.windows, inventory: PlanTests.inventory))
        var limits = TocsinConfiguration.Limits()
        limits.streams = 4
        limits.memoryBytes = 1 << 20
        limits.evaluations = 10
        let plan = Plan(PlanRequest(ruleSet: ruleSet, limits: limits))
        #expect(
            plan.excesses.map(\.limit) == ["limits.streams", "limits.memory", "limits.evaluations"])
        #expect(plan.excesses[0].text.hasPrefix("limits.streams allows 4, 5 are needed: "))
        #expect(plan.excesses[1].text.hasPrefix("limits.memory allows 1 MiB, "))
        #expect(plan.excesses[1].remedy.contains("in `a/gas`"))
        #expect(plan.excesses[2].text.hasPrefix("limits.evaluations allows 10/s, "))
        #expect(
            plan.findings(path: "t.yaml")[0].rendered.contains(": error: limits.streams"))
        #expect(plan.rendered.contains("error: limits.memory allows 1 MiB"))
        #expect(plan.json.contains("\"fits\": false"))
    }

    @Test("Without an inventory only a bound is known, and refuses nothing; --streams is held")
    func bound() throws {
        let ruleSet = try PlanTests.ruleSet(PackProbe(PlanTests.windows))
        let bound = Plan(PlanRequest(ruleSet: ruleSet, limits: .init()))
        #expect(bound.basis == .bound && bound.total.streams == 100_000)
        #expect(bound.memory > 512 << 20 && bound.excesses.isEmpty)
        #expect(bound.rendered.contains("at most 100 000 of 100 000 (limits.streams)"))
        #expect(!bound.rendered.contains("it fits"))
        let asked = Plan(PlanRequest(ruleSet: ruleSet, limits: .init(), streams: 100_000))
        #expect(asked.excesses.map(\.limit).contains("limits.memory"))
        let few = Plan(PlanRequest(ruleSet: ruleSet, limits: .init(), streams: 10))
        #expect(few.excesses.isEmpty && few.total.streams == 10)
        #expect(few.rendered.hasSuffix("\nit fits\n"))
    }

    @Test("Numbers read well, and the JSON is JSON")
    func text() throws {
        #expect(PlanText.bytes(1023) == "1023 B")
        #expect(PlanText.bytes(1536) == "1.5 KiB")
        #expect(PlanText.bytes(512 << 20) == "512 MiB")
        #expect(PlanText.count(1_234_567) == "1 234 567")
        #expect(PlanText.rate(0.25) == "0.25/s")
        let ruleSet = try PlanTests.ruleSet(
            PackProbe(PlanTests.windows, inventory: PlanTests.inventory))
        let plan = Plan(
            PlanRequest(ruleSet: ruleSet, limits: .init(), eventsPerDay: 1000))
        let object = try JSONSerialization.jsonObject(with: Data(plan.json.utf8))
        let members = try #require(object as? [String: Any])
        #expect(members["fits"] as? Bool == true)
        #expect(members["alert_log_bytes_per_day"] as? Double == 1_500_000)
        #expect((members["packs"] as? [Any])?.count == 3)
        #expect((members["top_streams"] as? [Any])?.count == 5)
        #expect(plan.rendered.contains("no pack"))
        #expect(plan.rendered.contains("1 000 events a day, 1500 bytes each"))
    }
}
