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
///
/// `entries` is a ring in order of arrival; `slots` finds an entry by linear probing from the id's
/// own bits (they are a hash), at most half of it used. A live engine takes all slots at its start:
/// a dictionary with room for as many is touched here and there, and grows for hours.
struct OccurrenceCounter {
    /// How many first ids are remembered: beyond it the oldest is forgotten. 65 536 holds
    /// every event of a flood of ten minutes at a hundred a second, in 2 MiB.
    static let memoryMax = 65_536
    /// Room at the start of an engine that lives as long as a feed.
    static let memoryShort = 512

    private struct Entry {
        var first: Identifier
        var count: UInt32
    }

    private var entries: ContiguousArray<Entry> = []
    /// Number of the entry + 1; 0 = free. A power of two of slots.
    private var slots: ContiguousArray<UInt32>
    private var oldest = 0

    /// Room for `reserving` ids, a power of two; it doubles up to `memoryMax`.
    init(reserving: Int = memoryShort) {
        entries.reserveCapacity(reserving)
        slots = ContiguousArray(repeating: 0, count: reserving * 2)
    }

    /// Counts one more event whose first of its like has the id `first`; 1 for that one itself.
    mutating func next(_ first: Identifier) -> Int {
        let found = place(of: first)
        if slots[found] != 0 {
            let number = Int(slots[found]) - 1
            entries[number].count += 1
            return Int(entries[number].count)
        }
        var number = entries.count
        if number < OccurrenceCounter.memoryMax {
            entries.append(Entry(first: first, count: 1))
            if entries.count * 2 > slots.count { grow() }
        } else {
            number = oldest
            oldest = (oldest + 1) % OccurrenceCounter.memoryMax
            free(place(of: entries[number].first))
            entries[number] = Entry(first: first, count: 1)
        }
        // Looked for anew: the slots have changed since.
        slots[place(of: first)] = UInt32(number + 1)
        return 1
    }

    /// Twice the slots; the newest entry has none yet.
    private mutating func grow() {
        slots = ContiguousArray(repeating: 0, count: slots.count * 2)
        for number in 0..<entries.count - 1 {
            slots[place(of: entries[number].first)] = UInt32(number + 1)
        }
    }

    private func home(_ id: Identifier) -> Int {
        Int(truncatingIfNeeded: id.low) & (slots.count - 1)
    }

    /// The slot of an id, or the free one where it belongs. Ends: half of the slots are free.
    private func place(of id: Identifier) -> Int {
        var place = home(id)
        while slots[place] != 0 && entries[Int(slots[place]) - 1].first != id {
            place = (place + 1) & (slots.count - 1)
        }
        return place
    }

    /// Frees a slot and moves up what was displaced over it, so that probing never meets a gap.
    private mutating func free(_ freed: Int) {
        let mask = slots.count - 1
        var hole = freed
        var next = (freed + 1) & mask
        while slots[next] != 0 {
            let home = home(entries[Int(slots[next]) - 1].first)
            if (next - home) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole] = 0
    }
}
