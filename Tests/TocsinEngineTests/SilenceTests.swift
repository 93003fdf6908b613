import Testing
import TocsinEngine
import TocsinModel

@Suite("Staleness")
struct SilenceTests {
    private func fixture(
        listed: [String] = [], cadence: Cadence? = nil,
        adjusting adjust: (inout Pack) -> Void = { _ in }
    ) throws -> GasFixture {
        var pack = try GasFixture.pack()
        adjust(&pack)
        let listings = listed.map { name in
            var listing = StreamListing(stream: name)
            listing.cadence = cadence
            return listing
        }
        var gas = GasFixture([pack])
        let set = RuleSet(
            site: Site(id: "test-site"), packs: [pack], listings: listings,
            hasInventory: !listed.isEmpty)
        gas.pipeline = Pipeline(ruleSet: set, start: GasFixture.start)
        gas.pipeline.declareListed(appendingTo: &gas.events)
        return gas
    }

    @Test("A listed sensor that was never heard is missed; an unlisted one is announced once")
    func listed() throws {
        var gas = try fixture(listed: [GasFixture.stream])
        gas.tick(3)
        #expect(gas.story.isEmpty)
        gas.tick(4)
        #expect(gas.story == ["raised stale 3"])
        #expect(gas.events[0].timeSource == .gateway)
        gas.feed(1, at: 5)
        #expect(gas.story == ["raised stale 3", "cleared stale 5"])
        gas.feed(1, at: 6, stream: "east/hazchem/lel/9")
        gas.feed(1, at: 7, stream: "east/hazchem/lel/9")
        #expect(gas.story.dropFirst(2) == ["publisher-unlisted - 6"])
        #expect(gas.events[2].note?.subject == "east/hazchem/lel/9")
    }

    @Test("An unlisted stream is missed once it was heard, until it is heard again")
    func heard() throws {
        var gas = try fixture()
        gas.feed(1, at: 0)
        gas.feed(1, at: 2.9)
        gas.tick(5.9)
        #expect(gas.story.isEmpty)
        gas.tick(6)
        gas.feed(1, at: 7)
        gas.tick(10)
        #expect(gas.story == ["raised stale 5.9", "cleared stale 7"])
        #expect(gas.events[1].duration == Span(milliseconds: 1100))
    }

    @Test("A heartbeat exactly on time is no silence")
    func heartbeat() throws {
        var gas = try fixture(
            listed: [GasFixture.stream], cadence: .onChange(heartbeat: .seconds(60)))
        for beat in 0...20 { gas.feed(1, at: Double(beat) * 60) }
        #expect(gas.story.isEmpty)
        gas.tick(1261)
        #expect(gas.story == ["raised stale 1260"])
    }

    @Test("On change without a heartbeat silence says nothing")
    func onChange() throws {
        var gas = try fixture(adjusting: { $0.staleAfter = nil })
        gas.feed(1, at: 0)
        gas.tick(1e6)
        #expect(gas.story.isEmpty)
    }

    @Test(
        "A retained message is no heartbeat: it does not end silence, and from it on silence counts"
    )
    func retained() throws {
        var gas = try fixture(listed: [GasFixture.stream])
        gas.feed(1, at: 1, flags: .retained)
        gas.tick(4)
        #expect(gas.story == ["raised stale 4"])
        gas.feed(1, at: 5, flags: .retained)
        #expect(gas.story == ["raised stale 4"])
        var other = try fixture()
        other.feed(1, at: 1, flags: .retained)
        other.tick(1000)
        #expect(other.story == ["raised stale 4"])
    }

    @Test("A retained state without a time can raise, and clears neither alarm nor trouble")
    func retainedWithoutTime() throws {
        var gas = try fixture(adjusting: { pack in
            for rule in pack.rules.indices { pack.rules[rule].onDelay = .zero }
            pack.rules[0].offDelay = .zero
        })
        gas.retain(30, at: 0)
        #expect(gas.story == ["raised H 0"])
        #expect(gas.events[0].retained)
        #expect(gas.events[0].timeSource == .gateway)
        gas.retain(1, at: 1)
        gas.feed(0, at: 2, quality: .bad)
        gas.retain(1, at: 3)
        #expect(gas.story == ["raised H 0", "raised bad 2"])
        gas.feed(1, at: 4)
        #expect(gas.story.dropFirst(2) == ["cleared H 4", "cleared bad 4"])
    }

    @Test("A backlog ends the silence with a duration that is not negative")
    func backlog() throws {
        var gas = try fixture()
        gas.feed(1, at: 0)
        gas.tick(10)
        gas.feed(1, at: 1, delay: 10)
        #expect(gas.story == ["raised stale 3", "cleared stale 1"])
        #expect(gas.events[1].duration == .zero)
    }

