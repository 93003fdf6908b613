import TocsinEngine
import TocsinModel

/// Compiles the checked conditions of one rule, `when`, `clear_when` and `unless`, which share the
/// slots of other streams.
struct ProgramCompiler {
    /// A comparison that remembers being true, for its deadband.
    struct Memory {
        /// The limit it compares with; nil = a number, or several limits.
        var limit: String?
    }

    /// Why a condition is beyond the engine's bounds; the condition itself is well formed.
    enum Problem: Error, Equatable {
        case tooDeep(limit: Int)
        case tooManyMemories(limit: Int)
        case tooManyReferences(limit: Int)
        case tooManySchedules(limit: Int)
        case tooManyParts(limit: Int)
    }

    /// The other streams that one rule may read.
    static let referencesMax = 64

    let limits: [String]
    /// The width for a comparison of a group's member with this limit (nil = with a number).
    private let width: (String?) -> Quantity
    private(set) var references: [ReferenceDefinition] = []
    private(set) var memories: [Memory] = []
    /// What the pack's programs share, those of this rule included.
    var pool: PackPool
    private var instructions: [Instruction] = []
    private var texts: [String] = []
    private var depth = 0
    private var deepest = 0
    private var names: [String] = []
    private var streams = StreamSlots()
    private var source = ""

    /// One stream as an expression asks for it.
    struct StreamSlot: Equatable {
        var pattern: StreamPattern
        var quantity: ExpressionQuantity
    }

    /// The streams of an expression and of its groups' members, by the patterns as written.
    struct StreamSlots {
        var entries: [(pattern: String, slot: StreamSlot)] = []

        subscript(_ pattern: String) -> StreamSlot? {
            entries.first { $0.pattern == pattern }?.slot
        }
    }

    /// `pool`: the pack's. `width`: the deadbands of comparisons inside groups.
    init(
        limits: [String], pool: PackPool = PackPool(),
        width: @escaping (String?) -> Quantity = { _ in .number(0, unit: nil) }
    ) {
        self.limits = limits
        self.pool = pool
        self.width = width
    }

    /// The program of an expression. `streams`: what stands behind its references; `hasMemory`:
    /// comparisons that deadband acts on get a memory each.
    mutating func compile(
        _ expression: TypedExpression, streams: StreamSlots, hasMemory: Bool
    ) throws(Problem) -> Program {
        instructions = []
        texts = []
        depth = 0
        deepest = 0
        names = expression.references
        self.streams = streams
        source = expression.source
        try emit(expression.root, hasMemory)
        guard deepest <= Program.stackLimit else { throw .tooDeep(limit: Program.stackLimit) }
        return Program(
            instructions: instructions, stackDepth: deepest,
            texts: source.isEmpty ? [] : texts)
    }

    private mutating func push(_ instruction: Instruction, _ node: TypedNode) {
        change(instruction, node)
        depth += 1
        deepest = max(deepest, depth)
    }

    /// One operand becomes one result.
    private mutating func change(_ instruction: Instruction, _ node: TypedNode) {
        instructions.append(instruction)
        if !source.isEmpty { texts.append(node.range.text(in: source)) }
    }

    /// Two operands become one result.
    private mutating func join(_ instruction: Instruction, _ node: TypedNode) {
        change(instruction, node)
        depth -= 1
    }

    private mutating func emit(_ node: TypedNode, _ hasMemory: Bool) throws(Problem) {
        switch node.kind {
        case .constant(let number): push(.constant(number), node)
        case .ownValue: push(.value, node)
        case .limit(let name): push(.limit(position(of: name)), node)
        case .reference(let slot): push(.reference(try reference(slot)), node)
        case .age: push(.age, node)
        case .over: push(.over, node)
        case .under: push(.under, node)
        case .negate(let inner):
            try emit(inner, hasMemory)
            change(.negate, node)
        case .arithmetic(let operation, let left, let right):
            try emit(left, hasMemory)
            try emit(right, hasMemory)
            join(operation.instruction, node)
        case .isState(let subject, let position, let isNegated, let held):
            try emitState(node, subject, position, isNegated: isNegated, held)
        case .isQuality(let quality, let isNegated):
            push(.qualityIs(mask: 1 << quality.rawValue), node)
            if isNegated { change(.not, node) }
        case .comparison(let comparison): try emit(comparison, node, hasMemory)
        case .not(let inner):
            try emit(inner, hasMemory)
            change(.not, node)
        case .logic(let operation, let left, let right):
            try emit(left, hasMemory)
            try emit(right, hasMemory)
            join(operation == .and ? .and : .or, node)
        case .window, .forecast, .timeTo, .flat, .during, .math, .group:
            try emitFunction(node, hasMemory)
        }
    }

    private mutating func emitFunction(
        _ node: TypedNode, _ hasMemory: Bool
    ) throws(Problem) {
        switch node.kind {
        case .window(let window, let function):
            push(.window(try position(of: window), function), node)
        case .forecast(let window, let ahead):
            push(.forecast(try position(of: window), aheadMilliseconds: ahead), node)
        case .timeTo(let window, let target):
            try emit(target, hasMemory)
            change(.timeTo(try position(of: window)), node)
        case .flat(let window, let width):
            try emit(width, hasMemory)
            change(.flat(try position(of: window)), node)
        case .during(let schedule):
            guard let position = pool.position(of: schedule) else {
                throw .tooManySchedules(limit: PackPool.schedulesMax)
            }
            push(.during(position), node)
        case .math(let function, let operands):
            for operand in operands { try emit(operand, hasMemory) }
            if operands.count == 2 {
                join(function.instruction, node)
            } else {
                change(function.instruction, node)
            }
        case .group(let group):
            push(.group(try position(of: group, hasMemory), group.function), node)
        case .constant, .ownValue, .limit, .reference, .age, .over, .under, .negate, .arithmetic,
            .isState, .isQuality, .comparison, .not, .logic:
            preconditionFailure("not a function")
        }
    }

