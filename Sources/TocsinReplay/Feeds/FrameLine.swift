package import TocsinModel
import TocsinEngine
import TocsinStore

/// One MQTT message as a feed of frames keeps it (contract §3): what `record` writes and
/// `FeedReader` reads.
package struct FrameLine: Sendable, Equatable {
    /// When the message came, by the recorder's clock.
    package var arrival: Timestamp
    package var topic: String
    package var payload: [UInt8]
    package var isRetained: Bool

    package init(arrival: Timestamp, topic: String, payload: [UInt8], isRetained: Bool = false) {
        self.arrival = arrival
        self.topic = topic
        self.payload = payload
        self.isRetained = isRetained
    }

    /// The line without its line feed: `{"ts_ms":…,"topic":"…","payload":"…"}`; a payload that is
    /// no UTF-8 is written as `payload_base64`, and `"retained":true` where it applies.
    package var encoded: [UInt8] {
        var json = JSONMembers()
        json.integer("ts_ms", arrival.milliseconds)
        json.text("topic", topic)
        if let text = String(validating: payload, as: UTF8.self) {
            json.text("payload", text)
        } else {
            json.text("payload_base64", Base64.encode(payload))
        }
        if isRetained { json.boolean("retained", true) }
        return [UInt8(ascii: "{")] + json.bytes + [UInt8(ascii: "}")]
    }
}
