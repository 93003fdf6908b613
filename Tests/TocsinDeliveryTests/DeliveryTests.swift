import Testing
import TocsinDelivery
import TocsinModel
import TocsinStore
import TocsinTestSupport

struct DeliveryTests {
    @Test("An entry arrives once, as the log's line, with the headers of the contract")
    func exactBody() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver()
        var receiver = try Receiver("duty-room", at: server)
        receiver.secret = try WebhookSecret(parsing: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
        let deliverers = try fixture.start([receiver])
        try fixture.append([TestEvent("e1", alarm: "a")])
        deliverers.announce([])
        #expect(server.waitForRequests(1))
        deliverers.stop(within: .seconds(5))

        let line = try fixture.directory.read("alerts.jsonl").split(separator: "\n")[0]
        let request = try #require(server.requests.first)
        #expect(request.bodyText == line)
        #expect(request.method == "POST")
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("user-agent") == "tocsin/1.2.3")
        #expect(request.header("webhook-id") == "e1")
        #expect(request.header("expect") == nil)
        #expect(request.header("webhook-signature")?.hasPrefix("v1,") == true)
        #expect(server.requests.count == 1)
    }

    @Test("A receiver's answers other than 2xx are failures, and the entry is sent again")
    func failuresThenDelivered() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver()
        server.setAnswers([
            .status(500), .status(429, headers: [("Retry-After", "0")]), .close, .broken,
            .redirect(to: "http://127.0.0.1:1/elsewhere"), .status(408), .status(404),
            .status(422), .huge(bytes: 1 << 20),
        ])
        let deliverers = try fixture.startFromFirst([try Receiver("r", at: server)])
        let events = ["raised", "cleared"].enumerated().map { number, word in
            var event = TestEvent("e\(number)", alarm: "a")
            event.event = word
            return event
        }
        try fixture.append(events)
        deliverers.announce([])
        #expect(waitUntil { deliverers.snapshot()[0].delivered == 2 })
        deliverers.stop(within: .seconds(5))

        #expect(server.ids == [String](repeating: "e0", count: 9) + ["e1"])
        let snapshot = deliverers.snapshot()[0]
        // One fewer than requests: libcurl itself repeats what a kept connection's end swallowed.
        #expect(snapshot.attempts == 9)
        #expect(snapshot.outboxEntries == 0)
        #expect(snapshot.lastFailure == nil)
        #expect(
            snapshot.failures == [
                .server: 1, .busy: 1, .broken: 1, .redirect: 1, .timeout: 1, .refused: 1,
                .rejected: 1,
            ])
    }
}
