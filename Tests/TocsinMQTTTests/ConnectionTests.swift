import Glibc
import Testing
import TocsinTestSupport

@testable import TocsinMQTT

extension BrokerChange {
    var lostReason: String? { if case .lost(let reason) = self { reason } else { nil } }
    var refusedReason: String? { if case .refused(let reason) = self { reason } else { nil } }
    var unreachableReason: String? {
        if case .unreachable(let reason) = self { reason } else { nil }
    }
}

@Suite("Connections to a real broker", .serialized)
struct ConnectionTests {
    @Test(
        "The right password is accepted, a wrong one refused in words",
        arguments: [
            (MQTTVersion.v311, "authori"), (.v5, "authori"),
        ])
    func password(version: MQTTVersion, word: String) throws {
        var options = MosquittoProcess.Options()
        options.users = [("daemon", "open sesame")]
        let broker = try MosquittoProcess(options)
        let harness = try Harness()
        var settings = try testSettings(broker, version: version)
        settings.username = "daemon"
        settings.password = "open sesame"
        try harness.add(settings)
        settings.password = "wrong"
        try harness.add(settings)
        #expect(try harness.run { harness.changes(of: 0).last == .subscribed })
        #expect(try harness.run { harness.changes(of: 1).contains { $0.refusedReason != nil } })
        let reason = try #require(harness.changes(of: 1).compactMap(\.refusedReason).first)
        #expect(reason.contains(word), "\(reason)")
        #expect(!harness.changes(of: 1).contains(.connected(sessionPresent: false)))
    }

