import Testing
import TocsinEngine
import TocsinModel
import TocsinRing

@Suite("Windows and the ring they stand in")
struct WindowRingTests {
    private func setting(_ seconds: Int64, every: Int64? = 1000) -> WindowSetting {
        WindowSetting(extent: .time(.seconds(seconds)), every: every, step: 1000)
    }

    private func shortEvents(_ events: [Event]) -> [Event] {
        events.filter { $0.kind == .windowShort }
    }

    @Test("A ring too small for its window: unknown, counted, said once, and known again later")
    func tooSmall() throws {
        // The ring grows to limits.samples_per_window, 4096: at a thousand samples a second four
        // seconds of the ten.
        var run = try WindowRun(setting(10))
        for step in 0..<20_000 { run.feed(20, seconds: Double(step) / 1000) }
        for function in [WindowFunction.count, .mean, .least, .quantile, .delta, .slope, .twa] {
            #expect(run.value(function) == nil, "\(function)")
        }
        #expect(shortEvents(run.events).count == 1)
        #expect(shortEvents(run.events).first?.note?.subject == WindowRun.stream)
        #expect(run.pipeline.engine.counts.shortWindows > 1000)
        // The recursive ones need no ring.
        #expect(run.value(.ewma) != nil)
        for second in 21...60 { run.feed(20, seconds: Double(second)) }
        #expect(run.value(.count) == 10)
        #expect(run.differences().isEmpty)
        #expect(shortEvents(run.events).count == 1)
    }

