package import TocsinEngine
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

    /// Everything that happens in a scenario, in order: for runs that change some of it.
    package static func items(of scenario: Scenario) throws(FeedError) -> [PlayedItem] {
        var player = try ScenarioPlayer(scenario)
        var items: [PlayedItem] = []
        while let item = try player.next() { items.append(item) }
        return items
    }

    /// Runs these items as the scenario; their arrivals never go back.
    package static func run(
        _ scenario: Scenario, ruleSet: RuleSet, items: [PlayedItem]
    ) -> ScenarioOutcome {
        var stage = Stage(scenario: scenario, ruleSet: ruleSet)
        for item in items { stage.accept(item) }
        return stage.finish()
    }

    /// The engine on which a scenario is played.
    private struct Stage: ~Copyable {
        let scenario: Scenario
        let ruleSet: RuleSet
        private var engine: OfflineEngine
        private var events: [Event] = []
        private var commands: [CommandResult] = []
        private var driver: ScenarioDriver

        init(scenario: Scenario, ruleSet: RuleSet) {
            self.scenario = scenario
            self.ruleSet = ruleSet
            engine = OfflineEngine(ruleSet: ruleSet, start: scenario.start)
            driver = ScenarioDriver(scenario, ruleSet)
        }

        mutating func accept(_ item: PlayedItem) {
            if let result = driver.accept(item, on: &engine) { commands.append(result) }
            if engine.hasEvents { events += engine.takeEvents() }
        }

        consuming func finish() -> ScenarioOutcome {
            engine.finish(at: scenario.start + scenario.duration)
            events += engine.takeEvents()
            let check = ExpectationCheck(
                scenario: scenario, events: events, commands: commands)
            var failures = driver.strangers
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
