// What happened, held against what was expected. An expected event must come as often as expected
// inside its window, and the same event must not come outside every window that expects it: an
// alarm that chatters fails a scenario that expects it once.
//
// `raised`, `escalated` and `de-escalated` are matched by the rule that the event names. All other
// events belong to a whole occurrence: `{alarm: HH, cleared: …}` is met by the `cleared` of an
// occurrence that HH was part of, although it names the rule that opened it.

import TocsinEngine
import TocsinModel
import TocsinRules

struct ExpectationCheck {
    private struct Fact {
        var event: Event
        var offset: Span
        var rule: String?
        var alarm: String?
        var stream: String?
        var group: String?
        var alarmClass: AlarmClass
    }

    /// Events that a failure names as near misses.
    private static let candidatesMax = 3

    private let scenario: Scenario
    private let facts: [Fact]
    private let commands: [CommandResult]
    /// The full and short names of the rules of each occurrence; looked up only.
    private var occurrences: [Identifier: Set<String>] = [:]

    init(scenario: Scenario, events: [Event], commands: [CommandResult]) {
        self.scenario = scenario
        self.commands = commands
        facts = events.map { event in
            let rule = event.ruleDefinition
            return Fact(
                event: event, offset: event.time - scenario.start, rule: rule?.name,
                alarm: rule?.shortName, stream: ExpectationCheck.stream(of: event),
                group: event.binding.flatMap { $0.groupLabel == nil ? nil : $0.stream },
                alarmClass: rule?.alarmClass ?? .system)
        }
        for fact in facts {
            guard let id = fact.event.occurrence, let rule = fact.rule, let alarm = fact.alarm
            else { continue }
            occurrences[id, default: []].formUnion([rule, "/" + alarm])
        }
    }

    /// Nil when the expectation is met.
    func failure(of expectation: Expectation) -> ScenarioFailure? {
        switch expectation.kind {
        case .event(let kind, let window, let count):
            return missing(expectation, kind, window, count)
        case .none(let kind, let window): return unwanted(expectation, kind, window)
        case .refused(let verb, let at, let reason):
            return refusal(expectation, verb, at: at, reason: reason)
        case .state: return nil
        }
    }

    // MARK: Events

    private func missing(
        _ expectation: Expectation, _ kind: EventKind, _ window: TimeWindow?,
        _ count: ClosedRange<Int>
    ) -> ScenarioFailure? {
        let inside = facts.filter { fact in
            matches(fact, expectation.selector, kind: kind) && window?.contains(fact.offset) ?? true
        }
        let outside = facts.filter { fact in
            isAbout(fact, expectation.selector, kind: kind)
                && !(window?.contains(fact.offset) ?? true) && !isExpected(fact)
        }
        guard !count.contains(inside.count) || !outside.isEmpty else { return nil }
        let when = window.map { " in \($0.text)" } ?? ""
        let often = count == 1...1 ? "" : " \(ExpectationCheck.text(of: count))"
        var lines = ["expected \(kind.word) of \(expectation.selector.text)\(when)\(often)"]
        if inside.count > count.upperBound {
            lines[0] += "; it came \(inside.count) times"
            lines += inside.prefix(ExpectationCheck.candidatesMax).map { "came: " + describe($0) }
        } else if inside.count < count.lowerBound {
            lines[0] += inside.isEmpty ? "; it did not come" : "; it came \(inside.count) times"
        }
        if !outside.isEmpty {
            if count.contains(inside.count) { lines[0] += "; it came at another time, too" }
            lines += outside.prefix(ExpectationCheck.candidatesMax).map {
                "outside the window: " + describe($0)
            }
        } else if inside.count < count.lowerBound {
            lines += nearest(expectation.selector, kind, window).map { "near: " + describe($0) }
        }
        return ScenarioFailure(expectation, lines)
    }

    private func unwanted(
        _ expectation: Expectation, _ kind: EventKind?, _ window: TimeWindow?
    ) -> ScenarioFailure? {
        let found = facts.filter { fact in
            guard window?.contains(fact.offset) ?? true else { return false }
            if let kind { return matches(fact, expectation.selector, kind: kind) }
            let isAlarm = fact.event.kind == .raised || fact.event.kind == .escalated
            guard isAlarm, matches(fact, expectation.selector, kind: fact.event.kind) else {
                return false
            }
            if expectation.selector.alarmClass != nil { return true }
            // A named rule is meant whatever its class.
            if expectation.selector.alarm != nil || expectation.selector.rule != nil { return true }
            switch fact.alarmClass {
            case .alarm, .earlyWarning, .supervisory: return true
            case .trouble, .system: return false
            }
        }
        guard !found.isEmpty else { return nil }
        let when = window.map { " in \($0.text)" } ?? ""
        let what = kind.map { "no \($0.word) of " } ?? "not to raise: "
        var lines = ["expected \(what)\(expectation.selector.text)\(when); \(found.count) came"]
        lines += found.prefix(ExpectationCheck.candidatesMax).map { "came: " + describe($0) }
        return ScenarioFailure(expectation, lines)
    }

