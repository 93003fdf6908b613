import Testing
import TocsinStore

@Suite struct AlertLogTests {
    // python3 -c 'import hashlib
    // a="{\"v\":1,\"seq\":1,\"id\":\"a\",\"input\":null,\"durable\":true,\"prev\":null"
    // h=lambda s: "sha256:"+hashlib.sha256((s+"}").encode()).hexdigest()
    // b="{\"v\":1,\"seq\":2,\"id\":\"b\",\"input\":9,\"durable\":true,\"prev\":\""+h(a)+"\""
    // print(h(a)); print(h(b))'
    static let goldenHashes = [
        "sha256:ce895dacf3c5d27a49d6612103f6a98a1e3274d25ef7d7cd054f7e8bf39b2538",
        "sha256:a8e302f5fb7d0d8c5c3789ae09fd81e7c1d472ea0b367c4ec338ba6d3cf4713a",
    ]

    @Test("A line is the contract's: seq, body, durable, prev, and the hash over all before it")
    func goldenLines() throws {
        let fileSystem = MemoryFileSystem()
        let log = try AlertLog(path: logPath, fileSystem: fileSystem)
        var batch = EntryBatch()
        batch.append(Array(#""id":"a","input":null"#.utf8))
        batch.append(Array(#""id":"b","input":9"#.utf8))
        #expect(try log.append(batch) == 1..<3)
        let hashes = AlertLogTests.goldenHashes
        let first =
            #"{"v":1,"seq":1,"id":"a","input":null,"durable":true,"prev":null,"hash":""#
            + hashes[0] + "\"}\n"
        let second =
            #"{"v":1,"seq":2,"id":"b","input":9,"durable":true,"prev":""#
            + hashes[0] + #"","hash":""# + hashes[1] + "\"}\n"
        let written = fileSystem.contents(logPath).map { String(decoding: $0, as: UTF8.self) }
        #expect(written == first + second)
    }

    @Test("An entry delivered while the log cannot be written has null seq, prev and hash")
    func volatileLine() {
        let line = AlertLogLine.volatile(body: Array(#""id":"a","input":null"#.utf8))
        let expected =
            #"{"v":1,"seq":null,"id":"a","input":null,"#
            + #""durable":false,"prev":null,"hash":null}"#
        #expect(String(decoding: line, as: UTF8.self) == expected)
    }

    @Test("The chain goes on through closing and opening")
    func reopening() throws {
        let fileSystem = MemoryFileSystem()
        for round in 0..<4 {
            let log = try AlertLog(path: logPath, fileSystem: fileSystem)
            #expect(log.opening.lastSeq == UInt64(round * 2))
            #expect(log.opening.cutBytes == 0)
            _ = try log.append(batch([round * 2, round * 2 + 1]))
        }
        #expect(try namesInWholeChain(fileSystem) == Array(0..<8))
        #expect(fileSystem.openFiles == 0)
    }

    @Test("Rotation keeps seq and chain without a gap, and names a file by its first entry")
    func rotation() throws {
        let fileSystem = MemoryFileSystem()
        let limits = AlertLogLimits(fileBytes: 600)
        for round in 0..<5 {
            // Opening anew between rotations finds the chain's end in a rotated file, too.
            let log = try AlertLog(path: logPath, fileSystem: fileSystem, limits: limits)
            for name in round * 4..<round * 4 + 4 { _ = try log.append(batch([name])) }
        }
        #expect(try namesInWholeChain(fileSystem) == Array(0..<20))
        let rotated = fileSystem.paths.filter { $0 != logPath }
        #expect(rotated.count >= 5)
        #expect(rotated.first == logPath + ".0000000000000001")
        for path in rotated {
            let start = "{\"v\":1,\"seq\":\(try #require(UInt64(path.suffix(16)))),"
            #expect(fileSystem.contents(path)?.starts(with: Array(start.utf8)) == true)
        }
    }

    @Test("An empty batch writes nothing")
    func emptyBatch() throws {
        let fileSystem = MemoryFileSystem()
        let log = try AlertLog(path: logPath, fileSystem: fileSystem)
        let before = fileSystem.calls
        #expect(try log.append(EntryBatch()).isEmpty)
        #expect(fileSystem.calls == before)
    }

    @Test("A line or a batch above its limit is refused and leaves the log as it was")
    func limits() throws {
        let fileSystem = MemoryFileSystem()
        let limits = AlertLogLimits(lineBytes: 1024, batchBytes: 4096)
        let log = try AlertLog(path: logPath, fileSystem: fileSystem, limits: limits)
        _ = try log.append(batch([0]))
        var long = EntryBatch()
        long.append([UInt8](repeating: UInt8(ascii: "x"), count: 1024))
        #expect(throws: StoreError.self) { try log.append(long) }
        #expect(throws: StoreError.self) { try log.append(batch(0..<40)) }
        #expect(log.lastSeq == 1)
        #expect(try log.append(batch([1])) == 2..<3)
        #expect(try namesInWholeChain(fileSystem) == [0, 1])
    }

    @Test("A commit is one write and one fdatasync")
    func oneCallEach() throws {
        let fileSystem = MemoryFileSystem()
        let log = try AlertLog(path: logPath, fileSystem: fileSystem)
        let before = fileSystem.calls
        _ = try log.append(batch(0..<64))
        #expect(fileSystem.calls == before + 2)
    }
}
