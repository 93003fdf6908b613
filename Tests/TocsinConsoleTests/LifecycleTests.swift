import Testing

@testable import TocsinConsole

extension SocketTests {
    @Suite("Start and end")
    struct LifecycleTests {
        @Test("A port that is taken is an error that names the place")
        func taken() async throws {
            try await ConsoleFixture.run { console in
                let listen = ListenAddress(host: "127.0.0.1", port: console.port)
                let second = try ConsoleFixture.server(console, listen: listen)
                do {
                    try await second.run()
                    Issue.record("a second server took the port")
                } catch let ConsoleError.cannotListen(place, _) {
                    #expect(place == listen.text)
                }
            }
        }

        @Test("Cancelling the task of run ends it")
        func cancelled() async throws {
            try await ConsoleFixture.run { console in
                let (endpoints, opened) = AsyncStream.makeStream(of: ConsoleServer.Endpoint.self)
                let listen = ListenAddress(host: "127.0.0.1", port: 0)
                let second = try ConsoleFixture.server(console, listen: listen) {
                    opened.yield($0)
                }
                let running = Task { try await second.run() }
                for await _ in endpoints { break }
                running.cancel()
                try await running.value
                #expect(second.boundPort != nil)
            }
        }

        @Test("A stop before the start is remembered")
        func stoppedEarly() async throws {
            try await ConsoleFixture.run { console in
                let listen = ListenAddress(host: "127.0.0.1", port: 0)
                let second = try ConsoleFixture.server(console, listen: listen)
                second.stop()
                try await second.run()
            }
        }
    }
}
