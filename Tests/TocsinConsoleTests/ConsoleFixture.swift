import Foundation
import Logging
import Synchronization
import TocsinModel

@testable import TocsinConsole

/// A console on a free loopback port and a socket of its own, over a source of fixed answers.
struct ConsoleFixture: Sendable {
    static let token = "correct-horse"

    let port: Int
    let socketPath: String
    let server: ConsoleServer
    let live: LiveFeed
    let commands: CommandRecorder

    /// Starts a console, hands it to `body`, stops it and waits for its end.
    static func run(
        live: LiveFeed = LiveFeed(), ready: ReadyReport = ReadyReport(isReady: true, reasons: []),
        change: (inout ConsoleConfiguration) -> Void = { _ in },
        body: (ConsoleFixture) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/tc-\(UUID().uuidString).sock"
        var configuration = ConsoleConfiguration(
            listen: ListenAddress(host: "127.0.0.1", port: 0), unixSocketPath: path,
            tokens: [ConsoleToken(name: "duty-room", sha256: digest(Array(token.utf8)))],
            sha256: digest)
        change(&configuration)
        let commands = CommandRecorder()
        let (endpoints, continuation) = AsyncStream.makeStream(of: ConsoleServer.Endpoint.self)
        let server = try ConsoleServer(
            configuration: configuration, source: source(live, ready, commands), logger: .quiet,
            onListening: { continuation.yield($0) })
        let running = Task {
            defer { continuation.finish() }
            try await server.run()
        }
        var open = 0
        for await _ in endpoints {
            open += 1
            if open == 2 { break }
        }
        guard let port = server.boundPort else {
            try await running.value
            return
        }
        let fixture = ConsoleFixture(
            port: port, socketPath: path, server: server, live: live, commands: commands)
        do {
            try await body(fixture)
        } catch {
            server.stop()
            try await running.value
            throw error
        }
        server.stop()
        try await running.value
    }

    /// Another server over the same source, without a socket file; not yet running.
    static func server(
        _ console: ConsoleFixture, listen: ListenAddress,
        onListening: @escaping @Sendable (ConsoleServer.Endpoint) -> Void = { _ in }
    ) throws -> ConsoleServer {
        try ConsoleServer(
            configuration: ConsoleConfiguration(
                listen: listen, unixSocketPath: nil, sha256: digest),
            source: source(
                console.live, ReadyReport(isReady: true, reasons: []), console.commands),
            logger: .quiet, onListening: onListening)
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> RawAnswer {
        try await request("GET", path, headers: headers)
    }

    func request(
        _ method: String, _ path: String, headers: [String: String] = [:], body: String = ""
    ) async throws -> RawAnswer {
        try await blocking { [port] in
            try RawConnection.tcp(port: port)
                .exchange(method, path, headers: headers, body: body)
        }
    }

    /// A stand-in for SHA-256 with its length: the console only compares.
    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        return (0..<4).flatMap { round in
            for byte in bytes + [UInt8(round)] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
        }
    }

    private static func source(
        _ live: LiveFeed, _ ready: ReadyReport, _ commands: CommandRecorder
    ) -> ConsoleSource {
        @Sendable func echo(_ name: String, _ query: ListQuery) -> [UInt8] {
            Array("{\"\(name)\":\"\(query.prefix ?? "-") \(query.offset) \(query.limit)\"}".utf8)
        }
        return ConsoleSource(
            ready: { ready },
            metrics: {
                var text = PrometheusText()
                text.counter("tocsin_frames_received_total", "Frames.", 3)
                return text.bytes
            },
            alarms: { echo("alarms", $0) }, streams: { echo("streams", $0) },
            rules: { echo("rules", $0) },
            events: { Array("{\"events\":[],\"query\":\"\($0.text)\"}".utf8) },
            status: { Array("{\"state\":\"running\"}".utf8) },
            command: { commands.take($0) },
            receivers: { echo("receivers", $0) }, receiverCommand: { commands.take($0) },
            samples: { query in
                guard query.stream.hasPrefix("a/") else { return nil }
                return Array("{\"samples\":\"\(query.stream) \(query.limit)\"}".utf8)
            },
            live: live)
    }
}

/// Keeps the commands that reached the daemon's side and answers by the alarm's id.
final class CommandRecorder: Sendable {
    private let commands = Mutex<[AlarmCommand]>([])
    private let receiverCommands = Mutex<[ReceiverCommand]>([])

    var all: [AlarmCommand] { commands.withLock { $0 } }
    var allOfReceivers: [ReceiverCommand] { receiverCommands.withLock { $0 } }

    func take(_ command: ReceiverCommand) -> ReceiverOutcome {
        receiverCommands.withLock { $0.append(command) }
        return command.receiver == "duty-room"
            ? .accepted : .unknownReceiver(known: ["duty-room", "scada"])
    }

    func take(_ command: AlarmCommand) -> CommandOutcome {
        commands.withLock { $0.append(command) }
        switch command.alarmID {
        case "a1": return .accepted(event: Array("{\"event\":\"acknowledged\"}".utf8))
        case "a3": return .refused(reason: "acknowledge the alarm first: nobody took note")
        case "a2": return .refused(reason: "the condition is still \"true\"")
        case "busy": return .unavailable(reason: "the engine did not answer")
        default: return .unknownAlarm
        }
    }
}

extension EventQuery {
    /// All members in one line, for comparison.
    var text: String {
        let parts: [String?] = [
            after.map { "after=\($0)" }, "limit=\(limit)", newestFirst ? "newest" : "oldest",
            stream, rule, alarm, event, since.map { "since=\($0.milliseconds)" },
            until.map { "until=\($0.milliseconds)" },
        ]
        return parts.compactMap(\.self).joined(separator: " ")
    }
}

extension Logger {
    static var quiet: Logger {
        var logger = Logger(label: "console")
        logger.logLevel = .critical
        return logger
    }
}
