import TocsinEngine
package import TocsinRules

/// The scenarios' part of `tocsin check`: findings only.
package enum ScenarioChecker {
    /// Reads one scenario, its rules and its recordings' beginnings; everything wrong is reported.
    package static func check(path: String, reporting diagnostics: DiagnosticList) {
        guard let scenario = ScenarioReader.read(path: path, reporting: diagnostics) else { return }
        guard ScenarioRun.rules(of: scenario, reporting: diagnostics) != nil else { return }
        do throws(FeedError) {
            _ = try ScenarioPlayer(scenario)
        } catch {
            diagnostics.add(Diagnostic(.error, path: path, error.description))
        }
    }

    /// Alarms and rules that the rules in force do not have are mistakes: an expectation that no
    /// event can meet, or, with `no_alarm`, one that nothing can break.
    static func checkNames(
        _ scenario: Scenario, _ ruleSet: RuleSet, reporting diagnostics: DiagnosticList
    ) {
        let rules = ruleSet.packs.flatMap(\.rules)
        let names = Set(rules.map(\.name))
        let alarms = Set(rules.map(\.shortName))
        func check(_ name: String, among known: Set<String>, _ what: String, _ place: SourceRange) {
            guard !known.contains(name) else { return }
            let nearest = nearestName(name, among: known.sorted())
            diagnostics.error(
                at: place, "no rule of this scenario has the \(what) `\(name)`",
                help: nearest.map { "did you mean `\($0)`?" }
                    ?? "known: " + known.sorted().prefix(12).joined(separator: ", "))
        }
        checkUnlisted(scenario, ruleSet, reporting: diagnostics)
        for expectation in scenario.expectations {
            let selector = expectation.selector
            if let alarm = selector.alarm {
                check(alarm, among: alarms, "name", expectation.place)
            }
            if let rule = selector.rule {
                check(rule, among: names, "full name", expectation.place)
            }
            if let stream = selector.stream, selector.alarm != nil || selector.rule != nil {
                checkWatched(selector, stream, ruleSet, expectation.place, diagnostics)
            }
            if selector.group != nil, let name = selector.rule ?? selector.alarm,
                !rules.contains(where: {
                    ($0.name == name || $0.shortName == name) && $0.per != nil
                })
            {
                diagnostics.error(
                    at: expectation.place, "`\(name)` is no alarm per group",
                    help: "write `stream:`, or `per:` in the rule")
            }
        }
        for action in scenario.actions {
            guard case .command(let command) = action.kind else { continue }
            check(command.alarm, among: alarms.union(names), "name", action.place)
        }
    }

    /// What no message brings must be calculated by a pack.
    private static func checkUnlisted(
        _ scenario: Scenario, _ ruleSet: RuleSet, reporting diagnostics: DiagnosticList
    ) {
        let calculated = ruleSet.packs.flatMap(\.calculated).map(\.name)
        for stream in scenario.unlisted
        where !calculated.contains(where: { $0.match(stream.name) != nil }) {
            let nearest = nearestName(stream.name, among: scenario.streams.map(\.name))
            diagnostics.error(
                at: stream.place, "no stream `\(stream.name)` in this scenario",
                help: nearest.map { "did you mean `\($0)`?" })
        }
    }

    private static func checkWatched(
        _ selector: EventSelector, _ stream: String, _ ruleSet: RuleSet, _ place: SourceRange,
        _ diagnostics: DiagnosticList
    ) {
        let packs = ruleSet.matches(stream).map { ruleSet.packs[$0.pack] }
        let isWatched = packs.contains { pack in
            pack.rules.contains { rule in
                (selector.alarm == nil || rule.shortName == selector.alarm)
                    && (selector.rule == nil || rule.name == selector.rule)
            }
        }
        guard !isWatched else { return }
        let matching = packs.map(\.name).joined(separator: ", ")
        diagnostics.error(
            at: place, "no rule `\(selector.rule ?? selector.alarm ?? "")` watches `\(stream)`",
            help: packs.isEmpty
                ? "no pack matches the stream" : "the stream is matched by: \(matching)")
    }
}
