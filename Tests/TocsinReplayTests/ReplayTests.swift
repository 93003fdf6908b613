import Foundation
import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinReplay

@Suite("Replay")
struct ReplayTests {
    let folder: TestFolder
    let rules: String

    init() throws {
        folder = try TestFolder()
        rules = try folder.write("rules.yaml", Packs.all)
    }

    /// The events of a replay as JSON lines, and its summary.
    func replay(
        _ feeds: [String], until: Int64? = nil, rules: String? = nil, site: String = "replay"
    ) throws -> (lines: [String], summary: ReplaySummary) {
        var request = ReplayRequest(rules: [rules ?? self.rules], feeds: feeds)
        request.until = until.map { Timestamp(milliseconds: $0) }
        request.site.id = site
        let output = TextOutput.memory()
        let summary = try ReplayRun.run(request, events: output)
        return (output.text.split(separator: "\n").map(String.init), summary)
    }

    /// `event rule ts_ms` of each line.
    func story(_ lines: [String]) throws -> [String] {
        try lines.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let members = try #require(object as? [String: Any])
            let rule = members["rule"] as? String ?? "-"
            return "\(members["event"] ?? "?") \(rule) \(members["ts_ms"] ?? "?")"
        }
    }

    static let start: Int64 = 1_700_000_000_000

    /// A ramp over both limits and back, one sample a second.
    func leak() throws -> String {
        var text = "ts_ms,stream,value,unit\n"
        for second in 0..<120 {
            let value = second < 60 ? second : 120 - second
            text += "\(ReplayTests.start + Int64(second) * 1000),a/hazchem/lel/1,\(value),%LEL\n"
        }
        return try folder.write("leak.csv", text)
    }

    @Test("A feed makes the events that the daemon would make, stamped by the feed")
    func leakIsFound() throws {
        let (lines, summary) = try replay([try leak()])
        #expect(
            try story(lines) == [
                "raised hazchem/gas/H \(ReplayTests.start + 28_000)",
                "escalated hazchem/gas/HH \(ReplayTests.start + 53_000)",
                "cleared hazchem/gas/H \(ReplayTests.start + 108_000)",
            ])
        #expect(summary.counts.samples == 120)
        #expect(summary.counts.samplesEvaluated == 120)
        #expect(summary.counts.unmatchedStreams == [])
        #expect(lines[0].contains("\"mode\":\"replay\""))
        #expect(lines[0].contains("\"rules\":\"sha256:"))
        for member in ["received_ms", "logged_ms", "prev", "hash", "input"] {
            #expect(lines.allSatisfy { $0.contains("\"\(member)\":null") })
        }
    }

    @Test("--until lets time pass beyond the last sample, and ends a feed early")
    func until() throws {
        let feed = try leak()
        let end = ReplayTests.start + 119_000
        let (longer, _) = try replay([feed], until: end + 10_000)
        #expect(try story(longer).last == "raised hazchem/gas/stale \(end + 3000)")
        let (shorter, summary) = try replay([feed], until: ReplayTests.start + 30_000)
        #expect(try story(shorter) == ["raised hazchem/gas/H \(ReplayTests.start + 28_000)"])
        #expect(summary.counts.samples == 31)
    }

    @Test("Frames and rows of the same readings make the same events")
    func frames() throws {
        var text = ""
        for second in 0..<120 {
            let time = ReplayTests.start + Int64(second) * 1000
            let value = second < 60 ? second : 120 - second
            let payload = "{\"v\":\(value),\"ts\":\(time),\"u\":\"%LEL\",\"q\":\"good\"}"
            let frame = FrameLine(
                arrival: Timestamp(milliseconds: time), topic: "a/hazchem/lel/1",
                payload: Array(payload.utf8))
            text += String(decoding: frame.encoded, as: UTF8.self) + "\n"
        }
        let rows = try replay([try leak()])
        let frames = try replay([try folder.write("leak.jsonl", text)])
        #expect(rows.lines == frames.lines)
        #expect(frames.summary.counts.framesDecoded == 120)
    }

    @Test("Plain payloads are understood without a configuration; what is not is counted")
    func plainFrames() throws {
        let text = """
            {"ts_ms":1700000000000,"topic":"l/dust/hopper/1","payload":"75"}
            {"ts_ms":1700000001000,"topic":"l/dust/hopper/1","payload":"?"}
            """
        let (lines, summary) = try replay([try folder.write("f.jsonl", text)])
        #expect(
            try story(lines) == [
                "raised dust/hopper/warm 1700000000000", "raised dust/hopper/hot 1700000000000",
            ])
        #expect(summary.counts.framesReceived == 2)
        #expect(summary.counts.framesDecoded == 1)
        #expect(summary.text.contains("rejected: json 1"))
    }

    @Test("State words, qualities and units of rows reach the rules; strangers are counted")
    func rowsOfAllKinds() throws {
        let text = """
            ts_ms,stream,value,unit,quality
            1700000000000,l/dust/airlock/1,RUN,,
            1700000000000,l/dust/hopper/1,348.15,K,
            1700000001000,l/dust/airlock/1,fault,,
            1700000001000,l/dust/airlock/1,dancing,,
            1700000002000,l/dust/hopper/1,75,parsec,
            1700000003000,l/dust/hopper/1,20,°C,bad
            1700000003000,l/dust/hopper/1,20,°C,bad
            1700000004000,other/thing,1,parsec,
            """
        let (lines, summary) = try replay([try folder.write("f.csv", text)])
        #expect(
            try story(lines) == [
                "raised dust/hopper/warm 1700000000000", "raised dust/hopper/hot 1700000000000",
                "raised dust/airlock/fault 1700000001000", "raised dust/hopper/bad 1700000003000",
            ])
        let dropped = summary.counts.dropped.map { "\($0.reason) \($0.count)" }
        #expect(dropped == ["duplicate 1", "unit 1", "unknown-word 1"])
        #expect(summary.counts.unmatchedStreams == ["other/thing"])
        #expect(summary.counts.samples == 8)
        #expect(summary.counts.samplesEvaluated == 5)
    }

    @Test("The site is part of every id")
    func site() throws {
        let feed = try leak()
        let one = try replay([feed], site: "one")
        let two = try replay([feed], site: "two")
        #expect(try story(one.lines) == story(two.lines))
        #expect(one.lines != two.lines)
        #expect(try replay([feed], site: "one").lines == one.lines)
    }

    @Test("What cannot run says why")
    func refusals() throws {
        let broken = try folder.write("broken.yaml", "pack: a\nmatch: \"x/{y}\"\nevry: 1s\n")
        let feed = try leak()
        #expect(throws: ReplayError.self) { try replay([]) }
        let thrown = #expect(throws: ReplayError.self) { try replay([feed], rules: broken) }
        #expect(thrown?.description.contains("broken.yaml:3:1: error: unknown key `evry`") == true)
        let missing = #expect(throws: ReplayError.self) { try replay([folder.file("none")]) }
        #expect(missing?.description.contains("none: error: cannot be read") == true)
    }

    @Test("An empty feed is a replay without events")
    func empty() throws {
        let (lines, summary) = try replay([try folder.write("e.csv", "ts_ms,stream,value,unit\n")])
        #expect(lines == [])
        #expect(summary.text.contains("feed: no lines"))
    }
}
