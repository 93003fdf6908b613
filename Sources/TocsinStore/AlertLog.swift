// The alert log: one JSON object a line, chained by hash, appended and fsynced in groups.
//
// It is the outbox too: an entry is delivered only after `append` returned, and deliverers read the
// very lines from the files (`AlertLogReader`).
//
// Layout. The newest entries are in PATH; when it has reached `fileBytes` it is renamed to
// PATH.SEQ, SEQ being its first entry's seq in 16 digits, and a new PATH begins. `seq` and `prev`
// run on through the rename, so all files in order of name, PATH last, are one chain. Rotated files
// are never changed and never removed here. PATH.cut-SEQ keeps bytes that were cut off where entry
// SEQ was then written anew.
//
// Invariants.
// 1. What `append` returned is on the disk: one write, one fdatasync, and for a new file the
//    directory, come before the return and before the head moves.
// 2. `length` is the length up to the last durable line. After a failure anything above it is cut
//    before the next write: the same entries may then be tried again. Rewriting also makes the
//    pages dirty anew, which a failed fdatasync may have marked clean without writing them.
// 3. A file has no line after a torn one. At opening the last commit is checked, torn bytes are
//    kept aside and cut, and whole lines are synchronised before they count as durable: they may
//    have been written by a process that died before its fdatasync.
// 4. A failed rotation never stops the log: it goes on in the old file and tries again.

/// The writer of the alert log; owned by the logger thread.
package final class AlertLog {
    /// What to do at opening with a line of the last commit that does not hold its hash.
    package enum DamagePolicy: Sendable {
        /// Throw `StoreError.logDamaged`.
        case refuse
        /// Cut the log before that line, keep the bytes aside, and report them.
        case cut
    }

    /// What opening found and did.
    package struct Opening: Sendable, Hashable {
        /// The newest entry; 0 when the log is empty.
        package var lastSeq: UInt64
        package var lastHash: SHA256Digest?
        /// Bytes cut off the end; 0 for a log that was closed well.
        package var cutBytes: Int64
        /// The file that keeps them; nil when nothing was cut.
        package var cutPath: String?
        /// The line that did not hold, under `DamagePolicy.cut`; nil when the end was merely torn.
        package var damage: ChainBreak?
    }

    private let files: AlertLogFiles
    private let limits: AlertLogLimits
    private var file: OpenFile?
    private var length: Int64 = 0
    private var firstSeq: UInt64
    // Bytes above `length` may be in the file.
    private var needsCut = false
    // A name was created or changed and its directory not yet synchronised.
    private var needsDirectory = false
    private var lines: [UInt8] = []
    private var lastHash: SHA256Digest?

    /// How far the log is durable, for readers on other threads.
    package let head: AlertLogHead
    package let opening: Opening
    /// Rotations that failed since the start; the log goes on in the old file.
    package private(set) var rotationFailures: UInt64 = 0
    package private(set) var lastRotationFailure: StoreError?

    /// Opens or creates the log at `path`; its directory must exist.
    ///
    /// Throws `logDamaged` when a line of the last commit does not hold (unless `damage` is
    /// `.cut`), `system` when the disk refuses; opening again is safe after either.
    package init(
        path: String, fileSystem: any FileSystem = LocalFileSystem(),
        limits: AlertLogLimits = AlertLogLimits(), damage: DamagePolicy = .refuse
    ) throws(StoreError) {
        let files = AlertLogFiles(path: path, fileSystem: fileSystem)
        let file = try fileSystem.open(path, .readWriteCreate)
        do {
            let found = try AlertLogOpening.examine(file, of: files, limits: limits, policy: damage)
            self.files = files
            self.limits = limits
            self.file = file
            length = found.wholeLength
            firstSeq = found.firstSeq
            lastHash = found.report.lastHash
            opening = found.report
            head = AlertLogHead(durableSeq: found.report.lastSeq)
        } catch {
            fileSystem.close(file)
            throw error
        }
    }

    deinit {
        if let file { files.fileSystem.close(file) }
    }

    /// The newest durable entry; 0 while the log is empty.
    package var lastSeq: UInt64 { head.durableSeq }

    /// Writes the entries with one write and one fdatasync; returns their seqs, in order.
    ///
    /// When it throws, none of them is in the log and the same batch may be tried again.
    package func append(_ batch: borrowing EntryBatch) throws(StoreError) -> Range<UInt64> {
        let first = lastSeq + 1
        guard !batch.isEmpty else { return first..<first }
        let open = try readyFile()
        let hash = try build(batch, first: first)
        needsCut = true
        do {
            try files.fileSystem.writeAll(lines, to: open, at: length)
            try files.fileSystem.synchronise(open)
        } catch {
            cutBack()
            throw error
        }
        needsCut = false
        length += Int64(lines.count)
        lastHash = hash
        let next = first + UInt64(batch.count)
        head.publish(next - 1)
        if length >= limits.fileBytes { rotate() }
        return first..<next
    }

    private func build(
        _ batch: borrowing EntryBatch, first: UInt64
    ) throws(StoreError) -> SHA256Digest? {
        lines.removeAll(keepingCapacity: true)
        var hash = lastHash
        for index in 0..<batch.count {
            let begin = lines.count
            hash = AlertLogLine.append(
                seq: first + UInt64(index), body: batch.body(at: index), prev: hash, to: &lines)
            guard lines.count - begin <= limits.lineBytes else {
                throw .lineTooLong(
                    path: files.path, offset: length + Int64(begin), limit: limits.lineBytes)
            }
        }
        guard lines.count <= limits.batchBytes else {
            throw .batchTooLarge(bytes: lines.count, limit: limits.batchBytes)
        }
        return hash
    }

    // The current file, with what an earlier failure left undone.
    private func readyFile() throws(StoreError) -> OpenFile {
        let open: OpenFile
        if let file {
            open = file
        } else {
            open = try files.fileSystem.open(files.path, .readWriteCreate)
            file = open
            needsDirectory = true
        }
        if needsCut {
            try files.fileSystem.truncate(open, to: length)
            needsCut = false
        }
        if needsDirectory {
            try files.fileSystem.synchroniseDirectory(files.directory)
            needsDirectory = false
        }
        return open
    }

    // At once, so that other processes see no half-written line; `readyFile` tries again.
    private func cutBack() {
        guard let file else { return }
        do {
            try files.fileSystem.truncate(file, to: length)
            needsCut = false
        } catch {
            needsCut = true
        }
    }

    private func rotate() {
        guard let file else { return }
        do {
            try files.fileSystem.rename(files.path, to: files.rotatedPath(firstSeq: firstSeq))
        } catch {
            rotationFailures += 1
            lastRotationFailure = error
            return
        }
        files.fileSystem.close(file)
        self.file = nil
        length = 0
        firstSeq = lastSeq + 1
        needsDirectory = true
    }
}
