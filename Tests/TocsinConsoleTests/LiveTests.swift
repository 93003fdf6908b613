import Dispatch
import Glibc
import Testing

@testable import TocsinConsole

extension SocketTests {
    @Suite("Live events")
    struct LiveTests {
        static let request = "GET /api/v1/events/live HTTP/1.1\r\nHost: localhost\r\n"

        /// Waits for a condition of another thread, at most five seconds.
        static func wait(for condition: @escaping @Sendable () -> Bool) async throws -> Bool {
            try await blocking {
                for _ in 0..<5000 {
                    if condition() { return true }
                    poll(nil, 0, 1)
                }
                return false
            }
        }

        @Test("A line arrives with its seq as id, and without one when it has none")
        func receives() async throws {
            try await ConsoleFixture.run { console in
                let connection = try RawConnection.tcp(port: console.port)
                try connection.send(Self.request + "\r\n")
                #expect(try await Self.wait { console.live.counts.clients == 1 })
                console.live.publish(sequence: 42, line: Array("{\"seq\":42}\n".utf8))
                console.live.publish(sequence: nil, line: Array("{\"seq\":null}".utf8))
                let text = try await blocking {
                    try connection.receive { $0.contains("null}\n\n") }
                }
                #expect(text.contains("Content-Type: text/event-stream"))
                #expect(text.contains("id: 42\ndata: {\"seq\":42}\n\n"))
                #expect(text.contains("data: {\"seq\":null}\n\n"))
                #expect(!text.contains("id: \n"))
            }
        }

        @Test("A client that comes back gets what it missed, or is told of the gap")
        func resumes() async throws {
            var limits = LiveFeed.Limits()
            limits.recentLines = 3
            try await ConsoleFixture.run(live: LiveFeed(limits: limits)) { console in
                for sequence in UInt64(1)...5 {
                    console.live.publish(sequence: sequence, line: Array("{}".utf8))
                }
                for (after, hasGap) in [(3, false), (1, true)] {
                    let connection = try RawConnection.tcp(port: console.port)
                    try connection.send(Self.request + "Last-Event-ID: \(after)\r\n\r\n")
                    let text = try await blocking {
                        try connection.receive { $0.contains("id: 5") }
                    }
                    #expect(text.contains("id: 4"))
                    #expect(!text.contains("id: \(after)\n"))
                    #expect(text.contains("event: gap") == hasGap)
                }
            }
        }

        @Test("A heartbeat comes while nothing happens")
        func heartbeat() async throws {
            try await ConsoleFixture.run(
                change: { $0.limits.heartbeatMilliseconds = 20 }
            ) { console in
                let connection = try RawConnection.tcp(port: console.port)
                try connection.send(Self.request + "\r\n")
                let text = try await blocking {
                    try connection.receive { $0.contains(": heartbeat\n\n") }
                }
                #expect(text.contains("retry: 2000"))
            }
        }

        @Test("A client that does not read is dropped and counted; another is not hurt")
        func slowClient() async throws {
            try await ConsoleFixture.run { console in
                let slow = try RawConnection.tcp(port: console.port, receiveBuffer: 4096)
                try slow.send(Self.request + "\r\n")
                #expect(try await Self.wait { console.live.counts.clients == 1 })
                let line = Array("{\"x\":\"\(String(repeating: "x", count: 64 * 1024))\"}".utf8)
                var sequence: UInt64 = 0
                while console.live.counts.dropped == 0, sequence < 5000 {
                    sequence += 1
                    console.live.publish(sequence: sequence, line: line)
                }
                #expect(console.live.counts.dropped == 1)
                #expect(console.live.counts.clients == 0)
                #expect(try await console.get("/healthz").status == 200)
                let rest = try await blocking { try slow.receive { _ in false }.utf8.count }
                #expect(rest < line.count * Int(sequence))
            }
        }

        @Test("One client too many is refused with a remedy; a place is free when one leaves")
        func clientLimit() async throws {
            var limits = LiveFeed.Limits()
            limits.clients = 1
            try await ConsoleFixture.run(live: LiveFeed(limits: limits)) { console in
                do {
                    let first = try RawConnection.tcp(port: console.port)
                    try first.send(Self.request + "\r\n")
                    #expect(try await Self.wait { console.live.counts.clients == 1 })
                    #expect(try await console.get("/api/v1/events/live").status == 503)
                }
                #expect(try await Self.wait { console.live.counts.clients == 0 })
                #expect(console.live.counts.refused == 1)
            }
        }

        @Test("An open client, a stuck client and a half-sent request do not hold up the stop")
        func stops() async throws {
            var connections: [RawConnection] = []
            var stopped = DispatchTime.now()
            try await ConsoleFixture.run { console in
                for receiveBuffer in [nil, Int32(4096)] {
                    let client = try RawConnection.tcp(
                        port: console.port, receiveBuffer: receiveBuffer)
                    try client.send(Self.request + "\r\n")
                    connections.append(client)
                }
                let half = try RawConnection.tcp(port: console.port)
                try half.send(
                    "POST /api/v1/alarms/a1/reset HTTP/1.1\r\nHost: localhost\r\n"
                        + "Authorization: Bearer \(ConsoleFixture.token)\r\n"
                        + "Content-Length: 9\r\n\r\n{")
                connections.append(half)
                #expect(try await Self.wait { console.live.counts.clients == 2 })
                let line = Array(repeating: UInt8(ascii: "x"), count: 64 * 1024)
                for sequence in UInt64(1)...300 {
                    console.live.publish(sequence: sequence, line: line)
                }
                stopped = DispatchTime.now()
            }
            let end = DispatchTime.now().uptimeNanoseconds
            let seconds = Double(end - stopped.uptimeNanoseconds) / 1e9
            #expect(seconds < 2, "\(seconds) s")
            #expect(connections.count == 3)
        }
    }
}