    @Test("A stale alarm that was taken up after a start clears when the stream is heard")
    func restored() throws {
        var gas = try fixture()
        let id = Identifier(high: 1, low: 2)
        gas.pipeline.step(
            .restore([
                RestoredAlarm(
                    alarm: id, stream: GasFixture.stream, mode: .live, rule: "hazchem/gas/stale",
                    openingRule: "hazchem/gas/stale", state: .acknowledged, occurrence: id,
                    lastEvent: id, raisedAt: GasFixture.start, onset: GasFixture.start, peak: nil,
                    peakTime: nil)
            ]), arrival: GasFixture.start, appendingTo: &gas.events)
        gas.feed(1, at: 5)
        #expect(gas.story == ["cleared stale 5"])
        #expect(gas.events[0].occurrence == id && gas.events[0].previous == id)
    }

    @Test("A sensor that died while the daemon was down is missed")
    func restoredThenSilent() throws {
        var gas = try fixture()
        let id = Identifier(high: 1, low: 2)
        gas.feed(1, at: 0, flags: .retained)
        gas.pipeline.step(
            .restore([
                RestoredAlarm(
                    alarm: id, stream: GasFixture.stream, mode: .live, rule: "hazchem/gas/HH",
                    openingRule: "hazchem/gas/HH", state: .acknowledged, occurrence: id,
                    lastEvent: id, raisedAt: GasFixture.start, onset: GasFixture.start, peak: nil,
                    peakTime: nil)
            ]), arrival: GasFixture.at(1), appendingTo: &gas.events)
        gas.tick(60)
        #expect(gas.story == ["raised stale 3"])
    }

    @Test("An alarm whose rule is gone at a start is closed, and that is said")
    func restoredWithoutRule() throws {
        var gas = try fixture()
        gas.feed(1, at: 0)
        let id = Identifier(high: 1, low: 2)
        gas.pipeline.step(
            .restore([
                RestoredAlarm(
                    alarm: id, stream: GasFixture.stream, mode: .live, rule: "site/old/H",
                    openingRule: "site/old/H", state: .unacknowledged, occurrence: id,
                    lastEvent: id, raisedAt: GasFixture.start, onset: GasFixture.start, peak: nil,
                    peakTime: nil)
            ]), arrival: GasFixture.at(1), appendingTo: &gas.events)
        #expect(gas.events.map { $0.kind } == [.cleared])
        #expect(gas.events[0].note?.reason == "rule-removed")
        let line = String(
            decoding: EventLine.replayLine(of: gas.events[0], seq: 1), as: UTF8.self)
        #expect(line.contains("\"rule\":\"site/old/H\""))
        #expect(line.contains("\"stream\":\"\(GasFixture.stream)\""))
    }

    @Test("One message in a wrong unit does not take a stream from its rules")
    func wrongUnitFirst() throws {
        var gas = try fixture()
        for second in 0...5 {
            let isWrong = second == 0
            gas.pipeline.accept(
                Observation(
                    value: .number(isWrong ? 1 : 60), time: GasFixture.at(Double(second)),
                    unit: GasFixture.unit(isWrong ? "MPa" : "%LEL")),
                stream: GasFixture.stream, arrival: GasFixture.at(Double(second)),
                appendingTo: &gas.events)
        }
        #expect(gas.pipeline.dropped[.unit] == 1)
        #expect(gas.story == ["raised HH 4"])
    }

    @Test("Over-range that was latched before a start is latched after it")
    func restoredOverRange() throws {
        var gas = try fixture()
        let id = Identifier(high: 1, low: 2)
        gas.pipeline.step(
            .restore([
                RestoredAlarm(
                    alarm: id, stream: GasFixture.stream, mode: .live, rule: "hazchem/gas/HH",
                    openingRule: "hazchem/gas/HH", state: .acknowledged, occurrence: id,
                    lastEvent: id, raisedAt: GasFixture.start, onset: GasFixture.start, peak: 110,
                    peakTime: GasFixture.start)
            ]), arrival: GasFixture.start, appendingTo: &gas.events)
        // A reload before the first sample must not forget it.
        gas.pipeline.step(
            .reload(RuleSet(site: Site(id: "test-site"), packs: [try GasFixture.pack()])),
            arrival: GasFixture.at(0), appendingTo: &gas.events)
        for second in 0...60 { gas.feed(15, at: Double(second)) }
        #expect(gas.story == ["reloaded - 0"])
        #expect(gas.pipeline.engine.standingAlarms().map { $0.overIsLatched } == [true])
    }
}

extension GasFixture {
    /// A retained message without a time.
    fileprivate mutating func retain(_ value: Double, at seconds: Double) {
        pipeline.accept(
            Observation(value: .number(value), time: nil, flags: .retained),
            stream: GasFixture.stream, arrival: GasFixture.at(seconds), appendingTo: &events)
    }
}
