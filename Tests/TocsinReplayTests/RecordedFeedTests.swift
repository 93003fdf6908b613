import Foundation
import Testing
import TocsinModel

@testable import TocsinReplay

/// Where the recordings are; tests that need them are skipped without it, except under CI=true.
enum RecordedFeeds {
    static let folder = ProcessInfo.processInfo.environment["TOCSIN_FEEDS"]
    static let isRequired = ProcessInfo.processInfo.environment["CI"] == "true"

    static var paths: [String] {
        get throws {
            guard let folder else { return [] }
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                .filter { $0.hasSuffix(".csv") || $0.hasSuffix(".csv.gz") }
                .map { folder + "/" + $0 }
        }
    }
}

@Suite("Recorded feeds")
struct RecordedFeedTests {
    /// Rules that say something about most of the recordings.
    static let pack = """
        pack: test/any
        match: "{site}/{domain}/{quantity}/{id}"
        every: on-change
        limits: {H: 60, L: 10}
        defaults: {on_delay: 3s, off_delay: 10s, deadband: 1}
        trouble: {priority: low}
        alarms:
          - {name: high, when: value >= limit.H, priority: high, action: "Look"}
          - {name: low, when: value <= limit.L, priority: medium, action: "Look"}
        """

    /// Unoptimised code takes a part of each recording only: all of them take a minute.
    static func end(of path: String) throws -> Timestamp? {
        #if DEBUG
            let reader = try FeedReader(path: path, vocabulary: FeedVocabulary())
            var last: Timestamp?
            for _ in 0..<3000 { last = try reader.next()?.arrival ?? last }
            return last
        #else
            return nil
        #endif
    }

    @Test("TOCSIN_FEEDS names the recordings where they are required")
    func present() {
        #expect(RecordedFeeds.folder != nil || !RecordedFeeds.isRequired)
    }

    @Test(
        "Two replays of a recording are equal, byte for byte",
        .enabled(if: RecordedFeeds.folder != nil, "TOCSIN_FEEDS names no folder"))
    func identical() throws {
        let folder = try TestFolder()
        let rules = try folder.write("rules.yaml", RecordedFeedTests.pack)
        let paths = try RecordedFeeds.paths
        #expect(!paths.isEmpty)
        var events = 0
        for path in paths {
            var request = ReplayRequest(rules: [rules], feeds: [path])
            request.until = try RecordedFeedTests.end(of: path)
            let first = TextOutput.memory()
            let second = TextOutput.memory()
            let summary = try ReplayRun.run(request, events: first)
            #expect(try ReplayRun.run(request, events: second) == summary)
            #expect(first.bytes == second.bytes, "\(path)")
            #expect(summary.notes == [], "\(path)")
            // One line more is read than is before the end.
            #expect((0...1).contains(summary.items - Int(summary.counts.samples)), "\(path)")
            events += summary.counts.events
        }
        #expect(events > 0)
    }
}
