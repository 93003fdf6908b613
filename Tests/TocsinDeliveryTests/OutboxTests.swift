import Testing
import TocsinDelivery
import TocsinModel
import TocsinStore

struct OutboxTests {
    private func outbox(
        _ limits: DeliveryLimits = DeliveryLimits(), acceptTest: Bool = false,
        match: ReceiverMatch? = nil
    ) throws -> Outbox {
        var receiver = try Receiver(name: "r", url: "http://localhost/")
        receiver.acceptTest = acceptTest
        receiver.match = match
        return Outbox(settled: Cursor(lowest: 1), receiver: receiver, limits: limits)
    }

    private func line(_ event: TestEvent, _ seq: UInt64) -> [UInt8] {
        Array("{\"v\":1,\"seq\":\(seq),".utf8) + event.body + Array(",\"durable\":true}".utf8)
    }

    private func offer(_ events: [TestEvent], to outbox: inout Outbox) throws {
        for (place, event) in events.enumerated() {
            let seq = UInt64(place + 1)
            _ = try outbox.offer(line(event, seq), seq: seq)
        }
    }

    private func drain(_ outbox: inout Outbox) -> [String] {
        var ids: [String] = []
        while let entry = outbox.next(at: 0) {
            ids.append(entry.line.id)
            outbox.delivered(entry)
        }
        return ids
    }

    private func event(_ id: String, _ word: String, _ priority: String?) -> TestEvent {
        var event = TestEvent(id, alarm: id)
        event.alarmClass = word
        event.priority = priority
        return event
    }

