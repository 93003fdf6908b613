import Testing
import TocsinEngine
import TocsinModel

/// What can happen to an alarm of two levels without delays: H at 25, HH at 50.
enum Stimulus: String, CaseIterable {
    case low, high, higher, unknown, acknowledge, reset, confirmedReset
}

/// One row: in this state, this stimulus gives this event (nil = none) and this next state, or is
/// refused with a reason that contains the text.
struct Transition: CustomTestStringConvertible {
    var from: AlarmState
    var stimulus: Stimulus
    var event: String?
    var to: AlarmState
    var refusal: String?

    init(
        _ from: AlarmState, _ stimulus: Stimulus, _ event: String?, _ to: AlarmState,
        refused refusal: String? = nil
    ) {
        self.from = from
        self.stimulus = stimulus
        self.event = event
        self.to = to
        self.refusal = refusal
    }

    var testDescription: String { "\(from.word), \(stimulus.rawValue)" }
}

@Suite("Every alarm state × every stimulus")
struct TransitionTests {
    static let first = "acknowledge the alarm first"
    static let wait = "does not wait for a reset"

    /// What a latched and a plain alarm have in common. `high` is the level that stands (H).
    static let common: [Transition] = [
        Transition(.normal, .low, nil, .normal),
        Transition(.normal, .high, "raised H", .unacknowledged),
        Transition(.normal, .higher, "raised HH", .unacknowledged),
        Transition(.normal, .unknown, nil, .normal),
        Transition(.normal, .acknowledge, nil, .normal, refused: "nothing to acknowledge"),
        Transition(.normal, .reset, nil, .normal, refused: "nothing to reset"),
        Transition(.normal, .confirmedReset, nil, .normal, refused: "nothing to reset"),

        Transition(.unacknowledged, .high, nil, .unacknowledged),
        Transition(.unacknowledged, .higher, "escalated HH", .unacknowledged),
        Transition(.unacknowledged, .unknown, nil, .unacknowledged),
        Transition(.unacknowledged, .acknowledge, "acknowledged H", .acknowledged),
        Transition(.unacknowledged, .reset, nil, .unacknowledged, refused: first),
        Transition(.unacknowledged, .confirmedReset, nil, .unacknowledged, refused: first),

        Transition(.acknowledged, .high, nil, .acknowledged),
        Transition(.acknowledged, .higher, "escalated HH", .unacknowledged),
        Transition(.acknowledged, .unknown, nil, .acknowledged),
        Transition(
            .acknowledged, .acknowledge, nil, .acknowledged, refused: "acknowledged already"),
        Transition(.acknowledged, .reset, nil, .acknowledged, refused: "still true"),
        Transition(.acknowledged, .confirmedReset, nil, .acknowledged, refused: "still true"),
    ]

    static let plain: [Transition] = [
        Transition(.unacknowledged, .low, "cleared H", .returnedUnacknowledged),
        Transition(.acknowledged, .low, "cleared H", .normal),
        Transition(.returnedUnacknowledged, .low, nil, .returnedUnacknowledged),
        Transition(.returnedUnacknowledged, .high, "raised H", .unacknowledged),
        Transition(.returnedUnacknowledged, .higher, "raised HH", .unacknowledged),
        Transition(.returnedUnacknowledged, .unknown, nil, .returnedUnacknowledged),
        Transition(.returnedUnacknowledged, .acknowledge, "acknowledged H", .normal),
        Transition(.returnedUnacknowledged, .reset, nil, .returnedUnacknowledged, refused: first),
        Transition(
            .returnedUnacknowledged, .confirmedReset, nil, .returnedUnacknowledged, refused: first),
    ]

    static let latched: [Transition] = [
        Transition(.unacknowledged, .low, "cleared H", .latchedUnacknowledged),
        Transition(.acknowledged, .low, "cleared H", .latchedAcknowledged),
        Transition(.latchedUnacknowledged, .low, nil, .latchedUnacknowledged),
        Transition(.latchedUnacknowledged, .high, "raised H", .unacknowledged),
        Transition(.latchedUnacknowledged, .higher, "raised HH", .unacknowledged),
        Transition(.latchedUnacknowledged, .unknown, nil, .latchedUnacknowledged),
        Transition(.latchedUnacknowledged, .acknowledge, "acknowledged H", .latchedAcknowledged),
        Transition(.latchedUnacknowledged, .reset, nil, .latchedUnacknowledged, refused: first),
        Transition(
            .latchedUnacknowledged, .confirmedReset, nil, .latchedUnacknowledged, refused: first),
        Transition(.latchedAcknowledged, .low, nil, .latchedAcknowledged),
        Transition(.latchedAcknowledged, .high, "raised H", .unacknowledged),
        Transition(.latchedAcknowledged, .higher, "raised HH", .unacknowledged),
        Transition(.latchedAcknowledged, .unknown, nil, .latchedAcknowledged),
        Transition(
            .latchedAcknowledged, .acknowledge, nil, .latchedAcknowledged,
            refused: "acknowledged already"),
        Transition(.latchedAcknowledged, .reset, "reset H", .normal),
        Transition(.latchedAcknowledged, .confirmedReset, "reset H", .normal),
    ]

