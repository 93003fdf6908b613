import TocsinDecode
import TocsinModel
import TocsinRules

// `events:`: one mapping each, with `at`, the stream or streams, and what happens to them.

extension ScenarioReader {
    static let kinds = [
        "ramp", "step", "spike", "decay", "drift", "stuck", "gap", "duplicate", "reorder",
        "clock-jump", "quality", "state", "sample", "feed", "acknowledge", "reset", "broker",
    ]
    /// Kinds that are about no stream of the list.
    private static let streamless = ["feed", "acknowledge", "reset", "broker"]

    mutating func readAction(_ node: YAMLNode) -> ScenarioAction? {
        guard var keys = MappingReader(node, name: "an event", reporting: diagnostics) else {
            return nil
        }
        let at = keys.duration("at", in: .zero...duration, required: true)
        keys.allow(ScenarioReader.kinds)
        let found = (node.mapping ?? []).filter { ScenarioReader.kinds.contains($0.key) }
        guard let entry = found.first, found.count == 1 else {
            if let second = found.dropFirst().first {
                diagnostics.error(
                    at: second.keyRange,
                    "an event is one thing: `\(found[0].key)` or `\(second.key)`",
                    help: "write two events")
            }
            _ = keys.text("stream")
            keys.finish()
            if found.isEmpty {
                diagnostics.error(
                    at: node.range, "nothing happens in this event",
                    help: "one of: " + ScenarioReader.kinds.joined(separator: ", "))
            }
            return nil
        }
        var targets: [Int] = []
        let isStreamless = ScenarioReader.streamless.contains(entry.key)
        if !isStreamless, let pattern = keys.text("stream", required: true) {
            targets = known(pattern)
        }
        let kind = readKind(entry.key, &keys)
        keys.finish()
        guard let at, let kind else { return nil }
        for target in targets { checkFit(kind, streams[target], at: entry.keyRange) }
        return ScenarioAction(at: at, streams: targets, kind: kind, place: entry.keyRange)
    }

    /// What cannot happen to this stream is a mistake of the scenario.
    private func checkFit(
        _ kind: ScenarioAction.Kind, _ stream: ScenarioStream, at place: SourceRange
    ) {
        switch kind {
        case .ramp, .decay, .drift, .duplicate, .reorder:
            guard stream.every == nil else { return }
            diagnostics.error(
                at: place, "`\(stream.name)` has no cadence: this needs samples in a row",
                help: "write `every:` at the stream")
        case .step, .spike, .stuck, .gap, .clockJump, .quality, .state, .sample, .feed, .command,
            .broker:
            return
        }
    }

    private func readKind(_ name: String, _ keys: inout MappingReader) -> ScenarioAction.Kind? {
        switch name {
        case "quality":
            let (word, lasting) = wordLasting(name, &keys)
            guard let word else { return nil }
            guard let meaning = QualityMeaning(rawValue: word.text) else {
                diagnostics.error(
                    at: word.node.range, "`\(word.text)` is no quality",
                    help: "one of: "
                        + QualityMeaning.allCases.map(\.rawValue).joined(separator: ", "))
                return nil
            }
            return .quality(meaning, lasting: lasting)
        case "state":
            let (word, lasting) = wordLasting(name, &keys)
            return word.map { .state($0.text, lasting: lasting) }
        case "broker":
            return keys.word(name, among: ["lost", "back"]).map { .broker(isLost: $0 == "lost") }
        default:
            guard var inner = keys.mapping(name) else { return nil }
            let kind = readMapping(name, &inner)
            inner.finish()
            return kind
        }
    }

    /// `quality: bad` or `quality: {to: bad, for: 5m}`.
    private func wordLasting(
        _ name: String, _ keys: inout MappingReader
    ) -> (word: YAMLText?, lasting: Span?) {
        guard let node = keys.node(name) else { return (nil, nil) }
        guard node.mapping != nil else { return (keys.text(name), nil) }
        guard var inner = keys.mapping(name) else { return (nil, nil) }
        let word = inner.text("to", required: true)
        let lasting = span("for", &inner)
        inner.finish()
        return (word, lasting)
    }

    private func span(_ key: String, _ keys: inout MappingReader, required: Bool = false) -> Span? {
        keys.duration(
            key, in: Span(milliseconds: 1)...Scenario.durationMax, required: required)
    }

    /// `for: 10s` or `count: 3`; one sample where nothing is said.
    private func extent(_ keys: inout MappingReader) -> Extent {
        let lasting = span("for", &keys)
        let count = keys.integer("count", in: 1...1_000_000)
        if lasting != nil && count != nil {
            diagnostics.error(at: keys.keyRange("count"), "`for` or `count`, not both")
        }
        return lasting.map { .time($0) } ?? .samples(count ?? 1)
    }

