import TocsinEngine
import TocsinModel
import TocsinRules

// Explanations for people: blocks with a heading, what belongs together under each other.

extension EventExplanation {
    /// The whole explanation, lines ending with a line feed.
    package var text: String {
        let offset = event.ruleSet.site.utcOffsetMinutes
        let rule = event.ruleDefinition.map { $0.name + " " } ?? ""
        let stream = event.binding.map { "on \($0.stream) " } ?? ""
        var text = "\(event.kind.word) \(rule)\(stream)at "
        text += CivilTime(event.time, offsetMinutes: offset).text + "\n"
        text += EventLine.message(of: event) + "\n\n"
        var table = TextTable()
        table.add(0, "event", event.id.hex)
        if let state = event.state {
            let before = event.previousState.map { $0.word + " → " } ?? ""
            table.add(0, "state", before + state.word)
        }
        if let priority = event.priority {
            let before = event.previousPriority.map { $0.word + " → " } ?? ""
            let level = event.ruleDefinition?.level.map { ", level " + $0 } ?? ""
            table.add(0, "priority", before + priority.word + level)
        }
        let marks = [
            event.degraded ? "degraded" : nil, event.retained ? "retained" : nil,
            event.byGatewayClock ? "fired by the gateway's clock" : nil,
        ].compactMap { $0 }
        if !marks.isEmpty { table.add(0, "marks", marks.joined(separator: ", ")) }
        if let reason = event.note?.reason { table.add(0, "reason", reason) }
        if let by = event.note?.by { table.add(0, "by", by) }
        text += table.text
        if let explanation = self.rule { text += ExplanationText(explanation).text }
        text += ExplanationText.events("occurrence", occurrence, offset, marking: event.id)
        return text
    }
}

extension WhyNotExplanation {
    /// The whole explanation, lines ending with a line feed; the first line is the reason.
    package var text: String {
        var text = "\(rule) on \(stream) at "
        text += CivilTime(at, offsetMinutes: utcOffsetMinutes).text + "\n"
        text += verdict.text + "\n"
        if let nearest {
            let value = ValueWords.of(nearest.value, nearest.kind)
            let limit = ValueWords.of(nearest.limit, nearest.kind)
            let margin = ValueWords.of(abs(nearest.margin), nearest.kind)
            let side = nearest.margin < 0 ? "short of" : "beyond"
            let time = CivilTime(nearest.time, offsetMinutes: utcOffsetMinutes).text
            text += "nearest within \(WhyNot.around.text) of it: \(nearest.subject) \(value) "
            text += "at \(time), \(margin) \(side) \(limit)\n"
        }
        if let explanation { text += ExplanationText(explanation).text }
        text += ExplanationText.events(
            "this alarm up to then", history, utcOffsetMinutes, marking: verdict.event)
        return text
    }
}

/// A rule at a moment, as text.
struct ExplanationText {
    let explanation: RuleExplanation
    private let offset: Int
    private var trace: RuleTrace { explanation.trace }

    init(_ explanation: RuleExplanation) {
        self.explanation = explanation
        offset = explanation.trace.binding.ruleSet.site.utcOffsetMinutes
    }

    var text: String {
        [rule, condition, delays, alarm, streams, samples].filter { !$0.isEmpty }
            .map { "\n" + $0 }.joined()
    }

    /// Events of one alarm, one a line; the marked one has an arrow.
    static func events(
        _ heading: String, _ events: [Event], _ offset: Int, marking id: Identifier?
    ) -> String {
        guard !events.isEmpty else { return "" }
        var table = TextTable()
        for event in events {
            let value = event.value.map { JSONMembers.readable($0) } ?? "-"
            let unit = event.binding?.pack.unit.map { " " + UnitTable.standard[$0].symbol } ?? ""
            table.add(
                1, CivilTime(event.time, offsetMinutes: offset).text, event.kind.word,
                event.ruleDefinition?.shortName ?? "-", event.value == nil ? value : value + unit,
                event.state?.word ?? "-", event.id.hex, event.id == id ? "←" : "")
        }
        return "\n\(heading)\n" + table.text
    }

    // MARK: Blocks

    private var rule: String {
        var table = TextTable()
        table.add(1, "rules", trace.binding.ruleSet.hash)
        ExplanationText.add(explanation.limits, to: &table)
        return "rule \(trace.definition.name)\n" + ExplanationText.written(explanation.texts)
            + table.text
    }

    /// The rule as it is written, under the place where it is.
    static func written(_ texts: [RuleText]) -> String {
        var text = ""
        for part in texts {
            text += "  \(part.path):\(part.line)\n"
            let indent = part.lines.map { $0.prefix { $0 == " " }.count }.min() ?? 0
            for line in part.lines { text += "    \(line.dropFirst(indent))\n" }
        }
        return text
    }

    static func add(_ limits: [ExplainedLimit], to table: inout TextTable) {
        for limit in limits {
            let value = limit.value.map { ValueWords.of($0, .number(unit: limit.unit)) } ?? "off"
            table.add(1, "limit.\(limit.name)", value, limit.origin ?? "set nowhere")
        }
    }

