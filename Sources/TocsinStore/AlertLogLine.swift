import Glibc

// The bytes of one entry (contract §7):
//
//   {"v":1,"seq":N,BODY,"durable":true,"prev":P,"hash":"sha256:H"}
//
// P is null or "sha256:" and 64 digits in quotes; H is the SHA-256 of the line's bytes up to
// `,"hash"`, followed by `}`. The frame around BODY has a fixed shape, so it is recognised from
// both ends of the line without a JSON parser, and a line is checked at the speed of the hash.

/// Builds and takes apart the frame around an entry's body.
package enum AlertLogLine {
    static let start = Array(#"{"v":1,"seq":"#.utf8)
    static let durable = Array(#","durable":true,"prev":"#.utf8)
    static let digestStart = Array(#""sha256:"#.utf8)
    static let hashStart = Array(#","hash":"sha256:"#.utf8)
    static let null = Array("null".utf8)
    static let end = Array("\"}".utf8)
    static let newline = UInt8(ascii: "\n")
    /// `,"hash":"sha256:` + 64 digits + `"}`.
    static let hashBytes = hashStart.count + 64 + end.count
    static let longestStart = start.count + 20 + 1

    /// What the frame of a line says.
    struct Parsed {
        var seq: UInt64
        var prev: SHA256Digest?
        var hash: SHA256Digest
    }

    /// Appends the entry's line with its end of line; returns its hash.
    static func append(
        seq: UInt64, body: some Collection<UInt8>, prev: SHA256Digest?, to bytes: inout [UInt8]
    ) -> SHA256Digest {
        let begin = bytes.count
        bytes.append(contentsOf: start)
        appendDecimal(seq, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        bytes.append(contentsOf: body)
        bytes.append(contentsOf: durable)
        if let prev {
            bytes.append(contentsOf: digestStart)
            prev.appendHex(to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        } else {
            bytes.append(contentsOf: null)
        }
        // The hash is over the object closed without its last member: close, hash, open again.
        bytes.append(UInt8(ascii: "}"))
        let hash = SHA256.digest(of: bytes.span.bytes.extracting(begin..<bytes.count))
        bytes.removeLast()
        bytes.append(contentsOf: hashStart)
        hash.appendHex(to: &bytes)
        bytes.append(contentsOf: end)
        bytes.append(newline)
        return hash
    }

    /// The entry as it is delivered while the log cannot be written: `durable` false, `seq`, `prev`
    /// and `hash` null (contract §7), without an end of line.
    package static func volatile(body: some Collection<UInt8>) -> [UInt8] {
        var bytes = Array(#"{"v":1,"seq":null,"#.utf8)
        bytes.append(contentsOf: body)
        bytes.append(contentsOf: #","durable":false,"prev":null,"hash":null}"#.utf8)
        return bytes
    }

    /// The seq a line begins with; nil when it does not begin as an entry does.
    static func seq(in bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        guard has(start, at: range.lowerBound, in: bytes, before: range.upperBound) else {
            return nil
        }
        var seq: UInt64 = 0
        var position = range.lowerBound + start.count
        let first = position
        while position < range.upperBound {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 10 else {
                guard bytes[position] == UInt8(ascii: ","), position > first else { return nil }
                // One text a number: a leading zero would let two lines carry the same seq.
                return bytes[first] == UInt8(ascii: "0") ? nil : seq
            }
            let (product, overflow) = seq.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            seq = sum
            position += 1
        }
        return nil
    }

    /// The frame of the line in `range` (without its end of line); nil when it has not that shape.
    static func parse(_ bytes: [UInt8], _ range: Range<Int>) -> Parsed? {
        guard let seq = seq(in: bytes, range), range.count > hashBytes + durable.count else {
            return nil
        }
        let hashAt = range.upperBound - hashBytes
        guard has(hashStart, at: hashAt, in: bytes, before: range.upperBound),
            has(end, at: range.upperBound - end.count, in: bytes, before: range.upperBound),
            let hash = SHA256Digest(
                hex: bytes[hashAt + hashStart.count..<range.upperBound - end.count])
        else { return nil }
        if has(durable + null, endingAt: hashAt, in: bytes, after: range.lowerBound) {
            return Parsed(seq: seq, prev: nil, hash: hash)
        }
        let digitsAt = hashAt - 1 - 64
        guard digitsAt > range.lowerBound, bytes[hashAt - 1] == UInt8(ascii: "\""),
            has(durable + digestStart, endingAt: digitsAt, in: bytes, after: range.lowerBound),
            let prev = SHA256Digest(hex: bytes[digitsAt..<hashAt - 1])
        else { return nil }
        return Parsed(seq: seq, prev: prev, hash: hash)
    }

    /// The hash that the line in `range` should carry.
    static func computedHash(_ bytes: [UInt8], _ range: Range<Int>) -> SHA256Digest {
        var state = SHA256()
        state.update(bytes.span.bytes.extracting(range.lowerBound..<range.upperBound - hashBytes))
        state.update([UInt8(ascii: "}")])
        return state.digest()
    }

    /// The position of the first end of line in `range`; nil when there is none.
    static func newline(in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, !range.isEmpty,
                // Sound: the range lies in the array, whose bytes the closure keeps alive.
                let found = memchr(base + range.lowerBound, Int32(newline), range.count)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    private static func has(
        _ text: [UInt8], at position: Int, in bytes: [UInt8], before end: Int
    ) -> Bool {
        guard position >= 0, position + text.count <= end else { return false }
        for offset in 0..<text.count where bytes[position + offset] != text[offset] { return false }
        return true
    }

    private static func has(
        _ text: [UInt8], endingAt end: Int, in bytes: [UInt8], after begin: Int
    ) -> Bool {
        let position = end - text.count
        return position >= begin && has(text, at: position, in: bytes, before: end)
    }
}

/// Appends the number's decimal digits.
func appendDecimal(_ value: UInt64, to bytes: inout [UInt8]) {
    guard value >= 10 else { return bytes.append(UInt8(ascii: "0") + UInt8(value)) }
    appendDecimal(value / 10, to: &bytes)
    bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
}
