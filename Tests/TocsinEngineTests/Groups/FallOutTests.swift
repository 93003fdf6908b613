import Testing
import TocsinEngine
import TocsinModel

/// Members that fall silent, bad or under maintenance, and what that may and may not do.
@Suite("Members that are out")
struct FallOutTests {
    private static func fixture(
        degraded: [DegradedVote], troubles: Bool = false,
        adjusting adjust: (inout Rule) -> Void = { _ in }
    ) throws -> GasFixture {
        GasFixture(
            [try GroupFixture.pack(degraded: degraded, troubles: troubles, adjusting: adjust)],
            options: GroupFixture.small)
    }

    @Test("Silence raises by the declared policy, and the event says who is silent")
    func staleRaises() throws {
        var gas = try Self.fixture(degraded: GroupFixture.declared)
        for id in ["1", "2", "3"] { gas.feed(id == "1" ? 30 : 2, id, at: 0) }
        for second in [1.0, 2, 3] {
            gas.feed(30, "1", at: second)
            gas.feed(2, "3", at: second)
        }
        #expect(gas.alarmStory == [])
        gas.tick(3.5)
        #expect(gas.alarmStory == ["raised area-vote cold-store 3"])
        #expect(gas.events.last?.note?.reason == "1oo2: cold-store/hazchem/lel/2 is stale")
        #expect(gas.events.last?.degraded == true)
    }

