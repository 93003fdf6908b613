// The one place of this module that reads memory without bounds checks.
//
// Invariant: 0 <= position <= count, and base points at `count` readable bytes for as long as the
// cursor lives (it never outlives the `decode` call that was given the payload). Every read below
// is behind a comparison with `count`. Reading at the end yields 0: no JSON token and no text may
// hold a raw zero byte, so the end needs no second test on the hot path.

/// A place in a payload.
struct ByteCursor {
    let base: UnsafePointer<UInt8>
    let count: Int
    var position = 0

    init(base: UnsafePointer<UInt8>, count: Int) {
        self.base = base
        self.count = count
    }

    var isAtEnd: Bool { position >= count }

    /// The byte here, 0 at the end.
    @inline(__always)
    var peek: UInt8 {
        // position < count: readable by the invariant above.
        position < count ? base[position] : 0
    }

    /// The byte at `offset`, 0 from the end on.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        // 0 <= offset is the caller's: offsets come from positions that were passed.
        offset < count ? base[offset] : 0
    }

    @inline(__always)
    mutating func advance() { position += 1 }

    /// The first up to eight bytes of a run, the first byte lowest, the rest zero: one word that
    /// tells most names apart in one comparison.
    @inline(__always)
    func prefixWord(start: Int, length: Int) -> UInt64 {
        if start + 8 <= count {
            // Eight bytes from `start` are readable: start + 8 <= count.
            let word = UInt64(
                littleEndian: UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self))
            return length >= 8 ? word : word & ((1 << UInt64(length * 8)) &- 1)
        }
        var word: UInt64 = 0
        for index in 0..<min(length, 8) {
            word |= UInt64(byte(at: start + index)) << UInt64(index * 8)
        }
        return word
    }

    /// JSON white space: space, tab, line feed, carriage return.
    @inline(__always)
    mutating func skipWhiteSpace() {
        while true {
            let byte = peek
            if byte > 0x20 { return }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    /// The error for a byte that cannot stand here, or for the end of the payload.
    func unexpected(_ problem: DecodeError.Problem = .unexpectedByte) -> DecodeError {
        DecodeError(isAtEnd ? .unexpectedEnd : problem, at: min(position, count))
    }

    /// Steps over one UTF-8 sequence that starts with a byte >= 0x80 (RFC 3629: no overlong
    /// forms, no surrogates, nothing above U+10FFFF).
    mutating func skipUTF8Sequence() throws(DecodeError) {
        let lead = peek
        let length: Int
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, low) = (3, 0xA0)
        case 0xE1...0xEC, 0xEE, 0xEF: length = 3
        case 0xED: (length, high) = (3, 0x9F)
        case 0xF0: (length, low) = (4, 0x90)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, high) = (4, 0x8F)
        default: throw DecodeError(.invalidUTF8, at: position)
        }
        for index in 1..<length {
            // At the end `byte(at:)` is 0, which is no continuation byte.
            let next = byte(at: position + index)
            guard next >= low && next <= high else { throw DecodeError(.invalidUTF8, at: position) }
            low = 0x80
            high = 0xBF
        }
        position += length
    }
}
