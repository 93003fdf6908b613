import Glibc
import Testing
import TocsinStore

@Suite struct CursorTests {
    static let path = "cursors/duty-room.cursor"

    @Test("Deliveries in any order end in one number, and each is known meanwhile")
    func anyOrder() {
        for order in [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [2, 4, 1, 5, 3], [3, 3, 1, 5, 4, 2]] {
            var cursor = Cursor()
            var delivered: Set<Int> = []
            for seq in order {
                let fits = cursor.markDelivered(UInt64(seq))
                #expect(fits)
                delivered.insert(seq)
                for other in 1...6 {
                    #expect(cursor.isDelivered(UInt64(other)) == delivered.contains(other))
                }
            }
            #expect(cursor.lowest == 6)
            #expect(cursor.runs.isEmpty)
        }
    }

    @Test("One refused entry costs one run, however many are delivered after it")
    func oneRun() {
        var cursor = Cursor(lowest: 10)
        let refused = (UInt64(11)...50_000).filter { !cursor.markDelivered($0) }
        #expect(refused.isEmpty)
        #expect(cursor.lowest == 10)
        #expect(cursor.runs == [11...50_000])
    }

    @Test("A cursor refuses one run more than its limit and stays as it was")
    func runLimit() throws {
        let file = try CursorFile(path: CursorTests.path, fileSystem: MemoryFileSystem())
        for run in 1...Cursor.runLimit { try file.markDelivered(UInt64(2 * run)) }
        let before = file.cursor
        #expect(throws: StoreError.cursorFull(path: CursorTests.path, runs: Cursor.runLimit)) {
            try file.markDelivered(10_000)
        }
        #expect(file.cursor == before)
        try file.markDelivered(1)
        try file.markDelivered(10_000)
    }

    @Test("A killed process loses no delivery, and the largest cursor is read back")
    func reopening() throws {
        let fileSystem = MemoryFileSystem()
        var expected = Cursor(lowest: 7)
        for round in UInt64(0)..<4 {
            let file = try CursorFile(
                path: CursorTests.path, startingAt: 7, fileSystem: fileSystem)
            #expect(file.cursor == expected)
            for step in UInt64(0)..<256 {
                let seq = 9 + 2 * (round * 256 + step)
                try file.markDelivered(seq)
                let fits = expected.markDelivered(seq)
                #expect(fits)
            }
        }
        #expect(expected.runs.count == Cursor.runLimit)
        let last = try CursorFile(path: CursorTests.path, fileSystem: fileSystem)
        #expect(last.cursor == expected)
    }

    @Test(
        "After a power cut at any call the cursor is a former one, never older than the last sync",
        arguments: MemoryFileSystem.Unsynchronised.allCases)
    func powerCut(rest: MemoryFileSystem.Unsynchronised) throws {
        for number in 0..<200 {
            let fileSystem = MemoryFileSystem()
            fileSystem.fail(number..<Int.max)
            var synchronised: UInt64 = 1
            var noted: UInt64 = 1
            do {
                let file = try CursorFile(path: CursorTests.path, fileSystem: fileSystem)
                for seq in UInt64(1)...20 {
                    noted = seq + 1
                    try file.markDelivered(seq)
                    guard seq % 5 == 0 else { continue }
                    try file.synchronise()
                    synchronised = seq + 1
                }
            } catch {
                #expect(noted <= 21)
            }
            if fileSystem.calls <= number { return }
            let after = try CursorFile(
                path: CursorTests.path, fileSystem: fileSystem.afterPowerCut(rest))
            #expect(after.cursor.lowest >= synchronised, "call \(number)")
            #expect(after.cursor.lowest <= noted, "call \(number)")
        }
        Issue.record("the run never came to an end without a fault")
    }

    @Test("Whatever byte is changed, the cursor is a former one or refused, never a wrong one")
    func everyByteFlipped() throws {
        let fileSystem = MemoryFileSystem()
        do {
            let file = try CursorFile(path: CursorTests.path, fileSystem: fileSystem)
            for seq in [UInt64(1), 2, 3, 5] { try file.markDelivered(seq) }
        }
        let bytes = try #require(fileSystem.contents(CursorTests.path))
        for position in bytes.indices where position < 100 || position >= bytes.count - 100 {
            var copy = bytes
            copy[position] ^= 0x40
            let damaged = MemoryFileSystem()
            damaged.setContents(CursorTests.path, copy)
            let cursor = try CursorFile(path: CursorTests.path, fileSystem: damaged).cursor
            let isLast = cursor.lowest == 4 && cursor.runs == [5...5]
            #expect(isLast || cursor == Cursor(), "byte \(position)")
        }
        let empty = MemoryFileSystem()
        empty.setContents(CursorTests.path, [])
        #expect(throws: StoreError.cursorDamaged(path: CursorTests.path)) {
            try CursorFile(path: CursorTests.path, fileSystem: empty)
        }
        #expect(empty.openFiles == 0)
    }

    @Test("A delivery noted while the disk failed is written with the next one")
    func failedWrite() throws {
        let fileSystem = MemoryFileSystem()
        let file = try CursorFile(path: CursorTests.path, fileSystem: fileSystem)
        fileSystem.fail(0..<1)
        #expect(throws: StoreError.self) { try file.markDelivered(1) }
        try file.markDelivered(2)
        #expect(try CursorFile(path: CursorTests.path, fileSystem: fileSystem).cursor.lowest == 3)
        try file.reset(to: 40)
        #expect(try CursorFile(path: CursorTests.path, fileSystem: fileSystem).cursor.lowest == 40)
    }
}
