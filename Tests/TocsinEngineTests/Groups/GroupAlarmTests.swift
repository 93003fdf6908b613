import Testing
import TocsinEngine
import TocsinModel

/// What alarms of groups share with all others: delays, late samples, commands, restart, reload.
@Suite("An alarm of a group is an alarm like others")
struct GroupAlarmTests {
    private static func fixture(
        degraded: [DegradedVote] = [], adjusting adjust: (inout Rule) -> Void = { _ in }
    ) throws -> GasFixture {
        GasFixture(
            [try GroupFixture.pack(degraded: degraded, adjusting: adjust)],
            options: GroupFixture.small)
    }

    private static func feedAll(
        _ values: [Double], _ gas: inout GasFixture, at seconds: Double
    ) {
        for (position, value) in values.enumerated() {
            gas.feed(value, "\(position + 1)", at: seconds)
        }
    }

    @Test("Delays count in the members' time and end with a later sample of any member")
    func delays() throws {
        var gas = try Self.fixture { rule in
            rule.onDelay = .seconds(2)
            rule.offDelay = .seconds(1)
        }
        Self.feedAll([2, 2, 2], &gas, at: 0)
        Self.feedAll([30, 30], &gas, at: 1)
        gas.feed(2, "3", at: 2.9)
        #expect(gas.alarmStory == [])
        gas.feed(2, "3", at: 3.4)
        #expect(gas.alarmStory == ["raised area-vote cold-store 3"])
        Self.feedAll([2, 2], &gas, at: 4)
        gas.tick(5.4)
        #expect(gas.alarmStory.count == 1)
        gas.tick(5.5)
        #expect(gas.alarmStory.last == "cleared area-vote cold-store 5")
    }

    @Test("A late sample may make the vote, and neither clears nor stays in it")
    func late() throws {
        var gas = try Self.fixture()
        Self.feedAll([30, 2, 2], &gas, at: 5)
        gas.feed(40, at: 4, delay: 1.5, stream: GroupFixture.stream("2"))
        #expect(gas.alarmStory == ["raised area-vote cold-store 4"])
        let members = try #require(gas.events.last?.members?.members)
        #expect(members.map(\.vote) == [.yes, .yes, .no])
        #expect(members.map(\.value) == [30, 40, 2])
        gas.feed(2, at: 4.5, delay: 1.2, stream: GroupFixture.stream("1"))
        #expect(gas.alarmStory.count == 1)
        gas.feed(30, "1", at: 6)
        #expect(gas.alarmStory.last == "cleared area-vote cold-store 6")
    }

