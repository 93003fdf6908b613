import Testing

@testable import TocsinMQTT

@Suite("Broker URL")
struct BrokerAddressTests {
    @Test(
        "A URL gives host, port and encryption",
        arguments: [
            ("mqtt://127.0.0.1", "127.0.0.1", 1883, false),
            ("mqtt://127.0.0.1:18830", "127.0.0.1", 18_830, false),
            ("mqtts://broker.example", "broker.example", 8883, true),
            ("mqtt://[::1]", "::1", 1883, false), ("mqtts://[::1]:99/", "::1", 99, true),
        ] as [(String, String, UInt16, Bool)])
    func parses(url: String, host: String, port: UInt16, isEncrypted: Bool) throws {
        let address = try BrokerAddress(parsing: url)
        #expect(address == BrokerAddress(host: host, port: port, isEncrypted: isEncrypted))
        #expect(try BrokerAddress(parsing: address.description) == address)
    }

    @Test(
        "A bad URL is refused with its remedy",
        arguments: [
            ("127.0.0.1:1883", "mqtt://127.0.0.1:1883"), ("http://a", "neither mqtt://"),
            ("mqtt://", "no host"), ("mqtt://:1883", "no host"), ("mqtt://a:0", "65535"),
            ("mqtt://a:65536", "65535"), ("mqtt://a:", "65535"), ("mqtt://a:12b", "65535"),
            ("mqtt://::1", "brackets"), ("mqtt://[::1", "without ]"), ("mqtt://[::1]x", ":port"),
            ("mqtt://user:pw@a", "password_file"), ("mqtt://a/topic", "path"),
            ("mqtt://a b", "space"),
        ])
    func refuses(url: String, remedy: String) throws {
        let error = try #require(throws: MQTTError.self) { try BrokerAddress(parsing: url) }
        #expect(error.description.contains(remedy), "\(error)")
    }
}
