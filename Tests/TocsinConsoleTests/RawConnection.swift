import Dispatch
import Foundation
import Glibc

/// What a raw connection could not do.
enum RawConnectionError: Error {
    case system(call: String, errno: Int32)
    case timedOut(received: String)
    case badAnswer(String)
}

/// A whole HTTP answer, as text.
struct RawAnswer: Sendable {
    var status: Int
    var head: String
    var body: String

    func has(_ header: String) -> Bool {
        head.lowercased().contains("\r\n" + header.lowercased())
    }
}

/// A blocking socket without any HTTP library, so that the tests see the bytes that leave.
final class RawConnection: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    static func tcp(port: Int, receiveBuffer: Int32? = nil) throws -> RawConnection {
        let connection = RawConnection(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        if var size = receiveBuffer {
            setsockopt(
                connection.descriptor, SOL_SOCKET, SO_RCVBUF, &size,
                socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        try connection.open(&address)
        return connection
    }

    static func unix(path: String) throws -> RawConnection {
        let connection = RawConnection(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        try connection.open(&address)
        return connection
    }

    private func open<Address>(_ address: inout Address) throws {
        let size = socklen_t(MemoryLayout<Address>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        guard result == 0 else { throw RawConnectionError.system(call: "connect", errno: errno) }
    }

    func send(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw RawConnectionError.system(call: "send", errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Bytes until `isEnough` of what came so far, or until the end; at most `seconds`.
    func receive(seconds: Double = 5, until isEnough: (String) -> Bool) throws -> String {
        var received: [UInt8] = []
        let end = DispatchTime.now() + seconds
        while true {
            let text = String(decoding: received, as: UTF8.self)
            if isEnough(text) { return text }
            var poller = pollfd(descriptor: descriptor, events: Int16(POLLIN))
            let left = Int64(end.uptimeNanoseconds) - Int64(DispatchTime.now().uptimeNanoseconds)
            guard left > 0, poll(&poller, 1, Int32(left / 1_000_000) + 1) > 0 else {
                throw RawConnectionError.timedOut(received: text)
            }
            var chunk = [UInt8](repeating: 0, count: 16 * 1024)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return text }
            received += chunk[..<count]
        }
    }

    /// Sends one request and reads its answer; the connection ends with it.
    func exchange(
        _ method: String, _ path: String, headers: [String: String] = [:], body: String = ""
    ) throws -> RawAnswer {
        var fields = ["Host": "localhost", "Connection": "close"]
        if !body.isEmpty { fields["Content-Length"] = "\(body.utf8.count)" }
        fields.merge(headers) { $1 }
        let head = fields.map { "\($0): \($1)\r\n" }.joined()
        try send("\(method) \(path) HTTP/1.1\r\n\(head)\r\n\(body)")
        return try Self.parse(receive { _ in false })
    }

    private static func parse(_ text: String) throws -> RawAnswer {
        guard let end = text.range(of: "\r\n\r\n"),
            let status = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw RawConnectionError.badAnswer(text) }
        return RawAnswer(
            status: status, head: String(text[..<end.lowerBound]) + "\r\n",
            body: String(text[end.upperBound...]))
    }
}

extension pollfd {
    init(descriptor: Int32, events: Int16) { self.init(fd: descriptor, events: events, revents: 0) }
}

/// Runs blocking work on a thread of its own: the server needs the tasks' threads.
func blocking<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
    }
}
