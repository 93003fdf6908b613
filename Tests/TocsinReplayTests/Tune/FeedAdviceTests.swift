import Foundation
import Testing
import TocsinEngine
import TocsinModel
import TocsinRules

@testable import TocsinReplay

@Suite("Warnings with numbers")
struct FeedAdviceTests {
    static let start: Int64 = 1_700_000_000_000
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// `H` of a temperature, on-delay 2 s, deadband 4 K; `deadband` and more alarms as given.
    func pack(deadband: String = "4 K", onDelay: String = "2s", more: String = "") -> String {
        """
        pack: site/heat
        match: "{line}/heat/{id}"
        unit: "°C"
        span: [0, 200]
        every: 1s
        limits: {H: 70 °C}
        defaults: {deadband: \(deadband), on_delay: \(onDelay)}
        ladder:
          H: {priority: high, action: "Look"}
        \(more)
        """
    }

    func warnings(
        _ pack: String, _ streams: [(String, [Double])], inventory: String? = nil
    ) throws -> [Diagnostic] {
        var rows: [(Int, String)] = []
        for (stream, values) in streams {
            for (second, value) in values.enumerated() {
                let time = FeedAdviceTests.start + Int64(second) * 1000
                rows.append((second, "\(time),\(stream),\(value),\n"))
            }
        }
        let ordered = rows.sorted { $0.0 < $1.0 }.map(\.1).joined()
        let feed = try folder.write("feed.csv", "ts_ms,stream,value,unit\n" + ordered)
        let rules = try folder.write("rules.yaml", pack)
        let diagnostics = DiagnosticList()
        let table = try inventory.map { try folder.write("inventory.csv", $0) }
        let loaded = try #require(
            RuleSetLoader.load(
                paths: [rules], inventory: table, site: .init(id: "check"),
                day: CalendarDay(
                    Timestamp(milliseconds: FeedAdviceTests.start), utcOffsetMinutes: 0),
                reporting: diagnostics))
        let before = diagnostics.sorted
        FeedAdvice.check(loaded, feeds: [feed], reporting: diagnostics)
        return diagnostics.sorted.filter { !before.contains($0) }
    }

    /// One sample in ten beyond 70, each alone, in a thousand.
    static let tenth = (0..<1000).map { $0 % 10 == 0 ? 71.0 : 60.0 }

    @Test("A share of quiet samples beyond the limit gives the time between false raises")
    func falseRaises() throws {
        let found = try warnings(pack(), [("a/heat/1", FeedAdviceTests.tenth)])
            .filter { $0.message.hasPrefix("noise alone") }
        #expect(found.count == 1)
        let one = try #require(found.first)
        // p = 0.1, n = 2: (1 − 0.01) / (0.9 × 0.01) = 110 samples of a second.
        #expect(one.message.contains("every 1m 50s on average"), "\(one.message)")
        #expect(one.message.contains("100 of 1000 quiet samples (10 %) lie beyond 70 °C"))
        #expect(one.message.contains("on-delay of 2s waits for 2 samples"))
        #expect(one.help?.contains("correlated noise is worse") == true)
        #expect(one.severity == .warning)
        #expect(one.line == 9 && one.column == 3 && one.length == 1)
        #expect(one.excerpt == "  H: {priority: high, action: \"Look\"}")
    }

    @Test("An on-delay that noise passes once in years is no warning")
    func rareRaises() throws {
        let found = try warnings(pack(onDelay: "10s"), [("a/heat/1", FeedAdviceTests.tenth)])
        #expect(!found.contains { $0.message.hasPrefix("noise alone") })
    }

    @Test("The formula gives the domain reference's numbers")
    func formula() {
        let expected: [(Int, Double)] = [(1, 20), (3, 8420), (5, 3_368_420)]
        for (count, samples) in expected {
            let found = FeedAdvice.samplesBetweenFalseRaises(share: 0.05, count: count)
            #expect(abs(found - samples) < 1)
        }
        #expect(FeedAdvice.samplesBetweenFalseRaises(share: 0.5, count: 5000) == .infinity)
        #expect(FeedAdvice.samples(in: .zero, cadence: .seconds(1)) == 1)
        #expect(FeedAdvice.samples(in: .seconds(3), cadence: .seconds(1)) == 3)
        #expect(FeedAdvice.samples(in: .seconds(3), cadence: .seconds(2)) == 2)
    }

    @Test("A deadband below three deviations is smaller than the noise")
    func deadband() throws {
        // Neighbours differ by 2: deviation √2, three of them 4.24.
        let values = (0..<500).map { $0 % 2 == 0 ? 59.0 : 61.0 }
        let found = try warnings(pack(deadband: "4 K"), [("a/heat/1", values)])
        #expect(found.count == 1)
        #expect(
            found.first?.message.contains("`site/heat/H`, 4 °C, is smaller than the noise") == true)
        #expect(found.first?.message.contains("3 × 1.41 °C = 4.24 °C") == true)
        #expect(try warnings(pack(deadband: "5 K"), [("a/heat/1", values)]).isEmpty)
    }

    @Test("Alarms are no noise")
    func excursions() throws {
        // Wild while the alarm stands, dead quiet before and after.
        let values =
            [Double](repeating: 60, count: 300) + (0..<200).map { $0 % 2 == 0 ? 90.0 : 150.0 }
            + [Double](repeating: 60, count: 300)
        #expect(try warnings(pack(), [("a/heat/1", values)]).isEmpty)
    }

    @Test("A pack that no stream fits is told at its match")
    func unmatched() throws {
        let quiet = [Double](repeating: 60, count: 10)
        let found = try warnings(pack(), [("a/cold/1", quiet)])
        #expect(
            found.map(\.message) == [
                "`site/heat` watches nothing: the feed has no stream that fits"
            ])
        #expect(found.first?.line == 2)
        let listed = try warnings(
            pack(), [("a/cold/1", quiet)], inventory: "stream,unit\na/heat/7,°C\n")
        #expect(listed.isEmpty)
    }

    @Test("Two rules that are raised together three times are told; two alone and late are not")
    func together() throws {
        let second = """
            alarms:
              - {name: hot, when: value >= 72 °C, priority: high, action: "Look"}
              - {name: near, when: value >= 65 °C, priority: high, action: "Look"}
            """
        var values: [Double] = []
        for _ in 0..<3 {
            values += [Double](repeating: 60, count: 50) + [Double](repeating: 66, count: 5)
            values += [Double](repeating: 80, count: 20)
        }
        let found = try warnings(pack(more: second), [("a/heat/1", values)])
            .filter { $0.message.contains("together") }
        #expect(found.count == 1)
        #expect(
            found.first?.message.hasPrefix(
                "`site/heat/hot` and `site/heat/H` always fire together: 3 times") == true)
        let twice = try warnings(pack(more: second), [("a/heat/1", Array(values.prefix(150)))])
        #expect(!twice.contains { $0.message.contains("together") })
    }

    @Test("A feed that cannot be read is an error at its place")
    func broken() throws {
        let rules = try folder.write("rules.yaml", pack())
        let diagnostics = DiagnosticList()
        let loaded = try #require(
            RuleSetLoader.load(
                paths: [rules], inventory: nil, site: .init(id: "check"),
                day: CalendarDay(
                    Timestamp(milliseconds: FeedAdviceTests.start), utcOffsetMinutes: 0),
                reporting: diagnostics))
        FeedAdvice.check(loaded, feeds: [folder.file("none")], reporting: diagnostics)
        #expect(diagnostics.errorCount == 1)
    }
}
