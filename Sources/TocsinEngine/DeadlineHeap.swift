import TocsinModel

/// Deadlines on the gateway's clock, earliest first; equal times in the order of `owner`, so that
/// two runs fire alike. Entries are not removed when a timer stops: the owner is asked when its
/// entry comes up. Each owner has a bounded number of entries (see `Engine.arm`).
struct DeadlineHeap {
    struct Entry {
        var time: Int64
        var owner: Owner
    }

    /// Whose deadline it is. Of one instant silence is said first, then what delays end, then what
    /// a schedule changes, and last what is annunciated anew: an alarm that ends at the same
    /// instant is not. Of one kind in the order of the streams.
    struct Owner: Comparable {
        enum Kind: UInt32 { case silence, delay, schedule, reAlarm }

        private let key: UInt64

        init(_ kind: Kind, _ number: Int) {
            key = UInt64(kind.rawValue) << 32 | UInt64(UInt32(number))
        }

        /// A binding's silence, a rule's delay, a number in `Engine.timings` (schedule), or one in
        /// `Engine.reAlarms`.
        var kind: Kind {
            switch key >> 32 {
            case 0: .silence
            case 1: .delay
            case 2: .schedule
            default: .reAlarm
            }
        }

        var number: Int { Int(key & 0xFFFF_FFFF) }

        static func < (a: Owner, b: Owner) -> Bool { a.key < b.key }
    }

    private var entries: ContiguousArray<Entry> = []

    var isEmpty: Bool { entries.isEmpty }
    var earliest: Entry? { entries.first }

    mutating func reserve(_ count: Int) { entries.reserveCapacity(count) }
    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    private static func before(_ a: Entry, _ b: Entry) -> Bool {
        a.time != b.time ? a.time < b.time : a.owner < b.owner
    }

    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard DeadlineHeap.before(entries[child], entries[parent]) else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Moves every deadline; their order stays.
    mutating func shift(by milliseconds: Int64) {
        for position in entries.indices { entries[position].time += milliseconds }
    }

    mutating func removeFirst() {
        let last = entries.removeLast()
        guard !entries.isEmpty else { return }
        entries[0] = last
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < entries.count else { return }
            if child + 1 < entries.count,
                DeadlineHeap.before(entries[child + 1], entries[child])
            {
                child += 1
            }
            guard DeadlineHeap.before(entries[child], entries[parent]) else { return }
            entries.swapAt(child, parent)
            parent = child
        }
    }
}
