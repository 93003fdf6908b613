/// What one receiver has been given: everything below `lowest`, and runs of entries above it.
///
/// Entries above the lowest undelivered one are there because priority lets later entries overtake.
/// They are kept as runs, so that one entry that a receiver keeps refusing costs one run, not one
/// place for each entry after it.
package struct Cursor: Hashable, Sendable {
    /// The most runs: bounds the file's slot and the work of finding a place. Overtaking reaches
    /// over a few dozen entries; a thousand runs means that something else is wrong.
    package static let runLimit = 1024

    /// The lowest entry not yet delivered.
    package private(set) var lowest: UInt64
    /// Delivered entries above `lowest`: ascending, apart by at least one entry.
    package private(set) var runs: [ClosedRange<UInt64>]

    /// A cursor with nothing delivered from `lowest` on.
    package init(lowest: UInt64 = 1) {
        self.lowest = lowest
        runs = []
    }

    /// Nil unless the runs are ascending, apart, above `lowest` and within the limit.
    init?(lowest: UInt64, runs: [ClosedRange<UInt64>]) {
        guard lowest > 0, runs.count <= Cursor.runLimit else { return nil }
        var floor = lowest
        for run in runs {
            guard run.lowerBound > floor, run.upperBound < .max else { return nil }
            floor = run.upperBound + 1
        }
        self.lowest = lowest
        self.runs = runs
    }

    package func isDelivered(_ seq: UInt64) -> Bool {
        guard seq >= lowest else { return true }
        let index = firstRun(endingAtOrAfter: seq)
        return index < runs.count && runs[index].contains(seq)
    }

    /// Takes note of a delivery; false when it would need one run more than the limit (nothing is
    /// changed then: deliver the lowest entry first). A repeated delivery changes nothing.
    package mutating func markDelivered(_ seq: UInt64) -> Bool {
        precondition(seq > 0 && seq < .max, "no entry has this seq")
        guard !isDelivered(seq) else { return true }
        if seq == lowest {
            lowest += 1
            if let first = runs.first, first.lowerBound == lowest {
                lowest = first.upperBound + 1
                runs.removeFirst()
            }
            return true
        }
        let index = firstRun(endingAtOrAfter: seq)
        let joinsBefore = index > 0 && runs[index - 1].upperBound + 1 == seq
        let joinsAfter = index < runs.count && runs[index].lowerBound == seq + 1
        switch (joinsBefore, joinsAfter) {
        case (true, true):
            runs[index - 1] = runs[index - 1].lowerBound...runs[index].upperBound
            runs.remove(at: index)
        case (true, false):
            runs[index - 1] = runs[index - 1].lowerBound...seq
        case (false, true):
            runs[index] = seq...runs[index].upperBound
        case (false, false):
            guard runs.count < Cursor.runLimit else { return false }
            runs.insert(seq...seq, at: index)
        }
        return true
    }

    // Binary search: overtaken runs may be many while a receiver is slow.
    private func firstRun(endingAtOrAfter seq: UInt64) -> Int {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].upperBound < seq { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
