/// The last whole lines of one file of the alert log, checked line by line.
///
/// Only a window of the last commit's size is read: that much a power cut can have torn. The whole
/// chain is `AlertLogVerifier`'s work.
struct AlertLogTail {
    /// Length of the file up to and including its last whole line.
    var wholeLength: Int64
    /// The file's own length; the bytes above `wholeLength` are torn.
    var length: Int64
    /// The last whole line's seq and hash; nil when there is no whole line.
    var last: (seq: UInt64, hash: SHA256Digest)?
    /// The first line in the window that does not hold; `last` and `wholeLength` end before it.
    var damage: ChainBreak?

    /// Reads and checks the end of the file.
    static func read(
        _ file: OpenFile, limits: AlertLogLimits, fileSystem: any FileSystem
    ) throws(StoreError) -> AlertLogTail {
        let length = try fileSystem.length(file)
        let windowStart = max(0, length - Int64(limits.batchBytes + limits.lineBytes))
        var bytes = zeroBytes(Int(length - windowStart))
        let count = try fileSystem.readAll(file, at: windowStart, into: &bytes)
        var begin = 0
        if windowStart > 0 {
            // The window begins inside some line; the check begins with the next.
            guard let end = AlertLogLine.newline(in: bytes, 0..<count) else {
                throw .lineTooLong(path: file.path, offset: windowStart, limit: limits.lineBytes)
            }
            begin = end + 1
        }
        var tail = AlertLogTail(wholeLength: windowStart + Int64(begin), length: length)
        while let end = AlertLogLine.newline(in: bytes, begin..<count) {
            let range = begin..<end
            if let kind = tail.checkNext(bytes, range) {
                tail.damage = ChainBreak(
                    path: file.path, line: nil, offset: windowStart + Int64(begin),
                    seq: tail.last.map { $0.seq + 1 }, kind: kind)
                break
            }
            begin = end + 1
            tail.wholeLength = windowStart + Int64(begin)
        }
        return tail
    }

    // What is wrong with the next line, nil when it holds and was taken as the last.
    private mutating func checkNext(_ bytes: [UInt8], _ range: Range<Int>) -> ChainBreak.Kind? {
        guard let line = AlertLogLine.parse(bytes, range) else { return .shape }
        if let last {
            if line.seq != last.seq + 1 { return .seqGap(expected: last.seq + 1, found: line.seq) }
            if line.prev != last.hash { return .prevMismatch }
        }
        guard AlertLogLine.computedHash(bytes, range) == line.hash else { return .hashMismatch }
        last = (line.seq, line.hash)
        return nil
    }

    /// The newest entry of all the files; nil when the log is empty. Throws `logDamaged` when the
    /// lines before it do not hold.
    static func newest(
        of files: AlertLogFiles, limits: AlertLogLimits
    ) throws(StoreError) -> (seq: UInt64, hash: SHA256Digest)? {
        if let current = try files.fileSystem.openIfPresent(files.path, .read) {
            if let last = try lastEntry(of: current, files, limits) { return last }
        }
        guard let newest = try files.rotated().last else { return nil }
        return try lastEntry(of: files.fileSystem.open(newest.path, .read), files, limits)
    }

    // Closes the file.
    private static func lastEntry(
        of file: OpenFile, _ files: AlertLogFiles, _ limits: AlertLogLimits
    ) throws(StoreError) -> (seq: UInt64, hash: SHA256Digest)? {
        defer { files.fileSystem.close(file) }
        let tail = try read(file, limits: limits, fileSystem: files.fileSystem)
        if let damage = tail.damage { throw .logDamaged(damage) }
        return tail.last
    }
}
