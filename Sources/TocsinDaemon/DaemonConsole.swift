import Foundation
import Logging
import Synchronization
import TocsinConsole
import TocsinDelivery
import TocsinEngine
import TocsinMQTT
import TocsinModel
import TocsinRules
import TocsinStore

// The console's closures, joined to the daemon's threads.

extension DaemonParts {
    static func console(
        _ configuration: TocsinConfiguration, shared: SharedState, deliverers: Deliverers,
        live: LiveFeed, sequencer: Sequencer, requests: Mailbox<SequencerRequest>,
        secrets: SecretFile, environment: [String: String]
    ) throws -> ConsoleServer {
        let answers = ConsoleAnswers(
            shared: shared, deliverers: deliverers, rings: sequencer.rings,
            version: Daemon.version)
        let metrics = DaemonMetrics(shared: shared, deliverers: deliverers, live: live)
        let waker = sequencer.waker
        let source = ConsoleSource(
            ready: { answers.ready() }, metrics: { metrics.text() },
            alarms: { answers.alarms($0) }, streams: { answers.streams($0) },
            rules: { answers.rules($0) }, events: { answers.events($0) },
            status: { answers.status() },
            command: { command in
                await CommandDesk.execute(command) { request in
                    guard requests.put(request) else { return false }
                    waker.wake()
                    return true
                }
            },
            receivers: { answers.receivers($0) },
            receiverCommand: { operate($0, deliverers, shared.journald) },
            samples: { answers.samples($0) }, reload: { await shared.reloads.ask() },
            live: live)
        let http = configuration.http
        let console = ConsoleConfiguration(
            listen: http.port == 0
                ? nil : ListenAddress(host: http.host, port: Int(http.port)),
            unixSocketPath: socketPath(configuration, environment),
            tokens: try tokens(http, secrets: secrets), behindProxy: http.isBehindProxy,
            sha256: { SHA256.digest(of: $0).bytes })
        var logger = Logger(label: "tocsin.console")
        logger.logLevel = .error
        let journald = shared.journald
        return try ConsoleServer(configuration: console, source: source, logger: logger) {
            endpoint in
            switch endpoint {
            case .tcp(let host, let port):
                journald.log(.notice, "console on http://\(host):\(port)/")
            case .unixSocket(let path): journald.log(.notice, "commands on \(path)")
            }
        }
    }

    /// Carries a person's command to a receiver's thread; the journal keeps who gave it.
    private static func operate(
        _ command: ReceiverCommand, _ deliverers: Deliverers, _ journald: Journald
    ) -> ReceiverOutcome {
        let name = command.receiver
        do throws(ReceiverError) {
            switch command.verb {
            case .pause: try deliverers.pause(name)
            case .resume: try deliverers.resume(name)
            case .retry: try deliverers.retry(name)
            }
        } catch {
            // Naming a receiver is all that can fail here.
            return .unknownReceiver(known: deliverers.names)
        }
        let reason = command.reason.map { ": " + $0 } ?? ""
        journald.log(
            .notice,
            "receiver \(name): \(command.verb.rawValue) by \(command.by) "
                + "(\(command.through))\(reason)")
        return .accepted
    }

    /// The socket of `tocsin alarms …`: in systemd's runtime directory, else in the state folder.
    static func socketPath(
        _ configuration: TocsinConfiguration, _ environment: [String: String]
    ) -> String {
        let folder = environment["RUNTIME_DIRECTORY"] ?? configuration.state
        return folder + "/tocsin.sock"
    }

    /// One token a line, `NAME TOKEN`; `#` begins a comment.
    private static func tokens(
        _ http: TocsinConfiguration.HTTP, secrets: SecretFile
    ) throws -> [ConsoleToken] {
        var tokens: [ConsoleToken] = []
        for file in [http.tokenFile, http.usersFile].compactMap({ $0 }) {
            let text = String(decoding: try secrets.read(path: file), as: UTF8.self)
            for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
                let words = line.split(separator: " ")
                guard let secret = words.last, words.count <= 2 else { continue }
                tokens.append(
                    ConsoleToken(
                        name: words.count == 2 ? String(words[0]) : "operator",
                        sha256: SHA256.digest(of: Array(secret.utf8)).bytes))
            }
        }
        return tokens
    }
}

/// Carries a person's command to the engine and its answer back.
enum CommandDesk {
    /// How long a command may wait for the engine.
    static let patience = Span.seconds(5)

    static func execute(
        _ command: TocsinConsole.AlarmCommand, put: @escaping (SequencerRequest) -> Bool
    ) async -> TocsinConsole.CommandOutcome {
        guard let id = Identifier(hex: command.alarmID) else { return .unknownAlarm }
        guard let verb = verb(command.verb) else {
            return .refused(reason: "\(command.verb.rawValue) is not available in this version")
        }
        // A reset whose reason begins with this word confirms a latched over-range.
        let confirms = command.reason?.hasPrefix("over-range confirmed") ?? false
        let order = TocsinEngine.AlarmCommand(
            verb: verb, alarm: id, by: command.by, reason: command.reason,
            confirmsOverRange: confirms)
        return await withCheckedContinuation { continuation in
            let answer = OneAnswer(continuation)
            let isTaken = put(
                .command(order) { outcome, events in
                    answer.give(translate(outcome, events))
                })
            if !isTaken { answer.give(.unavailable(reason: "too many commands wait")) }
            let timeOut = Double(patience.milliseconds) / 1000
            DispatchQueue.global().asyncAfter(deadline: .now() + timeOut) {
                answer.give(.unavailable(reason: "the engine did not answer in time"))
            }
        }
    }

    private static func verb(_ verb: AlarmVerb) -> TocsinEngine.AlarmCommand.Verb? {
        switch verb {
        case .acknowledge: .acknowledge
        case .reset: .reset
        case .shelve, .unshelve, .suppress, .unsuppress, .outOfService, .inService: nil
        }
    }

    private static func translate(
        _ outcome: TocsinEngine.CommandOutcome, _ events: [Event]
    ) -> TocsinConsole.CommandOutcome {
        switch outcome {
        case .refused(let reason): return .refused(reason: reason)
        case .unknownAlarm: return .unknownAlarm
        case .accepted(let id):
            guard let event = events.first(where: { $0.id == id }) else {
                return .unavailable(reason: "the command's event is missing")
            }
            let body = TocsinEngine.EventLine(logged: nil, isReplay: false).body(of: event)
            return .accepted(event: [UInt8(ascii: "{")] + body + [UInt8(ascii: "}")])
        }
    }
}

/// Resumes a continuation once, whoever comes first.
private final class OneAnswer: Sendable {
    private let continuation: Mutex<CheckedContinuation<TocsinConsole.CommandOutcome, Never>?>

    init(_ continuation: CheckedContinuation<TocsinConsole.CommandOutcome, Never>) {
        self.continuation = Mutex(continuation)
    }

    func give(_ outcome: TocsinConsole.CommandOutcome) {
        let waiting = continuation.withLock { slot in
            let waiting = slot
            slot = nil
            return waiting
        }
        waiting?.resume(returning: outcome)
    }
}
