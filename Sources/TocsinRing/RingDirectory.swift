import Synchronization

/// Where the rings are: a fixed table from stream number to ring, written by the sequencer, read by
/// any thread without a lock. Rings live until the directory goes, so a reader never meets freed
/// memory; all threads must have ended by then.
package final class RingDirectory: @unchecked Sendable {
    // Sound because each word is an atomic that goes from zero to a ring's address, and then only to
    // that of a larger ring with the same samples; `retired` belongs to the sequencer's thread.
    private let addresses: UnsafeMutablePointer<Atomic<UInt>>
    private let used: UnsafeMutablePointer<Atomic<Int>>
    /// Rings that larger ones have replaced: a reader may still look at them.
    private var retired: [StreamRing] = []

    /// The most streams it can hold (`limits.streams`).
    package let capacity: Int

    package init(capacity: Int) {
        self.capacity = capacity
        addresses = .allocate(capacity: max(1, capacity))
        for position in 0..<max(1, capacity) { (addresses + position).initialize(to: Atomic(0)) }
        used = .allocate(capacity: 1)
        used.initialize(to: Atomic(0))
    }

    deinit {
        for position in 0..<count { ring(at: position)?.free() }
        for ring in retired { ring.free() }
        addresses.deinitialize(count: max(1, capacity))
        addresses.deallocate()
        used.deinitialize(count: 1)
        used.deallocate()
    }

    /// Rings in the directory.
    package var count: Int { used.pointee.load(ordering: .acquiring) }

    /// Adds the next stream's ring; the sequencer's thread only. Nil when the directory is full.
    package func append(capacity ringCapacity: Int) -> StreamRing? {
        let position = used.pointee.load(ordering: .relaxed)
        guard position < capacity else { return nil }
        let ring = StreamRing(capacity: ringCapacity)
        // releasing: the ring's zeroed words are visible to whoever loads the address.
        (addresses + position).pointee.store(ring.address, ordering: .releasing)
        used.pointee.store(position + 1, ordering: .releasing)
        return ring
    }

    /// Gives a stream a larger ring with the same samples at the same positions; the sequencer's
    /// thread only. Nil when there is no such stream; the ring as it is when that is large enough.
    package func grow(at position: Int, capacity: Int) -> StreamRing? {
        guard let old = ring(at: position) else { return nil }
        guard capacity > old.capacity else { return old }
        let fresh = old.grown(capacity: capacity)
        retired.append(old)
        // releasing: the copied slots are visible to whoever loads the address.
        (addresses + position).pointee.store(fresh.address, ordering: .releasing)
        return fresh
    }

    /// The ring of a stream; nil beyond the end.
    package func ring(at position: Int) -> StreamRing? {
        guard position >= 0, position < count else { return nil }
        // acquiring: pairs with the store in `append`.
        let address = (addresses + position).pointee.load(ordering: .acquiring)
        return address == 0 ? nil : StreamRing(address: address)
    }

    /// Bytes of all rings.
    package var byteCount: Int {
        (0..<count).reduce(0) { $0 + (ring(at: $1)?.byteCount ?? 0) }
    }
}
