import TocsinEngine
import TocsinIngest
import TocsinModel

/// The engine at the end of the order, in the same thread: what the daemon's order ring leads to.
struct EngineSink: OrderSink {
    var engine: Engine
    var events: [Event] = []
    /// When the input in hand arrives; never goes back.
    var arrival: Timestamp
    /// Samples given to the engine.
    var samples = 0

    init(ruleSet: RuleSet, start: Timestamp) {
        engine = Engine(ruleSet: ruleSet, start: start, offline: true)
        arrival = start
    }

    mutating func declare(_ stream: StreamDeclaration) {
        engine.step(.stream(stream), arrival: arrival, appendingTo: &events)
    }

    mutating func append(_ sample: Sample, stream: StreamIndex) {
        samples += 1
        engine.apply(sample, stream: stream, arrival: arrival, appendingTo: &events)
    }
}