    private var condition: String {
        var text = ""
        for program in trace.programs where !program.steps.isEmpty {
            var table = TextTable()
            add(program.steps.count - 1, of: program.steps, depth: 1, to: &table)
            text += "\(program.role.word): \(program.result.word)\n" + table.text
        }
        return text
    }

    private func add(
        _ position: Int, of steps: [TraceStep], depth: Int, to table: inout TextTable
    ) {
        let step = steps[position]
        var note = step.unknownBecause ?? ""
        if let band = step.deadband, step.unknownBecause == nil {
            let width = ValueWords.of(band.width, .number(unit: unit))
            note = "deadband \(width)" + (band.isRemembered ? ", remembered as true" : "")
        }
        if step.unknownBecause == nil {
            let parts = [note, windowNote(step), lineNote(step)]
            note = parts.filter { !$0.isEmpty }.joined(separator: "; ")
        }
        if let policy = step.policy { note = "degraded: \(policy)" }
        table.add(depth, step.text, ValueWords.of(step), note)
        for member in step.members {
            let value = member.value.map { ValueWords.of($0, .number(unit: unit)) } ?? ""
            table.add(depth + 1, member.stream, member.vote.word, value)
        }
        for operand in step.operands { add(operand, of: steps, depth: depth + 1, to: &table) }
    }

    private func windowNote(_ step: TraceStep) -> String {
        guard let window = step.window else { return "" }
        let samples = "\(window.samples) \(window.samples == 1 ? "sample" : "samples")"
        guard let covered = window.covered, let length = window.length else {
            return samples
        }
        return samples + ", covered \(SpanText.of(covered)) of \(SpanText.of(length))"
    }

    private func lineNote(_ step: TraceStep) -> String {
        guard let line = step.line else { return "" }
        let perSecond = unit.map { " " + $0 + "/s" } ?? ""
        let text =
            "slope \(JSONMembers.readable(line.slope)) ± "
            + JSONMembers.readable(line.slopeError) + perSecond
        guard let low = line.low, let high = line.high else { return text }
        return text + ", 95 %: \(ValueWords.of(low, step.kind)) to "
            + ValueWords.of(high, step.kind)
    }

    private var delays: String {
        var table = TextTable()
        let definition = trace.definition
        let began = trace.began.map { ", began " + time($0) } ?? ""
        let end = trace.deadline.map { ", ends " + time($0) } ?? ""
        table.add(1, "phase", trace.phase.word + began + end)
        table.add(1, "on_delay", definition.onDelay.text)
        table.add(1, "off_delay", definition.offDelay.text)
        if definition.minimumHold > .zero {
            table.add(1, "min_hold", definition.minimumHold.text)
        }
        if let interval = definition.reAlarm { table.add(1, "re_alarm", interval.text) }
        if let vote = trace.sampleVote {
            table.add(1, "n_of_m", "\(vote.needed) of \(vote.of)", "\(vote.yes) true")
        }
        if let after = trace.binding.staleAfter {
            table.add(
                1, "stale after", after.text, "silent since " + time(trace.silentSince))
        }
        return "delays\n" + table.text
    }

    private var alarm: String {
        let alarm = trace.alarm
        var table = TextTable()
        table.add(1, "alarm", alarm.id.hex)
        let hidden = alarm.suppression == .none ? "" : ", " + alarm.suppression.word
        let latched = alarm.overIsLatched ? ", over-range latched" : ""
        table.add(1, "state", alarm.state.word + hidden + latched)
        if let standing = alarm.standing { table.add(1, "level", standing) }
        if alarm.ladder.count > 1 {
            table.add(1, "ladder", alarm.ladder.joined(separator: " < "))
        }
        if let raised = alarm.raisedAt { table.add(1, "raised", time(raised)) }
        return "alarm\n" + table.text
    }

    private var streams: String {
        var table = TextTable()
        for stream in [trace.stream] + trace.references {
            guard let time = stream.time else {
                table.add(1, stream.name, "never heard")
                continue
            }
            guard !stream.isGroup else {
                table.add(1, stream.name, "a group", "newest member", self.time(time))
                continue
            }
            let value =
                stream.word
                ?? stream.value.map { ValueWords.of($0, .number(unit: stream.unit)) } ?? "-"
            table.add(
                1, stream.name, value, stream.quality.word + (stream.isStale ? ", silent" : ""),
                self.time(time))
        }
        return "streams\n" + table.text
    }

    private var samples: String {
        guard !explanation.samples.isEmpty else { return "" }
        var table = TextTable()
        for sample in explanation.samples {
            let value =
                sample.word ?? sample.value.map { ValueWords.of($0, .number(unit: unit)) } ?? "-"
            table.add(
                1, time(sample.time), value,
                ([sample.quality.word] + sample.marks).joined(separator: ", "))
        }
        return "samples of \(trace.stream.name)\n" + table.text
    }

    private func time(_ time: Timestamp) -> String {
        CivilTime(time, offsetMinutes: offset).text
    }

    /// The pack's unit.
    private var unit: String? {
        trace.binding.pack.unit.map { UnitTable.standard[$0].symbol }
    }
}
