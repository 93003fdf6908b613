import Foundation
import Testing

@testable import TocsinReplay

@Suite("The shipped scenario of loop currents")
struct ShippedLoopScenarioTests {
    @Test("Currents raise, are trouble after 2 s, and are inhibited where the inventory says so")
    func passes() throws {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        var text = ""
        let report = try TestRun.run(
            TestRequest(paths: [checkout + "/Simulators/units-4-20ma.yaml"])
        ) { text += $0 }
        #expect(report.exitCode == 0, "\(text)")
        #expect(text.hasSuffix("1 passed, 0 failed\n"), "\(text)")
    }
}
