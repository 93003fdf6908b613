/// One file of a rule set: rules, inventory or decode settings as they were read.
package struct RulesetFile: Hashable, Sendable {
    /// Relative name, as the configuration found it; unique in its set.
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

// A set is one file: the line "tocsin-ruleset 1", then for each file, in byte order of the names,
// a line "NAMEBYTES FILEBYTES" in decimal, the name and the bytes. The same files in any order thus
// give the same bytes, and the SHA-256 of those bytes is the set's name.

/// Rule sets by the SHA-256 of their container: what a journal's start and reload inputs name.
package struct RulesetStore: Sendable {
    /// Bounds what a damaged or hostile container can make `load` allocate.
    package static let byteLimit = 256 << 20
    package static let fileLimit = 100_000
    package static let nameLimit = 4096

    private static let start = Array("tocsin-ruleset 1\n".utf8)

    private let directory: String
    private let fileSystem: any FileSystem

    package init(directory: String, fileSystem: any FileSystem = LocalFileSystem()) {
        self.directory = directory
        self.fileSystem = fileSystem
    }

    /// The hash under which these files would be stored; throws `rulesetRefused`.
    package static func digest(of files: [RulesetFile]) throws(StoreError) -> SHA256Digest {
        SHA256.digest(of: try container(of: files))
    }

    /// Stores the set durably and returns its hash; storing it again changes nothing.
    package func store(_ files: [RulesetFile]) throws(StoreError) -> SHA256Digest {
        let bytes = try RulesetStore.container(of: files)
        let digest = SHA256.digest(of: bytes)
        let path = path(of: digest)
        if try contents(path) == bytes {
            // Its name may not have reached the disk when the process that wrote it was killed.
            try fileSystem.synchroniseDirectory(directory)
        } else {
            try fileSystem.replaceDurably(path, with: bytes)
        }
        return digest
    }

    /// The files of a stored set, by name; throws `rulesetUnknown` or `rulesetDamaged`.
    package func load(_ digest: SHA256Digest) throws(StoreError) -> [RulesetFile] {
        let path = path(of: digest)
        guard let bytes = try contents(path) else { throw .rulesetUnknown(hash: digest.hex) }
        guard SHA256.digest(of: bytes) == digest else {
            throw .rulesetDamaged(path: path, reason: "its bytes do not have the hash in its name")
        }
        guard let files = RulesetStore.files(in: bytes) else {
            throw .rulesetDamaged(path: path, reason: "it is no rule set of version 1")
        }
        return files
    }

    /// The hashes of all stored sets, in ascending order of their hexadecimal text.
    package func list() throws(StoreError) -> [SHA256Digest] {
        try fileSystem.list(directory).compactMap { SHA256Digest(hex: $0) }
    }

    /// Removes a set that nothing refers to any more; a missing one is no error.
    package func remove(_ digest: SHA256Digest) throws(StoreError) {
        do {
            try fileSystem.remove(path(of: digest))
        } catch .system(_, _, noSuchFile) {
            return
        }
        try fileSystem.synchroniseDirectory(directory)
    }

    private func path(of digest: SHA256Digest) -> String { directory + "/" + digest.hex }

    private func contents(_ path: String) throws(StoreError) -> [UInt8]? {
        guard let file = try fileSystem.openIfPresent(path, .read) else { return nil }
        defer { fileSystem.close(file) }
        let length = try fileSystem.length(file)
        guard length <= Int64(RulesetStore.byteLimit) else {
            throw .rulesetDamaged(path: path, reason: "it has \(length) bytes")
        }
        var bytes = zeroBytes(Int(length))
        let count = try fileSystem.readAll(file, at: 0, into: &bytes)
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    private static func container(of files: [RulesetFile]) throws(StoreError) -> [UInt8] {
        guard files.count <= fileLimit else {
            throw .rulesetRefused(reason: "\(files.count) files, at most \(fileLimit)")
        }
        let sorted = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var bytes = start
        var previous = ""
        for file in sorted {
            guard !file.name.isEmpty, file.name.utf8.count <= nameLimit else {
                throw .rulesetRefused(reason: "the name \"\(file.name)\" is empty or too long")
            }
            // Compared as bytes: two names that only normalise alike are two files.
            guard !file.name.utf8.elementsEqual(previous.utf8) else {
                throw .rulesetRefused(reason: "\(file.name) is there twice")
            }
            previous = file.name
            guard bytes.count + file.bytes.count <= byteLimit - nameLimit - 64 else {
                throw .rulesetRefused(reason: "more than \(byteLimit) bytes")
            }
            appendDecimal(UInt64(file.name.utf8.count), to: &bytes)
            bytes.append(UInt8(ascii: " "))
            appendDecimal(UInt64(file.bytes.count), to: &bytes)
            bytes.append(AlertLogLine.newline)
            bytes.append(contentsOf: file.name.utf8)
            bytes.append(contentsOf: file.bytes)
        }
        return bytes
    }

    // Nil when the container's lengths do not add up.
    private static func files(in bytes: [UInt8]) -> [RulesetFile]? {
        guard bytes.starts(with: start) else { return nil }
        var files: [RulesetFile] = []
        var position = start.count
        while position < bytes.count {
            guard files.count < fileLimit,
                let end = AlertLogLine.newline(in: bytes, position..<bytes.count)
            else { return nil }
            let header = bytes[position..<end].split(separator: UInt8(ascii: " "))
            guard header.count == 2,
                let nameCount = Int(String(decoding: header[0], as: UTF8.self)),
                let byteCount = Int(String(decoding: header[1], as: UTF8.self)),
                nameCount > 0, nameCount <= nameLimit, byteCount >= 0, byteCount <= byteLimit
            else { return nil }
            let nameEnd = end + 1 + nameCount
            let fileEnd = nameEnd + byteCount
            guard fileEnd <= bytes.count else { return nil }
            let name = String(decoding: bytes[(end + 1)..<nameEnd], as: UTF8.self)
            files.append(RulesetFile(name: name, bytes: Array(bytes[nameEnd..<fileEnd])))
            position = fileEnd
        }
        return files
    }
}
