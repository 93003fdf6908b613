import Foundation
import FoundationXML
import Testing
import TocsinModel

@testable import TocsinReplay

@Suite("Backtest page")
struct BacktestPageTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// A page with every part: lost, new and unchanged alarms, golden incidents, names that XML
    /// must escape.
    func page() throws -> String {
        let baseline = try folder.write("old.yaml", Packs.all)
        let new = try folder.write(
            "a&b<c>.yaml", Packs.all.replacingOccurrences(of: "H: 70 °C", with: "H: 90 °C"))
        var text = "ts_ms,stream,value,unit\n"
        for second in 0..<300 {
            let time = BacktestRunTests.start + Int64(second) * 1000
            text += "\(time),\"a<b>&c/hazchem/lel/1\",\(second % 100),%LEL\n"
            text += "\(time),l/dust/hopper/1,\(second / 4),°C\n"
            if second % 50 == 0 { text += "\(time),l/dust/airlock/1,fault,\n" }
        }
        let golden = """
            incidents:
              - {name: "<hot> & hotter", stream: "l/#", from: 1700000000000, to: 1700000300000,
                 rules: ["*/hot"]}
            """
        var request = BacktestRequest(
            new: [new], baseline: [baseline], feeds: [try folder.write("feed.csv", text)])
        request.golden = try folder.write("golden.yaml", golden)
        request.needsPlots = true
        return BacktestPage.text(of: try BacktestRun.run(request))
    }

    /// Reads XML; the first error as text, and what was in it.
    final class Reader: NSObject, XMLParserDelegate {
        var elements: [String: Int] = [:]
        var ids: Set<String> = []
        var targets: [String] = []
        var points = 0

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
            qualifiedName: String?, attributes: [String: String]
        ) {
            elements[name, default: 0] += 1
            if let id = attributes["id"] { ids.insert(id) }
            if let target = attributes["href"] { targets.append(target) }
            if attributes["class"] == "signal" {
                points = max(points, attributes["d"]?.split(separator: "L").count ?? 0)
            }
        }
    }

    @Test("The page is well-formed, and its links lead to its plots")
    func wellFormed() throws {
        let parser = XMLParser(data: Data(try page().utf8))
        let reader = Reader()
        parser.delegate = reader
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
        #expect(reader.elements["table"] == 4)
        // Rates, the top ten of both sets, and the plot of the alarm that is lost.
        #expect(reader.elements["svg"] == 4)
        #expect(!reader.targets.isEmpty)
        for target in reader.targets {
            #expect(target.hasPrefix("#"))
            #expect(reader.ids.contains(String(target.dropFirst())), "\(target)")
        }
        #expect((1...1000).contains(reader.points))
    }

    @Test("The page refers to nothing outside, and runs nothing")
    func alone() throws {
        let page = try page()
        for sign in ["://", "src=", "url(", "@import", "<script", "<link", "<img", "<iframe", "//"]
        {
            #expect(!page.contains(sign), "\(sign)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    @Test("Changes and verdicts are words, not colours only")
    func words() throws {
        let page = try page()
        #expect(page.contains("✕ lost</span>"))
        #expect(page.contains("✕ missed</span>"))
        #expect(page.contains("✓ met</span>"))
        #expect(page.contains("&lt;hot&gt; &amp; hotter"))
    }
}

@Suite("Axis ticks")
struct AxisTickTests {
    @Test(
        "Values are round and within the range",
        arguments: [
            (0.0, 10.0, 5, [0, 2, 4, 6, 8, 10.0]), (0, 12, 4, [0, 5, 10]),
            (-3, 3, 6, [-3, -2, -1, 0, 1, 2, 3]), (0.01, 0.04, 3, [0.01, 0.02, 0.03, 0.04]),
            (5, 5, 4, [5]),
        ])
    func values(low: Double, high: Double, count: Int, expected: [Double]) {
        let found = AxisTicks.values(low, high, count: count)
        #expect(found.count == expected.count, "\(found)")
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-9 }, "\(found)")
    }

    @Test("Times are round in the site's own time")
    func times() {
        // 22:13:20 UTC is 06:13:20 in UTC+8; round half days there are at 0 and 12 o'clock.
        let from = HistoryBuilder.origin
        let (found, areDays) = AxisTicks.times(
            from, HistoryBuilder.time(86_400), count: 3, offsetMinutes: 480)
        #expect(!areDays)
        #expect(found.map { ($0 - from).milliseconds } == [20_800_000, 64_000_000])
        #expect(AxisTicks.times(from, from, count: 3, offsetMinutes: 0).times == [from])
    }
}