    @Test("Silence and bad quality never clear: who fell out voting yes still counts")
    func neverClears() throws {
        var gas = try Self.fixture(degraded: GroupFixture.declared)
        for id in ["1", "2", "3"] { gas.feed(id == "3" ? 2 : 30, id, at: 0) }
        #expect(gas.alarmStory == ["raised area-vote cold-store 0"])
        // Both that voted yes are gone; 1oo1 of the third says no, again and again.
        gas.feed(30, "1", at: 1, quality: .bad)
        for second in 1...20 { gas.feed(2, "3", at: Double(second)) }
        #expect(gas.alarmStory == ["raised area-vote cold-store 0"])
        gas.feed(2, "1", at: 21)
        #expect(
            gas.alarmStory == ["raised area-vote cold-store 0", "cleared area-vote cold-store 21"])
    }

    @Test("A fit member's no clears although one that voted yes is out")
    func fitNoClears() throws {
        var gas = try Self.fixture(degraded: GroupFixture.declared)
        for id in ["1", "2", "3"] { gas.feed(id == "3" ? 2 : 30, id, at: 0) }
        gas.feed(30, "1", at: 1, quality: .bad)
        #expect(gas.alarmStory == ["raised area-vote cold-store 0"])
        gas.feed(2, "2", at: 2)
        #expect(gas.alarmStory.last == "cleared area-vote cold-store 2")
    }

    @Test("All members out is trouble, until one is fit again; the vote itself stands")
    func trouble() throws {
        var gas = try Self.fixture(degraded: GroupFixture.declared)
        for id in ["1", "2", "3"] { gas.feed(30, id, at: 0) }
        for id in ["1", "2", "3"] { gas.feed(30, id, at: 1, quality: .inhibited) }
        #expect(
            gas.alarmStory == [
                "raised area-vote cold-store 0", "raised area-vote-out cold-store 1",
            ])
        let out = try #require(gas.events.last)
        #expect(!out.degraded)
        #expect(
            GasFixture.line(out).contains(
                "\"message\":\"cold-store: area-vote-out, no member is fit to vote"))
        gas.feed(2, "1", at: 2)
        #expect(gas.alarmStory.last == "cleared area-vote-out cold-store 2")
        // 1oo1 of the fit one says no, but two fell out while they voted yes.
        #expect(gas.alarmStory.count == 3)
        gas.feed(2, "2", at: 3)
        #expect(gas.alarmStory.last == "cleared area-vote cold-store 3")
    }

    @Test("A listed member is not missed before its silence counts: no vote by policy at the start")
    func graceAtStart() throws {
        let pack = try GroupFixture.pack(degraded: GroupFixture.declared)
        let listings = ["1", "2", "3"].map { StreamListing(stream: GroupFixture.stream($0)) }
        var pipeline = Pipeline(
            ruleSet: RuleSet(
                site: Site(id: "test-site"), packs: [pack], listings: listings,
                options: GroupFixture.small), start: GasFixture.start)
        var events: [Event] = []
        pipeline.declareListed(appendingTo: &events)
        func feed(_ seconds: Double) {
            pipeline.accept(
                Observation(value: .number(30), time: GasFixture.at(seconds)),
                stream: GroupFixture.stream("1"), arrival: GasFixture.at(seconds),
                appendingTo: &events)
        }
        for second in [0.0, 1, 2, 3] { feed(second) }
        #expect(events.isEmpty)
        feed(4)
        #expect(events.map(\.kind) == [.raised])
        #expect(events.first?.note?.reason == "1oo2: cold-store/hazchem/lel/2 is stale")
    }

    @Test("A stream that another pack watches counts by this pack's limits and unit, as a ghost")
    func ghost() throws {
        var pack = try GroupFixture.pack()
        pack.pattern = try StreamPattern("{area}/hazchem/lel/{id}")
        pack.gas = Gas.named("CH4")
        var other = Pack(
            name: "site/other", domain: "hazchem",
            pattern: try StreamPattern("{area}/other/{id}"))
        other.unit = GasFixture.unit("%vol")
        pack.groups = [try GroupFixture.group("{area}/#")]
        var gas = GasFixture([pack, other], options: GroupFixture.small)
        gas.feed(30, "1", at: 0)
        #expect(gas.alarmStory == [])
        // 2 %vol of methane is 40 %LEL.
        gas.feed(2, at: 1, stream: "cold-store/other/x")
        #expect(gas.alarmStory == ["raised area-vote cold-store 1"])
        let members = try #require(gas.events.last?.members)
        #expect(members.members.map(\.value) == [30, 40])
        #expect(
            gas.pipeline.engine.streamReports().map(\.packs) == [["hazchem/gas"], ["site/other"]])
    }

    @Test("A member whose unit does not fit is no member, and that is said")
    func ghostUnit() throws {
        var pack = try GroupFixture.pack()
        pack.groups = [try GroupFixture.group("{area}/#")]
        var other = Pack(
            name: "site/other", domain: "hazchem",
            pattern: try StreamPattern("{area}/other/{id}"))
        other.unit = GasFixture.unit("°C")
        var gas = GasFixture([pack, other], options: GroupFixture.small)
        gas.pipeline.accept(
            Observation(
                value: .number(70), time: GasFixture.at(0), unit: GasFixture.unit("°C")),
            stream: "cold-store/other/x", arrival: GasFixture.at(0), appendingTo: &gas.events)
        #expect(gas.events.map(\.kind) == [.bindingFailed])
        let reason = try #require(gas.events.first?.note?.reason)
        #expect(reason.hasPrefix("groups of hazchem/gas do not count it: "))
    }

    @Test("What asks for quality itself may count bad members")
    func asksQuality() throws {
        let rule = GroupFixture.vote(3)
        var group = try GroupFixture.group()
        group.member = Program(
            instructions: [.qualityIs(mask: 1 << Quality.bad.rawValue)], stackDepth: 1)
        var gas = GasFixture(
            [try GroupFixture.pack([rule], groups: [group])], options: GroupFixture.small)
        for id in ["1", "2", "3", "4"] { gas.feed(2, id, at: 0) }
        for id in ["1", "2"] { gas.feed(2, id, at: 1, quality: .bad) }
        #expect(gas.alarmStory == [])
        gas.feed(2, "3", at: 1, quality: .bad)
        #expect(gas.alarmStory == ["raised area-vote cold-store 1"])
        gas.feed(2, "3", at: 2)
        #expect(gas.alarmStory.last == "cleared area-vote cold-store 2")
    }

    @Test("A member's condition may ask the member's own window, a ghost's too")
    func memberWindows() throws {
        var group = try GroupFixture.group("{area}/#")
        group.member = Program(
            instructions: [
                .window(0, .mean), .limit(0),
                .compare(.greaterOrEqual, subject: .expression, memory: Program.noMemory),
            ], stackDepth: 2)
        group.deadbands = []
        var pack = try GroupFixture.pack([GroupFixture.vote()], groups: [group])
        pack.windows = [WindowDefinition(extent: .count(2), family: .moments)]
        var gas = GasFixture([pack], options: GroupFixture.small)
        gas.feed(24, "1", at: 0)
        gas.feed(24, at: 0, stream: "cold-store/other")
        gas.feed(27, "1", at: 1)
        #expect(gas.alarmStory == [])
        gas.feed(27, at: 1, stream: "cold-store/other")
        #expect(gas.alarmStory == ["raised area-vote cold-store 1"])
    }
}
