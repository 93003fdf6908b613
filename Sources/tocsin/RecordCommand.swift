import ArgumentParser
import Foundation
import Glibc
import TocsinMQTT
import TocsinModel
import TocsinReplay

/// What a command needs to reach a broker.
struct BrokerOption: ParsableArguments {
    @Option(name: .long, help: "mqtt://HOST:PORT or mqtts://HOST:PORT")
    var broker: String
    @Option(name: .long, help: "User name.") var username: String?
    @Option(name: .long, help: "A file with the password.") var passwordFile: String?
    @Option(name: .long, help: "CA file for mqtts://.") var ca: String?
    @Option(name: .long, help: "3.1.1 or 5.") var mqttVersion = "3.1.1"

    func settings(clientID: String, qos: UInt8, subscribe: [String] = []) throws -> BrokerSettings {
        guard let version = MQTTVersion(rawValue: mqttVersion) else {
            throw ValidationError("--mqtt-version: 3.1.1 or 5, not \"\(mqttVersion)\"")
        }
        do throws(MQTTError) {
            var settings = try BrokerSettings(
                url: broker, clientID: clientID, version: version, qos: qos, subscribe: subscribe)
            settings.cleanSession = true
            settings.username = username
            if let ca { settings.tls = TLSSettings(ca: ca) }
            if let passwordFile { settings.password = BrokerOption.password(passwordFile) }
            return settings
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private static func password(_ path: String) -> String? {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
                .trimmingCharacters(in: .newlines)
        } catch {
            Output.error("\(path): \(error.localizedDescription)")
            return nil
        }
    }
}

struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Writes live frames to a feed file.",
        discussion: """
            Ends at SIGINT or SIGTERM, or after --count frames or --seconds; with 1 when the \
            broker was never reached.
            """)

    @OptionGroup var broker: BrokerOption
    @Option(name: .long, parsing: .upToNextOption, help: "Topic filters.") var topic: [String]
    @Option(name: .long, help: "The feed file (JSON lines); - for standard output.")
    var out: String
    @Option(name: .long, help: "End after so many frames.") var count: Int?
    @Option(name: .long, help: "End after so many seconds.") var seconds: Double?

    func run() throws {
        let descriptor =
            out == "-" ? 1 : open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            Output.error("\(out): " + String(cString: strerror(errno)))
            throw ExitCode(1)
        }
        let settings = try broker.settings(
            clientID: "tocsin-record-\(getpid())", qos: 1, subscribe: topic)
        do {
            let recorder = try FrameRecorder(settings, descriptor: descriptor)
            let frames = try recorder.run(count: count ?? .max, seconds: seconds)
            guard recorder.isSubscribed || frames > 0 else {
                Output.error("nothing recorded: \(broker.broker) confirmed no subscription")
                throw ExitCode(1)
            }
            Output.error("\(frames) frames recorded")
        } catch let error as MQTTError {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }
}

/// Reads frames from one broker and writes them as a feed.
final class FrameRecorder {
    private let loop: MQTTLoop
    private let client: MQTTClient
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var frames = 0
    private let reached: Reached

    private final class Reached {
        var isSubscribed = false
    }

    /// Whether the broker ever confirmed a subscription.
    var isSubscribed: Bool { reached.isSubscribed }

    init(_ settings: BrokerSettings, descriptor: Int32) throws {
        self.descriptor = descriptor
        let reached = Reached()
        self.reached = reached
        loop = try MQTTLoop()
        client = try MQTTClient(settings, index: 0, seed: UInt64(getpid())) { _, change in
            switch change {
            case .subscribed:
                reached.isSubscribed = true
                Output.error("recording")
            case .lost(let reason), .refused(let reason), .unreachable(let reason):
                Output.error(reason + "; retrying")
            case .subscriptionRefused(let filter, let reason):
                Output.error("\(filter): \(reason)")
            case .connecting, .connected, .subscriptionDowngraded: break
            }
        }
        loop.add(client)
    }

    func run(count: Int, seconds: Double?) throws -> Int {
        let stop = StopSignal()
        let start = MonotonicClock.milliseconds()
        let end = seconds.map { start + Int64($0 * 1000) } ?? .max
        while frames < count, !stop.isRaised, MonotonicClock.milliseconds() < end {
            let now = MonotonicClock.milliseconds()
            _ = try loop.turn(
                now: now, deadline: min(now + 100, end),
                onFrame: { frame in
                    guard frames < count else { return }
                    frames += 1
                    let line = FrameLine(
                        arrival: Timestamp(
                            milliseconds: Int64(Date().timeIntervalSince1970 * 1000)),
                        topic: String(decoding: frame.topic, as: UTF8.self),
                        payload: Array(frame.payload), isRetained: frame.isRetained)
                    pending += line.encoded
                    pending.append(UInt8(ascii: "\n"))
                },
                handOver: {
                    Output.write(pending, to: descriptor)
                    pending.removeAll(keepingCapacity: true)
                })
        }
        return frames
    }
}

/// Whether SIGINT or SIGTERM came: asked between two turns of a loop.
struct StopSignal {
    private var set = sigset_t()

    init() {
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    var isRaised: Bool {
        var pending = sigset_t()
        sigpending(&pending)
        return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1
    }
}
