package import TocsinModel

/// The site that events name (contract §8 `site`).
package struct Site: Sendable, Equatable {
    package var id: String
    package var name: String?
    package var latitude: Double?
    package var longitude: Double?
    package var crs: String?
    /// Minutes east of UTC for the `time` member of events.
    package var utcOffsetMinutes: Int

    package init(
        id: String, name: String? = nil, latitude: Double? = nil, longitude: Double? = nil,
        crs: String? = nil, utcOffsetMinutes: Int = 0
    ) {
        self.id = id
        self.name = name
        self.latitude = latitude
        self.longitude = longitude
        self.crs = crs
        self.utcOffsetMinutes = utcOffsetMinutes
    }
}

/// A number as rules write it: in a unit, or as a share of the measuring span.
package enum Quantity: Sendable, Equatable {
    /// `unit` nil = the pack's unit.
    case number(Double, unit: UnitIndex?)
    /// Percent of the span's width above its lower end (a limit) or of its width (a deadband).
    case percentOfSpan(Double)
}

/// How often a stream speaks.
package enum Cadence: Sendable, Equatable {
    case every(Span)
    /// Only when it changes; with a heartbeat, silence beyond it is staleness.
    case onChange(heartbeat: Span?)
    case unstated
}

/// A closed range of values, in the pack's unit unless said otherwise.
package struct ValueRange: Sendable, Equatable {
    package var low: Double
    package var high: Double

    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }
}

/// A named limit (set-point) of a pack; `value` nil = the inventory must give one, else the limit is
/// off for that stream.
package struct LimitDefinition: Sendable, Equatable {
    package var name: String
    package var value: Quantity?

    package init(name: String, value: Quantity?) {
        self.name = name
        self.value = value
    }
}

/// A state of a stream that says words or numbers: what stands for it on the wire.
package struct StateDefinition: Sendable, Equatable {
    package var name: String
    package var numbers: [Double]
    /// Words as written; compared without regard to ASCII case.
    package var words: [String]

    package init(name: String, numbers: [Double], words: [String]) {
        self.name = name
        self.numbers = numbers
        self.words = words
    }
}

/// What makes a rule's condition true.
package enum Trigger: UInt8, Sendable {
    /// The compiled expression.
    case condition
    /// Silence for `staleAfter` (rule `PACK/stale`).
    case stale
    /// Bad quality (rule `PACK/bad`).
    case bad
    /// A sensor clock that cannot be used (rule `PACK/clock`).
    case clock
    /// A vote whose members are all out (rule `PACK/ALARM-out`, `degraded: {all_bad: trouble}`).
    case voteOut
}

/// Another stream that a rule reads: the name pattern, and what is asked of it.
package struct ReferenceDefinition: Sendable, Equatable {
    package var pattern: StreamPattern
    /// The unit in which the expression wants the value; nil = as the stream has it.
    package var unit: UnitIndex?
    /// The names of states tested for; empty when the value or the quality is asked.
    package var stateNames: [String]

    package init(pattern: StreamPattern, unit: UnitIndex?, stateNames: [String]) {
        self.pattern = pattern
        self.unit = unit
        self.stateNames = stateNames
    }
}

/// One rule of a pack: when it raises, how long it waits, and what the operator is told.
package struct Rule: Sendable, Equatable {
    /// `PACK/NAME`, as events write it.
    package var name: String
    package var shortName: String
    package var trigger: Trigger
    package var title: String?
    package var alarmClass: AlarmClass
    package var priority: Priority
    package var level: String?
    package var condition: Program?
    /// When given, the alarm's condition ends only where this is true.
    package var clearWhen: Program?
    /// The condition as text, in canonical form.
    package var conditionText: String
    /// The deadband of each comparison with a memory, by memory number.
    package var deadbands: [Quantity]
    package var onDelay: Span
    package var offDelay: Span
    package var latch: Bool
    package var references: [ReferenceDefinition]
    /// The limit this rule is about, as a position in `Pack.limits`.
    package var limit: Int?
    package var direction: Direction?
    package var respondWithin: Span?
    package var cause: String?
    package var consequence: String?
    package var action: String?
    /// What must stay the same for an alarm to keep its state over a reload: the condition without
    /// the limits' numbers.
    package var meaning: String
    /// One alarm for each value of this label instead of one for each stream.
    package var per: String?
    /// What votes need where members are out; empty = Kleene's logic decides.
    package var degraded: [DegradedVote]
    /// While true the alarm is suppressed by design (ISA-18.2 state H); unknown does not suppress.
    package var unless: Program?
    /// `unless` and the schedules as text, in canonical form; nil where the rule is always in force.
    package var unlessText: String?
    /// True in at least `needed` of the newest `of` own samples (at most 64); nil = each by itself.
    package var sampleVote: SampleVote?
    /// Once raised it stays at least so long.
    package var minimumHold: Span
    /// A standing alarm is annunciated anew so long after it was last annunciated or acknowledged.
    package var reAlarm: Span?

    package struct SampleVote: Sendable, Equatable {
        package var needed: Int
        package var of: Int

        package init(needed: Int, of: Int) {
            self.needed = needed
            self.of = of
        }
    }

    package init(
        name: String, shortName: String, trigger: Trigger, alarmClass: AlarmClass,
        priority: Priority
    ) {
        self.name = name
        self.shortName = shortName
        self.trigger = trigger
        self.alarmClass = alarmClass
        self.priority = priority
        conditionText = ""
        deadbands = []
        onDelay = .zero
        offDelay = .zero
        latch = false
        references = []
        meaning = ""
        degraded = []
        minimumHold = .zero
    }
}

/// A pack of rules for one kind of stream (contract §4), checked and compiled.
package struct Pack: Sendable, Equatable {
    package var name: String
    package var about: String?
    package var source: String?
    package var scale: String?
    /// `hazchem`, `dust`, `fire`, …: the first part of the pack's (or its base's) name.
    package var domain: String
    package var pattern: StreamPattern
    /// Streams that this pack leaves to a narrower extension of it.
    package var exclusions: [StreamPattern]
    package var unit: UnitIndex?
    package var gas: Gas?
    package var gasCondition: GasCondition
    package var span: ValueRange?
    package var fault: ValueRange?
    package var cadence: Cadence
    /// Silence that raises trouble; nil = never.
    package var staleAfter: Span?
    package var limits: [LimitDefinition]
    package var states: [StateDefinition]
    /// Over-range stays true until a confirmed reset (combustible gas, contract §1).
    package var latchesOver: Bool
    package var rules: [Rule]
    /// Rules that are one alarm: positions in `rules`, lowest first; every rule is in one chain.
    package var chains: [[Int]]
    /// What its rules and calculated streams ask, each once; instructions name them by position.
    package var windows: [WindowDefinition]
    package var groups: [GroupDefinition]
    package var schedules: [Schedule]
    package var calculated: [CalculatedDefinition]

    /// A pack's states are told apart by a 64-bit set.
    package static let statesMax = 64

    package init(name: String, domain: String, pattern: StreamPattern) {
        self.name = name
        self.domain = domain
        self.pattern = pattern
        exclusions = []
        gasCondition = .standard
        cadence = .unstated
        limits = []
        states = []
        latchesOver = false
        rules = []
        chains = []
        windows = []
        groups = []
        schedules = []
        calculated = []
    }

    /// The labels captured when the pack applies to `stream`; nil when it does not.
    package func labels(matching stream: String) -> [(name: String, value: String)]? {
        guard let labels = pattern.match(stream) else { return nil }
        return exclusions.contains { $0.match(stream) != nil } ? nil : labels
    }
}
