import Foundation
import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinReplay

@Suite("Backtest")
struct BacktestRunTests {
    let folder: TestFolder
    let baseline: String
    let new: String

    init() throws {
        folder = try TestFolder()
        baseline = try folder.write("old.yaml", Packs.all)
        new = try folder.write(
            "new.yaml",
            Packs.all.replacingOccurrences(of: "H: 25 %LEL", with: "H: 20 %LEL")
                .replacingOccurrences(of: "on_delay: 3s", with: "on_delay: 1s"))
    }

    static let start: Int64 = 1_700_000_000_000

    /// Two leaks: one over both limits, one over 20 %LEL only; and a hopper that gets hot.
    func feed(_ name: String = "leak.csv") throws -> String {
        var text = "ts_ms,stream,value,unit\n"
        for second in 0..<600 {
            let time = BacktestRunTests.start + Int64(second) * 1000
            let leak = second < 120 ? min(second, 120 - second) : second < 400 ? 0 : 22
            text += "\(time),a/hazchem/lel/1,\(leak),%LEL\n"
            if second % 10 == 0 { text += "\(time),l/dust/hopper/1,\(20 + second / 8),°C\n" }
        }
        return try folder.write(name, text)
    }

    func report(
        _ edit: (inout BacktestRequest) -> Void = { _ in }
    ) throws -> BacktestReport {
        var request = BacktestRequest(new: [new], baseline: [baseline], feeds: [try feed()])
        edit(&request)
        return try BacktestRun.run(request)
    }

    static func story(_ report: BacktestReport) -> [String] {
        report.differences.map { difference in
            AlarmPairingTests.text(difference) + " " + report.rule(of: difference).full
        }
    }

