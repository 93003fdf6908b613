/// Why a text is no MQTT topic filter; `offset` in bytes from 0.
package struct TopicFilterError: Error, Equatable, Sendable {
    package var offset: Int
    package var message: String
}

/// An MQTT topic filter (MQTT 3.1.1 §4.7): `+` is one level, `#` at the end is the level above and
/// all below it; neither matches topics that begin with `$` in the first level.
package struct TopicFilter: Hashable, Sendable {
    /// MQTT gives the length of a text in 16 bits.
    package static let maximumBytes = 65_535

    package let text: String
    private let bytes: [UInt8]

    /// Checks the filter; the error names the place and the remedy.
    package init(parsing text: String) throws(TopicFilterError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else {
            throw TopicFilterError(offset: 0, message: "empty; `#` stands for every topic")
        }
        guard bytes.count <= Self.maximumBytes else {
            throw TopicFilterError(
                offset: Self.maximumBytes, message: "longer than \(Self.maximumBytes) bytes")
        }
        for (offset, byte) in bytes.enumerated() {
            let beginsLevel = offset == 0 || bytes[offset - 1] == 0x2F
            let endsLevel = offset + 1 == bytes.count || bytes[offset + 1] == 0x2F
            switch byte {
            case 0x23 where !beginsLevel || offset + 1 != bytes.count:
                throw TopicFilterError(
                    offset: offset, message: "`#` stands alone in the last level: `plant/#`")
            case 0x2B where !beginsLevel || !endsLevel:
                throw TopicFilterError(
                    offset: offset, message: "`+` stands for a whole level: `plant/+/lel`")
            case 0:
                throw TopicFilterError(offset: offset, message: "MQTT forbids the character 0")
            default: continue
            }
        }
        self.text = text
        self.bytes = bytes
    }

    /// Whether a topic, as its UTF-8 bytes, matches; linear in both, allocates nothing.
    package func matches(_ topic: UnsafeRawBufferPointer) -> Bool {
        if topic.first == 0x24 && (bytes[0] == 0x2B || bytes[0] == 0x23) { return false }
        var at = 0
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case 0x23: return true
            case 0x2B:
                while at < topic.count && topic[at] != 0x2F { at += 1 }
            case let byte:
                guard at < topic.count else {
                    // `plant/#` also matches `plant`.
                    return byte == 0x2F && index + 2 == bytes.count && bytes[index + 1] == 0x23
                }
                guard topic[at] == byte else { return false }
                at += 1
            }
            index += 1
        }
        return at == topic.count
    }

    /// Whether a topic matches; allocates for the text's bytes.
    package func matches(_ topic: some StringProtocol) -> Bool {
        Array(topic.utf8).withUnsafeBytes { matches($0) }
    }
}
