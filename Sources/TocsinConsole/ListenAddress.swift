/// A TCP address to listen on: a host name or address without brackets, and a port (0 = any).
package struct ListenAddress: Sendable, Equatable {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `127.0.0.1:8686`, `localhost:8686`, `[::1]:8686`; throws `badListenAddress`.
    package init(parsing text: String) throws(ConsoleError) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { throw .badListenAddress(text: text) }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw .badListenAddress(text: text)
        }
        guard !host.isEmpty else { throw .badListenAddress(text: text) }
        self.init(host: String(host), port: Int(port))
    }

    /// The address as it is written in a URL.
    package var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Only this host can reach the address.
    package var isLoopback: Bool { Self.isLoopback(host: host) }

    /// Whether a name or an address without port and brackets means this host itself:
    /// `localhost`, 127.0.0.0/8 (RFC 1122 3.2.1.3), `::1` and its IPv4-mapped form. A name that
    /// merely begins with `127.` is none.
    static func isLoopback(host: String) -> Bool {
        var name = host.lowercased()
        if name == "localhost" || name == "::1" { return true }
        if name.hasPrefix("::ffff:") { name.removeFirst("::ffff:".count) }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
