import Glibc

/// A file's permission bits.
enum FileMode {
    /// Nil when there is no such file.
    static func of(_ path: String) -> mode_t? {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mode & 0o777 : nil
    }
}
