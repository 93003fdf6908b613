import COpenSSL

/// 32 bytes of SHA-256 (FIPS 180-4), kept as four words so that it is a plain value.
package struct SHA256Digest: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// The digest in these bytes; nil unless there are exactly 32.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == SHA256Digest.byteCount else { return nil }
        words = (0, 0, 0, 0)
        Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    /// The digest written as 64 lower-case hexadecimal digits; nil for anything else.
    package init?(hex: some Collection<UInt8>) {
        guard hex.count == 2 * SHA256Digest.byteCount else { return nil }
        words = (0, 0, 0, 0)
        let good = Swift.withUnsafeMutableBytes(of: &words) { bytes in
            var position = 0
            for digit in hex {
                guard let value = hexValue(digit) else { return false }
                bytes[position / 2] = bytes[position / 2] << 4 | value
                position += 1
            }
            return true
        }
        guard good else { return nil }
    }

    package init?(hex: String) { self.init(hex: Array(hex.utf8)) }

    fileprivate init(filling body: (UnsafeMutablePointer<UInt8>) -> Void) {
        words = (0, 0, 0, 0)
        Swift.withUnsafeMutableBytes(of: &words) { buffer in
            buffer.withMemoryRebound(to: UInt8.self) { bytes in
                // Sound: the four words are 32 bytes, never empty, so there is a base address.
                if let base = bytes.baseAddress { body(base) }
            }
        }
    }

    package static let byteCount = 32

    /// The digest's 32 bytes.
    package var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    /// 64 lower-case hexadecimal digits.
    package var hex: String {
        var text: [UInt8] = []
        appendHex(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the 64 lower-case hexadecimal digits without allocating beyond the array's growth.
    package func appendHex(to text: inout [UInt8]) {
        // In one piece: 64 single appends cost as much as the hash itself.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { digits in
            withUnsafeBytes(of: words) { bytes in
                // Sound: 32 bytes give 64 digits, all of the buffer, before it is read.
                for index in 0..<SHA256Digest.byteCount {
                    digits[2 * index] = hexDigit(bytes[index] >> 4)
                    digits[2 * index + 1] = hexDigit(bytes[index] & 15)
                }
            }
            text.append(contentsOf: digits)
        }
    }

    package static func == (a: SHA256Digest, b: SHA256Digest) -> Bool { a.words == b.words }

    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

/// SHA-256 of bytes that come in pieces; libcrypto underneath, no allocation.
package struct SHA256: Sendable {
    private var context = tocsin_sha256()

    package init() { tocsin_sha256_init(&context) }

    package mutating func update(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { tocsin_sha256_update(&context, $0.baseAddress, $0.count) }
    }

    package mutating func update(_ bytes: [UInt8]) { update(bytes.span.bytes) }

    /// The digest of everything so far; more may follow.
    package func digest() -> SHA256Digest {
        var copy = context
        return SHA256Digest { tocsin_sha256_final(&copy, $0) }
    }

    /// The digest of these bytes.
    package static func digest(of bytes: [UInt8]) -> SHA256Digest { digest(of: bytes.span.bytes) }

    /// The digest of these bytes.
    package static func digest(of bytes: RawSpan) -> SHA256Digest {
        var state = SHA256()
        state.update(bytes)
        return state.digest()
    }
}

/// HMAC-SHA256 (RFC 2104) as Standard Webhooks signs with it.
package func hmacSHA256(key: [UInt8], message: [UInt8]) -> SHA256Digest {
    precondition(key.count <= Int(Int32.max), "a key is a few dozen bytes")
    return SHA256Digest { out in
        let done = tocsin_hmac_sha256(key, Int32(key.count), message, message.count, out)
        precondition(done == 1, "libcrypto without SHA-256")
    }
}

func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? value + UInt8(ascii: "0") : value - 10 + UInt8(ascii: "a")
}

func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
}
