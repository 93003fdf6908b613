package import TocsinEngine
import TocsinDecode
import TocsinModel
package import TocsinRules

/// One expectation that was not met, or something else that went wrong.
package struct ScenarioFailure: Sendable, Equatable {
    /// `path:line:column`.
    package var place: String
    /// Several lines: what was expected, what came instead, what came near it.
    package var text: String
}

/// What a scenario did.
package struct ScenarioOutcome: Sendable {
    package var scenario: Scenario
    package var ruleSet: RuleSet
    package var failures: [ScenarioFailure]
    package var events: [Event]
    package var counts: OfflineCounts

    package var isPassed: Bool { failures.isEmpty }

    /// The full names of the rules that were raised or escalated to.
    package var raisedRules: Set<String> {
        Set(
            events.lazy.filter { $0.kind == .raised || $0.kind == .escalated }
                .compactMap { $0.ruleDefinition?.name })
    }
}

/// A command of a scenario and what became of it.
struct CommandResult {
    var command: ScenarioCommand
    var at: Span
    var outcome: CommandOutcome
}

/// Runs a scenario offline at full speed on the daemon's own engine.
package enum ScenarioRun {
    /// Loads the scenario's rules; nil when they, or its names of alarms, are wrong.
    package static func rules(
        of scenario: Scenario, reporting diagnostics: DiagnosticList
    ) -> RuleSet? {
        let request = RulesRequest(
            paths: scenario.rules, inventory: scenario.inventory, site: Site(id: scenario.site),
            time: scenario.start)
        let before = diagnostics.errorCount
        guard let ruleSet = request.load(reporting: diagnostics) else { return nil }
        ScenarioChecker.checkNames(scenario, ruleSet, reporting: diagnostics)
        return diagnostics.errorCount == before ? ruleSet : nil
    }

    /// Runs to the end and holds what happened against the expectations.
    package static func run(
        _ scenario: Scenario, ruleSet: RuleSet
    ) throws(FeedError) -> ScenarioOutcome {
        var player = try ScenarioPlayer(scenario)
        var stage = Stage(scenario: scenario, ruleSet: ruleSet)
        while let item = try player.next() { stage.accept(item) }
        return stage.finish()
    }

    /// The engine on which a scenario is played.
    private struct Stage: ~Copyable {
        let scenario: Scenario
        let ruleSet: RuleSet
        private var engine: OfflineEngine
        private var events: [Event] = []
        private var commands: [CommandResult] = []
        private var strangers: [ScenarioFailure] = []
        private var unknownWords: Set<String> = []
        private var units: [String: UnitIndex] = [:]

        init(scenario: Scenario, ruleSet: RuleSet) {
            self.scenario = scenario
            self.ruleSet = ruleSet
            engine = OfflineEngine(ruleSet: ruleSet, start: scenario.start)
        }

        mutating func accept(_ item: PlayedItem) {
            switch item.content {
            case .sample(let sample): accept(sample, arrival: item.arrival)
            case .command(let command):
                commands.append(
                    CommandResult(
                        command: command, at: item.arrival - scenario.start,
                        outcome: execute(command, arrival: item.arrival)))
            case .broker(isLost: true):
                engine.step(
                    .brokerLost(0, name: "broker", reason: "lost by the scenario"),
                    arrival: item.arrival)
            case .broker(isLost: false):
                engine.step(.brokerBack(0, name: "broker"), arrival: item.arrival)
            }
            if engine.hasEvents { events += engine.takeEvents() }
        }

        private mutating func accept(_ sample: PlayedSample, arrival: Timestamp) {
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

        private mutating func execute(
            _ command: ScenarioCommand, arrival: Timestamp
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

        consuming func finish() -> ScenarioOutcome {
            engine.finish(at: scenario.start + scenario.duration)
            events += engine.takeEvents()
            let check = ExpectationCheck(
                scenario: scenario, events: events, commands: commands)
            var failures = strangers
            for expectation in scenario.expectations {
                if case .state(let wanted) = expectation.kind {
                    if let failure = check.state(wanted, expectation, found(expectation)) {
                        failures.append(failure)
                    }
                } else if let failure = check.failure(of: expectation) {
                    failures.append(failure)
                }
            }
            failures += check.unexpectedRefusals()
            return ScenarioOutcome(
                scenario: scenario, ruleSet: ruleSet, failures: failures, events: events,
                counts: engine.counts())
        }

        private func found(_ expectation: Expectation) -> AlarmState? {
            let selector = expectation.selector
            guard let name = selector.rule ?? selector.alarm, let stream = selector.stream else {
                return nil
            }
            let isTest = scenario.streams.contains { $0.name == stream && $0.isTest }
            return engine.state(ofRule: name, stream: stream, mode: isTest ? .test : .live)
        }
    }
}
