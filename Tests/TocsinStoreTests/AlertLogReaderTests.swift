import Glibc
import Testing
import TocsinStore

@Suite struct AlertLogReaderTests {
    /// A log of entries 1…9 in files of about two entries each.
    private func rotatedLog() throws -> (MemoryFileSystem, AlertLog) {
        let fileSystem = MemoryFileSystem()
        let log = try AlertLog(
            path: logPath, fileSystem: fileSystem, limits: AlertLogLimits(fileBytes: 500))
        for name in 1...9 { _ = try log.append(batch([name])) }
        return (fileSystem, log)
    }

    @Test("A reader begins at any entry and gives the rest in order, across rotated files")
    func everyStart() throws {
        let (fileSystem, log) = try rotatedLog()
        let all = try allLines(fileSystem)
        for start in UInt64(1)...10 {
            for head in [nil, log.head] {
                let reader = AlertLogReader(
                    path: logPath, from: start, head: head, fileSystem: fileSystem)
                var lines = AlertLogLines()
                var found: [String] = []
                repeat {
                    try reader.read(into: &lines, maxEntries: 2)
                    #expect(lines.count <= 2)
                    for index in 0..<lines.count {
                        #expect(lines.seq(at: index) == start + UInt64(found.count))
                        found.append(String(decoding: lines.line(at: index), as: UTF8.self))
                    }
                } while !lines.isEmpty
                #expect(found == Array(all.dropFirst(Int(start) - 1)))
                #expect(reader.nextSeq == 10)
            }
        }
        #expect(fileSystem.openFiles <= 1)
    }

    @Test("A reader gets an entry after the append, never before it is durable")
    func followsHead() throws {
        let fileSystem = MemoryFileSystem()
        let log = try AlertLog(path: logPath, fileSystem: fileSystem)
        let reader = AlertLogReader(path: logPath, head: log.head, fileSystem: fileSystem)
        var lines = AlertLogLines()
        try reader.read(into: &lines)
        #expect(lines.isEmpty)
        // Both the sync and the cutting back fail: whole lines stand in the file, not durable.
        fileSystem.fail(1..<3)
        #expect(throws: StoreError.self) { try log.append(batch([1])) }
        #expect(fileSystem.contents(logPath)?.isEmpty == false)
        try reader.read(into: &lines)
        #expect(lines.isEmpty)
        fileSystem.fail(0..<0)
        _ = try log.append(batch([2]))
        try reader.read(into: &lines)
        #expect(lines.count == 1)
        #expect(try namesInWholeChain(fileSystem) == [2])
    }

    @Test("A torn line is not read until it is whole")
    func tornLine() throws {
        let (fileSystem, _) = try rotatedLog()
        let whole = try #require(fileSystem.contents(logPath + ".0000000000000001"))
        let torn = MemoryFileSystem()
        torn.setContents(logPath, whole.dropLast(1))
        #expect(try allLines(torn).count == whole.filter { $0 == UInt8(ascii: "\n") }.count - 1)
    }

    @Test("Entries whose file was taken away are reported with the oldest one left")
    func entriesGone() throws {
        let (fileSystem, log) = try rotatedLog()
        try fileSystem.remove(logPath + ".0000000000000001")
        for head in [nil, log.head] {
            let reader = AlertLogReader(path: logPath, head: head, fileSystem: fileSystem)
            let oldest = try #require(try reader.oldestSeq())
            #expect(oldest > 1)
            var lines = AlertLogLines()
            #expect(throws: StoreError.entriesGone(path: logPath, seq: 1, oldest: oldest)) {
                try reader.read(into: &lines)
            }
            reader.seek(to: oldest)
            try reader.read(into: &lines)
            #expect(lines.firstSeq == oldest)
            #expect(!lines.isEmpty)
        }
    }

    @Test("The oldest and the newest entry are known at once; an empty log has neither")
    func ends() throws {
        let (fileSystem, _) = try rotatedLog()
        let reader = AlertLogReader(path: logPath, fileSystem: fileSystem)
        #expect(try reader.oldestSeq() == 1)
        #expect(try reader.newestSeq() == 9)
        let empty = AlertLogReader(path: logPath, fileSystem: MemoryFileSystem())
        #expect(try empty.oldestSeq() == nil)
        #expect(try empty.newestSeq() == nil)
        var lines = AlertLogLines()
        try empty.read(into: &lines)
        #expect(lines.isEmpty)
    }

    @Test("A line longer than a read is still read whole; one without end is refused")
    func longLines() throws {
        let fileSystem = MemoryFileSystem()
        let log = try AlertLog(path: logPath, fileSystem: fileSystem)
        var long = EntryBatch()
        let filler = [UInt8](repeating: UInt8(ascii: "x"), count: 3 * AlertLogReader.chunkBytes)
        long.append(filler)
        long.append(body(1))
        _ = try log.append(long)
        let lines = try allLines(fileSystem)
        #expect(lines.count == 2)
        #expect((lines.first?.utf8.count ?? 0) > filler.count)
        let endless = MemoryFileSystem()
        endless.setContents(logPath, Array(#"{"v":1,"seq":1,"#.utf8) + filler)
        let reader = AlertLogReader(
            path: logPath, fileSystem: endless, limits: AlertLogLimits(lineBytes: 100_000))
        var read = AlertLogLines()
        #expect(throws: StoreError.lineTooLong(path: logPath, offset: 0, limit: 100_000)) {
            try reader.read(into: &read)
        }
    }

    @Test("A reader on another thread follows the writer through rotations, with and without head")
    func otherThread() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/alerts.jsonl"
        let limits = AlertLogLimits(fileBytes: 20_000)
        let total: UInt64 = 1_000
        let log = try AlertLog(path: path, limits: limits)
        let head = log.head
        try await withThrowingTaskGroup(of: UInt64.self) { group in
            for follow in [head, nil] {
                group.addTask {
                    let reader = AlertLogReader(path: path, head: follow)
                    var lines = AlertLogLines()
                    var found: UInt64 = 0
                    // Bounded: the writer needs far fewer turns than this to finish.
                    for _ in 0..<1_000_000 where found < total {
                        try reader.read(into: &lines)
                        found += UInt64(lines.count)
                        if lines.isEmpty { await Task.yield() }
                    }
                    return found
                }
            }
            for start in stride(from: 0, to: Int(total), by: 8) {
                _ = try log.append(batch(start..<start + 8))
                await Task.yield()
            }
            for try await found in group { #expect(found == total) }
        }
        let report = try AlertLogVerifier.verify(path: path)
        #expect(report.damage == nil)
        #expect(report.entries == total)
        #expect(report.files > 5)
    }
}
