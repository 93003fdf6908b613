import Testing

@testable import TocsinMQTT

@Suite("Broker settings and back-off")
struct SettingsTests {
    private func settings() throws -> BrokerSettings {
        try BrokerSettings(url: "mqtt://127.0.0.1", clientID: "a", subscribe: ["plant/#"])
    }

    @Test("QoS 1 with a client identifier keeps its session; QoS 0 or no identifier does not")
    func session() throws {
        #expect(try settings().cleanSession == false)
        #expect(try BrokerSettings(url: "mqtt://a", clientID: "a", qos: 0).cleanSession)
        #expect(try BrokerSettings(url: "mqtt://a").cleanSession)
        #expect(try settings().sessionExpirySeconds == 604_800)
    }

    @Test("What the protocol would refuse is refused before, by the name of its key")
    func checks() throws {
        let wrong: [(name: String, change: (inout BrokerSettings) -> Void)] = [
            ("qos", { $0.qos = 2 }),
            ("keep_alive", { $0.keepAliveSeconds = 4 }),
            ("receive_maximum", { $0.receiveMaximum = 0 }),
            ("client_id", { $0.clientID = "" }),
            ("client_id", { $0.clientID = "a\0b" }),
            ("password_file", { $0.password = "x" }),
            ("tls", { $0.tls = TLSSettings() }),
            ("subscribe", { $0.subscribe = ["a/#/b"] }),
            ("subscribe", { $0.subscribe = [""] }),
            ("watch", { $0.watch = ["plant/#"] }),
            (
                "tls",
                {
                    $0.address.isEncrypted = true
                    $0.tls = TLSSettings(ca: "ca", certificate: "c")
                }
            ),
        ]
        for (name, change) in wrong {
            var settings = try settings()
            change(&settings)
            let error = try #require(throws: MQTTError.self) { try settings.check() }
            guard case .badSetting(name, _) = error else {
                Issue.record("\(name): \(error)")
                continue
            }
        }
        try settings().check()
    }

    @Test("A certificate file that is not there is named")
    func missingFile() throws {
        var settings = try BrokerSettings(url: "mqtts://127.0.0.1")
        settings.tls = TLSSettings(ca: "/nowhere/ca.pem")
        let unusable = settings
        let error = try #require(throws: MQTTError.self) {
            try MQTTClient(unusable, index: 0, seed: 0) { _, _ in }
        }
        #expect(
            error == .unreadableFile(path: "/nowhere/ca.pem", problem: "No such file or directory"))
    }

    @Test("Waits double from 1 s to 30 s, each within the upper half of its step")
    func backOff() {
        for seed in UInt64(0)..<50 {
            var backOff = BackOff(seed: seed)
            for step: Int64 in [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000] {
                #expect((step / 2...step).contains(backOff.next()))
            }
            backOff.reset()
            #expect((500...1000).contains(backOff.next()))
        }
    }

    @Test("The same seed draws the same waits, another seed others")
    func seeds() {
        func draw(_ seed: UInt64) -> [Int64] {
            var backOff = BackOff(seed: seed)
            return (0..<8).map { _ in backOff.next() }
        }
        #expect(draw(7) == draw(7))
        #expect(draw(7) != draw(8))
    }

    @Test(
        "Filters match as the standard says",
        arguments: [
            ("plant/#", "plant/a/b", true), ("plant/#", "plant", true),
            ("plant/+", "plant/a/b", false),
            ("#", "$SYS/x", false), ("$SYS/#", "$SYS/x", true),
        ])
    func filters(filter: String, topic: String, expected: Bool) {
        #expect(TopicFilter.matches(filter, topic: topic) == expected)
    }
}
