// The I/O thread: the only place where things enter the order. One turn reads at most one batch from
// each broker, hands it to the engine, and only then lets the acknowledgements leave. (The journal
// of a later issue is written between the two: in `handOver`.)

import Glibc
import TocsinEngine
import TocsinIngest
import TocsinMQTT
import TocsinModel
import TocsinRing

/// What other threads ask of the sequencer.
enum SequencerRequest: Sendable {
    case input(Input)
    case command(AlarmCommand, reply: @Sendable (CommandOutcome, [Event]) -> Void)
    case reload(RuleSet, [TopicDecoder])
    case restore([RestoredAlarm])
    case stop
}

/// Stages samples for the engine; publishes early when the ring is full and waits for room, which
/// stops the reading of sockets (TCP back-pressure).
struct RingSink: OrderSink {
    let ring: OrderRing<OrderedRecord>
    let letters: LetterBox
    let names: StreamNames
    var arrival: Int64 = 0
    var nanoseconds: UInt64 = 0
    var staged = 0
    var waits: UInt64 = 0
    /// Called before staged samples are shown, with their number.
    let beforePublish: (Int) -> Void

    mutating func declare(_ stream: StreamDeclaration) {
        names.append(stream)
        post(.input(.stream(stream)))
    }

    mutating func append(_ sample: Sample, stream: StreamIndex) {
        push(
            OrderedRecord(sample, stream: stream, arrival: arrival, nanoseconds: nanoseconds))
        staged += 1
    }

    mutating func post(_ letter: Letter) {
        letters.put(letter)
        push(OrderedRecord(.letter, arrival: arrival, nanoseconds: nanoseconds))
    }

    mutating func push(_ record: OrderedRecord) {
        while !ring.append(record) {
            waits += 1
            publish()
            usleep(100)
        }
    }

    mutating func publish() {
        beforePublish(staged)
        staged = 0
        ring.publish()
    }
}

final class Sequencer {
    private let loop: MQTTLoop
    private var frames: FrameIntake
    private var sink: RingSink
    private var clock = GatewayClock()
    private let requests: Mailbox<SequencerRequest>
    private let brokers: BrokerBoard
    private let journald: Journald
    private let flow: Flow
    private var isStopping = false
    private var isStreamsFullSaid = false
    private var nextTick: Int64 = 0

    /// Deadlines without samples are looked at this often; the stamp does not depend on it.
    static let tickMilliseconds: Int64 = 50

    init(
        settings: [BrokerSettings], ruleSet: RuleSet, decoders: [TopicDecoder],
        shared: SharedState, requests: Mailbox<SequencerRequest>
    ) throws {
        loop = try MQTTLoop()
        frames = FrameIntake(ruleSet: ruleSet, decoders: decoders)
        self.requests = requests
        brokers = shared.brokers
        journald = shared.journald
        flow = shared.flow
        let tally = IngestTally(flow: shared.flow)
        self.tally = tally
        sink = RingSink(
            ring: shared.ring, letters: shared.letters, names: shared.names,
            beforePublish: { tally.publish(accepted: $0) })
        var seed = SystemRandomNumberGenerator()
        for (index, setting) in settings.enumerated() {
            let client = try MQTTClient(setting, index: UInt8(index), seed: seed.next()) {
                [weak self] broker, change in
                self?.changed(broker, change)
            }
            loop.add(client)
            clients.append(client)
        }
    }

    private let tally: IngestTally
    private var clients: [MQTTClient] = []

    var waker: Waker { loop.waker }
    var rings: RingDirectory { frames.intake.rings }

    /// Runs until told to stop.
    func run() {
        mark()
        // `started` and what stood before come ahead of anything a broker says.
        for request in requests.takeAll() { take(request) }
        frames.declareListed(sink: &sink)
        publish()
        while !isStopping {
            turn()
        }
        sayGoodbye()
    }

    private func turn() {
        let now = GatewayClock.monotonicMilliseconds()
        do {
            _ = try loop.turn(
                now: now, deadline: nextTick,
                onFrame: { frame in accept(frame) },
                handOver: { publish() })
        } catch {
            journald.log(.error, reason: "mqtt-loop", "the MQTT loop failed: \(error)")
        }
        mark()
        for request in requests.takeAll() { take(request) }
        if GatewayClock.monotonicMilliseconds() >= nextTick {
            nextTick = GatewayClock.monotonicMilliseconds() + Sequencer.tickMilliseconds
            sink.push(
                OrderedRecord(.tick, arrival: sink.arrival, nanoseconds: sink.nanoseconds))
        }
        publish()
    }

    /// Reads the clock for what comes next; a jump of the wall clock goes first.
    private func mark() {
        let (time, step) = clock.read()
        sink.nanoseconds = GatewayClock.monotonicNanoseconds()
        if step > .zero {
            journald.log(.warning, "the wall clock was set forward by \(step.text)")
            sink.post(.input(.clockStepped(by: step)))
        }
        sink.arrival = time.milliseconds
    }

    private func publish() {
        tally.counts = frames.counts
        sink.publish()
    }

