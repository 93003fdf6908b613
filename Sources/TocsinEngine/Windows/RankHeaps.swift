// The order statistics of a window in O(log n): the smallest so many samples in a heap with the
// greatest on top, the others in a heap with the least on top, and for each slot of the ring its
// place in its heap, so that the sample that leaves the window is found at once. Both heaps share
// one array: the lower grows from its beginning, the upper from its end.
//
// Heaps hold slot numbers (ring position modulo capacity); values are read in the ring.

/// median, quantile of one window.
struct RankHeaps {
    let share: Double
    private let capacity: Int
    private var heap: ContiguousArray<Int32>
    /// By slot: its place in the lower heap, or −1 − its place in the upper.
    private var places: ContiguousArray<Int32>
    private var lowCount = 0
    private var highCount = 0
    /// NaN when the window is empty.
    private(set) var quantile = Double.nan

    /// `capacity`: the ring's.
    init(share: Double, capacity: Int) {
        self.share = share
        self.capacity = capacity
        heap = ContiguousArray(repeating: 0, count: capacity)
        places = ContiguousArray(repeating: 0, count: capacity)
    }

    var byteCount: Int { capacity * 8 }

    mutating func clear() {
        lowCount = 0
        highCount = 0
        quantile = .nan
    }

    mutating func insert(position: Int64, value: Double, values: some KeyedValues) {
        guard lowCount + highCount < capacity else { return }
        let slot = Int32(truncatingIfNeeded: position & Int64(capacity - 1))
        if lowCount > 0 && value <= self.value(0, isLow: true, values) {
            push(slot, isLow: true, values)
        } else {
            push(slot, isLow: false, values)
        }
    }

    mutating func remove(position: Int64, values: some KeyedValues) {
        let place = places[Int(position & Int64(capacity - 1))]
        let isLow = place >= 0
        let index = isLow ? Int(place) : Int(-1 - place)
        // Out of range only when another lap of the ring was read: begun anew behind this.
        guard index < (isLow ? lowCount : highCount) else { return }
        take(at: index, isLow: isLow, values)
    }

    /// Balances the heaps and reads the quantile: linear interpolation between order statistics,
    /// h = (n − 1) × share (Hyndman and Fan's type 7).
    mutating func settle(values: some KeyedValues) {
        let count = lowCount + highCount
        guard count > 0 else {
            quantile = .nan
            return
        }
        let rank = Double(count - 1) * share
        let below = min(Int(rank), count - 1)
        while lowCount > below + 1 { move(fromLow: true, values) }
        while lowCount < below + 1 { move(fromLow: false, values) }
        let lower = value(0, isLow: true, values)
        let part = rank - Double(below)
        guard part > 0, highCount > 0 else {
            quantile = lower
            return
        }
        quantile = lower + part * (value(0, isLow: false, values) - lower)
    }

    private mutating func move(fromLow: Bool, _ values: some KeyedValues) {
        let slot = heap[cell(0, isLow: fromLow)]
        take(at: 0, isLow: fromLow, values)
        push(slot, isLow: !fromLow, values)
    }

    // MARK: One heap

    private func cell(_ index: Int, isLow: Bool) -> Int { isLow ? index : capacity - 1 - index }

    private func value(_ index: Int, isLow: Bool, _ values: some KeyedValues) -> Double {
        values.value(at: Int64(heap[cell(index, isLow: isLow)]))
    }

    private mutating func put(_ slot: Int32, at index: Int, isLow: Bool) {
        heap[cell(index, isLow: isLow)] = slot
        places[Int(slot)] = isLow ? Int32(index) : Int32(-1 - index)
    }

    private mutating func push(_ slot: Int32, isLow: Bool, _ values: some KeyedValues) {
        let index = isLow ? lowCount : highCount
        if isLow { lowCount += 1 } else { highCount += 1 }
        put(slot, at: index, isLow: isLow)
        rise(from: index, isLow: isLow, values)
    }

    private mutating func take(at index: Int, isLow: Bool, _ values: some KeyedValues) {
        if isLow { lowCount -= 1 } else { highCount -= 1 }
        let last = isLow ? lowCount : highCount
        guard index < last else { return }
        put(heap[cell(last, isLow: isLow)], at: index, isLow: isLow)
        rise(from: index, isLow: isLow, values)
        sink(from: index, isLow: isLow, values)
    }

    /// Moves a slot up while it belongs above its parent.
    private mutating func rise(from start: Int, isLow: Bool, _ values: some KeyedValues) {
        var index = start
        let slot = heap[cell(index, isLow: isLow)]
        let own = values.value(at: Int64(slot))
        while index > 0 {
            let parent = (index - 1) / 2
            let other = value(parent, isLow: isLow, values)
            guard isLow ? own > other : own < other else { break }
            put(heap[cell(parent, isLow: isLow)], at: index, isLow: isLow)
            index = parent
        }
        put(slot, at: index, isLow: isLow)
    }

    private mutating func sink(from start: Int, isLow: Bool, _ values: some KeyedValues) {
        var index = start
        let count = isLow ? lowCount : highCount
        let slot = heap[cell(index, isLow: isLow)]
        let own = values.value(at: Int64(slot))
        while index * 2 + 1 < count {
            var child = index * 2 + 1
            var best = value(child, isLow: isLow, values)
            if child + 1 < count {
                let other = value(child + 1, isLow: isLow, values)
                if isLow ? other > best : other < best {
                    child += 1
                    best = other
                }
            }
            guard isLow ? best > own : best < own else { break }
            put(heap[cell(child, isLow: isLow)], at: index, isLow: isLow)
            index = child
        }
        put(slot, at: index, isLow: isLow)
    }
}
