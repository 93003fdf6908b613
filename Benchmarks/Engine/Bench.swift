import Glibc
import TocsinDecode
import TocsinEngine
import TocsinIngest
import TocsinModel

enum Stage: String, CaseIterable {
    /// Payload bytes → readings.
    case decode
    /// Frame → sample in its ring, thrown away behind it.
    case intake
    /// Sample → rules.
    case engine
    /// Frame → rules, no alarm ever.
    case all
    /// The same with one stream in a thousand in alarm: raised and cleared again.
    case alarms
}

/// Where intake's samples go when they are kept for the engine.
struct KeepingSink: OrderSink {
    var declarations: [StreamDeclaration] = []
    var samples: [(Sample, StreamIndex)] = []

    mutating func declare(_ stream: StreamDeclaration) { declarations.append(stream) }
    mutating func append(_ sample: Sample, stream: StreamIndex) { samples.append((sample, stream)) }
}

/// Where they go when they go to the engine at once.
struct EngineSink: OrderSink {
    var engine: Engine
    var arrival: Timestamp
    var events: [Event] = []

    mutating func declare(_ stream: StreamDeclaration) {
        engine.step(.stream(stream), arrival: arrival, appendingTo: &events)
    }

    mutating func append(_ sample: Sample, stream: StreamIndex) {
        engine.apply(sample, stream: stream, arrival: arrival, appendingTo: &events)
    }
}

func nanoseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}

/// One stage, measured: each pass over the streams is one round.
struct Bench: ~Copyable {
    private let stage: Stage
    private let counter: AllocationCounter?
    private let wheel: Wheel
    private let decoder: PayloadDecoder
    private var buffer = KeptBuffer()
    private var frames: FrameIntake
    private var sink: EngineSink
    private var kept = KeepingSink()
    private var nanosecondsPerSample: [Double] = []
    private var allocations: UInt64 = 0
    private var samples = 0
    private var events = 0

    /// Passes before the clock starts: streams are declared, memory is touched, buffers have grown.
    private static let warmUp = 32

    init(
        streams: Int, stage: Stage, counter: AllocationCounter?, pack: Pack,
        decoders: [TopicDecoder]
    ) {
        self.stage = stage
        self.counter = counter
        wheel = Wheel(streams: streams)
        decoder = decoders[0].decoder
        let ruleSet = RuleSet(
            site: Site(id: "bench"), packs: [pack],
            options: EngineOptions(streamsMax: max(streams, 100_000)))
        frames = FrameIntake(ruleSet: ruleSet, decoders: decoders)
        let start = Timestamp(milliseconds: wheel.stamp)
        sink = EngineSink(
            engine: Engine(
                ruleSet: ruleSet, start: start, offline: true, rings: frames.intake.rings),
            arrival: start)
        sink.events.reserveCapacity(streams)
        kept.samples.reserveCapacity(streams)
    }

    mutating func run(passes: Int) {
        let warm = wheel.streams > 10_000 ? 4 : Bench.warmUp
        for number in 0..<(warm + passes) {
            wheel.turn(number, alarms: stage == .alarms)
            sink.arrival = Timestamp(milliseconds: wheel.stamp)
            kept.samples.removeAll(keepingCapacity: true)
            sink.events.removeAll(keepingCapacity: true)
            if stage == .engine { takeIn() }
            let before = counter?.count ?? 0
            let start = nanoseconds()
            pass()
            let spent = nanoseconds() - start
            let asked = (counter?.count ?? 0) - before
            guard number >= warm else { continue }
            nanosecondsPerSample.append(Double(spent) / Double(wheel.streams))
            allocations += asked
            samples += wheel.streams
            events += sink.events.count
        }
        let expected = UInt64((warm + passes) * wheel.streams)
        let evaluated = sink.engine.counts.samplesEvaluated
        let seen = stage == .intake ? frames.counts.samplesAccepted : evaluated
        precondition(stage == .decode || seen == expected, "every sample was taken: \(seen)")
    }

    private mutating func pass() {
        switch stage {
        case .decode: decode()
        case .intake: takeIn()
        case .engine:
            for (sample, stream) in kept.samples { sink.append(sample, stream: stream) }
        case .all, .alarms: whole()
        }
    }

    private mutating func decode() {
        for stream in wheel.order { buffer.decode(wheel.payload(stream), decoder) }
    }

    private mutating func takeIn() {
        let declared = kept.declarations.count
        for stream in wheel.order {
            _ = frames.accept(
                topic: wheel.topic(stream), payload: wheel.payload(stream), isRetained: false,
                broker: 0, arrival: sink.arrival, sink: &kept)
        }
        for declaration in kept.declarations[declared...] { sink.declare(declaration) }
    }

    private mutating func whole() {
        for stream in wheel.order {
            _ = frames.accept(
                topic: wheel.topic(stream), payload: wheel.payload(stream), isRetained: false,
                broker: 0, arrival: sink.arrival, sink: &sink)
        }
    }

    /// One row: stage, streams, median and range of ns a sample, allocations a sample, events.
    var line: String {
        let sorted = nanosecondsPerSample.sorted()
        let median = sorted[sorted.count / 2]
        func text(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
        var row = "\(stage.rawValue) \(wheel.streams) streams: \(text(median)) ns/sample"
        row += " (\(text(sorted[0]))–\(text(sorted[sorted.count - 1]))), \(samples) samples"
        if counter != nil {
            row += ", \(allocations) allocations"
            if events > 0 { row += ", \(text(Double(allocations) / Double(events))) an event" }
        }
        return events > 0 ? row + ", \(events) events" : row
    }
}

/// A reading buffer that can live in a copyable value.
final class KeptBuffer {
    private var buffer = ReadingBuffer()
    private var failures = 0

    func decode(_ payload: UnsafeRawBufferPointer, _ decoder: PayloadDecoder) {
        do throws(DecodeError) {
            try decoder.decode(payload, into: &buffer)
        } catch {
            preconditionFailure("the wheel's payloads are valid: \(error.message)")
        }
    }
}
