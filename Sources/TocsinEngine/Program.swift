// A condition, compiled: a flat list of instructions for a small stack machine. Numbers and truth
// share one stack of doubles. NaN means *unknown* for both; truth is 0 or 1. That is enough for
// Kleene's three values, and it keeps the evaluator free of allocation and of branches on types,
// which the compiler of `TocsinRules` has already checked.

/// A comparison of two numbers.
package enum Comparison: UInt8, Sendable {
    case greaterOrEqual, greater, lessOrEqual, less, equal, notEqual

    /// The direction in which a value must go for the comparison to become true.
    package var direction: Direction? {
        switch self {
        case .greaterOrEqual, .greater: .high
        case .lessOrEqual, .less: .low
        case .equal, .notEqual: nil
        }
    }

    package var symbol: String {
        switch self {
        case .greaterOrEqual: ">="
        case .greater: ">"
        case .lessOrEqual: "<="
        case .less: "<"
        case .equal: "=="
        case .notEqual: "!="
        }
    }
}

/// Whether an alarm warns of too much or of too little.
package enum Direction: UInt8, Sendable {
    case high, low

    package var word: String { self == .high ? "high" : "low" }
}

/// Which of the stream's values stands bare on the comparison's left side: `over` makes a high
/// comparison of it true, `under` a low one (contract §1).
package enum Subject: Sendable, Equatable {
    case expression
    case ownValue
    case reference(UInt16)
}

/// One step of a compiled condition. Numbers are in the pack's unit, or in the unit that
/// `Rule.references` states for a reference slot; times in milliseconds.
package enum Instruction: Sendable, Equatable {
    case constant(Double)
    case value
    case limit(UInt16)
    case reference(UInt16)
    case age
    case over
    case under
    /// Quality is one of the set; bit = `Quality.rawValue`. Never unknown.
    case qualityIs(mask: UInt8)
    case referenceQualityIs(slot: UInt16, mask: UInt8)
    /// The own state is one of the set (bit = position in the pack's `states`), for at least `held`.
    case stateIs(mask: UInt64, heldMilliseconds: Int64)
    /// The other stream's state is one that the slot names, for at least `held`.
    case referenceStateIs(slot: UInt16, heldMilliseconds: Int64)
    case add
    case subtract
    case multiply
    case divide
    case negate
    /// Pops right, then left. `memory`: the bit that remembers that this comparison is true, for its
    /// deadband (`Rule.deadbands[memory]`); 255 = no deadband.
    case compare(Comparison, subject: Subject, memory: UInt8)
    case and
    case or
    case not
    /// A window of the own stream, by position in `Pack.windows`.
    case window(UInt16, WindowFunction)
    /// The least-squares line of a window, continued from its end.
    case forecast(UInt16, aheadMilliseconds: Int64)
    /// Pops a limit; milliseconds until the window's line meets it, `+infinity` where it never does.
    case timeTo(UInt16)
    /// Pops a width; true where all samples of the window lie within it.
    case flat(UInt16)
    /// How many members of a group vote yes, compared with a number; Kleene, with the rule's
    /// `degraded` policy. The group by position in `Pack.groups`.
    case votes(UInt16, Comparison, Double)
    case group(UInt16, GroupFunction)
    /// Now is within a schedule, by position in `Pack.schedules`; never unknown.
    case during(UInt16)
    /// Pops one number.
    case absolute
    case squareRoot
    /// Natural logarithm and exponential, by `PortableMath`: the same bits on every machine.
    case logarithm
    case exponential
    /// Pop right, then left.
    case lesser
    case greater
}

/// A compiled condition with what its evaluation needs.
package struct Program: Sendable, Equatable {
    package var instructions: [Instruction]
    /// The deepest the stack gets.
    package var stackDepth: Int
    /// What each instruction computes, as the text it was compiled from; empty or one for each.
    package var texts: [String]

    /// The deepest stack a program may need; a longer one is refused by the rule compiler.
    package static let stackLimit = 64
    /// How many comparisons of one condition can have a deadband.
    package static let memoryLimit = 32
    package static let noMemory: UInt8 = 255

    package init(instructions: [Instruction], stackDepth: Int, texts: [String] = []) {
        precondition(stackDepth <= Program.stackLimit, "the rule compiler bounds the stack")
        self.texts = texts
        self.instructions = instructions
        self.stackDepth = stackDepth
    }

    /// The slots of other streams that the program reads.
    package var referenceSlots: [UInt16] {
        instructions.compactMap { instruction in
            switch instruction {
            case .reference(let slot), .referenceQualityIs(let slot, _),
                .referenceStateIs(let slot, _):
                slot
            default: nil
            }
        }
    }
}
