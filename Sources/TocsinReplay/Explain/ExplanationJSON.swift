import TocsinEngine
import TocsinModel
import TocsinRules

// Explanations for programs: one object, every member written, in the order of docs/EXPLAIN.md.

extension EventExplanation {
    /// One JSON object without a line feed.
    package var json: [UInt8] {
        JSONMembers.object { json in
            json.integer("v", 1)
            json.text("kind", "explain")
            json.text("source", "replay")
            json.raw(
                "event",
                [0x7B] + EventLine(logged: nil, isReplay: true).body(of: event) + [0x7D])
            if let rule {
                json.raw("explanation", ExplanationJSON(rule).object)
            } else {
                json.null("explanation")
            }
            json.list("occurrence", occurrence.map(ExplanationJSON.event))
        }
    }
}

extension WhyNotExplanation {
    /// One JSON object without a line feed.
    package var json: [UInt8] {
        JSONMembers.object { json in
            json.integer("v", 1)
            json.text("kind", "why-not")
            json.text("rule", rule)
            json.text("stream", stream)
            json.integer("at_ms", at.milliseconds)
            json.text("rules", rules)
            json.text("reason", verdict.kind.rawValue)
            json.text("text", verdict.text)
            json.text("event", verdict.event?.hex)
            if let nearest {
                json.raw("nearest", ExplanationJSON.nearest(nearest))
            } else {
                json.null("nearest")
            }
            if let explanation {
                json.raw("explanation", ExplanationJSON(explanation).object)
            } else {
                json.null("explanation")
            }
            json.list("history", history.map(ExplanationJSON.event))
        }
    }
}

/// A rule at a moment, as JSON.
struct ExplanationJSON {
    let explanation: RuleExplanation
    private var trace: RuleTrace { explanation.trace }

    init(_ explanation: RuleExplanation) { self.explanation = explanation }

    var object: [UInt8] {
        JSONMembers.object { json in
            json.text("rule", trace.definition.name)
            json.text("rules", trace.binding.ruleSet.hash)
            json.list("texts", explanation.texts.map(ExplanationJSON.text))
            json.list("limits", explanation.limits.map(ExplanationJSON.limit))
            json.integer("now_ms", trace.now.milliseconds)
            json.text("phase", trace.phase.word)
            json.text("truth", trace.truth.word)
            json.integer("began_ms", trace.began?.milliseconds)
            json.integer("deadline_ms", trace.deadline?.milliseconds)
            json.integer("on_delay_ms", trace.definition.onDelay.milliseconds)
            json.integer("off_delay_ms", trace.definition.offDelay.milliseconds)
            json.integer("min_hold_ms", trace.definition.minimumHold.milliseconds)
            json.integer("re_alarm_ms", trace.definition.reAlarm?.milliseconds)
            if let vote = trace.sampleVote {
                json.raw("n_of_m", ExplanationJSON.vote(vote))
            } else {
                json.null("n_of_m")
            }
            json.boolean("suppressed", trace.isSuppressed)
            json.integer("stale_after_ms", trace.binding.staleAfter?.milliseconds)
            json.integer("silent_since_ms", trace.silentSince.milliseconds)
            json.list("programs", trace.programs.map(program))
            json.raw("alarm", alarm)
            json.raw("stream", ExplanationJSON.stream(trace.stream))
            json.list("references", trace.references.map(ExplanationJSON.stream))
            json.list("samples", explanation.samples.map(ExplanationJSON.sample))
        }
    }

    static func event(_ event: Event) -> [UInt8] {
        JSONMembers.object { json in
            json.text("id", event.id.hex)
            json.text("event", event.kind.word)
            json.integer("ts_ms", event.time.milliseconds)
            json.text("rule", event.ruleDefinition?.name)
            json.text("state", event.state?.word)
            json.number("value", event.value)
        }
    }

    static func nearest(_ nearest: NearestMiss) -> [UInt8] {
        JSONMembers.object { json in
            json.text("comparison", nearest.comparison)
            json.integer("ts_ms", nearest.time.milliseconds)
            json.number("value", nearest.value)
            json.number("limit", nearest.limit)
            json.number("margin", nearest.margin)
            json.text("unit", nearest.kind.unit)
        }
    }

