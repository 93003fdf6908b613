import Foundation
import Testing
import TocsinTestSupport

@testable import TocsinMQTT

@Suite("Receiving from a real broker", .serialized)
struct ReceiveTests {
    @Test(
        "Frames of QoS 0 and 1 arrive in order over MQTT 3.1.1 and 5",
        arguments: MQTTVersion.allCases, [UInt8(0), 1])
    func receives(version: MQTTVersion, qos: UInt8) throws {
        let broker = try MosquittoProcess()
        let harness = try Harness()
        try harness.add(try testSettings(broker, version: version, qos: qos, clientID: "reader"))
        #expect(try harness.run { harness.changes.last == .subscribed })
        #expect(
            harness.changes == [.connecting, .connected(sessionPresent: false), .subscribed])

        let payloads = (1...500).map { "{\"v\":\($0)}" }
        try publish(broker, payloads, qos: qos, version: version)
        #expect(try harness.run { harness.messages.count >= payloads.count })
        #expect(harness.payloads == payloads)
        #expect(
            harness.messages.allSatisfy {
                $0.topic == "t/a" && $0.qos == qos && !$0.isRetained && !$0.isWatch
                    && $0.broker == 0
            })
        #expect(harness.largestBatch <= MQTTClient.batchLimit)
    }

    @Test("Only what was stored before subscribing is retained", arguments: MQTTVersion.allCases)
    func retained(version: MQTTVersion) throws {
        let broker = try MosquittoProcess()
        try publish(broker, ["stored"], topic: "t/r", retain: true)
        let harness = try Harness()
        try harness.add(try testSettings(broker, version: version))
        #expect(
            try harness.run {
                harness.messages.count == 1 && harness.changes.last == .subscribed
            })
        try publish(broker, ["live"], topic: "t/r", retain: true)
        #expect(try harness.run { harness.messages.count == 2 })
        #expect(harness.messages.map(\.isRetained) == [true, false])
    }

    @Test("Frames of a watch filter carry the flag, and are no others")
    func watch() throws {
        var options = MosquittoProcess.Options()
        options.lines = ["sys_interval 1"]
        let broker = try MosquittoProcess(options)
        let harness = try Harness()
        var settings = try testSettings(broker)
        settings.watch = ["$SYS/broker/publish/messages/dropped"]
        try harness.add(settings)
        #expect(try harness.run { harness.changes.contains(.subscribed) })
        try publish(broker, ["x"])
        #expect(try harness.run { Set(harness.messages.map(\.isWatch)) == [true, false] })
        for message in harness.messages {
            #expect(message.isWatch == message.topic.hasPrefix("$SYS/"))
        }
    }

    @Test("A payload of 3 MiB and an empty one arrive whole")
    func sizes() throws {
        let broker = try MosquittoProcess()
        let harness = try Harness()
        try harness.add(try testSettings(broker, version: .v5))
        #expect(try harness.run { harness.changes.last == .subscribed })
        let large = String(repeating: "x", count: 3 << 20)
        try publish(broker, [large, ""])
        #expect(try harness.run { harness.messages.count == 2 })
        #expect(harness.payloads.map(\.utf8.count) == [3 << 20, 0])
    }

    @Test("Two brokers with the same topic are told apart by their number")
    func twoBrokers() throws {
        let brokers = [try MosquittoProcess(), try MosquittoProcess()]
        let harness = try Harness()
        for broker in brokers { try harness.add(try testSettings(broker)) }
        #expect(try harness.run { harness.changes.count(where: { $0 == .subscribed }) == 2 })
        try publish(brokers[0], ["first"])
        try publish(brokers[1], ["second"])
        #expect(try harness.run { harness.messages.count == 2 })
        #expect(harness.messages.first { $0.broker == 0 }?.payload == "first")
        #expect(harness.messages.first { $0.broker == 1 }?.payload == "second")
    }

    @Test("A waker ends the wait from another thread")
    func waker() throws {
        let loop = try MQTTLoop()
        let waker = loop.waker
        let now = MonotonicClock.milliseconds()
        Thread.detachNewThread { waker.wake() }
        var isWoken = false
        while !isWoken, MonotonicClock.milliseconds() < now + 5000 {
            isWoken = try loop.turn(
                now: MonotonicClock.milliseconds(), deadline: now + 5000, onFrame: { _ in },
                handOver: {})
        }
        #expect(isWoken)
    }
}
