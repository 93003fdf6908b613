import Glibc
import TocsinStore

/// A Standard Webhooks signing secret: `whsec_` and the base64 of 24 to 64 bytes.
package struct WebhookSecret: Sendable, CustomStringConvertible {
    package static let prefix = "whsec_"
    package static let keyBytes = 24...64
    // Prefix, base64 of 64 bytes and an editor's white space; more is another kind of file.
    private static let fileLimit = 1024

    let key: [UInt8]

    /// Never the key itself: what is printed ends up in logs.
    package var description: String { "\(WebhookSecret.prefix)…" }

    /// Reads a secret's text; white space around it is dropped. Throws what is wrong with it.
    package init(parsing text: String) throws(WebhookSecretError) {
        let trimmed = text.utf8.drop(while: WebhookSecret.isSpace)
        let end = trimmed.lastIndex { !WebhookSecret.isSpace($0) }
        let whole = end.map { trimmed[...$0] } ?? trimmed
        guard whole.starts(with: WebhookSecret.prefix.utf8) else { throw .noPrefix }
        let encoded = whole.dropFirst(WebhookSecret.prefix.utf8.count)
        guard let key = Base64.decode(String(encoded) ?? "") else { throw .notBase64 }
        guard WebhookSecret.keyBytes.contains(key.count) else { throw .length(bytes: key.count) }
        self.key = key
    }

    /// Reads a secret's file, which others must not be able to read (contract §8).
    package init(file path: String) throws(WebhookSecretError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, code: errno) }
        guard status.st_mode & S_IRWXO == 0 else { throw .open(path: path) }
        var bytes = [UInt8](repeating: 0, count: WebhookSecret.fileLimit + 1)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw .unreadable(path: path, code: errno) }
        guard count <= WebhookSecret.fileLimit else { throw .tooLong(path: path) }
        try self.init(parsing: String(decoding: bytes[..<count], as: UTF8.self))
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

/// What is wrong with a secret or its file; `description` says what to do.
package enum WebhookSecretError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, code: Int32)
    case open(path: String)
    case tooLong(path: String)
    case noPrefix
    case notBase64
    case length(bytes: Int)

    package var description: String {
        switch self {
        case .unreadable(let path, let code):
            "\(path): cannot be read: \(String(cString: strerror(code))) (\(code))"
        case .open(let path):
            "\(path): every user can read this secret; take that right away (chmod o= FILE)"
        case .tooLong(let path):
            "\(path): too long for a secret; it holds one line, \(Self.shape)"
        case .noPrefix:
            "a secret begins with \(WebhookSecret.prefix): \(Self.shape)"
        case .notBase64:
            "after \(WebhookSecret.prefix) stands no padded base64: \(Self.shape)"
        case .length(let bytes):
            "the secret has \(bytes) bytes: \(Self.shape)"
        }
    }

    private static let shape =
        "\(WebhookSecret.prefix) and the base64 of \(WebhookSecret.keyBytes.lowerBound) to "
        + "\(WebhookSecret.keyBytes.upperBound) random bytes (openssl rand -base64 32)"
}