    /// Whether some expectation of the scenario covers this event.
    private func isExpected(_ fact: Fact) -> Bool {
        scenario.expectations.contains { other in
            guard case .event(let kind, let window, _) = other.kind else { return false }
            return (window?.contains(fact.offset) ?? true)
                && matches(fact, other.selector, kind: kind)
        }
    }

    // MARK: States and commands

    /// The alarm's state at the end.
    func state(
        _ wanted: AlarmState, _ expectation: Expectation, _ found: AlarmState?
    ) -> ScenarioFailure? {
        guard found != wanted else { return nil }
        let selector = expectation.selector
        var lines = [
            "expected \(selector.text) to end \(wanted.word); "
                + (found.map { "it is \($0.word)" } ?? "no rule of that name watches the stream")
        ]
        let own = facts.filter { fact in isAbout(fact, selector, kind: fact.event.kind) }
        lines += own.suffix(ExpectationCheck.candidatesMax).map { "came: " + describe($0) }
        return ScenarioFailure(expectation, lines)
    }

    private func refusal(
        _ expectation: Expectation, _ verb: ScenarioCommand.Verb, at: Span, reason: String?
    ) -> ScenarioFailure? {
        let selector = expectation.selector
        let results = commands.filter { result in
            result.at == at && result.command.verb == verb
                && result.command.alarm == selector.alarm
                && result.command.stream == selector.stream
        }
        let what = "expected \(verb.rawValue) of \(selector.text) at \(at.text) to be refused"
        guard let result = results.first else {
            return ScenarioFailure(expectation, [what + "; it was not tried"])
        }
        switch result.outcome {
        case .refused(let answer):
            guard let reason, !answer.contains(reason) else { return nil }
            return ScenarioFailure(
                expectation, [what + " because of `\(reason)`", "the answer was: \(answer)"])
        case .accepted: return ScenarioFailure(expectation, [what + "; it was accepted"])
        case .unknownAlarm:
            return ScenarioFailure(expectation, [what + "; no such alarm at that time"])
        }
    }

    /// Commands that were not carried out although nobody expected that.
    func unexpectedRefusals() -> [ScenarioFailure] {
        commands.compactMap { result in
            let command = result.command
            let isExpected = scenario.expectations.contains { expectation in
                guard case .refused(let verb, let at, _) = expectation.kind else { return false }
                return verb == command.verb && at == result.at
                    && expectation.selector.alarm == command.alarm
                    && expectation.selector.stream == command.stream
            }
            let answer: String
            switch result.outcome {
            case .accepted: return nil
            case .refused(let reason): answer = "was refused: \(reason)"
            case .unknownAlarm: answer = "found no such alarm"
            }
            guard !isExpected else { return nil }
            let place = scenario.actions.first { $0.kind == .command(command) }?.place
            return ScenarioFailure(
                place: place.map(ScenarioFailure.text) ?? scenario.path,
                text: "\(command.verb.rawValue) of \(command.alarm) on \(command.stream) at "
                    + "\(result.at.text) \(answer)")
        }
    }

    private static func stream(of event: Event) -> String? {
        guard let binding = event.binding else { return event.note?.subject }
        return binding.groupLabel == nil ? binding.stream : nil
    }

    // MARK: Matching

    /// The event is of this kind and about the selector's alarm and stream.
    private func isAbout(_ fact: Fact, _ selector: EventSelector, kind: EventKind) -> Bool {
        guard fact.event.kind == kind else { return false }
        if let stream = selector.stream, fact.stream != stream { return false }
        if let group = selector.group, fact.group != group { return false }
        if let wanted = selector.alarmClass, fact.alarmClass != wanted { return false }
        if let rule = selector.rule, !names(fact, rule, own: fact.rule) { return false }
        if let alarm = selector.alarm, !names(fact, "/" + alarm, own: fact.alarm.map { "/" + $0 }) {
            return false
        }
        return true
    }