    @Test("An engine that fell laps behind the intake sees what one that kept up sees")
    func lapped() throws {
        let pack = try setting(10).pack()
        let set = RuleSet(site: Site(id: "test-site"), packs: [pack])
        let intake = Intake(ruleSet: set)
        var engine = Engine(
            ruleSet: set, start: GasFixture.start, offline: true, rings: intake.rings)
        var events: [Event] = []
        let stream = try #require(
            intake.declare(name: WindowRun.stream, mode: .live, unit: nil))
        engine.step(.stream(stream), arrival: GasFixture.start, appendingTo: &events)
        var samples: [Sample] = []
        func accept(_ second: Int) throws {
            let time = GasFixture.at(Double(second))
            let observation = Observation(value: .number(Double(300 + second % 7)), time: time)
            samples.append(
                try intake.accept(observation, stream: stream.index, arrival: time).get())
        }
        func apply(_ count: Int) {
            for sample in samples.prefix(count) {
                engine.apply(
                    sample, stream: stream.index, arrival: sample.time, appendingTo: &events)
            }
            samples.removeFirst(count)
        }
        func value(_ function: WindowFunction, _ window: Int) -> Double? {
            engine.windowValue(
                function, ofWindow: window, pack: "test/windows", stream: WindowRun.stream)
        }
        for second in 0..<100 { try accept(second) }
        apply(100)
        #expect(value(.mean, 0) != nil)
        // 700 more while the engine stands still; the intake's ring has 256 slots.
        for second in 100..<800 { try accept(second) }
        apply(300)
        #expect(value(.count, 0) == 10)
        #expect(value(.quantile, 2) != nil)
        #expect(!events.contains { $0.kind == .windowShort })
        apply(400)
        #expect(value(.count, 0) == 10)
        #expect(value(.least, 1) == 300)
        #expect(value(.quantile, 2) != nil)
    }

    @Test("A reload of the same rules leaves every window as it is, bit for bit")
    func reloadKeeps() throws {
        for setting in WindowDifferentialTests.settings {
            var random = SeededGenerator(seed: 5)
            var source = SampleSource(step: setting.step, random: &random)
            var plain = try WindowRun(setting)
            var reloaded = try WindowRun(setting)
            var other = SampleSource(step: setting.step, random: &random)
            (source, other) = (source, source)
            var twin = random
            for step in 0..<300 {
                source.feed(&plain, random: &random)
                other.feed(&reloaded, random: &twin)
                if step % 7 == 0 { reloaded.reload([try setting.pack()]) }
                for (_, functions) in setting.windows {
                    for function in functions {
                        #expect(
                            plain.value(function)?.bitPattern
                                == reloaded.value(function)?.bitPattern,
                            "\(setting), \(function), step \(step)")
                    }
                }
            }
        }
    }

    @Test(
        "A window that a reload brings is filled from the ring, which grows and keeps what it held")
    func reloadFills() throws {
        let short = setting(10)
        let long = setting(100)
        var run = try WindowRun(long)
        run.replace([try short.pack()])
        let rings = run.pipeline.intake.rings
        for second in 0..<200 { run.feed(Double(second % 17), seconds: Double(second)) }
        let before = try #require(rings.ring(at: 0)).capacity
        run.reload([try long.pack()])
        // Filled at once from the ring as it is; at the next sample the ring is the larger one.
        #expect(run.differences().isEmpty)
        run.feed(3, seconds: 200)
        let ring = try #require(rings.ring(at: 0))
        #expect(ring.capacity >= before)
        #expect(ring.capacity >= 216)
        #expect(run.differences().isEmpty)
        for second in 201..<400 { run.feed(Double(second % 13), seconds: Double(second)) }
        #expect(run.differences().isEmpty)
    }

    @Test("Where the ring does not reach back, a new window is unknown until it has filled")
    func reloadWithoutHistory() throws {
        let long = setting(400)
        var run = try WindowRun(long)
        run.replace([try setting(10).pack()])
        for second in 0..<600 { run.feed(20, seconds: Double(second)) }
        run.reload([try long.pack()])
        run.feed(20, seconds: 600)
        #expect(run.value(.mean) == nil)
        #expect(run.value(.twa) == nil)
        // The ring reaches back 256 samples, to 344.
        for second in 601..<744 { run.feed(20, seconds: Double(second)) }
        #expect(run.value(.twa) == nil)
        for second in 744..<1000 { run.feed(20, seconds: Double(second)) }
        #expect(run.value(.twa) == 293.15)
        #expect(run.differences(isWithRecursion: false).isEmpty)
        #expect(shortEvents(run.events).isEmpty)
    }

    @Test("A stream whose unit a reload changes begins its windows anew")
    func reloadOfUnit() throws {
        let setting = setting(10)
        var run = try WindowRun(setting)
        for second in 0..<30 { run.feed(20, seconds: Double(second)) }
        #expect(run.value(.mean) == 293.15)
        var listing = StreamListing(stream: WindowRun.stream)
        listing.unit = GasFixture.unit("K")
        run.pipeline.step(
            .reload(
                RuleSet(
                    site: Site(id: "test-site"), packs: [try setting.pack()], listings: [listing],
                    hasInventory: true)),
            arrival: Timestamp(milliseconds: WindowRun.start + 30_000), appendingTo: &run.events)
        run.feed(21, seconds: 30)
        #expect(run.value(.count) == nil)
        for second in 31...50 { run.feed(21, seconds: Double(second)) }
        #expect(run.value(.mean) == 294.15)
        #expect(run.value(.greatest) == 294.15)
    }

    @Test("A calculated stream has windows in a ring of the engine's own")
    func calculated() throws {
        let setting = setting(10)
        var source = Pack(
            name: "test/source", domain: "test", pattern: try StreamPattern("{area}/raw/{id}"))
        source.unit = GasFixture.unit("K")
        source.calculated = [
            CalculatedDefinition(
                name: try StreamPattern("{area}/t/{id}"), unit: GasFixture.unit("K"),
                program: Program(instructions: [.value, .constant(2), .multiply], stackDepth: 2),
                text: "value * 2")
        ]
        var run = try WindowRun(setting)
        run.replace([source, try setting.pack()])
        for second in 0..<2000 {
            run.pipeline.accept(
                Observation(
                    value: .number(100),
                    time: Timestamp(milliseconds: 0)
                        + .seconds(
                            1_700_000_000 + Int64(second))),
                stream: "east/raw/1",
                arrival: Timestamp(milliseconds: 0)
                    + .seconds(
                        1_700_000_000 + Int64(second)), appendingTo: &run.events)
            if second % 500 == 499 { run.reload([source, try setting.pack()]) }
        }
        #expect(run.value(.mean) == 200)
        #expect(run.value(.quantile) == 200)
        #expect(run.value(.count) == 10)
    }

    @Test("Rings are as large as twice the longest window in them, and no larger for others")
    func capacity() throws {
        func samples(
            _ extent: WindowDefinition.Extent, _ family: WindowDefinition.Family,
            every: Int64?, inventory: Cadence? = nil
        ) throws -> Int {
            var pack = try setting(10, every: every).pack()
            pack.windows = [WindowDefinition(extent: extent, family: family)]
            return RingCapacity.samples(
                packs: [pack], cadence: inventory, samplesPerWindow: 4096)
        }
        #expect(try samples(.time(.seconds(300)), .moments, every: 1000) == 616)
        #expect(try samples(.time(.seconds(3600)), .moments, every: 100) == 72_016)
        #expect(try samples(.time(.seconds(3601)), .moments, every: 1000) == 136)
        #expect(try samples(.time(.seconds(300)), .score, every: 1000) == 136)
        #expect(try samples(.count(100), .line, every: 10_000) == 216)
        #expect(try samples(.time(.seconds(300)), .line, every: nil) == 4096)
        #expect(try samples(.count(100), .line, every: nil) == 216)
        #expect(try samples(.time(.seconds(28_800)), .exposure, every: nil) == 64)
        #expect(
            try samples(
                .time(.seconds(300)), .line, every: 1000, inventory: .every(.seconds(10))) == 76)
        #expect(
            try samples(.time(.seconds(3600)), .line, every: 1) == StreamRing.capacityMax)
    }
}
