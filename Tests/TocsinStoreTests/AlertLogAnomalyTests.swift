import Glibc
import Testing
import TocsinStore

/// The disk fails, fills up or loses power at every single call.
@Suite struct AlertLogAnomalyTests {
    static let limits = AlertLogLimits(fileBytes: 700)
    // More calls than the whole run makes: the loops below end earlier, at a run without a fault.
    static let callBound = 400

    /// Appends six batches of two, trying each again once; returns the names whose append returned.
    private func run(
        _ fileSystem: MemoryFileSystem, names: inout [Int]
    ) throws(StoreError) {
        let log = try AlertLog(
            path: logPath, fileSystem: fileSystem, limits: AlertLogAnomalyTests.limits)
        for round in 0..<6 {
            let pair = batch([round * 2, round * 2 + 1])
            do {
                _ = try log.append(pair)
            } catch {
                _ = try log.append(pair)
            }
            names += [round * 2, round * 2 + 1]
        }
    }

    @Test(
        "After any one failed call the next try succeeds, and the log holds each entry once",
        arguments: [ENOSPC, EIO])
    func everySingleFailure(code: Int32) throws {
        for number in 0..<AlertLogAnomalyTests.callBound {
            let fileSystem = MemoryFileSystem()
            fileSystem.fail(number..<number + 1, code: code)
            var names: [Int] = []
            do {
                try run(fileSystem, names: &names)
                #expect(names.count == 12, "call \(number)")
            } catch {
                // Only opening has no second try.
                #expect(names.isEmpty, "call \(number): \(error)")
            }
            let calls = fileSystem.calls
            fileSystem.fail(0..<0)
            #expect(try namesInWholeChain(fileSystem) == names, "call \(number)")
            #expect(fileSystem.openFiles == 0, "call \(number) leaks")
            if calls <= number { return }
        }
        Issue.record("the run never came to an end without a fault")
    }

    @Test("When a disk stops working at any call, opening later finds every entry that returned")
    func diskDies() throws {
        for number in 0..<AlertLogAnomalyTests.callBound {
            let fileSystem = MemoryFileSystem()
            fileSystem.fail(number..<Int.max)
            var names: [Int] = []
            do {
                try run(fileSystem, names: &names)
                if fileSystem.calls <= number { return }
            } catch {
                #expect(names.count < 12)
            }
            fileSystem.fail(0..<0)
            try expectContinues(fileSystem, returned: names, "call \(number)")
        }
        Issue.record("the run never came to an end without a fault")
    }

    @Test(
        "After a power cut at any call, opening finds every entry that returned",
        arguments: MemoryFileSystem.Unsynchronised.allCases)
    func powerCut(rest: MemoryFileSystem.Unsynchronised) throws {
        for number in 0..<AlertLogAnomalyTests.callBound {
            let fileSystem = MemoryFileSystem()
            fileSystem.fail(number..<Int.max)
            var names: [Int] = []
            do {
                try run(fileSystem, names: &names)
                if fileSystem.calls <= number { return }
            } catch {
                #expect(names.count < 12)
            }
            try expectContinues(
                fileSystem.afterPowerCut(rest), returned: names, "call \(number)")
        }
        Issue.record("the run never came to an end without a fault")
    }

    private func expectContinues(
        _ fileSystem: MemoryFileSystem, returned names: [Int], _ place: Comment
    ) throws {
        do {
            let log = try AlertLog(
                path: logPath, fileSystem: fileSystem, limits: AlertLogAnomalyTests.limits)
            _ = try log.append(batch([99]))
        }
        let found = try namesInWholeChain(fileSystem)
        // A batch may be in the log though its append did not return: it is whole, or absent.
        #expect(Array(found.prefix(names.count)) == names, place)
        #expect(found.last == 99, place)
        #expect(found.count - 1 - names.count <= 2, place)
    }

    @Test("Short writes are continued until the batch is whole")
    func shortWrites() throws {
        for limit in 1...50 {
            let fileSystem = MemoryFileSystem()
            fileSystem.limitWrites(to: limit)
            var names: [Int] = []
            try run(fileSystem, names: &names)
            #expect(try namesInWholeChain(fileSystem) == Array(0..<12))
        }
    }

