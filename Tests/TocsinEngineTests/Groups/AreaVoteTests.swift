import Testing
import TocsinEngine
import TocsinModel

/// One alarm for an area, and what its event says.
@Suite("One alarm for a group")
struct AreaVoteTests {
    @Test("H9: two at 30, one bad: exactly one area vote, and 1oo2 is named")
    func h9() throws {
        var gas = GasFixture([try GroupFixture.pack(degraded: GroupFixture.declared)])
        for id in ["1", "2", "3", "4"] { gas.feed(2, id, at: 0) }
        gas.feed(2, "2", at: 1, quality: .bad)
        #expect(gas.alarmStory == [])
        gas.feed(30, "1", at: 2)
        gas.feed(31, "4", at: 3)
        #expect(gas.alarmStory == ["raised area-vote cold-store 2"])
        let event = try #require(gas.events.first)
        #expect(event.degraded)
        #expect(event.note?.reason == "1oo2: cold-store/hazchem/lel/2 is bad")
        let line = GasFixture.line(event)
        #expect(line.contains("\"area\":\"cold-store\",\"zone\":null,\"stream\":null,"))
        let members = """
            "group":"cold-store","members":[\
            {"stream":"cold-store/hazchem/lel/1","vote":"yes","value":30},\
            {"stream":"cold-store/hazchem/lel/2","vote":"bad","value":null},\
            {"stream":"cold-store/hazchem/lel/3","vote":"no","value":2},\
            {"stream":"cold-store/hazchem/lel/4","vote":"no","value":2}]
            """
        #expect(line.contains(members))
        #expect(line.contains("\"labels\":{\"area\":\"cold-store\"}"))
        #expect(line.contains("\"quality\":null,\"degraded\":true"))
        let message = """
            "message":"cold-store: area-vote, 1 of 4: lel/1 30 %LEL, degraded, \
            1oo2: cold-store/hazchem/lel/2 is bad"
            """
        #expect(line.contains(message))
    }

    @Test("Without members out the event is not degraded and names who voted")
    func clean() throws {
        var gas = GasFixture([try GroupFixture.pack(degraded: GroupFixture.declared)])
        func feed(_ first: Double, _ fourth: Double, at seconds: Double) {
            gas.feed(first, "1", at: seconds)
            for id in ["2", "3"] { gas.feed(2, id, at: seconds) }
            gas.feed(fourth, "4", at: seconds)
        }
        feed(2, 2, at: 0)
        feed(30, 2, at: 1)
        #expect(gas.alarmStory == [])
        feed(30, 31, at: 2)
        feed(30, 24, at: 3)
        #expect(gas.alarmStory == ["raised area-vote cold-store 2"])
        feed(30, 22, at: 4)
        #expect(
            gas.alarmStory == ["raised area-vote cold-store 2", "cleared area-vote cold-store 4"])
        let event = try #require(gas.events.first)
        #expect(!event.degraded)
        #expect(event.note == nil)
        let message = """
            "message":"cold-store: area-vote, 2 of 4: lel/1 30 %LEL, lel/4 31 %LEL"
            """
        #expect(GasFixture.line(event).contains(message))
    }
}
