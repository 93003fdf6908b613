package import TocsinModel

/// Intake and engine one after the other in one thread: what replay, tests and scenarios drive. The
/// daemon runs the same two on its two threads.
package struct Pipeline {
    package let intake: Intake
    package private(set) var engine: Engine
    package private(set) var dropped = [DropReason: Int]()
    private var numbers: [Engine.StreamKey: StreamIndex] = [:]

    /// `start`: the feed's first time; offline the feed is both clocks.
    package init(ruleSet: RuleSet, start: Timestamp) {
        intake = Intake(ruleSet: ruleSet)
        engine = Engine(ruleSet: ruleSet, start: start, offline: true, rings: intake.rings)
    }

    /// Declares the inventory's streams, so that those never heard are missed.
    package mutating func declareListed(appendingTo events: inout [Event]) {
        for listing in intake.ruleSet.listings {
            _ = index(
                of: listing.stream, mode: .live, unit: nil, arrival: engine.now,
                appendingTo: &events)
        }
    }

    /// One observation of a named stream at an arrival time that never goes back.
    package mutating func accept(
        _ observation: Observation, stream name: String, mode: Mode = .live, arrival: Timestamp,
        appendingTo events: inout [Event]
    ) {
        let unit = observation.unit == .none ? nil : observation.unit
        // The past goes first: what is due until now is said before the stream that is new.
        let arrival = max(arrival, engine.now)
        guard
            let index = index(
                of: name, mode: mode, unit: unit, arrival: arrival, appendingTo: &events)
        else {
            dropped[.streamsFull, default: 0] += 1
            return
        }
        switch intake.accept(observation, stream: index, arrival: arrival) {
        case .success(let sample):
            engine.apply(sample, stream: index, arrival: arrival, appendingTo: &events)
        case .failure(let error): dropped[error.reason, default: 0] += 1
        }
    }

    /// Any other input.
    package mutating func step(
        _ input: Input, arrival: Timestamp, appendingTo events: inout [Event]
    ) {
        if case .reload(let fresh) = input {
            let extended = intake.reload(fresh)
            engine.step(
                .reload(extended), arrival: max(arrival, engine.now), appendingTo: &events)
            return
        }
        engine.step(input, arrival: max(arrival, engine.now), appendingTo: &events)
    }

    /// A command of an operator.
    package mutating func execute(
        _ command: AlarmCommand, arrival: Timestamp, appendingTo events: inout [Event]
    ) -> CommandOutcome {
        engine.execute(command, arrival: max(arrival, engine.now), appendingTo: &events)
    }

    private mutating func index(
        of name: String, mode: Mode, unit: UnitIndex?, arrival: Timestamp,
        appendingTo events: inout [Event]
    ) -> StreamIndex? {
        let key = Engine.StreamKey(name: name, mode: mode)
        if let known = numbers[key] { return known }
        guard let declaration = intake.declare(name: name, mode: mode, unit: unit) else {
            return nil
        }
        numbers[key] = declaration.index
        engine.step(.stream(declaration), arrival: arrival, appendingTo: &events)
        return declaration.index
    }
}
