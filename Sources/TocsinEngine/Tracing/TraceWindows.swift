import TocsinModel

// What a window held when it was asked, and why it did not answer.

extension Engine {
    /// Adds samples, coverage and the line to a step that asks a window.
    func addWindow(_ step: inout TraceStep, rule: Int, among steps: [TraceStep]) {
        guard let position = step.instruction.window else { return }
        let own = Int(rules[rule].binding)
        guard !bindings[own].windows.isEmpty else { return }
        let state = windows.states[bindings[own].windows.lowerBound + Int(position)]
        // Of a recursive function no samples are kept that could be counted.
        if state.storage != .recursion {
            let isCovered = !state.isByCount && state.count > 0
            let covered = isCovered ? state.last.map { state.coverage(upTo: $0) } : nil
            step.window = TraceStep.Window(
                samples: state.count, wanted: state.isByCount ? state.samples : nil,
                covered: state.isByCount ? nil : Span(milliseconds: covered ?? 0),
                length: state.isByCount ? nil : Span(milliseconds: state.span))
        }
        guard step.instruction.asksLine, let line = line(position, of: own) else { return }
        step.line = TraceStep.Line(slope: line.slope, slopeError: line.error)
        guard case .timeTo = step.instruction, let operand = step.operands.first else { return }
        var isLow = false
        if case .limit(let slot) = steps[operand].instruction {
            isLow = bindings[own].binding.lowLimits[Int(slot)]
        }
        let ends = line.timeInterval(to: steps[operand].value, isLow: isLow)
        step.line?.low = ends.earliest
        step.line?.high = ends.latest
    }

    /// Why a window does not answer; the step is unknown.
    func windowReason(_ instruction: Instruction, rule: Int) -> String {
        let own = Int(rules[rule].binding)
        guard let position = instruction.window, !bindings[own].windows.isEmpty else {
            return "there are no samples to look at"
        }
        let state = windows.states[bindings[own].windows.lowerBound + Int(position)]
        let samples = "\(state.count) \(state.count == 1 ? "sample" : "samples")"
        if state.isShort { return "samples that belong into the window were lost" }
        guard let last = state.last else { return "no good sample came yet" }
        if state.storage == .recursion || state.isByCount {
            if state.isInterrupted {
                return "the last good sample lies too far back"
            }
            return state.storage == .recursion
                ? "it is still learning" : "the window holds \(samples) of \(state.samples)"
        }
        let needed = instruction.samplesNeeded
        if state.count < needed { return "the window holds \(samples), \(needed) are needed" }
        let covered = state.coverage(upTo: last)
        guard covered * 4 < state.span * 3 else { return "its samples give no number" }
        return "the window was covered for \(Engine.seconds(covered)) of "
            + "\(Engine.seconds(state.span)) s (\(samples))"
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        JSONMembers.readable(Double(milliseconds) / 1000)
    }
}

extension Instruction {
    /// The window that it asks, by position in `Pack.windows`.
    var window: UInt16? {
        switch self {
        case .window(let number, _), .forecast(let number, _), .timeTo(let number),
            .flat(let number):
            number
        case .constant, .value, .limit, .reference, .age, .over, .under, .qualityIs,
            .referenceQualityIs, .stateIs, .referenceStateIs, .add, .subtract, .multiply, .divide,
            .negate, .compare, .and, .or, .not, .votes, .group, .during, .absolute, .squareRoot,
            .logarithm, .exponential, .lesser, .greater:
            nil
        }
    }

    /// Its answer comes from the least-squares line of a window.
    var asksLine: Bool {
        if case .window(_, let function) = self {
            return function == .slope || function == .significance
        }
        if case .flat = self { return false }
        return window != nil
    }

    /// The fewest samples with which its window answers.
    var samplesNeeded: Int {
        // Lines and `flat` need three.
        guard case .window(_, let function) = self else { return 3 }
        switch function {
        case .count, .mean, .sum, .least, .greatest, .quantile, .changes, .twa, .dose, .ewma,
            .zscore,
            .cusum:
            return 1
        case .stddev, .delta, .rate: return 2
        case .slope, .significance: return 3
        }
    }
}
