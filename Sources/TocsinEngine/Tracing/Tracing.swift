// Why a rule is where it is: each instruction of its condition with the value that it left on the
// stack. Nothing is computed a second time in another way: the engine's own evaluator runs the
// program's first instruction, then the first two, and so on, on a copy of the engine, and what
// lies on top of the stack each time is that instruction's value. So a trace cannot disagree with
// the evaluator, and the engine that was asked goes on as if it had not been.

package import TocsinModel

extension Engine {
    /// Keeps a trace of the rule that says this event, at the moment when it says it.
    package mutating func watch(for id: Identifier) { watched = EventWatch(id: id) }

    /// The rule's trace at the watched event; nil = not said yet, or not by a rule.
    package var watchedTrace: RuleTrace? { watched?.trace }

    /// Called with every event of a rule; one comparison unless someone waits.
    mutating func noteWatched(_ event: Identifier, rule: Int) {
        guard let waiting = watched, waiting.id == event, waiting.trace == nil else { return }
        let trace = trace(number: rule)
        watched?.trace = trace
    }

    /// Traces a rule by its full or short name on a stream; nil when it does not watch the stream.
    package func trace(rule name: String, stream: String, mode: Mode = .live) -> RuleTrace? {
        guard let number = number(ofRule: name, stream: stream, mode: mode) else { return nil }
        var copy = self
        // Asked from outside, the time of the week is that of the clock.
        copy.evaluatedAt = max(evaluatedAt, now)
        return copy.trace(number: number)
    }

    /// The two sides of a comparison of a rule's condition now, by its position in the condition;
    /// nil where either is unknown.
    package func sides(
        ofStep step: Int, rule name: String, stream: String, mode: Mode = .live
    ) -> (left: Double, right: Double)? {
        guard let rule = number(ofRule: name, stream: stream, mode: mode),
            let program = definition(rule).condition?.instructions,
            program.indices.contains(step), program[step].operandCount == 2
        else { return nil }
        var copy = self
        copy.evaluatedAt = max(evaluatedAt, now)
        _ = copy.run(Array(program[..<step]), rule: rule)
        let depth = program[..<step].reduce(0) { $0 + 1 - $1.operandCount }
        let (left, right) = (copy.stack[depth - 2], copy.stack[depth - 1])
        return left.isNaN || right.isNaN ? nil : (left, right)
    }

    /// Whether a stream was met.
    package func knows(stream name: String, mode: Mode) -> Bool {
        numbers[StreamKey(name: name, mode: mode)] != nil
    }

    /// The number of a stream in `Intake`; nil = not met yet, or calculated.
    package func index(ofStream name: String, mode: Mode) -> StreamIndex? {
        numbers[StreamKey(name: name, mode: mode)].flatMap { streams[$0].index }
    }

    // MARK: The trace

    private func trace(number: Int) -> RuleTrace {
        let state = rules[number]
        let own = Int(state.binding)
        let definition = definition(number)
        var programs: [ProgramTrace] = []
        if let condition = definition.condition {
            programs.append(trace(condition, as: .condition, rule: number))
        } else if state.trigger == .voteOut, state.partner >= 0,
            let vote = self.definition(Int(state.partner)).condition
        {
            programs.append(trace(vote, as: .condition, rule: Int(state.partner)))
        }
        if let clearWhen = definition.clearWhen {
            programs.append(trace(clearWhen, as: .clearWhen, rule: number))
        }
        if let unless = definition.unless {
            programs.append(trace(unless, as: .unless, rule: number))
        }
        let isRunning = state.phase == .pendingOn || state.phase == .pendingOff
        return RuleTrace(
            binding: bindings[own].binding, rule: Int(state.rule), now: now, phase: state.phase,
            truth: state.truth,
            began: state.phase == .off || state.began == .distantPast ? nil : state.began,
            deadline: isRunning ? state.deadline : nil, programs: programs,
            stream: streamTrace(bindings[own].stream, in: own),
            silentSince: silentSince(bindings[own].stream),
            references: state.references.map { referenceTrace($0) },
            alarm: alarmTrace(Int(state.chain)), isSuppressed: isSuppressed(number),
            sampleVote: sampleVote(number))
    }

    private func sampleVote(_ rule: Int) -> SampleVoteTrace? {
        guard rules[rule].timing >= 0 else { return nil }
        let timing = timings[Int(rules[rule].timing)]
        guard let vote = timing.vote else { return nil }
        let newest: UInt64 = vote.of >= 64 ? .max : 1 << UInt64(vote.of) - 1
        return SampleVoteTrace(
            yes: (timing.history & newest).nonzeroBitCount, needed: vote.needed, of: vote.of)
    }

    private func trace(
        _ program: Program, as role: ProgramTrace.Role, rule: Int
    ) -> ProgramTrace {
        let values = values(of: program.instructions, rule: rule)
        let hasTexts = program.texts.count == program.instructions.count
        var steps: [TraceStep] = []
        var stack: [Int] = []
        for (position, instruction) in program.instructions.enumerated() {
            let operands = Array(stack.suffix(instruction.operandCount))
            stack.removeLast(operands.count)
            stack.append(position)
            var step = TraceStep(
                instruction: instruction, text: "", operands: operands, kind: .truth,
                value: values[position])
            for operand in operands {
                Engine.adoptUnit(operand, of: step, among: &steps, rewording: !hasTexts)
            }
            step.text =
                hasTexts && !isReference(instruction)
                ? Engine.oneLine(program.texts[position])
                : text(of: step, rule: rule, among: steps)
            step.kind = kind(of: step, rule: rule, among: steps)
            addMembers(&step, rule: rule)
            addWindow(&step, rule: rule, among: steps)
            step.unknownBecause =
                step.value.isNaN ? unknownReason(of: step, rule: rule, among: steps) : nil
            step.deadband = deadband(of: instruction, rule: rule)
            steps.append(step)
        }
        return ProgramTrace(role: role, steps: steps)
    }

