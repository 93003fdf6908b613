import Foundation
import Testing

@testable import TocsinConsole

@Suite("Prometheus text")
struct PrometheusTextTests {
    static func sample() -> PrometheusText {
        var text = PrometheusText()
        text.counter(
            "tocsin_frames_rejected_total", "Frames that gave no sample,\nby reason.",
            [
                MetricSample(3, labels: [MetricLabel("reason", "no \"value\" \\ \n")]),
                MetricSample(UInt64(1) << 40, labels: [MetricLabel("reason", "范围")]),
            ])
        text.gauge("tocsin_streams", "Streams.", 12.5)
        text.gauge("tocsin_empty", "None.", [])
        text.histogram(
            "tocsin_delivery_seconds", "From receipt to 2xx.", bounds: [0.01, 1],
            counts: [2, 3, 1], sum: 4.25, labels: [MetricLabel("receiver", "duty-room")])
        return text
    }

    @Test("Families are written with help, type, escaped labels and cumulative buckets")
    func format() {
        #expect(
            String(decoding: Self.sample().bytes, as: UTF8.self) == #"""
                # HELP tocsin_frames_rejected_total Frames that gave no sample,\nby reason.
                # TYPE tocsin_frames_rejected_total counter
                tocsin_frames_rejected_total{reason="no \"value\" \\ \n"} 3
                tocsin_frames_rejected_total{reason="范围"} 1099511627776
                # HELP tocsin_streams Streams.
                # TYPE tocsin_streams gauge
                tocsin_streams 12.5
                # HELP tocsin_empty None.
                # TYPE tocsin_empty gauge
                # HELP tocsin_delivery_seconds From receipt to 2xx.
                # TYPE tocsin_delivery_seconds histogram
                tocsin_delivery_seconds_bucket{receiver="duty-room",le="0.01"} 2
                tocsin_delivery_seconds_bucket{receiver="duty-room",le="1"} 5
                tocsin_delivery_seconds_bucket{receiver="duty-room",le="+Inf"} 6
                tocsin_delivery_seconds_sum{receiver="duty-room"} 4.25
                tocsin_delivery_seconds_count{receiver="duty-room"} 6

                """#)
    }

    @Test("Infinite and undefined values have the format's own words")
    func specialValues() {
        var text = PrometheusText()
        let values = [Double.infinity, -.infinity, .nan, -0.5, 1e300]
        text.gauge("g", "G.", values.map { MetricSample($0) })
        let lines = String(decoding: text.bytes, as: UTF8.self).split(separator: "\n").dropFirst(2)
        #expect(lines == ["g +Inf", "g -Inf", "g NaN", "g -0.5", "g 1e+300"])
    }

    static let promtool: String? = {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return folders.split(separator: ":").map { "\($0)/promtool" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    @Test("promtool finds nothing to complain about", .enabled(if: promtool != nil))
    func promtoolAccepts() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.promtool))
        process.arguments = ["check", "metrics"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        // Smaller than a pipe holds, so writing it whole cannot block.
        try input.fileHandleForWriting.write(contentsOf: Data(Self.sample().bytes))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(String(decoding: said, as: UTF8.self) == "")
    }
}
