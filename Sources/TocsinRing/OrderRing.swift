// The order ring: one writer (the sequencer), one reader (the engine), a bounded queue of plain
// records without locks. What enters here is the one total order of everything that happens.
//
// Two counters that only grow: `tail` (written) belongs to the writer, `head` (read) to the reader;
// each side keeps a private copy of the other's and looks again only when it seems full or empty,
// so that a steady flow touches the other core's cache line once per lap, not once per record.
//
// Full is not an error: `append` says no, and the sequencer stops reading its sockets (TCP
// back-pressure). An empty ring puts the reader to sleep on a semaphore; the writer posts it only
// when the reader has said that it sleeps. The flag is stored before the reader's last look at
// `tail`, and read by the writer after its store to `tail`, both sequentially consistent: one of
// the two sees the other.

import CLinux
import Glibc
import Synchronization

/// A bounded single-producer, single-consumer queue of plain records.
package final class OrderRing<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Sound because slots [head, tail) belong to the reader and the rest to the writer; the
    // counters' releasing stores and acquiring loads hand a slot over.
    private let slots: UnsafeMutablePointer<Element>
    private let mask: UInt64
    private let tail: UnsafeMutablePointer<Atomic<UInt64>>
    private let head: UnsafeMutablePointer<Atomic<UInt64>>
    private let asleep: UnsafeMutablePointer<Atomic<Bool>>
    private let semaphore: UnsafeMutablePointer<sem_t>
    // The writer's private state and the reader's, on cache lines of their own.
    private let writer: UnsafeMutablePointer<UInt64>
    private let reader: UnsafeMutablePointer<UInt64>

    /// How many records fit; a power of two.
    package let capacity: Int

    /// Makes a ring for at least `capacity` records.
    package init(capacity wanted: Int) {
        var size = 16
        while size < wanted { size <<= 1 }
        capacity = size
        mask = UInt64(size - 1)
        slots = .allocate(capacity: size)
        tail = OrderRing.line(Atomic<UInt64>.self)
        head = OrderRing.line(Atomic<UInt64>.self)
        asleep = OrderRing.line(Atomic<Bool>.self)
        semaphore = .allocate(capacity: 1)
        writer = OrderRing.line(UInt64.self)
        reader = OrderRing.line(UInt64.self)
        tail.initialize(to: Atomic(0))
        head.initialize(to: Atomic(0))
        asleep.initialize(to: Atomic(false))
        writer.initialize(repeating: 0, count: 2)
        reader.initialize(repeating: 0, count: 2)
        precondition(sem_init(semaphore, 0, 0) == 0, "sem_init")
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
        for pointer in [UnsafeMutableRawPointer(tail), UnsafeMutableRawPointer(head)] {
            pointer.deallocate()
        }
        asleep.deallocate()
        writer.deallocate()
        reader.deallocate()
        slots.deallocate()
    }

    /// Memory of its own cache lines (128 bytes: two lines, the adjacent-line prefetcher's unit).
    private static func line<T: ~Copyable>(_: T.Type) -> UnsafeMutablePointer<T> {
        UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
            .assumingMemoryBound(to: T.self)
    }

    /// Stages a record; the writer's thread only. The reader sees it after `publish`. False when the
    /// ring is full.
    package func append(_ element: Element) -> Bool {
        let position = writer[0]
        if position - writer[1] > mask {
            // acquiring: pairs with the releasing store in `popFirst`; the slot is the writer's now.
            writer[1] = head.pointee.load(ordering: .acquiring)
            if position - writer[1] > mask { return false }
        }
        slots[Int(position & mask)] = element
        writer[0] = position + 1
        return true
    }

    /// Shows the reader what was staged, and wakes it when it sleeps; once for a whole batch.
    package func publish() {
        // sequentially consistent: publishes the slots, and is ordered before the look at `asleep`.
        tail.pointee.store(writer[0], ordering: .sequentiallyConsistent)
        if asleep.pointee.load(ordering: .sequentiallyConsistent),
            asleep.pointee.exchange(false, ordering: .acquiringAndReleasing)
        {
            sem_post(semaphore)
        }
    }

    /// Takes the oldest record; the reader's thread only. Nil when the ring is empty.
    package func popFirst() -> Element? {
        let position = reader[0]
        if position == reader[1] {
            // acquiring: pairs with the store in `append`; the slot's bytes are visible.
            reader[1] = tail.pointee.load(ordering: .acquiring)
            if position == reader[1] { return nil }
        }
        let element = slots[Int(position & mask)]
        reader[0] = position + 1
        // releasing: the slot may be overwritten from here on.
        head.pointee.store(position + 1, ordering: .releasing)
        return element
    }

    /// Sleeps until a record is there or the time-out has passed; the reader's thread only.
    package func wait(milliseconds: Int) {
        asleep.pointee.store(true, ordering: .sequentiallyConsistent)
        let isEmpty = tail.pointee.load(ordering: .sequentiallyConsistent) == reader[0]
        if isEmpty && tocsin_semaphore_wait(semaphore, milliseconds) == 0 { return }
        // Not woken: the flag is taken back. Where the writer was quicker, its post is here or on
        // its way, and is taken too: left behind, posts would pile up and sleep would never come.
        if !asleep.pointee.exchange(false, ordering: .sequentiallyConsistent) {
            _ = tocsin_semaphore_wait(semaphore, 1000)
        }
    }

    /// Records waiting, as seen from any thread; for metrics.
    package var count: Int {
        let written = tail.pointee.load(ordering: .relaxed)
        let read = head.pointee.load(ordering: .relaxed)
        return written > read ? Int(written - read) : 0
    }
}
