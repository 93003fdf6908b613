import Glibc
import TocsinTestSupport

/// systemd's end of `$NOTIFY_SOCKET` (sd_notify(3)).
final class NotifySocket {
    let path: String
    private let descriptor: Int32
    private(set) var messages: [String] = []

    init(_ path: String) throws {
        self.path = path
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        descriptor = socket(AF_UNIX, type, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard descriptor >= 0, path.utf8.count < room else {
            throw TestSupportError("no socket for \(path)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard code == 0 else { throw TestSupportError("cannot bind \(path): \(errno)") }
    }

    deinit { close(descriptor) }

    /// Waits until so many datagrams hold a line that is `state`, at most 10 s.
    func waitFor(_ state: String, count: Int = 1) -> Bool {
        waitUntil {
            receive()
            return messages.count { $0.split(separator: "\n").contains { $0 == state } } >= count
        }
    }

    private func receive() {
        var block = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &block, block.count, 0), count > 0 {
            messages.append(String(decoding: block.prefix(count), as: UTF8.self))
        }
    }
}
