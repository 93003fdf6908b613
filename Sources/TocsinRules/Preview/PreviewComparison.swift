import TocsinEngine
import TocsinModel

/// Compares rule by rule, and gathers the streams on which the answer is the same.
final class PreviewComparison {
    private struct Outcome: Hashable {
        var change: ReloadPreview.Change
        var details: [ReloadPreview.Detail]
    }

    private let before: PreviewSide
    private let after: PreviewSide
    /// By rule: outcomes in the order in which they were met, each with its streams.
    private var found: [String: [(outcome: Outcome, streams: [String])]] = [:]
    private var positions: [String: [Outcome: Int]] = [:]

    init(before: PreviewSide, after: PreviewSide) {
        self.before = before
        self.after = after
    }

    /// Compares the rules of one listed stream.
    func add(stream: String) {
        let old = before.rules(on: stream)
        let new = after.rules(on: stream)
        for rule in new {
            note(
                rule.rule.name, stream, outcome(old.first { $0.rule.name == rule.rule.name }, rule))
        }
        for rule in old where !new.contains(where: { $0.rule.name == rule.rule.name }) {
            note(rule.rule.name, stream, outcome(rule, nil))
        }
    }

    private func note(_ rule: String, _ stream: String, _ outcome: Outcome) {
        if let position = positions[rule]?[outcome] {
            found[rule]?[position].streams.append(stream)
        } else {
            positions[rule, default: [:]][outcome] = found[rule, default: []].count
            found[rule, default: []].append((outcome, [stream]))
        }
    }

    /// A rule's entries: by its listed streams, or at large where there are none.
    func entries(of rule: String) -> [ReloadPreview.Entry] {
        guard let own = found[rule] else {
            let outcome = outcome(before.rule(rule), after.rule(rule))
            return [
                ReloadPreview.Entry(
                    rule: rule, change: outcome.change, streams: [], details: outcome.details)
            ]
        }
        return own.map { outcome, streams in
            ReloadPreview.Entry(
                rule: rule, change: outcome.change, streams: streams, details: outcome.details)
        }
    }

    private func outcome(_ old: PreviewRule?, _ new: PreviewRule?) -> Outcome {
        guard let old else { return Outcome(change: .new, details: []) }
        guard let new else { return Outcome(change: .removed, details: []) }
        guard old.rule.meaning == new.rule.meaning else {
            return Outcome(change: .meaningChanged, details: meaning(old.rule, new.rule))
        }
        let limits = limits(old, new)
        let others = details(old, new)
        guard limits.isEmpty else {
            return Outcome(change: .limitMoved, details: limits + others)
        }
        return Outcome(change: others.isEmpty ? .unchanged : .changed, details: others)
    }

    // MARK: Details

    /// The lines of the meaning that differ: `when`, `clear_when`, `unless` …
    private func meaning(_ old: Rule, _ new: Rule) -> [ReloadPreview.Detail] {
        func lines(_ text: String) -> [(key: String, text: String)] {
            text.split(separator: "\n").map { line in
                let key = line.prefix { $0 != " " }
                return (String(key), String(line.dropFirst(key.count + 1)))
            }
        }
        let (before, after) = (lines(old.meaning), lines(new.meaning))
        var keys: [String] = []
        for line in before + after where !keys.contains(line.key) { keys.append(line.key) }
        return keys.compactMap { key in
            let own = before.filter { $0.key == key }.map(\.text).joined(separator: ", ")
            let other = after.filter { $0.key == key }.map(\.text).joined(separator: ", ")
            guard own != other else { return nil }
            return ReloadPreview.Detail(
                key: key, old: own.isEmpty ? "none" : own, new: other.isEmpty ? "none" : other)
        }
    }

