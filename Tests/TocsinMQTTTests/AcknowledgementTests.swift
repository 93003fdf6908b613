import Testing
import TocsinTestSupport

@testable import TocsinMQTT

@Suite("Acknowledgements", .serialized)
struct AcknowledgementTests {
    @Test(
        "A batch whose hand-over failed is sent again by the broker",
        arguments: MQTTVersion.allCases)
    func redelivery(version: MQTTVersion) throws {
        let broker = try MosquittoProcess()
        let settings = try testSettings(broker, version: version, clientID: "keeper")
        let harness = try Harness()
        let first = try harness.add(settings)
        #expect(try harness.run { harness.changes.last == .subscribed })
        harness.isHandOverFailing = true
        try publish(broker, ["1", "2", "3"])
        #expect(try harness.run { harness.messages.count == 3 })
        harness.drop(first)

        harness.forget()
        harness.isHandOverFailing = false
        let second = try harness.add(settings)
        #expect(
            try harness.run {
                harness.messages.count == 3 && harness.changes.last == .subscribed
            })
        #expect(harness.payloads == ["1", "2", "3"])
        #expect(harness.changes.contains(.connected(sessionPresent: true)))
        // The acknowledgements of the second time did leave: nothing comes a third time. (With a
        // good-bye, and with nothing left to read: the kernel resets a connection that is closed
        // with unread bytes, and mosquitto then reads no more of it.)
        second.disconnect()
        #expect(try harness.run { second.isClosed })
        harness.drop(second)

        harness.forget()
        try harness.add(settings)
        #expect(try harness.run { harness.changes.last == .subscribed })
        try publish(broker, ["4"])
        #expect(try harness.run { !harness.messages.isEmpty })
        #expect(harness.payloads == ["4"])
    }

    @Test("The broker sends no more than the receive maximum ahead of acknowledgements")
    func receiveMaximum() throws {
        let broker = try MosquittoProcess()
        var settings = try testSettings(broker, version: .v5, clientID: "slow")
        settings.receiveMaximum = 5
        let harness = try Harness()
        try harness.add(settings)
        #expect(try harness.run { harness.changes.last == .subscribed })
        harness.isHandOverFailing = true
        try publish(broker, (1...12).map(String.init))
        #expect(try harness.run { harness.messages.count == 5 })
        for _ in 0..<20 { try harness.turn(milliseconds: 5) }
        #expect(harness.messages.count == 5)
        harness.isHandOverFailing = false
        harness.clients[0].flush()
        #expect(try harness.run { harness.messages.count == 12 })
        #expect(harness.payloads == (1...12).map(String.init))
    }

    @Test("Everything published is acknowledged, and no more is in flight than allowed")
    func publisher() throws {
        let broker = try MosquittoProcess()
        var settings = try testSettings(broker)
        settings.sendMaximum = 10
        let publisher = try MQTTPublisher(settings)
        try publisher.connect()
        for number in 0..<300 {
            try publisher.publish(topic: "t/p", payload: Array("\(number)".utf8), qos: 1)
        }
        try publisher.finish()
        #expect(publisher.counters.published == 300)
        #expect(publisher.counters.acknowledged == 300)
    }

    @Test("Publishing with a wildcard in the topic or without a connection is a typed error")
    func badPublish() throws {
        let broker = try MosquittoProcess()
        let harness = try Harness()
        let client = try harness.add(try testSettings(broker))
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(throws: MQTTError.notConnected) {
            try client.publish(topic: "t/a", payload: nothing, qos: 1)
        }
        #expect(try harness.run { client.isConnected }, "\(harness.changes) \(client.phase)")
        #expect(throws: MQTTError.self) {
            try client.publish(topic: "t/#", payload: nothing, qos: 1)
        }
    }
}
