import Glibc

private let streamType = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

/// A loopback TCP port that is free now. Asked for from the kernel, which does not hand the same
/// one out again soon.
package func freePort() throws -> UInt16 {
    let (descriptor, port) = try listenOnLoopback(backlog: 1)
    close(descriptor)
    return port
}

/// A listening socket on 127.0.0.1 and its port; with port 0 the kernel chooses.
package func listenOnLoopback(
    port: UInt16 = 0, backlog: Int32 = 64
) throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, streamType, 0)
    guard descriptor >= 0 else { throw TestSupportError("socket: \(systemError())") }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = loopback(port)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
            bind(descriptor, plain, size) == 0 && listen(descriptor, backlog) == 0
                && getsockname(descriptor, plain, &size) == 0
        }
    }
    guard isBound else {
        let problem = systemError()
        close(descriptor)
        throw TestSupportError("cannot listen on 127.0.0.1:\(port): \(problem)")
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
}

/// Whether something accepts connections on a loopback port.
package func accepts(port: UInt16) -> Bool {
    guard let descriptor = connectToLoopback(port: port) else { return false }
    close(descriptor)
    return true
}

/// A connected socket, or nil when nobody listens.
package func connectToLoopback(port: UInt16) -> Int32? {
    let descriptor = socket(AF_INET, streamType, 0)
    guard descriptor >= 0 else { return nil }
    var address = loopback(port)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard code == 0 else {
        close(descriptor)
        return nil
    }
    return descriptor
}

private func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
}
