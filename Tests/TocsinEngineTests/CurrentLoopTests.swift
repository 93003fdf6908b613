import Testing
import TocsinModel
import TocsinRing

@testable import TocsinEngine

@Suite("Currents of 4…20 mA loops, by NAMUR NE 43")
struct CurrentLoopTests {
    /// A row in mA; the pack's unit is %LEL, its span 0…100.
    private static func listing(
        span: ValueRange? = nil, currents: [CurrentMeaning] = []
    ) -> StreamListing {
        var listing = StreamListing(stream: GasFixture.stream)
        listing.unit = GasFixture.unit("mA")
        listing.span = span
        listing.currents = currents
        return listing
    }

    private static let meanings = [
        CurrentMeaning(milliamperes: 2.5, quality: .inhibited),
        CurrentMeaning(milliamperes: 3.5, quality: .bad),
        CurrentMeaning(milliamperes: 22, quality: .good),
    ]

    private static func fixture(_ listing: StreamListing) throws -> GasFixture {
        GasFixture([try GasFixture.pack()], listings: [listing])
    }

    /// `value quality` with the flags, as rules see the newest sample.
    private static func seen(_ fixture: GasFixture) throws -> String {
        let state = try #require(fixture.pipeline.engine.bindings.first)
        var text = state.value.isNaN ? "unknown" : JSONMembers.shortest(state.value)
        text += " " + state.quality.word
        if state.over { text += " over" }
        if state.under { text += " under" }
        return text
    }

    @Test(
        "A current is a value, a quality and a flag",
        arguments: [
            (4, "0 good"), (20, "100 good"), (12, "50 good"), (8, "25 good"),
            (3.8, "-1.25 good"), (20.5, "103.125 good"),
            (3.79, "-1.3125 good under"), (3.61, "-2.4375 good under"),
            (20.51, "103.1875 good over"), (20.99, "106.1875 good over"),
            (3.6, "unknown good"), (0, "unknown good"), (21, "unknown good"),
            (-1, "unknown good"), (25, "unknown good"),
        ])
    func bands(_ current: Double, _ expected: String) throws {
        var fixture = try Self.fixture(Self.listing())
        fixture.feed(current, at: 0)
        let text = try Self.seen(fixture)
        let value = try #require(Double(text.prefix { $0 != " " }) ?? (text.first == "u" ? 0 : nil))
        let wanted = Double(expected.prefix { $0 != " " }) ?? 0
        #expect(abs(value - wanted) < 1e-9)
        #expect(text.drop { $0 != " " } == expected.drop { $0 != " " })
        #expect((text.first == "u") == (expected.first == "u"))
    }

    @Test(
        "The column `currents` wins over the bands, and means a tenth of a milliampere more or less",
        arguments: [
            (2.5, "unknown inhibited"), (2.4, "unknown inhibited"), (2.6, "unknown inhibited"),
            (2.39, "unknown good"), (2.61, "unknown good"), (3.45, "unknown bad"),
            (3.6, "unknown bad"), (22, "112.5 good"), (12, "50 good"),
        ])
    func currents(_ current: Double, _ expected: String) throws {
        var fixture = try Self.fixture(Self.listing(currents: Self.meanings))
        fixture.feed(current, at: 0)
        #expect(try Self.seen(fixture) == expected)
    }

    @Test("The row's span is in the pack's unit, and wins over the pack's")
    func span() throws {
        var fixture = try Self.fixture(Self.listing(span: ValueRange(low: 20, high: 60)))
        fixture.feed(12, at: 0)
        #expect(try Self.seen(fixture) == "40 good")
    }

