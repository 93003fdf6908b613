/// The files of one alert log: the current one and the rotated ones beside it.
///
/// The newest entries are in PATH. A rotated file is PATH, a dot and the seq of its first entry in
/// 16 digits (`alerts.jsonl.0000000000000001`), so byte order is the order of entries and the file
/// that holds an entry is found from the names alone.
struct AlertLogFiles: Sendable {
    static let seqDigits = 16

    var path: String
    var fileSystem: any FileSystem

    struct Rotated: Hashable, Sendable {
        var firstSeq: UInt64
        var path: String
    }

    var directory: String { parentDirectory(of: path) }

    func rotatedPath(firstSeq: UInt64) -> String {
        path + "." + padded(firstSeq)
    }

    /// Where the bytes go that are cut off before entry `seq` is written anew.
    func cutPath(seq: UInt64) -> String {
        path + ".cut-" + padded(seq)
    }

    /// The rotated files, oldest first.
    func rotated() throws(StoreError) -> [Rotated] {
        let prefix = fileName(of: path) + "."
        let parent = path.dropLast(fileName(of: path).count)
        return try fileSystem.list(directory).compactMap { name in
            guard name.hasPrefix(prefix) else { return nil }
            let digits = name.dropFirst(prefix.count)
            guard digits.utf8.count == AlertLogFiles.seqDigits,
                digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let seq = UInt64(digits)
            else { return nil }
            return Rotated(firstSeq: seq, path: parent + name)
        }
    }

    /// The seq of an open file's first entry; nil when the file has no whole first line start.
    func firstSeq(of file: OpenFile) throws(StoreError) -> UInt64? {
        var start = [UInt8](repeating: 0, count: AlertLogLine.longestStart)
        let count = try fileSystem.readAll(file, at: 0, into: &start)
        return AlertLogLine.seq(in: start, 0..<count)
    }

    private func padded(_ seq: UInt64) -> String {
        let digits = String(seq)
        let zeros = max(0, AlertLogFiles.seqDigits - digits.utf8.count)
        return String(repeating: "0", count: zeros) + digits
    }
}
