package import TocsinDecode
import TocsinEngine
import TocsinModel

/// Why `tocsin decode` has nothing to show; `description` is one line.
package struct DecodeRunError: Error, Equatable, Sendable, CustomStringConvertible {
    package var description: String
}

/// The core of `tocsin decode`: one payload → its samples as JSON lines.
package enum DecodeRun {
    /// The topic where none is given.
    package static let anyTopic = "topic"

    /// Decodes as the daemon would under this rule; `topic` names the streams. Throws where the
    /// daemon would reject the frame, with its reason.
    package static func lines(
        payload: [UInt8], rule: DecodeRule, topic: String = DecodeRun.anyTopic
    ) throws(DecodeRunError) -> [[UInt8]] {
        let decoder: PayloadDecoder
        do throws(DecodeRuleError) {
            decoder = try PayloadDecoder(rule)
        } catch {
            let option = "--" + error.key.map { $0 == "_" ? "-" : String($0) }.joined()
            throw DecodeRunError(description: "\(option): \(error.message)")
        }
        var buffer = ReadingBuffer()
        var failure: DecodeError?
        var lines: [[UInt8]] = []
        payload.withUnsafeBytes { bytes in
            do throws(DecodeError) {
                try decoder.decode(bytes, into: &buffer)
            } catch {
                failure = error
                return
            }
            for position in 0..<buffer.count {
                // The payload outlives the buffer's slices: both end with this call.
                lines.append(line(buffer[position], buffer, bytes, topic))
            }
        }
        if let failure {
            throw DecodeRunError(description: "\(failure.reason): \(failure.message)")
        }
        return lines
    }

    /// `stream ts_ms value unit quality flags`, every member written.
    private static func line(
        _ reading: Reading, _ buffer: borrowing ReadingBuffer, _ payload: UnsafeRawBufferPointer,
        _ topic: String
    ) -> [UInt8] {
        var json = JSONMembers()
        let field = reading.field.map { buffer.text(of: $0, in: payload) }
        json.text("stream", StreamName.make(topic: topic, field: field))
        json.integer("ts_ms", reading.time?.milliseconds)
        switch reading.value {
        case .number(let number): json.number("value", number)
        case .word(let slice): json.text("value", buffer.text(of: slice, in: payload))
        }
        json.text("unit", reading.unit.map { buffer.text(of: $0, in: payload) })
        json.text("quality", reading.quality.word)
        json.boolean("over", reading.flags.contains(.over))
        json.boolean("under", reading.flags.contains(.under))
        json.boolean("bad_time", reading.flags.contains(.badTime))
        json.boolean("quality_unknown", reading.qualityUnknown)
        return [UInt8(ascii: "{")] + json.bytes + [UInt8(ascii: "}")]
    }
}