    @Test("A current outside is bad after 2 s; before, trouble is neither raised nor cleared")
    func twoSeconds() throws {
        var fixture = try Self.fixture(Self.listing())
        var seen: [String] = []
        for (second, current) in [
            (0, 4.0), (1, 2), (2, 2), (2.5, 4), (3, 22), (4, 2), (5, 2), (6, 2), (7, 4), (8, 2),
            (9, 4),
        ] {
            fixture.feed(current, at: second)
            seen.append(try Self.seen(fixture))
        }
        #expect(
            seen == [
                "0 good", "unknown good", "unknown good", "0 good", "unknown good",
                "unknown good", "unknown bad", "unknown bad", "0 good", "unknown good", "0 good",
            ])
        #expect(fixture.story == ["raised bad 5", "cleared bad 7"])
        #expect(fixture.events.first?.sourceValue == 2)
        #expect(fixture.events.first?.sourceUnit == UnitIndex.none)
        #expect(fixture.events.first.map { EventFacts($0).sourceUnit } == "mA")
    }

    @Test("An alarm that stands is not cleared while the current is outside")
    func unknownHolds() throws {
        var fixture = try Self.fixture(Self.listing())
        for second in 0..<5 { fixture.feed(10, at: Double(second)) }
        #expect(fixture.story == ["raised H 3"])
        for second in 5..<30 { fixture.feed(0, at: Double(second)) }
        #expect(fixture.story == ["raised H 3", "raised bad 7"])
    }

    @Test("Maintenance that a current says begins and ends once, like the one a message says")
    func inhibition() throws {
        var fixture = try Self.fixture(Self.listing(currents: Self.meanings))
        for second in 0..<30 {
            fixture.feed(second >= 10 && second < 20 ? 2.5 : 4, at: Double(second))
        }
        #expect(fixture.story == ["inhibit-began - 10", "inhibit-ended - 20"])
    }

    @Test("The row's limits are in mA, unless the cell has its own unit")
    func limits() throws {
        var listing = Self.listing()
        listing.limits = [
            ("H", .value(7.2, unit: nil)), ("HH", .value(40, unit: GasFixture.unit("%LEL"))),
        ]
        let fixture = try Self.fixture(listing)
        let set = fixture.pipeline.intake.ruleSet
        let found = try Binding(
            ruleSet: set, packIndex: 0, stream: GasFixture.stream, mode: .live, labels: [],
            streamUnit: listing.unit
        ).limits
        #expect(abs(found[0] - 20) < 1e-9)
        #expect(found[1] == 40)
    }

    @Test("Without a span a current cannot be scaled")
    func noSpan() throws {
        var pack = try GasFixture.pack()
        pack.span = nil
        let set = RuleSet(site: Site(id: "s"), packs: [pack], listings: [Self.listing()])
        #expect(throws: Binding.Problem.loopSpan(pack: pack.name, stream: GasFixture.stream)) {
            try Binding(
                ruleSet: set, packIndex: 0, stream: GasFixture.stream, mode: .live, labels: [],
                streamUnit: GasFixture.unit("mA"))
        }
    }

    @Test("A pack in mA reads the current as it is")
    func ownUnit() throws {
        var pack = try GasFixture.pack()
        pack.unit = GasFixture.unit("mA")
        var fixture = GasFixture([pack], listings: [Self.listing()])
        fixture.feed(2, at: 0)
        #expect(try Self.seen(fixture) == "2 good")
    }

    @Test("Windows hold good currents only, scaled")
    func windows() throws {
        let set = RuleSet(
            site: Site(id: "s"), packs: [try GasFixture.pack()],
            listings: [Self.listing(currents: Self.meanings)])
        let reader = SlotReader(
            try Binding(
                ruleSet: set, packIndex: 0, stream: GasFixture.stream, mode: .live, labels: [],
                streamUnit: GasFixture.unit("mA")))
        let values = [2.5, 3.6, 4, 12, 20.9, 21, 22].map { current in
            reader.sample(
                Slot(milliseconds: 1, value: current, marks: SlotMarks(rawValue: 0)))?.value
        }
        #expect(values == [nil, nil, 0, 50, 105.625, nil, 112.5])
    }

    @Test("A reload in the middle does not begin the 2 s anew")
    func reload() throws {
        var fixture = try Self.fixture(Self.listing())
        for (second, current) in [(0.0, 4.0), (1, 2), (2, 2)] { fixture.feed(current, at: second) }
        let fresh = fixture.pipeline.intake.reload(
            RuleSet(
                site: Site(id: "test-site"), packs: [try GasFixture.pack()],
                listings: [Self.listing(span: ValueRange(low: 0, high: 50))], hasInventory: true))
        fixture.pipeline.step(
            .reload(fresh), arrival: GasFixture.at(2), appendingTo: &fixture.events)
        #expect(try Self.seen(fixture) == "unknown good")
        fixture.feed(2, at: 3)
        #expect(try Self.seen(fixture) == "unknown bad")
        #expect(fixture.story.contains("raised bad 3"))
    }
}
