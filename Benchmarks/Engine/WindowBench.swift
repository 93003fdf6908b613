import TocsinEngine
import TocsinModel
import TocsinRing

/// What a window function costs a sample: the stream's newest sample goes to its ring, the window
/// moves, a rule asks the function. The same with a window of 10 samples and with one of 10 000.
struct WindowBench {
    struct Function {
        var name: String
        var family: WindowDefinition.Family
        /// What must be known of the filled window.
        var asked: WindowFunction
        /// A rule's condition that is never true: events would be measured too.
        var condition: [Instruction]
        /// By how much the large window may cost more.
        var ratioMax = 1.5
    }

    private static let compare = Instruction.compare(
        .greater, subject: .expression, memory: Program.noMemory)

    private static func plain(
        _ name: String, _ family: WindowDefinition.Family, _ function: WindowFunction,
        _ ratioMax: Double = 1.5
    ) -> Function {
        Function(
            name: name, family: family, asked: function,
            condition: [.window(0, function), .constant(1e12), compare], ratioMax: ratioMax)
    }

    static let functions: [Function] = [
        plain("count", .moments, .count), plain("mean", .moments, .mean),
        plain("stddev", .moments, .stddev), plain("min", .extremes, .least),
        plain("max", .extremes, .greatest),
        Function(
            name: "flat", family: .extremes, asked: .least, condition: [.constant(-1), .flat(0)]),
        plain("median", .ranks(share: 0.5), .quantile, 4),
        plain("quantile", .ranks(share: 0.95), .quantile, 4),
        plain("delta", .ends, .delta), plain("rate", .ends, .rate),
        plain("changes", .changes, .changes), plain("slope", .line, .slope),
        plain("slope_significance", .line, .significance),
        Function(
            name: "forecast", family: .line, asked: .slope,
            condition: [.forecast(0, aheadMilliseconds: 60_000), .constant(1e12), compare]),
        Function(
            name: "time_to", family: .line, asked: .slope,
            condition: [.constant(-1), .constant(1e6), .timeTo(0), compare]),
        plain("twa", .exposure, .twa), plain("dose", .exposure, .dose),
        plain("ewma", .average(lambda: 0.2), .ewma), plain("zscore", .score, .zscore),
        plain("cusum", .cusum(allowance: 0.5, decision: 5), .cusum),
    ]

    static let small = 10
    static let large = 10_000
    private static let everyMilliseconds: Int64 = 100
    private static let samplesPerRound = 20_000
    private static let rounds = 25

    private let rings: RingDirectory
    private let ring: StreamRing
    private var engine: Engine
    private var events: [Event] = []
    private var time: Int64 = 1_700_000_000_000
    private var index = 0
    private let values: [Double]
    private let stream = StreamIndex(0)

    private enum Problem: Error { case noRing, unknown(String) }

    /// `function` nil = a rule on the value alone, no window.
    init(_ function: Function?, samples: Int) throws {
        var pack = Pack(
            name: "bench/window", domain: "bench",
            pattern: try StreamPattern("{area}/bench/window"))
        pack.cadence = .every(Span(milliseconds: Self.everyMilliseconds))
        pack.staleAfter = Span(milliseconds: Self.everyMilliseconds * 3)
        if let function {
            let span = Span(milliseconds: Int64(samples) * Self.everyMilliseconds)
            pack.windows = [WindowDefinition(extent: .time(span), family: function.family)]
        }
        var rule = Rule(
            name: "bench/window/H", shortName: "H", trigger: .condition, alarmClass: .alarm,
            priority: .high)
        rule.condition = Program(
            instructions: function?.condition ?? [.value, .constant(1e12), Self.compare],
            stackDepth: 3)
        pack.rules = [rule]
        pack.chains = [[0]]
        let options = EngineOptions(streamsMax: 1)
        let set = RuleSet(site: Site(id: "bench"), packs: [pack], options: options)
        rings = RingDirectory(capacity: 1)
        let capacity = RingCapacity.samples("a/bench/window", set)
        guard let ring = rings.append(capacity: capacity) else { throw Problem.noRing }
        self.ring = ring
        let start = Timestamp(milliseconds: time)
        engine = Engine(ruleSet: set, start: start, offline: true, rings: rings)
        values = Self.signal()
        let declaration = StreamDeclaration(
            index: stream, name: "a/bench/window", mode: .live, unit: nil)
        engine.step(.stream(declaration), arrival: start, appendingTo: &events)
        for _ in 0..<(Self.large + Self.samplesPerRound) { feed() }
        guard let function else { return }
        let isKnown = engine.windowValue(
            function.asked, ofWindow: 0, pack: "bench/window",
            stream: "a/bench/window")
        guard isKnown != nil, engine.counts.shortWindows == 0 else {
            throw Problem.unknown("\(function.name) of \(samples) samples is unknown")
        }
    }

    /// A slow wave with noise of a tenth, in steps of 0.01 as sensors send.
    private static func signal() -> [Double] {
        var state: UInt64 = 42
        return (0..<65_536).map { position in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let noise = Double(state >> 40) / Double(1 << 24) - 0.5
            let phase = Double(position % 16_384) / 16_384
            let wave = phase < 0.5 ? phase : 1 - phase
            return ((wave * 40 + noise * 4) * 100).rounded() / 100
        }
    }

    private mutating func feed() {
        time += Self.everyMilliseconds
        let value = values[index & 65_535]
        index += 1
        ring.append(Slot(milliseconds: time, value: value, marks: []))
        let stamp = Timestamp(milliseconds: time)
        engine.apply(
            Sample(time: stamp, value: value), stream: stream, arrival: stamp,
            appendingTo: &events)
    }

    /// One round's nanoseconds a sample.
    private mutating func round() -> Double {
        let start = nanoseconds()
        for _ in 0..<Self.samplesPerRound { feed() }
        return Double(nanoseconds() - start) / Double(Self.samplesPerRound)
    }

    /// Measures all functions and prints a table; false when one costs more than it may.
    static func run() throws -> Bool {
        var isWithin = true
        var plain = try WindowBench(nil, samples: 0)
        let base = (0..<rounds).map { _ in plain.round() }.min() ?? 0
        print("value alone: \(text(base)) ns/sample")
        print("function, ns/sample with a window of \(small), of \(large), ratio (at most),")
        print("and of that the function itself: less what the sample costs with the value alone")
        for function in functions {
            var (few, many) = (Double.infinity, Double.infinity)
            var short = try WindowBench(function, samples: small)
            var long = try WindowBench(function, samples: large)
            // In turn, and the fastest of each: neighbours on the machine disturb both alike.
            for _ in 0..<rounds {
                few = min(few, short.round())
                many = min(many, long.round())
            }
            guard short.events.isEmpty && long.events.isEmpty else {
                throw Problem.unknown("\(function.name) made events")
            }
            let ratio = many / few
            let verdict = ratio <= function.ratioMax ? "" : "  TOO MUCH"
            if ratio > function.ratioMax { isWithin = false }
            print(
                "\(function.name) \(text(few)) \(text(many)) \(text(ratio, 100))"
                    + " (\(function.ratioMax)), itself \(text(few - base)) \(text(many - base))"
                    + verdict)
        }
        return isWithin
    }

    private static func text(_ number: Double, _ scale: Double = 10) -> String {
        "\((number * scale).rounded() / scale)"
    }
}
