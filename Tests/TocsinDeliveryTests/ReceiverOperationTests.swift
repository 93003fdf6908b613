import Synchronization
import Testing
import TocsinDelivery
import TocsinModel
import TocsinStore
import TocsinTestSupport

struct ReceiverOperationTests {
    @Test("Test events go only to receivers that accept them")
    func acceptTest() throws {
        let fixture = try Fixture()
        let strict = try HTTPReceiver()
        let open = try HTTPReceiver()
        var accepting = try Receiver("open", at: open)
        accepting.acceptTest = true
        let deliverers = try fixture.startFromFirst([try Receiver("strict", at: strict), accepting])
        var test = TestEvent("test", alarm: "a")
        test.mode = "test"
        try fixture.append([test, TestEvent("live", alarm: "b")])
        deliverers.announce([])
        #expect(waitUntil { deliverers.snapshot().allSatisfy { $0.outboxEntries == 0 } })
        deliverers.stop(within: .seconds(5))
        #expect(strict.ids == ["live"])
        #expect(Set(open.ids) == ["test", "live"])
        #expect(deliverers.snapshot().map(\.notForReceiver) == [1, 0])
    }

    @Test("A paused receiver gets nothing until it is resumed")
    func pause() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver()
        let other = try HTTPReceiver()
        let deliverers = try fixture.startFromFirst([
            try Receiver("r", at: server), try Receiver("other", at: other),
        ])
        try deliverers.pause("r")
        try fixture.append([TestEvent("e", alarm: "a")])
        deliverers.announce([])
        #expect(other.waitForRequests(1))
        let paused = deliverers.snapshot()[0]
        #expect(paused.state == .paused)
        #expect(paused.outboxEntries == 1)
        #expect(server.requests.isEmpty)
        try deliverers.resume("r")
        #expect(server.waitForRequests(1))
        deliverers.stop(within: .seconds(5))
    }

    @Test("An unknown receiver is refused with the names there are")
    func unknown() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver()
        let deliverers = try fixture.start([try Receiver("duty-room", at: server)])
        #expect(throws: ReceiverError.unknown(name: "dutyroom", known: ["duty-room"])) {
            try deliverers.pause("dutyroom")
        }
        deliverers.stop(within: .zero)
    }

    @Test(
        "A receiver needs a name that can be a file's and an http address",
        arguments: [
            ("", "http://a/"), ("../x", "http://a/"), ("a b", "http://a/"), (".x", "http://a/"),
            ("a", "ftp://a/"), ("a", "http://"), ("a", "a.example"), ("a", "http://a b/"),
            ("a", "https:///x"),
        ])
    func badReceiver(name: String, url: String) {
        #expect(throws: ReceiverError.self) { try Receiver(name: name, url: url) }
    }

    @Test("Two receivers of one name are refused")
    func twice() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver()
        let receiver = try Receiver("r", at: server)
        #expect(throws: ReceiverError.nameTwice("r")) { try fixture.start([receiver, receiver]) }
    }

    @Test("notify-test sends one line past everything that waits and tells the result")
    func probe() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver()
        let deliverers = try fixture.start([try Receiver("r", at: server)])
        let results = Mutex<[ProbeResult]>([])
        var test = TestEvent("probe", alarm: nil)
        test.mode = "test"
        for code in [200, 503] {
            server.setAnswer { _, _ in .status(code) }
            let before = results.withLock(\.count)
            try deliverers.notifyTest("r", line: test.volatileLine) { result in
                results.withLock { $0.append(result) }
            }
            #expect(waitUntil { results.withLock(\.count) == before + 1 })
        }
        deliverers.stop(within: .seconds(5))
        #expect(server.ids == ["probe", "probe"])
        let told = results.withLock { $0 }
        guard case .delivered = told[0] else {
            Issue.record("not delivered: \(told[0])")
            return
        }
        #expect(told[1] == .failed(.server, text: "answered 503"))
    }

    @Test("While the log cannot be written, entries are sent from memory, and not again from it")
    func volatile() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver()
        let deliverers = try fixture.start([try Receiver("r", at: server)])
        let event = TestEvent("v", alarm: "a")
        deliverers.enqueueVolatile([event.volatileLine])
        #expect(server.waitForRequests(1))
        try fixture.append([event, TestEvent("later", alarm: "a")])
        deliverers.announce([])
        #expect(waitUntil { deliverers.snapshot()[0].outboxEntries == 0 })
        #expect(waitUntil { server.requests.count == 2 })
        deliverers.stop(within: .seconds(5))
        #expect(server.ids == ["v", "later"])
        #expect(server.requests[0].bodyText.contains(#""durable":false"#))
    }

    @Test("What finds the memory queue full is counted, not waited for")
    func volatileLimit() throws {
        let fixture = try Fixture()
        fixture.limits.volatileEntries = 2
        let server = try HTTPReceiver()
        let deliverers = try fixture.start([try Receiver("r", at: server)])
        try deliverers.pause("r")
        let lines = (0..<5).map { TestEvent("v\($0)", alarm: "a").volatileLine }
        deliverers.enqueueVolatile(lines)
        #expect(deliverers.snapshot()[0].volatileDropped == 3)
        deliverers.stop(within: .zero)
    }

    @Test("A stop aborts a request that takes too long, and keeps its entry")
    func stopAborts() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver { _, _ in .hang }
        let deliverers = try fixture.startFromFirst([try Receiver("r", at: server)])
        try fixture.append([TestEvent("e", alarm: "a")])
        deliverers.announce([])
        #expect(server.waitForRequests(1))
        let began = monotonicSeconds()
        deliverers.stop(within: Span(milliseconds: 50))
        #expect(monotonicSeconds() - began < 2)
        #expect(deliverers.snapshot()[0].state == .stopped)
        let cursor = try CursorFile(path: fixture.directory.file("r.cursor"))
        #expect(cursor.cursor.lowest == 1)
    }

    @Test("A stop delivers what it can within its time")
    func stopDrains() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver { _, _ in .delayed(milliseconds: 5, .status(200)) }
        let deliverers = try fixture.startFromFirst([try Receiver("r", at: server)])
        try fixture.append((0..<10).map { .trouble($0) } + [.system("stopped")])
        deliverers.announce([])
        deliverers.stop(within: .seconds(10))
        #expect(server.ids.last == "stopped")
        #expect(server.requests.count == 11)
    }

    @Test("Latency is measured from reception where it is known, else by the wall clock")
    func latency() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver()
        let deliverers = try fixture.startFromFirst([try Receiver("r", at: server)])
        try fixture.append([TestEvent("hinted", alarm: "a"), TestEvent("old", alarm: "b")])
        let now = UInt64(monotonicSeconds() * 1e9)
        deliverers.announce([ReceiveHint(seq: 1, nanoseconds: now)])
        #expect(waitUntil { deliverers.snapshot()[0].delivered == 2 })
        deliverers.stop(within: .seconds(5))
        let latency = deliverers.snapshot()[0].latency
        #expect(latency.count == 2)
        // One within the 10 s bucket; the other was received in 2023.
        #expect(latency.cumulative[10] == 1)
        #expect(latency.cumulative.last == 1)
    }

    @Test("Fewer failures than the limit are no outage; the limit reports one")
    func outageReport() throws {
        let fixture = try Fixture()
        fixture.limits.failuresBeforeReport = 3
        let server = try HTTPReceiver()
        let deliverers = try fixture.startFromFirst([try Receiver("r", at: server)])
        for (number, failures) in [2, 4].enumerated() {
            server.setAnswers(
                [HTTPReceiver.Answer](repeating: .status(500), count: failures)
                    + [.status(200)])
            try fixture.append([TestEvent("e\(number)", alarm: "a")])
            deliverers.announce([])
            #expect(waitUntil { deliverers.snapshot()[0].delivered == UInt64(number + 1) })
        }
        deliverers.stop(within: .seconds(5))
        #expect(fixture.reports.all.count == 2)
        #expect(fixture.reports.failing == [.server])
        guard case .recovered("r", 4, _) = fixture.reports.all[1] else {
            Issue.record("not recovered: \(fixture.reports.all[1])")
            return
        }
    }
}