    /// Another stream is called by its name, not by the pattern that leads to it.
    private func isReference(_ instruction: Instruction) -> Bool {
        if case .reference = instruction { return true }
        return false
    }

    /// A condition that is written over several lines.
    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// What each instruction leaves on top of the stack.
    private func values(of program: [Instruction], rule: Int) -> [Double] {
        var copy = self
        var depth = 0
        var values: [Double] = []
        for (position, instruction) in program.enumerated() {
            depth += 1 - instruction.operandCount
            // Each run begins with what the comparisons remember now.
            copy.rules[rule].memory = rules[rule].memory
            copy.lookAsLastEvaluated(rule)
            _ = copy.run(Array(program[...position]), rule: rule)
            values.append(copy.stack[depth - 1])
        }
        return values
    }

    private func deadband(of instruction: Instruction, rule: Int) -> TraceStep.Deadband? {
        guard case .compare(_, _, let memory) = instruction, memory != Program.noMemory,
            codes[rule].deadbands.indices.contains(Int(memory))
        else { return nil }
        return TraceStep.Deadband(
            width: codes[rule].deadbands[Int(memory)],
            isRemembered: rules[rule].memory & 1 << UInt32(memory) != 0)
    }

    /// The answers of a group's members, for a step that asks a group.
    private func addMembers(_ step: inout TraceStep, rule: Int) {
        let group: UInt16
        if case .votes(let number, let comparison, _) = step.instruction {
            group = number
            let tally = tally(of: number, rule: rule)
            let policy = tally >= 0 ? policy(rule, comparison, tally: tally) : nil
            step.policy = policy.map(Engine.words)
        } else if case .group(let number, _) = step.instruction {
            group = number
        } else {
            return
        }
        let tally = tally(of: group, rule: rule)
        guard tally >= 0 else { return }
        step.members = tallies[tally].ballots.map { ballot in
            let state = ballots[Int(ballot)]
            let binding = bindings[Int(rules[Int(state.rule)].binding)]
            let value = state.isCondition ? binding.value : state.number
            return GroupVote.Member(
                stream: binding.binding.stream, vote: state.vote,
                value: value.isNaN ? nil : value)
        }
    }

    private static func words(_ policy: DegradedVote.Policy) -> String {
        switch policy {
        case .needs(let needed, let of): "\(needed)oo\(of)"
        case .trouble: "trouble"
        }
    }

    // MARK: Streams and the alarm

    /// A stream's newest sample, in the terms of the binding `own`, where that is given.
    private func streamTrace(_ number: Int, in own: Int?) -> StreamTrace {
        let stream = streams[number]
        let isHeard = stream.time != .distantPast
        let isWord = stream.flags.contains(.word)
        let code = isWord ? Int(exactly: stream.value) : nil
        let words = ruleSet.vocabulary.words
        let binding = own ?? stream.bindings.first
        let isSeat = stream.kind == .seat
        let unit = isSeat ? nil : binding.flatMap { bindings[$0].binding.pack.unit } ?? stream.unit
        let line = binding.map { bindings[$0].binding.conversion } ?? .identity
        return StreamTrace(
            name: stream.name, isGroup: isSeat, everHeard: stream.everHeard,
            time: isHeard ? stream.time : nil,
            value: isHeard && !isWord && !stream.value.isNaN ? line(stream.value) : nil,
            unit: isWord ? nil : unit.map { UnitTable.standard[$0].symbol },
            word: code.flatMap { words.indices.contains($0) ? words[$0] : nil },
            quality: binding.map { bindings[$0].quality } ?? stream.quality,
            isStale: stream.isStale,
            heard: stream.heard == .distantPast ? nil : stream.heard)
    }

    private func referenceTrace(_ slot: Int) -> StreamTrace {
        let reference = references[slot]
        guard reference.stream >= 0 else {
            return StreamTrace(
                name: reference.name ?? "a stream that cannot be named", isGroup: false,
                everHeard: false, time: nil, value: nil, unit: nil, word: nil, quality: .bad,
                isStale: false,
                heard: nil)
        }
        return streamTrace(reference.stream, in: nil)
    }

    private func alarmTrace(_ number: Int) -> AlarmTrace {
        let chain = chains[number]
        let names = chain.rules.map { definition(Int($0)).name }
        let isStanding = chain.state != .normal
        return AlarmTrace(
            id: chain.id, state: chain.state,
            standing: chain.level >= 0 ? names[Int(chain.level)] : nil,
            ladder: names, occurrence: chain.occurrence,
            raisedAt: isStanding ? chain.raisedAt : nil, lastEvent: chain.lastEvent,
            overIsLatched: bindings[Int(chain.binding)].overIsLatched,
            suppression: chain.suppression.word)
    }
}

extension Instruction {
    /// How many values it takes from the stack; each leaves one.
    package var operandCount: Int {
        switch self {
        case .constant, .value, .limit, .reference, .age, .over, .under, .qualityIs,
            .referenceQualityIs, .stateIs, .referenceStateIs, .window, .forecast, .votes, .group,
            .during:
            0
        case .negate, .not, .timeTo, .flat, .absolute, .squareRoot, .logarithm, .exponential: 1
        case .add, .subtract, .multiply, .divide, .compare, .and, .or, .lesser, .greater: 2
        }
    }
}
