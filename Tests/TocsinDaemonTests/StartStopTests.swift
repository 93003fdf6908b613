import Foundation
import Glibc
import Testing
import TocsinTestSupport

@Suite("Start and stop")
struct StartStopTests {
    @Test("A second daemon on the same state ends with 1 and names the first")
    func secondDaemon() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        try plant.start()
        let second = try plant.operate("run")
        #expect(second.code == 1)
        let first = try #require(plant.child?.identifier)
        #expect(second.output.contains("\(first)"), "\(second.output)")
        #expect(plant.status(of: "/readyz") == 200)
        #expect(plant.stop() == 0)
        try plant.start()
        #expect(plant.stop() == 0)
    }

    @Test("A bad configuration ends with 2 and the place of what is wrong")
    func badConfiguration() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        let right = try plant.directory.read("tocsin.yaml")
        let path = try plant.directory.write(
            "bad.yaml", right.replacing("decode:", with: "decoed:"))
        let run = try plant.tocsin("run", "--config", path)
        #expect(run.code == 2)
        #expect(run.output.contains("\(path):4:1: error:"), "\(run.output)")
        #expect(run.output.contains("did you mean `decode`"), "\(run.output)")
        let missing = try plant.tocsin("run", "--config", plant.directory.file("none.yaml"))
        #expect(missing.code == 2)
        let usage = try plant.tocsin("run", "--colour")
        #expect(usage.code == 2)
        try plant.writeRules("pack: [")
        let rules = try plant.operate("run")
        #expect(rules.code == 2)
        #expect(rules.output.contains("rules/site.yaml:1:8: error:"), "\(rules.output)")
    }

    @Test("SIGTERM and SIGINT end it with 0 and a last entry", arguments: [SIGTERM, SIGINT])
    func orderlyStop(signal: Int32) throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        try plant.start()
        plant.child?.signal(signal)
        #expect(waitUntil { plant.child?.exitCode != nil })
        #expect(plant.child?.exitCode == 0)
        let events = try plant.log().map { $0.text("event") }
        #expect(events == ["started", "stopped"])
    }

    @Test("A receiver that never answers holds up the stop for five seconds at most")
    func hangingReceiver() throws {
        let broker = try MosquittoProcess()
        let receiver = try HTTPReceiver { _, _ in .hang }
        let plant = try Plant(broker, receiver: receiver.url)
        try plant.start()
        #expect(receiver.waitForRequests(1))
        let began = monotonicSeconds()
        plant.child?.signal(SIGTERM)
        #expect(waitUntil(seconds: 15) { plant.child?.exitCode != nil })
        #expect(plant.child?.exitCode == 0)
        #expect(monotonicSeconds() - began < 8)
        #expect(try plant.log().last?.text("event") == "stopped")
    }

    @Test("A broker that is not there yet is no failure: it is said, and found when it comes")
    func unreachableBroker() throws {
        let broker = try MosquittoProcess()
        broker.stop()
        let plant = try Plant(broker)
        try plant.start(untilReady: false)
        #expect(plant.status(of: "/readyz") == 503)
        #expect(plant.status(of: "/healthz") == 200)
        #expect(
            waitUntil {
                plant.standardError.contains("127.0.0.1:\(broker.port): ")
            })
        try broker.start()
        #expect(waitUntil(seconds: 20) { plant.status(of: "/readyz") == 200 })
        try Sensors(broker).publish([SensorReading("t/1", 90, at: wallMilliseconds())])
        try plant.awaitLogged("raised", rule: "H")
        #expect(try plant.logged("broker-lost").count <= 1)
        #expect(try plant.logged("broker-back").count == plant.logged("broker-lost").count)
    }

    @Test("systemd hears of readiness, reloads, life and the end")
    func notifications() throws {
        let broker = try MosquittoProcess()
        let plant = try Plant(broker)
        let socket = try NotifySocket(plant.directory.file("notify"))
        try plant.start(environment: ["NOTIFY_SOCKET=\(socket.path)", "WATCHDOG_USEC=400000"])
        #expect(socket.waitFor("READY=1"))
        #expect(socket.waitFor("WATCHDOG=1", count: 3))
        plant.child?.signal(SIGHUP)
        #expect(socket.waitFor("RELOADING=1"))
        #expect(socket.waitFor("READY=1", count: 2))
        let reloading = try #require(socket.messages.first { $0.contains("RELOADING=1") })
        #expect(reloading.contains("MONOTONIC_USEC="))
        #expect(plant.stop() == 0)
        #expect(socket.waitFor("STOPPING=1"))
    }
}
