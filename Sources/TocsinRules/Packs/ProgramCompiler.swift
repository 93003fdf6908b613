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
    }

    /// The other streams that one rule may read.
    static let referencesMax = 64

    let limits: [String]
    private(set) var references: [ReferenceDefinition] = []
    private(set) var memories: [Memory] = []
    /// What the pack's programs share, those of this rule included.
    var pool: PackPool
    private var instructions: [Instruction] = []
    private var depth = 0
    private var deepest = 0
    private var slots: [StreamSlot] = []

    /// One stream as an expression asks for it.
    struct StreamSlot: Equatable {
        var pattern: StreamPattern
        var quantity: ExpressionQuantity
    }

    init(limits: [String], pool: PackPool = PackPool()) {
        self.limits = limits
        self.pool = pool
    }

    /// The program of a condition. `streams`: what stands behind the positions of its references;
    /// `hasMemory`: comparisons that deadband acts on get a memory each.
    mutating func compile(
        _ expression: TypedExpression, streams: [StreamSlot], hasMemory: Bool
    ) throws(Problem) -> Program {
        instructions = []
        depth = 0
        deepest = 0
        slots = streams
        try emit(expression.root, hasMemory)
        guard deepest <= Program.stackLimit else { throw .tooDeep(limit: Program.stackLimit) }
        return Program(instructions: instructions, stackDepth: deepest)
    }

    private mutating func push(_ instruction: Instruction) {
        instructions.append(instruction)
        depth += 1
        deepest = max(deepest, depth)
    }

    /// Two operands become one result.
    private mutating func join(_ instruction: Instruction) {
        instructions.append(instruction)
        depth -= 1
    }

    private mutating func emit(_ node: TypedNode, _ hasMemory: Bool) throws(Problem) {
        switch node.kind {
        case .constant(let number): push(.constant(number))
        case .ownValue: push(.value)
        case .limit(let name): push(.limit(position(of: name)))
        case .reference(let slot): push(.reference(try reference(slot)))
        case .age: push(.age)
        case .over: push(.over)
        case .under: push(.under)
        case .negate(let inner):
            try emit(inner, hasMemory)
            instructions.append(.negate)
        case .arithmetic(let operation, let left, let right):
            try emit(left, hasMemory)
            try emit(right, hasMemory)
            join(operation.instruction)
        case .isState(let subject, let position, let isNegated, let held):
            try emitState(subject, position, isNegated: isNegated, held)
        case .isQuality(let quality, let isNegated):
            push(.qualityIs(mask: 1 << quality.rawValue))
            if isNegated { instructions.append(.not) }
        case .comparison(let comparison): try emit(comparison, hasMemory)
        case .not(let inner):
            try emit(inner, hasMemory)
            instructions.append(.not)
        case .logic(let operation, let left, let right):
            try emit(left, hasMemory)
            try emit(right, hasMemory)
            join(operation == .and ? .and : .or)
        }
    }

    /// Held and negated, the state has been any of the others all that time: the negation of
    /// "has been this one all that time" would be true at once.
    private mutating func emitState(
        _ subject: StateSubject, _ position: Int, isNegated: Bool, _ held: Int64
    ) throws(Problem) {
        let isOthers = isNegated && held > 0
        switch subject {
        case .own:
            let mask: UInt64 = 1 << UInt64(position)
            push(.stateIs(mask: isOthers ? ~mask : mask, heldMilliseconds: held))
        case .reference(let slot):
            guard case .states(let names) = slots[slot].quantity else {
                preconditionFailure("the checker tests states of streams that have them")
            }
            let wanted = isOthers ? names.filter { $0 != names[position] } : [names[position]]
            let number = try reference(slot, states: wanted)
            push(.referenceStateIs(slot: number, heldMilliseconds: held))
        }
        if isNegated, !isOthers { instructions.append(.not) }
    }

    // MARK: Comparisons

    /// The side that grows towards truth is put left, so that `limit.H <= value` and
    /// `10 - value <= 5` are high comparisons as `value >= limit.H` is: the engine tells `over`
    /// from the operator alone. Deadband is a distance of the two sides: swapping keeps it.
    private mutating func emit(
        _ comparison: TypedComparison, _ hasMemory: Bool
    ) throws(Problem) {
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
        join(.compare(operation, subject: subject, memory: memory))
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

    /// The slot for a stream: one for its value, one for each set of states that is asked of it.
    private mutating func reference(
        _ slot: Int, states: [String] = []
    ) throws(Problem) -> UInt16 {
        let stream = slots[slot]
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
