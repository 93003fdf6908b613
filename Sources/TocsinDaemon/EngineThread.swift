import TocsinEngine
import TocsinModel
import TocsinRing

/// The engine's own thread: takes the order as it comes, hands events to the logger.
final class EngineThread {
    private var engine: Engine
    private let ring: OrderRing<OrderedRecord>
    private let letters: LetterBox
    private let flow: Flow
    private let view: EngineView
    private let heart: Heart
    private let output: EventQueue
    private var events: [Event] = []
    private var samples = 0
    private var eventCounts: [EventKind: UInt64] = [:]
    private var isChanged = true
    private var isAnyStanding = false
    private var shownNanoseconds: UInt64 = 0

    /// Samples evaluated between two looks at the shared counters.
    static let batch = 256
    /// The view that others read is renewed at most this often.
    static let viewNanoseconds: UInt64 = 200_000_000

    /// `rings`: the sequencer's.
    init(ruleSet: RuleSet, start: Timestamp, shared: SharedState, rings: RingDirectory) {
        engine = Engine(ruleSet: ruleSet, start: start, offline: false, rings: rings)
        ring = shared.ring
        letters = shared.letters
        flow = shared.flow
        view = shared.view
        heart = shared.heart
        output = shared.events
        events.reserveCapacity(EngineThread.batch)
    }

    /// Runs until the last letter.
    func run() {
        var isRunning = true
        while isRunning {
            guard let record = ring.popFirst() else {
                rest()
                ring.wait(milliseconds: 200)
                continue
            }
            switch record.kind {
            case .sample:
                engine.apply(
                    record.sample, stream: StreamIndex(record.stream),
                    arrival: max(engine.now, Timestamp(milliseconds: record.arrival)),
                    nanoseconds: record.nanoseconds, appendingTo: &events)
                samples += 1
            case .tick:
                heart.beat()
                step(.tick, record)
                show(now: record.nanoseconds)
            case .letter: isRunning = open(letters.take(), record)
            }
            if !events.isEmpty { handOver() }
            if samples >= EngineThread.batch { count() }
        }
        rest()
        show(now: .max)
        output.close()
    }

    private func step(_ input: Input, _ record: OrderedRecord) {
        engine.step(
            input, arrival: max(engine.now, Timestamp(milliseconds: record.arrival)),
            nanoseconds: record.nanoseconds, appendingTo: &events)
    }

    private func open(_ letter: Letter, _ record: OrderedRecord) -> Bool {
        isChanged = true
        switch letter {
        case .input(let input): step(input, record)
        case .command(let command, let reply):
            let first = events.count
            let arrival = max(engine.now, Timestamp(milliseconds: record.arrival))
            let outcome = engine.execute(
                inStandingMode(command), arrival: arrival, appendingTo: &events)
            let said = Array(events[first...])
            if !events.isEmpty { handOver() }
            // Who acknowledges and then lists sees the alarm acknowledged; and is answered when it
            // is in the log, so that no kill can take it back.
            show(now: .max)
            output.append([]) { reply(outcome, said) }
        case .stop: return false
        }
        return true
    }

    /// An alarm of test traffic has the live one's id: a command means the live one where it can be
    /// carried out, else the other.
    private func inStandingMode(_ command: AlarmCommand) -> AlarmCommand {
        let same = engine.standingAlarms().filter { $0.alarm == command.alarm }
        func isMeant(_ alarm: StandingAlarm) -> Bool {
            command.verb == .acknowledge ? alarm.state.isUnacknowledged : true
        }
        let own = same.first { $0.mode == command.mode && isMeant($0) }
        let other = same.first { $0.mode != command.mode && isMeant($0) }
        guard own == nil, let mode = other?.mode else { return command }
        var command = command
        command.mode = mode
        return command
    }

    private func handOver() {
        isChanged = true
        for event in events { eventCounts[event.kind, default: 0] += 1 }
        output.append(events)
        events.removeAll(keepingCapacity: true)
    }

    private func count() {
        flow.evaluated(samples)
        samples = 0
    }

    private func rest() {
        if !events.isEmpty { handOver() }
        count()
    }

    /// Renews what other threads see of the engine: its counts each time, what stands after a
    /// change. `now` is monotonic; `.max` = at once.
    private func show(now: UInt64) {
        count()
        let isDue = now == .max || now >= shownNanoseconds &+ EngineThread.viewNanoseconds
        guard isDue else { return }
        if now != .max { shownNanoseconds = now }
        let counts = engine.counts
        let time = engine.now
        view.update { state in
            state.counts = counts
            state.now = time
        }
        // Standing alarms show their present values.
        guard isChanged || isAnyStanding else { return }
        isChanged = false
        let standing = engine.standingAlarms()
        isAnyStanding = !standing.isEmpty
        let active = engine.activeAlarms()
        let kinds = eventCounts
        let ruleSet = engine.ruleSet
        view.update { state in
            state.standing = standing
            state.active = active
            state.events = kinds
            state.ruleSet = ruleSet
        }
    }
}