    private func start(_ state: AlarmState, latch: Bool) throws -> GasFixture {
        var pack = try GasFixture.pack {
            $0.onDelay = .zero
            $0.offDelay = .zero
            $0.latch = latch
        }
        // Bad quality is a trouble of its own: only the alarm's events are looked at here.
        pack.rules.removeLast(3)
        pack.chains = [[0, 1]]
        var gas = GasFixture([pack])
        gas.feed(1, at: 0)
        let acknowledges = state == .acknowledged || state == .latchedAcknowledged
        if state != .normal { gas.feed(30, at: 1) }
        if acknowledges { _ = gas.command(.acknowledge, at: 1) }
        switch state {
        case .returnedUnacknowledged, .latchedUnacknowledged, .latchedAcknowledged:
            gas.feed(1, at: 2)
        case .normal, .unacknowledged, .acknowledged: break
        }
        #expect(gas.pipeline.engine.state(ofRule: "H", stream: GasFixture.stream) == state)
        gas.events.removeAll()
        return gas
    }

    private func run(_ row: Transition, latch: Bool) throws {
        var gas = try start(row.from, latch: latch)
        var outcome: CommandOutcome?
        switch row.stimulus {
        case .low: gas.feed(1, at: 3)
        case .high: gas.feed(30, at: 3)
        case .higher: gas.feed(80, at: 3)
        case .unknown: gas.feed(1, at: 3, quality: .bad)
        case .acknowledge: outcome = gas.command(.acknowledge, at: 3)
        case .reset: outcome = gas.command(.reset, at: 3)
        case .confirmedReset: outcome = gas.command(.reset, at: 3, confirms: true)
        }
        #expect(gas.story == [row.event.map { $0 + " 3" }].compactMap { $0 })
        #expect(gas.pipeline.engine.state(ofRule: "H", stream: GasFixture.stream) == row.to)
        #expect(gas.events.allSatisfy { $0.previousState == row.from && $0.state == row.to })
        guard let outcome else { return }
        if let refusal = row.refusal {
            guard case .refused(let reason) = outcome else {
                Issue.record("accepted, but must be refused: \(refusal)")
                return
            }
            #expect(reason.contains(refusal))
        } else {
            #expect(outcome == .accepted(event: gas.events[0].id))
        }
    }

    @Test("without latch", arguments: common + plain)
    func withoutLatch(row: Transition) throws { try run(row, latch: false) }

    @Test("with latch", arguments: common + latched)
    func withLatch(row: Transition) throws { try run(row, latch: true) }

    @Test("The tables leave no reachable pair out")
    func complete() {
        for (rows, states) in [(Self.common + Self.plain, 4), (Self.common + Self.latched, 5)] {
            let pairs = Set(rows.map { "\($0.from.word) \($0.stimulus.rawValue)" })
            #expect(pairs.count == rows.count)
            #expect(pairs.count == states * Stimulus.allCases.count)
        }
    }

    @Test("Downwards a plain alarm de-escalates, acknowledged; a latched one keeps its level")
    func downwards() throws {
        for latch in [false, true] {
            var gas = try start(.normal, latch: latch)
            gas.feed(80, at: 3)
            _ = gas.command(.acknowledge, at: 3)
            gas.feed(30, at: 4)
            gas.feed(1, at: 5)
            #expect(
                gas.story
                    == ["raised HH 3", "acknowledged HH 3"]
                    + (latch ? [] : ["de-escalated H 4"]) + ["cleared HH 5"])
            #expect(gas.events.last?.state == (latch ? .latchedAcknowledged : .normal))
            #expect(Set(gas.events.map { $0.occurrence }).count == 1)
        }
    }

    @Test("An unknown alarm id is said so")
    func unknownAlarm() throws {
        var gas = try start(.normal, latch: false)
        let command = AlarmCommand(
            verb: .reset, alarm: Identifier(high: 1, low: 2), by: "Li Wei")
        let outcome = gas.pipeline.execute(
            command, arrival: GasFixture.at(3), appendingTo: &gas.events)
        #expect(outcome == .unknownAlarm)
    }
}
