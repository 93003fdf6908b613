import TocsinEngine
import TocsinModel

/// `re_alarm: 30m`, or `off` where the pack's defaults have one.
enum ReAlarmSetting {
    case off
    case after(Span)

    var span: Span? {
        switch self {
        case .off: nil
        case .after(let span): span
        }
    }
}

/// `unless: CONDITION`, or `none` where the pack's defaults have one.
enum UnlessSetting {
    case never
    case condition(YAMLText)

    var text: YAMLText? {
        switch self {
        case .never: nil
        case .condition(let text): text
        }
    }
}

/// The keys of time and of suppression by design, which steps and alarms have, and all but
/// `n_of_m` also `defaults:`.
extension RuleReader {
    /// Samples among which `n_of_m` looks: the engine keeps them as bits of one word.
    static let sampleVoteMax = 64

    func readTiming(_ draft: inout DraftRule, _ reader: inout MappingReader) {
        let defaults = outline.defaults
        let hold = RuleReader.readMinimumHold(&reader) ?? defaults.minimumHold
        draft.rule.minimumHold = hold ?? .zero
        draft.rule.reAlarm = (RuleReader.readReAlarm(&reader) ?? defaults.reAlarm)?.span
        draft.unless = (RuleReader.readUnless(&reader) ?? defaults.unless)?.text
        draft.schedules = RuleReader.readSchedules(&reader) ?? defaults.schedules ?? []
        if let text = reader.text("n_of_m") {
            draft.rule.sampleVote = sampleVote(text)
            draft.sampleVotePlace = reader.keyRange("n_of_m")
        }
    }

    static func readMinimumHold(_ reader: inout MappingReader) -> Span? {
        reader.duration("min_hold", in: .zero...delayMax)
    }

    static func readReAlarm(_ reader: inout MappingReader) -> ReAlarmSetting? {
        if reader.node["re_alarm"]?.scalar?.text.lowercased() == "off" {
            _ = reader.text("re_alarm")
            return .off
        }
        return reader.duration("re_alarm", in: .seconds(1)...delayMax).map { .after($0) }
    }

    static func readUnless(_ reader: inout MappingReader) -> UnlessSetting? {
        reader.text("unless").map { $0.text == "none" ? .never : .condition($0) }
    }

    /// One time of the week or several: the rule is in force in any of them.
    static func readSchedules(_ reader: inout MappingReader) -> [Schedule]? {
        guard let texts = reader.texts("schedule") else { return nil }
        if texts.isEmpty {
            reader.diagnostics.error(
                at: reader.keyRange("schedule"), "`schedule` names no time",
                help: "such as schedule: \"mon-fri 08:00-18:00\", or delete the line")
        }
        return texts.compactMap { text in
            do throws(ExpressionError) {
                return try ScheduleText.parse(text.text)
            } catch {
                reader.diagnostics.add(ExpressionErrors([error]), in: text)
                return nil
            }
        }
    }

    /// `3 of 5`; nil, and reported, for anything else.
    private func sampleVote(_ text: YAMLText) -> Rule.SampleVote? {
        let words = NumberText.folded(text.text).split(separator: " ")
        guard words.count == 3, words[1].lowercased() == "of",
            let needed = NumberText.integer(words[0]), let all = NumberText.integer(words[2])
        else {
            diagnostics.error(
                at: text.node.range, "`n_of_m` must be `N of M`, found `\(text.text)`",
                help: "such as n_of_m: 3 of 5")
            return nil
        }
        guard (2...RuleReader.sampleVoteMax).contains(all), (1...all).contains(needed) else {
            let isTooMany = all > RuleReader.sampleVoteMax
            diagnostics.error(
                at: text.node.range,
                isTooMany
                    ? "`n_of_m` looks at no more than \(RuleReader.sampleVoteMax) samples"
                    : "`\(text.text)` cannot be: N is from 1 to M, M from 2",
                help: isTooMany
                    ? "for longer times use `on_delay`, or a window such as mean(5m)"
                    : "such as n_of_m: 3 of 5")
            return nil
        }
        return Rule.SampleVote(needed: needed, of: all)
    }
}
