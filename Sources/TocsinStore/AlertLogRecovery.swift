/// Goes through the alert log at start, so that the daemon can rebuild its active alarms.
package enum AlertLogRecovery {
    /// Calls `visit` with every entry from `seq` on (nil: the oldest kept), oldest first; the bytes
    /// are the line without its end. Returns the number of entries visited.
    ///
    /// Memory is one read's lines, however long the log is. `visit` returns false to stop early.
    /// Throws as `AlertLogReader.read` does.
    package static func forEachEntry(
        path: String, from seq: UInt64? = nil, fileSystem: any FileSystem = LocalFileSystem(),
        limits: AlertLogLimits = AlertLogLimits(),
        _ visit: (_ seq: UInt64, _ line: ArraySlice<UInt8>) -> Bool
    ) throws(StoreError) -> UInt64 {
        let reader = AlertLogReader(path: path, fileSystem: fileSystem, limits: limits)
        let oldest = if seq == nil { try reader.oldestSeq() } else { seq }
        guard let first = oldest else { return 0 }
        reader.seek(to: first)
        var lines = AlertLogLines()
        var visited: UInt64 = 0
        repeat {
            try reader.read(into: &lines)
            for index in 0..<lines.count {
                visited += 1
                guard visit(lines.seq(at: index), lines.line(at: index)) else { return visited }
            }
        } while !lines.isEmpty
        return visited
    }
}
