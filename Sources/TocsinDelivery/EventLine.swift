package import TocsinModel

/// The members of one alert-log line (contract §7) that delivery looks at; the line itself is sent
/// byte for byte.
package struct EventLine: Sendable, Equatable {
    package var id = ""
    package var seq: UInt64?
    package var event = ""
    package var mode = Mode.live
    package var alarm: String?
    /// Nil for a class that this version does not know; such an entry ranks last, but is sent.
    package var alarmClass: AlarmClass?
    package var priority: Priority?
    package var previousPriority: Priority?
    package var domain: String?
    package var stream: String?
    package var receivedMilliseconds: Int64?
    package var durable = true

    /// Reads a line without its newline: one flat object, whose nested values are stepped over.
    /// Throws with the byte offset where the line is no such object or has no `id`.
    package init(scanning line: [UInt8]) throws(EventLineError) {
        var scanner = MemberScanner(bytes: line)
        try scanner.open()
        while let name = try scanner.nextName() {
            try take(name, from: &scanner)
        }
        // The id becomes a header: nothing in it may end the line.
        guard !id.isEmpty, id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .noId }
    }

    private mutating func take(
        _ name: MemberScanner.Token, from scanner: inout MemberScanner
    ) throws(EventLineError) {
        switch scanner.text(name) {
        case "id": id = try scanner.string() ?? ""
        case "seq": seq = try scanner.integer().map { UInt64(clamping: $0) }
        case "event": event = try scanner.string() ?? ""
        case "alarm": alarm = try scanner.string()
        case "domain": domain = try scanner.string()
        case "stream": stream = try scanner.string()
        case "received_ms": receivedMilliseconds = try scanner.integer()
        case "class": alarmClass = try scanner.string().flatMap { AlarmClass(word: $0) }
        case "priority": priority = try scanner.string().flatMap { Priority(word: $0) }
        case "previous_priority":
            previousPriority = try scanner.string().flatMap { Priority(word: $0) }
        case "durable": durable = try scanner.boolean() ?? true
        case "mode":
            let word = try scanner.string() ?? ""
            guard let known = Mode.allCases.first(where: { $0.word == word }) else {
                throw .unknownMode(word)
            }
            mode = known
        default: try scanner.skipValue()
        }
    }
}

/// Why a line of the alert log cannot be read for delivery; offsets are bytes from 0.
package enum EventLineError: Error, Equatable, CustomStringConvertible {
    case malformed(offset: Int, expected: String)
    case tooDeep(offset: Int)
    case noId
    case unknownMode(String)

    package var description: String {
        switch self {
        case .malformed(let offset, let expected): "byte \(offset): expected \(expected)"
        case .tooDeep(let offset): "byte \(offset): nested too deeply"
        case .noId: "the line has no id"
        case .unknownMode(let word): "unknown mode \"\(word)\""
        }
    }
}