    @Test("One pass over a feed says what a lower limit and a shorter delay change")
    func changes() throws {
        let report = try report()
        #expect(
            BacktestRunTests.story(report) == [
                // 25 %LEL + 3 s against 20 %LEL + 1 s; HH 50 + 3 s against 50 + 1 s.
                "earlier -7.0, HH earlier -2.0 hazchem/gas/H",
                "unchanged 0.0 dust/hopper/warm", "unchanged 0.0 dust/hopper/hot",
                "new hazchem/gas/H",
            ])
        #expect(report.samples == 660)
        #expect(!report.hasLoss)
        #expect(report.exitStatus(failsOnLost: true) == 0)
        #expect(report.warnings.contains("samples: 660, evaluated 660"))
    }

    @Test("The other way round alarms are lost, and that may fail")
    func lost() throws {
        let report = try report { request in swap(&request.new, &request.baseline) }
        #expect(
            BacktestRunTests.story(report).filter { !$0.hasPrefix("unchanged") } == [
                "later 7.0, HH later 2.0 hazchem/gas/H", "lost hazchem/gas/H",
            ])
        #expect(report.exitStatus(failsOnLost: true) == 3)
        #expect(report.exitStatus(failsOnLost: false) == 0)
        #expect(BacktestText.text(of: report).hasSuffix("lost: 1 alarm, 0 levels\n"))
    }

    @Test("The same events come out as of two replays")
    func replays() throws {
        let report = try report()
        for (rules, history) in [(baseline, report.baseline), (new, report.new)] {
            var events = 0
            var raised = 0
            _ = try ReplayRun.run(
                ReplayRequest(rules: [rules], feeds: report.feeds),
                receive: { event in
                    events += 1
                    if event.kind == .raised || event.kind == .escalated { raised += 1 }
                })
            #expect(history.events == events)
            #expect(history.annunciations.count == raised)
        }
    }

    @Test("A feed of several batches is split nowhere that shows")
    func batches() throws {
        var text = "ts_ms,stream,value,unit\n"
        let rows = FeedBatcher.batchItems * 2 + 100
        for row in 0..<rows {
            // A new stream now and then, so that names come with later batches too.
            let stream = row / 1000
            let time = BacktestRunTests.start + Int64(row) * 10
            text += "\(time),a/hazchem/lel/\(stream),\(row % 1000 == 999 ? 60 : 1),%LEL\n"
        }
        let path = try folder.write("long.csv", text)
        let report = try report { $0.feeds = [path] }
        #expect(report.samples == UInt64(rows))
        #expect(report.new.subjects.allSatisfy { $0.place.hasPrefix("a/hazchem/lel/") })
        var lines = 0
        _ = try ReplayRun.run(
            ReplayRequest(rules: [new], feeds: [path]), receive: { _ in lines += 1 })
        #expect(report.new.events == lines)
        #expect(lines > 50)
    }

    @Test("Golden incidents are reported for both sets, and a lost one fails")
    func golden() throws {
        let from = BacktestRunTests.start
        let golden = try folder.write(
            "golden.yaml",
            """
            incidents:
              - {name: first leak, stream: "a/hazchem/lel/+", from: \(from), to: \(from + 120_000)}
              - {name: second leak, stream: "a/#", from: \(from + 400_000), to: \(from + 500_000)}
            """)
        let good = try report { $0.golden = golden }
        #expect(good.golden?.map(\.word) == ["caught", "caught"])
        #expect(good.golden?[0].baseline?.lead == .seconds(92))
        #expect(good.golden?[0].new?.lead == .seconds(99))
        #expect(good.golden?[1].baseline == nil)
        let bad = try report { request in
            request.golden = golden
            swap(&request.new, &request.baseline)
        }
        #expect(bad.lostIncidents == 1)
        #expect(bad.exitStatus(failsOnLost: true) == 3)
        #expect(BacktestText.text(of: bad).contains("  LOST    second leak\n"))
    }

    @Test("Frames are decoded for both sets")
    func frames() throws {
        var text = ""
        for second in 0..<60 {
            let time = BacktestRunTests.start + Int64(second) * 1000
            let payload = "{\"v\":\(second),\"ts\":\(time),\"u\":\"%LEL\"}"
            let frame = FrameLine(
                arrival: Timestamp(milliseconds: time), topic: "a/hazchem/lel/1",
                payload: Array(payload.utf8))
            text += String(decoding: frame.encoded, as: UTF8.self) + "\n"
        }
        let path = try folder.write("f.jsonl", text)
        let report = try report { request in
            request.feeds = [path]
            request.needsPlots = true
        }
        #expect(
            BacktestRunTests.story(report) == ["earlier -7.0, HH earlier -2.0 hazchem/gas/H"])
        #expect(report.plots[0].points.count == 60)
    }

    @Test("The same input gives the same text, JSON and page, byte for byte")
    func identical() throws {
        let one = try report { $0.needsPlots = true }
        let two = try report { $0.needsPlots = true }
        #expect(BacktestText.text(of: one) == BacktestText.text(of: two))
        #expect(BacktestJSON.bytes(of: one) == BacktestJSON.bytes(of: two))
        #expect(BacktestPage.text(of: one) == BacktestPage.text(of: two))
    }

    @Test("The text fits into 100 columns, and lines end without blanks")
    func columns() throws {
        for line in BacktestText.text(of: try report()).split(separator: "\n") {
            let isList =
                line.hasPrefix("baseline") || line.hasPrefix("new ")
                || line.hasPrefix("feed")
            #expect(isList || line.count <= 100, "\(line)")
            #expect(!line.hasSuffix(" "), "\(line)")
        }
    }

    @Test("The JSON object has the documented members")
    func json() throws {
        let data = Data(BacktestJSON.bytes(of: try report()))
        let object = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            object.keys.sorted() == [
                "baseline_rules", "classes", "differences", "feeds", "figures", "floods", "from_ms",
                "golden", "new_rules", "samples", "summary", "to_ms", "tolerance_ms", "top_ten",
                "v",
            ])
        let summary = try #require(object["summary"] as? [String: Any])
        #expect(summary["earlier"] as? Int == 1)
        #expect(summary["new"] as? Int == 1)
        #expect(summary["unchanged"] as? Int == 2)
        #expect(summary["is_lost"] as? Bool == false)
        let differences = try #require(object["differences"] as? [[String: Any]])
        #expect(differences.count == 2)
        #expect(differences[0]["shift_ms"] as? Int == -7000)
        #expect(differences[0]["stream"] as? String == "a/hazchem/lel/1")
        #expect(differences[1]["baseline"] is NSNull)
    }

    @Test("Plots hold the signal around a change, decimated")
    func plots() throws {
        let report = try report { $0.needsPlots = true }
        #expect(report.plots.map(\.difference) == [0, 3])
        let plot = report.plots[0]
        #expect(plot.points.map(\.value).max() == 60)
        #expect(plot.baseline.count == 1)
        #expect(plot.new.count == 1)
        #expect(report.plots.allSatisfy { $0.points.count <= 1000 && !$0.points.isEmpty })
    }

    @Test("What cannot run says why")
    func refusals() throws {
        #expect(throws: ReplayError.self) { try self.report { $0.feeds = [] } }
        let rules = #expect(throws: ReplayError.self) {
            try self.report { $0.baseline = ["/nowhere"] }
        }
        #expect(rules?.description.contains("/nowhere") == true)
        let golden = #expect(throws: ReplayError.self) {
            try self.report { $0.golden = "/nowhere/golden.yaml" }
        }
        #expect(golden?.description.contains("/nowhere/golden.yaml") == true)
        let broken = try folder.write("b.csv", "ts_ms,stream,value,unit\n1,s,1,\nx,s,1,\n")
        let feed = #expect(throws: ReplayError.self) { try self.report { $0.feeds = [broken] } }
        #expect(feed?.description.contains("b.csv:3:1: error:") == true)
    }

    @Test("An empty feed is a report without alarms")
    func empty() throws {
        let path = try folder.write("e.csv", "ts_ms,stream,value,unit\n")
        let report = try report { $0.feeds = [path] }
        #expect(report.differences.isEmpty)
        #expect(report.exitStatus(failsOnLost: true) == 0)
    }
}

@Suite("Signal traces")
struct SignalTraceTests {
    @Test("The least and the greatest value of every piece of time stay")
    func extremes() {
        var trace = SignalTrace(from: HistoryBuilder.origin, to: HistoryBuilder.time(1000))
        for tenth in 0..<10_000 {
            let value = tenth == 4321 ? 99.0 : tenth == 8765 ? -99 : Double(tenth % 7)
            trace.add(HistoryBuilder.time(Double(tenth) / 10), value)
        }
        let points = trace.points
        #expect(points.count <= 1000)
        #expect(points.contains { $0.value == 99 && $0.time == HistoryBuilder.time(432.1) })
        #expect(points.contains { $0.value == -99 && $0.time == HistoryBuilder.time(876.5) })
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.time < $1.time })
    }

    @Test("What lies outside, or is no number, is left out")
    func outside() {
        var trace = SignalTrace(from: HistoryBuilder.origin, to: HistoryBuilder.time(10))
        trace.add(HistoryBuilder.time(-0.001), 1)
        trace.add(HistoryBuilder.time(10.001), 1)
        trace.add(HistoryBuilder.time(5), .nan)
        #expect(trace.points.isEmpty)
        trace.add(HistoryBuilder.time(0), 1)
        trace.add(HistoryBuilder.time(10), 2)
        #expect(trace.points.map(\.value) == [1, 2])
    }
}
