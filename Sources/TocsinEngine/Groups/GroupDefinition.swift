package import TocsinModel

/// A group of streams that a rule asks: `votes(value >= limit.H, of="{area}/hazchem/lel/+")`.
///
/// `member` runs once for each stream of the group, on that stream as the rule's own pack reads it:
/// `value` is the member's in the pack's unit, `limit.NAME` the pack's limit for that member.
package struct GroupDefinition: Sendable, Equatable {
    /// The streams; labels in braces take the values of the rule's own stream or group.
    package var pattern: StreamPattern
    /// A condition, or a number (`min_of`, `max_of`, `mean_of`).
    package var member: Program
    package var isCondition: Bool
    /// By memory number of `member`, in the pack's unit.
    package var deadbands: [Quantity]
    package var references: [ReferenceDefinition]
    /// The member's condition as text, in canonical form.
    package var text: String

    package init(
        pattern: StreamPattern, member: Program, isCondition: Bool, deadbands: [Quantity] = [],
        references: [ReferenceDefinition] = [], text: String
    ) {
        self.pattern = pattern
        self.member = member
        self.isCondition = isCondition
        self.deadbands = deadbands
        self.references = references
        self.text = text
    }
}

/// What an instruction asks of a group.
package enum GroupFunction: UInt8, Sendable, Equatable {
    /// How many members' conditions are true; unknown where a member's is (`count_of`, `votes` in
    /// arithmetic).
    case count
    /// Truths.
    case any, all
    /// Numbers over the good members; unknown where there are none.
    case least, greatest, mean
}

/// What a vote needs where members are bad, inhibited or silent (contract §4 `degraded:`).
package struct DegradedVote: Sendable, Equatable {
    /// How many members are out; `.max` = all.
    package var out: Int
    package var policy: Policy

    package enum Policy: Sendable, Equatable {
        /// `1oo2`: so many of the members that remain; `of` is as written, for people.
        case needs(Int, of: Int)
        /// The vote is unknown, and the trouble rule `PACK/ALARM-out` is raised.
        case trouble
    }

    package init(out: Int, policy: Policy) {
        self.out = out
        self.policy = policy
    }
}

/// A stream that a pack computes from others (`define:`).
package struct CalculatedDefinition: Sendable, Equatable {
    /// Its name; labels in braces take the values of the stream (or group) it is computed for.
    package var name: StreamPattern
    package var unit: UnitIndex?
    package var program: Program
    package var references: [ReferenceDefinition]
    /// One for each value of this label instead of one for each stream of the pack.
    package var per: String?
    /// The expression as text, in canonical form.
    package var text: String

    package init(
        name: StreamPattern, unit: UnitIndex?, program: Program,
        references: [ReferenceDefinition] = [], per: String? = nil, text: String
    ) {
        self.name = name
        self.unit = unit
        self.program = program
        self.references = references
        self.per = per
        self.text = text
    }
}
