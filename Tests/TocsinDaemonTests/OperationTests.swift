import Foundation
import Testing
import TocsinTestSupport

@Suite("Operating a running daemon")
struct OperationTests {
    @Test("Alarms are acknowledged and reset on the host without a token, over TCP only with one")
    func commands() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker) { $0.http = ", users_file: users" }
        try plant.directory.write("users", "# NAME TOKEN\nli s3cret\n")
        try plant.start()
        let sensors = try Sensors(broker)
        let began = wallMilliseconds() - 60_000
        let stream = "east/hazchem/lel/1"
        try sensors.publish([
            SensorReading(stream, 30, at: began), SensorReading(stream, 30, at: began + 3000),
        ])
        let alarm = try #require(try plant.awaitLogged("raised", rule: "H").text("alarm"))
        let path = "/api/v1/alarms/\(alarm)/acknowledge"
        func post(_ path: String, token: String?, body: String = "{}") -> HTTPAnswer? {
            HTTPAnswer.ask("POST", path, port: plant.port, token: token, body: body)
        }
        #expect(post(path, token: nil)?.status == 401)
        #expect(post(path, token: "guess")?.status == 401)
        #expect(try plant.logged("acknowledged").isEmpty)
        #expect(plant.status(of: "/api/v1/alarms") == 200)

        let early = try plant.operate("alarms", "reset", alarm)
        #expect(early.code == 1)
        #expect(early.output.contains("acknowledge"), "\(early.output)")
        let taken = post(path, token: "s3cret", body: "{\"reason\":\"seen\"}")
        #expect(taken?.status == 200, "\(taken?.body ?? "")")
        let acknowledged = try plant.awaitLogged("acknowledged")
        #expect(acknowledged.text("by") == "li")
        #expect(acknowledged.text("reason") == "seen")
        #expect(acknowledged.text("state") == "acknowledged")
        #expect(post(path, token: "s3cret")?.status == 409)
        let open = try plant.operate("alarms", "reset", alarm)
        #expect(open.code == 1)
        #expect(open.output.contains("still true"), "\(open.output)")

        try sensors.publish([
            SensorReading(stream, 5, at: began + 5000),
            SensorReading(stream, 5, at: began + 20_000),
        ])
        #expect(
            try waitUntil {
                try plant.standingAlarms().first?.text("state") == "latched-acknowledged"
            })
        let reset = try plant.operate("alarms", "reset", alarm, "--by", "wang")
        #expect(reset.code == 0, "\(reset.output)")
        #expect(try plant.awaitLogged("reset").text("by") == "wang")
        #expect(try plant.standingAlarms().isEmpty)
        let unknown = try plant.operate("alarms", "reset", String(repeating: "0", count: 32))
        #expect(unknown.code == 1)
    }

    @Test("Without users no command is taken over TCP, from whatever address")
    func withoutTokens() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        try plant.start()
        let path = "/api/v1/alarms/" + String(repeating: "0", count: 32) + "/acknowledge"
        #expect(HTTPAnswer.ask("POST", path, port: plant.port, body: "{}")?.status == 403)
        let status = try plant.operate("status", "--json")
        #expect(status.code == 0, "\(status.output)")
        #expect(try LoggedEvent(status.output).text("site") == "gateway-07")
    }

    @Test("While the log cannot be written alarms are delivered as not durable, and logged later")
    func unwritableLog() throws {
        let broker = try MosquittoProcess()
        let receiver = try HTTPReceiver()
        let plant = try Plant(broker, receiver: receiver.url)
        try plant.start()
        let sensors = try Sensors(broker)
        let began = wallMilliseconds()
        try sensors.publish([SensorReading("t/1", 90, at: began)])
        try plant.awaitLogged("raised")
        let daemon = try #require(plant.child?.identifier)
        // A few bytes of room: the next append is torn.
        let path = plant.directory.file("log/alerts.jsonl")
        let size = try #require(
            try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        func limitFiles(_ bytes: String) throws {
            try ChildProcess.run(
                "prlimit", ["--pid", "\(daemon)", "--fsize=\(bytes):unlimited"],
                log: plant.directory.file("prlimit"))
        }
        try limitFiles("\(size + 100)")
        try sensors.publish([SensorReading("t/1", 20, at: began + 1000)])
        func undurable() throws -> [LoggedEvent] {
            try receiver.requests.map { try LoggedEvent($0.bodyText) }
                .filter { $0.truth("durable") == false }
        }
        #expect(
            try waitUntil {
                try undurable().contains { $0.text("event") == "cleared" }
            }, "\(plant.standardError)")
        let cleared = try #require(try undurable().first { $0.text("event") == "cleared" })
        for name in ["seq", "prev", "hash"] { #expect(cleared.isNull(name), "\(name)") }
        #expect(
            try waitUntil {
                try undurable().contains { $0.text("event") == "log-failing" }
            })
        try limitFiles("unlimited")
        try plant.awaitLogged("log-recovered")
        let later = try plant.awaitLogged("cleared")
        #expect(later.text("id") == cleared.text("id"))
        #expect(later.truth("durable") == true)
        #expect(try plant.metrics()["tocsin_log_failures_total"] > 0)
        #expect(plant.stop() == 0)
        let verified = try plant.operate("log", "verify")
        #expect(verified.code == 0, "\(verified.output)")
    }
}
