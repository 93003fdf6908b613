import Glibc

/// Takes HTTP/1.1 requests off a socket, one after the other.
struct HTTPRequestReader {
    let socket: Int32
    let headLimit: Int
    let bodyLimit: Int
    private var buffer: [UInt8] = []

    init(socket: Int32, headLimit: Int, bodyLimit: Int) {
        self.socket = socket
        self.headLimit = headLimit
        self.bodyLimit = bodyLimit
    }

    /// Nil when the peer has gone, or sends what this server does not understand.
    mutating func next(connection: Int) -> HTTPReceiver.Request? {
        guard let head = readHead() else { return nil }
        var lines = head.split(separator: "\r\n").map(String.init)
        guard !lines.isEmpty else { return nil }
        let words = lines.removeFirst().split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        let headers = lines.compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
        var request = HTTPReceiver.Request(
            method: words[0], path: words[1], headers: headers, body: [], connection: connection)
        let length = request.header("Content-Length").flatMap { Int($0) } ?? 0
        guard length >= 0, length <= bodyLimit else { return nil }
        if request.header("Expect")?.lowercased() == "100-continue" {
            let go = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
            guard sendAll(go, to: socket) else { return nil }
        }
        while buffer.count < length {
            guard receive() else { return nil }
        }
        request.body = Array(buffer.prefix(length))
        buffer.removeFirst(length)
        return request
    }

    private mutating func readHead() -> String? {
        let end = Array("\r\n\r\n".utf8)
        while buffer.count <= headLimit {
            if let place = buffer.firstRange(of: end)?.lowerBound {
                let head = String(decoding: buffer[..<place], as: UTF8.self)
                buffer.removeFirst(place + end.count)
                return head
            }
            guard receive() else { return nil }
        }
        return nil
    }

    private mutating func receive() -> Bool {
        var block = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &block, block.count, 0)
        guard count > 0 else { return false }
        buffer += block.prefix(count)
        return true
    }
}

/// Sends everything; false when the peer has gone. Never raises SIGPIPE.
func sendAll(_ bytes: [UInt8], to socket: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
        let count = bytes.withUnsafeBytes { buffer in
            let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
            return send(socket, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return false }
        sent += count
    }
    return true
}
