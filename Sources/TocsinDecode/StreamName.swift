// A stream's name is the MQTT topic, and `topic:field` where one payload carries several
// quantities; `:` and `%` inside either are percent-encoded (contract §1). So the first `:` of a name is the
// border, and a topic that holds neither character, nearly every one, is its own name.

package enum StreamName {
    /// Whether a topic or field differs from its encoded form.
    package static func needsEncoding(_ part: UnsafeRawBufferPointer) -> Bool {
        part.contains { $0 == 0x3A || $0 == 0x25 }
    }

    /// Writes the name into `target` and returns its length; nil when it does not fit. A name has
    /// at most 3 × (topic + field) + 1 bytes.
    package static func write(
        topic: UnsafeRawBufferPointer, field: UnsafeRawBufferPointer?,
        into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard var length = encode(topic, into: target, at: 0) else { return nil }
        guard let field else { return length }
        guard length < target.count else { return nil }
        target[length] = 0x3A
        length += 1
        return encode(field, into: target, at: length)
    }

    private static func encode(
        _ part: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, at start: Int
    ) -> Int? {
        var length = start
        for byte in part {
            let isEncoded = byte == 0x3A || byte == 0x25
            guard length + (isEncoded ? 3 : 1) <= target.count else { return nil }
            guard isEncoded else {
                target[length] = byte
                length += 1
                continue
            }
            target[length] = 0x25
            target[length + 1] = byte == 0x3A ? 0x33 : 0x32
            target[length + 2] = byte == 0x3A ? 0x41 : 0x35
            length += 3
        }
        return length
    }

    /// The name of a topic's stream; for set-up and messages, it allocates.
    package static func make(topic: String, field: String? = nil) -> String {
        guard let field else { return encoded(topic) }
        return encoded(topic) + ":" + encoded(field)
    }

    /// A topic or field with `%` as `%25` and `:` as `%3A`.
    package static func encoded(_ part: String) -> String {
        var bytes: [UInt8] = []
        for byte in part.utf8 {
            switch byte {
            case 0x3A: bytes += [0x25, 0x33, 0x41]
            case 0x25: bytes += [0x25, 0x32, 0x35]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Takes a name apart; nil when it is none: a second `:`, or a `%` that is neither `%25` nor
    /// `%3A`.
    package static func split(_ name: String) -> (topic: String, field: String?)? {
        let parts = name.utf8.split(
            separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false)
        guard let topic = decoded(parts[0]) else { return nil }
        guard parts.count == 2 else { return (topic, nil) }
        guard let field = decoded(parts[1]) else { return nil }
        return (topic, field)
    }

    private static func decoded(_ part: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = part[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x3A: return nil
            case 0x25:
                guard let high = rest.popFirst(), let low = rest.popFirst() else { return nil }
                switch (high, ASCII.lowercased(low)) {
                case (0x32, 0x35): bytes.append(0x25)
                case (0x33, 0x61): bytes.append(0x3A)
                default: return nil
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