    private func names(_ fact: Fact, _ name: String, own: String?) -> Bool {
        if own == name { return true }
        switch fact.event.kind {
        case .raised, .escalated, .deEscalated: return false
        default:
            guard let id = fact.event.occurrence else { return false }
            return occurrences[id]?.contains(name) ?? false
        }
    }

    private func matches(_ fact: Fact, _ selector: EventSelector, kind: EventKind) -> Bool {
        guard isAbout(fact, selector, kind: kind) else { return false }
        let event = fact.event
        if let priority = selector.priority, event.priority != priority { return false }
        if let level = selector.level, event.ruleDefinition?.level != level { return false }
        if let quality = selector.quality, event.quality != quality { return false }
        if let degraded = selector.degraded, event.degraded != degraded { return false }
        if let retained = selector.retained, event.retained != retained { return false }
        if let state = selector.state, event.state != state { return false }
        if let mode = selector.mode {
            // Offline what is live says `replay`.
            let word = event.mode == .replay ? Mode.live.word : event.mode.word
            guard mode == word || mode == event.mode.word else { return false }
        }
        if let reason = selector.reason, !(event.note?.reason ?? "").contains(reason) {
            return false
        }
        if let message = selector.message {
            return ExpectationCheck.message(of: event).contains(message)
        }
        return true
    }

    /// What came on the stream, or of the alarm, closest to the window.
    private func nearest(
        _ selector: EventSelector, _ kind: EventKind, _ window: TimeWindow?
    ) -> [Fact] {
        let related = facts.filter { fact in
            if let stream = selector.stream { return fact.stream == stream }
            if let group = selector.group { return fact.group == group }
            if let alarm = selector.alarm { return fact.alarm == alarm }
            if let rule = selector.rule { return fact.rule == rule }
            return fact.event.kind == kind
        }
        guard let window else { return Array(related.prefix(ExpectationCheck.candidatesMax)) }
        func distance(_ fact: Fact) -> Int64 {
            max(
                window.from.milliseconds - fact.offset.milliseconds,
                fact.offset.milliseconds - window.to.milliseconds, 0)
        }
        let sorted = related.enumerated().sorted { a, b in
            (distance(a.element), a.offset) < (distance(b.element), b.offset)
        }
        return sorted.prefix(ExpectationCheck.candidatesMax).map(\.element)
    }

    private func describe(_ fact: Fact) -> String {
        let event = fact.event
        var parts: [String] = []
        if let priority = event.priority { parts.append(priority.word) }
        if let quality = event.quality { parts.append(quality.word) }
        if event.degraded { parts.append("degraded") }
        if event.retained { parts.append("retained") }
        if event.mode == .test { parts.append("test") }
        let details = parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
        let rule = fact.rule.map { " " + $0 } ?? ""
        let stream =
            fact.stream.map { " on " + $0 } ?? fact.group.map { " of the group " + $0 } ?? ""
        return "\(OffsetText.text(fact.offset)) \(event.kind.word)\(rule)\(stream)\(details)"
    }

    /// The event's sentence, as its line says it (escaped as in JSON).
    private static func message(of event: Event) -> Substring {
        let line = String(
            decoding: EventLine(logged: nil, isReplay: true).body(of: event), as: UTF8.self)
        guard let start = line.firstRange(of: "\"message\":\""),
            let end = line[start.upperBound...].firstRange(of: "\",\"cause\":")
        else { return "" }
        return line[start.upperBound..<end.lowerBound]
    }

    private static func text(of count: ClosedRange<Int>) -> String {
        count.lowerBound == count.upperBound
            ? "\(count.lowerBound) times" : "\(count.lowerBound) to \(count.upperBound) times"
    }
}

extension ScenarioFailure {
    init(_ expectation: Expectation, _ lines: [String]) {
        place = ScenarioFailure.text(expectation.place)
        text = lines.joined(separator: "\n")
    }

    /// `path:line:column`.
    static func text(_ range: SourceRange) -> String {
        "\(range.file.path):\(range.line):\(range.column)"
    }
}

/// Offsets as people read them: `6m12.5s`.
enum OffsetText {
    static func text(_ offset: Span) -> String {
        let magnitude = offset.milliseconds.magnitude
        let sign = offset.milliseconds < 0 ? "-" : ""
        let (hours, minutes) = (magnitude / 3_600_000, magnitude / 60_000 % 60)
        let seconds = JSONMembers.shortest(Double(magnitude % 60_000) / 1000) + "s"
        if hours > 0 { return "\(sign)\(hours)h\(minutes)m\(seconds)" }
        return minutes > 0 ? "\(sign)\(minutes)m\(seconds)" : sign + seconds
    }
}
