import Foundation
import Testing
import TocsinTestSupport

@Suite("Live and offline")
struct LiveScenarioTests {
    /// The checkout that these tests were built from.
    private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    @Test(
        "A scenario played through a broker makes the same event ids as offline",
        arguments: ["h1-leak", "d4-airlock", "demo"])
    func sameIds(name: String) throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker) { settings in
            settings.subscribe = "[\"+/+/#\"]"
            settings.decode = "\"#\""
            settings.rulePaths = ["hazchem", "dust", "fire"].map { Self.checkout + "/Rules/" + $0 }
        }
        try plant.start()
        let scenario = Self.checkout + "/Simulators/\(name).yaml"
        // An hour ago: an accelerated run must not reach into the future.
        let start = "\(wallMilliseconds() - 3_600_000)"
        let played = try plant.tocsin(
            "simulate", scenario, "--broker", "mqtt://127.0.0.1:\(broker.port)", "--live",
            "--speed", "max", "--start", start)
        #expect(played.code == 0, "\(played.output)")
        let summary = try #require(played.output.split(separator: "\n").last)
        let published = try #require(
            summary.split(separator: " ").first.flatMap { Int($0) }, "\(summary)")
        // Deadlines behind the last sample fire on the gateway's clock: the comparison is tried
        // until they have.
        var compared: (code: Int32, output: String) = (1, "")
        _ = try waitUntil(seconds: 20) {
            guard try plant.metrics()["tocsin_frames_received_total"] == Double(published) else {
                return false
            }
            compared = try plant.tocsin(
                "test", scenario, "--received", plant.directory.file("log/alerts.jsonl"),
                "--start", start, "--site", "gateway-07")
            return compared.code == 0
        }
        #expect(compared.code == 0, "\(compared.output)")
        #expect(!compared.output.hasPrefix("0 passed"), "\(compared.output)")
        try plant.metrics().expectIdentities()
    }
}
