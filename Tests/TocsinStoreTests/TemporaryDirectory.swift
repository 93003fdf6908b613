import Glibc
import TocsinStore

/// A directory of its own for a test on the real file system; removed with its contents at the end.
final class TemporaryDirectory {
    struct Failed: Error { var code: Int32 }

    let path: String

    init() throws {
        var template = Array("\(P_tmpdir)/tocsin-store-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failed(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { TemporaryDirectory.removeTree(path, depth: 4) }

    private static func removeTree(_ path: String, depth: Int) {
        if depth > 0, let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != "." && name != ".." { removeTree(path + "/" + name, depth: depth - 1) }
            }
            closedir(stream)
        }
        remove(path)
    }
}
