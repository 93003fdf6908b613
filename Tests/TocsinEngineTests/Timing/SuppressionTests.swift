import Testing
import TocsinEngine
import TocsinModel

/// What can happen to a suppressed alarm; `end` = the plant produces again.
enum HiddenStimulus: String, CaseIterable {
    case low, high, higher, unknown, acknowledge, reset, end
}

/// Where an alarm can be when suppression began, and what is hidden since.
enum HiddenStart: String, CaseIterable {
    case normal, unacknowledged, acknowledged, returned, latchedUnacknowledged, latchedAcknowledged
    /// Normal, returned or latched when it began; since then the condition holds.
    case normalHolding, returnedHolding, latchedHolding

    var isOfLatched: Bool {
        switch self {
        case .latchedUnacknowledged, .latchedAcknowledged, .latchedHolding: true
        case .normal, .unacknowledged, .acknowledged, .returned, .normalHolding,
            .returnedHolding:
            false
        }
    }
}

struct HiddenTransition: CustomTestStringConvertible {
    var from: HiddenStart
    var stimulus: HiddenStimulus
    var events: [String]
    var to: AlarmState

    init(
        _ from: HiddenStart, _ stimulus: HiddenStimulus, _ events: [String], _ to: AlarmState
    ) {
        self.from = from
        self.stimulus = stimulus
        self.events = events
        self.to = to
    }

    var testDescription: String { "\(from.rawValue), \(stimulus.rawValue)" }
}

@Suite("Suppression by design: every state × every stimulus")
struct SuppressionTests {
    private static let anew = ["unsuppressed H", "raised H"]

    /// Where a stimulus says nothing and changes nothing.
    private static func silent(
        _ from: HiddenStart, _ state: AlarmState, _ stimuli: [HiddenStimulus]
    ) -> [HiddenTransition] {
        stimuli.map { HiddenTransition(from, $0, [], state) }
    }

    static let rows: [HiddenTransition] =
        silent(.normal, .normal, [.low, .high, .higher, .unknown, .acknowledge, .reset, .end])
        + silent(.normalHolding, .normal, [.low, .high, .higher, .unknown, .acknowledge, .reset])
        + [HiddenTransition(.normalHolding, .end, anew, .unacknowledged)]
        + silent(.unacknowledged, .unacknowledged, [.high, .higher, .unknown, .reset])
        + [
            HiddenTransition(.unacknowledged, .low, ["cleared H"], .returnedUnacknowledged),
            HiddenTransition(.unacknowledged, .acknowledge, ["acknowledged H"], .acknowledged),
            HiddenTransition(.unacknowledged, .end, anew, .unacknowledged),
        ]
        + silent(.acknowledged, .acknowledged, [.high, .higher, .unknown, .acknowledge, .reset])
        + [
            HiddenTransition(.acknowledged, .low, ["cleared H"], .normal),
            HiddenTransition(.acknowledged, .end, anew, .unacknowledged),
        ]
        + silent(
            .returned, .returnedUnacknowledged, [.low, .high, .higher, .unknown, .reset])
        + [
            HiddenTransition(.returned, .acknowledge, ["acknowledged H"], .normal),
            HiddenTransition(.returned, .end, ["unsuppressed H"], .returnedUnacknowledged),
        ]
        + silent(
            .returnedHolding, .returnedUnacknowledged, [.low, .high, .higher, .unknown, .reset])
        + [
            HiddenTransition(.returnedHolding, .acknowledge, ["acknowledged H"], .normal),
            HiddenTransition(.returnedHolding, .end, anew, .unacknowledged),
        ]
        + silent(
            .latchedUnacknowledged, .latchedUnacknowledged,
            [.low, .high, .higher, .unknown, .reset])
        + [
            HiddenTransition(
                .latchedUnacknowledged, .acknowledge, ["acknowledged H"], .latchedAcknowledged),
            HiddenTransition(
                .latchedUnacknowledged, .end, ["unsuppressed H"], .latchedUnacknowledged),
        ]
        + silent(
            .latchedAcknowledged, .latchedAcknowledged,
            [.low, .high, .higher, .unknown, .acknowledge])
        + [
            HiddenTransition(.latchedAcknowledged, .reset, ["reset H"], .normal),
            HiddenTransition(
                .latchedAcknowledged, .end, ["unsuppressed H"], .latchedAcknowledged),
        ]
        + silent(
            .latchedHolding, .latchedAcknowledged,
            [.low, .high, .higher, .unknown, .acknowledge, .reset])
        + [HiddenTransition(.latchedHolding, .end, anew, .unacknowledged)]

