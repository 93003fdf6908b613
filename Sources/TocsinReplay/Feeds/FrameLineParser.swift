import TocsinModel
import TocsinStore

/// Why a line is no frame: the byte in it, from 0, and the remedy.
package struct FrameLineError: Error, Equatable, Sendable {
    package var offset: Int
    package var message: String
}

extension FrameLine {
    /// Reads one line: a JSON object (RFC 8259) with `ts_ms`, `topic`, `payload` or
    /// `payload_base64`, and optionally `retained`; a repeated or unknown member is an error.
    package init(parsing line: UnsafeRawBufferPointer) throws(FrameLineError) {
        var parser = FrameLineParser(bytes: line)
        self = try parser.frame()
    }
}

/// A JSON object of four known members, read by hand: its texts become the frame's own memory.
private struct FrameLineParser {
    let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var time: Int64?
    private var topic: String?
    private var payload: [UInt8]?
    private var isRetained: Bool?

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private var peek: UInt8 { position < bytes.count ? bytes[position] : 0 }

    mutating func frame() throws(FrameLineError) -> FrameLine {
        skipBlanks()
        try expect(0x7B, "a frame is a JSON object: {\"ts_ms\":…,\"topic\":…,\"payload\":…}")
        skipBlanks()
        if peek != 0x7D {
            repeat { try member() } while try separator()
        }
        try expect(0x7D, "the object is not closed: was the line cut?")
        skipBlanks()
        guard position == bytes.count else { throw fail("something stands behind the object") }
        guard let time else { throw fail("`ts_ms` is missing", at: 0) }
        guard let topic else { throw fail("`topic` is missing", at: 0) }
        guard let payload else { throw fail("`payload` or `payload_base64` is missing", at: 0) }
        return FrameLine(
            arrival: Timestamp(milliseconds: time), topic: topic, payload: payload,
            isRetained: isRetained ?? false)
    }

    private mutating func member() throws(FrameLineError) {
        skipBlanks()
        let start = position
        let name = String(decoding: try text(), as: UTF8.self)
        skipBlanks()
        try expect(0x3A, "a `:` belongs between a member's name and its value")
        skipBlanks()
        let value = position
        switch name {
        case "ts_ms" where time == nil: time = try integer()
        case "topic" where topic == nil:
            guard let text = String(validating: try text(), as: UTF8.self), !text.isEmpty else {
                throw fail("the topic must be UTF-8 text that is not empty", at: value)
            }
            topic = text
        case "payload" where payload == nil: payload = try text()
        case "payload_base64" where payload == nil:
            guard let decoded = Base64.decode(String(decoding: try text(), as: UTF8.self)) else {
                throw fail("the payload is no base 64 (RFC 4648)", at: value)
            }
            payload = decoded
        case "retained" where isRetained == nil: isRetained = try truth()
        case "ts_ms", "topic", "payload", "payload_base64", "retained":
            throw fail("`\(name)` says again what was said", at: start)
        default:
            throw fail(
                "unknown member `\(name)`; known: ts_ms, topic, payload, payload_base64, retained",
                at: start)
        }
        skipBlanks()
    }

    private mutating func separator() throws(FrameLineError) -> Bool {
        guard peek == 0x2C else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while peek == 0x20 || peek == 0x09 || peek == 0x0D { position += 1 }
    }

    private mutating func expect(_ byte: UInt8, _ message: String) throws(FrameLineError) {
        guard peek == byte else { throw fail(message) }
        position += 1
    }

    private func fail(_ message: String, at offset: Int? = nil) -> FrameLineError {
        FrameLineError(offset: offset ?? position, message: message)
    }

    private mutating func integer() throws(FrameLineError) -> Int64 {
        let start = position
        if peek == 0x2D { position += 1 }
        while (0x30...0x39).contains(peek) { position += 1 }
        let digits = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let number = Int64(digits) else {
            throw fail("`ts_ms` must be whole milliseconds since 1970", at: start)
        }
        return number
    }

    private mutating func truth() throws(FrameLineError) -> Bool {
        for (word, value) in [("true", true), ("false", false)] {
            if bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return value
            }
        }
        throw fail("`retained` must be true or false")
    }

    /// A JSON text as the bytes that it stands for.
    private mutating func text() throws(FrameLineError) -> [UInt8] {
        try expect(0x22, "a text in double quotes belongs here")
        var out: [UInt8] = []
        while peek != 0x22 {
            guard position < bytes.count else { throw fail("the text is not closed") }
            guard peek >= 0x20 else { throw fail("a control character must be escaped") }
            if peek == 0x5C {
                try escape(into: &out)
            } else {
                out.append(peek)
                position += 1
            }
        }
        position += 1
        return out
    }

    private mutating func escape(into out: inout [UInt8]) throws(FrameLineError) {
        let start = position
        position += 1
        let letter = peek
        position += 1
        switch letter {
        case 0x22, 0x5C, 0x2F: out.append(letter)
        case 0x62: out.append(0x08)
        case 0x66: out.append(0x0C)
        case 0x6E: out.append(0x0A)
        case 0x72: out.append(0x0D)
        case 0x74: out.append(0x09)
        case 0x75:
            var code = try codeUnit()
            if code & 0xFC00 == 0xD800, bytes[position...].starts(with: [0x5C, 0x75]) {
                position += 2
                let low = try codeUnit()
                guard low & 0xFC00 == 0xDC00 else {
                    throw fail("half of a surrogate pair", at: start)
                }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw fail("half of a surrogate pair", at: start)
            }
            out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: throw fail("no JSON escape", at: start)
        }
    }

    private mutating func codeUnit() throws(FrameLineError) -> UInt32 {
        guard position + 4 <= bytes.count, peek != 0x2B, peek != 0x2D,
            let code = UInt32(
                String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw fail("\\u needs four hex digits") }
        position += 4
        return code
    }
}