    @Test("A failed rotation lets the log go on in the old file")
    func failedRotation() throws {
        let fileSystem = MemoryFileSystem()
        let log = try AlertLog(
            path: logPath, fileSystem: fileSystem, limits: AlertLogLimits(fileBytes: 1))
        fileSystem.fail(2..<3)
        #expect(try log.append(batch([0])) == 1..<2)
        #expect(log.rotationFailures == 1)
        #expect(log.lastRotationFailure != nil)
        #expect(try log.append(batch([1])) == 2..<3)
        #expect(log.rotationFailures == 1)
        #expect(try namesInWholeChain(fileSystem) == [0, 1])
        #expect(fileSystem.paths == [logPath + ".0000000000000001"])
    }

    @Test("A log cut at any byte opens with the whole lines before it and keeps the rest aside")
    func cutAtEveryByte() throws {
        let whole = MemoryFileSystem()
        _ = try AlertLog(path: logPath, fileSystem: whole).append(batch(0..<4))
        let bytes = try #require(whole.contents(logPath))
        for length in 0...bytes.count {
            let fileSystem = MemoryFileSystem()
            fileSystem.setContents(logPath, Array(bytes[..<length]))
            let lines = bytes[..<length].split(
                separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let torn = lines.last.map { Array($0) } ?? []
            do {
                let log = try AlertLog(path: logPath, fileSystem: fileSystem)
                #expect(log.opening.lastSeq == UInt64(lines.count - 1), "at \(length)")
                #expect(log.opening.cutBytes == Int64(torn.count))
                #expect((log.opening.cutPath == nil) == torn.isEmpty)
                if let kept = log.opening.cutPath {
                    #expect(fileSystem.contents(kept) == torn)
                }
                _ = try log.append(batch([77]))
            }
            #expect(try namesInWholeChain(fileSystem) == Array(0..<lines.count - 1) + [77])
        }
    }

    @Test("A second cut at the same entry keeps the first one's bytes")
    func twoCuts() throws {
        let fileSystem = MemoryFileSystem()
        for torn in ["one", "two"] {
            fileSystem.setContents(logPath, Array(torn.utf8))
            let log = try AlertLog(path: logPath, fileSystem: fileSystem)
            let kept = try #require(log.opening.cutPath)
            #expect(kept == logPath + ".cut-0000000000000001")
        }
        let kept = fileSystem.contents(logPath + ".cut-0000000000000001")
        #expect(kept == Array("onetwo".utf8))
    }

    @Test("A wrong hash in the last commit is refused, or cut off and kept when told so")
    func damagedTail() throws {
        let fileSystem = MemoryFileSystem()
        _ = try AlertLog(path: logPath, fileSystem: fileSystem).append(batch(0..<4))
        var bytes = try #require(fileSystem.contents(logPath))
        bytes[bytes.count - 120] ^= 1
        fileSystem.setContents(logPath, bytes)
        #expect {
            try AlertLog(path: logPath, fileSystem: fileSystem)
        } throws: { error in
            guard case StoreError.logDamaged(let damage) = error else { return false }
            return damage.seq == 4 && damage.path == logPath
        }
        #expect(fileSystem.contents(logPath) == bytes, "a refused log is left as it is")
        do {
            let log = try AlertLog(path: logPath, fileSystem: fileSystem, damage: .cut)
            #expect(log.opening.lastSeq == 3)
            #expect(log.opening.damage?.seq == 4)
            #expect(log.opening.cutPath != nil)
        }
        #expect(try namesInWholeChain(fileSystem) == [0, 1, 2])
        #expect(fileSystem.openFiles == 0)
    }

    @Test("The head moves only after the bytes are durable")
    func headFollowsDisk() throws {
        let fileSystem = MemoryFileSystem()
        let log = try AlertLog(path: logPath, fileSystem: fileSystem)
        for failing in 0..<2 {
            fileSystem.fail(failing..<failing + 1)
            #expect(throws: StoreError.self) { try log.append(batch([0])) }
            #expect(log.head.durableSeq == 0)
            #expect(fileSystem.contents(logPath)?.isEmpty == true, "nothing half-written is left")
        }
        fileSystem.fail(0..<0)
        _ = try log.append(batch([0]))
        #expect(log.head.durableSeq == 1)
    }
}
