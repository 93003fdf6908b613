package import TocsinModel
import TocsinEngine

/// What a replay did, for standard error.
package struct ReplaySummary: Sendable, Equatable {
    package var counts = OfflineCounts()
    package var first: Timestamp?
    package var last: Timestamp?
    package var items = 0
    /// Findings about the rules, rendered; empty = none.
    package var warnings = ""
    /// What was odd about the feeds, one line each.
    package var notes: [String] = []

    package init() {}

    /// Streams without a pack that are named before the rest is only counted.
    private static let namedStreams = 5

    mutating func fill(
        from counts: OfflineCounts, _ merge: FeedMerge, first: Timestamp, last: Timestamp
    ) {
        self.counts = counts
        self.first = first
        self.last = last
        for reader in merge.readers {
            items += reader.items
            if reader.unsortedLines > 0 {
                notes.append(
                    "\(reader.path):\(reader.firstUnsortedLine):1: warning: "
                        + "\(reader.unsortedLines) lines are older than the line before; "
                        + "they were taken as late samples")
            }
            if reader.unknownQualityWords > 0 {
                notes.append(
                    "\(reader.path): warning: \(reader.unknownQualityWords) unknown quality words; "
                        + "those samples count as bad")
            }
        }
    }

    /// The summary as lines.
    package var text: String {
        var text = warnings + notes.map { $0 + "\n" }.joined()
        if let first, let last {
            text += "feed: \(items) lines, \(CivilTime(first, offsetMinutes: 0).text) to "
            text += CivilTime(last, offsetMinutes: 0).text + "\n"
        } else {
            text += "feed: no lines\n"
        }
        if counts.framesReceived > 0 {
            text += "frames: \(counts.framesReceived), decoded \(counts.framesDecoded)"
            text += ReplaySummary.list(counts.rejected, "rejected") + "\n"
        }
        text += "samples: \(counts.samples), evaluated \(counts.samplesEvaluated)"
        text += ReplaySummary.list(counts.dropped, "dropped") + "\n"
        let unmatched = counts.unmatchedStreams
        text += "streams: \(counts.streams)"
        if !unmatched.isEmpty {
            let named = unmatched.prefix(ReplaySummary.namedStreams).joined(separator: ", ")
            let rest = unmatched.count > ReplaySummary.namedStreams ? ", …" : ""
            text += ", matched by no pack \(unmatched.count) (\(named)\(rest))"
        }
        return text + "\nevents: \(counts.events)\n"
    }

    private static func list(
        _ counts: [(reason: String, count: UInt64)], _ verb: String
    ) -> String {
        guard !counts.isEmpty else { return "" }
        let parts = counts.map { "\($0.reason) \($0.count)" }
        return ", \(verb): " + parts.joined(separator: ", ")
    }
}
