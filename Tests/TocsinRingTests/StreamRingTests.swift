import Synchronization
import Testing
import TocsinRing

/// What the writer tells the readers at its end.
private final class Flag: Sendable {
    let isSet = Atomic(false)
}

@Suite("A stream's ring")
struct StreamRingTests {
    private func slot(_ number: Int64, marks: SlotMarks = []) -> Slot {
        Slot(milliseconds: number, value: Double(number) / 8, marks: marks)
    }

    @Test("It holds the newest samples, oldest first, and forgets the others")
    func wraps() {
        let ring = StreamRing(capacity: 10)
        defer { ring.free() }
        #expect(ring.capacity == 16)
        #expect(ring.byteCount == (4 + 32) * 8)
        var slots: [Slot] = []
        ring.copy(limit: 100, into: &slots)
        #expect(slots.isEmpty)
        for number in 0..<1000 { #expect(ring.append(slot(Int64(number))) == UInt64(number)) }
        #expect(ring.appended == 1000)
        ring.copy(limit: 100, into: &slots)
        // The slot that the writer may be filling is left out.
        #expect(slots == (985..<1000).map { slot($0) })
        ring.copy(limit: 3, into: &slots)
        #expect(slots == (997..<1000).map { slot($0) })
        ring.copy(limit: 3, before: 990, into: &slots)
        #expect(slots == (987..<990).map { slot($0) })
        ring.copy(limit: 3, before: 900, into: &slots)
        #expect(slots.isEmpty)
    }

    @Test(
        "Times, values and marks come back as they were; times beyond 48 bits are clamped",
        arguments: [
            (Int64(0), Int64(0)), (-1, -1), (1_700_000_000_123, 1_700_000_000_123),
            (.max, StreamRing.timeLimit - 1), (.min, -StreamRing.timeLimit),
        ])
    func packing(written: Int64, read: Int64) {
        let ring = StreamRing(capacity: 8)
        defer { ring.free() }
        for value: Double in [0, -0.0, 1e308, -.infinity, .leastNonzeroMagnitude] {
            let marks: SlotMarks = [.outOfOrder, .word, .over]
            let position = ring.append(Slot(milliseconds: written, value: value, marks: marks))
            let slot = ring.slot(at: position)
            #expect(slot.milliseconds == read)
            #expect(slot.value.bitPattern == value.bitPattern)
            #expect(slot.marks == marks)
        }
    }

    @Test("A repeat is found by time and bits, behind late samples too, until it was overwritten")
    func contains() {
        let ring = StreamRing(capacity: 8)
        defer { ring.free() }
        for time in [100, 200, 300] { ring.append(slot(Int64(time))) }
        ring.append(slot(150, marks: .outOfOrder))
        ring.append(slot(400))
        #expect(ring.contains(milliseconds: 200, value: 25))
        #expect(ring.contains(milliseconds: 150, value: 18.75))
        #expect(!ring.contains(milliseconds: 200, value: 25.5))
        #expect(!ring.contains(milliseconds: 250, value: 25))
        #expect(!ring.contains(milliseconds: 500, value: 25))
        ring.append(Slot(milliseconds: 400, value: .nan, marks: []))
        #expect(ring.contains(milliseconds: 400, value: .nan))
        for time in 401...408 { ring.append(slot(Int64(time))) }
        #expect(!ring.contains(milliseconds: 200, value: 25))
    }

    @Test("Readers on other threads never see a torn sample or a hole while they are lapped")
    func lapped() async {
        let ring = StreamRing(capacity: 64)
        defer { ring.free() }
        let done = Flag()
        await withTaskGroup(of: (copies: Int, wrong: Int).self) { group in
            for limit in [64, 7] {
                group.addTask { StreamRingTests.read(ring, limit: limit, until: done) }
            }
            for number in 0..<200_000 { ring.append(slot(Int64(number))) }
            done.isSet.store(true, ordering: .releasing)
            for await result in group {
                #expect(result.wrong == 0)
                #expect(result.copies > 0)
            }
        }
    }

    /// Copies until told to stop; each value encodes its time, and times follow each other.
    private static func read(
        _ ring: StreamRing, limit: Int, until done: Flag
    ) -> (copies: Int, wrong: Int) {
        var slots: [Slot] = []
        var copies = 0
        var wrong = 0
        repeat {
            ring.copy(limit: limit, into: &slots)
            copies += 1
            for (position, slot) in slots.enumerated() {
                let follows =
                    position == 0 || slot.milliseconds == slots[position - 1].milliseconds + 1
                if slot.value * 8 != Double(slot.milliseconds) || !follows { wrong += 1 }
            }
        } while !done.isSet.load(ordering: .acquiring)
        return (copies, wrong)
    }
}

@Suite("The directory of rings")
struct RingDirectoryTests {
    @Test("It gives rings by number and is full at its limit")
    func limit() {
        let directory = RingDirectory(capacity: 2)
        #expect(directory.ring(at: 0) == nil)
        let first = directory.append(capacity: 8)
        let second = directory.append(capacity: 8)
        #expect(directory.append(capacity: 8) == nil)
        #expect(directory.count == 2)
        first?.append(Slot(milliseconds: 1, value: 2, marks: []))
        second?.append(Slot(milliseconds: 3, value: 4, marks: []))
        #expect(directory.ring(at: 0)?.slot(at: 0).value == 2)
        #expect(directory.ring(at: 1)?.slot(at: 0).value == 4)
        #expect(directory.ring(at: 2) == nil)
        #expect(directory.ring(at: -1) == nil)
        #expect(directory.byteCount == 2 * (4 + 16) * 8)
    }

    @Test("A ring that grows keeps its samples at their positions, and knows what it never held")
    func growth() throws {
        let directory = RingDirectory(capacity: 1)
        let old = try #require(directory.append(capacity: 8))
        func slot(_ number: Int64) -> Slot {
            Slot(milliseconds: number, value: Double(number), marks: [])
        }
        for number in Int64(0)..<12 { old.append(slot(number)) }
        #expect(directory.grow(at: 1, capacity: 16) == nil)
        #expect(directory.grow(at: 0, capacity: 8)?.isSame(as: old) == true)
        let ring = try #require(directory.grow(at: 0, capacity: 20))
        #expect(directory.ring(at: 0)?.isSame(as: ring) == true)
        #expect(!ring.isSame(as: old))
        #expect(ring.capacity == 32)
        #expect(ring.appended == 12)
        #expect(ring.oldest == 4)
        for number in Int64(12)..<30 { #expect(ring.append(slot(number)) == UInt64(number)) }
        for number in Int64(4)..<30 { #expect(ring.slot(at: UInt64(number)) == slot(number)) }
        #expect(ring.contains(milliseconds: 4, value: 4))
        // Position 0 was never written here: no sample of time 0 and value 0 stands there.
        #expect(!ring.contains(milliseconds: 0, value: 0))
        #expect(ring.holds(from: 4))
        #expect(!ring.holds(from: 3))
        var copy: [Slot] = []
        ring.copy(limit: 100, into: &copy)
        #expect(copy == (Int64(4)..<30).map(slot))
        for number in Int64(30)..<40 { ring.append(slot(number)) }
        #expect(ring.oldest == 8)
        // The writer may be in the middle of overwriting the oldest slot.
        #expect(!ring.holds(from: 8))
        #expect(ring.holds(from: 9))
        // Whoever still looks at the old ring sees what it held.
        #expect(old.slot(at: 11) == slot(11))
    }

    @Test("A directory of nothing is full at once")
    func empty() {
        let directory = RingDirectory(capacity: 0)
        #expect(directory.append(capacity: 8) == nil)
    }
}
