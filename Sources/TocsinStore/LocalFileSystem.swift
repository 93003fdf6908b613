import Glibc

let noSuchFile = ENOENT
let inputOutputError = EIO

/// A buffer to read into. `Array(repeating:)` without optimisation goes byte by byte, and the
/// checks that open a log a thousand times would take minutes.
func zeroBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
        // Sound: exactly `count` bytes of the capacity asked for are set, and then counted.
        if let base = buffer.baseAddress { memset(base, 0, count) }
        initialised = count
    }
}

/// The machine's own file system through its system calls; interrupted calls are repeated.
package struct LocalFileSystem: FileSystem {
    package init() {}

    package func open(_ path: String, _ mode: OpenMode) throws(StoreError) -> OpenFile {
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .readWrite: O_RDWR
            case .readWriteCreate: O_RDWR | O_CREAT
            }
        let descriptor = try check(.open, path) { Int(Glibc.open(path, flags | O_CLOEXEC, 0o640)) }
        return OpenFile(descriptor: Int32(descriptor), path: path)
    }

    package func close(_ file: OpenFile) {
        _ = Glibc.close(file.descriptor)
    }

    package func read(
        _ file: OpenFile, at offset: Int64, into bytes: inout [UInt8], from start: Int
    ) throws(StoreError) -> Int {
        try check(.read, file.path) {
            bytes.withUnsafeMutableBytes { buffer in
                // Sound: the slice is checked against the array, which the closure keeps in place.
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
                return pread(file.descriptor, rest.baseAddress, rest.count, Int(offset))
            }
        }
    }

    package func write(
        _ bytes: RawSpan, to file: OpenFile, at offset: Int64
    ) throws(StoreError) -> Int {
        try bytes.withUnsafeBytes { buffer throws(StoreError) in
            try check(.write, file.path) {
                pwrite(file.descriptor, buffer.baseAddress, buffer.count, Int(offset))
            }
        }
    }

    package func synchronise(_ file: OpenFile) throws(StoreError) {
        _ = try check(.synchronise, file.path) { Int(fdatasync(file.descriptor)) }
    }

    package func synchroniseDirectory(_ path: String) throws(StoreError) {
        let directory = try check(.synchroniseDirectory, path) {
            Int(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        }
        defer { _ = Glibc.close(Int32(directory)) }
        _ = try check(.synchroniseDirectory, path) { Int(fsync(Int32(directory))) }
    }

    package func length(_ file: OpenFile) throws(StoreError) -> Int64 {
        var status = stat()
        _ = try check(.length, file.path) { Int(fstat(file.descriptor, &status)) }
        return Int64(status.st_size)
    }

    package func truncate(_ file: OpenFile, to length: Int64) throws(StoreError) {
        _ = try check(.truncate, file.path) { Int(ftruncate(file.descriptor, Int(length))) }
    }

    package func rename(_ old: String, to new: String) throws(StoreError) {
        _ = try check(.rename, old) { Int(Glibc.rename(old, new)) }
    }

    package func remove(_ path: String) throws(StoreError) {
        _ = try check(.remove, path) { Int(unlink(path)) }
    }

    package func list(_ directory: String) throws(StoreError) -> [String] {
        guard let stream = opendir(directory) else {
            throw .system(call: .list, path: directory, code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        // readdir says "end" and "failed" alike; only errno tells them apart.
        guard errno == 0 else { throw .system(call: .list, path: directory, code: errno) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package func makeDirectory(_ path: String) throws(StoreError) {
        if mkdir(path, 0o750) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, parentDirectory(of: path) != path else {
            throw .system(call: .makeDirectory, path: path, code: errno)
        }
        try makeDirectory(parentDirectory(of: path))
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else {
            throw .system(call: .makeDirectory, path: path, code: errno)
        }
    }

    package func lock(_ file: OpenFile) throws(StoreError) -> Bool {
        do {
            _ = try check(.lock, file.path) { Int(flock(file.descriptor, LOCK_EX | LOCK_NB)) }
            return true
        } catch .system(_, _, EWOULDBLOCK) {
            return false
        }
    }

    /// Repeats an interrupted call; -1 becomes the typed error. The loop ends: a signal interrupts
    /// a call once each time it is delivered.
    private func check(
        _ call: FileCall, _ path: String, _ body: () -> Int
    ) throws(StoreError) -> Int {
        while true {
            let result = body()
            if result != -1 { return result }
            guard errno == EINTR else { throw .system(call: call, path: path, code: errno) }
        }
    }
}
