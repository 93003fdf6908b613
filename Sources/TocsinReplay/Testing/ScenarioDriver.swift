import TocsinDecode
import TocsinEngine
import TocsinModel

/// A command of a scenario and what became of it.
struct CommandResult {
    var command: ScenarioCommand
    var at: Span
    var outcome: CommandOutcome
}

/// Hands what a scenario plays to an engine: samples in the words and units of the rules, commands
/// of operators, a lost broker.
struct ScenarioDriver {
    let scenario: Scenario
    let ruleSet: RuleSet
    /// Words that no pack knows, each once: the engine never saw their samples.
    private(set) var strangers: [ScenarioFailure] = []
    private var unknownWords: Set<String> = []
    private var units: [String: UnitIndex] = [:]

    init(_ scenario: Scenario, _ ruleSet: RuleSet) {
        self.scenario = scenario
        self.ruleSet = ruleSet
    }

    /// Gives one item to the engine; what became of it, where it is a command.
    mutating func accept(_ item: PlayedItem, on engine: inout OfflineEngine) -> CommandResult? {
        switch item.content {
        case .sample(let sample): accept(sample, arrival: item.arrival, on: &engine)
        case .command(let command):
            return CommandResult(
                command: command, at: item.arrival - scenario.start,
                outcome: execute(command, arrival: item.arrival, on: &engine))
        case .broker(isLost: true):
            engine.step(
                .brokerLost(0, name: "broker", reason: "lost by the scenario"),
                arrival: item.arrival)
        case .broker(isLost: false):
            engine.step(.brokerBack(0, name: "broker"), arrival: item.arrival)
        }
        return nil
    }

    private mutating func accept(
        _ sample: PlayedSample, arrival: Timestamp, on engine: inout OfflineEngine
    ) {
        let value: ObservedValue
        switch sample.value {
        case .number(let number): value = .number(number)
        case .word(let word):
            guard let known = OfflineEngine.value(of: word, ruleSet) else {
                return reportUnknown(word, sample.stream)
            }
            value = known
        }
        var observation = Observation(
            value: value, time: sample.time, unit: unit(of: sample),
            quality: sample.quality.quality, flags: sample.quality.flags)
        if sample.isRetained { observation.flags.insert(.retained) }
        engine.accept(
            observation, stream: sample.stream, mode: sample.isTest ? .test : .live,
            arrival: arrival)
    }

    private mutating func unit(of sample: PlayedSample) -> UnitIndex {
        guard let text = sample.unit else { return .none }
        if let known = units[text] { return known }
        let unit = UnitTable.standard.find(text) ?? .none
        units[text] = unit
        return unit
    }

    private mutating func reportUnknown(_ word: String, _ stream: String) {
        guard unknownWords.insert(word).inserted else { return }
        strangers.append(
            ScenarioFailure(
                place: scenario.path,
                text: "no pack's states list the word `\(word)` of \(stream): dropped"))
    }

    private func execute(
        _ command: ScenarioCommand, arrival: Timestamp, on engine: inout OfflineEngine
    ) -> CommandOutcome {
        let isTest = scenario.streams.contains { $0.name == command.stream && $0.isTest }
        let mode: Mode = isTest ? .test : .live
        guard
            let alarm = engine.alarm(
                ofRule: command.alarm, stream: command.stream, mode: mode)
        else { return .unknownAlarm }
        return engine.execute(
            AlarmCommand(
                verb: command.verb == .acknowledge ? .acknowledge : .reset, alarm: alarm,
                mode: mode, by: command.by, reason: command.reason,
                confirmsOverRange: command.confirmsOverRange), arrival: arrival)
    }
}
