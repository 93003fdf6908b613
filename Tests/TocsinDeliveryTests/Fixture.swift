import Synchronization
import TocsinDelivery
import TocsinModel
import TocsinStore
import TocsinTestSupport

/// What a test says of one entry; the rest of the contract's members are left out, as delivery does
/// not look at them.
struct TestEvent: Sendable {
    var id: String
    var alarm: String?
    var event = "raised"
    var alarmClass = "alarm"
    var priority: String? = "high"
    var domain: String? = "hazchem"
    var mode = "live"
    var stream: String? = "plant/a/1"

    init(_ id: String, alarm: String?) {
        self.id = id
        self.alarm = alarm
    }

    static func trouble(_ number: Int) -> TestEvent {
        var event = TestEvent("trouble\(number)", alarm: "t\(number)")
        event.alarmClass = "trouble"
        return event
    }

    static func fire(_ id: String, alarm: String = "fire") -> TestEvent {
        var event = TestEvent(id, alarm: alarm)
        event.domain = "fire"
        event.priority = "critical"
        return event
    }

    static func system(_ id: String) -> TestEvent {
        var event = TestEvent(id, alarm: nil)
        event.alarmClass = "system"
        event.priority = nil
        event.domain = nil
        event.stream = nil
        return event
    }

    /// The members between `seq` and `durable`, in the contract's order.
    var body: [UInt8] {
        func text(_ value: String?) -> String { value.map { "\"\($0)\"" } ?? "null" }
        return Array(
            """
            "id":\(text(id)),"event":\(text(event)),"mode":\(text(mode)),"alarm":\(text(alarm)),\
            "received_ms":1700000000123,"stream":\(text(stream)),"domain":\(text(domain)),\
            "class":\(text(alarmClass)),"priority":\(text(priority)),\
            "message":"a \\"quoted\\" {word}","labels":{"tank":"T-1"},"input":null
            """.utf8)
    }

    var volatileLine: [UInt8] { AlertLogLine.volatile(body: body) }
}

/// An alert log with lanes on it, in a directory of its own.
final class Fixture {
    let directory: TemporaryDirectory
    let log: AlertLog
    let reports = Reports()
    var limits = DeliveryLimits()

    /// Pauses of milliseconds, so that retries need no waiting.
    init() throws {
        directory = try TemporaryDirectory()
        log = try AlertLog(path: directory.file("alerts.jsonl"))
        limits.firstRetry = Span(milliseconds: 2)
        limits.longestRetry = Span(milliseconds: 8)
        limits.longestFireRetry = Span(milliseconds: 8)
        limits.slowRetry = Span(milliseconds: 20)
    }

    /// Appends the events as one commit.
    func append(_ events: [TestEvent]) throws {
        var batch = EntryBatch()
        for event in events { batch.append(event.body) }
        _ = try log.append(batch)
    }

    func start(_ receivers: [Receiver]) throws -> Deliverers {
        let reports = reports
        let directory = directory
        return try Deliverers(
            receivers, logPath: directory.file("alerts.jsonl"), head: log.head,
            cursorPath: { directory.file($0 + ".cursor") }, version: "1.2.3", seed: 7,
            limits: limits, report: { reports.add($0) })
    }

    /// Lanes whose receivers are known already, so that they begin with the log's first entry.
    func startFromFirst(_ receivers: [Receiver]) throws -> Deliverers {
        for receiver in receivers {
            _ = try CursorFile(path: directory.file(receiver.name + ".cursor"), startingAt: 1)
        }
        return try start(receivers)
    }
}

/// What lanes reported, in order.
final class Reports: Sendable {
    private let kept = Mutex<[LaneReport]>([])

    func add(_ report: LaneReport) { kept.withLock { $0.append(report) } }

    var all: [LaneReport] { kept.withLock { $0 } }

    var failing: [FailureReason] {
        all.compactMap { report in
            guard case .failing(_, _, let reason, _) = report else { return nil }
            return reason
        }
    }

    var recoveries: Int {
        all.count { report in
            guard case .recovered = report else { return false }
            return true
        }
    }
}

extension HTTPReceiver {
    /// The ids of the requests in the order of arrival.
    var ids: [String] { requests.map { $0.header("webhook-id") ?? "" } }
}

extension Receiver {
    init(_ name: String, at server: HTTPReceiver) throws {
        try self.init(name: name, url: server.url)
    }
}
