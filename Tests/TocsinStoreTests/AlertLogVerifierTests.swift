import Testing
import TocsinStore

@Suite struct AlertLogVerifierTests {
    private func smallLog() throws -> (MemoryFileSystem, [UInt8]) {
        let fileSystem = MemoryFileSystem()
        _ = try AlertLog(path: logPath, fileSystem: fileSystem).append(batch(0..<4))
        return (fileSystem, try #require(fileSystem.contents(logPath)))
    }

    @Test("Whatever byte is changed, the entry that holds it or the one before is named")
    func everyByteFlipped() throws {
        let (_, bytes) = try smallLog()
        var entry: UInt64 = 1
        for position in bytes.indices {
            // All bits, one bit, and the byte that would split the line.
            for changed in [~bytes[position], bytes[position] ^ 1, UInt8(ascii: "\n")]
            where changed != bytes[position] {
                var copy = bytes
                copy[position] = changed
                let fileSystem = MemoryFileSystem()
                fileSystem.setContents(logPath, copy)
                let report = try AlertLogVerifier.verify(path: logPath, fileSystem: fileSystem)
                let damage = try #require(report.damage, "byte \(position)")
                #expect(damage.seq == entry || damage.seq == entry - 1, "byte \(position)")
                #expect(damage.line == damage.seq.map(Int.init))
                #expect(report.entries == entry - 1)
            }
            if bytes[position] == UInt8(ascii: "\n") { entry += 1 }
        }
    }

    @Test("A whole log's report has its counts and its head, which a later check accepts")
    func wholeLog() throws {
        let fileSystem = MemoryFileSystem()
        let limits = AlertLogLimits(fileBytes: 600)
        let log = try AlertLog(path: logPath, fileSystem: fileSystem, limits: limits)
        for name in 0..<7 { _ = try log.append(batch([name])) }
        let report = try AlertLogVerifier.verify(path: logPath, fileSystem: fileSystem)
        #expect(report.damage == nil)
        #expect(report.entries == 7)
        #expect(report.firstSeq == 1)
        #expect(report.files == fileSystem.paths.count)
        let head = try #require(report.head)
        #expect(head.seq == 7)
        #expect(AlertLogPosition(parsing: head.text) == head)
        _ = try log.append(batch([7]))
        let later = try AlertLogVerifier.verify(
            path: logPath, expecting: head, fileSystem: fileSystem)
        #expect(later.damage == nil)
        #expect(later.entries == 8)
    }

    @Test("A head noted earlier finds a tail that was cut off or written anew")
    func notedHead() throws {
        let (_, bytes) = try smallLog()
        let (full, _) = try smallLog()
        let head = try #require(
            try AlertLogVerifier.verify(path: logPath, fileSystem: full).head)

        let cut = MemoryFileSystem()
        let third = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }[2]
        cut.setContents(logPath, Array(bytes[...third]))
        #expect(try AlertLogVerifier.verify(path: logPath, fileSystem: cut).damage == nil)
        let cutReport = try AlertLogVerifier.verify(
            path: logPath, expecting: head, fileSystem: cut)
        #expect(cutReport.damage?.kind == .cutTail(expected: 4, last: 3))

        _ = try AlertLog(path: logPath, fileSystem: cut).append(batch([55]))
        #expect(try AlertLogVerifier.verify(path: logPath, fileSystem: cut).damage == nil)
        let anew = try AlertLogVerifier.verify(path: logPath, expecting: head, fileSystem: cut)
        #expect(anew.damage?.kind == .headMismatch)
        #expect(anew.damage?.seq == 4)
    }

    @Test("Older files may be elsewhere, but a file missing between two is a gap")
    func missingFiles() throws {
        let fileSystem = MemoryFileSystem()
        let limits = AlertLogLimits(fileBytes: 1)
        let log = try AlertLog(path: logPath, fileSystem: fileSystem, limits: limits)
        for name in 0..<4 { _ = try log.append(batch([name])) }
        let full = try AlertLogVerifier.verify(path: logPath, fileSystem: fileSystem)
        #expect(full.files == 4)
        try fileSystem.remove(logPath + ".0000000000000001")
        let later = try AlertLogVerifier.verify(path: logPath, fileSystem: fileSystem)
        #expect(later.damage == nil)
        #expect(later.firstSeq == 2)
        let first = AlertLogPosition(seq: 1, hash: try #require(full.head).hash)
        let gone = try AlertLogVerifier.verify(
            path: logPath, expecting: first, fileSystem: fileSystem)
        #expect(gone.damage?.kind == .headGone(oldest: 2))
        try fileSystem.remove(logPath + ".0000000000000003")
        let gap = try AlertLogVerifier.verify(path: logPath, fileSystem: fileSystem)
        #expect(gap.damage?.kind == .seqGap(expected: 3, found: 4))
        #expect(gap.damage?.path == logPath + ".0000000000000004")
        #expect(gap.damage?.line == 1)
    }

    @Test("A missing log is empty and whole")
    func missingLog() throws {
        let report = try AlertLogVerifier.verify(path: logPath, fileSystem: MemoryFileSystem())
        #expect(report.entries == 0)
        #expect(report.files == 0)
        #expect(report.head == nil)
        #expect(report.damage == nil)
    }

    @Test("Only SEQ:HASH is a head")
    func headText() {
        let digits = String(repeating: "a", count: 64)
        #expect(AlertLogPosition(parsing: "12:" + digits)?.seq == 12)
        for text in ["", "12", ":" + digits, "0:" + digits, "x:" + digits, "12:" + digits + "a"] {
            #expect(AlertLogPosition(parsing: text) == nil, "\(text)")
        }
    }
}
