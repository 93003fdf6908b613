import Testing
import TocsinStore

let logPath = "log/alerts.jsonl"

/// A body of an entry; entries with the same name have the same body, whatever their seq.
func body(_ name: Int) -> [UInt8] {
    Array(#""id":"event-\#(name)","event":"raised","message":"氨气","input":\#(name * 7)"#.utf8)
}

func batch(_ names: some Sequence<Int>) -> EntryBatch {
    var batch = EntryBatch()
    for name in names { batch.append(body(name)) }
    return batch
}

/// Every entry's line in order, read as another process would.
func allLines(_ fileSystem: any FileSystem, path: String = logPath) throws -> [String] {
    var lines: [String] = []
    _ = try AlertLogRecovery.forEachEntry(path: path, fileSystem: fileSystem) { seq, line in
        #expect(seq == UInt64(lines.count + 1))
        lines.append(String(decoding: line, as: UTF8.self))
        return true
    }
    return lines
}

/// The names of the entries (see `body`) in order; the whole chain must hold.
func namesInWholeChain(_ fileSystem: any FileSystem, path: String = logPath) throws -> [Int] {
    let report = try AlertLogVerifier.verify(path: path, fileSystem: fileSystem)
    #expect(report.damage == nil, "\(report.damage.map(\.description) ?? "")")
    return try allLines(fileSystem, path: path).map { line in
        let digits = line.drop { $0 != "-" }.dropFirst().prefix { $0.isNumber }
        return try #require(Int(digits))
    }
}
