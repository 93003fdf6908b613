/// Where a broker listens: `mqtt://host[:1883]` or `mqtts://host[:8883]`; IPv6 in brackets.
package struct BrokerAddress: Equatable, Sendable, CustomStringConvertible {
    package var host: String
    package var port: UInt16
    package var isEncrypted: Bool

    package init(host: String, port: UInt16, isEncrypted: Bool = false) {
        self.host = host
        self.port = port
        self.isEncrypted = isEncrypted
    }

    package var description: String {
        let scheme = isEncrypted ? "mqtts" : "mqtt"
        return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Reads a URL; throws `MQTTError.badURL` with the remedy.
    package init(parsing url: String) throws(MQTTError) {
        func bad(_ problem: String) -> MQTTError { .badURL(url: url, problem: problem) }
        guard let scheme = BrokerAddress.scheme(of: url) else {
            throw bad("begins with neither mqtt:// nor mqtts://, as in mqtt://127.0.0.1:1883")
        }
        isEncrypted = scheme == "mqtts"
        var rest = url.dropFirst(scheme.count + 3)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        if rest.contains("@") {
            throw bad("user and password do not belong here: use username and password_file")
        }
        if rest.contains(where: { "/?#".contains($0) }) {
            throw bad("has a path: MQTT knows none, topics go under subscribe")
        }
        let portText: Substring?
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { throw bad("has [ without ]") }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            let tail = rest[rest.index(after: end)...]
            guard tail.isEmpty || tail.first == ":" else { throw bad("expected :port after ]") }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else {
            let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else {
                throw bad("an IPv6 address needs brackets, as in mqtt://[::1]:1883")
            }
            host = String(parts.first ?? "")
            portText = parts.count == 2 ? parts[1] : nil
        }
        guard !host.isEmpty else { throw bad("names no host") }
        guard !host.utf8.contains(where: { $0 <= 32 || $0 == 127 }) else {
            throw bad("has a space or control character in the host")
        }
        guard let portText else {
            port = isEncrypted ? 8883 : 1883
            return
        }
        guard let number = UInt16(portText), number > 0 else {
            throw bad("port \"\(portText)\" is not between 1 and 65535")
        }
        port = number
    }

    private static func scheme(of url: String) -> String? {
        ["mqtt", "mqtts"].first { name in
            url.utf8.starts(with: "\(name)://".utf8)
        }
    }
}
