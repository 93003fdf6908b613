import Glibc
import TocsinTestSupport

/// One answer of the API, asked for over a connection of its own.
struct HTTPAnswer {
    let status: Int
    let body: String

    /// Nil when nobody answers within 5 s.
    static func get(_ path: String, port: UInt16) -> HTTPAnswer? {
        ask("GET", path, port: port)
    }

    static func ask(
        _ method: String, _ path: String, port: UInt16, token: String? = nil, body: String = ""
    ) -> HTTPAnswer? {
        guard let socket = connectToLoopback(port: port) else { return nil }
        defer { close(socket) }
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if method == "POST" {
            head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
        }
        let request = Array((head + "\r\n" + body).utf8)
        guard send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return nil
        }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(socket, &block, block.count, 0), count > 0 {
            bytes += block.prefix(count)
        }
        return parse(bytes)
    }

    private static func parse(_ bytes: [UInt8]) -> HTTPAnswer? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let words = head.split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { return nil }
        return HTTPAnswer(
            status: status, body: String(decoding: bytes[end.upperBound...], as: UTF8.self))
    }
}
