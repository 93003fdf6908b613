import Foundation
import Testing
import TocsinModel

@testable import TocsinReplay

/// Measures only where it is asked to and optimised: TOCSIN_MEASURE=1 swift test -c release.
@Suite("Throughput")
struct ThroughputTests {
    @Test(
        "A gzip feed of a million rows takes less than a second",
        .enabled(if: ProcessInfo.processInfo.environment["TOCSIN_MEASURE"] == "1"))
    func rows() throws {
        let folder = try TestFolder()
        let rules = try folder.write("rules.yaml", Packs.gas)
        let count = 1_000_000
        var text: [UInt8] = Array("ts_ms,stream,value,unit\n".utf8)
        for index in 0..<count {
            let time = 1_700_000_000_000 + index / 100 * 1000
            text +=
                "\(time),area-\(index % 10)/hazchem/lel/\(index % 100),\(index % 13).25,%LEL\n"
                .utf8
        }
        let feed = try folder.write("feed.csv.gz", bytes: gzip(text))
        let clock = ContinuousClock()
        let reader = try FeedReader(path: feed, vocabulary: FeedVocabulary())
        let reading = try clock.measure { while try reader.next() != nil {} }
        let request = ReplayRequest(rules: [rules], feeds: [feed])
        var summary = ReplaySummary()
        let whole = try clock.measure {
            summary = try ReplayRun.run(request, events: TextOutput.memory())
        }
        print("reading \(reading), replay \(whole) for \(count) rows")
        #expect(summary.counts.samplesEvaluated == UInt64(count))
        #expect(whole < .seconds(1))
    }
}