    private static func vote(_ vote: SampleVoteTrace) -> [UInt8] {
        JSONMembers.object { json in
            json.integer("true", Int64(vote.yes))
            json.integer("needed", Int64(vote.needed))
            json.integer("of", Int64(vote.of))
        }
    }

    static func text(_ text: RuleText) -> [UInt8] {
        JSONMembers.object { json in
            json.text("path", text.path)
            json.integer("line", Int64(text.line))
            json.text("text", text.lines.joined(separator: "\n"))
        }
    }

    static func limit(_ limit: ExplainedLimit) -> [UInt8] {
        JSONMembers.object { json in
            json.text("name", limit.name)
            json.number("value", limit.value)
            json.text("unit", limit.unit)
            json.text("from", limit.origin)
        }
    }

    private func program(_ program: ProgramTrace) -> [UInt8] {
        JSONMembers.object { json in
            json.text("key", program.role.word)
            json.text("result", program.result.word)
            if program.steps.isEmpty {
                json.null("tree")
            } else {
                json.raw("tree", tree(program.steps.count - 1, of: program.steps))
            }
        }
    }

    /// A step with its operands inside; programs are bounded, and so is this.
    private func tree(_ position: Int, of steps: [TraceStep]) -> [UInt8] {
        let step = steps[position]
        return JSONMembers.object { json in
            json.text("text", step.text)
            switch step.kind {
            case .truth: json.text("value", step.truth.word)
            case .number, .duration: json.number("value", step.value)
            }
            json.text("unit", step.kind.unit)
            json.text("unknown", step.unknownBecause)
            if let band = step.deadband {
                json.number("deadband", band.width)
                json.boolean("remembered", band.isRemembered)
            }
            if let window = step.window {
                json.integer("samples", Int64(window.samples))
                json.integer("wanted", window.wanted.map(Int64.init))
                json.integer("covered_ms", window.covered?.milliseconds)
                json.integer("length_ms", window.length?.milliseconds)
            }
            if let line = step.line {
                json.number("slope", line.slope)
                json.number("slope_error", line.slopeError)
                json.number("low", line.low)
                json.number("high", line.high)
            }
            if !step.members.isEmpty {
                json.text("policy", step.policy)
                json.list("members", step.members.map(ExplanationJSON.member))
            }
            json.list("operands", step.operands.map { tree($0, of: steps) })
        }
    }

    private static func member(_ member: GroupVote.Member) -> [UInt8] {
        JSONMembers.object { json in
            json.text("stream", member.stream)
            json.text("vote", member.vote.word)
            json.number("value", member.value)
        }
    }

    private var alarm: [UInt8] {
        let alarm = trace.alarm
        return JSONMembers.object { json in
            json.text("alarm", alarm.id.hex)
            json.text("state", alarm.state.word)
            json.text("standing", alarm.standing)
            json.text("occurrence", alarm.occurrence?.hex)
            json.integer("raised_ms", alarm.raisedAt?.milliseconds)
            json.text("suppression", alarm.suppression.word)
            json.boolean("over_range_latched", alarm.overIsLatched)
        }
    }

    private static func stream(_ stream: StreamTrace) -> [UInt8] {
        JSONMembers.object { json in
            json.text("stream", stream.name)
            json.integer("ts_ms", stream.time?.milliseconds)
            if let word = stream.word {
                json.text("value", word)
            } else {
                json.number("value", stream.value)
            }
            json.text("unit", stream.unit)
            json.text("quality", stream.time == nil ? nil : stream.quality.word)
            json.boolean("stale", stream.isStale)
        }
    }

    static func sample(_ sample: ExplainedSample) -> [UInt8] {
        JSONMembers.object { json in
            json.integer("ts_ms", sample.time.milliseconds)
            if let word = sample.word {
                json.text("value", word)
            } else {
                json.number("value", sample.value)
            }
            json.text("quality", sample.quality.word)
            json.text("marks", sample.marks.isEmpty ? nil : sample.marks.joined(separator: " "))
        }
    }
}

extension TraceStep.Kind {
    /// The unit's symbol; durations are in milliseconds.
    var unit: String? {
        switch self {
        case .truth: nil
        case .number(let unit): unit
        case .duration: "ms"
        }
    }
}
