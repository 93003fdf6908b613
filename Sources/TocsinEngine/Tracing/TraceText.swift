import TocsinModel

// What a traced step is called, what it is measured in, and why it is unknown.

extension Engine {
    // MARK: Names

    /// A step in the words of the rule language, for a program that brings no texts of its own.
    func text(of step: TraceStep, rule: Int, among steps: [TraceStep]) -> String {
        let pack = bindings[Int(rules[rule].binding)].binding.pack
        let texts = step.operands.map { operand in
            Engine.bracketed(steps[operand], inside: step.instruction)
        }
        let first = texts.first ?? ""
        let last = texts.last ?? ""
        switch step.instruction {
        case .constant(let number): return JSONMembers.readable(number)
        case .value: return "value"
        case .limit(let slot): return "limit." + pack.limits[Int(slot)].name
        case .reference(let slot): return "stream(\"\(name(ofReference: slot, rule))\")"
        case .age: return "age"
        case .over: return "over"
        case .under: return "under"
        case .qualityIs(let mask): return "quality is " + Engine.qualities(mask)
        case .referenceQualityIs(let slot, let mask):
            return "stream(\"\(name(ofReference: slot, rule))\") quality is "
                + Engine.qualities(mask)
        case .stateIs(let mask, let held):
            return "value is " + Engine.states(mask, pack) + Engine.heldText(held)
        case .referenceStateIs(let slot, let held):
            let names = definition(rule).references[Int(slot)].stateNames.joined(separator: " or ")
            return "stream(\"\(name(ofReference: slot, rule))\") is " + names
                + Engine.heldText(held)
        case .add: return first + " + " + last
        case .subtract: return first + " - " + last
        case .multiply: return first + " * " + last
        case .divide: return first + " / " + last
        case .negate: return "-" + first
        case .compare(let comparison, _, _): return "\(first) \(comparison.symbol) \(last)"
        case .and: return first + " and " + last
        case .or: return first + " or " + last
        case .not: return "not " + first
        case .window(let number, let function):
            return "\(function)(" + Engine.extent(pack, number) + ")"
        case .forecast(let number, let ahead):
            return "forecast(value, over=\(Engine.extent(pack, number)), "
                + "ahead=\(Span(milliseconds: ahead).text))"
        case .timeTo(let number): return "time_to(\(first), over=\(Engine.extent(pack, number)))"
        case .flat(let number): return "flat(\(Engine.extent(pack, number)), within=\(first))"
        case .votes(let number, let comparison, let needed):
            return "votes(\(Engine.group(pack, number))) \(comparison.symbol) "
                + JSONMembers.readable(needed)
        case .group(let number, let function):
            return "\(function)(\(Engine.group(pack, number)))"
        case .during: return "during(…)"
        case .absolute: return "abs(\(first))"
        case .squareRoot: return "sqrt(\(first))"
        case .logarithm: return "ln(\(first))"
        case .exponential: return "exp(\(first))"
        case .lesser: return "lesser(\(first), \(last))"
        case .greater: return "greater(\(first), \(last))"
        }
    }

    private func name(ofReference slot: UInt16, _ rule: Int) -> String {
        references[rules[rule].references.lowerBound + Int(slot)].name
            ?? definition(rule).references[Int(slot)].pattern.text
    }

    /// Brackets where the text would otherwise be read in another order.
    private static func bracketed(_ step: TraceStep, inside outer: Instruction) -> String {
        guard let bound = rank(of: outer), let own = rank(of: step.instruction), own < bound else {
            return step.text
        }
        return "(" + step.text + ")"
    }

    /// How tightly an operator binds; nil = it needs no brackets.
    private static func rank(of instruction: Instruction) -> Int? {
        switch instruction {
        case .or: 0
        case .and: 1
        case .not: 2
        case .compare: 3
        case .add, .subtract: 4
        case .multiply, .divide: 5
        case .negate: 6
        case .constant, .value, .limit, .reference, .age, .over, .under, .qualityIs,
            .referenceQualityIs, .stateIs, .referenceStateIs, .window, .forecast, .timeTo, .flat,
            .votes, .group, .during, .absolute, .squareRoot, .logarithm, .exponential, .lesser,
            .greater:
            nil
        }
    }

    private static func qualities(_ mask: UInt8) -> String {
        Quality.allCases.filter { mask & 1 << $0.rawValue != 0 }.map(\.word)
            .joined(separator: " or ")
    }

    private static func states(_ mask: UInt64, _ pack: Pack) -> String {
        pack.states.indices.filter { mask & 1 << UInt64($0) != 0 }.map { pack.states[$0].name }
            .joined(separator: " or ")
    }

    private static func heldText(_ milliseconds: Int64) -> String {
        milliseconds > 0 ? " for " + Span(milliseconds: milliseconds).text : ""
    }

    private static func extent(_ pack: Pack, _ number: UInt16) -> String {
        switch pack.windows[Int(number)].extent {
        case .time(let span): span.text
        case .count(let count): "count=\(count)"
        }
    }

    private static func group(_ pack: Pack, _ number: UInt16) -> String {
        let group = pack.groups[Int(number)]
        return "\(group.text), of=\"\(group.pattern.text)\""
    }

    // MARK: Units

    /// A bare number beside a measured one is in its unit.
    static func adoptUnit(
        _ operand: Int, of step: TraceStep, among steps: inout [TraceStep], rewording: Bool
    ) {
        guard case .constant(let number) = steps[operand].instruction,
            let other = step.operands.first(where: { $0 != operand })
        else { return }
        guard sharesUnit(step.instruction) else { return }
        steps[operand].kind = steps[other].kind
        guard rewording else { return }
        switch steps[operand].kind {
        case .number(unit: let unit?):
            steps[operand].text = JSONMembers.readable(number) + " " + unit
        case .duration:
            if let whole = Int64(exactly: number) {
                steps[operand].text = Span(milliseconds: whole).text
            }
        case .number(unit: nil), .truth: break
        }
    }

