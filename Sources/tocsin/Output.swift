import Glibc

/// What commands print; bytes go out as they are.
enum Output {
    /// A line on standard output.
    static func line(_ text: String) { write(Array((text + "\n").utf8), to: 1) }

    static func line(_ bytes: some Collection<UInt8>) {
        write(Array(bytes) + [UInt8(ascii: "\n")], to: 1)
    }

    /// Text on standard output without a line feed of its own.
    static func text(_ text: String) { write(Array(text.utf8), to: 1) }

    /// A message on standard error.
    static func error(_ text: String) { write(Array((text + "\n").utf8), to: 2) }

    /// Writes all bytes; a closed pipe ends the program as it does for other tools.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var position = 0
        while position < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: position), bytes.count - position)
            }
            if count < 0 {
                if errno == EINTR { continue }
                Glibc.exit(1)
            }
            position += count
        }
    }
}
