import TocsinModel
import TocsinRing

/// True, false or *unknown* (Kleene).
package enum Truth: UInt8, Sendable {
    case no, yes, unknown

    /// From the evaluator's number: NaN is unknown, 0 false, all else true.
    init(_ number: Double) {
        self = number.isNaN ? .unknown : number != 0 ? .yes : .no
    }

    package var word: String {
        switch self {
        case .no: "false"
        case .yes: "true"
        case .unknown: "unknown"
        }
    }
}

/// What the engine knows of a stream.
struct StreamState {
    var name: String
    var mode: Mode
    /// Its number outside the engine; nil for a group's seat and a calculated stream.
    var index: StreamIndex?
    var kind = StreamKind.heard
    /// Someone publishes under a calculated stream's name, and that was said.
    var isIntruded = false
    /// The newest sample that was evaluated in order; `quality`, `flags` and the values are its.
    var time = Timestamp.distantPast
    var value = Double.nan
    var sourceValue = Double.nan
    var sourceUnit = UnitIndex.none
    var quality = Quality.good
    var flags: SampleFlags = []
    var broker: UInt8 = 0
    /// When it was last heard (retained messages do not count), by the gateway's clock.
    var heard = Timestamp.distantPast
    var everHeard = false
    /// Silent for too long: whoever asks for its value gets unknown.
    var isStale = false
    var clockIsBad = false
    /// Since when, by the gateway's clock, every sample has come late, and how many; distantFuture =
    /// the newest was in order.
    var lateSince = Timestamp.distantFuture
    var lateRun = 0
    /// Its bindings: numbers in `Engine.bindings`.
    var bindings: Range<Int> = 0..<0
    /// Bindings of packs that do not watch it and count it in their groups.
    var ghosts: Range<Int> = 0..<0
    /// Its ballots in `Engine.ballots`.
    var ballots: Range<Int> = 0..<0
    /// The calculations that run at its own samples, in the order of definition.
    var calculations: [Int32] = []
    /// Rules of other streams that read this one, ascending.
    var dependents: [Int32] = []
    /// The inventory's unit, else the one that the first message named; nil = the pack's is meant.
    var unit: UnitIndex?
    var namedUnit: UnitIndex?
    /// Samples taken from the intake's ring so far: the next one's position there.
    var applied: UInt64 = 0
    /// The ring that its windows stand in, and its owner; nil without windows.
    var ring: StreamRing?
    var ownRing: OwnRing?
    /// The longest window by time that stands in it, in milliseconds; 0 = none.
    var windowSpan: Int64 = 0
    var hasWindows = false
    /// That a window is short of samples was said.
    var isShortSaid = false
}

/// A pack on a stream, with what its samples last said in the pack's terms.
struct BindingState {
    var binding: Binding
    var stream: Int
    var rules: Range<Int>
    var chains: Range<Int>
    /// The value in the pack's unit; NaN when there is none or it is not good.
    var value = Double.nan
    var quality = Quality.good
    var over = false
    var under = false
    /// Combustible gas: over-range was seen and no confirmed reset came since.
    var overIsLatched = false
    /// Position in the pack's states; −1 = none.
    var state: Int = -1
    var stateSince = Timestamp.distantPast
    /// Since when the current of a loop is outside its bands; distantPast = it is within.
    var outsideSince = Timestamp.distantPast
    /// The earliest entry for this binding's staleness in the heap.
    var heapTime = Int64.max
    /// For each group of the pack the tally that these labels lead to, in `Engine.links`; empty for
    /// a pack without groups. −1 = no rule here asks it, or a label is missing.
    var links: Range<Int> = 0..<0
    /// The pack's windows here: numbers in `Engine.windows`, in the pack's order.
    var windows: Range<Int> = 0..<0

    /// The current of a loop is outside, and not for long enough to be a failure: the sample is
    /// neither good nor bad, and `quality` is still that of the sample before.
    var isUndecided: Bool { outsideSince != .distantPast && quality != .bad }
}

/// Where a rule's condition stands between its delays.
package enum Phase: UInt8, Sendable {
    case off, pendingOn, on, pendingOff

    /// The alarm's condition holds as far as the operator is concerned.
    package var holds: Bool { self == .on || self == .pendingOff }
}

/// One rule on one stream.
struct RuleState {
    var binding: Int32
    /// Position in the pack's rules.
    var rule: Int32
    var chain: Int32
    /// Its place in the chain, 0 = lowest.
    var rank: Int32
    var trigger: Trigger
    var role = Role.alarm
    /// Of a vote its trouble rule (`PACK/ALARM-out`), of that one the vote; −1 = none.
    var partner: Int32 = -1
    /// A vote's members when it was restored, while no fit vote has spoken against it since: what
    /// they last said is lost. 0 = not restored.
    var restoredMembers: Int32 = 0
    var phase = Phase.off
    var truth = Truth.unknown
    /// A bit for each comparison that is true, for its deadband.
    var memory: UInt32 = 0
    /// When the running delay began, and its end, in event time.
    var began = Timestamp.distantPast
    var deadline = Timestamp.distantFuture
    /// Its end by the gateway's clock, when no sample comes.
    var arrivalDeadline = Int64.max
    /// The earliest entry for this rule in the heap; `.max` = none.
    var heapTime = Int64.max
    /// Its number in `Engine.timings`; −1 = it needs none.
    var timing: Int32 = -1
    var onDelay: Span
    var offDelay: Span
    /// The slots of this rule in `Engine.references`.
    var references: Range<Int>
}

/// What a rule's evaluation reads and never changes between reloads.
struct RuleCode {
    var condition: [Instruction]
    var clearWhen: [Instruction]
    var unless: [Instruction] = []
    /// By memory number, in the pack's unit.
    var deadbands: [Double]
    var degraded: [DegradedVote] = []
    /// The groups that it asks, by position in the pack; each once.
    var groups: [Int] = []
}

/// Another stream as one rule on one stream sees it.
struct ReferenceState {
    var name: String?
    /// The number of the stream; −1 = not met yet.
    var stream: Int = -1
    var conversion = Conversion.identity
    /// The states asked for, in the other stream's numbering; 0 with `ownStates` false = none.
    var mask: UInt64 = 0
    /// No pack with states matches the other stream: read its values by the own pack's states.
    var usesOwnStates = false
    /// The other stream's binding whose states count; −1 = none.
    var binding: Int = -1
    var stateNames: [String]
    var unit: UnitIndex?
}

/// A chain of rules on one stream: one alarm.
struct ChainState {
    var binding: Int32
    /// Position in the pack's chains.
    var chain: Int32
    /// The rules, lowest first.
    var rules: [Int32]
    /// It warns of too little: its peak is a minimum.
    var isLow: Bool
    var id: Identifier
    var state = AlarmState.normal
    var suppression: SuppressionSources = []
    /// A rule of it can be suppressed by design.
    var isSuppressible = false
    /// The level that stood when `suppressed` was said; −1 = it was not.
    var hiddenRank: Int32 = -1
    /// Its number in `Engine.reAlarms`; −1 = it is not annunciated anew.
    var reAlarm: Int32 = -1
    /// The rank that stands (highest annunciated, or latched); −1 = none.
    var level: Int32 = -1
    /// The rank that people were last told of as holding; below `level` where that one is only
    /// latched. Rising above it again is said again.
    var spoken: Int32 = -1
    var occurrence: Identifier?
    var openingRank: Int32 = -1
    var lastEvent: Identifier?
    var raisedAt = Timestamp.distantPast
    var onset = Timestamp.distantPast
    var peak = Double.nan
    var peakTime = Timestamp.distantPast
}
