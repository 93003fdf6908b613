import Glibc

/// Heap allocations so far, as the preloaded counter (allocations/count.c) says; absent without it.
struct AllocationCounter {
    private typealias Function = @convention(c) () -> UInt64
    private let function: Function

    /// Nil when the counter is not preloaded.
    init?() {
        guard let symbol = dlsym(nil, "tocsin_bench_allocations") else { return nil }
        // The symbol is the C function of that signature, or the name is not there.
        function = unsafeBitCast(symbol, to: Function.self)
    }

    var count: UInt64 { function() }

    /// Whether it sees allocations made on purpose: a counter that counts nothing proves nothing.
    func seesDeliberateOnes() -> Bool {
        let before = count
        let kept = AllocationCounter.allocate()
        let seen = count - before
        for pointer in kept { pointer.deallocate() }
        // A few more are the array's own and the library's at their first use.
        return seen >= UInt64(kept.count) && seen <= UInt64(kept.count) + 10
    }

    /// Out of the optimiser's sight, which else leaves out memory that nobody uses.
    @inline(never)
    private static func allocate() -> [UnsafeMutableRawPointer] {
        var kept: [UnsafeMutableRawPointer] = []
        kept.reserveCapacity(100)
        for size in 1...100 { kept.append(.allocate(byteCount: size * 16, alignment: 16)) }
        return kept
    }
}