    private func readMapping(
        _ name: String, _ keys: inout MappingReader
    ) -> ScenarioAction.Kind? {
        switch name {
        case "ramp":
            let to = keys.number("to", required: true)
            let over = span("over", &keys, required: true)
            guard let to, let over else { return nil }
            return .ramp(to: to, over: over)
        case "step":
            let lasting = span("for", &keys)
            return keys.number("to", required: true).map { .step(to: $0, lasting: lasting) }
        case "spike":
            let extent = extent(&keys)
            return keys.number("to", required: true).map { .spike(to: $0, extent) }
        case "decay":
            let to = keys.number("to", required: true)
            let halfLife = span("half_life", &keys, required: true)
            guard let to, let halfLife else { return nil }
            return .decay(to: to, halfLife: halfLife)
        case "drift":
            let by = keys.number("by", required: true)
            let over = span("over", &keys, required: true)
            guard let by, let over else { return nil }
            return .drift(by: by, over: over)
        case "stuck": return .stuck(lasting: span("for", &keys))
        case "gap": return .gap(lasting: span("for", &keys))
        case "duplicate": return .duplicate(extent(&keys))
        case "reorder":
            let extent = extent(&keys)
            return span("by", &keys, required: true).map { .reorder(by: $0, extent) }
        case "clock-jump": return clockJump(&keys)
        case "sample": return .sample(extraSample(&keys))
        case "feed": return feed(&keys)
        case "acknowledge", "reset": return command(name, &keys)
        default: return nil
        }
    }

    private func clockJump(_ keys: inout MappingReader) -> ScenarioAction.Kind? {
        let lasting = span("for", &keys)
        if let text = keys.text("by") {
            let isNegative = text.text.hasPrefix("-")
            guard let span = Span(parsing: isNegative ? String(text.text.dropFirst()) : text.text)
            else {
                diagnostics.error(
                    at: text.node.range, "`by` must be a duration, found `\(text.text)`",
                    help: "such as -1h or 90s")
                return nil
            }
            let shift = isNegative ? -span.milliseconds : span.milliseconds
            return .clockJump(.by(shift), lasting: lasting)
        }
        if let time = time("to", &keys) { return .clockJump(.to(time), lasting: lasting) }
        if keys.node["to"] == nil {
            diagnostics.error(
                at: keys.node.range, "a clock jump needs `by` or `to`",
                help: "such as {by: -1h} or {to: 1970-01-01T00:00:00Z}")
        }
        return nil
    }

    private func extraSample(_ keys: inout MappingReader) -> ExtraSample {
        let value = keys.number("value")
        let state = keys.string("state")
        if value != nil && state != nil {
            diagnostics.error(at: keys.keyRange("state"), "`value` or `state`, not both")
        }
        let quality = quality("quality", &keys) ?? .good
        let isRetained = keys.bool("retained") ?? false
        // A retained state has no time of its own unless it says so.
        var age: Int64? = isRetained ? nil : 0
        if let text = keys.text("time") {
            if text.text == "none" {
                age = nil
            } else if let span = Span(parsing: text.text.drop { $0 == "-" }) {
                age = text.text.hasPrefix("-") ? -span.milliseconds : span.milliseconds
            } else {
                diagnostics.error(
                    at: text.node.range, "`time` must be none or a duration, found `\(text.text)`",
                    help: "such as -5s: five seconds before it arrives")
            }
        }
        return ExtraSample(
            value: value, state: state, quality: quality, isRetained: isRetained, age: age)
    }

    private func feed(_ keys: inout MappingReader) -> ScenarioAction.Kind? {
        let file = keys.string("file", required: true)
        let prefix = keys.string("prefix") ?? ""
        let only = keys.bool("only") ?? false
        var renames: [String: String] = [:]
        if let inner = keys.node("streams") {
            for entry in inner.mapping ?? [] {
                guard let name = keys.text(of: entry.value, called: "a new name") else { continue }
                renames[entry.key] = name.text
            }
            if inner.mapping == nil {
                diagnostics.error(
                    at: inner.range, "`streams` must be a mapping of old names to new ones")
            }
        }
        guard let file else { return nil }
        return .feed(
            FeedMix(path: resolved(file), prefix: prefix, renames: renames, onlyRenamed: only))
    }

    private func command(_ name: String, _ keys: inout MappingReader) -> ScenarioAction.Kind? {
        let alarm = keys.string("alarm", required: true)
        let stream = keys.text("stream", required: true)
        let by = keys.string("by") ?? "operator"
        let reason = keys.string("reason")
        let confirms = name == "reset" && (keys.bool("confirm_over_range") ?? false)
        guard let alarm, let stream, let verb = ScenarioCommand.Verb(rawValue: name) else {
            return nil
        }
        if !hasFeed { _ = known(stream) }
        return .command(
            ScenarioCommand(
                verb: verb, alarm: alarm, stream: stream.text, by: by, reason: reason,
                confirmsOverRange: confirms))
    }
}