    private func limits(_ old: PreviewRule, _ new: PreviewRule) -> [ReloadPreview.Detail] {
        let earlier = before.limits(of: old)
        return after.limits(of: new).compactMap { limit in
            let former = earlier.first { $0.name == limit.name }
            guard former?.value != limit.value || former?.unit != limit.unit else { return nil }
            return ReloadPreview.Detail(
                key: "limit.\(limit.name)", old: text(former?.value, former?.unit ?? ""),
                new: text(limit.value, limit.unit), place: limit.place)
        }
    }

    private func text(_ value: Double?, _ unit: String) -> String {
        guard let value else { return "off" }
        return ValueText.of(value) + (unit.isEmpty ? "" : " \(unit)")
    }

    private func details(_ old: PreviewRule, _ new: PreviewRule) -> [ReloadPreview.Detail] {
        let keys = PreviewFacts.of(old)
        let others = PreviewFacts.of(new)
        return zip(keys, others).compactMap { before, after in
            guard before.text != after.text else { return nil }
            return ReloadPreview.Detail(key: before.key, old: before.text, new: after.text)
        }
    }
}

/// What a rule says beside its condition and its limits, as texts: all that may change while its
/// alarm stands.
enum PreviewFacts {
    static func of(_ entry: PreviewRule) -> [(key: String, text: String)] {
        let rule = entry.rule
        func span(_ span: Span?) -> String { span?.text ?? "none" }
        return [
            ("match", match(entry)),
            ("unit", entry.pack.unit.map { UnitTable.standard[$0].symbol } ?? "none"),
            ("on_delay", span(rule.onDelay)), ("off_delay", span(rule.offDelay)),
            ("deadband", deadbands(entry)), ("min_hold", span(rule.minimumHold)),
            ("re_alarm", span(rule.reAlarm)), ("latch", "\(rule.latch)"),
            ("stale_after", rule.trigger == .stale ? span(staleAfter(entry)) : ""),
            ("span", range(entry.binding?.span ?? entry.pack.span)),
            ("fault", range(entry.binding?.fault ?? entry.pack.fault)),
            ("priority", rule.priority.word), ("class", rule.alarmClass.word),
            ("level", rule.level ?? "none"), ("supersedes", supersedes(entry)),
            ("respond_within", span(rule.respondWithin)), ("title", rule.title ?? "none"),
            ("cause", rule.cause ?? "none"), ("consequence", rule.consequence ?? "none"),
            ("action", rule.action ?? "none"),
        ]
    }

    /// At large only: of a listed stream it is known whether it matches.
    private static func match(_ entry: PreviewRule) -> String {
        guard entry.binding == nil else { return "" }
        let without = entry.pack.exclusions.map { " without \($0.text)" }.joined()
        return entry.pack.pattern.text + without
    }

    private static func staleAfter(_ entry: PreviewRule) -> Span? {
        entry.binding.map(\.staleAfter) ?? entry.pack.staleAfter
    }

    private static func supersedes(_ entry: PreviewRule) -> String {
        entry.chain.count < 2 ? "none" : entry.chain.joined(separator: " < ")
    }

    private static func range(_ range: ValueRange?) -> String {
        range.map { "\(ValueText.of($0.low)) … \(ValueText.of($0.high))" } ?? "none"
    }

    private static func deadbands(_ entry: PreviewRule) -> String {
        let position = entry.pack.rules.firstIndex { $0.name == entry.rule.name }
        let texts: [String]
        if let binding = entry.binding, let position {
            texts = binding.deadbands[position].map(ValueText.of)
        } else {
            texts = entry.rule.deadbands.map(text)
        }
        return texts.isEmpty ? "none" : texts.joined(separator: ", ")
    }

    private static func text(_ quantity: Quantity) -> String {
        switch quantity {
        case .number(let number, unit: nil): ValueText.of(number)
        case .number(let number, unit: let unit?):
            "\(ValueText.of(number)) \(UnitTable.standard[unit].symbol)"
        case .percentOfSpan(let percent): "\(ValueText.of(percent)) % of span"
        }
    }
}
