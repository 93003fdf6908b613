import Testing
import TocsinTestSupport

@testable import TocsinMQTT

@Suite("TLS with a real broker", .serialized)
struct EncryptionTests {
    private func broker(_ certificates: TestCertificates) throws -> MosquittoProcess {
        var options = MosquittoProcess.Options()
        options.tls = certificates
        options.requiresClientCertificate = true
        return try MosquittoProcess(options)
    }

    private func settings(
        _ broker: MosquittoProcess, _ certificates: TestCertificates, ca: String? = nil
    ) throws -> BrokerSettings {
        var settings = try testSettings(broker, clientID: "tls", scheme: "mqtts")
        settings.tls = TLSSettings(
            ca: ca ?? certificates.ca, certificate: certificates.client.certificate,
            key: certificates.client.key)
        return settings
    }

    @Test("With CA and client certificate 2000 frames arrive, also those read ahead")
    func accepted() throws {
        let certificates = try TestCertificates()
        let broker = try broker(certificates)
        let harness = try Harness()
        let settings = try settings(broker, certificates)
        try harness.add(settings)
        #expect(try harness.run { harness.changes.last == .subscribed })
        let publisher = try MQTTPublisher(
            {
                var publisher = settings
                publisher.clientID = "tls-publisher"
                return publisher
            }())
        try publisher.connect()
        for number in 1...2000 {
            try publisher.publish(topic: "t/s", payload: Array("\(number)".utf8), qos: 1)
        }
        try publisher.finish()
        #expect(try harness.run { harness.messages.count == 2000 })
        #expect(harness.payloads == (1...2000).map(String.init))
    }

    @Test("A server of another CA, of another name, or without our certificate is no broker")
    func refused() throws {
        let certificates = try TestCertificates()
        let broker = try broker(certificates)
        let stranger = try TestCertificates(names: ["DNS:elsewhere.example"])
        let misnamed = try self.broker(stranger)
        let harness = try Harness()
        try harness.add(try settings(broker, certificates, ca: stranger.ca))
        try harness.add(try settings(misnamed, stranger))
        var bare = try settings(broker, certificates)
        bare.tls?.certificate = nil
        bare.tls?.key = nil
        try harness.add(bare)
        for number in UInt8(0)...2 {
            #expect(
                try harness.run {
                    harness.changes(of: number).contains { $0.unreachableReason != nil }
                }, "\(number): \(harness.changes(of: number))")
            #expect(!harness.changes(of: number).contains { $0 == .subscribed })
        }
        let reasons = (UInt8(0)...2).map {
            harness.changes(of: $0).compactMap(\.unreachableReason).first ?? ""
        }
        #expect(reasons[0].contains("certificate verify failed"), "\(reasons)")
        #expect(reasons[1].contains("host name"), "\(reasons)")
    }

    @Test("A name is checked against the certificate, not its address")
    func byName() throws {
        let certificates = try TestCertificates(names: ["DNS:localhost"])
        let broker = try broker(certificates)
        let harness = try Harness()
        var named = try settings(broker, certificates)
        named.address.host = "localhost"
        try harness.add(named)
        try harness.add(try settings(broker, certificates))
        #expect(try harness.run { harness.changes(of: 0).last == .subscribed })
        #expect(
            try harness.run {
                harness.changes(of: 1).contains { $0.unreachableReason != nil }
            })
    }

    @Test("A killed TLS broker is lost, and found again when it is back")
    func lostAndBack() throws {
        let certificates = try TestCertificates()
        let broker = try broker(certificates)
        let harness = try Harness()
        try harness.add(try settings(broker, certificates))
        #expect(try harness.run { harness.changes.last == .subscribed })
        harness.forget()
        broker.kill()
        #expect(try harness.run { harness.changes.contains { $0.unreachableReason != nil } })
        #expect(harness.changes.count(where: { $0.lostReason != nil }) == 1)
        harness.forget()
        try broker.start()
        #expect(try harness.run { harness.changes.last == .subscribed })
    }
}