    @Test("It is acknowledged and reset by its id; a reset is refused while the vote holds")
    func commands() throws {
        var gas = try Self.fixture { $0.latch = true }
        Self.feedAll([30, 30], &gas, at: 0)
        let standing = try #require(gas.pipeline.engine.standingAlarms().first)
        #expect(standing.binding.streamName == nil && standing.binding.groupName == "cold-store")
        #expect(standing.quality == nil && standing.value == nil)
        func command(_ verb: AlarmCommand.Verb, _ gas: inout GasFixture) -> CommandOutcome {
            gas.pipeline.execute(
                AlarmCommand(verb: verb, alarm: standing.alarm, by: "Li Wei"),
                arrival: GasFixture.at(1), appendingTo: &gas.events)
        }
        #expect(
            gas.pipeline.engine.alarm(ofRule: "area-vote", stream: "cold-store") == standing.alarm)
        _ = command(.acknowledge, &gas)
        #expect(
            command(.reset, &gas)
                == .refused(reason: "the condition of area-vote is still true"))
        gas.feed(2, "1", at: 1)
        let outcome = command(.reset, &gas)
        #expect(outcome != .unknownAlarm)
        #expect(
            gas.alarmStory == [
                "raised area-vote cold-store 0", "acknowledged area-vote cold-store 1",
                "cleared area-vote cold-store 1", "reset area-vote cold-store 1",
            ])
        #expect(
            gas.pipeline.engine.state(ofRule: "area-vote", stream: "cold-store") == .normal)
    }

    @Test("The ids are made with the group's name in place of the stream's")
    func ids() throws {
        var gas = try Self.fixture()
        Self.feedAll([30, 30], &gas, at: 0)
        let event = try #require(gas.events.first)
        let identity = EventIdentity(site: "test-site")
        #expect(
            event.alarm == identity.alarm(rule: "hazchem/gas/area-vote", stream: "cold-store"))
        #expect(
            event.id
                == identity.event(
                    rule: "hazchem/gas/area-vote", stream: "cold-store", kind: .raised,
                    time: GasFixture.at(0), n: 1))
    }

    @Test("Restored from the log it waits for its first member, and a lone no does not clear it")
    func restored() throws {
        var first = try Self.fixture(degraded: GroupFixture.declared)
        Self.feedAll([30, 30, 2], &first, at: 0)
        let raised = try #require(first.events.first)
        var gas = try Self.fixture(degraded: GroupFixture.declared)
        let alarm = RestoredAlarm(
            alarm: try #require(raised.alarm), stream: "cold-store", isGroup: true,
            groupMembers: 3, mode: .live,
            rule: "hazchem/gas/area-vote", openingRule: "hazchem/gas/area-vote",
            state: .acknowledged, occurrence: raised.id, lastEvent: raised.id,
            raisedAt: raised.time, onset: raised.time, peak: nil, peakTime: nil)
        gas.pipeline.step(.restore([alarm]), arrival: GasFixture.at(1), appendingTo: &gas.events)
        #expect(gas.events.isEmpty)
        gas.feed(2, "3", at: 2)
        #expect(
            gas.pipeline.engine.state(ofRule: "area-vote", stream: "cold-store") == .acknowledged)
        gas.feed(2, "1", at: 3)
        gas.feed(2, "2", at: 3)
        #expect(gas.alarmStory == ["cleared area-vote cold-store 3"])
        #expect(gas.events.last?.occurrence == raised.id)
    }

    @Test("Restored without its rule it is closed, under the group's name")
    func orphan() throws {
        var gas = GasFixture([try GasFixture.pack()], options: GroupFixture.small)
        let id = Identifier(high: 1, low: 2)
        let alarm = RestoredAlarm(
            alarm: id, stream: "cold-store", isGroup: true, mode: .live, rule: "a/gone",
            openingRule: "a/gone", state: .acknowledged, occurrence: id, lastEvent: id,
            raisedAt: GasFixture.start, onset: GasFixture.start, peak: nil, peakTime: nil)
        gas.pipeline.step(.restore([alarm]), arrival: GasFixture.at(1), appendingTo: &gas.events)
        let line = GasFixture.line(try #require(gas.events.first))
        #expect(line.contains("\"stream\":null") && line.contains("\"group\":\"cold-store\""))
        #expect(line.contains("\"reason\":\"rule-removed\""))
    }

    private static func reload(
        _ gas: inout GasFixture, at seconds: Double, _ packs: [Pack]
    ) {
        let set = RuleSet(
            site: Site(id: "test-site"), packs: packs, options: GroupFixture.small)
        gas.pipeline.step(
            .reload(set), arrival: GasFixture.at(seconds), appendingTo: &gas.events)
    }

    @Test("A reload keeps it and its members' memory; another limit is looked at at once")
    func reloaded() throws {
        var gas = try Self.fixture()
        Self.feedAll([26, 26], &gas, at: 0)
        Self.feedAll([24, 24], &gas, at: 1)
        Self.reload(&gas, at: 1, [try GroupFixture.pack()])
        Self.feedAll([23.5, 23.5], &gas, at: 2)
        #expect(gas.alarmStory == ["raised area-vote cold-store 0"])
        var pack = try GroupFixture.pack()
        pack.limits[0].value = .number(40, unit: nil)
        Self.reload(&gas, at: 3, [pack])
        #expect(gas.alarmStory.last == "cleared area-vote cold-store 3")
        Self.feedAll([39, 39, 41, 41], &gas, at: 4)
        #expect(gas.alarmStory.last == "raised area-vote cold-store 4")
    }

    @Test("A rule that a reload takes away closes the group's alarm")
    func ruleRemoved() throws {
        var gas = try Self.fixture()
        Self.feedAll([30, 30], &gas, at: 0)
        Self.reload(&gas, at: 1, [try GasFixture.pack()])
        let cleared = try #require(gas.events.first { $0.kind == .cleared })
        #expect(cleared.note?.reason == EventNote.ruleRemoved)
        let line = GasFixture.line(cleared)
        #expect(line.contains("\"stream\":null") && line.contains("\"group\":\"cold-store\""))
        #expect(gas.pipeline.engine.standingAlarms().isEmpty)
    }

    @Test("Areas, modes and labels with the same value have alarms of their own")
    func separation() throws {
        let byArea = GroupFixture.vote()
        let byId = GroupFixture.vote { rule in
            rule.name = "hazchem/gas/id-vote"
            rule.shortName = "id-vote"
            rule.per = "id"
            rule.condition = Program(
                instructions: [.votes(1, .greaterOrEqual, 2)], stackDepth: 1)
        }
        let groups = [
            try GroupFixture.group(), try GroupFixture.group("+/hazchem/lel/{id}"),
        ]
        var gas = GasFixture(
            [try GroupFixture.pack([byArea, byId], groups: groups)], options: GroupFixture.small)
        // The area "x" and the number "x".
        gas.feed(30, at: 0, stream: "x/hazchem/lel/x")
        gas.feed(30, at: 0, stream: "y/hazchem/lel/x")
        #expect(gas.alarmStory == ["raised id-vote x 0"])
        gas.feed(30, at: 0, stream: "x/hazchem/lel/y")
        #expect(gas.alarmStory == ["raised id-vote x 0", "raised area-vote x 0"])
        #expect(gas.events[0].alarm != gas.events[1].alarm)
        for id in ["1", "2"] {
            gas.pipeline.accept(
                Observation(value: .number(id == "1" ? 30 : 2), time: GasFixture.at(1)),
                stream: "z/hazchem/lel/" + id, mode: .test, arrival: GasFixture.at(1),
                appendingTo: &gas.events)
        }
        gas.feed(30, at: 1, stream: "z/hazchem/lel/2")
        #expect(gas.alarmStory.count == 2)
    }

    @Test("Of many members an event names 64, those who voted yes before others")
    func manyMembers() throws {
        var gas = GasFixture(
            [try GroupFixture.pack()], options: EngineOptions(streamsMax: 128))
        for number in 1...100 { gas.feed(number == 90 ? 30 : 2, "\(number)", at: 0) }
        gas.feed(40, "100", at: 1)
        let vote = try #require(gas.events.first?.members)
        #expect(vote.members.count == 64 && vote.omitted == 36)
        #expect(vote.yes == 2 && vote.total == 100)
        #expect(vote.members.suffix(2).map(\.stream) == ["90", "100"].map(GroupFixture.stream))
        #expect(GasFixture.line(gas.events[0]).contains(",{\"more\":36}]"))
    }

    @Test("A rule of a stream may ask a group with the stream's labels")
    func ownRule() throws {
        let rule = GroupFixture.vote { rule in
            rule.per = nil
            rule.condition = Program(
                instructions: [
                    .value, .limit(0),
                    .compare(.greaterOrEqual, subject: .ownValue, memory: Program.noMemory),
                    .votes(0, .lessOrEqual, 1), .and,
                ], stackDepth: 2)
        }
        var gas = GasFixture(
            [try GroupFixture.pack([rule], groups: [GroupFixture.group()])],
            options: GroupFixture.small)
        Self.feedAll([30, 2], &gas, at: 0)
        // It alone is high; when the other joins, both are.
        #expect(gas.alarmStory == ["raised area-vote cold-store/hazchem/lel/1 0"])
        gas.feed(30, "2", at: 1)
        #expect(gas.alarmStory.last == "cleared area-vote cold-store/hazchem/lel/1 1")
        #expect(gas.events.first?.binding?.streamName == GroupFixture.stream("1"))
        #expect(gas.events.first?.members?.yes == 1)
    }

    @Test("n-of-m counts the samples of all members")
    func sampleVotes() throws {
        var gas = try Self.fixture { rule in
            rule.sampleVote = Rule.SampleVote(needed: 3, of: 4)
        }
        Self.feedAll([30, 30], &gas, at: 0)
        #expect(gas.alarmStory == [])
        gas.feed(30, "1", at: 1)
        #expect(gas.alarmStory == [])
        gas.feed(30, "2", at: 1)
        #expect(gas.alarmStory == ["raised area-vote cold-store 1"])
    }
}
