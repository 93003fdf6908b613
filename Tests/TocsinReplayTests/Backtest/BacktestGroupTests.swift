import Testing
import TocsinModel

@testable import TocsinReplay

@Suite("Backtest of groups")
struct BacktestGroupTests {
    /// The vote of an area, one alarm for all its detectors.
    static func pack(_ needed: Int) -> String {
        """
        pack: hazchem/vote
        match: "{area}/hazchem/lel/{id}"
        unit: "%LEL"
        every: 1s
        limits: {H: 25 %LEL}
        defaults: {deadband: 2 %LEL}
        trouble: {priority: high, action: "Check the sensor"}
        alarms:
          - name: area
            per: area
            when: votes(value >= limit.H, of="{area}/hazchem/lel/+") >= \(needed)
            priority: critical
            action: "Treat as a release"
        """
    }

    @Test("The alarm of a group is paired, and catches an incident of its group")
    func votes() throws {
        let folder = try TestFolder()
        var text = "ts_ms,stream,value,unit\n"
        for second in 0..<120 {
            for detector in 1...3 {
                let time = BacktestRunTests.start + Int64(second) * 1000 + Int64(detector)
                let value = second - 20 * detector
                text += "\(time),store/hazchem/lel/\(detector),\(value),%LEL\n"
            }
        }
        let golden = """
            incidents:
              - {name: leak, group: store, from: \(BacktestRunTests.start),
                 to: \(BacktestRunTests.start + 120_000)}
            """
        var request = BacktestRequest(
            new: [try folder.write("three.yaml", BacktestGroupTests.pack(3))],
            baseline: [try folder.write("two.yaml", BacktestGroupTests.pack(2))],
            feeds: [try folder.write("feed.csv", text)])
        request.golden = try folder.write("golden.yaml", golden)
        request.needsPlots = true
        let report = try BacktestRun.run(request)
        #expect(
            BacktestRunTests.story(report) == ["later 20.001 hazchem/vote/area"])
        #expect(report.new.subjects[0].isGroup)
        #expect(report.new.subjects[0].place == "store")
        #expect(report.golden?.map(\.word) == ["caught"])
        #expect(report.plots.map(\.points.isEmpty) == [true])
        #expect(BacktestPage.text(of: report).contains("the feed has no samples of it here"))
        let json = String(decoding: BacktestJSON.bytes(of: report), as: UTF8.self)
        #expect(json.contains("\"stream\":null,\"group\":\"store\""))
    }
}
