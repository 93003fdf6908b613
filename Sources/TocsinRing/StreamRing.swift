// A stream's recent history, and at the same time the window that rules are evaluated in.
//
// Layout: one allocation. Four header words, `head` (samples ever appended), `capacity − 1`, `floor`
// (the first position that was ever written here) and one unused, then `capacity` slots of 16 bytes:
// a stamp word and the value's bits. The stamp packs the time (48 bits, signed: the years −2490 to
// 6429) above 16 bits of marks (`SlotMarks`).
//
// A ring that grows is a new ring with the old one's slots at the old one's positions; what the old
// one had overwritten already lies below the new one's floor.
//
// One thread appends; any thread reads, without a lock. The writer overwrites the oldest slot, so a
// reader may be lapped while it copies. Protocol (held under ThreadSanitizer):
//   writer: relaxed stores of the slot after a releasing fence, then head.store(releasing)
//   reader: head.load(acquiring), relaxed loads, acquiring fence, head again: every slot that the
//           writer can have reached meanwhile is dropped from the copy.
// The fence before the stores pairs with the reader's fence: a reader that saw a new slot word must
// see, on its second look, the head that was stored before the overwriting began.
//
// Late samples and samples with an unusable time stand in the ring too (that is how repeats are
// known), marked so that windows pass over them.

import Synchronization

/// What a ring keeps of a sample beside time and value: 16 bits.
package struct SlotMarks: OptionSet, Sendable, Hashable {
    package var rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Not for windows: late, or stamped by the gateway because the sensor's clock was unusable.
    package static let outOfOrder = SlotMarks(rawValue: 1 << 0)
    package static let bad = SlotMarks(rawValue: 1 << 1)
    package static let inhibited = SlotMarks(rawValue: 1 << 2)
    package static let over = SlotMarks(rawValue: 1 << 3)
    package static let under = SlotMarks(rawValue: 1 << 4)
    package static let retained = SlotMarks(rawValue: 1 << 5)
    package static let word = SlotMarks(rawValue: 1 << 6)
}

/// One slot as read: time in milliseconds since 1970 UTC, value in the stream's unit.
package struct Slot: Sendable, Equatable {
    package var milliseconds: Int64
    package var value: Double
    package var marks: SlotMarks

    package init(milliseconds: Int64, value: Double, marks: SlotMarks) {
        self.milliseconds = milliseconds
        self.value = value
        self.marks = marks
    }
}

