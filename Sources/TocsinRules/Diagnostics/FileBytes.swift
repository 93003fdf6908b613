import Glibc

/// Why a file cannot be read; `description` is a sentence without the path.
package enum FileReadError: Error, Equatable, Sendable, CustomStringConvertible {
    case system(code: Int32)
    case directory
    case tooLarge(limit: Int)

    package var description: String {
        switch self {
        case .system(let code): "cannot be read: \(String(cString: strerror(code)))"
        case .directory: "is a directory, not a file"
        case .tooLarge(let limit): "is larger than the \(limit) bytes that are read"
        }
    }
}

/// Whole files as bytes, up to a limit.
package enum FileBytes {
    /// Reads a file; a path that is no regular file or larger than the limit throws.
    package static func read(path: String, limit: Int) throws(FileReadError) -> [UInt8] {
        // O_NONBLOCK: opening a FIFO must not wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(code: errno) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, limit: limit)
    }

    static func read(descriptor: Int32, limit: Int) throws(FileReadError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(code: errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw .directory }
        var bytes: [UInt8] = []
        // Grows with the file while it is read; ends at the limit.
        let chunk = 1 << 16
        while bytes.count <= limit {
            var failure: Int32 = 0
            let part = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
                let got = Glibc.read(descriptor, buffer.baseAddress, chunk)
                if got < 0 { failure = errno }
                count = max(0, got)
            }
            guard failure == 0 else { throw .system(code: failure) }
            if part.isEmpty { return bytes }
            bytes += part
        }
        throw .tooLarge(limit: limit)
    }
}
