/// Whole lines of the alert log as they were read, with their seqs; reused from read to read.
package struct AlertLogLines: Sendable {
    fileprivate(set) var bytes: [UInt8] = []
    fileprivate var ends: [Int] = []
    /// The seq of the first line; the others follow without a gap.
    package fileprivate(set) var firstSeq: UInt64 = 0

    package init() {}

    package var count: Int { ends.count }
    package var isEmpty: Bool { ends.isEmpty }

    package func seq(at index: Int) -> UInt64 { firstSeq + UInt64(index) }

    /// The line's bytes without the end of line: exactly what a webhook is sent.
    package func line(at index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1] + 1)..<ends[index]]
    }

    fileprivate mutating func restart(at seq: UInt64) {
        ends.removeAll(keepingCapacity: true)
        firstSeq = seq
    }
}

/// Reads the alert log from a seq on, across rotated files, while the logger appends.
///
/// With a head it never goes past the durable entries; without one (another process) it goes to the
/// last whole line. It keeps only the place of the next line, never bytes: what was read but not
/// durable may be cut and written anew. Owned by one thread.
package final class AlertLogReader {
    /// The bytes asked for in one read: a few dozen entries, so that a slow receiver holds little.
    package static let chunkBytes = 64 << 10

    private let files: AlertLogFiles
    private let limits: AlertLogLimits
    private let head: AlertLogHead?
    private var file: OpenFile?
    private var offset: Int64 = 0
    /// The seq of the entry that the next read begins with.
    package private(set) var nextSeq: UInt64

    /// A reader that begins at `seq` (from 1); nothing is opened before the first read.
    package init(
        path: String, from seq: UInt64 = 1, head: AlertLogHead? = nil,
        fileSystem: any FileSystem = LocalFileSystem(), limits: AlertLogLimits = AlertLogLimits()
    ) {
        precondition(seq > 0, "entries count from 1")
        files = AlertLogFiles(path: path, fileSystem: fileSystem)
        self.limits = limits
        self.head = head
        nextSeq = seq
    }

    deinit {
        if let file { files.fileSystem.close(file) }
    }

    /// The next read begins at `seq`, earlier or later than before.
    package func seek(to seq: UInt64) {
        precondition(seq > 0, "entries count from 1")
        guard seq != nextSeq else { return }
        replaceFile(nil)
        nextSeq = seq
    }

    /// Reads the next lines, at most `maxEntries`; none when there is nothing new.
    ///
    /// Throws `entriesGone` when the files that held the entry were taken away, `logDamaged` when a
    /// line has not the seq it should have.
    package func read(
        into lines: inout AlertLogLines, maxEntries: Int = 256
    ) throws(StoreError) {
        precondition(maxEntries > 0)
        lines.restart(at: nextSeq)
        // Loaded before the file is looked at: an entry up to it that this file does not hold is
        // in a later one.
        let last = head?.durableSeq ?? .max
        guard nextSeq <= last else { return }
        if file == nil {
            guard try locate() else { return }
        }
        try fill(&lines, maxEntries: maxEntries, last: last)
        guard lines.isEmpty, try advance() else { return }
        try fill(&lines, maxEntries: maxEntries, last: last)
    }

    /// The seq of the oldest entry in any file; nil when the log is empty.
    package func oldestSeq() throws(StoreError) -> UInt64? {
        let current = try files.fileSystem.openIfPresent(files.path, .read)
        defer { if let current { files.fileSystem.close(current) } }
        let first: UInt64? = if let current { try files.firstSeq(of: current) } else { nil }
        return try files.rotated().first?.firstSeq ?? first
    }

    /// The seq of the newest whole line in any file, at once (`log tail` starts there); nil when
    /// the log is empty. Throws `logDamaged` when the last commit's lines do not hold.
    package func newestSeq() throws(StoreError) -> UInt64? {
        let tail = try AlertLogTail.newest(of: files, limits: limits)
        return tail?.seq
    }

    // Opens the file that holds nextSeq and goes to its line. The current file is opened before the
    // directory is listed: if the logger rotates in between, the open file is still the one whose
    // first entry was read, and every older one is in the list.
    private func locate() throws(StoreError) -> Bool {
        let current = try files.fileSystem.openIfPresent(files.path, .read)
        if let current {
            do {
                if let first = try files.firstSeq(of: current), first <= nextSeq {
                    return try enter(current, firstSeq: first)
                }
            } catch {
                if file != current { files.fileSystem.close(current) }
                throw error
            }
            files.fileSystem.close(current)
        }
        let rotated = try files.rotated()
        guard let holder = rotated.last(where: { $0.firstSeq <= nextSeq }) else {
            let oldest = try oldestSeq()
            // Without a head the entry is simply still to come: the log is empty, or was just now.
            if head == nil, (oldest ?? 0) <= nextSeq { return false }
            throw .entriesGone(path: files.path, seq: nextSeq, oldest: oldest)
        }
        return try enter(files.fileSystem.open(holder.path, .read), firstSeq: holder.firstSeq)
    }

    // Counts lines up to nextSeq; false when the file ends before (a seq still to be written).
    private func enter(_ opened: OpenFile, firstSeq: UInt64) throws(StoreError) -> Bool {
        replaceFile(opened)
        let wanted = nextSeq
        nextSeq = firstSeq
        defer { nextSeq = wanted }
        var skipped = AlertLogLines()
        while nextSeq < wanted {
            skipped.restart(at: nextSeq)
            let count = Int(min(wanted - nextSeq, 1 << 16))
            try fill(&skipped, maxEntries: count, last: wanted - 1)
            guard skipped.isEmpty else { continue }
            replaceFile(nil)
            try expectStillToCome(wanted)
            return false
        }
        return true
    }

    // At the end of a file the next one, if there is one, begins exactly with nextSeq.
    private func advance() throws(StoreError) -> Bool {
        guard file != nil else { return false }
        if let current = try files.fileSystem.openIfPresent(files.path, .read) {
            let first: UInt64?
            do {
                first = try files.firstSeq(of: current)
            } catch {
                files.fileSystem.close(current)
                throw error
            }
            if first == nextSeq {
                replaceFile(current)
                return true
            }
            files.fileSystem.close(current)
        }
        guard let next = try files.rotated().first(where: { $0.firstSeq == nextSeq }) else {
            try expectStillToCome(nextSeq)
            return false
        }
        replaceFile(try files.fileSystem.open(next.path, .read))
        return true
    }

    // A durable entry is in some file; if none holds it, someone took bytes away from under us.
    private func expectStillToCome(_ seq: UInt64) throws(StoreError) {
        guard head != nil else { return }
        throw .entriesGone(path: files.path, seq: seq, oldest: try oldestSeq())
    }

    private func replaceFile(_ next: OpenFile?) {
        if let file { files.fileSystem.close(file) }
        file = next
        offset = 0
    }

    // Reads whole lines at the present place; grows its buffer only for a line that needs it.
    private func fill(
        _ lines: inout AlertLogLines, maxEntries: Int, last: UInt64
    ) throws(StoreError) {
        guard let file else { return }
        var wanted = max(AlertLogReader.chunkBytes, lines.bytes.count)
        while true {
            if lines.bytes.count < wanted {
                lines.bytes = zeroBytes(wanted)
            }
            let count = try files.fileSystem.readAll(file, at: offset, into: &lines.bytes)
            var begin = 0
            while lines.count < maxEntries, nextSeq <= last,
                let end = AlertLogLine.newline(in: lines.bytes, begin..<count)
            {
                try check(lines.bytes, begin..<end, in: file, at: offset + Int64(begin))
                lines.ends.append(end)
                begin = end + 1
                nextSeq += 1
            }
            offset += Int64(begin)
            guard lines.isEmpty, count == wanted else { return }
            guard wanted <= limits.lineBytes else {
                throw .lineTooLong(path: file.path, offset: offset, limit: limits.lineBytes)
            }
            wanted *= 2
        }
    }

    private func check(
        _ bytes: [UInt8], _ range: Range<Int>, in file: OpenFile, at offset: Int64
    ) throws(StoreError) {
        let found = AlertLogLine.seq(in: bytes, range)
        guard found != nextSeq else { return }
        let kind: ChainBreak.Kind =
            found.map { .seqGap(expected: nextSeq, found: $0) } ?? .shape
        throw .logDamaged(
            ChainBreak(path: file.path, line: nil, offset: offset, seq: nextSeq, kind: kind))
    }
}
