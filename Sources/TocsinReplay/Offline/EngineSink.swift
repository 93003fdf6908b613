import TocsinEngine
import TocsinIngest
import TocsinModel
import TocsinRing

/// Takes the samples of a run in place of the engine.
protocol SampleTap: AnyObject {
    /// Before the stream's first sample.
    func declare(_ stream: StreamDeclaration)
    func append(_ sample: Sample, stream: StreamIndex)
}

/// The engine at the end of the order, in the same thread: what the daemon's order ring leads to.
struct EngineSink: OrderSink {
    var engine: Engine
    var events: [Event] = []
    /// When the input in hand arrives; never goes back.
    var arrival: Timestamp
    /// Samples given to the engine.
    var samples = 0
    /// Takes the samples instead of the engine.
    let tap: (any SampleTap)?

    /// `rings`: those of the intake before it.
    init(
        ruleSet: RuleSet, start: Timestamp, rings: RingDirectory, tap: (any SampleTap)? = nil
    ) {
        self.tap = tap
        engine = Engine(ruleSet: ruleSet, start: start, offline: true, rings: rings)
        arrival = start
    }

    mutating func declare(_ stream: StreamDeclaration) {
        if let tap { return tap.declare(stream) }
        engine.step(.stream(stream), arrival: arrival, appendingTo: &events)
    }

    mutating func append(_ sample: Sample, stream: StreamIndex) {
        samples += 1
        if let tap { return tap.append(sample, stream: stream) }
        engine.apply(sample, stream: stream, arrival: arrival, appendingTo: &events)
    }
}
