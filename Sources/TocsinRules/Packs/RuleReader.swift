import TocsinEngine
import TocsinModel

/// Reads `defaults`, `ladder` and `alarms` of a pack into drafts: everything but the conditions.
struct RuleReader {
    let outline: PackOutline
    let diagnostics: DiagnosticList

    /// The longest delay a rule may have: a week. Longer waits are a task for maintenance plans.
    static let delayMax = Span.seconds(7 * 86_400)
    /// Rules of one pack, those of trouble not counted.
    static let rulesMax = 256
    /// A text for people; the longest field value of an event that a receiver is sure to take.
    static let textMax = 4096

    /// Keys of later versions, refused by name rather than as unknown.
    private static let unavailable = ["confirm"]

    var pack: Pack { outline.pack }
    private var numbers: QuantityReader { outline.quantities(diagnostics) }

    // MARK: Rules

    /// The ladder's steps, then the alarms, as they are written.
    func drafts() -> [DraftRule] {
        let drafts = ladder() + alarms()
        guard drafts.count <= RuleReader.rulesMax else {
            diagnostics.error(
                at: outline.place,
                "a pack has at most \(RuleReader.rulesMax) rules, this one has \(drafts.count)")
            return []
        }
        return drafts
    }

    private func ladder() -> [DraftRule] {
        guard let node = outline.merged.node["ladder"] else { return [] }
        guard let entries = node.mapping else {
            diagnostics.error(
                at: node.range, "`ladder` must name its steps, found \(node.kind)",
                help: "such as ladder: {HH: {priority: critical, action: \"…\"}}")
            return []
        }
        if !pack.states.isEmpty {
            diagnostics.error(
                at: node.range, "a ladder needs a measured value; this pack has states",
                help: "write `alarms:` with `when: value is …`")
            return []
        }
        return entries.compactMap(step)
    }

    private func step(_ entry: YAMLEntry) -> DraftRule? {
        guard let rank = LimitNames.rank(entry.key) else {
            diagnostics.error(
                at: entry.keyRange, "`\(entry.key)` is no step of a ladder",
                help: "steps are L, LL, … and H, HH, …; write other rules under `alarms:`")
            return nil
        }
        let names = pack.limits.map(\.name)
        guard names.contains(entry.key) else {
            diagnostics.error(
                at: entry.keyRange, "the step `\(entry.key)` has no limit of that name",
                help: "write it under `limits:`, such as limits: {\(entry.key): …}, or "
                    + "`\(entry.key):` without a number if the inventory gives it")
            return nil
        }
        guard
            var reader = MappingReader(
                entry.value, name: "a step of `ladder`", reporting: diagnostics)
        else { return nil }
        var draft = readCommon(&reader, name: entry.key, place: entry.keyRange)
        refuseVoting(&reader)
        refuseUnavailable(&reader)
        reader.finish()
        draft.ladderLimit = entry.key
        draft.when = YAMLText(
            text: "value \(rank > 0 ? ">=" : "<=") limit.\(entry.key)",
            node: YAMLNode(.scalar(YAMLScalar(entry.key)), at: entry.keyRange))
        return draft
    }

    private func alarms() -> [DraftRule] {
        guard let node = outline.merged.node["alarms"] else { return [] }
        guard let items = node.sequence else {
            diagnostics.error(
                at: node.range, "`alarms` must be a list, found \(node.kind)",
                help: "each alarm begins with `- name:`")
            return []
        }
        return items.compactMap(alarm)
    }

    private func alarm(_ item: YAMLNode) -> DraftRule? {
        guard var reader = MappingReader(item, name: "an alarm", reporting: diagnostics) else {
            return nil
        }
        let name = reader.text("name", required: true)
        let isOff = name.map { outline.disabled.names.contains($0.text) } ?? false
        // What is disabled is still read, but a missing part of it is no error of the site's.
        let when = reader.text("when", required: !isOff)
        var draft = readCommon(
            &reader, name: name?.text ?? "", place: name?.node.range ?? item.range)
        draft.when = when
        draft.clearWhen = reader.text("clear_when")
        draft.supersedes = reader.texts("supersedes") ?? []
        readVoting(&draft, &reader)
        if !isOff { refuseUnavailable(&reader) } else { reader.allow(RuleReader.unavailable) }
        reader.finish()
        guard let name else { return nil }
        return isUsable(name) ? draft : nil
    }

    private func isUsable(_ name: YAMLText) -> Bool {
        let isPlain = name.text.unicodeScalars.allSatisfy { scalar in
            scalar != "/" && !scalar.properties.isWhitespace
        }
        if !isPlain {
            diagnostics.error(
                at: name.node.range, "an alarm's name has no blanks and no `/`",
                help: "write `title:` for people, `name:` for machines")
        }
        return isPlain
    }