    @Test("Entries leave by urgency: fire first, events about Tocsin last")
    func ranks() throws {
        var outbox = try outbox()
        try offer(
            [
                .system("system"), event("low", "alarm", "low"), event("medium", "alarm", "medium"),
                event("early", "early-warning", "medium"), event("trouble", "trouble", "high"),
                event("supervisory", "supervisory", "high"), event("high", "alarm", "high"),
                event("critical", "alarm", "critical"), .fire("fire"),
            ], to: &outbox)
        #expect(
            drain(&outbox) == [
                "fire", "critical", "high", "supervisory", "trouble", "early", "medium", "low",
                "system",
            ])
        #expect(outbox.settled.lowest == 10)
        #expect(outbox.bytes == 0)
    }

    @Test("Trouble of a fire detector is trouble, not fire")
    func fireTrouble() throws {
        var outbox = try outbox()
        var trouble = TestEvent.fire("trouble", alarm: "t")
        trouble.alarmClass = "trouble"
        try offer([trouble, TestEvent("high", alarm: "h")], to: &outbox)
        #expect(drain(&outbox) == ["high", "trouble"])
    }

    @Test("An alarm's earlier entry leaves with the urgency of its later one, before it")
    func inherited() throws {
        var outbox = try outbox()
        var raised = event("raised", "alarm", "medium")
        raised.alarm = "a"
        var escalated = event("escalated", "alarm", "critical")
        escalated.alarm = "a"
        try offer([TestEvent("other", alarm: "b"), raised, escalated], to: &outbox)
        #expect(drain(&outbox) == ["raised", "escalated", "other"])
    }

    @Test("Whatever the mix, each alarm's entries leave in order and all leave", arguments: 0..<40)
    func randomMix(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let classes = ["alarm", "supervisory", "trouble", "early-warning"]
        let events = (0..<300).map { number in
            let alarm = Int.random(in: 0..<40, using: &generator)
            var event = TestEvent("\(number)", alarm: "a\(alarm)")
            event.alarmClass = classes[alarm % 4]
            event.priority = ["low", "medium", "high", "critical"].randomElement(using: &generator)
            return event
        }
        var outbox = try outbox()
        try offer(events, to: &outbox)
        let left = drain(&outbox).compactMap { Int($0) }
        #expect(left.sorted() == Array(0..<300), "seed \(seed)")
        for alarm in Set(events.map(\.alarm)) {
            let own = left.filter { events[$0].alarm == alarm }
            #expect(own == own.sorted(), "seed \(seed), alarm \(alarm ?? "")")
        }
        #expect(outbox.settled == Cursor(lowest: 301))
    }

    @Test("A held alarm waits alone; the others go on, and it can be released")
    func hold() throws {
        var outbox = try outbox()
        try offer([.fire("f1"), .fire("f2"), .trouble(1)], to: &outbox)
        let refused = try #require(outbox.next(at: 0))
        outbox.hold(refused, until: 1000)
        #expect(drain(&outbox) == ["trouble1"])
        #expect(outbox.earliestHold(after: 0) == 1000)
        #expect(outbox.next(at: 1000)?.line.id == "f1")
        #expect(outbox.settled.lowest == 1)
        outbox.releaseHolds()
        #expect(drain(&outbox) == ["f1", "f2"])
    }

    @Test("Test traffic passes only where it is accepted, and is stepped over elsewhere")
    func testMode() throws {
        var test = TestEvent("t", alarm: "a")
        test.mode = "test"
        var strict = try outbox()
        #expect(try strict.offer(line(test, 1), seq: 1) == .notForReceiver)
        #expect(strict.settled.lowest == 2)
        var open = try outbox(acceptTest: true)
        #expect(try open.offer(line(test, 1), seq: 1) == .waiting)
    }

    @Test("What was sent from memory is not sent again when the log brings it")
    func volatileThenDurable() throws {
        var outbox = try outbox()
        let first = TestEvent("v1", alarm: "a")
        let second = TestEvent("v2", alarm: "a")
        #expect(try outbox.offerVolatile(first.volatileLine) == .waiting)
        #expect(try outbox.offerVolatile(second.volatileLine) == .waiting)
        let entry = try #require(outbox.next(at: 0))
        #expect(entry.seq == nil && entry.line.id == "v1" && !entry.line.durable)
        outbox.delivered(entry)

        #expect(try outbox.offer(line(first, 1), seq: 1) == .alreadySent)
        #expect(try outbox.offer(line(second, 2), seq: 2) == .waiting)
        #expect(outbox.volatileWaiting == 0)
        let durable = try #require(outbox.next(at: 0))
        #expect(durable.bytes == line(second, 2))
        #expect(drain(&outbox) == ["v2"])
        #expect(outbox.settled == Cursor(lowest: 3))
    }

    @Test("Beyond a full window only fire is taken, once, up to its own limit")
    func express() throws {
        var limits = DeliveryLimits()
        limits.windowEntries = 2
        limits.expressEntries = 1
        var outbox = try outbox(limits)
        try offer([.trouble(1), .trouble(2)], to: &outbox)
        #expect(outbox.isFull)
        try outbox.offerExpress(line(.trouble(3), 3), seq: 3)
        try outbox.offerExpress(line(.fire("f"), 4), seq: 4)
        #expect(outbox.isExpressFull)
        #expect(outbox.next(at: 0)?.line.id == "f")
        #expect(try outbox.offer(line(.trouble(3), 3), seq: 3) == .waiting)
        #expect(try outbox.offer(line(.fire("f"), 4), seq: 4) == .waiting)
        #expect(drain(&outbox) == ["f", "trouble1", "trouble2", "trouble3"])
    }

    @Test("Overtaking stays within what a cursor can hold")
    func orderly() throws {
        var outbox = try outbox()
        var events: [TestEvent] = []
        for number in 0..<700 {
            events.append(.trouble(number))
            events.append(TestEvent("high\(number)", alarm: "h\(number)"))
        }
        try offer(events, to: &outbox)
        var widest = 0
        var sent = 0
        while let entry = outbox.next(at: 0) {
            outbox.delivered(entry)
            sent += 1
            widest = max(widest, outbox.settled.runs.count)
        }
        #expect(sent == events.count)
        #expect(widest > 100 && widest <= Cursor.runLimit / 2)
        #expect(outbox.settled == Cursor(lowest: 1401))
    }

    @Test("A receiver that matches by priority is still told how an alarm ends")
    func match() throws {
        let match = ReceiverMatch(
            priorityAtLeast: .high, domains: ["hazchem"], streams: ["plant/+/1", "mine/#"])
        func accepts(_ change: (inout TestEvent) -> Void) throws -> Bool {
            var event = TestEvent("e", alarm: "a")
            change(&event)
            return match.accepts(try EventLine(scanning: line(event, 1)))
        }
        #expect(try accepts { _ in })
        #expect(try accepts { $0.stream = "mine/1/ch4" })
        #expect(try accepts { $0.stream = nil })
        #expect(try accepts { $0 = .system("s") })
        #expect(try !accepts { $0.priority = "medium" })
        #expect(
            try accepts {
                $0.priority = "medium"
                $0.event = "cleared"
            })
        #expect(try !accepts { $0.domain = "dust" })
        #expect(try !accepts { $0.stream = "plant/a/2" })
        #expect(try !accepts { $0.stream = "plant/a/b/1" })
    }
}
