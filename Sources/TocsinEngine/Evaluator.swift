// Runs a compiled condition on what the engine knows at this moment. Numbers and truth share one
// stack of doubles; NaN is unknown for both (see `Program`). Kleene's logic: a false operand decides
// `and`, a true one decides `or`, whatever the other is.

import TocsinModel

extension Engine {
    /// The truth of a rule's condition, or of what ends it while it holds.
    mutating func truth(of rule: Int) -> Truth {
        counts.evaluations += 1
        if rules[rule].phase.holds && !codes[rule].clearWhen.isEmpty {
            // The condition ends only where `clear_when` is true.
            switch run(codes[rule].clearWhen, rule: rule) {
            case .yes: return .no
            case .no: return .yes
            case .unknown: return .unknown
            }
        }
        return run(codes[rule].condition, rule: rule)
    }

    /// Runs `program` for a rule; remembers in the rule's memory which comparisons are true.
    mutating func run(_ program: [Instruction], rule: Int) -> Truth {
        Truth(compute(program, rule: rule))
    }

    /// The number that `program` leaves; NaN = unknown.
    mutating func compute(_ program: [Instruction], rule: Int) -> Double {
        // By number, in place: a copy of the binding's state costs more than a short condition.
        let own = Int(rules[rule].binding)
        let stream = bindings[own].stream
        var depth = 0
        for (place, instruction) in program.enumerated() {
            switch instruction {
            case .constant(let number): push(number, &depth)
            case .value: push(bindings[own].value, &depth)
            case .limit(let slot): push(bindings[own].binding.limits[Int(slot)], &depth)
            case .reference(let slot): push(value(ofReference: slot, rule: rule), &depth)
            case .age: push(Double((now - streams[stream].time).milliseconds), &depth)
            case .over:
                let isOver = bindings[own].over || bindings[own].overIsLatched
                push(isOver ? 1 : 0, &depth)
            case .under: push(bindings[own].under ? 1 : 0, &depth)
            case .qualityIs(let mask):
                // Never heard counts as bad: quality is never unknown (contract §4).
                let isHeard = streams[stream].time != .distantPast
                let quality = isHeard ? bindings[own].quality : .bad
                push(mask & (1 << quality.rawValue) != 0 ? 1 : 0, &depth)
            case .referenceQualityIs(let slot, let mask):
                push(quality(ofReference: slot, rule: rule, in: mask), &depth)
            case .stateIs(let mask, let held): push(ownState(own, in: mask, held: held), &depth)
            case .referenceStateIs(let slot, let held):
                push(referenceState(slot, rule: rule, held: held), &depth)
            case .negate: stack[depth - 1] = -stack[depth - 1]
            case .not: stack[depth - 1] = 1 - stack[depth - 1]
            case .votes(let group, let comparison, let wanted):
                push(votes(group, comparison, wanted, rule: rule), &depth)
            case .group(let group, let function):
                push(answer(group, function, rule: rule), &depth)
            case .during(let schedule): push(isDuring(schedule, own) ? 1 : 0, &depth)
            case .window(let window, let function):
                push(self.window(window, function, of: own), &depth)
            case .forecast(let window, let ahead):
                let line = line(window, of: own)
                push(line?.value(aheadMilliseconds: ahead) ?? .nan, &depth)
            case .timeTo(let window):
                let isLow = isLowLimit(before: place, in: program, of: own)
                let line = line(window, of: own)
                stack[depth - 1] = line?.time(to: stack[depth - 1], isLow: isLow) ?? .nan
            case .flat(let window):
                stack[depth - 1] = isFlat(window, within: stack[depth - 1], of: own)
            case .absolute, .squareRoot, .logarithm, .exponential:
                stack[depth - 1] = Engine.transform(instruction, stack[depth - 1])
            case .add, .subtract, .multiply, .divide, .and, .or, .lesser, .greater:
                depth -= 1
                stack[depth - 1] = Engine.combine(instruction, stack[depth - 1], stack[depth])
            case .compare(let comparison, let subject, let memory):
                depth -= 1
                let left = stack[depth - 1]
                let right = stack[depth]
                stack[depth - 1] = compare(
                    comparison, left, right, subject: subject, memory: memory, rule: rule)
            }
        }
        return stack[0]
    }

    private mutating func push(_ number: Double, _ depth: inout Int) {
        stack[depth] = number
        depth += 1
    }

    /// Arithmetic and logic of two numbers; NaN goes through arithmetic by itself.
    private static func combine(_ instruction: Instruction, _ a: Double, _ b: Double) -> Double {
        switch instruction {
        case .add: return a + b
        case .subtract: return a - b
        case .multiply: return a * b
        case .divide: return b == 0 ? .nan : a / b
        case .and: return a == 0 || b == 0 ? 0 : a * b
        case .or: return a == 1 || b == 1 ? 1 : a + b
        case .lesser: return a.isNaN || b.isNaN ? .nan : min(a, b)
        case .greater: return a.isNaN || b.isNaN ? .nan : max(a, b)
        case .constant, .value, .limit, .reference, .age, .over, .under, .qualityIs,
            .referenceQualityIs, .stateIs, .referenceStateIs, .negate, .compare, .not, .window,
            .forecast, .timeTo, .flat, .votes, .group, .during, .absolute, .squareRoot,
            .logarithm, .exponential:
            preconditionFailure("not an operation of two numbers")
        }
    }