    /// Whether both operands are measured alike.
    private static func sharesUnit(_ instruction: Instruction) -> Bool {
        if case .compare = instruction { return true }
        return [.add, .subtract, .lesser, .greater].contains(instruction)
    }

    /// What a step's value is measured in.
    func kind(of step: TraceStep, rule: Int, among steps: [TraceStep]) -> TraceStep.Kind {
        let pack = bindings[Int(rules[rule].binding)].binding.pack
        let own = pack.unit ?? bindings[Int(rules[rule].binding)].binding.streamUnit
        let symbol = own.map { UnitTable.standard[$0].symbol }
        let operands = step.operands.map { steps[$0].kind }
        let plain = TraceStep.Kind.number(unit: nil)
        switch step.instruction {
        case .value, .limit, .forecast: return .number(unit: symbol)
        case .reference(let slot): return .number(unit: unit(ofReference: slot, rule))
        case .age, .timeTo: return .duration
        case .over, .under, .qualityIs, .referenceQualityIs, .stateIs, .referenceStateIs,
            .compare, .and, .or, .not, .flat, .votes, .during:
            return .truth
        case .constant, .squareRoot, .logarithm, .exponential: return plain
        case .negate, .absolute: return operands[0]
        case .add, .subtract, .lesser, .greater:
            return operands[0] == plain ? operands[1] : operands[0]
        case .multiply: return operands[0] == plain ? operands[1] : sole(operands)
        case .divide: return sole(operands)
        case .window(_, let function):
            switch function {
            case .count, .changes, .significance, .zscore, .cusum: return plain
            case .slope, .rate: return .number(unit: symbol.map { $0 + "/s" })
            case .dose: return .number(unit: symbol.map { $0 + "·s" })
            case .mean, .sum, .stddev, .least, .greatest, .quantile, .delta, .twa, .ewma:
                return .number(unit: symbol)
            }
        case .group(_, let function):
            switch function {
            case .any, .all: return .truth
            case .count: return plain
            case .least, .greatest, .mean: return .number(unit: symbol)
            }
        }
    }

    /// The left operand's unit where the right one is plain; else the product's is not named.
    private func sole(_ operands: [TraceStep.Kind]) -> TraceStep.Kind {
        let plain = TraceStep.Kind.number(unit: nil)
        return operands[1] == plain ? operands[0] : plain
    }

    private func unit(ofReference slot: UInt16, _ rule: Int) -> String? {
        let reference = references[rules[rule].references.lowerBound + Int(slot)]
        if let unit = reference.unit { return UnitTable.standard[unit].symbol }
        guard reference.stream >= 0 else { return nil }
        return streams[reference.stream].unit.map { UnitTable.standard[$0].symbol }
    }

    // MARK: Reasons

    /// Why a step is unknown: the first unknown operand's reason, or its own.
    func unknownReason(of step: TraceStep, rule: Int, among steps: [TraceStep]) -> String {
        if let operand = step.operands.first(where: { steps[$0].value.isNaN }) {
            return steps[operand].unknownBecause ?? steps[operand].text + " is unknown"
        }
        let own = Int(rules[rule].binding)
        let binding = bindings[own].binding
        switch step.instruction {
        case .value, .stateIs:
            return silence(ofStream: bindings[own].stream, binding: own)
                ?? "the sample says nothing that the pack understands"
        case .limit(let slot): return limitReason(binding, Int(slot))
        case .reference(let slot), .referenceStateIs(let slot, _):
            let reference = references[rules[rule].references.lowerBound + Int(slot)]
            guard reference.stream >= 0 else {
                return "\(name(ofReference: slot, rule)) was never heard"
            }
            return silence(
                ofStream: reference.stream, binding: streams[reference.stream].bindings.first)
                ?? "\(streams[reference.stream].name) says nothing that the rule understands"
        case .divide: return "the division is by 0"
        case .squareRoot, .logarithm: return "\(step.text) has no value"
        case .window, .forecast, .timeTo, .flat:
            return windowReason(step.instruction, rule: rule)
        case .votes, .group:
            return step.members.isEmpty
                ? "the group has no members" : "too few members of the group are known"
        case .constant, .age, .over, .under, .qualityIs, .referenceQualityIs, .add, .subtract,
            .multiply, .negate, .compare, .and, .or, .not, .during, .absolute, .exponential,
            .lesser, .greater:
            return "its result is no number"
        }
    }

    /// Why a limit is off.
    private func limitReason(_ binding: Binding, _ slot: Int) -> String {
        let name = binding.pack.limits[slot].name
        if let entry = binding.listing?.limits.first(where: { $0.name == name }),
            case .off(let reason) = entry.cell
        {
            return "limit.\(name) is off for this stream: \(reason)"
        }
        return "limit.\(name) has no value: neither the pack nor the inventory gives one"
    }

    /// Why a stream says nothing now; nil when it does.
    private func silence(ofStream number: Int, binding: Int?) -> String? {
        let stream = streams[number]
        guard stream.time != .distantPast else { return "\(stream.name) was never heard" }
        if stream.isStale { return "\(stream.name) is silent" }
        switch binding.map({ bindings[$0].quality }) ?? stream.quality {
        case .bad: return "\(stream.name) has bad quality"
        case .inhibited: return "\(stream.name) is inhibited (maintenance or calibration)"
        case .good: break
        }
        return stream.flags.contains(.word) ? "\(stream.name) says a word, not a number" : nil
    }
}
