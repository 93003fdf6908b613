import Testing
import TocsinMQTT
import TocsinTestSupport

@Suite("Brokers of every kind")
struct BrokerKindTests {
    @Test(
        "A TLS broker that wants a client certificate is used, in both MQTT versions",
        arguments: ["3.1.1", "5"])
    func encrypted(version: String) throws {
        let certificates = try TestCertificates()
        var options = MosquittoProcess.Options()
        options.tls = certificates
        options.requiresClientCertificate = true
        let broker = try MosquittoProcess(options)
        let plant = try Plant(broker) { settings in
            let client = certificates.client
            settings.brokers = [
                "{url: \"mqtts://127.0.0.1:\(broker.port)\", version: \"\(version)\","
                    + " tls: {ca: \(certificates.ca), certificate: \(client.certificate),"
                    + " key: \(client.key)}, SUBSCRIBE}"
            ]
        }
        try plant.start()
        let tls = TLSSettings(
            ca: certificates.ca, certificate: certificates.client.certificate,
            key: certificates.client.key)
        let began = wallMilliseconds()
        try Sensors(broker, tls: tls).publish(
            (0..<300).map { SensorReading("t/\($0 % 7)", Double($0 % 60), at: began + $0) }
                + [SensorReading("t/1", 90, at: began + 400)])
        try plant.awaitLogged("raised", rule: "H")
        try plant.awaitEvaluated(301)
        #expect(plant.stop() == 0)
    }

    @Test("MQTT 5 with user and password; what comes while the daemon is away is its backlog")
    func version5() throws {
        var options = MosquittoProcess.Options()
        options.users = [("tocsin", "open sesame")]
        let broker = try MosquittoProcess(options)
        let plant = try Plant(broker) { settings in
            settings.brokers = [
                "{url: \"mqtt://127.0.0.1:\(broker.port)\", version: \"5\", username: tocsin,"
                    + " password_file: password, SUBSCRIBE}"
            ]
        }
        try plant.directory.write("password", "open sesame\n")
        try plant.start()
        plant.kill()
        var settings = try BrokerSettings(url: "mqtt://127.0.0.1:\(broker.port)", version: .v5)
        settings.username = "tocsin"
        settings.password = "open sesame"
        let publisher = try MQTTPublisher(settings)
        try publisher.connect()
        let began = wallMilliseconds()
        for number in 0..<100 {
            let reading = SensorReading("t/1", number == 50 ? 90 : 20, at: began + number)
            try publisher.publish(topic: reading.topic, payload: reading.payload, qos: 1)
        }
        try publisher.finish()
        try plant.start()
        try plant.awaitLogged("cleared", rule: "H")
        try plant.awaitEvaluated(100)
        let raised = try plant.awaitLogged("raised", rule: "H")
        #expect(raised.integer("ts_ms") == began + 50)
        #expect(try plant.logged("raised").count == 1)
    }

    @Test("A wrong password is no crash: it is said, and not ready")
    func wrongPassword() throws {
        var options = MosquittoProcess.Options()
        options.users = [("tocsin", "open sesame")]
        let broker = try MosquittoProcess(options)
        let plant = try Plant(broker)
        try plant.start(untilReady: false)
        #expect(waitUntil { plant.standardError.contains("uthori") })
        #expect(plant.status(of: "/readyz") == 503)
        #expect(plant.stop() == 0)
    }

    @Test("One topic over two brokers is one stream; one of them lost is said, the other goes on")
    func twoBrokers() throws {
        let (first, second) = (try MosquittoProcess(), try MosquittoProcess())
        let plant = try Plant(first) { settings in
            settings.brokers.append("{url: \"mqtt://127.0.0.1:\(second.port)\", SUBSCRIBE}")
        }
        try plant.start()
        let began = wallMilliseconds()
        let (left, right) = (try Sensors(first), try Sensors(second))
        try left.publish([SensorReading("t/1", 20, at: began)])
        // Both gateways forward one reading: it is one sample.
        try right.publish([SensorReading("t/1", 20, at: began)])
        try right.publish([SensorReading("t/1", 90, at: began + 1000)])
        let raised = try plant.awaitLogged("raised", rule: "H")
        try left.publish([SensorReading("t/1", 20, at: began + 2000)])
        let cleared = try plant.awaitLogged("cleared", rule: "H")
        #expect(cleared.text("occurrence") == raised.text("occurrence"))
        let page = try plant.metrics()
        #expect(page["tocsin_streams"] == 1)
        #expect(page["tocsin_samples_dropped_total{reason=\"duplicate\"}"] == 1)
        page.expectIdentities()
        first.kill()
        let lost = try plant.awaitLogged("broker-lost")
        #expect(lost.line.contains("127.0.0.1:\(first.port)"), "\(lost.line)")
        #expect(plant.status(of: "/readyz") == 503)
        try right.publish([SensorReading("t/1", 91, at: began + 3000)])
        try plant.awaitLogged("raised", rule: "H", count: 2)
    }
}
