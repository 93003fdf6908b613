/// The upper bounds of the console; each protects the gateway from one kind of client.
package struct ConsoleLimits: Sendable {
    /// Connections over TCP at a time; further ones wait in the kernel's backlog.
    package var connections = 128
    /// Connections over the unix-domain socket at a time: apart, so that a flood over TCP never
    /// locks out the person on the host.
    package var localConnections = 32
    /// Bytes of all header fields of one request.
    package var headerBytes = 16 * 1024
    /// Header fields of one request.
    package var headerFields = 100
    /// Bytes of a request's body; a command is a few hundred.
    package var bodyBytes = 16 * 1024
    /// Seconds after which a connection without a request is closed.
    package var idleSeconds = 60
    /// Entries of one page of a list, whatever the query asks for.
    package var pageEntries = 1000
    /// Bytes of one text in a query or a command: a stream's name, a person's name, a reason.
    package var textBytes = 1024
    /// Clients of the live events at a time, and the lines that wait for each of them.
    package var live = LiveFeed.Limits()
    /// Milliseconds between two heartbeats of the live events; a page calls the stream lost after
    /// 40 s of silence, so two may go missing.
    package var heartbeatMilliseconds: Int64 = 15_000
    /// Milliseconds that open requests have to end after a stop; then they are cut.
    package var stopMilliseconds: Int64 = 1500

    package init() {}
}

/// A token that may operate the console: its name stands in the log, its SHA-256 is kept, never
/// the token itself.
package struct ConsoleToken: Sendable, Equatable {
    package var name: String
    package var sha256: [UInt8]

    package init(name: String, sha256: [UInt8]) {
        self.name = name
        self.sha256 = sha256
    }
}

/// Where and how the console listens (contract §8 `http`, §9).
package struct ConsoleConfiguration: Sendable {
    /// The TCP address; nil = none. Port 0 takes any free port, see `ConsoleServer.boundPort`.
    package var listen: ListenAddress?
    /// The path of the unix-domain socket (mode 0660); nil = none.
    package var unixSocketPath: String?
    package var tokens: [ConsoleToken]
    /// Names beside the loopback's own that a `Host` header may carry.
    package var allowedHosts: [String]
    /// A proxy on this host passes strangers on from the loopback: nothing is open without a token.
    package var behindProxy: Bool
    /// SHA-256 of bytes as 32 bytes, from the one library that the daemon links for it.
    package var sha256: @Sendable ([UInt8]) -> [UInt8]
    package var limits = ConsoleLimits()

    package init(
        listen: ListenAddress?, unixSocketPath: String?, tokens: [ConsoleToken] = [],
        allowedHosts: [String] = [], behindProxy: Bool = false,
        sha256: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        self.listen = listen
        self.unixSocketPath = unixSocketPath
        self.tokens = tokens
        self.allowedHosts = allowedHosts
        self.behindProxy = behindProxy
        self.sha256 = sha256
    }

    /// Bytes that `sockaddr_un.sun_path` holds, without its terminating zero.
    static let unixSocketPathBytes = 107

    /// Refuses what would be unsafe or cannot work, before anything is opened.
    package func check() throws(ConsoleError) {
        if let listen, tokens.isEmpty, behindProxy || !listen.isLoopback {
            throw .tokensRequired(listen: listen.text)
        }
        for token in tokens where token.sha256.count != 32 {
            throw .badTokenHash(name: token.name, bytes: token.sha256.count)
        }
        if let path = unixSocketPath {
            let bytes = path.utf8.count
            guard (1...Self.unixSocketPathBytes).contains(bytes) else {
                throw .badSocketPath(path: path, bytes: bytes)
            }
        }
    }
}

/// Why the console cannot run; `description` ends with what to do about it.
package enum ConsoleError: Error, Equatable, Sendable, CustomStringConvertible {
    case tokensRequired(listen: String)
    case badTokenHash(name: String, bytes: Int)
    case badSocketPath(path: String, bytes: Int)
    case badListenAddress(text: String)
    case cannotListen(place: String, reason: String)
    case failed(reason: String)

    package var description: String {
        switch self {
        case .tokensRequired(let listen):
            "http.listen \(listen) is open to others, but there is no token: name a token file in "
                + "http.users_file, or listen on 127.0.0.1"
        case .badTokenHash(let name, let bytes):
            "the hash of token \(name) has \(bytes) bytes, SHA-256 has 32: make the token anew"
        case .badSocketPath(let path, let bytes):
            "the socket path \(path) has \(bytes) bytes, the system allows 1 to "
                + "\(ConsoleConfiguration.unixSocketPathBytes): choose a shorter run directory"
        case .badListenAddress(let text):
            "\(text) is no listen address: write HOST:PORT, for example 127.0.0.1:8686 or "
                + "[::1]:8686"
        case .cannotListen(let place, let reason):
            "cannot listen on \(place): \(reason): see who has it with `ss -ltnp`, or choose "
                + "another in http.listen"
        case .failed(let reason):
            "the console stopped: \(reason)"
        }
    }
}
