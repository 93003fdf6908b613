import Foundation
import Testing
import TocsinModel

@testable import TocsinReplay

@Suite("Tuning on a recording")
struct RecordedTuneTests {
    /// The recordings that come with the sources.
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Simulators/Feeds").path

    /// Limits set where the recorded house was before and during its fire, without deadband.
    static let pack = """
        pack: site/house
        match: "{site}/fire/co2/{room}"
        unit: "%"
        span: [0, 5]
        limits: {H: 0.04 %}
        defaults: {deadband: 0 %}
        ladder:
          H: {priority: high, action: "Look"}
        """

    static let golden = """
        incidents:
          - name: fire
            stream: "fsri-house/fire/co2/bedroom-3"
            from: "2019-06-08T23:57:00Z"
            to: "2019-06-09T00:18:00Z"
        """

    func tune(golden: Bool) throws -> TuneReport {
        let folder = try TestFolder()
        var request = TuneRequest(
            rules: [try folder.write("house.yaml", RecordedTuneTests.pack)],
            feeds: [RecordedTuneTests.folder + "/fsri_house_08.csv.gz"])
        if golden {
            request.golden = try folder.write("golden.yaml", RecordedTuneTests.golden)
        }
        return try TuneRun.run(request)
    }

    @Test("A recorded house: every proposal, tried again by itself, leaves no chattering")
    func proposals() throws {
        let report = try tune(golden: false)
        #expect(!report.alarms.isEmpty)
        #expect(report.alarms.contains { $0.before.chatters })
        #expect(report.runs <= TuneRun.runsMax)
        var proposals = 0
        for alarm in report.alarms {
            for proposal in alarm.proposals {
                guard case .proposed(let trial) = proposal.outcome else { continue }
                proposals += 1
                #expect(!trial.after.chatters)
                #expect(trial.after.raises < alarm.before.raises)
                #expect(proposal.line != nil)
            }
        }
        #expect(proposals > 0)
    }

    @Test("With a golden incident no proposal for its stream delays its first alarm")
    func golden() throws {
        let report = try tune(golden: true)
        #expect(report.golden?.caught == 1)
        let alarm = try #require(
            report.alarms.first { $0.on == "fsri-house/fire/co2/bedroom-3" })
        // The on-delay that would do is named, with what it costs the incident.
        guard case .bound(let bound, "fire", _) = alarm.proposals[1].outcome else {
            Issue.record("\(report.text)")
            return
        }
        #expect(bound.value == "2s")
        guard case .proposed(let deadband) = alarm.proposals[0].outcome else {
            Issue.record("\(report.text)")
            return
        }
        #expect(deadband.delays.delayed == 0 && !deadband.after.chatters)
    }
}
