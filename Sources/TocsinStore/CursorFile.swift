// The durable cursor of one receiver: two slots in one file.
//
// A slot, little-endian: "TOCSINC1", generation, lowest, number of runs, the runs (first, last),
// then the SHA-256 of all that. Every delivery writes the working slot whole, one pwrite without a
// sync: at hundreds of deliveries a second a sync each would cost more than the delivery. A process
// that is killed loses nothing. A power cut may tear the working slot, but only that: the slots
// change places only after an fdatasync, so the other one is always whole and at most
// `deliveriesPerSync` deliveries old. Those are delivered again (at least once; the event id is the
// key).

/// Reads and writes one receiver's cursor; owned by its lane's thread.
package final class CursorFile {
    /// Deliveries between two syncs: what a power cut can make a receiver see again.
    package static let deliveriesPerSync = 256

    static let magic = Array("TOCSINC1".utf8)
    // Whole pages for the largest slot, so that the slots share no page: 32 + 16 × runLimit + 32.
    static let slotBytes: Int64 = 20 << 10

    private let path: String
    private let fileSystem: any FileSystem
    private let file: OpenFile
    private var workingSlot: Int64
    private var generation: UInt64
    private var unsynchronised = 0
    private var bytes: [UInt8] = []

    /// What has been delivered so far.
    package private(set) var cursor: Cursor

    /// Opens the cursor at `path`; a missing file is created, beginning at `startingAt`.
    ///
    /// Throws `cursorDamaged` when neither slot is good: never happens by a crash or a power cut.
    package init(
        path: String, startingAt lowest: UInt64 = 1,
        fileSystem: any FileSystem = LocalFileSystem()
    ) throws(StoreError) {
        if try CursorFile.isMissing(path, fileSystem) {
            let slot = CursorFile.encode(Cursor(lowest: lowest), generation: 1)
            try fileSystem.replaceDurably(path, with: slot)
        }
        let file = try fileSystem.open(path, .readWrite)
        do throws(StoreError) {
            let first = try CursorFile.read(file, slot: 0, fileSystem)
            let second = try CursorFile.read(file, slot: 1, fileSystem)
            let secondIsNewer = (second?.generation ?? 0) > (first?.generation ?? 0)
            guard let newest = secondIsNewer ? second : first else {
                throw .cursorDamaged(path: path)
            }
            // It may have been written by a process that was killed before its sync.
            try fileSystem.synchronise(file)
            cursor = newest.cursor
            generation = newest.generation
            workingSlot = secondIsNewer ? 0 : 1
        } catch {
            fileSystem.close(file)
            throw error
        }
        self.path = path
        self.fileSystem = fileSystem
        self.file = file
    }

    deinit { fileSystem.close(file) }

    /// Takes note of a delivery: one write, and every `deliveriesPerSync` a sync.
    ///
    /// Throws `cursorFull` before noting it. After `system` it is noted in memory, and the next
    /// delivery or `synchronise` writes it again.
    package func markDelivered(_ seq: UInt64) throws(StoreError) {
        guard cursor.markDelivered(seq) else {
            throw .cursorFull(path: path, runs: Cursor.runLimit)
        }
        unsynchronised += 1
        try write()
        if unsynchronised >= CursorFile.deliveriesPerSync { try synchronise() }
    }

    /// Begins anew at `lowest`, durably: the log was replaced, or an operator skips entries.
    package func reset(to lowest: UInt64) throws(StoreError) {
        cursor = Cursor(lowest: lowest)
        unsynchronised += 1
        try write()
        try synchronise()
    }

    /// Makes every noted delivery durable; call it when the lane is idle and at the end.
    package func synchronise() throws(StoreError) {
        guard unsynchronised > 0 else { return }
        // Written again: after a failed write or sync the slot may not hold what is noted.
        try write()
        try fileSystem.synchronise(file)
        unsynchronised = 0
        workingSlot = 1 - workingSlot
    }

    private func write() throws(StoreError) {
        generation += 1
        bytes.removeAll(keepingCapacity: true)
        CursorFile.encode(cursor, generation: generation, to: &bytes)
        try fileSystem.writeAll(bytes, to: file, at: workingSlot * CursorFile.slotBytes)
    }

    private static func isMissing(
        _ path: String, _ fileSystem: any FileSystem
    ) throws(StoreError) -> Bool {
        guard let file = try fileSystem.openIfPresent(path, .read) else { return true }
        fileSystem.close(file)
        return false
    }

    private static func encode(_ cursor: Cursor, generation: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        encode(cursor, generation: generation, to: &bytes)
        return bytes
    }

    private static func encode(_ cursor: Cursor, generation: UInt64, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: magic)
        append(generation, to: &bytes)
        append(cursor.lowest, to: &bytes)
        append(UInt64(cursor.runs.count), to: &bytes)
        for run in cursor.runs {
            append(run.lowerBound, to: &bytes)
            append(run.upperBound, to: &bytes)
        }
        bytes.append(contentsOf: SHA256.digest(of: bytes).bytes)
    }

    // Nil when the slot is empty, torn or damaged.
    private static func read(
        _ file: OpenFile, slot: Int64, _ fileSystem: any FileSystem
    ) throws(StoreError) -> (generation: UInt64, cursor: Cursor)? {
        var bytes = zeroBytes(Int(slotBytes))
        let count = try fileSystem.readAll(file, at: slot * slotBytes, into: &bytes)
        guard count >= 32, bytes.starts(with: magic) else { return nil }
        let runCount = number(in: bytes, at: 24)
        guard runCount <= UInt64(Cursor.runLimit) else { return nil }
        let end = 32 + 16 * Int(runCount)
        guard count >= end + SHA256Digest.byteCount,
            let digest = SHA256Digest(bytes: bytes[end..<end + SHA256Digest.byteCount]),
            digest == SHA256.digest(of: bytes.span.bytes.extracting(0..<end))
        else { return nil }
        var runs: [ClosedRange<UInt64>] = []
        for position in stride(from: 32, to: end, by: 16) {
            let first = number(in: bytes, at: position)
            let last = number(in: bytes, at: position + 8)
            guard first <= last else { return nil }
            runs.append(first...last)
        }
        guard let cursor = Cursor(lowest: number(in: bytes, at: 16), runs: runs) else { return nil }
        return (number(in: bytes, at: 8), cursor)
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }

    private static func number(in bytes: [UInt8], at position: Int) -> UInt64 {
        var value: UInt64 = 0
        for offset in 0..<8 { value |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
        return value
    }
}
