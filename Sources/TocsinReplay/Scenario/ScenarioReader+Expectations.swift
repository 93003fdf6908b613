import TocsinModel
import TocsinRules

// `expect:`: one mapping each: what must happen (an event's word with a window), what must not
// (`no_alarm: true`), how an alarm ends (`state:`), or which command is refused (`refused:`).

extension ScenarioReader {
    /// Events that are named as keys; others are named by `event:` with a `window:`.
    static let eventKeys = [
        "raised", "cleared", "escalated", "de-escalated", "acknowledged", "reset", "re-alarmed",
    ]

    /// One entry; several where its stream is a pattern.
    mutating func readExpectations(
        _ node: YAMLNode, actions: [ScenarioAction]
    ) -> [Expectation] {
        guard var keys = MappingReader(node, name: "an expectation", reporting: diagnostics) else {
            return []
        }
        if node["refused"] != nil {
            let refusal = keys.mapping("refused").flatMap { readRefusal($0, actions: actions) }
            keys.finish()
            return refusal.map { [$0] } ?? []
        }
        var selector = EventSelector()
        let places = readPlace(&keys, &selector)
        let kinds = readKinds(&keys, &selector)
        readFields(&keys, &selector)
        keys.finish()
        if kinds.isEmpty {
            diagnostics.error(
                at: node.range, "nothing is expected here",
                help: "write raised: [7m, 8m], no_alarm: true, state: or refused:")
        }
        return kinds.flatMap { kind, place in
            places.map { stream, group in
                var copy = selector
                copy.stream = stream
                copy.group = group
                return Expectation(selector: copy, kind: kind, place: place)
            }
        }
    }

    /// The streams or the groups that the entry is about.
    private mutating func readPlace(
        _ keys: inout MappingReader, _ selector: inout EventSelector
    ) -> [(stream: String?, group: String?)] {
        selector.alarm = keys.string("alarm")
        selector.rule = keys.string("rule")
        selector.alarmClass = keys.word("class", among: AlarmClass.allCases.map(\.word))
            .flatMap { AlarmClass(word: $0) }
        let pattern = keys.text("stream")
        if let group = keys.text("group") {
            if pattern != nil {
                diagnostics.error(
                    at: keys.keyRange("group"),
                    "an alarm is of a stream or of a group, not of both")
            }
            return names(group).map { (nil, $0) }
        }
        guard let pattern else { return [(nil, nil)] }
        return expected(pattern).map { ($0, nil) }
    }

    /// A recording brings streams that only its file knows, and packs calculate streams: those are
    /// held against the rules once they are loaded.
    private mutating func expected(_ pattern: YAMLText) -> [String] {
        let names = names(pattern)
        guard !hasFeed else { return names }
        for name in names where positions[name] == nil {
            unlisted.append(UnlistedStream(name: name, place: pattern.node.range))
        }
        return names
    }

    private func readFields(_ keys: inout MappingReader, _ selector: inout EventSelector) {
        selector.priority = keys.word("priority", among: Priority.allCases.map(\.word))
            .flatMap { Priority(word: $0) }
        selector.level = keys.string("level")
        selector.quality = keys.word("quality", among: Quality.allCases.map(\.word))
            .flatMap { word in Quality.allCases.first { $0.word == word } }
        selector.degraded = keys.bool("degraded")
        selector.retained = keys.bool("retained")
        selector.mode = keys.word("mode", among: Mode.allCases.map(\.word))
        selector.message = keys.string("message")
        selector.reason = keys.string("reason")
    }

