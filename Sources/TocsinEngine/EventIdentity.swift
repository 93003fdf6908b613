// Event ids (contract §7): the first 128 bits of SHA-256 over site.id, rule, stream or group, event,
// ts_ms and n, each as UTF-8 text (numbers in decimal) preceded by its length as four bytes, most
// significant first. A missing rule or stream is the empty text. n counts the events of one kind,
// rule and stream at one ts_ms from 1. `alarm` is made alike from site.id, the rule and the stream.
//
// n needs memory, and not only of the newest time: a late sample's event is stamped in the past.

import COpenSSL
package import TocsinModel

/// Hashes texts with their lengths; allocates nothing.
struct IdentityHasher {
    private var context = tocsin_sha256()

    init() { tocsin_sha256_init(&context) }

    mutating func feed(_ text: String) {
        var copy = text
        copy.withUTF8 { bytes in feedBytes(UnsafeRawBufferPointer(bytes)) }
    }

    mutating func feed(_ number: Int64) {
        // A decimal of 64 bits takes 20 characters at most.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var position = 20
            var rest = number.magnitude
            repeat {
                position -= 1
                digits[position] = UInt8(48 + rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                position -= 1
                digits[position] = 45
            }
            feedBytes(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: digits[position...])))
        }
    }

    private mutating func feedBytes(_ bytes: UnsafeRawBufferPointer) {
        var length = UInt32(bytes.count).bigEndian
        tocsin_sha256_update(&context, &length, 4)
        tocsin_sha256_update(&context, bytes.baseAddress, bytes.count)
    }

    mutating func finish() -> Identifier {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { out in
            // `out` has 32 bytes, as SHA-256 writes.
            tocsin_sha256_final(&context, out.baseAddress)
            func word(_ start: Int) -> UInt64 {
                var value: UInt64 = 0
                for position in start..<start + 8 { value = value << 8 | UInt64(out[position]) }
                return value
            }
            return Identifier(high: word(0), low: word(8))
        }
    }
}

/// Makes the ids of one site.
package struct EventIdentity: Sendable {
    package let site: String

    package init(site: String) { self.site = site }

    /// The id of the `n`-th event of this kind, rule and stream at `time`.
    package func event(
        rule: String, stream: String, kind: EventKind, time: Timestamp, n: Int
    ) -> Identifier {
        var hasher = IdentityHasher()
        hasher.feed(site)
        hasher.feed(rule)
        hasher.feed(stream)
        hasher.feed(kind.word)
        hasher.feed(time.milliseconds)
        hasher.feed(Int64(n))
        return hasher.finish()
    }

    /// The id of the alarm of this rule (the lowest of its chain) on this stream.
    package func alarm(rule: String, stream: String) -> Identifier {
        var hasher = IdentityHasher()
        hasher.feed(site)
        hasher.feed(rule)
        hasher.feed(stream)
        return hasher.finish()
    }
}

/// Counts events of one rule, stream, kind and time: the `n` of the id. The key is the id of the
/// first such event: it says all that n depends on, and stays the same over reloads, when rules
/// get other numbers. A test stream shares it with its live twin, because mode is not in the id.
struct OccurrenceCounter {
    /// How many first ids are remembered: beyond it the oldest is forgotten. 65 536 holds
    /// every event of a flood of ten minutes at a hundred a second.
    static let memoryMax = 65_536

    // Looked up only, never walked: its order cannot reach the output.
    private var counts: [Identifier: Int] = [:]
    private var order: [Identifier] = []
    private var oldest = 0

    init() {
        counts.reserveCapacity(OccurrenceCounter.memoryMax)
        order.reserveCapacity(OccurrenceCounter.memoryMax)
    }

    /// Counts one more event whose first of its like has the id `first`; 1 for that one itself.
    mutating func next(_ first: Identifier) -> Int {
        if let count = counts[first] {
            counts[first] = count + 1
            return count + 1
        }
        if order.count < OccurrenceCounter.memoryMax {
            order.append(first)
        } else {
            counts[order[oldest]] = nil
            order[oldest] = first
            oldest = (oldest + 1) % OccurrenceCounter.memoryMax
        }
        counts[first] = 1
        return 1
    }
}
