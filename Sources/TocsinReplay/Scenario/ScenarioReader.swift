import TocsinDecode
import TocsinModel
package import TocsinRules

/// Reads a scenario file; everything wrong is reported with its place, as `check` reports it.
package struct ScenarioReader {
    let path: String
    let diagnostics: DiagnosticList
    /// Streams by name, once they are read.
    var streams: [ScenarioStream] = []
    var positions: [String: Int] = [:]
    /// A recording is mixed in: streams beyond the list may be heard.
    var hasFeed = false
    var unlisted: [UnlistedStream] = []
    var duration = Span.zero

    init(path: String, diagnostics: DiagnosticList) {
        self.path = path
        self.diagnostics = diagnostics
    }

    /// Reads a file; nil when something is wrong.
    package static func read(path: String, reporting diagnostics: DiagnosticList) -> Scenario? {
        let bytes: [UInt8]
        do throws(FileReadError) {
            bytes = try FileBytes.read(path: path, limit: YAMLLimits().bytes)
        } catch {
            diagnostics.add(Diagnostic(.error, path: path, "\(error)"))
            return nil
        }
        return read(bytes, path: path, reporting: diagnostics)
    }

    /// Reads a file's bytes; `path` is shown in messages, and other files are relative to it.
    package static func read(
        _ bytes: [UInt8], path: String, reporting diagnostics: DiagnosticList
    ) -> Scenario? {
        let before = diagnostics.errorCount
        guard let stream = YAMLReader.read(bytes, path: path, reporting: diagnostics) else {
            return nil
        }
        guard let document = stream.documents.first else {
            if diagnostics.errorCount == before {
                diagnostics.add(Diagnostic(.error, path: path, "the file has no scenario"))
            }
            return nil
        }
        if let second = stream.documents.dropFirst().first {
            diagnostics.error(
                at: second.range, "a file holds one scenario", help: "make a file of this one")
        }
        var reader = ScenarioReader(path: path, diagnostics: diagnostics)
        let scenario = reader.scenario(document)
        return diagnostics.errorCount == before ? scenario : nil
    }

    private mutating func scenario(_ document: YAMLNode) -> Scenario? {
        guard var keys = MappingReader(document, name: "a scenario", reporting: diagnostics) else {
            return nil
        }
        let name = keys.string("scenario", required: true) ?? ""
        let about = keys.string("about")
        let seed = keys.integer("seed", in: 0...Int.max) ?? 1
        duration =
            keys.duration(
                "duration", in: Span(milliseconds: 1)...Scenario.durationMax, required: true)
            ?? Scenario.durationMax
        let start = time("start", &keys) ?? Scenario.defaultStart
        let site = keys.string("site") ?? "scenario"
        let decimals = keys.integer("decimals", in: 0...9) ?? 3
        let rules = (keys.texts("rules", required: true) ?? []).map { resolved($0.text) }
        let inventory = keys.string("inventory").map { resolved($0) }
        for node in keys.list("streams") ?? [] { readStream(node, decimals: decimals) }
        var actions: [ScenarioAction] = []
        let events = keys.list("events") ?? []
        hasFeed = events.contains { $0["feed"] != nil }
        for node in events { if let action = readAction(node) { actions.append(action) } }
        var expectations: [Expectation] = []
        for node in keys.list("expect") ?? [] {
            expectations += readExpectations(node, actions: actions)
        }
        keys.finish()
        if streams.isEmpty && !hasFeed {
            diagnostics.error(
                at: document.range, "the scenario has no `streams` and no `feed` event")
        }
        // Swift's sort is not promised to be stable: the position decides at equal times.
        let ordered = actions.enumerated().sorted { a, b in
            (a.element.at, a.offset) < (b.element.at, b.offset)
        }
        return Scenario(
            path: path, name: name, about: about, seed: UInt64(seed), duration: duration,
            start: start, site: site, rules: rules, inventory: inventory, streams: streams,
            actions: ordered.map(\.element), expectations: expectations, unlisted: unlisted)
    }

    /// A path relative to the scenario's folder.
    func resolved(_ text: String) -> String {
        guard !text.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return text }
        return path[...slash] + text
    }

    func time(_ key: String, _ keys: inout MappingReader) -> Timestamp? {
        guard let text = keys.text(key) else { return nil }
        if let milliseconds = Int64(text.text) { return Timestamp(milliseconds: milliseconds) }
        do throws(TimeTextError) {
            return try RFC3339.parse(text.text)
        } catch {
            diagnostics.error(
                at: text.node.range(ofTextAt: error.offset),
                "`\(key)` is no time: \(error.message)",
                help: "write RFC 3339, such as 2026-01-05T08:00:00Z, or milliseconds since 1970")
            return nil
        }
    }

    // MARK: Streams

    private mutating func readStream(_ node: YAMLNode, decimals: Int) {
        guard var keys = MappingReader(node, name: "a stream", reporting: diagnostics) else {
            return
        }
        let pattern = keys.text("stream", required: true)
        let unit = unit(&keys)
        let every = keys.duration("every", in: Span(milliseconds: 1)...Scenario.durationMax)
        let decimals = keys.integer("decimals", in: 0...9) ?? decimals
        let quality = quality("quality", &keys) ?? .good
        let isRetained = keys.bool("retained") ?? false
        let isTimeless = keys.word("time", among: ["sensor", "none"]) == "none"
        let isTest = keys.bool("test") ?? false
        let signal = keys.mapping("signal").map { readSignal($0) } ?? Signal()
        keys.finish()
        if unit != nil && signal.state != nil {
            diagnostics.error(at: keys.keyRange("unit"), "a state has no unit")
        }
        guard let pattern else { return }
        for name in names(pattern) {
            guard streams.count < Scenario.streamsMax else {
                diagnostics.error(
                    at: pattern.node.range, "more than \(Scenario.streamsMax) streams")
                return
            }
            guard positions[name] == nil else {
                diagnostics.error(at: pattern.node.range, "the stream `\(name)` is listed twice")
                return
            }
            positions[name] = streams.count
            streams.append(
                ScenarioStream(
                    name: name, unit: unit, every: every, signal: signal, quality: quality,
                    decimals: decimals, isRetained: isRetained, isTimeless: isTimeless,
                    isTest: isTest))
        }
    }

    private func unit(_ keys: inout MappingReader) -> String? {
        guard let text = keys.text("unit") else { return nil }
        guard UnitTable.standard.find(text.text) != nil else {
            let all = UnitTable.standard.units.flatMap { [$0.symbol] + $0.aliases }
            diagnostics.error(
                at: text.node.range, "unknown unit `\(text.text)`",
                help: nearestName(text.text, among: all).map { "did you mean `\($0)`?" })
            return nil
        }
        return text.text
    }

    private func readSignal(_ reader: MappingReader) -> Signal {
        var keys = reader
        var signal = Signal()
        signal.state = keys.string("state")
        signal.baseline = keys.number("baseline") ?? 0
        signal.noise = keys.number("noise", in: 0...1e12) ?? 0
        signal.sine = keys.mapping("sine").flatMap { wave($0) }
        signal.sawtooth = keys.mapping("sawtooth").flatMap { wave($0) }
        keys.finish()
        if signal.state != nil, let other = keys.node.mapping?.first(where: { $0.key != "state" }) {
            diagnostics.error(
                at: other.keyRange, "a signal is a `state` or numbers, not both")
        }
        return signal
    }

    private func wave(_ reader: MappingReader) -> Signal.Wave? {
        var keys = reader
        let amplitude = keys.number("amplitude", required: true)
        let period = keys.duration(
            "period", in: Span(milliseconds: 1)...Scenario.durationMax, required: true)
        keys.finish()
        guard let amplitude, let period else { return nil }
        return Signal.Wave(amplitude: amplitude, period: period)
    }

    func quality(_ key: String, _ keys: inout MappingReader) -> QualityMeaning? {
        keys.word(key, among: QualityMeaning.allCases.map(\.rawValue))
            .flatMap(QualityMeaning.init(rawValue:))
    }

    /// The names that a pattern stands for; none, and reported, when it is no pattern.
    func names(_ pattern: YAMLText) -> [String] {
        do throws(StreamNames.Problem) {
            return try StreamNames.expand(pattern.text, limit: Scenario.streamsMax)
        } catch {
            diagnostics.error(
                at: pattern.node.range(ofTextAt: error.offset), error.message,
                help: "such as \"store/nh3/{1..4}\" or \"store/{nh3,lel}/1\"")
            return []
        }
    }

    /// The positions of the streams that an event names; unknown ones are reported.
    func known(_ pattern: YAMLText) -> [Int] {
        names(pattern).compactMap { name in
            if let position = positions[name] { return position }
            diagnostics.error(
                at: pattern.node.range, "no stream `\(name)` in this scenario",
                help: nearestName(name, among: streams.map(\.name)).map { "did you mean `\($0)`?" })
            return nil
        }
    }
}
