import Glibc

/// Why output cannot be written; `description` is a sentence.
package struct OutputError: Error, Equatable, Sendable, CustomStringConvertible {
    package var path: String
    package var code: Int32

    package var description: String {
        "\(path): cannot be written: \(String(cString: strerror(code)))"
    }
}

/// Where a command's lines go: a file, standard output, or memory for tests. Gathers small writes.
package final class TextOutput {
    private enum Target {
        case descriptor(Int32, path: String, isOwned: Bool)
        case memory
    }

    /// Bytes gathered before they are written.
    private static let batchBytes = 64 * 1024

    private let target: Target
    private var pending: [UInt8] = []

    private init(_ target: Target) { self.target = target }

    /// Memory, read with `text`.
    package static func memory() -> TextOutput { TextOutput(.memory) }

    /// A file, made anew; `-` is standard output.
    package static func file(_ path: String) throws(OutputError) -> TextOutput {
        guard path != "-" else {
            return TextOutput(.descriptor(STDOUT_FILENO, path: "standard output", isOwned: false))
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(path: path, code: errno) }
        return TextOutput(.descriptor(descriptor, path: path, isOwned: true))
    }

    /// Everything written to memory so far.
    package var bytes: [UInt8] { pending }
    package var text: String { String(decoding: pending, as: UTF8.self) }

    package func write(_ bytes: some Sequence<UInt8>) throws(OutputError) {
        pending.append(contentsOf: bytes)
        if pending.count >= TextOutput.batchBytes { try flush() }
    }

    package func writeLine(_ bytes: [UInt8]) throws(OutputError) {
        pending.append(contentsOf: bytes)
        try write(CollectionOfOne(0x0A))
    }

    /// Hands what was gathered to the system; call it at the end.
    package func flush() throws(OutputError) {
        guard case .descriptor(let descriptor, let path, _) = target else { return }
        var written = 0
        while written < pending.count {
            let count = pending.withUnsafeBytes { bytes in
                // written < count: inside the array.
                Glibc.write(
                    descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw OutputError(path: path, code: errno) }
            written += count
        }
        pending.removeAll(keepingCapacity: true)
    }

    deinit {
        if case .descriptor(let descriptor, _, true) = target { close(descriptor) }
    }
}
