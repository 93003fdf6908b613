// Who may do what (contract §9), as one pure decision. In order:
//
// 1. The unix-domain socket is guarded by file permissions: all is admitted.
// 2. From the loopback the `Host` header must name this host. A page of a stranger can make a
//    browser here connect to 127.0.0.1 under a name of its own (DNS rebinding); that name shows.
// 3. A command with the `Origin` of another page is refused (cross-site request forgery).
// 4. Reading from the loopback is open; all else needs a token. Behind a proxy everybody comes from
//    the loopback, so there nothing is open, and the proxy's own names make rule 2 void.

import HTTPTypes

/// Where a request comes from.
enum RequestPeer: Equatable {
    case unixSocket, loopback, remote
}

/// What of a request decides on its admission.
struct AccessRequest: Equatable {
    var peer: RequestPeer
    var isReading: Bool
    var host: String?
    var origin: String?
    /// `Sec-Fetch-Site`, which browsers send and pages cannot forge (Fetch Metadata).
    var fetchSite: String?
    var authorization: String?
}

/// The rules of admission; `admit` says under which name a request goes on, or why not.
struct AccessPolicy: Sendable {
    var tokens: [ConsoleToken]
    var allowedHosts: [String]
    var behindProxy: Bool
    var sha256: @Sendable ([UInt8]) -> [UInt8]

    init(_ configuration: ConsoleConfiguration) {
        tokens = configuration.tokens
        allowedHosts = configuration.allowedHosts.map { $0.lowercased() }
        behindProxy = configuration.behindProxy
        sha256 = configuration.sha256
    }

    /// The way a request came, for the log: `token NAME`, `unix socket` or `loopback`.
    func admit(_ request: AccessRequest) throws(ConsoleProblem) -> RequestOrigin {
        if request.peer == .unixSocket { return .unixSocket }
        if request.peer == .loopback, !behindProxy { try checkHost(request.host) }
        if !request.isReading { try checkOrigin(request) }
        if let name = try tokenName(request.authorization) { return .token(name) }
        if request.isReading, request.peer == .loopback, !behindProxy { return .loopback }
        guard !tokens.isEmpty else {
            throw ConsoleProblem(
                .forbidden, "commands over TCP need a token, and none is configured",
                remedy: "use `tocsin alarms` or `tocsin receivers` on the host itself, "
                    + "or set http.users_file")
        }
        throw ConsoleProblem(
            .unauthorized, "this request needs a token",
            remedy: "send the header `Authorization: Bearer TOKEN`")
    }

    private func checkHost(_ host: String?) throws(ConsoleProblem) {
        let name = Self.hostName(host ?? "")
        if ListenAddress.isLoopback(host: name) || allowedHosts.contains(name) { return }
        throw ConsoleProblem(
            .forbidden, "the Host header \(host ?? "(none)") is not this host's",
            remedy: "open the console as http://localhost, or add the name to the allowed hosts")
    }

    private func checkOrigin(_ request: AccessRequest) throws(ConsoleProblem) {
        if let origin = request.origin {
            let parts = origin.lowercased().split(separator: "/", maxSplits: 2)
            let authority = parts.count == 2 ? String(parts[1]) : nil
            if authority == nil || authority != request.host?.lowercased() {
                throw ConsoleProblem(
                    .forbidden, "the command comes from another page (Origin \(origin))",
                    remedy: "send it from the console's own page, or without an Origin header")
            }
        } else if let site = request.fetchSite, site != "same-origin", site != "none" {
            throw ConsoleProblem(
                .forbidden, "the command comes from another page (Sec-Fetch-Site \(site))",
                remedy: "send it from the console's own page")
        }
    }

    /// The name of the token that was sent, nil when none was; throws for a wrong one.
    private func tokenName(_ authorization: String?) throws(ConsoleProblem) -> String? {
        guard let authorization else { return nil }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        if parts.count == 2, parts[0].lowercased() == "bearer" {
            let hash = sha256(Array(parts[1].utf8))
            var found: String?
            // All are compared, each in constant time: the answer's delay tells nothing.
            for token in tokens where Self.areEqual(hash, token.sha256) { found = token.name }
            if let found { return found }
        }
        throw ConsoleProblem(
            .unauthorized, "the token is not known here",
            remedy: "check the token file's content; `Authorization: Bearer TOKEN` is the form")
    }

    /// Equality in a time that depends on the length alone.
    static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for position in a.indices { difference |= a[position] ^ b[position] }
        return difference == 0
    }

    /// The name in a `Host` header, lower case, without port and brackets.
    static func hostName(_ host: String) -> String {
        let lower = host.lowercased()
        if lower.hasPrefix("["), let end = lower.firstIndex(of: "]") {
            return String(lower[lower.index(after: lower.startIndex)..<end])
        }
        guard let colon = lower.lastIndex(of: ":") else { return lower }
        return String(lower[..<colon])
    }
}

/// How an admitted request came in.
enum RequestOrigin: Equatable, Sendable {
    case unixSocket, loopback
    case token(String)

    /// For `AlarmCommand.through`.
    var text: String {
        switch self {
        case .unixSocket: "unix socket"
        case .loopback: "loopback"
        case .token(let name): "token \(name)"
        }
    }

    /// Who acts when the command names no person.
    var person: String {
        switch self {
        case .unixSocket, .loopback: "local"
        case .token(let name): name
        }
    }
}