    private func start(_ start: HiddenStart) throws -> GasFixture {
        var gas = GasFixture([try TimingFixture.suppressible(latch: start.isOfLatched)])
        gas.produce(1, at: 0)
        gas.feed(1, at: 0)
        switch start {
        case .normal, .normalHolding: break
        case .unacknowledged: gas.feed(30, at: 1)
        case .acknowledged:
            gas.feed(30, at: 1)
            _ = gas.command(.acknowledge, at: 1)
        case .returned, .returnedHolding, .latchedUnacknowledged:
            gas.feed(30, at: 1)
            gas.feed(1, at: 2)
        case .latchedAcknowledged, .latchedHolding:
            gas.feed(30, at: 1)
            gas.feed(1, at: 2)
            _ = gas.command(.acknowledge, at: 2)
        }
        let before = gas.state
        let count = gas.events.count
        gas.produce(0, at: 3)
        let isStanding = before != .normal
        #expect(gas.said.dropFirst(count) == (isStanding ? ["suppressed H"] : []))
        if isStanding {
            #expect(gas.events.last?.suppression == .suppressed)
            #expect(gas.events.last?.state == before)
            #expect(
                gas.events.last?.note?.reason == "stream(\"{area}/plant/production\") < 1")
        }
        switch start {
        case .normalHolding, .returnedHolding, .latchedHolding: gas.feed(30, at: 4)
        case .normal, .unacknowledged, .acknowledged, .returned, .latchedUnacknowledged,
            .latchedAcknowledged:
            break
        }
        #expect(gas.state == before)
        gas.events.removeAll()
        return gas
    }

    @Test("while it lasts and when it ends", arguments: rows)
    func hidden(row: HiddenTransition) throws {
        var gas = try start(row.from)
        let occurrence = gas.pipeline.engine.standingAlarms().first?.occurrence
        var outcome: CommandOutcome?
        switch row.stimulus {
        case .low: gas.feed(1, at: 5)
        case .high: gas.feed(31, at: 5)
        case .higher: gas.feed(80, at: 5)
        case .unknown: gas.feed(1, at: 5, quality: .bad)
        case .acknowledge: outcome = gas.command(.acknowledge, at: 5)
        case .reset: outcome = gas.command(.reset, at: 5)
        case .end: gas.produce(1, at: 5)
        }
        #expect(gas.said == row.events)
        #expect(gas.state == row.to)
        let lasts = row.stimulus != .end
        for event in gas.events {
            #expect(event.suppression == (lasts ? .suppressed : .none))
            #expect(event.time == GasFixture.at(5))
        }
        if row.to != .normal {
            #expect(gas.suppression == (lasts ? .suppressed : Suppression.none))
            if let occurrence {
                #expect(gas.events.allSatisfy { $0.occurrence == occurrence })
            }
        }
        if let outcome {
            if row.events.isEmpty {
                guard case .refused = outcome else {
                    Issue.record("accepted: \(row)")
                    return
                }
            } else {
                #expect(outcome == .accepted(event: gas.events[0].id))
            }
        }
    }

    @Test("The table leaves no pair out")
    func complete() {
        let pairs = Set(Self.rows.map { "\($0.from.rawValue) \($0.stimulus.rawValue)" })
        #expect(pairs.count == Self.rows.count)
        #expect(pairs.count == HiddenStart.allCases.count * HiddenStimulus.allCases.count)
    }

    @Test("What became higher while it was hidden is annunciated as it is, and only once")
    func higherHidden() throws {
        var gas = try start(.acknowledged)
        gas.feed(80, at: 4)
        gas.feed(81, at: 5)
        gas.produce(1, at: 6)
        gas.feed(82, at: 7)
        #expect(gas.story == ["unsuppressed H 6", "raised HH 6"])
        #expect(gas.events[1].previousState == .acknowledged)
        #expect(gas.events[1].previous == gas.events[0].id)
    }

    @Test("An alarm that ends while it is hidden says so, and that suppression ended, once")
    func endsHidden() throws {
        var gas = try start(.acknowledged)
        gas.feed(1, at: 4)
        gas.feed(30, at: 5)
        gas.feed(1, at: 6)
        gas.produce(1, at: 7)
        gas.feed(30, at: 8)
        #expect(gas.story == ["cleared H 4", "unsuppressed H 7", "raised H 8"])
        #expect(gas.events[1].occurrence == nil)
        #expect(gas.events[2].occurrence == gas.events[2].id)
        #expect(gas.events[2].previous == nil)
    }

    @Test("Delays go on while it is hidden: the onset is that of the condition")
    func delaysGoOn() throws {
        var pack = try TimingFixture.suppressible { $0.onDelay = .seconds(3) }
        pack.rules[1].onDelay = .seconds(60)
        var gas = GasFixture([pack])
        gas.produce(0, at: 0)
        for second in 1...9 { gas.feed(30, at: Double(second)) }
        #expect(gas.story.isEmpty)
        gas.produce(1, at: 10)
        #expect(gas.story == ["unsuppressed H 10", "raised H 10"])
        #expect(gas.events[1].onset == GasFixture.at(1))
        #expect(gas.events[1].occurrence == gas.events[1].id)
    }

    @Test("Unknown does not suppress: never heard, bad, or unheard of after it suppressed")
    func unknown() throws {
        var gas = GasFixture([try TimingFixture.suppressible()])
        gas.feed(30, at: 0)
        #expect(gas.story == ["raised H 0"])
        gas.produce(0, at: 1)
        gas.feed(1, at: 2, stream: TimingFixture.production, quality: .bad)
        #expect(
            gas.story == ["raised H 0", "suppressed H 1", "unsuppressed H 2", "raised H 2"])
    }

    @Test("Only the levels that `unless` suppresses are hidden; the others annunciate")
    func perLevel() throws {
        var pack = try TimingFixture.pack()
        try TimingFixture.suppress(&pack.rules[1])
        var gas = GasFixture([pack])
        gas.produce(0, at: 0)
        gas.feed(80, at: 1)
        gas.produce(1, at: 2)
        gas.produce(0, at: 3)
        gas.feed(1, at: 4)
        #expect(gas.story == ["raised H 1", "escalated HH 2", "de-escalated H 3", "cleared H 4"])
        #expect(gas.events.allSatisfy { $0.suppression == .none })
    }

    @Test("The line has the suppression, the message says it, and the counts leave the alarm out")
    func shown() throws {
        var gas = try start(.unacknowledged)
        #expect(gas.pipeline.engine.standingAlarms().count == 1)
        #expect(gas.pipeline.engine.activeAlarms().isEmpty)
        gas.feed(1, at: 5)
        let line = String(
            decoding: EventLine(logged: nil, isReplay: true).body(of: gas.events[0]),
            as: UTF8.self)
        #expect(line.contains("\"suppression\":\"suppressed\",\"suppressed_until\":null"))
        #expect(line.contains("\"message\":\"east/hazchem/lel/2: cleared H, 1 %LEL"))
        #expect(line.contains(", suppressed\""))
    }

    @Test("A late sample is hidden like any other")
    func late() throws {
        for production in [0.0, 1.0] {
            var gas = GasFixture([try TimingFixture.suppressible()])
            gas.produce(production, at: 9)
            gas.feed(1, at: 10)
            gas.feed(30, at: 8, delay: 3)
            #expect(gas.story == (production == 0 ? [] : ["raised H 8"]))
        }
    }
}
