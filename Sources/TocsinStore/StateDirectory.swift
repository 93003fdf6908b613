import Glibc

/// The daemon's state directory, held by an exclusive lock as long as this object lives.
///
///     lock        flock, with the holder's pid as text
///     journal/    inputs in order
///     snapshots/  the engine's state
///     cursors/    one file a receiver
///     rulesets/   one file a rule set, named by its SHA-256
package final class StateDirectory: Sendable {
    package let path: String
    /// The rule sets stored here.
    package let rulesets: RulesetStore
    private let fileSystem: any FileSystem
    private let lockFile: OpenFile

    /// Creates what is missing, durably, and takes the lock.
    ///
    /// Throws `stateLocked` with the holder's pid when another process has it.
    package init(
        path: String, fileSystem: any FileSystem = LocalFileSystem()
    ) throws(StoreError) {
        try fileSystem.makeDirectory(path)
        let lockFile = try fileSystem.open(path + "/lock", .readWriteCreate)
        do throws(StoreError) {
            guard try fileSystem.lock(lockFile) else {
                let holder = try StateDirectory.pid(in: lockFile, fileSystem)
                throw .stateLocked(path: path, pid: holder)
            }
            // Nothing is touched before the lock is ours.
            for name in ["journal", "snapshots", "cursors", "rulesets"] {
                try fileSystem.makeDirectory(path + "/" + name)
            }
            try fileSystem.truncate(lockFile, to: 0)
            try fileSystem.writeAll(Array("\(getpid())\n".utf8), to: lockFile, at: 0)
            try fileSystem.synchroniseDirectory(path)
            try fileSystem.synchroniseDirectory(parentDirectory(of: path))
        } catch {
            fileSystem.close(lockFile)
            throw error
        }
        self.path = path
        self.fileSystem = fileSystem
        self.lockFile = lockFile
        rulesets = RulesetStore(directory: path + "/rulesets", fileSystem: fileSystem)
    }

    deinit { fileSystem.close(lockFile) }

    package var journalPath: String { path + "/journal" }
    package var snapshotsPath: String { path + "/snapshots" }

    /// The cursor file of a receiver; bytes that a file name should not have are percent-encoded.
    package func cursorPath(receiver name: String) -> String {
        var encoded: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                encoded.append(byte)
            default:
                encoded.append(UInt8(ascii: "%"))
                encoded.append(hexDigit(byte >> 4))
                encoded.append(hexDigit(byte & 15))
            }
        }
        return path + "/cursors/" + String(decoding: encoded, as: UTF8.self) + ".cursor"
    }

    private static func pid(
        in file: OpenFile, _ fileSystem: any FileSystem
    ) throws(StoreError) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = try fileSystem.readAll(file, at: 0, into: &bytes)
        let digits = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