    @Test("A killed broker is lost once; back again it is subscribed anew")
    func lostAndBack() throws {
        let broker = try MosquittoProcess()
        let harness = try Harness()
        try harness.add(try testSettings(broker))
        #expect(try harness.run { harness.changes.last == .subscribed })
        harness.forget()
        broker.kill()
        #expect(
            try harness.run {
                harness.changes.count(where: { $0.unreachableReason != nil }) >= 3
            })
        #expect(harness.changes.count(where: { $0.lostReason != nil }) == 1)
        let reason = try #require(harness.changes.compactMap(\.unreachableReason).first)
        #expect(reason == "Connection refused")
        harness.forget()
        try broker.start()
        #expect(try harness.run { harness.changes.last == .subscribed })
        try publish(broker, ["after"])
        #expect(try harness.run { harness.payloads == ["after"] })
        #expect(harness.clients[0].counters.connections == 2)
        #expect(harness.clients[0].counters.losses == 1)
    }

    @Test("An MQTT 5 broker that ends the connection is quoted")
    func disconnectReason() throws {
        let broker = try FakeBroker(version: .v5)
        let harness = try Harness()
        try harness.add(broker.settings())
        #expect(
            try harness.run {
                broker.answer()
                return harness.changes.last == .subscribed
            })
        broker.say([0xe0, 1, 0x8b])
        #expect(try harness.run { harness.changes.contains { $0.lostReason != nil } })
        let reason = try #require(harness.changes.compactMap(\.lostReason).first)
        #expect(reason == "the broker said: Server shutting down (0x8b)")
    }

    @Test("A message that an MQTT 5 broker refuses is counted as refused, not acknowledged")
    func refusedPublish() throws {
        let broker = try FakeBroker(version: .v5)
        let harness = try Harness()
        let client = try harness.add(broker.settings())
        #expect(
            try harness.run {
                broker.answer()
                return client.isConnected
            })
        try client.publish(
            topic: "t/a", payload: UnsafeRawBufferPointer(start: nil, count: 0), qos: 1)
        #expect(client.inFlightCount == 1)
        #expect(
            try harness.run {
                broker.answer()
                return client.inFlightCount == 0
            })
        #expect(client.counters.publishesRefused == 1)
        #expect(client.counters.acknowledged == 0)
    }

    @Test(
        "What was published while we were away arrives in the persistent session",
        arguments: MQTTVersion.allCases)
    func backlog(version: MQTTVersion) throws {
        let broker = try MosquittoProcess()
        let settings = try testSettings(broker, version: version, clientID: "away")
        let harness = try Harness()
        let first = try harness.add(settings)
        #expect(try harness.run { harness.changes.last == .subscribed })
        harness.drop(first)
        let payloads = (1...200).map(String.init)
        try publish(broker, payloads)
        harness.forget()
        try harness.add(settings)
        #expect(try harness.run { harness.messages.count == payloads.count })
        #expect(harness.payloads == payloads)
        #expect(harness.changes.contains(.connected(sessionPresent: true)))
    }

    @Test("A clean session keeps nothing")
    func cleanSession() throws {
        let broker = try MosquittoProcess()
        var settings = try testSettings(broker, clientID: "clean")
        settings.cleanSession = true
        let harness = try Harness()
        let first = try harness.add(settings)
        #expect(try harness.run { harness.changes.last == .subscribed })
        harness.drop(first)
        try publish(broker, ["missed"])
        harness.forget()
        try harness.add(settings)
        #expect(try harness.run { harness.changes.last == .subscribed })
        try publish(broker, ["seen"])
        #expect(try harness.run { !harness.messages.isEmpty })
        #expect(harness.payloads == ["seen"])
        #expect(harness.changes.contains(.connected(sessionPresent: false)))
    }

    @Test("A dead port, a name that does not resolve and a mute broker do not stall a live one")
    func deadOnes() throws {
        let broker = try MosquittoProcess()
        let mute = try listenOnLoopback()
        defer { close(mute.descriptor) }
        let harness = try Harness()
        try harness.add(try testSettings(broker))
        for url in [
            "mqtt://127.0.0.1:\(try freePort())", "mqtt://tocsin.invalid:1883",
            "mqtt://127.0.0.1:\(mute.port)", "mqtts://127.0.0.1:\(try freePort())",
            "mqtts://127.0.0.1:\(mute.port)",
        ] {
            var settings = try testSettings(broker)
            settings.address = try BrokerAddress(parsing: url)
            settings.connectTimeoutMilliseconds = 200
            try harness.add(settings)
        }
        #expect(try harness.run { harness.changes(of: 0).last == .subscribed })
        var longestTurn: Int64 = 0
        for round in 1...20 {
            try publish(broker, ["\(round)"])
            let begin = MonotonicClock.milliseconds()
            #expect(try harness.run { harness.messages.count == round })
            longestTurn = max(longestTurn, MonotonicClock.milliseconds() - begin)
        }
        #expect(longestTurn < 1000)
        for number in UInt8(1)...5 {
            #expect(
                try harness.run {
                    harness.changes(of: number).contains { $0.unreachableReason != nil }
                }, "broker \(number): \(harness.changes(of: number))")
            #expect(harness.changes(of: number).allSatisfy { $0.lostReason == nil })
        }
        let reasons = (UInt8(1)...5).map {
            harness.changes(of: $0).compactMap(\.unreachableReason).first ?? ""
        }
        #expect(reasons[0] == "Connection refused")
        #expect(reasons[1].contains("resolve"))
        #expect(reasons[2] == "no answer within 200 ms")
        #expect(reasons[3].contains("refused"))
        #expect(reasons[4] == "no answer within 200 ms")
    }

    @Test("A broker named localhost is found whichever address it listens on")
    func localhost() throws {
        let broker = try MosquittoProcess()
        let harness = try Harness()
        var settings = try testSettings(broker)
        settings.address.host = "localhost"
        try harness.add(settings)
        #expect(try harness.run { harness.changes.last == .subscribed })
    }

    @Test("A refused subscription is named; the broker then counts as not subscribed")
    func refusedSubscription() throws {
        let broker = try FakeBroker(subscriptionAnswer: 0x80)
        let harness = try Harness()
        try harness.add(broker.settings())
        #expect(
            try harness.run {
                broker.answer()
                return harness.changes.contains {
                    $0 == .subscriptionRefused(filter: "t/#", reason: "refused by the broker")
                }
            })
        #expect(!harness.changes.contains(.subscribed))
    }

    @Test("A broker that grants QoS 0 instead of 1 is reported")
    func downgradedSubscription() throws {
        let broker = try FakeBroker(subscriptionAnswer: 0)
        let harness = try Harness()
        try harness.add(broker.settings())
        #expect(
            try harness.run {
                broker.answer()
                return harness.changes.last == .subscribed
            })
        #expect(
            harness.changes.contains(.subscriptionDowngraded(filter: "t/#", granted: 0)))
    }

    @Test("After disconnect the client is closed and does not come back")
    func disconnects() throws {
        let broker = try MosquittoProcess()
        let harness = try Harness()
        let client = try harness.add(try testSettings(broker))
        #expect(try harness.run { harness.changes.last == .subscribed })
        client.disconnect()
        #expect(try harness.run { client.isClosed })
        harness.forget()
        for _ in 0..<20 { try harness.turn(milliseconds: 5) }
        #expect(harness.changes.isEmpty)
        #expect(try broker.log.contains("disconnected."))
    }
}
