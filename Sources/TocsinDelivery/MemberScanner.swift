/// A pull scanner over one JSON object; it copies only the strings that are asked for.
struct MemberScanner {
    typealias Token = Range<Int>

    // Events nest two deep (labels); more is no event of ours.
    private static let depthLimit = 16
    private let bytes: [UInt8]
    private var position = 0
    private var isFirst = true

    init(bytes: [UInt8]) { self.bytes = bytes }

    func text(_ token: Token) -> String { String(decoding: bytes[token], as: UTF8.self) }

    mutating func open() throws(EventLineError) { try expect("{", "an object") }

    /// The next member's name, its colon read; nil at the object's end.
    mutating func nextName() throws(EventLineError) -> Token? {
        skipSpace()
        if peek() == UInt8(ascii: "}") { return nil }
        if !isFirst { try expect(",", ", or }") }
        isFirst = false
        let name = try stringToken()
        try expect(":", ":")
        return name
    }

    mutating func string() throws(EventLineError) -> String? {
        if try null() { return nil }
        let token = try stringToken()
        guard bytes[token].contains(UInt8(ascii: "\\")) else { return text(token) }
        return try unescape(token)
    }

    mutating func integer() throws(EventLineError) -> Int64? {
        if try null() { return nil }
        let start = position
        while let byte = peek(), byte == UInt8(ascii: "-") || isDigit(byte) { position += 1 }
        guard let number = Int64(text(start..<position)) else {
            throw .malformed(offset: start, expected: "a whole number")
        }
        return number
    }

    mutating func boolean() throws(EventLineError) -> Bool? {
        if try null() { return nil }
        if word("true") { return true }
        if word("false") { return false }
        throw .malformed(offset: position, expected: "true or false")
    }

    mutating func skipValue() throws(EventLineError) {
        skipSpace()
        var depth = 0
        repeat {
            guard let byte = peek() else {
                throw .malformed(offset: position, expected: "a value")
            }
            switch byte {
            case UInt8(ascii: "\""): _ = try stringToken()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
                guard depth <= MemberScanner.depthLimit else { throw .tooDeep(offset: position) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
                guard depth >= 0 else {
                    throw .malformed(offset: position - 1, expected: "a value")
                }
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "):
                guard depth > 0 else { throw .malformed(offset: position, expected: "a value") }
                position += 1
            default: try skipScalar()
            }
        } while depth > 0
    }

    private mutating func skipScalar() throws(EventLineError) {
        let start = position
        while let byte = peek(), !isEnd(byte) { position += 1 }
        guard position > start else { throw .malformed(offset: start, expected: "a value") }
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "),
            UInt8(ascii: ":"), UInt8(ascii: "\""):
            true
        default: false
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while peek() == UInt8(ascii: " ") { position += 1 }
    }

    private mutating func expect(
        _ character: Unicode.Scalar, _ expected: String
    ) throws(EventLineError) {
        skipSpace()
        guard peek() == UInt8(ascii: character) else {
            throw .malformed(offset: position, expected: expected)
        }
        position += 1
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[position + offset] != word.utf8Start[offset] {
            return false
        }
        position += count
        return true
    }

    private mutating func null() throws(EventLineError) -> Bool {
        skipSpace()
        return word("null")
    }

    // The range between the quotes.
    private mutating func stringToken() throws(EventLineError) -> Token {
        try expect("\"", "a string")
        let start = position
        while let byte = peek() {
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<(position - 1)
            }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        throw .malformed(offset: start, expected: "a closing quote")
    }

    private func unescape(_ token: Token) throws(EventLineError) -> String {
        var units: [UInt16] = []
        var scalars = String(decoding: bytes[token], as: UTF8.self).utf16.makeIterator()
        while let unit = scalars.next() {
            guard unit == 0x5C, let kind = scalars.next() else {
                units.append(unit)
                continue
            }
            switch kind {
            case 0x62: units.append(0x08)
            case 0x66: units.append(0x0C)
            case 0x6E: units.append(0x0A)
            case 0x72: units.append(0x0D)
            case 0x74: units.append(0x09)
            case 0x75:
                var code: UInt16 = 0
                for _ in 0..<4 {
                    guard let digit = scalars.next().flatMap({ hexadecimal($0) }) else {
                        throw .malformed(offset: token.lowerBound, expected: "\\u and 4 digits")
                    }
                    code = code << 4 | digit
                }
                units.append(code)
            default: units.append(kind)
            }
        }
        return String(decoding: units, as: UTF16.self)
    }

    private func hexadecimal(_ unit: UInt16) -> UInt16? {
        switch unit {
        case 0x30...0x39: unit - 0x30
        case 0x41...0x46: unit - 0x41 + 10
        case 0x61...0x66: unit - 0x61 + 10
        default: nil
        }
    }
}
