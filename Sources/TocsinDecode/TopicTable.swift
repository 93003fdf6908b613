// Names -> dense numbers, looked up once per reading.
//
// Open addressing with linear probing over a power of two of slots, at most half of them used, so
// that a probe is short and always ends at a free slot. A slot holds 32 bits of the hash beside the
// entry's number + 1: nearly every wrong slot is passed without touching the name. Names are copied
// once into chunks that never move, so that their bytes may be kept by others as long as the table
// lives. Nothing is ever removed: a number, once given, stays.
//
// Unsafe here: `slots` and `entries` are allocations of this one value, of `slotCount` and
// `entryCapacity` elements, every slot initialized at once and every entry below `count` when it is
// added; indices are masked or compared before each access.

/// A table of names with a fixed largest size. Owns its memory, hence not copyable.
///
/// @unchecked: the pointers are owned by this one value.
package struct TopicTable: ~Copyable, @unchecked Sendable {
    private struct Slot {
        var hash: UInt32
        /// The entry's number + 1; 0 = free.
        var entry: UInt32
    }

    private struct Entry {
        var name: UnsafeRawBufferPointer
        var hash: UInt64
    }

    /// Bytes taken at once for names; a longer name gets a chunk of its own.
    private static let chunkBytes = 64 * 1024

    /// The most names it will hold (`limits.streams`, 100 000 unless configured).
    package let limit: Int
    package private(set) var count = 0
    private var slots: UnsafeMutablePointer<Slot>
    private var slotCount: Int
    private var entries: UnsafeMutablePointer<Entry>
    private var entryCapacity: Int
    private var chunks: [UnsafeMutableRawPointer] = []
    private var chunkUsed = 0
    private var chunkCapacity = 0

    /// Room for `expected` names is taken at once; up to `limit` it grows by doubling.
    package init(limit: Int, expected: Int = 1024) {
        precondition(limit > 0 && limit < 1 << 30, "a name's number has 32 bits")
        self.limit = limit
        entryCapacity = max(16, min(limit, expected))
        slotCount = Self.slotCount(for: entryCapacity)
        entries = .allocate(capacity: entryCapacity)
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: Slot(hash: 0, entry: 0), count: slotCount)
    }

    deinit {
        // Slots and entries are trivial; the chunks were allocated here and given to no one.
        slots.deallocate()
        entries.deallocate()
        for chunk in chunks { chunk.deallocate() }
    }

    private static func slotCount(for entries: Int) -> Int {
        var slots = 32
        while slots < entries * 2 { slots *= 2 }
        return slots
    }

    /// The number of a name; nil when it was never inserted. Allocates nothing.
    @inline(__always)
    package func find(_ name: UnsafeRawBufferPointer) -> UInt32? {
        find(name, hash: Self.hash(name))
    }

    private func find(_ name: UnsafeRawBufferPointer, hash: UInt64) -> UInt32? {
        let mask = slotCount - 1
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        var position = Int(truncatingIfNeeded: hash) & mask
        // Ends: at most half of the slots are used.
        while true {
            let slot = slots[position]
            if slot.entry == 0 { return nil }
            if slot.hash == tag && Self.isEqual(entries[Int(slot.entry) - 1].name, name) {
                return slot.entry - 1
            }
            position = (position + 1) & mask
        }
    }

    /// The number of a name, a new one where it is new; nil when the table is full.
    package mutating func insert(_ name: UnsafeRawBufferPointer) -> UInt32? {
        let hash = Self.hash(name)
        if let found = find(name, hash: hash) { return found }
        guard count < limit else { return nil }
        if count == entryCapacity { grow() }
        (entries + count).initialize(to: Entry(name: intern(name), hash: hash))
        place(hash: hash, entry: UInt32(count) + 1)
        count += 1
        return UInt32(count - 1)
    }

    /// The number of a name; for set-up and tests, it allocates.
    package mutating func insert(_ name: String) -> UInt32? {
        let bytes = Array(name.utf8)
        return bytes.withUnsafeBytes { insert($0) }
    }

    /// The bytes of the name with this number; they stay where they are while the table lives.
    package func name(of number: UInt32) -> UnsafeRawBufferPointer {
        precondition(Int(number) < count, "no such name")
        return entries[Int(number)].name
    }

    /// The name with this number as text. Allocates.
    package func text(of number: UInt32) -> String {
        String(decoding: name(of: number), as: UTF8.self)
    }

    private func place(hash: UInt64, entry: UInt32) {
        let mask = slotCount - 1
        var position = Int(truncatingIfNeeded: hash) & mask
        while slots[position].entry != 0 { position = (position + 1) & mask }
        slots[position] = Slot(hash: UInt32(truncatingIfNeeded: hash >> 32), entry: entry)
    }

    private mutating func grow() {
        entryCapacity = min(limit, entryCapacity * 2)
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: entryCapacity)
        larger.update(from: entries, count: count)
        entries.deallocate()
        entries = larger
        slots.deallocate()
        slotCount = Self.slotCount(for: entryCapacity)
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: Slot(hash: 0, entry: 0), count: slotCount)
        for index in 0..<count { place(hash: entries[index].hash, entry: UInt32(index) + 1) }
    }

    private mutating func intern(_ name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        if chunkUsed + name.count > chunkCapacity || chunks.isEmpty {
            chunkCapacity = max(Self.chunkBytes, name.count)
            chunks.append(.allocate(byteCount: chunkCapacity, alignment: 8))
            chunkUsed = 0
        }
        let start = chunks[chunks.count - 1] + chunkUsed
        chunkUsed += name.count
        if let source = name.baseAddress { start.copyMemory(from: source, byteCount: name.count) }
        return UnsafeRawBufferPointer(start: start, count: name.count)
    }

    private static func isEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        guard a.count == b.count else { return false }
        var index = 0
        while index + 8 <= a.count {
            // index + 8 <= count of both.
            let left = a.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard left == b.loadUnaligned(fromByteOffset: index, as: UInt64.self) else {
                return false
            }
            index += 8
        }
        while index < a.count {
            guard a[index] == b[index] else { return false }
            index += 1
        }
        return true
    }

    /// FNV-1a with 64 bits, taken eight bytes at a time (one multiplication instead of eight), and
    /// a last mix: FNV alone leaves its low bits weak, and they choose the slot. The shift after
    /// each step lets high bytes of one word reach the low ones, which multiplication never does.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let prime: UInt64 = 0x100_0000_01B3
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(truncatingIfNeeded: bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            // index + 8 <= count.
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            hash = (hash ^ UInt64(littleEndian: word)) &* prime
            hash ^= hash >> 32
            index += 8
        }
        while index < bytes.count {
            hash = (hash ^ UInt64(bytes[index])) &* prime
            index += 1
        }
        // The finalizer of MurmurHash3: every bit of the input changes half of the output's.
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }
}
