import TocsinEngine
import TocsinModel
import TocsinRules

extension LogExplanation {
    /// Members that say the same as others do, or that only the log's own checks need.
    private static let quiet: Set<String> = [
        "v", "message", "ts_ms", "durable", "prev", "hash", "input",
    ]
    /// Said where no samples are.
    static let samplesNeedFeed =
        "samples: the alert log keeps none; give the recording with --feed and --rules"

    /// The whole explanation, lines ending with a line feed.
    package var text: String {
        var text = LogExplanation.headline(event) + "\n"
        if let message = event.text("message") { text += message + "\n" }
        var table = TextTable()
        for name in LoggedEvent.order where !LogExplanation.quiet.contains(name) {
            guard let value = event.readable(name) else { continue }
            table.add(1, name, name.hasSuffix("_ms") ? time(name) ?? value : value)
        }
        text += "\nevent\n" + table.text + ruleText + occurrenceText
        return text + samplesText
    }

    private static func headline(_ event: LoggedEvent) -> String {
        [
            event.text("event"), event.text("rule"),
            (event.text("stream") ?? event.text("group")).map { "on " + $0 },
            event.text("time").map { "at " + $0 },
        ].compactMap { $0 }.joined(separator: " ")
    }

    /// A moment; a length of time stays a number.
    private func time(_ name: String) -> String? {
        guard let milliseconds = event.integer(name) else { return nil }
        if name == "duration_ms" || name == "late_ms" {
            return SpanText.of(Span(milliseconds: milliseconds))
        }
        return CivilTime(
            Timestamp(milliseconds: milliseconds), offsetMinutes: utcOffsetMinutes
        ).text
    }

    private var ruleText: String {
        guard let rule else { return missingRule.map { "\nrule: \($0)\n" } ?? "" }
        var text = "\nrule \(rule.definition.name)\n" + ExplanationText.written(rule.texts)
        var table = TextTable()
        table.add(1, "rules", event.text("rules") ?? "-")
        ExplanationText.add(rule.limits, to: &table)
        table.add(1, "on_delay", rule.definition.onDelay.text)
        table.add(1, "off_delay", rule.definition.offDelay.text)
        text += table.text
        return text
    }

    private var occurrenceText: String {
        var table = TextTable()
        for entry in occurrence {
            let unit = entry.text("unit").map { " " + $0 } ?? ""
            table.add(
                1, entry.text("time") ?? "-", entry.text("event") ?? "-", entry.text("rule") ?? "-",
                entry.number("value").map { JSONMembers.readable($0) + unit } ?? "-",
                entry.text("state") ?? "-", entry.text("id") ?? "-",
                entry.text("id") == event.text("id") ? "←" : "")
        }
        return "\noccurrence\n" + table.text
    }

    private var samplesText: String {
        guard let samples else { return "\n" + LogExplanation.samplesNeedFeed + "\n" }
        var table = TextTable()
        for sample in samples {
            let number = sample.value.map { JSONMembers.readable($0) }
            table.add(
                1, CivilTime(sample.time, offsetMinutes: utcOffsetMinutes).text,
                sample.word ?? number ?? "-",
                ([sample.quality.word] + sample.marks).joined(separator: ", "))
        }
        return "\nsamples up to the event that the running daemon still has, in the stream's unit\n"
            + table.text
    }

    /// One JSON object without a line feed; entries stand as they are in the log.
    package var json: [UInt8] {
        JSONMembers.object { json in
            json.integer("v", 1)
            json.text("kind", "explain")
            json.text("source", "log")
            json.raw("event", event.bytes)
            if let rule {
                json.raw("explanation", storedRule(rule))
            } else {
                json.null("explanation")
            }
            json.text("missing_rule", missingRule)
            json.list("occurrence", occurrence.map(\.bytes))
            if let samples {
                json.list("samples", samples.map(ExplanationJSON.sample))
            } else {
                json.null("samples")
            }
        }
    }

    private func storedRule(_ rule: StoredRule) -> [UInt8] {
        JSONMembers.object { json in
            json.text("rule", rule.definition.name)
            json.text("rules", event.text("rules"))
            json.list("texts", rule.texts.map(ExplanationJSON.text))
            json.list("limits", rule.limits.map(ExplanationJSON.limit))
            json.integer("on_delay_ms", rule.definition.onDelay.milliseconds)
            json.integer("off_delay_ms", rule.definition.offDelay.milliseconds)
        }
    }
}
