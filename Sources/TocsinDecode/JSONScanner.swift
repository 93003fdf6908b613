// A pull scanner that accepts exactly the grammar of RFC 8259 and nothing more.
//
// It hands out where a text or number stands and leaves its meaning to the caller, so a member
// nobody asked for is checked but never converted. Two choices the RFC leaves open: an escape for
// half of a surrogate pair is grammatical and passes, unless that text is selected (it has no
// UTF-8); a number of any size is grammatical, only a selected one must fit into a double.

/// A JSON text without its quotes; `start..<end` are offsets in the payload.
struct JSONText {
    var start: Int
    var end: Int
    var isEscaped: Bool
}

extension ByteCursor {
    /// Reads a text; the cursor stands at its opening quote.
    @inline(__always)
    mutating func jsonText() throws(DecodeError) -> JSONText {
        advance()
        let start = position
        var isEscaped = false
        while true {
            // A local place stays in a register; the cursor itself lies in memory.
            var place = position
            var current = byte(at: place)
            while current != 0x22 && current >= 0x20 && current < 0x80 && current != 0x5C {
                place += 1
                current = byte(at: place)
            }
            position = place
            if current == 0x22 {
                position = place + 1
                return JSONText(start: start, end: place, isEscaped: isEscaped)
            }
            isEscaped = try jsonTextSpecial() || isEscaped
        }
    }

    /// The rarer bytes of a text: an escape (true), a UTF-8 sequence, what is forbidden.
    @inline(never)
    private mutating func jsonTextSpecial() throws(DecodeError) -> Bool {
        let byte = peek
        if byte >= 0x80 {
            try skipUTF8Sequence()
            return false
        }
        guard byte == 0x5C else { throw unexpected(.controlCharacter) }
        advance()
        switch peek {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74:
            advance()
        case 0x75:
            advance()
            for _ in 0..<4 {
                guard ASCII.hexDigit(peek) != nil else { throw unexpected(.badEscape) }
                advance()
            }
        default:
            throw unexpected(.badEscape)
        }
        return true
    }

    /// Reads `true`, `false` or `null`; the cursor stands at its first letter.
    mutating func jsonLiteral() throws(DecodeError) -> JSONLiteral {
        let start = position
        for literal in JSONLiteral.allCases where literal.firstByte == peek {
            for index in 0..<literal.spelling.utf8CodeUnitCount {
                // index < utf8CodeUnitCount: inside the static string.
                guard peek == literal.spelling.utf8Start[index] else { throw unexpected() }
                advance()
            }
            return literal
        }
        throw DecodeError(isAtEnd ? .unexpectedEnd : .unexpectedByte, at: start)
    }

    /// Checks and steps over any value; `depth` containers are open around it.
    mutating func skipJSONValue(depth: Int) throws(DecodeError) {
        switch peek {
        case 0x22: _ = try jsonText()
        case 0x2D, 0x30...0x39: _ = try jsonNumber()
        case 0x7B, 0x5B: try skipJSONContainer(depth: depth)
        default: _ = try jsonLiteral()
        }
    }

    /// Steps over an array or object without recursion: bit n of `objects` says whether the n-th
    /// open container is an object, `DecodeLimits.depth` bits in all.
    @inline(never)
    private mutating func skipJSONContainer(depth: Int) throws(DecodeError) {
        var objects: UInt64 = 0
        var open = 0
        while true {
            // A value starts here.
            let byte = peek
            if byte == 0x7B || byte == 0x5B {
                guard depth + open < DecodeLimits.depth else {
                    throw DecodeError(.tooDeep, at: position)
                }
                advance()
                open += 1
                objects = objects << 1 | (byte == 0x7B ? 1 : 0)
                skipWhiteSpace()
                if peek != (byte == 0x7B ? 0x7D : 0x5D) {
                    if byte == 0x7B { try jsonMemberName() }
                    continue
                }
            } else {
                try skipJSONValue(depth: depth)
            }
            // A value ended here, or its container is at its closing bracket: close what closes.
            repeat {
                skipWhiteSpace()
                let isObject = objects & 1 == 1
                if peek == (isObject ? 0x7D : 0x5D) {
                    advance()
                    objects >>= 1
                    open -= 1
                    if open == 0 { return }
                    continue
                }
                guard peek == 0x2C else { throw unexpected() }
                advance()
                skipWhiteSpace()
                if isObject { try jsonMemberName() }
                break
            } while true
        }
    }