    private func accept(_ frame: MQTTFrame) {
        if sink.staged == 0 { mark() }
        guard !frame.isWatch else {
            brokers.watch(frame, journald: journald) { note in
                sink.post(.input(.system(.brokerDropped, note: note)))
            }
            return
        }
        let unitDrops = frames.counts.dropped[Int(DropReason.unit.rawValue)]
        let outcome = frames.accept(
            topic: frame.topic, payload: frame.payload, isRetained: frame.isRetained,
            broker: frame.broker, arrival: Timestamp(milliseconds: sink.arrival), sink: &sink)
        tally.counts = frames.counts
        if frames.counts.streamsRefused > 0 || outcome.isForStreams { sayStreamsFull(frame) }
        if frames.counts.dropped[Int(DropReason.unit.rawValue)] > unitDrops { sayUnit(frame) }
        guard case .rejected(let reason, let detail) = outcome else { return }
        let topic = String(decoding: frame.topic.prefix(200), as: UTF8.self)
        journald.log(
            .warning, reason: "rejected " + reason.word,
            "frame rejected (\(reason.word)): \(topic): \(detail)")
    }

    /// A dropped quantity of a decoded message is said like a rejected message.
    private func sayUnit(_ frame: MQTTFrame) {
        let topic = String(decoding: frame.topic.prefix(200), as: UTF8.self)
        journald.log(
            .warning, reason: "dropped unit",
            "sample dropped (unit): \(topic): its unit does not convert to the stream's")
    }

    /// What is not watched any more must be known to somebody: an event, once a start.
    private func sayStreamsFull(_ frame: MQTTFrame) {
        guard !isStreamsFullSaid else { return }
        isStreamsFullSaid = true
        let topic = String(decoding: frame.topic.prefix(200), as: UTF8.self)
        let remedy = RejectReason.streams.remedy
        sink.post(
            .input(.system(.streamsFull, note: EventNote(reason: remedy, subject: topic))))
    }

    private func take(_ request: SequencerRequest) {
        switch request {
        case .input(let input): sink.post(.input(input))
        case .command(let command, let reply): sink.post(.command(command, reply: reply))
        case .reload(let ruleSet, let decoders):
            let extended = frames.intake.reload(ruleSet)
            frames.reload(decoders: decoders)
            sink.post(.input(.reload(extended)))
            frames.declareListed(sink: &sink)
        case .restore(let alarms):
            // Declared, so that they stand and are shown before their sensors speak.
            for alarm in alarms { _ = frames.declare(alarm.stream, mode: alarm.mode, sink: &sink) }
            sink.post(.input(.restore(alarms)))
        case .stop: isStopping = true
        }
    }

    private func changed(_ broker: UInt8, _ change: BrokerChange) {
        mark()
        let name = brokers.name(broker)
        switch change {
        case .connecting: brokers.set(broker, .connecting)
        case .connected:
            brokers.set(broker, .connected)
            // Before the backlog and the retained messages, which come ahead of the confirmation.
            sink.post(.input(.brokerBack(broker, name: name)))
        case .subscribed:
            brokers.set(broker, .subscribed)
            journald.log(.notice, "broker \(name): connected and subscribed")
        case .subscriptionRefused(let filter, let reason):
            brokers.set(broker, .refused)
            journald.log(.error, "broker \(name): subscription \(filter) refused: \(reason)")
        case .subscriptionDowngraded(let filter, let granted):
            journald.log(
                .warning,
                "broker \(name): \(filter) is granted with QoS \(granted) only: "
                    + "what is published while we are away is lost")
        case .lost(let reason), .refused(let reason), .unreachable(let reason):
            brokers.set(broker, .lost)
            journald.log(.error, reason: "broker \(name)", "broker \(name): \(reason); retrying")
            sink.post(.input(.brokerLost(broker, name: name, reason: reason)))
        }
    }

    /// Tells the brokers, bounded in time, and the engine.
    private func sayGoodbye() {
        for client in clients { client.disconnect() }
        let until = GatewayClock.monotonicMilliseconds() + 1000
        while clients.contains(where: { !$0.isClosed }),
            GatewayClock.monotonicMilliseconds() < until
        {
            do {
                _ = try loop.turn(
                    now: GatewayClock.monotonicMilliseconds(),
                    deadline: GatewayClock.monotonicMilliseconds() + 20,
                    onFrame: { frame in accept(frame) }, handOver: { publish() })
            } catch {
                journald.log(.error, reason: "mqtt-loop", "the MQTT loop failed: \(error)")
            }
        }
        mark()
        sink.post(.input(.system(.stopped, note: EventNote(reason: "orderly stop"))))
        sink.post(.stop)
        publish()
    }
}

extension FrameOutcome {
    fileprivate var isForStreams: Bool {
        if case .rejected(.streams, _) = self { true } else { false }
    }
}

/// Carries the ingest's counts to `Flow` at the moment a batch is shown to the engine.
final class IngestTally {
    var counts = IngestCounts()
    private let flow: Flow

    init(flow: Flow) { self.flow = flow }

    func publish(accepted: Int) { flow.sequenced(counts, accepted: accepted) }
}