/// A single-writer, lock-free ring of samples; see the essay at the head of this file.
///
/// The ring is a handle: copies refer to the same memory, which `free` gives back once no thread
/// can read it any more.
package struct StreamRing: @unchecked Sendable {
    // Sound because: the memory is laid out once in `init`, only the writer stores, and every word
    // is an atomic. `@unchecked` states that protocol, which the compiler cannot see.
    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    private static let headerWords = 4

    /// The most samples one ring holds; 2²⁰ × 16 bytes = 16 MiB, a named end to a wrong setting.
    package static let capacityMax = 1 << 20
    /// Times are kept in 48 bits; what lies beyond is clamped (the intake has refused it before).
    package static let timeLimit: Int64 = 1 << 47

    /// Makes a ring for at least `capacity` samples (rounded up to a power of two, 8 at least).
    package init(capacity: Int) {
        precondition(capacity <= StreamRing.capacityMax, "ring capacity over its limit")
        let size = StreamRing.roundedCapacity(capacity)
        let count = StreamRing.headerWords + size * 2
        words = .allocate(capacity: count)
        for position in 0..<count { (words + position).initialize(to: Atomic(0)) }
        (words + 1).pointee.store(UInt64(size - 1), ordering: .relaxed)
    }

    /// The samples that a ring for at least `capacity` holds.
    package static func roundedCapacity(_ capacity: Int) -> Int {
        var size = 8
        while size < capacity { size <<= 1 }
        return size
    }

    /// Bytes of a ring for at least `capacity` samples.
    package static func byteCount(capacity: Int) -> Int {
        (headerWords + roundedCapacity(capacity) * 2) * 8
    }

    /// The ring at an address that `address` gave.
    init(address: UInt) {
        guard let words = UnsafeMutablePointer<Atomic<UInt64>>(bitPattern: address) else {
            preconditionFailure("a ring's address is never zero")
        }
        self.words = words
    }

    var address: UInt { UInt(bitPattern: words) }

    /// A larger ring with the same samples at the same positions; the writer's thread only.
    package func grown(capacity: Int) -> StreamRing {
        let fresh = StreamRing(capacity: capacity)
        let head = words.pointee.load(ordering: .relaxed)
        let oldest = self.oldest
        for position in oldest..<head { fresh.store(slot(at: position), at: position) }
        (fresh.words + 2).pointee.store(oldest, ordering: .relaxed)
        // releasing: publishes the copied slots; pairs with acquiring in `appended`.
        fresh.words.pointee.store(head, ordering: .releasing)
        return fresh
    }

    /// Gives the memory back. The caller's bug if a thread still reads.
    package func free() {
        let count = StreamRing.headerWords + capacity * 2
        words.deinitialize(count: count)
        words.deallocate()
    }

    /// How many samples the ring can hold; a power of two.
    package var capacity: Int { Int((words + 1).pointee.load(ordering: .relaxed)) + 1 }

    /// Bytes of the ring's memory.
    package var byteCount: Int { StreamRing.byteCount(capacity: capacity) }

    /// Samples ever appended.
    package var appended: UInt64 { words.pointee.load(ordering: .acquiring) }

    /// The position of the oldest sample that the ring holds, as of now; equal to `appended` when it
    /// holds none.
    package var oldest: UInt64 {
        let head = words.pointee.load(ordering: .acquiring)
        let held = UInt64(capacity)
        let floor = (words + 2).pointee.load(ordering: .relaxed)
        return max(floor, head > held ? head - held : 0)
    }

    /// Whether `other` is this ring itself: copies of a handle are.
    package func isSame(as other: StreamRing) -> Bool { words == other.words }

    /// Whether nothing from `position` on can have been overwritten when the slots were read that
    /// the calling thread has read so far. Any thread; false means that what was read may be of
    /// another lap.
    package func holds(from position: UInt64) -> Bool {
        // acquiring fence: the reads before come before this look at head, as in `copy`.
        atomicMemoryFence(ordering: .acquiring)
        let head = words.pointee.load(ordering: .relaxed)
        let floor = (words + 2).pointee.load(ordering: .relaxed)
        // The writer may be in the middle of slot `head`, which overwrites head − capacity.
        return position >= floor && (head < position || head - position < UInt64(capacity))
    }

    /// Appends one sample; the writer's thread only. Returns its position, counted from 0.
    @discardableResult
    package func append(_ slot: Slot) -> UInt64 {
        let head = words.pointee.load(ordering: .relaxed)
        // releasing fence: the head stored by the append before is visible before this slot's old
        // words are overwritten; pairs with the acquiring fence in `copy`.
        atomicMemoryFence(ordering: .releasing)
        store(slot, at: head)
        // releasing: publishes the slot; pairs with acquiring in `appended` and `copy`.
        words.pointee.store(head &+ 1, ordering: .releasing)
        return head
    }

    private func store(_ slot: Slot, at position: UInt64) {
        let base = slotBase(position)
        (words + base).pointee.store(StreamRing.stamp(slot), ordering: .relaxed)
        (words + base + 1).pointee.store(slot.value.bitPattern, ordering: .relaxed)
    }

    /// The slot at `position`, unchecked against lapping: for the writer's own thread, or for a
    /// thread that the writer waits for. `position` must be one of the last `capacity` appended.
    package func slot(at position: UInt64) -> Slot {
        let base = slotBase(position)
        let stamp = (words + base).pointee.load(ordering: .relaxed)
        let bits = (words + base + 1).pointee.load(ordering: .relaxed)
        return StreamRing.unpack(stamp, bits)
    }

    /// Copies up to `limit` of the newest samples at or before `end` (exclusive position; nil = all),
    /// oldest first, from any thread; samples overwritten meanwhile are left out.
    package func copy(limit: Int, before end: UInt64? = nil, into slots: inout [Slot]) {
        slots.removeAll(keepingCapacity: true)
        let head = words.pointee.load(ordering: .acquiring)
        let last = min(end ?? head, head)
        let held = UInt64(capacity)
        let floor = (words + 2).pointee.load(ordering: .relaxed)
        let oldest = max(floor, head > held ? head - held : 0)
        let wanted = last > UInt64(limit) ? last - UInt64(limit) : 0
        let first = max(oldest, wanted)
        guard first < last else { return }
        for position in first..<last { slots.append(slot(at: position)) }
        // acquiring fence: the loads above come before the second look at head.
        atomicMemoryFence(ordering: .acquiring)
        let now = words.pointee.load(ordering: .relaxed)
        // The writer may be in the middle of slot `now`, which overwrites position now − capacity.
        let safe = now >= held ? now - held + 1 : 0
        if safe > first { slots.removeFirst(min(slots.count, Int(safe - first))) }
    }

    /// Whether a sample of this time and value (bit for bit) stands in the ring; the writer's thread
    /// only. Stops at the first in-order sample older than `milliseconds`: whatever stands before it
    /// is older too, because a late sample is appended after the newer ones that made it late.
    package func contains(milliseconds: Int64, value: Double) -> Bool {
        let oldest = self.oldest
        var position = words.pointee.load(ordering: .relaxed)
        while position > oldest {
            position -= 1
            let slot = slot(at: position)
            if slot.milliseconds == milliseconds && slot.value.bitPattern == value.bitPattern {
                return true
            }
            if slot.milliseconds < milliseconds && !slot.marks.contains(.outOfOrder) {
                return false
            }
        }
        return false
    }

    private func slotBase(_ position: UInt64) -> Int {
        let mask = (words + 1).pointee.load(ordering: .relaxed)
        return StreamRing.headerWords + Int(position & mask) * 2
    }

    private static func stamp(_ slot: Slot) -> UInt64 {
        let time = max(-timeLimit, min(timeLimit - 1, slot.milliseconds))
        return UInt64(bitPattern: time << 16) | UInt64(slot.marks.rawValue)
    }

    private static func unpack(_ stamp: UInt64, _ bits: UInt64) -> Slot {
        Slot(
            milliseconds: Int64(bitPattern: stamp) >> 16,
            value: Double(bitPattern: bits),
            marks: SlotMarks(rawValue: UInt16(truncatingIfNeeded: stamp)))
    }
}
