import Testing
import TocsinDelivery
import TocsinModel
import TocsinTestSupport

struct TLSTests {
    @Test("An unknown authority is refused in words; with its CA file the receiver is reached")
    func unknownAuthority() throws {
        let certificates = try TestCertificates()
        let port = try freePort()
        let server = try ChildProcess(
            ChildProcess.find("openssl"),
            [
                "s_server", "-accept", "\(port)", "-www", "-quiet",
                "-cert", certificates.server.certificate, "-key", certificates.server.key,
            ], outputPath: certificates.directory.file("s_server.log"))
        #expect(waitUntil { accepts(port: port) })
        let fixture = try Fixture()
        fixture.limits.failuresBeforeReport = 1
        let url = "https://127.0.0.1:\(port)/hook"
        let stranger = try Receiver(name: "stranger", url: url)
        var friend = try Receiver(name: "friend", url: url)
        friend.timeout = Span(milliseconds: 300)
        friend.certificateAuthorities = certificates.ca
        let deliverers = try fixture.startFromFirst([stranger])
        try fixture.append([TestEvent("e", alarm: "a")])
        deliverers.announce([])
        #expect(waitUntil { fixture.reports.failing == [.tls] })
        #expect(deliverers.snapshot()[0].lastFailure?.contains("certificate") == true)
        deliverers.stop(within: .zero)

        let trusting = try fixture.startFromFirst([friend])
        // s_server accepts the connection but answers no POST: whatever fails now, it is not TLS.
        #expect(waitUntil { !trusting.snapshot()[0].failures.isEmpty })
        #expect(trusting.snapshot()[0].failures[.tls] == nil)
        trusting.stop(within: .zero)
        server.stop()
    }
}