    /// Steps over `"name" :` up to the value.
    private mutating func jsonMemberName() throws(DecodeError) {
        guard peek == 0x22 else { throw unexpected() }
        _ = try jsonText()
        try jsonColon()
    }

    /// Steps over the colon after a member's name and the white space around it.
    @inline(__always)
    mutating func jsonColon() throws(DecodeError) {
        skipWhiteSpace()
        guard peek == 0x3A else { throw unexpected() }
        advance()
        skipWhiteSpace()
    }
}

enum JSONLiteral: CaseIterable {
    case `true`, `false`, null

    var spelling: StaticString {
        switch self {
        case .true: "true"
        case .false: "false"
        case .null: "null"
        }
    }

    var firstByte: UInt8 {
        switch self {
        case .true: 0x74
        case .false: 0x66
        case .null: 0x6E
        }
    }
}

/// Yields the UTF-8 bytes a JSON text stands for. The text was scanned: its escapes are whole.
struct JSONUnescaper {
    private let cursor: ByteCursor
    private var position: Int
    private let end: Int
    /// Bytes of the last escape still to be yielded, the next one lowest.
    private var pending: UInt32 = 0
    private var pendingCount = 0

    init(_ text: JSONText, in cursor: ByteCursor) {
        self.cursor = cursor
        position = text.start
        end = text.end
    }

    mutating func next() throws(DecodeError) -> UInt8? {
        if pendingCount > 0 { return takePending() }
        guard position < end else { return nil }
        let byte = cursor.byte(at: position)
        position += 1
        guard byte == 0x5C else { return byte }
        let escape = cursor.byte(at: position)
        position += 1
        switch escape {
        case 0x62: return 0x08
        case 0x66: return 0x0C
        case 0x6E: return 0x0A
        case 0x72: return 0x0D
        case 0x74: return 0x09
        case 0x75:
            encode(try scalar())
            return takePending()
        default: return escape
        }
    }

    private mutating func takePending() -> UInt8 {
        let byte = UInt8(truncatingIfNeeded: pending)
        pending >>= 8
        pendingCount -= 1
        return byte
    }

    /// The code point of a `\u` escape, of two where they are a surrogate pair.
    private mutating func scalar() throws(DecodeError) -> UInt32 {
        let start = position - 2
        let first = codeUnit()
        guard first & 0xF800 == 0xD800 else { return first }
        guard first < 0xDC00, position + 6 <= end, cursor.byte(at: position) == 0x5C,
            cursor.byte(at: position + 1) == 0x75
        else { throw DecodeError(.unpairedSurrogate, at: start) }
        position += 2
        let second = codeUnit()
        guard second & 0xFC00 == 0xDC00 else { throw DecodeError(.unpairedSurrogate, at: start) }
        return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }

    private mutating func codeUnit() -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            unit = unit << 4 | UInt32(ASCII.hexDigit(cursor.byte(at: position)) ?? 0)
            position += 1
        }
        return unit
    }

    private mutating func encode(_ scalar: UInt32) {
        switch scalar {
        case 0..<0x80:
            pending = scalar
            pendingCount = 1
        case 0x80..<0x800:
            pending = (0xC0 | scalar >> 6) | (0x80 | scalar & 0x3F) << 8
            pendingCount = 2
        case 0x800..<0x10000:
            pending = (0xE0 | scalar >> 12) | (0x80 | scalar >> 6 & 0x3F) << 8
            pending |= (0x80 | scalar & 0x3F) << 16
            pendingCount = 3
        default:
            pending = (0xF0 | scalar >> 18) | (0x80 | scalar >> 12 & 0x3F) << 8
            pending |= (0x80 | scalar >> 6 & 0x3F) << 16 | (0x80 | scalar & 0x3F) << 24
            pendingCount = 4
        }
    }
}
