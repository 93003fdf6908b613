package import TocsinEngine
package import TocsinModel
package import TocsinRules
import TocsinRing

/// A limit of a rule on one stream, and where its value was written.
package struct ExplainedLimit: Sendable, Equatable {
    package var name: String
    /// In the pack's unit; nil = off.
    package var value: Double?
    package var unit: String?
    /// `path:line:column`; nil = nowhere.
    package var origin: String?
}

/// One sample as the rule's pack reads it.
package struct ExplainedSample: Sendable, Equatable {
    package var time: Timestamp
    /// In the pack's unit; nil for a word.
    package var value: Double?
    package var word: String?
    package var quality: Quality
    /// Late, over, under, retained: what is special about it, in the contract's words.
    package var marks: [String]

    package init(
        time: Timestamp, value: Double?, word: String?, quality: Quality, marks: [String]
    ) {
        self.time = time
        self.value = value
        self.word = word
        self.quality = quality
        self.marks = marks
    }
}

/// What is known of a rule on a stream at one moment, with the texts and numbers it came from.
package struct RuleExplanation: Sendable {
    package var trace: RuleTrace
    package var texts: [RuleText]
    package var limits: [ExplainedLimit]
    /// Oldest first, up to the moment.
    package var samples: [ExplainedSample]

    /// Samples that are shown.
    package static let samplesMax = 20
}

extension RuleExplanation {
    /// Adds texts, origins and samples to a trace.
    static func make(
        _ trace: RuleTrace, run: borrowing ExplainRun, mode: Mode
    ) -> RuleExplanation {
        let texts = RuleTexts(run.loaded.bundle)
        let pack = trace.binding.pack
        var slots: [Slot] = []
        if let index = run.engine.index(of: trace.stream.name, mode: mode),
            let newest = trace.stream.time
        {
            slots = run.engine.samples(of: index, upTo: newest, limit: samplesMax)
        }
        let words = run.ruleSet.vocabulary.words
        return RuleExplanation(
            trace: trace, texts: texts.texts(pack: pack.name, rule: trace.definition),
            limits: limits(
                of: trace.definition, trace.binding, texts, run.loaded.setPoints),
            samples: slots.map { sample($0, trace.binding, words) })
    }

    /// The limits that the rule's expressions read, each once.
    static func limits(
        of rule: Rule, _ binding: Binding, _ texts: RuleTexts, _ table: SetPointTable
    ) -> [ExplainedLimit] {
        let pack = binding.pack
        var slots: [Int] = []
        func note(_ instructions: [Instruction]) {
            for instruction in instructions {
                if case .limit(let slot) = instruction, !slots.contains(Int(slot)) {
                    slots.append(Int(slot))
                }
                // What the members of a group are held against.
                if case .votes(let group, _, _) = instruction {
                    note(pack.groups[Int(group)].member.instructions)
                }
                if case .group(let group, _) = instruction {
                    note(pack.groups[Int(group)].member.instructions)
                }
            }
        }
        for program in [rule.condition, rule.clearWhen, rule.unless] {
            note(program?.instructions ?? [])
        }
        return slots.map { slot in
            let name = pack.limits[slot].name
            let row = table.rows.first { row in
                row.pack == pack.name && row.limit == name && row.stream == binding.stream
            }
            let value = binding.limits[slot]
            return ExplainedLimit(
                name: name, value: value.isNaN ? nil : value,
                unit: pack.unit.map { UnitTable.standard[$0].symbol },
                origin: row?.origin ?? texts.limitPlace(pack: pack.name, limit: name))
        }
    }

    private static func sample(
        _ slot: Slot, _ binding: Binding, _ words: [String]
    ) -> ExplainedSample {
        let marks = slot.marks
        let isWord = marks.contains(.word)
        let code = isWord ? Int(exactly: slot.value) : nil
        let named: [(SlotMarks, String)] = [
            (.outOfOrder, "late"), (.over, "over"), (.under, "under"), (.retained, "retained"),
        ]
        return ExplainedSample(
            time: Timestamp(milliseconds: slot.milliseconds),
            value: isWord ? nil : binding.conversion(slot.value),
            word: code.flatMap { words.indices.contains($0) ? words[$0] : nil },
            quality: marks.contains(.bad)
                ? .bad : marks.contains(.inhibited) ? .inhibited : .good,
            marks: named.filter { marks.contains($0.0) }.map(\.1))
    }
}

/// An event of a replay, and why it was said.
package struct EventExplanation: Sendable {
    package var event: Event
    /// Nil for events of the system: no rule says them.
    package var rule: RuleExplanation?
    /// The events of the same occurrence up to this one, oldest first, this one last.
    package var occurrence: [Event]
}

/// Replays feeds or a scenario up to one event.
package enum Explain {
    /// Events of one occurrence that are kept; older ones behind the first are left out.
    static let occurrenceMax = 100

    /// The event with this id; ids are the same live and offline.
    package static func event(
        _ id: Identifier, in request: ExplainRequest
    ) throws(ExplainError) -> EventExplanation {
        var run = try ExplainRun(request)
        run.engine.watch(for: id)
        var memory = OccurrenceMemory()
        var count = 0
        while true {
            let isOver = run.nextArrival == nil
            let events = isOver ? run.finish() : try run.step()
            for event in events {
                count += 1
                memory.note(event)
                if event.id == id { return explanation(of: event, run, memory) }
            }
            if isOver { break }
        }
        throw .missing(
            "no event \(id.hex) among the \(count) events of this replay; ids depend on site.id "
                + "(here \(run.ruleSet.site.id)), rule, stream and time: "
                + "give the same --site, --rules and --inventory as the run that said it")
    }

    private static func explanation(
        of event: Event, _ run: borrowing ExplainRun, _ memory: OccurrenceMemory
    ) -> EventExplanation {
        let mode = event.binding?.mode ?? .live
        return EventExplanation(
            event: event,
            rule: run.engine.watchedTrace.map { RuleExplanation.make($0, run: run, mode: mode) },
            occurrence: memory.events(of: event))
    }
}

/// The events of the alarms that stand, so that an event's occurrence can be told.
struct OccurrenceMemory {
    private struct Key: Hashable {
        var alarm: Identifier
        var mode: Mode
    }

    private var standing: [Key: [Event]] = [:]

    mutating func note(_ event: Event) {
        guard let alarm = event.alarm else { return }
        let key = Key(alarm: alarm, mode: event.mode)
        if event.previous == nil { standing[key] = nil }
        standing[key, default: []].append(event)
        // The first stays: it opened the occurrence.
        if let count = standing[key]?.count, count > Explain.occurrenceMax {
            standing[key]?.remove(at: 1)
        }
    }

    func events(of event: Event) -> [Event] {
        guard let alarm = event.alarm else { return [event] }
        return standing[Key(alarm: alarm, mode: event.mode)] ?? [event]
    }
}
