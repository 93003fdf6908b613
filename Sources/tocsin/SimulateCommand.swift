import ArgumentParser
import Foundation
import Glibc
import TocsinDecode
import TocsinMQTT
import TocsinModel
import TocsinReplay
import TocsinRules

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Publishes a scenario or a feed over MQTT in (scaled) real time.",
        discussion: """
            Under the test prefix tocsin-test/ unless --live is given. Payloads are \
            {"v":…,"ts":…,"u":"…","q":"…"}. By default the last sample's time is now, so that an \
            accelerated run never publishes times of the future; --start sets the first moment.
            """)

    @Argument(help: "A scenario (.yaml) or a feed (CSV or JSON lines, also gzip).")
    var source: String
    @OptionGroup var broker: BrokerOption
    @Option(name: .long, help: "How much faster than real time: a number, or max.")
    var speed = "1"
    @Option(
        name: .long,
        help: "The time of the first moment (RFC 3339 or ts_ms); `feed` keeps a feed's own times.")
    var start: String?
    @Option(name: .long, help: "0 or 1.") var qos = 1
    @Flag(name: .long, help: "Publish to the live topics, not under tocsin-test/.")
    var live = false
    @Flag(name: .long, help: "Afterwards go on publishing the last values until SIGINT.")
    var hold = false

    func run() throws {
        guard qos == 0 || qos == 1 else { throw ValidationError("--qos: 0 or 1") }
        guard let pace = speed == "max" ? .infinity : Double(speed), pace > 0 else {
            throw ValidationError("--speed: a number above 0, or max, not \"\(speed)\"")
        }
        do {
            var play = try LivePlay(
                source: source, start: start, pace: pace, prefix: live ? "" : DecodeRule.testPrefix)
            let settings = try broker.settings(
                clientID: "tocsin-simulate-\(getpid())", qos: UInt8(qos))
            let publisher = try MQTTPublisher(settings)
            try publisher.connect()
            try play.run(publisher, qos: UInt8(qos))
            if hold { try play.hold(publisher, qos: UInt8(qos)) }
            try publisher.finish()
            let counters = publisher.counters
            Output.error(
                "\(counters.published) messages published, \(counters.acknowledged) acknowledged")
        } catch let error as MQTTError {
            Output.error("\(error)")
            throw ExitCode(1)
        } catch let error as FeedError {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }
}

/// Plays messages at their times on the wall clock.
struct LivePlay {
    private enum Source {
        case scenario(ScenarioPlayer)
        case feed(FeedPlay)
    }

    private var source: Source
    private let begin: Timestamp
    private let pace: Double
    private let prefix: String
    /// The last message of each stream, in the order of first appearance, for `hold`.
    private var last: [PlayedMessage] = []
    private var positions: [String: Int] = [:]
    private let stop = StopSignal()

    init(source path: String, start: String?, pace: Double, prefix: String) throws {
        self.pace = pace
        self.prefix = prefix
        let wanted: Timestamp? =
            start == "feed"
            ? nil
            : try TimeArgument.milliseconds(start, name: "--start").map {
                Timestamp(milliseconds: $0)
            }
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        func standard(_ length: Span) -> Timestamp {
            let share = pace.isInfinite ? 1 : max(0, 1 - 1 / pace)
            return Timestamp(
                milliseconds: now - Int64(Double(length.milliseconds) * share))
        }
        if path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
            let diagnostics = DiagnosticList()
            guard var scenario = ScenarioReader.read(path: path, reporting: diagnostics) else {
                Output.error(diagnostics.rendered)
                throw ExitCode(1)
            }
            scenario.start = wanted ?? standard(scenario.duration)
            begin = scenario.start
            source = .scenario(try ScenarioPlayer(scenario))
        } else {
            let length = try FeedPlay.length(of: path)
            let shift = start == "feed" ? nil : wanted ?? standard(length)
            let feed = try FeedPlay(path, from: shift)
            begin = feed.begin
            source = .feed(feed)
        }
        Output.error("first moment \(begin.milliseconds)")
    }

    mutating func run(_ publisher: MQTTPublisher, qos: UInt8) throws {
        let started = MonotonicClock.milliseconds()
        while !stop.isRaised, let (arrival, message) = try next() {
            if pace.isFinite {
                let due = started + Int64(Double((arrival - begin).milliseconds) / pace)
                if due > MonotonicClock.milliseconds() { try publisher.rest(until: due) }
            }
            guard let message else { continue }
            try publish(message, publisher, qos: qos)
            remember(message)
        }
    }

    private func publish(
        _ message: PlayedMessage, _ publisher: MQTTPublisher, qos: UInt8, time: Timestamp? = nil
    ) throws {
        let frame = message.published(prefix: prefix, time: time)
        try publisher.publish(
            topic: frame.topic, payload: frame.payload, qos: qos, retain: frame.isRetained)
    }

    /// Publishes the last values once a second, stamped now, until the user ends it.
    mutating func hold(_ publisher: MQTTPublisher, qos: UInt8) throws {
        while !stop.isRaised {
            try publisher.rest(until: MonotonicClock.milliseconds() + 1000)
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            for message in last {
                try publish(message, publisher, qos: qos, time: now)
            }
        }
    }

    private mutating func remember(_ message: PlayedMessage) {
        guard case .sample(let sample) = message, !sample.isRetained else { return }
        if let position = positions[message.stream] {
            last[position] = message
        } else {
            positions[message.stream] = last.count
            last.append(message)
        }
    }

    /// The next message and its time; a nil message is something only an offline run can do.
    private mutating func next() throws -> (Timestamp, PlayedMessage?)? {
        switch source {
        case .scenario(var player):
            let item = try player.next()
            source = .scenario(player)
            guard let item else { return nil }
            switch item.content {
            case .sample(let sample): return (item.arrival, .sample(sample))
            case .command, .broker: return (item.arrival, nil)
            }
        case .feed(let feed): return try feed.next()
        }
    }
}
