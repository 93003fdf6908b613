import TocsinDecode
import TocsinModel
import TocsinReplay

/// One message of a live play: made of a sample, or a recorded frame as it was.
enum PlayedMessage {
    case sample(PlayedSample)
    case frame(FrameLine)

    /// What to publish; `time` replaces a sample's own time.
    func published(prefix: String, time: Timestamp? = nil) -> SimulatedFrame {
        switch self {
        case .sample(let sample): return SimulatedFrame(sample, prefix: prefix, time: time)
        case .frame(let frame):
            // A frame is published byte for byte: its own time, if it has one, stays.
            var published = SimulatedFrame(
                PlayedSample(frame: frame), prefix: prefix)
            published.payload = frame.payload
            return published
        }
    }

    /// The stream or topic it belongs to.
    var stream: String {
        switch self {
        case .sample(let sample): sample.stream
        case .frame(let frame): frame.topic
        }
    }
}

extension PlayedSample {
    /// Topic and retain flag of a recorded frame; the value is not used.
    init(frame: FrameLine) {
        self.init(
            stream: frame.topic, time: nil, value: .number(0), unit: nil, quality: .good,
            isRetained: frame.isRetained, isTest: false)
    }
}

/// A feed as messages, shifted in time.
final class FeedPlay {
    let begin: Timestamp
    private let merge: FeedMerge
    private let vocabulary = FeedVocabulary()
    private let shift: Span

    /// `start` nil keeps the feed's own times.
    init(_ path: String, from start: Timestamp?) throws {
        merge = try FeedMerge(paths: [path], vocabulary: vocabulary)
        let first = merge.nextArrival ?? Timestamp(milliseconds: 0)
        shift = start.map { $0 - first } ?? .zero
        begin = first + shift
    }

    /// From the first line to the last.
    static func length(of path: String) throws -> Span {
        let merge = try FeedMerge(paths: [path], vocabulary: FeedVocabulary())
        guard let first = merge.nextArrival else { return .zero }
        var last = first
        while let item = try merge.next() { last = item.arrival }
        return last - first
    }

    func next() throws -> (Timestamp, PlayedMessage?)? {
        guard let item = try merge.next() else { return nil }
        let arrival = item.arrival + shift
        switch item.content {
        case .frame(let frame): return (arrival, .frame(frame))
        case .row(let row):
            let value: PlayedValue
            switch row.value {
            case .number(let number): value = .number(number)
            case .word(let word): value = .word(vocabulary.words[word])
            }
            let sample = PlayedSample(
                stream: vocabulary.streams[row.stream], time: row.time + shift, value: value,
                unit: row.unit.map { vocabulary.units[$0] }, quality: row.quality,
                isRetained: false, isTest: false)
            return (arrival, .sample(sample))
        }
    }
}
