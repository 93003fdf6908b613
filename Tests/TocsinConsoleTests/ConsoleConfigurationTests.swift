import Testing

@testable import TocsinConsole

@Suite("Configuration of the console")
struct ConsoleConfigurationTests {
    static func configuration(_ listen: String?) throws -> ConsoleConfiguration {
        ConsoleConfiguration(
            listen: try listen.map { try ListenAddress(parsing: $0) }, unixSocketPath: nil,
            sha256: ConsoleFixture.digest)
    }

    @Test(
        "A listen address that others reach is refused without a token",
        arguments: ["0.0.0.0:80", "[::]:80", "192.168.1.5:8686", "gateway:8686", "127.evil:1"])
    func open(listen: String) throws {
        var configuration = try Self.configuration(listen)
        #expect(throws: ConsoleError.tokensRequired(listen: listen)) { try configuration.check() }
        configuration.tokens = [ConsoleToken(name: "a", sha256: ConsoleFixture.digest([1]))]
        try configuration.check()
    }

    @Test(
        "The loopback needs no token, unless a proxy stands before it",
        arguments: ["127.0.0.1:8686", "localhost:0", "[::1]:8686", "127.0.0.53:1"])
    func loopback(listen: String) throws {
        var configuration = try Self.configuration(listen)
        try configuration.check()
        configuration.behindProxy = true
        #expect(throws: ConsoleError.tokensRequired(listen: listen)) { try configuration.check() }
    }

    @Test(
        "What is no address is refused",
        arguments: ["8686", ":8686", "localhost", "localhost:", "localhost:99999", "::1:80", ""])
    func badAddress(text: String) {
        #expect(throws: ConsoleError.badListenAddress(text: text)) {
            try ListenAddress(parsing: text)
        }
    }

    @Test("A path too long for a socket and a hash of another length are refused")
    func badValues() throws {
        var configuration = try Self.configuration(nil)
        let path = String(repeating: "x", count: 108)
        configuration.unixSocketPath = path
        #expect(throws: ConsoleError.badSocketPath(path: path, bytes: 108)) {
            try configuration.check()
        }
        configuration.unixSocketPath = nil
        configuration.tokens = [ConsoleToken(name: "a", sha256: [1, 2])]
        #expect(throws: ConsoleError.badTokenHash(name: "a", bytes: 2)) {
            try configuration.check()
        }
    }
}
