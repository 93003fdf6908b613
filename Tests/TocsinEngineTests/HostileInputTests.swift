import Testing
import TocsinEngine
import TocsinModel

@Suite("Input from a hostile world")
struct HostileInputTests {
    @Test(
        "Values beyond Int's range raise and are written, they do not stop the daemon",
        arguments: [1e300, -1e300, Double.greatestFiniteMagnitude, .infinity, -.infinity, .nan])
    func values(value: Double) throws {
        var gas = GasFixture([try GasFixture.pack { $0.onDelay = .zero }])
        for second in 0...5 { gas.feed(value, at: Double(second)) }
        gas.feed(1, at: 6)
        gas.tick(60)
        for event in gas.events {
            #expect(!EventLine(logged: nil, isReplay: true).body(of: event).isEmpty)
        }
    }

    @Test(
        "Any time stamp is evaluated, at its own time or at arrival",
        arguments: [
            Int64.min, .min + 1, -1, 0, 1, 31_535_999_999, 1 << 47, 1 << 62, .max - 1, .max,
        ])
    func stamps(milliseconds: Int64) throws {
        var gas = GasFixture([try GasFixture.pack { $0.onDelay = .zero }])
        gas.feed(1, at: 0)
        gas.pipeline.accept(
            Observation(value: .number(60), time: Timestamp(milliseconds: milliseconds)),
            stream: GasFixture.stream, arrival: GasFixture.at(1), appendingTo: &gas.events)
        #expect(gas.story == ["raised HH 1", "raised clock 1"])
        gas.feed(1, at: 2)
        gas.tick(1e9)
        #expect(gas.story.contains("cleared HH 12"))
    }

    @Test("A limit that is off raises nothing, even beyond the measuring span")
    func limitOff() throws {
        var pack = try GasFixture.pack { $0.onDelay = .zero }
        pack.limits[1].value = nil
        var gas = GasFixture([pack])
        gas.feed(120, at: 0)
        #expect(gas.story == ["raised H 0"])
    }

    @Test("An alarm id is 32 hex digits, without a sign")
    func identifiers() {
        let hex = "01f3a0c2d4e5f60718293a4b5c6d7e8f"
        #expect(Identifier(hex: hex)?.hex == hex)
        for wrong in [
            "", "+" + hex.dropFirst(), String(hex.dropLast()), hex + "0", "g" + hex.dropFirst(),
        ] {
            #expect(Identifier(hex: wrong) == nil)
        }
        #expect(Identifier(hex: hex.prefix(16) + "-" + hex.suffix(15)) == nil)
    }

    @Test("A stream whose unit no pack can convert keeps its rules: its silence is missed")
    func unfitUnit() throws {
        var gas = GasFixture([try GasFixture.pack()])
        gas.pipeline.accept(
            Observation(
                value: .number(99), time: GasFixture.at(0), unit: GasFixture.unit("°C")),
            stream: GasFixture.stream, arrival: GasFixture.at(0), appendingTo: &gas.events)
        gas.tick(60)
        #expect(gas.story == ["raised stale 3"])
        #expect(gas.pipeline.engine.streamReports().map { $0.packs } == [["hazchem/gas"]])
    }
}
