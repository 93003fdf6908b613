import TocsinDecode
import TocsinEngine
package import TocsinModel

/// A message as `simulate` publishes it: `{"v":…,"ts":…,"u":"…","q":"…"}`, what the configuration
/// template's decode entry reads.
package struct SimulatedFrame: Sendable, Equatable {
    package var topic: String
    /// Of a `topic:field` stream `v` is an object with the field as its member.
    package var payload: [UInt8]
    package var isRetained: Bool

    /// The message of one sample. Members that say nothing (no time, no unit, good) are left out.
    /// `prefix` is put before the topic of every sample, `DecodeRule.testPrefix` before that of a
    /// test stream in any case. `time` replaces the sample's own.
    package init(_ sample: PlayedSample, prefix: String = "", time: Timestamp? = nil) {
        // A name that is no encoded stream name is a topic as it is.
        let parts = StreamName.split(sample.stream) ?? (sample.stream, nil)
        let testPrefix = sample.isTest && prefix.isEmpty ? DecodeRule.testPrefix : prefix
        topic = testPrefix + parts.topic
        isRetained = sample.isRetained
        var bytes = Array("{\"v\":".utf8)
        if let field = parts.field {
            bytes.append(UInt8(ascii: "{"))
            JSONMembers.append(field, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
        }
        switch sample.value {
        case .number(let number): bytes += Array(JSONMembers.shortest(number).utf8)
        case .word(let word): JSONMembers.append(word, to: &bytes)
        }
        if parts.field != nil { bytes.append(UInt8(ascii: "}")) }
        var rest = JSONMembers()
        if let time = time ?? sample.time { rest.integer("ts", time.milliseconds) }
        if let unit = sample.unit { rest.text("u", unit) }
        if sample.quality != .good { rest.text("q", sample.quality.rawValue) }
        if !rest.bytes.isEmpty { bytes += Array(",".utf8) + rest.bytes }
        payload = bytes + Array("}".utf8)
    }
}
