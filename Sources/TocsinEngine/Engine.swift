// The engine: rules and inputs in order → events. A pure function with memory: no clock, no I/O, no
// hashing order reaches its output. Time comes with each input: the sample's own (event time) and
// the arrival by the gateway's clock, which only decides when a deadline without samples is reached.
//
// State is four flat arrays, linked by numbers: streams, bindings (a pack on a stream), rules (a rule
// of that pack there) and chains (rules that are one alarm). A sample touches its stream, the
// stream's bindings, their rules, and the rules elsewhere that read it.
//
// A step:  1. deadlines of the gateway's clock up to the arrival fire, in (deadline, rule) order
//          2. deadlines in event time up to the sample's time fire, before the sample is applied
//          3. the sample is applied: quality, states, conditions, delays
//          4. each touched chain compares what holds with what stands, and says the difference
//
// After the rules are loaded and the streams are known, `apply` allocates nothing but what the
// caller's event array grows by.

package import TocsinModel
package import TocsinRing

/// The pure core; see the essay at the head of this file.
package struct Engine {
    package internal(set) var ruleSet: RuleSet
    var identity: EventIdentity
    var counter: OccurrenceCounter
    var streams: ContiguousArray<StreamState> = []
    /// The stream numbers by `StreamIndex`: seats of groups and calculated streams have no index.
    var numberOfIndex: ContiguousArray<Int32> = []
    var bindings: ContiguousArray<BindingState> = []
    var rules: ContiguousArray<RuleState> = []
    /// Parallel to `rules`.
    var codes: ContiguousArray<RuleCode> = []
    var chains: ContiguousArray<ChainState> = []
    var references: ContiguousArray<ReferenceState> = []
    var ballots: ContiguousArray<BallotState> = []
    var tallies: ContiguousArray<TallyState> = []
    /// Tallies by binding and group: `BindingState.links`.
    var links: ContiguousArray<Int32> = []
    var calculations: ContiguousArray<CalculationState> = []
    /// Looked up only.
    var tallyNumbers: [TallyKey: Int] = [:]
    /// The hidden streams of groups; looked up only.
    var seats: [SeatKey: Int] = [:]
    /// Of rules that need them: `RuleState.timing`.
    var timings: ContiguousArray<RuleTiming> = []
    /// Of chains that are annunciated anew: `ChainState.reAlarm`.
    var reAlarms: ContiguousArray<ReAlarmState> = []
    var windows = WindowBank()
    /// The rings that the intake fills: what leaves a window is read there.
    let rings: RingDirectory
    var heap = DeadlineHeap()
    /// Stream numbers by mode and name; looked up only.
    var numbers: [StreamKey: Int] = [:]
    /// Rules that wait for a stream not met yet; looked up only.
    var waiting: [StreamKey: [Int]] = [:]
    /// Chains by alarm id and mode; looked up only.
    var chainByAlarm: [AlarmKey: Int] = [:]
    var restored: [StreamKey: [RestoredAlarm]] = [:]
    /// Alarms of groups that wait for their seat, by the label's value; looked up only.
    var restoredGroups: [StreamKey: [RestoredAlarm]] = [:]
    /// Streams that were made while another was bound, and are not joined to what reads them yet.
    var unjoined: [Int] = []
    /// Unlisted publishers that were announced; looked up only.
    var announced: Set<String> = []
    var brokers: ContiguousArray<BrokerState>
    var stack: ContiguousArray<Double>
    /// Chains touched by deadlines of one instant; kept to avoid allocating.
    var touched: ContiguousArray<Int32> = []
    /// Numbers in `timings` whose schedules change at one instant; kept to avoid allocating.
    var dueSchedules: ContiguousArray<Int32> = []
    /// Some rule asks for the time of the week.
    var hasSchedules = false
    /// The time as of which the rule in hand is evaluated: what `during` asks for.
    var evaluatedAt = Timestamp.distantPast
    /// The arrival of the input in hand.
    package internal(set) var now: Timestamp
    var nowNanoseconds: UInt64 = 0
    let started: Timestamp
    /// What fires now fires by the gateway's clock: `limits.lateness` after its deadline.
    var firesByGatewayClock = false
    /// Offline the feed is both clocks and nothing is ever "not connected yet".
    let isOffline: Bool
    var heardStreams = 0
    var badClockStreams = 0
    var clockIsSuspect = false
    package internal(set) var counts = EngineCounts()
    /// An event that someone wants explained.
    var watched: EventWatch?

    struct StreamKey: Hashable {
        var name: String
        var mode: Mode
    }

    struct AlarmKey: Hashable {
        var alarm: Identifier
        var mode: Mode
    }

    struct BrokerState {
        var isLost: Bool
        /// `broker-lost` was said and `broker-back` not yet.
        var isSaid = false
        var backAt: Timestamp
    }

    /// The most brokers of one daemon (`broker:` list).
    package static let brokersMax = 16

    /// An engine at its start. `offline`: brokers count as connected from the beginning. `rings`
    /// are the intake's: every sample that it accepted is applied once, in order.
    package init(ruleSet: RuleSet, start: Timestamp, offline: Bool, rings: RingDirectory) {
        self.ruleSet = ruleSet
        self.rings = rings
        identity = EventIdentity(site: ruleSet.site.id)
        counter = OccurrenceCounter(
            reserving: offline
                ? OccurrenceCounter.memoryShort : OccurrenceCounter.memoryMax)
        now = start
        started = start
        isOffline = offline
        brokers = ContiguousArray(
            repeating: BrokerState(isLost: !offline, backAt: start), count: Engine.brokersMax)
        stack = ContiguousArray(repeating: 0, count: Program.stackLimit)
    }

    /// Applies one sample that `Intake` has judged.
    package mutating func apply(
        _ sample: Sample, stream index: StreamIndex, arrival: Timestamp,
        nanoseconds: UInt64 = 0, appendingTo events: inout [Event]
    ) {
        nowNanoseconds = nanoseconds
        advance(to: arrival, appendingTo: &events)
        let stream = Int(numberOfIndex[Int(index.rawValue)])
        counts.samplesEvaluated += 1
        streams[stream].applied += 1
        if streams[stream].kind == .calculated {
            noteIntruder(stream, appendingTo: &events)
        } else if sample.flags.contains(.late) {
            noteHeard(sample, stream: stream, appendingTo: &events)
            applyLate(sample, stream: stream, appendingTo: &events)
            noteLateRun(sample, stream: stream, appendingTo: &events)
        } else {
            take(sample, stream: stream, depth: 0, appendingTo: &events)
        }
    }

    /// Applies a sample in order; `depth`: how many calculations lie between it and the input.
    mutating func take(
        _ sample: Sample, stream: Int, depth: Int, appendingTo events: inout [Event]
    ) {
        fireEventDeadlines(stream, until: sample.time, appendingTo: &events)
        noteHeard(sample, stream: stream, appendingTo: &events)
        streams[stream].lateSince = .distantFuture
        let own = streams[stream].bindings
        // A current may say it, so the binding is asked and not the message.
        let wasInhibited =
            streams[stream].time != .distantPast && !own.isEmpty
            && bindings[own.lowerBound].quality == .inhibited
        streams[stream].time = sample.time
        streams[stream].value = sample.value
        streams[stream].sourceValue = sample.sourceValue
        streams[stream].sourceUnit = sample.sourceUnit
        streams[stream].quality = sample.quality
        streams[stream].flags = sample.flags
        if streams[stream].hasWindows {
            advanceWindows(stream, with: sample, appendingTo: &events)
        }
        let cannotClear = sample.flags.contains(.retained) && sample.flags.contains(.noTime)
        for binding in streams[stream].bindings { update(binding, from: sample) }
        for ghost in streams[stream].ghosts { update(ghost, from: sample) }
        evaluatedAt = sample.time
        castBallots(of: stream, cannotClear: cannotClear)
        for binding in streams[stream].bindings {
            if binding == streams[stream].bindings.lowerBound {
                noteInhibition(sample, stream: stream, was: wasInhibited, appendingTo: &events)
            }
            evaluateTroubles(binding, sample, cannotClear: cannotClear)
            for rule in bindings[binding].rules
            where rules[rule].trigger == .condition {
                evaluate(rule, at: sample.time, cannotClear: cannotClear, isOwnSample: true)
            }
            for chain in bindings[binding].chains {
                settle(chain, at: sample.time, cause: sample, appendingTo: &events)
            }
        }
        evaluateDependents(
            stream, at: sample.time, cannotClear: cannotClear, appendingTo: &events)
        evaluateGroups(
            of: stream, at: sample.time, cannotClear: cannotClear, isSample: true,
            appendingTo: &events)
        calculate(after: sample, stream: stream, depth: depth, appendingTo: &events)
    }

    /// Takes any other input.
    package mutating func step(
        _ input: Input, arrival: Timestamp, nanoseconds: UInt64 = 0,
        appendingTo events: inout [Event]
    ) {
        nowNanoseconds = nanoseconds
        if case .clockStepped(let step) = input {
            shiftClock(by: step)
            return
        }
        advance(to: arrival, appendingTo: &events)
        switch input {
        case .tick: break
        case .stream(let declaration): declare(declaration, appendingTo: &events)
        case .brokerLost(let broker, let name, let reason):
            brokerLost(broker, name: name, reason: reason, appendingTo: &events)
        case .brokerBack(let broker, let name):
            brokerBack(broker, name: name, appendingTo: &events)
        case .reload(let fresh): reload(fresh, appendingTo: &events)
        case .system(let kind, let note):
            emitSystem(kind, note: note, appendingTo: &events)
        case .restore(let alarms): restore(alarms, appendingTo: &events)
        case .announced(let names): announced.formUnion(names)
        case .clockStepped: break
        }
    }

    /// The next deadline on the gateway's clock; nil when nothing waits.
    package var nextDeadline: Timestamp? {
        heap.earliest.map { Timestamp(milliseconds: $0.time) }
    }

    /// The rule's definition in the set in force.
    func definition(_ rule: Int) -> Rule {
        bindings[Int(rules[rule].binding)].binding.pack.rules[Int(rules[rule].rule)]
    }
}

/// What the engine counts, where it happens.
package struct EngineCounts: Sendable, Equatable {
    package var samplesEvaluated: UInt64 = 0
    package var lateSamples: UInt64 = 0
    package var badTimes: UInt64 = 0
    package var evaluations: UInt64 = 0
    /// Samples that packs computed; they are not among `samplesEvaluated`.
    package var samplesCalculated: UInt64 = 0
    /// Calculations not made because they led in a circle that `check` had not seen.
    package var cascadesCut: UInt64 = 0
    /// Samples that someone published under a calculated stream's name.
    package var samplesIntruded: UInt64 = 0
    /// Samples at which a window lost others that belong into it.
    package var shortWindows: UInt64 = 0

    package init() {}
}