    /// A function of one number; outside its domain the result is unknown.
    private static func transform(_ instruction: Instruction, _ a: Double) -> Double {
        switch instruction {
        case .absolute: return abs(a)
        case .squareRoot: return a < 0 ? .nan : a.squareRoot()
        case .logarithm: return a > 0 ? PortableMath.logarithm(a) : .nan
        case .exponential: return PortableMath.exponential(a)
        case .constant, .value, .limit, .reference, .age, .over, .under, .qualityIs,
            .referenceQualityIs, .stateIs, .referenceStateIs, .negate, .compare, .not, .window,
            .forecast, .timeTo, .flat, .votes, .group, .during, .lesser, .greater, .add,
            .subtract, .multiply, .divide, .and, .or:
            preconditionFailure("not a function of one number")
        }
    }

    /// A comparison with its deadband: once true it stays true until the value is past the limit
    /// against its direction by more than the deadband. Unknown leaves the memory as it is.
    private mutating func compare(
        _ comparison: Comparison, _ left: Double, _ right: Double, subject: Subject, memory: UInt8,
        rule: Int
    ) -> Double {
        // A limit that is off (NaN) stays off, however far beyond its span the sensor is.
        if let direction = comparison.direction, !right.isNaN,
            exceeds(subject, direction, rule: rule)
        {
            if memory != Program.noMemory { rules[rule].memory |= 1 << UInt32(memory) }
            return 1
        }
        guard !left.isNaN && !right.isNaN else { return .nan }
        var isTrue = Engine.holds(comparison, left, right)
        guard memory != Program.noMemory else { return isTrue ? 1 : 0 }
        let bit: UInt32 = 1 << UInt32(memory)
        if !isTrue && rules[rule].memory & bit != 0 {
            let band = codes[rule].deadbands[Int(memory)]
            switch comparison {
            case .greaterOrEqual, .greater: isTrue = left >= right - band && band > 0
            case .lessOrEqual, .less: isTrue = left <= right + band && band > 0
            case .equal, .notEqual: break
            }
        }
        if isTrue { rules[rule].memory |= bit } else { rules[rule].memory &= ~bit }
        return isTrue ? 1 : 0
    }

    private static func holds(_ comparison: Comparison, _ a: Double, _ b: Double) -> Bool {
        switch comparison {
        case .greaterOrEqual: a >= b
        case .greater: a > b
        case .lessOrEqual: a <= b
        case .less: a < b
        case .equal: a == b
        case .notEqual: a != b
        }
    }

    /// The bare value on the left is beyond its measuring span in this direction. Mutating, like all
    /// that every sample calls, although it changes nothing: the compiler copies the whole engine
    /// (850 bytes) for a call that may not change it.
    private mutating func exceeds(_ subject: Subject, _ direction: Direction, rule: Int) -> Bool {
        let number: Int
        switch subject {
        case .expression: return false
        case .ownValue: number = Int(rules[rule].binding)
        case .reference(let slot):
            let reference = references[rules[rule].references.lowerBound + Int(slot)]
            guard reference.stream >= 0, !streams[reference.stream].isStale,
                let first = streams[reference.stream].bindings.first
            else { return false }
            number = first
        }
        switch direction {
        case .high: return bindings[number].over || bindings[number].overIsLatched
        case .low: return bindings[number].under
        }
    }

    private func ownState(_ own: Int, in mask: UInt64, held: Int64) -> Double {
        let state = bindings[own].state
        guard state >= 0, bindings[own].quality == .good else { return .nan }
        guard mask & (1 << UInt64(state)) != 0 else { return 0 }
        let since = bindings[own].stateSince
        return streams[bindings[own].stream].time - since >= Span(milliseconds: held) ? 1 : 0
    }

    private func value(ofReference slot: UInt16, rule: Int) -> Double {
        let reference = references[rules[rule].references.lowerBound + Int(slot)]
        guard reference.stream >= 0 else { return .nan }
        let other = streams[reference.stream]
        guard !other.isStale, !other.flags.contains(.word) else { return .nan }
        guard let first = other.bindings.first else {
            return other.quality == .good ? reference.conversion(other.value) : .nan
        }
        guard bindings[first].quality == .good, !bindings[first].isUndecided else { return .nan }
        return reference.conversion(other.value)
    }

    private func quality(ofReference slot: UInt16, rule: Int, in mask: UInt8) -> Double {
        let reference = references[rules[rule].references.lowerBound + Int(slot)]
        guard reference.stream >= 0, streams[reference.stream].time != .distantPast else {
            return mask & (1 << Quality.bad.rawValue) != 0 ? 1 : 0
        }
        let other = streams[reference.stream]
        let quality = other.bindings.first.map { bindings[$0].quality } ?? other.quality
        return mask & (1 << quality.rawValue) != 0 ? 1 : 0
    }

    /// The other stream's state; held times are measured to the time of the newest sample of the
    /// rule's own stream or of the other one, whichever is later.
    private func referenceState(_ slot: UInt16, rule: Int, held: Int64) -> Double {
        let reference = references[rules[rule].references.lowerBound + Int(slot)]
        guard reference.stream >= 0 else { return .nan }
        let other = streams[reference.stream]
        guard !other.isStale, other.time != .distantPast else { return .nan }
        if reference.usesOwnStates {
            let own = bindings[Int(rules[rule].binding)].binding
            guard other.quality == .good,
                let state = own.state(of: other.value, isWord: other.flags.contains(.word))
            else { return .nan }
            return reference.mask & (1 << UInt64(state)) != 0 ? 1 : 0
        }
        guard reference.binding >= 0 else { return .nan }
        let state = bindings[reference.binding]
        guard state.state >= 0, state.quality == .good else { return .nan }
        guard reference.mask & (1 << UInt64(state.state)) != 0 else { return 0 }
        let home = bindings[Int(rules[rule].binding)].stream
        let latest = max(other.time, streams[home].time)
        return latest - state.stateSince >= Span(milliseconds: held) ? 1 : 0
    }
}