    /// Everything that the entry expects, each with its place.
    private func readKinds(
        _ keys: inout MappingReader, _ selector: inout EventSelector
    ) -> [(Expectation.Kind, SourceRange)] {
        var kinds: [(Expectation.Kind, SourceRange)] = []
        let count = readCount(&keys)
        let window = keys.node("window") == nil ? nil : readWindow("window", &keys)
        let named = keys.word("event", among: EventKind.allCases.map(\.word))
            .flatMap { EventKind(word: $0) }
        for key in ScenarioReader.eventKeys where keys.node(key) != nil {
            guard let kind = EventKind(word: key) else { continue }
            kinds.append(
                (.event(kind, window: readWindow(key, &keys), count: count), keys.keyRange(key)))
        }
        let state = keys.word("state", among: AlarmState.allCases.map(\.word))
            .flatMap { AlarmState(word: $0) }
        let isNone = keys.bool("no_alarm") ?? false
        if isNone {
            if let other = kinds.first {
                diagnostics.error(at: other.1, "`no_alarm` and an event contradict each other")
            }
            kinds.append((.none(named, window: window), keys.keyRange("no_alarm")))
        } else if let named {
            kinds.append(
                (.event(named, window: window, count: count), keys.keyRange("event")))
        }
        if let state {
            if kinds.isEmpty {
                checkStateIsNamed(selector, keys)
                kinds.append((.state(state), keys.keyRange("state")))
            } else {
                selector.state = state
            }
        }
        return kinds
    }

    private func checkStateIsNamed(_ selector: EventSelector, _ keys: MappingReader) {
        let hasStream = keys.node["stream"] != nil
        guard !hasStream || (selector.alarm == nil && selector.rule == nil) else { return }
        diagnostics.error(
            at: keys.keyRange("state"), "a state belongs to one alarm on one stream",
            help: "write `alarm:` and `stream:` too")
    }

    private func readCount(_ keys: inout MappingReader) -> ClosedRange<Int> {
        guard let node = keys.node("count") else { return 1...1 }
        if let pair = node.sequence, pair.count == 2,
            let low = pair[0].scalar.flatMap({ Int($0.text) }),
            let high = pair[1].scalar.flatMap({ Int($0.text) }), low >= 0, low <= high
        {
            return low...high
        }
        guard node.sequence == nil else {
            diagnostics.error(
                at: node.range, "`count` must be a number or two, the smaller first",
                help: "such as 3 or [1, 5]")
            return 1...1
        }
        let count = keys.integer("count", in: 0...1_000_000) ?? 1
        return count...count
    }

    /// `[7m, 8m]`, or `any`.
    private func readWindow(_ key: String, _ keys: inout MappingReader) -> TimeWindow? {
        guard let node = keys.node(key) else { return nil }
        if let text = node.scalar?.text, text == "any" { return nil }
        let ends = (node.sequence ?? []).map { end in
            end.scalar.flatMap { Span(parsing: NumberText.folded($0.text)) }
        }
        guard ends.count == 2, let from = ends[0], let to = ends[1], from <= to else {
            diagnostics.error(
                at: node.range, "`\(key)` must be a window of two times, or any",
                help: "such as [7m, 8m], from the scenario's start")
            return nil
        }
        if from > duration {
            diagnostics.error(
                at: node.range, "the window begins after the scenario's end (\(duration.text))")
        }
        return TimeWindow(from: from, to: to)
    }

    private func readRefusal(
        _ reader: MappingReader, actions: [ScenarioAction]
    ) -> Expectation? {
        var keys = reader
        let verb = keys.word(
            "command", among: ScenarioCommand.Verb.allCases.map(\.rawValue), required: true
        ).flatMap(ScenarioCommand.Verb.init(rawValue:))
        let alarm = keys.string("alarm", required: true)
        let stream = keys.string("stream", required: true)
        let at = keys.duration("at", in: .zero...duration, required: true)
        let reason = keys.string("reason")
        keys.finish()
        guard let verb, let alarm, let stream, let at else { return nil }
        let isThere = actions.contains { action in
            guard case .command(let command) = action.kind else { return false }
            return action.at == at && command.verb == verb && command.alarm == alarm
                && command.stream == stream
        }
        if !isThere {
            diagnostics.error(
                at: keys.node.range,
                "no \(verb.rawValue) of \(alarm) on \(stream) at \(at.text) in `events`",
                help: "what is refused must be tried first")
        }
        var selector = EventSelector()
        selector.alarm = alarm
        selector.stream = stream
        return Expectation(
            selector: selector, kind: .refused(verb, at: at, reason: reason),
            place: keys.node.range)
    }
}
