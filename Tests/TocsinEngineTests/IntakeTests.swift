import Testing
import TocsinEngine
import TocsinModel

@Suite("The intake judges each sample's time and unit")
struct IntakeTests {
    static let arrival = GasFixture.at(100)

    private func intake(streams: Int = 2, packs: [Pack]? = nil) throws -> Intake {
        let set = RuleSet(
            site: Site(id: "s"), packs: try packs ?? [GasFixture.pack()],
            options: EngineOptions(streamsMax: streams))
        let intake = Intake(ruleSet: set)
        _ = intake.declare(name: GasFixture.stream, mode: .live, unit: nil)
        return intake
    }

    /// The verdict on a sample `age` seconds old at arrival: its flags and its age, or the reason.
    private func verdict(
        _ intake: Intake, age: Double?, value: Double = 1, invalid: Bool = false,
        unit: UnitIndex = .none
    ) -> String {
        let observation = Observation(
            value: .number(value),
            time: age.map { IntakeTests.arrival - Span(milliseconds: Int64($0 * 1000)) },
            timeInvalid: invalid, unit: unit)
        let result = intake.accept(
            observation, stream: StreamIndex(0), arrival: IntakeTests.arrival)
        switch result {
        case .failure(let error): return error.reason.word
        case .success(let sample):
            let seconds = (IntakeTests.arrival - sample.time).milliseconds / 1000
            let names: [(SampleFlags, String)] = [
                (.late, " late"), (.badTime, " bad-time"), (.noTime, " no-time"),
            ]
            return "\(seconds)"
                + names.filter { sample.flags.contains($0.0) }.map { $0.1 }.joined()
        }
    }

    @Test("Newer is in order however old, equal is a repeat or another value, older is late")
    func order() throws {
        let intake = try intake()
        #expect(verdict(intake, age: 1e8) == "100000000")
        #expect(verdict(intake, age: 50) == "50")
        #expect(verdict(intake, age: 50) == "duplicate")
        #expect(verdict(intake, age: 50, value: 2) == "50")
        #expect(verdict(intake, age: 50, value: 1) == "duplicate")
        #expect(verdict(intake, age: 60) == "60 late")
        #expect(verdict(intake, age: 60) == "duplicate")
        #expect(verdict(intake, age: 55) == "55 late")
        #expect(verdict(intake, age: 60) == "duplicate")
        #expect(verdict(intake, age: 49) == "49")
    }

    @Test("The future beyond its limit, 1970 and unreadable times are evaluated at arrival")
    func badTimes() throws {
        let intake = try intake()
        #expect(verdict(intake, age: -60) == "-60")
        #expect(verdict(intake, age: -60.001) == "0 bad-time")
        let sinceEpoch = Double(IntakeTests.arrival.milliseconds) / 1000
        #expect(verdict(intake, age: sinceEpoch) == "0 bad-time")
        #expect(verdict(intake, age: sinceEpoch - 31_535_999) == "0 bad-time")
        #expect(verdict(intake, age: nil, invalid: true) == "0 bad-time")
        #expect(verdict(intake, age: nil) == "0 no-time")
        // None of them moved what counts as newest.
        #expect(verdict(intake, age: -60) == "duplicate")
        #expect(verdict(intake, age: -59) == "-59 late")
    }

    @Test("Another unit of the same dimension is converted, another dimension is refused")
    func units() throws {
        var pack = try GasFixture.pack()
        pack.gas = Gas.named("CH4")
        let intake = try intake(packs: [pack])
        for (value, symbol, expected) in [(1.0, "%vol", 20.0), (2500, "ppm", 5), (7, "%LEL", 7)] {
            let result = intake.accept(
                Observation(value: .number(value), time: nil, unit: GasFixture.unit(symbol)),
                stream: StreamIndex(0), arrival: IntakeTests.arrival)
            let sample = try result.get()
            #expect(abs(sample.value - expected) < 1e-9)
            #expect(sample.sourceValue == value)
            #expect(sample.sourceUnit == GasFixture.unit(symbol))
        }
        #expect(verdict(intake, age: 1, unit: GasFixture.unit("°C")) == "unit")
        #expect(verdict(intake, age: 1, unit: GasFixture.unit("°C")) == "unit")
    }

    @Test("Beyond limits.streams no stream is declared")
    func limit() throws {
        let intake = try intake(streams: 2)
        #expect(intake.declare(name: "b", mode: .live, unit: nil)?.index == StreamIndex(1))
        #expect(intake.declare(name: "c", mode: .live, unit: nil) == nil)
    }

    @Test("A limit without a unit in the inventory is in the row's unit, else in the pack's")
    func listedLimits() throws {
        var pack = try GasFixture.pack()
        pack.gas = Gas.named("CH4")
        var listing = StreamListing(stream: GasFixture.stream)
        listing.limits = [("H", .value(1, unit: nil)), ("HH", .off(reason: "none"))]
        for (unit, expected) in [(nil, 1.0), ("%vol", 20.0)] {
            listing.unit = unit.map { GasFixture.unit($0) }
            let set = RuleSet(site: Site(id: "s"), packs: [pack], listings: [listing])
            let binding = try Binding(
                ruleSet: set, packIndex: 0, stream: GasFixture.stream, mode: .live, labels: [],
                streamUnit: listing.unit ?? GasFixture.unit("ppm"))
            #expect(abs(binding.limits[0] - expected) < 1e-9)
            #expect(binding.limits[1].isNaN)
        }
    }
}
