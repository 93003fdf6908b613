import Foundation
import Testing
import TocsinEngine
import TocsinModel
import TocsinRules
import TocsinTestSupport

@testable import TocsinDaemon

@Suite("What does not fit is not started")
struct PlanRefusalTests {
    /// A configuration whose limit of memory is this, with an inventory of two streams.
    private func configuration(memory: String, in folder: TemporaryDirectory) throws -> String {
        let path = folder.path
        let pack = """
            pack: a/gas
            match: "{area}/gas/{id}"
            unit: ppm
            every: 10ms
            alarms:
              - {name: mean, when: mean(10m) > 5 ppm, priority: low, action: look}
            """
        let text = """
            site: {id: s}
            broker: {url: "mqtt://127.0.0.1:1", subscribe: ["#"]}
            decode: [{topics: "#", format: number}]
            rules: [rules.yaml]
            inventory: inventory.csv
            limits: {streams: 100, memory: \(memory)}
            """
        let files = [
            ("rules.yaml", pack), ("inventory.csv", "stream\np/gas/1\np/gas/2\n"),
            ("tocsin.yaml", text),
        ]
        for (name, content) in files {
            try content.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
        }
        return path + "/tocsin.yaml"
    }

    @Test("Start and reload read the same plan: over a limit is a bad configuration, with a remedy")
    func refused() throws {
        let folder = try TemporaryDirectory()
        let small = try configuration(memory: "4MiB", in: folder)
        let refusal = #expect(throws: DaemonError.self) {
            try LoadedConfiguration.read(path: small, environment: [:])
        }
        #expect(refusal?.exitCode == 2)
        let text = try #require(refusal?.description)
        #expect(text.contains("tocsin.yaml"))
        #expect(text.contains(": error: limits.memory allows 4 MiB, "))
        #expect(text.contains("the windows take most of it, most of all in `a/gas`"))
        let enough = try configuration(memory: "64MiB", in: folder)
        #expect(
            try LoadedConfiguration.read(path: enough, environment: [:]).ruleSet.packs.count == 1)
    }

    @Test("What the plan assumes of the order ring is what it is")
    func assumptions() {
        let record = MemoryLayout<OrderedRecord>.stride
        #expect(Double(record) == PlanAssumptions.journalBytes)
        #expect(
            SharedState.orderRingCapacity * record == PlanAssumptions.orderRingBytes)
        #expect(MemoryLayout<UInt>.size == PlanAssumptions.directoryBytes)
    }
}
