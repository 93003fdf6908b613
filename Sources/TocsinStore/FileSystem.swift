/// The system calls that durable bytes need, by name, for errors and for failing them in tests.
package enum FileCall: String, Hashable, Sendable, CaseIterable {
    case open, read, write, synchronise, synchroniseDirectory, length, truncate, rename, remove
    case list, makeDirectory, lock
}

/// An open file. Positions are explicit in every call, so that a failed write moves nothing.
package struct OpenFile: Hashable, Sendable {
    package var descriptor: Int32
    package var path: String

    package init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }
}

/// How a file is opened.
package enum OpenMode: Hashable, Sendable {
    case read
    case readWrite
    /// Read and write; created (mode 0640) when missing.
    case readWriteCreate
}

/// What the store asks of the disk: few calls, so that a test can fail each of them in turn.
///
/// Every call throws `StoreError.system` with the call, the path and `errno`.
package protocol FileSystem: Sendable {
    func open(_ path: String, _ mode: OpenMode) throws(StoreError) -> OpenFile
    /// Closes the file and gives up its lock; an error of `close` has nothing to say here, because
    /// everything that matters was synchronised before.
    func close(_ file: OpenFile)
    /// Reads into `bytes[start...]` what is at `offset`, at most until the array is full; returns
    /// the bytes read, 0 at the end of the file.
    func read(
        _ file: OpenFile, at offset: Int64, into bytes: inout [UInt8], from start: Int
    ) throws(StoreError) -> Int
    /// Writes at `offset`; returns the bytes written, which may be fewer than given.
    func write(_ bytes: RawSpan, to file: OpenFile, at offset: Int64) throws(StoreError) -> Int
    /// Makes the file's bytes and length durable (`fdatasync`).
    func synchronise(_ file: OpenFile) throws(StoreError)
    /// Makes created, renamed and removed names of the directory durable.
    func synchroniseDirectory(_ path: String) throws(StoreError)
    func length(_ file: OpenFile) throws(StoreError) -> Int64
    func truncate(_ file: OpenFile, to length: Int64) throws(StoreError)
    /// Replaces `new` if it exists, in one step (POSIX `rename`).
    func rename(_ old: String, to new: String) throws(StoreError)
    func remove(_ path: String) throws(StoreError)
    /// The names in the directory, without `.` and `..`, in byte order.
    func list(_ directory: String) throws(StoreError) -> [String]
    /// Creates the directory (mode 0750) and its parents; an existing one is no error.
    func makeDirectory(_ path: String) throws(StoreError)
    /// Takes the exclusive advisory lock without waiting; false when another holds it.
    func lock(_ file: OpenFile) throws(StoreError) -> Bool
}

extension FileSystem {
    /// Opens a file for reading or writing; nil when there is none.
    func openIfPresent(_ path: String, _ mode: OpenMode) throws(StoreError) -> OpenFile? {
        do {
            return try open(path, mode)
        } catch .system(_, _, noSuchFile) {
            return nil
        }
    }

    /// Writes all the bytes, however many calls the system takes.
    func writeAll(_ bytes: [UInt8], to file: OpenFile, at offset: Int64) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let span = bytes.span.bytes.extracting(done..<bytes.count)
            let count = try write(span, to: file, at: offset + Int64(done))
            // A write of nothing without an error would loop for ever.
            guard count > 0 else {
                throw .system(call: .write, path: file.path, code: inputOutputError)
            }
            done += count
        }
    }

    /// Fills `bytes[start...]` from `offset` on, until full or the file ends; returns how many.
    func readAll(
        _ file: OpenFile, at offset: Int64, into bytes: inout [UInt8], from start: Int = 0
    ) throws(StoreError) -> Int {
        var done = start
        while done < bytes.count {
            let place = offset + Int64(done - start)
            let count = try read(file, at: place, into: &bytes, from: done)
            guard count > 0 else { break }
            done += count
        }
        return done - start
    }

    /// Makes `path` a file of these bytes; a crash leaves the old or the new one whole.
    func replaceDurably(_ path: String, with bytes: [UInt8]) throws(StoreError) {
        let temporary = path + ".new"
        let file = try open(temporary, .readWriteCreate)
        do {
            try truncate(file, to: 0)
            try writeAll(bytes, to: file, at: 0)
            try synchronise(file)
        } catch {
            close(file)
            throw error
        }
        close(file)
        try rename(temporary, to: path)
        try synchroniseDirectory(parentDirectory(of: path))
    }
}

/// The directory that holds `path`; `.` for a bare name.
package func parentDirectory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The last component of `path`.
package func fileName(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path }
    return String(path[path.index(after: slash)...])
}
