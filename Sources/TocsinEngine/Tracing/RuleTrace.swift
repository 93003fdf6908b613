package import TocsinModel

/// What one instruction of a condition computed, with its place in the tree of the text.
package struct TraceStep: Sendable, Equatable {
    /// What stands on the stack behind the instruction.
    package enum Kind: Sendable, Equatable {
        case truth
        /// A number in `unit` (a symbol, nil = plain).
        case number(unit: String?)
        /// Milliseconds.
        case duration
    }

    /// The least-squares line of a window, for its confidence: slope and its standard error in the
    /// pack's unit per second; for `time_to` the interval's ends in milliseconds.
    package struct Line: Sendable, Equatable {
        package var slope: Double
        package var slopeError: Double
        /// 95 %: where the line meets the limit at the steepest and at the flattest slope.
        package var low: Double?
        package var high: Double?

        package init(slope: Double, slopeError: Double, low: Double? = nil, high: Double? = nil) {
            self.slope = slope
            self.slopeError = slopeError
            self.low = low
            self.high = high
        }
    }

    /// What stood in a window: of one by time what is covered of its length, of one by count how
    /// many samples it wants.
    package struct Window: Sendable, Equatable {
        package var samples: Int
        package var wanted: Int?
        package var covered: Span?
        package var length: Span?
    }

    /// The deadband of a comparison, in the pack's unit.
    package struct Deadband: Sendable, Equatable {
        package var width: Double
        /// The comparison is remembered as true: the deadband holds it.
        package var isRemembered: Bool
    }

    package var instruction: Instruction
    package var text: String
    /// The steps whose results it took, left first; positions in the program.
    package var operands: [Int]
    package var kind: Kind
    /// NaN = unknown; a truth is 0 or 1.
    package var value: Double
    /// Why it is unknown; nil where it is known.
    package var unknownBecause: String?
    package var deadband: Deadband?
    package var line: Line?
    package var window: Window?
    /// How the members of a group answer, in the order in which they were declared.
    package var members: [GroupVote.Member] = []
    /// The degraded vote in force, `1oo2` or `trouble`; nil = the vote as it is written.
    package var policy: String?

    package var truth: Truth { Truth(value) }
}

/// One compiled expression of a rule, step by step; the last step is its result.
package struct ProgramTrace: Sendable, Equatable {
    package enum Role: UInt8, Sendable, Equatable {
        case condition, clearWhen, unless

        /// The key of the rule file.
        package var word: String {
            switch self {
            case .condition: "when"
            case .clearWhen: "clear_when"
            case .unless: "unless"
            }
        }
    }

    package var role: Role
    package var steps: [TraceStep]

    package var result: Truth { steps.last?.truth ?? .unknown }
}

/// A stream as a traced rule sees it.
package struct StreamTrace: Sendable, Equatable {
    package var name: String
    /// It is a group's name: `time` is that of its newest member, and there is no value.
    package var isGroup: Bool
    package var everHeard: Bool
    /// Its newest sample in order; nil = none came yet.
    package var time: Timestamp?
    /// In `unit`; nil where there is none or it is a word.
    package var value: Double?
    package var unit: String?
    /// A state word as the sensor says it.
    package var word: String?
    package var quality: Quality
    package var isStale: Bool
    /// When it was last heard, by the gateway's clock.
    package var heard: Timestamp?
}

/// The alarm that a traced rule belongs to.
package struct AlarmTrace: Sendable, Equatable {
    package var id: Identifier
    package var state: AlarmState
    /// The rule whose level stands; nil = none.
    package var standing: String?
    /// The alarm's other rules, the lowest first.
    package var ladder: [String]
    package var occurrence: Identifier?
    package var raisedAt: Timestamp?
    package var lastEvent: Identifier?
    /// Combustible gas: over-range was seen and not reset.
    package var overIsLatched: Bool
    /// Whether it is hidden: raised and not annunciated.
    package var suppression: Suppression
}

/// The newest own samples of a rule with `n_of_m`.
package struct SampleVoteTrace: Sendable, Equatable {
    package var yes: Int
    package var needed: Int
    package var of: Int
}

/// A rule on a stream at one moment: its expressions step by step, its delays, its alarm.
package struct RuleTrace: Sendable {
    package var binding: Binding
    /// Position in `binding.pack.rules`.
    package var rule: Int
    /// The gateway's clock.
    package var now: Timestamp
    package var phase: Phase
    /// The condition as it was last evaluated.
    package var truth: Truth
    /// When the condition, or the running delay, began; nil where nothing did.
    package var began: Timestamp?
    /// When the running delay ends, in event time; nil = none runs.
    package var deadline: Timestamp?
    package var programs: [ProgramTrace]
    package var stream: StreamTrace
    /// Silence counts from here, by the gateway's clock.
    package var silentSince: Timestamp
    /// The other streams that the rule asks, in the order of the text.
    package var references: [StreamTrace]
    package var alarm: AlarmTrace
    /// `unless` or `schedule` is against this rule: it is not annunciated.
    package var isSuppressed: Bool
    /// Nil for a rule that each sample decides by itself.
    package var sampleVote: SampleVoteTrace?

    package var definition: Rule { binding.pack.rules[rule] }

    /// The expression that plays this part; nil = the rule has none.
    package func program(_ role: ProgramTrace.Role) -> ProgramTrace? {
        programs.first { $0.role == role }
    }
}

/// Waits in an engine for one event, and keeps what the rule looked like when it was said.
struct EventWatch: Sendable {
    var id: Identifier
    var trace: RuleTrace?
}

extension Phase {
    package var word: String {
        switch self {
        case .off: "off"
        case .pendingOn: "on-delay"
        case .on: "on"
        case .pendingOff: "off-delay"
        }
    }
}
