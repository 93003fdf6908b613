import TocsinDecode
import TocsinEngine
import TocsinModel
import TocsinReplay

/// One message as `simulate` publishes it: `{"v":…,"ts":…,"u":"…","q":"…"}`, what the configuration
/// template's decode entry reads; a frame of a recording goes out as it was.
struct PlayedMessage {
    let topic: String
    /// One quantity of several: then `v` is an object with this member.
    let field: String?
    let isRetained: Bool
    let isTest: Bool
    private let raw: [UInt8]?
    private let value: PlayedValue
    private let time: Timestamp?
    private let unit: String?
    private let quality: QualityMeaning

    init(_ sample: PlayedSample) {
        self.init(
            stream: sample.stream, value: sample.value, time: sample.time, unit: sample.unit,
            quality: sample.quality, isRetained: sample.isRetained, isTest: sample.isTest)
    }

    init(
        stream: String, value: PlayedValue, time: Timestamp?, unit: String?,
        quality: QualityMeaning, isRetained: Bool = false, isTest: Bool = false
    ) {
        let parts = StreamName.split(stream)
        topic = parts?.topic ?? stream
        field = parts?.field
        self.value = value
        self.time = time
        self.unit = unit
        self.quality = quality
        self.isRetained = isRetained
        self.isTest = isTest
        raw = nil
    }

    init(_ frame: FrameLine) {
        topic = frame.topic
        field = nil
        value = .number(0)
        time = nil
        unit = nil
        quality = .good
        isRetained = frame.isRetained
        isTest = false
        raw = frame.payload
    }

    /// The payload; `now` replaces the message's own time.
    func payload(at now: Timestamp?) -> [UInt8] {
        if let raw { return raw }
        var bytes = Array("{\"v\":".utf8)
        if let field {
            bytes.append(UInt8(ascii: "{"))
            JSONMembers.append(field, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
        }
        switch value {
        case .number(let number): bytes += JSONMembers.shortest(number).utf8
        case .word(let word): JSONMembers.append(word, to: &bytes)
        }
        if field != nil { bytes.append(UInt8(ascii: "}")) }
        if let time = now ?? time { bytes += ",\"ts\":\(time.milliseconds)".utf8 }
        if let unit {
            bytes += ",\"u\":".utf8
            JSONMembers.append(unit, to: &bytes)
        }
        if quality != .good { bytes += ",\"q\":\"\(quality.rawValue)\"".utf8 }
        bytes.append(UInt8(ascii: "}"))
        return bytes
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
        case .frame(let frame): return (arrival, PlayedMessage(frame))
        case .row(let row):
            let value: PlayedValue
            switch row.value {
            case .number(let number): value = .number(number)
            case .word(let word): value = .word(vocabulary.words[word])
            }
            let message = PlayedMessage(
                stream: vocabulary.streams[row.stream], value: value, time: row.time + shift,
                unit: row.unit.map { vocabulary.units[$0] }, quality: row.quality)
            return (arrival, message)
        }
    }
}
