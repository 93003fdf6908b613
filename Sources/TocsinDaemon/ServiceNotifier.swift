import Glibc

/// Tells systemd what the service does (sd_notify(3)): one datagram to `$NOTIFY_SOCKET`.
struct ServiceNotifier: Sendable {
    private let path: String?
    /// How often the watchdog wants a sign of life; nil = it watches nothing.
    let watchdogMilliseconds: Int64?

    init(environment: [String: String]) {
        path = environment["NOTIFY_SOCKET"]
        let wanted = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        watchdogMilliseconds = isOurs ? wanted.map { max($0 / 2000, 1) } : nil
    }

    /// Sends `state`; without systemd nothing happens.
    func notify(_ state: String) {
        guard let path, path.utf8.count < 108 else { return }
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        // `@` stands for the abstract name space, whose names begin with a zero byte.
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { target in
            target.copyBytes(from: name)
        }
        let length = MemoryLayout<sa_family_t>.size + name.count + (name.first == 0 ? 0 : 1)
        let bytes = Array(state.utf8)
        _ = bytes.withUnsafeBytes { buffer in
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                    sendto(
                        descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL), plain,
                        socklen_t(length))
                }
            }
        }
    }
}
