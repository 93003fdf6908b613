import TocsinEngine
import TocsinModel

/// `defaults:`, and the keys whose reading it shares with each rule.
extension RuleReader {
    static func readDefaults(
        _ reader: inout MappingReader, _ pack: Pack, _ numbers: QuantityReader
    ) -> RuleDefaults {
        var defaults = RuleDefaults()
        defaults.onDelay = reader.duration("on_delay", in: .zero...delayMax)
        defaults.offDelay = reader.duration("off_delay", in: .zero...delayMax)
        defaults.latch = reader.bool("latch")
        defaults.minimumHold = readMinimumHold(&reader)
        defaults.reAlarm = readReAlarm(&reader)
        defaults.unless = readUnless(&reader)
        defaults.schedules = readSchedules(&reader)
        defaults.alarmClass = readClass(&reader)
        defaults.priority = readPriority(&reader)
        defaults.deadband = readDeadband(&reader, pack, numbers) ?? DeadbandSetting()
        return defaults
    }

    static func readClass(_ reader: inout MappingReader) -> AlarmClass? {
        let words = AlarmClass.allCases.filter { $0 != .system }.map(\.word)
        return reader.word("class", among: words).flatMap { AlarmClass(word: $0) }
    }

    static func readPriority(_ reader: inout MappingReader) -> Priority? {
        let words = Priority.allCases.reversed().map(\.word)
        return reader.word("priority", among: words).flatMap { Priority(word: $0) }
    }

    /// `2 %LEL`, `1 % of span`, or one for each limit: `{H: 2 %LEL, HH: 3 %LEL}`.
    static func readDeadband(
        _ reader: inout MappingReader, _ pack: Pack, _ numbers: QuantityReader
    ) -> DeadbandSetting? {
        guard let node = reader.node("deadband") else { return nil }
        let place = reader.keyRange("deadband")
        let diagnostics = reader.diagnostics
        guard pack.states.isEmpty else {
            diagnostics.error(
                at: place, "states have no deadband", help: "use `off_delay`, or delete the line")
            return nil
        }
        var setting = DeadbandSetting(place: place)
        func width(_ text: YAMLText) -> Quantity? {
            guard let quantity = numbers.quantity(text, called: "the deadband", .deadband) else {
                return nil
            }
            let isNegative =
                switch quantity {
                case .number(let number, _): number < 0
                case .percentOfSpan(let percent): percent < 0 || percent > 100
                }
            if isNegative {
                diagnostics.error(
                    at: text.node.range, "a deadband is a width: it cannot be negative")
                return nil
            }
            return quantity
        }
        guard let entries = node.mapping else {
            guard let text = reader.text(of: node, called: "`deadband`") else { return nil }
            setting.common = width(text)
            return setting
        }
        for entry in entries {
            let names = pack.limits.map(\.name)
            guard names.contains(entry.key) else {
                diagnostics.error(
                    at: entry.keyRange, "the pack has no limit `\(entry.key)`",
                    help: nearestName(entry.key, among: names).map { "did you mean `\($0)`?" })
                continue
            }
            guard let text = reader.text(of: entry.value, called: "a deadband"),
                let quantity = width(text)
            else { continue }
            setting.byLimit.append((entry.key, quantity))
        }
        return setting
    }
}
