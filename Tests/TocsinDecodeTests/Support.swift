import Testing
import TocsinDecode
import TocsinModel

/// What a decode gave, as text: `field=value` joined by spaces, or the reason word.
func decoded(_ payload: [UInt8], _ rule: DecodeRule = DecodeRule(topics: "#")) throws -> String {
    let decoder = try PayloadDecoder(rule)
    var buffer = ReadingBuffer()
    return payload.withUnsafeBytes { outcome(of: $0, decoder, &buffer) }
}

func decoded(_ payload: String, _ rule: DecodeRule = DecodeRule(topics: "#")) throws -> String {
    try decoded(Array(payload.utf8), rule)
}

func outcome(
    of raw: UnsafeRawBufferPointer, _ decoder: PayloadDecoder, _ buffer: inout ReadingBuffer
) -> String {
    do throws(DecodeError) {
        try decoder.decode(raw, into: &buffer)
    } catch {
        #expect(buffer.count == 0, "a rejected payload leaves no readings")
        #expect(error.offset >= 0 && error.offset <= raw.count, "the place is in the payload")
        return error.reason
    }
    var parts: [String] = []
    for index in 0..<buffer.count {
        let reading = buffer[index]
        var text = reading.field.map { buffer.text(of: $0, in: raw) + "=" } ?? ""
        switch reading.value {
        case .number(let number): text += "\(number)"
        case .word(let word): text += "'" + buffer.text(of: word, in: raw) + "'"
        }
        if let unit = reading.unit { text += "[" + buffer.text(of: unit, in: raw) + "]" }
        if let time = reading.time { text += "@\(time.milliseconds)" }
        if reading.flags.contains(.badTime) { text += "@bad" }
        if reading.flags.contains(.over) { text += "^" }
        if reading.flags.contains(.under) { text += "_" }
        if reading.quality != .good { text += "!" + reading.quality.word }
        if reading.qualityUnknown { text += "?" }
        parts.append(text)
    }
    return parts.joined(separator: " ")
}

/// The reason word of a payload that is rejected, nil for one that is read.
func rejection(
    of raw: UnsafeRawBufferPointer, _ decoder: PayloadDecoder, _ buffer: inout ReadingBuffer
) -> String? {
    do throws(DecodeError) {
        try decoder.decode(raw, into: &buffer)
        return nil
    } catch {
        return error.reason
    }
}
