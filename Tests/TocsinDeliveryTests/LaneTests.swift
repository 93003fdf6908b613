import Testing
import TocsinDelivery
import TocsinModel
import TocsinStore
import TocsinTestSupport

struct LaneTests {
    /// `count` alarms that raise, escalate and clear, interleaved.
    private func lives(_ count: Int) -> [TestEvent] {
        ["raised", "escalated", "cleared"].flatMap { word in
            (0..<count).map { number in
                var event = TestEvent("\(word)-\(number)", alarm: "a\(number)")
                event.event = word
                return event
            }
        }
    }

    private func isInOrder(_ ids: [String], alarms: Int) -> Bool {
        (0..<alarms).allSatisfy { number in
            ids.filter { $0.hasSuffix("-\(number)") }
                == ["raised-\(number)", "escalated-\(number)", "cleared-\(number)"]
        }
    }

    @Test("Two hundred troubles and one fire: the fire overtakes, and all 201 arrive")
    func flood() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver { _, _ in .delayed(milliseconds: 5, .status(200)) }
        let deliverers = try fixture.startFromFirst([try Receiver("slow", at: server)])
        try fixture.append((0..<100).map { .trouble($0) })
        deliverers.announce([])
        #expect(server.waitForRequests(3))
        try fixture.append((100..<200).map { .trouble($0) } + [.fire("fire")])
        let before = server.requests.count
        deliverers.announce([])
        #expect(server.waitForRequests(201))
        deliverers.stop(within: .seconds(5))
        let ids = server.ids
        // The one in flight, and one more that may have begun before the announcement was taken.
        #expect(try #require(ids.firstIndex(of: "fire")) <= before + 1)
        #expect(Set(ids).count == 201 && ids.count == 201)
    }

    @Test("A fire behind a full window of a long outage is still the first to arrive")
    func fireBeyondWindow() throws {
        let fixture = try Fixture()
        fixture.limits.windowEntries = 16
        try fixture.append((0..<100).map { .trouble($0) } + [.fire("fire")])
        let server = try HTTPReceiver()
        let deliverers = try fixture.startFromFirst([try Receiver("r", at: server)])
        #expect(server.waitForRequests(101))
        deliverers.stop(within: .seconds(5))
        #expect(server.ids.first == "fire")
        #expect(Array(server.ids.dropFirst()) == (0..<100).map { "trouble\($0)" })
    }

    @Test("A receiver that was down for the whole run gets everything in order once it is up")
    func downForTheRun() throws {
        let fixture = try Fixture()
        let port = try freePort()
        let receiver = try Receiver(name: "r", url: "http://127.0.0.1:\(port)/hook")
        let deliverers = try fixture.startFromFirst([receiver])
        try fixture.append(lives(20))
        deliverers.announce([])
        #expect(waitUntil { fixture.reports.failing == [.connect] })
        #expect(deliverers.snapshot()[0].outboxEntries == 60)
        let server = try HTTPReceiver(port: port)
        #expect(server.waitForRequests(60))
        #expect(waitUntil { fixture.reports.recoveries == 1 })
        deliverers.stop(within: .seconds(5))
        #expect(isInOrder(server.ids, alarms: 20))
        #expect(fixture.reports.all.count == 2)
        #expect(deliverers.snapshot()[0].outboxEntries == 0)
    }

    @Test("A dead receiver does not delay another")
    func deadNeighbour() throws {
        let fixture = try Fixture()
        let hanging = try HTTPReceiver { _, _ in .hang }
        let server = try HTTPReceiver()
        let deliverers = try fixture.startFromFirst([
            try Receiver("dead", at: hanging), try Receiver("alive", at: server),
        ])
        try fixture.append(lives(10))
        deliverers.announce([])
        #expect(server.waitForRequests(30))
        #expect(hanging.waitForRequests(1))
        #expect(deliverers.snapshot().map(\.outboxEntries)[0] == 30)
        deliverers.stop(within: .zero)
        #expect(isInOrder(server.ids, alarms: 10))
    }

    @Test("An answer that does not come is a time-out, and the entry is sent again")
    func timeOut() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver()
        server.setAnswers([.hang, .status(200)])
        var receiver = try Receiver("r", at: server)
        receiver.timeout = Span(milliseconds: 50)
        let deliverers = try fixture.startFromFirst([receiver])
        try fixture.append([TestEvent("e", alarm: "a")])
        deliverers.announce([])
        #expect(waitUntil { deliverers.snapshot()[0].delivered == 1 })
        deliverers.stop(within: .seconds(5))
        #expect(server.ids == ["e", "e"])
        #expect(deliverers.snapshot()[0].failures == [.timeout: 1])
    }

    @Test("A restart goes on where the lane stopped: none is lost, none is sent twice")
    func restart() throws {
        let fixture = try Fixture()
        try fixture.append(lives(20))
        let server = try HTTPReceiver()
        let receiver = try Receiver("r", at: server)
        var deliverers = try fixture.startFromFirst([receiver])
        for count in [7, 30, 60] {
            #expect(server.waitForRequests(count))
            deliverers.stop(within: .zero)
            deliverers = try fixture.start([receiver])
        }
        #expect(waitUntil { deliverers.snapshot()[0].outboxEntries == 0 })
        deliverers.stop(within: .seconds(5))
        // A stop may abort a request that the receiver has already counted.
        let ids = server.ids
        #expect(ids.count <= 63)
        let first = ids.enumerated().filter { ids.firstIndex(of: $0.element) == $0.offset }
        #expect(isInOrder(first.map(\.element), alarms: 20))
    }

    @Test("A new receiver begins at the log's end; one that comes back, at its cursor")
    func newReceiver() throws {
        let fixture = try Fixture()
        try fixture.append([TestEvent("old", alarm: "a")])
        let server = try HTTPReceiver()
        let receiver = try Receiver("r", at: server)
        try fixture.start([receiver]).stop(within: .seconds(5))
        try fixture.append([TestEvent("while-removed", alarm: "b")])
        let deliverers = try fixture.start([receiver])
        #expect(waitUntil { deliverers.snapshot()[0].delivered == 1 })
        deliverers.stop(within: .seconds(5))
        #expect(server.ids == ["while-removed"])
    }

    @Test("A cursor beyond the log's end begins anew: the log was replaced")
    func replacedLog() throws {
        let fixture = try Fixture()
        try fixture.append([TestEvent("e", alarm: "a")])
        _ = try CursorFile(path: fixture.directory.file("r.cursor"), startingAt: 5000)
        let server = try HTTPReceiver()
        let deliverers = try fixture.start([try Receiver("r", at: server)])
        #expect(server.waitForRequests(1))
        deliverers.stop(within: .seconds(5))
        #expect(server.ids == ["e"])
    }

    @Test("410 is reported at once and retried slowly; one report for the outage")
    func gone() throws {
        let fixture = try Fixture()
        fixture.limits.slowRetry = .seconds(300)
        let server = try HTTPReceiver { _, _ in .status(410) }
        let deliverers = try fixture.startFromFirst([try Receiver("r", at: server)])
        try fixture.append([TestEvent("e", alarm: "a")])
        deliverers.announce([])
        #expect(waitUntil { fixture.reports.failing == [.gone] })
        // A fire, too, waits for the slow pause; only a person's `retry` ends it.
        try fixture.append([.fire("f")])
        deliverers.announce([])
        #expect(waitUntil { deliverers.snapshot()[0].outboxEntries == 2 })
        #expect(server.requests.count == 1)
        server.setAnswer { _, _ in .status(200) }
        try deliverers.retry("r")
        #expect(server.waitForRequests(3))
        #expect(waitUntil { fixture.reports.recoveries == 1 })
        deliverers.stop(within: .seconds(5))
        #expect(server.ids == ["e", "f", "e"])
        #expect(fixture.reports.failing == [.gone])
    }

    @Test("A rejected entry holds back its alarm only")
    func rejected() throws {
        let fixture = try Fixture()
        fixture.limits.slowRetry = .seconds(300)
        let server = try HTTPReceiver { request, _ in
            .status(request.header("webhook-id") == "raised-0" ? 400 : 200)
        }
        let deliverers = try fixture.startFromFirst([try Receiver("r", at: server)])
        try fixture.append(lives(3))
        deliverers.announce([])
        #expect(waitUntil { deliverers.snapshot()[0].delivered == 6 })
        #expect(fixture.reports.failing == [.rejected])
        #expect(fixture.reports.recoveries == 0)
        server.setAnswer { _, _ in .status(200) }
        try deliverers.retry("r")
        #expect(waitUntil { fixture.reports.recoveries == 1 })
        #expect(waitUntil { deliverers.snapshot()[0].delivered == 9 })
        deliverers.stop(within: .seconds(5))
        #expect(isInOrder(Array(server.ids.dropFirst()), alarms: 3))
    }
}
