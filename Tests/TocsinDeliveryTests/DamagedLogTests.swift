import Glibc
import Testing
import TocsinDelivery
import TocsinModel
import TocsinStore
import TocsinTestSupport

struct DamagedLogTests {
    @Test("A line that cannot be read is reported and stepped over; the next one is sent")
    func unreadable() throws {
        let fixture = try Fixture()
        let server = try HTTPReceiver()
        let deliverers = try fixture.startFromFirst([try Receiver("r", at: server)])
        var strange = TestEvent("strange", alarm: "a")
        strange.mode = "tomorrow"
        try fixture.append([strange, TestEvent("e", alarm: "a")])
        deliverers.announce([])
        #expect(waitUntil { deliverers.snapshot()[0].outboxEntries == 0 })
        deliverers.stop(within: .seconds(5))
        #expect(server.ids == ["e"])
        #expect(deliverers.snapshot()[0].unreadable == 1)
        #expect(
            fixture.reports.all == [
                .unreadable(receiver: "r", seq: 1, reason: "unknown mode \"tomorrow\"")
            ])
    }

    @Test("Entries whose files were taken away are reported once, and the rest is sent")
    func filesGone() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("alerts.jsonl")
        // Each commit fills a file.
        let log = try AlertLog(path: path, limits: AlertLogLimits(fileBytes: 1))
        for number in 1...4 {
            var batch = EntryBatch()
            batch.append(TestEvent("e\(number)", alarm: "a").body)
            _ = try log.append(batch)
        }
        for number in 1...2 { unlink("\(path).000000000000000\(number)") }
        _ = try CursorFile(path: directory.file("r.cursor"), startingAt: 1)
        let server = try HTTPReceiver()
        let reports = Reports()
        let deliverers = try Deliverers(
            [try Receiver("r", at: server)], logPath: path, head: log.head,
            cursorPath: { directory.file($0 + ".cursor") }, version: "1", seed: 1,
            report: { reports.add($0) })
        #expect(server.waitForRequests(2))
        #expect(waitUntil { deliverers.snapshot()[0].outboxEntries == 0 })
        deliverers.stop(within: .seconds(5))
        #expect(server.ids == ["e3", "e4"])
        #expect(reports.all.count == 1)
        let cursor = try CursorFile(path: directory.file("r.cursor"))
        #expect(cursor.cursor == Cursor(lowest: 5))
    }

    @Test("A cursor file that is damaged stops the start, and says what to do")
    func damagedCursor() throws {
        let fixture = try Fixture()
        try fixture.directory.write("r.cursor", "not a cursor")
        let server = try HTTPReceiver()
        let receiver = try Receiver("r", at: server)
        let error = #expect(throws: ReceiverError.self) { try fixture.start([receiver]) }
        #expect(error.map { "\($0)".contains("remove it") } == true)
    }
}
