import Glibc

/// Files that hold passwords, tokens and signing secrets: only their owner may read them
/// (contract §8). systemd's own credentials folder is trusted, because systemd guards it and its
/// access lists show up as group bits.
package struct SecretFile {
    /// More than any secret or list of tokens.
    package static let byteLimit = 64 << 10

    /// Why a secret is refused.
    package enum Problem: Error, Equatable, Sendable {
        case file(FileReadError)
        /// Others than the owner can read or write it; the permission bits.
        case exposed(mode: UInt32)

        package var message: String {
            switch self {
            case .file(let error): "\(error)"
            case .exposed(let mode):
                "others can read or write it (mode 0\(String(mode, radix: 8)))"
            }
        }
    }

    private let credentials: String?

    /// `credentials` is the value of `$CREDENTIALS_DIRECTORY`, if there is one.
    package init(credentials: String?) {
        self.credentials = credentials
    }

    /// Reads a secret's bytes after checking its permissions on the open file.
    package func read(path: String) throws(Problem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .file(.system(code: errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(.system(code: errno)) }
        let mode = UInt32(status.st_mode) & 0o777
        if mode & 0o077 != 0, !isCredential(path) { throw .exposed(mode: mode) }
        do throws(FileReadError) {
            return try FileBytes.read(descriptor: descriptor, limit: Self.byteLimit)
        } catch {
            throw .file(error)
        }
    }

    private func isCredential(_ path: String) -> Bool {
        guard let credentials, !credentials.isEmpty else { return false }
        let folder = credentials.hasSuffix("/") ? credentials : credentials + "/"
        return path.hasPrefix(folder) && !path.dropFirst(folder.count).contains("..")
    }
}
