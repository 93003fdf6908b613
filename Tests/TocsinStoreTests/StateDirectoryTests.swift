import Glibc
import Testing
import TocsinStore

@Suite struct StateDirectoryTests {
    @Test("A second daemon on the same state is refused and told the first one's pid")
    func secondLock() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/var/state"
        do {
            let first = try StateDirectory(path: path)
            let refusal = StoreError.stateLocked(path: path, pid: getpid())
            #expect(throws: refusal) { try StateDirectory(path: path) }
            #expect(refusal.description.contains("process \(getpid());"))
            #expect(first.path == path)
        }
        let later = try StateDirectory(path: path)
        let names = try LocalFileSystem().list(path)
        #expect(names == ["cursors", "journal", "lock", "rulesets", "snapshots"])
        #expect(try later.rulesets.list().isEmpty)
    }

    @Test("A lock whose holder has not yet written its pid still refuses")
    func lockWithoutPid() throws {
        let fileSystem = MemoryFileSystem()
        let file = try fileSystem.open("state/lock", .readWriteCreate)
        #expect(try fileSystem.lock(file))
        #expect(throws: StoreError.stateLocked(path: "state", pid: nil)) {
            try StateDirectory(path: "state", fileSystem: fileSystem)
        }
        fileSystem.close(file)
        #expect(fileSystem.openFiles == 0)
    }

    @Test("A receiver's name cannot lead its cursor out of the directory")
    func cursorPath() throws {
        let state = try StateDirectory(path: "state", fileSystem: MemoryFileSystem())
        #expect(state.cursorPath(receiver: "duty-room") == "state/cursors/duty-room.cursor")
        #expect(state.cursorPath(receiver: "../x") == "state/cursors/%2e%2e%2fx.cursor")
    }
}

@Suite struct RulesetStoreTests {
    static let files = [
        RulesetFile(name: "rules.d/b.yaml", bytes: Array("pack: b\n".utf8)),
        RulesetFile(name: "inventory.csv", bytes: []),
        RulesetFile(name: "rules.d/a.yaml", bytes: [0, 10, 255]),
    ]
    // python3 -c 'import hashlib
    // print(hashlib.sha256(b"tocsin-ruleset 1\n13 0\ninventory.csv14 3\nrules.d/a.yaml\0\n\xff"
    //   b"14 8\nrules.d/b.yamlpack: b\n").hexdigest())'
    static let hash = "068bc554461423a0001b0fd73444f97cf54c2f1390f4f365f2772769cd820569"

    @Test("The hash of a set does not depend on the order of its files and never changes")
    func stableHash() throws {
        let files = RulesetStoreTests.files
        for order in [files, files.reversed(), [files[2], files[0], files[1]]] {
            #expect(try RulesetStore.digest(of: order).hex == RulesetStoreTests.hash)
        }
    }

    @Test("A stored set is loaded by its hash, by name; storing it again changes nothing")
    func roundTrip() throws {
        let fileSystem = MemoryFileSystem()
        let store = RulesetStore(directory: "sets", fileSystem: fileSystem)
        let digest = try store.store(RulesetStoreTests.files)
        let paths = fileSystem.paths
        #expect(try store.store(RulesetStoreTests.files.reversed()) == digest)
        #expect(fileSystem.paths == paths)
        let sorted = RulesetStoreTests.files.sorted { $0.name < $1.name }
        #expect(try store.load(digest) == sorted)
        let empty = try store.store([])
        #expect(try store.load(empty).isEmpty)
        #expect(Set(try store.list()) == [digest, empty])
        try store.remove(digest)
        try store.remove(digest)
        #expect(throws: StoreError.rulesetUnknown(hash: digest.hex)) { try store.load(digest) }
    }

    @Test("A damaged set is refused, and storing it again mends it")
    func damaged() throws {
        let fileSystem = MemoryFileSystem()
        let store = RulesetStore(directory: "sets", fileSystem: fileSystem)
        let digest = try store.store(RulesetStoreTests.files)
        fileSystem.setContents("sets/" + digest.hex, Array("tocsin-ruleset 1\n".utf8))
        #expect(throws: StoreError.self) { try store.load(digest) }
        #expect(try store.store(RulesetStoreTests.files) == digest)
        #expect(try store.load(digest).count == 3)
    }

    @Test("Bytes that have the right hash but are no container are refused, not trusted")
    func hostile() throws {
        let fileSystem = MemoryFileSystem()
        let store = RulesetStore(directory: "sets", fileSystem: fileSystem)
        let start = "tocsin-ruleset 1\n"
        for text in [
            "", "x", start + "1", start + "1 1\na", start + "0 0\n", start + "-1 5\nabcd",
            start + "1 9223372036854775807\na", start + "1 1 1\nab", start + "1 -1\na",
        ] {
            let bytes = Array(text.utf8)
            let digest = SHA256.digest(of: bytes)
            fileSystem.setContents("sets/" + digest.hex, bytes)
            #expect(throws: StoreError.self, "\(text)") { try store.load(digest) }
        }
    }

    @Test("A name that is empty, too long or there twice is refused")
    func names() {
        let a = RulesetFile(name: "a", bytes: [])
        let long = String(repeating: "n", count: RulesetStore.nameLimit + 1)
        let refused = [
            [a, a], [RulesetFile(name: "", bytes: [])], [RulesetFile(name: long, bytes: [])],
        ]
        for files in refused {
            #expect(throws: StoreError.self) { try RulesetStore.digest(of: files) }
        }
    }

    @Test("After a power cut at any call a set is whole or absent, and there once stored")
    func powerCut() throws {
        for rest in MemoryFileSystem.Unsynchronised.allCases {
            var finished = false
            for number in 0..<40 where !finished {
                let fileSystem = MemoryFileSystem()
                fileSystem.fail(number..<Int.max)
                let store = RulesetStore(directory: "sets", fileSystem: fileSystem)
                var stored = false
                do {
                    _ = try store.store(RulesetStoreTests.files)
                    stored = true
                } catch {
                    #expect(fileSystem.openFiles == 0, "call \(number) leaks")
                }
                finished = fileSystem.calls <= number
                let after = RulesetStore(
                    directory: "sets", fileSystem: fileSystem.afterPowerCut(rest))
                let listed = try after.list()
                #expect(listed.count == 1 || !stored)
                for digest in listed { #expect(try after.load(digest).count == 3) }
            }
            #expect(finished)
        }
    }
}
