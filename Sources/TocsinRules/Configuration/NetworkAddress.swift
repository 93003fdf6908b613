/// A host and a port out of `host:port`, `[::1]:port` or `scheme://host[:port]`.
struct NetworkAddress: Equatable {
    var scheme: String
    /// Without brackets.
    var host: String
    /// Nil when the text names none.
    var port: UInt16?

    /// Why a text is no address, as the end of a sentence.
    struct Problem: Error, Equatable {
        var message: String
        var help: String
    }

    /// Reads a URL with one of `schemes`, `authorityOnly` refusing a path.
    init(url: String, schemes: [String], authorityOnly: Bool) throws(Problem) {
        let example = "\(schemes[0])://127.0.0.1"
        guard let scheme = schemes.first(where: { url.lowercased().hasPrefix($0 + "://") }) else {
            throw Problem(
                message: "must begin with "
                    + schemes.map { $0 + "://" }.joined(separator: " or "),
                help: "write it like \(example)")
        }
        let rest = url.dropFirst(scheme.count + 3)
        var authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest.dropFirst(authority.count)
        if authorityOnly, !path.isEmpty, path != "/" {
            throw Problem(
                message: "has a path, which MQTT does not know", help: "topics go under `subscribe`"
            )
        }
        if let at = authority.lastIndex(of: "@") {
            if authorityOnly {
                throw Problem(
                    message: "holds a user or password",
                    help: "write `username` and `password_file`")
            }
            authority = authority[authority.index(after: at)...]
        }
        (host, port) = try NetworkAddress.split(authority)
        self.scheme = scheme
    }

    /// Reads `host:port`; the port is required.
    init(listen text: String) throws(Problem) {
        (host, port) = try NetworkAddress.split(text[...])
        scheme = ""
        if port == nil {
            throw Problem(message: "has no port", help: "write it like 127.0.0.1:8686")
        }
    }

    private static func split(_ text: Substring) throws(Problem) -> (String, UInt16?) {
        var host = text
        var port: Substring?
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else {
                throw Problem(message: "has `[` without `]`", help: "write it like [::1]:1883")
            }
            host = text[text.index(after: text.startIndex)..<close]
            let tail = text[text.index(after: close)...]
            guard tail.isEmpty || tail.first == ":" else {
                throw Problem(message: "has text behind `]`", help: "write it like [::1]:1883")
            }
            port = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
            if port?.contains(":") == true {
                throw Problem(
                    message: "is an IPv6 address without brackets",
                    help: "write it like [::1]:1883")
            }
        }
        guard !host.isEmpty, !host.contains(where: { $0.isWhitespace }) else {
            throw Problem(message: "names no host", help: "write a name or an address")
        }
        guard let port else { return (String(host), nil) }
        guard let number = UInt16(port), number > 0 else {
            throw Problem(message: "has no port between 1 and 65535", help: "check the port")
        }
        return (String(host), number)
    }

    /// `localhost`, 127.0.0.0/8 and ::1: only this machine can connect.
    var isLoopback: Bool {
        let name = host.lowercased()
        if name == "localhost" || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
