// Groups: rules that ask many streams at once, and streams computed from others.
//
// A *ballot* is one member's answer to one group of one pack: a hidden rule on that member's binding
// of the pack, with its own memory for deadbands. It is cast at each sample of the member, before
// any rule looks at the group. A member that the group's pattern finds and its pack does not watch
// gets a *ghost* binding of the pack, which carries ballots and nothing else.
//
// A *tally* counts the ballots of one group under one set of labels: yes, no, unknown, out. A new
// answer changes the counts by one, so that a vote costs the same in a group of 4 and of 400. All
// rules that ask the same group with the same labels share the tally.
//
// A *seat* is a hidden stream for a label's value: it stands where rules of one alarm a group
// (`per:`) need a stream. Its time is that of the newest sample of any member.
//
// A *calculation* is a hidden rule, too: at each sample of its inputs its number becomes a sample of
// the stream that it defines, which goes the way of every sample.
//
// Invariants: a ballot is in one tally; a tally's counts are the sums over its ballots; ballots stand
// in a tally in the order in which their streams were declared; hidden rules are in no binding's
// `rules` and in no chain, and have no deadlines.

import TocsinModel

/// One member's answer.
package enum Vote: UInt8, Sendable, CaseIterable {
    case yes, no, unknown
    /// Out: the member cannot answer. `stale`: silent, or never heard when it should have been.
    case bad, inhibited, stale

    package var word: String {
        switch self {
        case .yes: "yes"
        case .no: "no"
        case .unknown: "unknown"
        case .bad: "bad"
        case .inhibited: "inhibited"
        case .stale: "stale"
        }
    }

    package var isOut: Bool {
        switch self {
        case .yes, .no, .unknown: false
        case .bad, .inhibited, .stale: true
        }
    }
}

/// What a rule is there for.
enum Role: UInt8 {
    case alarm, ballot, calculation
}

struct BallotState {
    /// Its hidden rule; `rules[rule].rank` is the ballot's own number.
    var rule: Int32
    var tally: Int32
    var group: Int32
    var isCondition: Bool
    /// The condition itself asks for quality or age: its answer counts where the member is out.
    var asksFitness: Bool
    var vote = Vote.unknown
    /// The newest answer of a fit member was yes; unknown and out leave it as it is.
    var lastWasYes = false
    /// The member's number (`min_of`, …); NaN = none.
    var number = Double.nan
}

/// The ballots of one group, counted.
struct TallyState {
    /// Numbers in `Engine.ballots`, in the order in which the streams were declared.
    var ballots: [Int32] = []
    var yes = 0
    var no = 0
    var unknown = 0
    var out = 0
    /// Of those out, the ones that fell silent or bad while they voted yes.
    var fallen = 0
    /// The rules that ask, ascending: alarms and calculations.
    var dependents: [Int32] = []

    mutating func add(_ vote: Vote, lastWasYes: Bool, _ count: Int) {
        switch vote {
        case .yes: yes += count
        case .no: no += count
        case .unknown: unknown += count
        case .bad, .inhibited, .stale:
            out += count
            if lastWasYes { fallen += count }
        }
    }
}

/// A stream's calculation.
struct CalculationState {
    /// Its hidden rule; `rules[rule].rank` is the calculation's own number.
    var rule: Int32
    /// The stream it makes.
    var target: Int32
}

/// Which tally: a group of a pack under the values of its pattern's labels.
struct TallyKey: Hashable {
    var pack: Int
    var group: Int
    var mode: Mode
    var values: [String]
}

/// Which seat: a pack's rules for one value of a label.
struct SeatKey: Hashable {
    var pack: String
    var label: String
    var value: String
    var mode: Mode
}

/// Where a stream's samples come from.
enum StreamKind: UInt8 {
    case heard
    /// A group's seat: there are none.
    case seat
    /// A pack computes them.
    case calculated
}
