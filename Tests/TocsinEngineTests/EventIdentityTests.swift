import Testing
import TocsinEngine
import TocsinModel

@Suite("Ids of events and alarms")
struct EventIdentityTests {
    // Python: sha256 over struct.pack('>I', len(part)) + part for each part in UTF-8; 16 bytes.
    @Test(
        "The id is the hash of the length-prefixed parts",
        arguments: [
            (
                "gateway-07", "hazchem/toxic-nh3/H", "cold-store/hazchem/nh3/2", EventKind.raised,
                Int64(1_700_000_000_123), 1, "0cad4016ee341df3097d7a5d99a41252"
            ),
            (
                "gateway-07", "hazchem/toxic-nh3/H", "cold-store/hazchem/nh3/2", .raised,
                1_700_000_000_123, 2, "8b08507089263ce68b258425a6235cb6"
            ),
            ("", "", "", .started, -1, 1, "c8efc746dccf79940eea949f952df7a9"),
            ("东区罐区", "火/警", "a:b", .deEscalated, .min, 12345, "9e0d3e75659e274718601f51374cf6e9"),
        ])
    func golden(
        site: String, rule: String, stream: String, kind: EventKind, time: Int64, n: Int,
        hex: String
    ) {
        let id = EventIdentity(site: site).event(
            rule: rule, stream: stream, kind: kind, time: Timestamp(milliseconds: time), n: n)
        #expect(id.hex == hex)
    }

    @Test("An alarm's id is made from site, the chain's lowest rule and the stream")
    func alarm() throws {
        let identity = EventIdentity(site: "gateway-07")
        let id = identity.alarm(rule: "hazchem/toxic-nh3/H", stream: "cold-store/hazchem/nh3/2")
        #expect(id.hex == "fe5af517529c02225e2fe7c85911cfd9")
        var gas = GasFixture([try GasFixture.pack { $0.onDelay = .zero }])
        gas.feed(80, at: 0)
        let own = EventIdentity(site: "test-site")
        #expect(gas.events[0].alarm == own.alarm(rule: "hazchem/gas/H", stream: GasFixture.stream))
    }

    @Test("A test stream's event has another id than the live stream's at the same time")
    func modes() throws {
        var gas = GasFixture([try GasFixture.pack { $0.onDelay = .zero }])
        for mode in [Mode.live, .test] {
            gas.pipeline.accept(
                Observation(value: .number(80), time: GasFixture.start), stream: GasFixture.stream,
                mode: mode, arrival: GasFixture.start, appendingTo: &gas.events)
        }
        #expect(gas.events.map { $0.mode } == [.replay, .test])
        #expect(Set(gas.events.map { $0.id }).count == 2)
    }
}
