import TocsinIngest
import TocsinEngine

/// What an offline run counted; frames and samples as the daemon's metrics count them.
package struct OfflineCounts: Sendable, Equatable {
    package var framesReceived: UInt64 = 0
    package var framesDecoded: UInt64 = 0
    /// Samples that reached the intake, those dropped there included.
    package var samples: UInt64 = 0
    package var samplesEvaluated: UInt64 = 0
    /// Rejected frames and dropped samples by reason word, in a fixed order, none of them zero.
    package var rejected: [(reason: String, count: UInt64)] = []
    package var dropped: [(reason: String, count: UInt64)] = []
    package var events = 0
    /// Streams heard, and those of them that no pack matches.
    package var streams = 0
    package var unmatchedStreams: [String] = []

    package init() {}

    package static func == (a: OfflineCounts, b: OfflineCounts) -> Bool {
        a.framesReceived == b.framesReceived && a.framesDecoded == b.framesDecoded
            && a.samples == b.samples && a.samplesEvaluated == b.samplesEvaluated
            && a.rejected.elementsEqual(b.rejected, by: ==)
            && a.dropped.elementsEqual(b.dropped, by: ==) && a.events == b.events
            && a.streams == b.streams && a.unmatchedStreams == b.unmatchedStreams
    }
}
