import HTTPTypes
import Testing

@testable import TocsinConsole

@Suite("Who may do what")
struct AccessPolicyTests {
    static let bearer = "Bearer \(ConsoleFixture.token)"

    static func policy(behindProxy: Bool = false, tokens: Bool = true) -> AccessPolicy {
        var configuration = ConsoleConfiguration(
            listen: nil, unixSocketPath: nil, allowedHosts: ["Gateway.Local"],
            behindProxy: behindProxy, sha256: ConsoleFixture.digest)
        if tokens {
            let hash = ConsoleFixture.digest(Array(ConsoleFixture.token.utf8))
            configuration.tokens = [ConsoleToken(name: "duty-room", sha256: hash)]
        }
        return AccessPolicy(configuration)
    }

    static func status(_ policy: AccessPolicy, _ request: AccessRequest) -> Int {
        do {
            _ = try policy.admit(request)
            return 200
        } catch {
            return error.status.code
        }
    }

    @Test("The unix-domain socket is admitted whatever the headers say")
    func unixSocket() throws {
        let request = AccessRequest(
            peer: .unixSocket, isReading: false, host: "x", origin: "http://y")
        #expect(try Self.policy(tokens: false).admit(request) == .unixSocket)
    }

    @Test("Only names of this host, or configured ones, open the loopback without a token")
    func hosts() {
        let expected: [(host: String?, status: Int)] = [
            ("localhost", 200), ("LOCALHOST:8686", 200), ("127.0.0.1:8686", 200),
            ("127.8.9.10", 200), ("[::1]:8686", 200), ("gateway.local:80", 200),
            ("127.0.0.1.evil.example", 403), ("localhost.evil.example", 403), ("10.0.0.1", 403),
            ("127.evil", 403), ("", 403), (nil, 403),
        ]
        for (host, status) in expected {
            let request = AccessRequest(peer: .loopback, isReading: true, host: host)
            #expect(Self.status(Self.policy(), request) == status, "\(host ?? "nil")")
        }
    }

    @Test("From elsewhere, and behind a proxy, even reading needs a token")
    func remote() {
        let cases: [(policy: AccessPolicy, peer: RequestPeer)] = [
            (Self.policy(), .remote), (Self.policy(behindProxy: true), .loopback),
            (Self.policy(behindProxy: true), .remote),
        ]
        for (policy, peer) in cases {
            var request = AccessRequest(peer: peer, isReading: true, host: "tocsin.example")
            #expect(Self.status(policy, request) == 401)
            request.authorization = Self.bearer
            #expect(Self.status(policy, request) == 200)
        }
    }

    @Test("A token must be whole and of the Bearer scheme; the scheme's case is free")
    func authorization() {
        let expected: [(text: String, status: Int)] = [
            (Self.bearer, 200), ("bearer \(ConsoleFixture.token)", 200), ("Bearer", 401),
            ("Bearer ", 401), ("Basic \(ConsoleFixture.token)", 401), (Self.bearer + "x", 401),
            (String(Self.bearer.dropLast()), 401), ("", 401),
        ]
        for (text, status) in expected {
            let request = AccessRequest(
                peer: .loopback, isReading: false, host: "localhost", authorization: text)
            #expect(Self.status(Self.policy(), request) == status, "\(text)")
        }
    }

    @Test("A command from another page is refused, with a token as well")
    func origins() {
        let expected: [(origin: String?, site: String?, status: Int)] = [
            (nil, nil, 200), ("http://localhost:8686", "cross-site", 200),
            ("http://LOCALHOST:8686", nil, 200), ("http://localhost:1", nil, 403),
            ("http://evil.example", nil, 403), ("null", nil, 403), ("", nil, 403),
            (nil, "same-origin", 200), (nil, "cross-site", 403), (nil, "same-site", 403),
        ]
        for (origin, site, status) in expected {
            let request = AccessRequest(
                peer: .loopback, isReading: false, host: "localhost:8686", origin: origin,
                fetchSite: site, authorization: Self.bearer)
            #expect(Self.status(Self.policy(), request) == status, "\(origin ?? "nil")")
        }
    }
}