    private func refuseUnavailable(_ reader: inout MappingReader) {
        reader.allow(RuleReader.unavailable)
        for key in RuleReader.unavailable where reader.node[key] != nil {
            diagnostics.error(
                at: reader.keyRange(key), "`\(key)` is not available in this version")
        }
    }

    /// The keys that steps and alarms share, with the pack's defaults applied.
    private func readCommon(
        _ reader: inout MappingReader, name: String, place: SourceRange
    ) -> DraftRule {
        let defaults = outline.defaults
        let alarmClass = RuleReader.readClass(&reader) ?? defaults.alarmClass ?? .alarm
        let ownPriority = RuleReader.readPriority(&reader)
        let priority = ownPriority ?? defaults.priority
        var rule = Rule(
            name: "\(pack.name)/\(name)", shortName: name, trigger: .condition,
            alarmClass: alarmClass, priority: priority ?? RuleReader.usualPriority(alarmClass))
        rule.title = people("title", &reader)
        rule.cause = people("cause", &reader)
        rule.consequence = people("consequence", &reader)
        rule.action = people("action", &reader)
        rule.respondWithin = reader.duration(
            "respond_within", in: .seconds(1)...RuleReader.delayMax)
        rule.level = readLevel(&reader)
        let onDelay = reader.duration("on_delay", in: .zero...RuleReader.delayMax)
        rule.onDelay = onDelay ?? defaults.onDelay ?? .zero
        let offDelay = reader.duration("off_delay", in: .zero...RuleReader.delayMax)
        rule.offDelay = offDelay ?? defaults.offDelay ?? .zero
        let latch = reader.bool("latch") ?? defaults.latch
        rule.latch = latch ?? latchesUnlessSaid(alarmClass, rule.priority)
        let ownDeadband = RuleReader.readDeadband(&reader, pack, numbers)
        if alarmClass == .alarm, !outline.disabled.names.contains(name) {
            requireParts(rule, priority: priority, place, reader)
        }
        var draft = DraftRule(
            rule: rule, place: place, deadband: ownDeadband ?? defaults.deadband,
            hasOwnDeadband: ownDeadband != nil, supersedes: [],
            priorityPlace: ownPriority.map { _ in reader.keyRange("priority") },
            onDelayPlace: onDelay.map { _ in reader.keyRange("on_delay") })
        readTiming(&draft, &reader)
        return draft
    }

    private func people(_ key: String, _ reader: inout MappingReader) -> String? {
        guard let text = reader.text(key) else { return nil }
        guard text.text.utf8.count <= RuleReader.textMax else {
            diagnostics.error(
                at: text.node.range, "`\(key)` has more than \(RuleReader.textMax) bytes")
            return nil
        }
        return text.text
    }

    /// An alarm without something to do is an event (ISA-18.2): hence an error.
    private func requireParts(
        _ rule: Rule, priority: Priority?, _ place: SourceRange, _ reader: MappingReader
    ) {
        if rule.action == nil, reader.node["action"] == nil {
            diagnostics.error(
                at: place, "the alarm `\(rule.shortName)` needs `action:`",
                help: "say what the operator does; without an action it is no alarm: "
                    + "`class: early-warning` or `supervisory`")
        }
        if priority == nil, reader.node["priority"] == nil {
            diagnostics.error(
                at: place, "the alarm `\(rule.shortName)` needs `priority:`",
                help: "one of: critical, high, medium, low")
        }
    }

    /// For classes whose rules need not say one.
    static func usualPriority(_ alarmClass: AlarmClass) -> Priority {
        switch alarmClass {
        case .alarm, .supervisory, .trouble, .system: .medium
        case .earlyWarning: .low
        }
    }

    private func latchesUnlessSaid(_ alarmClass: AlarmClass, _ priority: Priority) -> Bool {
        guard alarmClass == .alarm, priority >= .high else { return false }
        return outline.isGas || outline.isFlameOrSpark || pack.domain == "fire"
    }

    func readLevel(_ reader: inout MappingReader) -> String? {
        guard let text = reader.text("level") else { return nil }
        guard let scale = pack.scale.flatMap(LevelScale.named) else {
            // An unknown scale is reported where it stands.
            if outline.merged.node["scale"] == nil {
                diagnostics.error(
                    at: text.node.range, "`level` needs the pack's `scale:`",
                    help: "a colour means nothing without its scale, such as scale: site-risk-4")
            }
            return nil
        }
        if scale.levels.contains(text.text) { return text.text }
        diagnostics.error(
            at: text.node.range, "the scale \(scale.name) has no level `\(text.text)`",
            help: nearestName(text.text, among: scale.levels).map { "did you mean `\($0)`?" }
                ?? "its levels: " + scale.levels.joined(separator: ", "))
        return nil
    }
}