    private static let full = Problem.tooManyParts(limit: PackPool.partsMax)

    private mutating func position(of window: WindowDefinition) throws(Problem) -> UInt16 {
        guard let position = pool.position(of: window) else { throw ProgramCompiler.full }
        return position
    }

    /// The member's program has memories and slots of its own: each stream of the group runs it.
    private mutating func position(of group: TypedGroup, _ hasMemory: Bool) throws(Problem)
        -> UInt16
    {
        var compiler = ProgramCompiler(limits: limits, pool: pool, width: width)
        var member = group.member
        member.source = source
        let program = try compiler.compile(member, streams: streams, hasMemory: hasMemory)
        pool = compiler.pool
        let pattern: StreamPattern
        do throws(StreamPattern.Problem) {
            pattern = try StreamPattern(group.pattern)
        } catch {
            preconditionFailure("the checker has read the pattern")
        }
        let definition = GroupDefinition(
            pattern: pattern, member: program, isCondition: group.function.asksTruth,
            deadbands: compiler.memories.map { width($0.limit) },
            references: compiler.references, text: member.canonicalText)
        guard let position = pool.position(of: definition) else { throw ProgramCompiler.full }
        return position
    }

    /// Held and negated, the state has been any of the others all that time: the negation of
    /// "has been this one all that time" would be true at once.
    private mutating func emitState(
        _ node: TypedNode, _ subject: StateSubject, _ position: Int, isNegated: Bool, _ held: Int64
    ) throws(Problem) {
        let isOthers = isNegated && held > 0
        switch subject {
        case .own:
            let mask: UInt64 = 1 << UInt64(position)
            push(.stateIs(mask: isOthers ? ~mask : mask, heldMilliseconds: held), node)
        case .reference(let slot):
            guard case .states(let names) = stream(slot).quantity else {
                preconditionFailure("the checker tests states of streams that have them")
            }
            let wanted = isOthers ? names.filter { $0 != names[position] } : [names[position]]
            let number = try reference(slot, states: wanted)
            push(.referenceStateIs(slot: number, heldMilliseconds: held), node)
        }
        if isNegated, !isOthers { change(.not, node) }
    }

    // MARK: Comparisons

    /// The side that grows towards truth is put left, so that `limit.H <= value` and
    /// `10 - value <= 5` are high comparisons as `value >= limit.H` is: the engine tells `over`
    /// from the operator alone. Deadband is a distance of the two sides: swapping keeps it.
    private mutating func emit(
        _ comparison: TypedComparison, _ node: TypedNode, _ hasMemory: Bool
    ) throws(Problem) {
        if let (group, operation, needed) = comparison.vote {
            push(.votes(try position(of: group, hasMemory), operation, needed), node)
            return
        }
        var left = comparison.left
        var right = comparison.right
        var operation = comparison.operation.comparison
        if isSwapped(comparison) {
            (left, right) = (right, left)
            operation = operation.mirrored
        }
        try emit(left, hasMemory)
        try emit(right, hasMemory)
        var memory = Program.noMemory
        if hasMemory, comparison.deadband != nil {
            guard memories.count < Program.memoryLimit else {
                throw .tooManyMemories(limit: Program.memoryLimit)
            }
            memory = UInt8(memories.count)
            memories.append(Memory(limit: comparison.soleLimit))
        }
        let subject = try subject(of: comparison, left)
        join(.compare(operation, subject: subject, memory: memory), node)
    }

    private func isSwapped(_ comparison: TypedComparison) -> Bool {
        if let trend = comparison.trend {
            let direction: Direction = trend == .rising ? .high : .low
            return comparison.operation.comparison.direction != direction
        }
        if case .reference = comparison.left.kind { return false }
        if case .reference = comparison.right.kind { return true }
        return false
    }

    private mutating func subject(
        of comparison: TypedComparison, _ left: TypedNode
    ) throws(Problem) -> Subject {
        if comparison.trend != nil { return .ownValue }
        guard case .reference(let slot) = left.kind else { return .expression }
        return .reference(try reference(slot))
    }

    // MARK: Names

    private func position(of limit: String) -> UInt16 {
        guard let position = limits.firstIndex(of: limit) else {
            preconditionFailure("the checker knows the limits")
        }
        return UInt16(position)
    }

    private func stream(_ reference: Int) -> StreamSlot {
        guard let slot = streams[names[reference]] else {
            preconditionFailure("the reader gives every stream of an expression")
        }
        return slot
    }

    /// The slot for a stream: one for its value, one for each set of states that is asked of it.
    private mutating func reference(
        _ slot: Int, states: [String] = []
    ) throws(Problem) -> UInt16 {
        let stream = stream(slot)
        var unit: UnitIndex?
        if case .measured(let index) = stream.quantity { unit = index }
        let wanted = ReferenceDefinition(pattern: stream.pattern, unit: unit, stateNames: states)
        if let known = references.firstIndex(of: wanted) { return UInt16(known) }
        guard references.count < ProgramCompiler.referencesMax else {
            throw .tooManyReferences(limit: ProgramCompiler.referencesMax)
        }
        references.append(wanted)
        return UInt16(references.count - 1)
    }
}
