import Testing
import TocsinTestSupport

@testable import TocsinMQTT

@Suite("Letting go of clients", .serialized)
struct LettingGoTests {
    @Test("A client that is dropped while it resolves or connects leaves nothing behind")
    func dropped() throws {
        let broker = try MosquittoProcess()
        let harness = try Harness()
        for round in 0..<20 {
            let client = try harness.add(try testSettings(broker, scheme: "mqtts"))
            if round % 2 == 0 { try harness.turn(milliseconds: 1) }
            if round % 3 == 0 { client.disconnect() }
            harness.drop(client)
        }
        try harness.add(try testSettings(broker))
        #expect(try harness.run { harness.changes.last == .subscribed })
    }

    @Test("A client taken out of the loop does not disturb those behind it")
    func removed() throws {
        let broker = try MosquittoProcess()
        let harness = try Harness()
        let first = try harness.add(try testSettings(broker))
        try harness.add(try testSettings(broker))
        #expect(try harness.run { harness.changes.count(where: { $0 == .subscribed }) == 2 })
        harness.drop(first)
        try publish(broker, ["x"])
        #expect(try harness.run { !harness.messages.isEmpty })
        #expect(harness.messages.map(\.broker) == [1])
    }

    @Test("A publisher goes on after its broker was killed and came back")
    func publisherOutlivesBroker() throws {
        let broker = try MosquittoProcess()
        var settings = try testSettings(broker)
        settings.sendMaximum = 100
        let publisher = try MQTTPublisher(settings)
        try publisher.connect()
        for number in 0..<250 {
            if number == 120 {
                broker.kill()
                try broker.start()
            }
            try publisher.publish(topic: "t/p", payload: Array("\(number)".utf8), qos: 1)
        }
        try publisher.finish()
        #expect(publisher.counters.acknowledged == 250)
        #expect(publisher.counters.connections == 2)
    }
}
