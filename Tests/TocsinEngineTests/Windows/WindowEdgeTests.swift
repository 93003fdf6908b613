import Testing
import TocsinEngine
import TocsinModel
import TocsinRing

@Suite("Windows at their edges")
struct WindowEdgeTests {
    private func run(
        _ extent: WindowDefinition.Extent, every: Int64? = 1000
    ) throws -> WindowRun {
        try WindowRun(WindowSetting(extent: extent, every: every, step: 1000))
    }

    @Test("A sample as old as the window is long stands outside, a millisecond younger inside")
    func boundary() throws {
        var gas = try run(.time(.seconds(10)))
        gas.feed(1, seconds: 0)
        gas.feed(2, seconds: 5)
        gas.feed(3, seconds: 9.999)
        #expect(gas.value(.count) == 3)
        gas.feed(4, seconds: 10)
        #expect(gas.value(.count) == 3)
        gas.feed(5, seconds: 14.999)
        #expect(gas.value(.count) == 4)
        gas.feed(6, seconds: 15)
        #expect(gas.value(.count) == 4)
        #expect(gas.value(.delta) == nil)
        #expect(gas.differences().isEmpty)
    }

    @Test("A window is known from three quarters of its length on, and not before")
    func coverage() throws {
        var gas = try run(.time(.seconds(8)))
        for second in 0...5 { gas.feed(20, seconds: Double(second)) }
        #expect(gas.value(.mean) == nil)
        gas.feed(20, seconds: 5.999)
        #expect(gas.value(.mean) == nil)
        gas.feed(20, seconds: 6)
        #expect(gas.value(.mean) == 293.15)
        // A gap of 3.001 s is not covered, one of 3 s is.
        gas.feed(20, seconds: 9)
        #expect(gas.value(.mean) == 293.15)
        gas.feed(20, seconds: 12.001)
        #expect(gas.value(.mean) == nil)
        // Bad samples move the end, and cover nothing beyond an interval.
        gas.feed(20, seconds: 12.5, quality: .bad)
        #expect(gas.differences().isEmpty)
    }

    @Test("Samples that are missing never lower an exposure")
    func exposureOverGap() throws {
        for seed in UInt64(0)..<200 {
            var random = SeededGenerator(seed: seed)
            var whole = try run(.time(.seconds(60)))
            var holed = try run(.time(.seconds(60)))
            let values = (0...80).map { _ in Double.random(in: 0...100, using: &random) }
            let first = Int.random(in: 1...60, using: &random)
            let last = first + Int.random(in: 4...18, using: &random)
            let bound = max(values[first - 1], values[last + 1])
            for (second, value) in values.enumerated() {
                let isMissing = (first...last).contains(second)
                // What nobody saw may have been anything up to what stood at either end.
                whole.feed(isMissing ? value * bound / 100 : value, seconds: Double(second))
                if !isMissing { holed.feed(value, seconds: Double(second)) }
            }
            let (seen, guessed) = (whole.value(.twa) ?? 0, holed.value(.twa) ?? -1)
            #expect(guessed >= seen - 1e-9, "seed \(seed)")
        }
    }

    @Test("An exposure is known from the first good sample on, and holds the last through silence")
    func exposureFromTheStart() throws {
        var gas = try run(.time(.seconds(100)))
        gas.feed(20, seconds: 0, quality: .bad)
        #expect(gas.value(.twa) == nil)
        gas.feed(-273.15 + 50, seconds: 1)
        #expect(gas.value(.dose) == 0)
        gas.feed(-273.15 + 50, seconds: 2)
        #expect(abs((gas.value(.dose) ?? 0) - 50) < 1e-9)
        #expect(abs((gas.value(.twa) ?? 0) - 0.5) < 1e-9)
        // Bad for five windows: the last value counts on.
        for second in stride(from: 10, through: 500, by: 10) {
            gas.feed(0, seconds: Double(second), quality: .bad)
        }
        #expect(abs((gas.value(.twa) ?? 0) - 50) < 1e-9)
    }

    @Test("A gap empties a window by count, and a bad stretch as long as one makes it unknown")
    func countWindow() throws {
        var gas = try run(.count(3))
        for second in 0...2 { gas.feed(Double(second), seconds: Double(second)) }
        #expect(gas.value(.mean) == 274.15)
        gas.feed(9, seconds: 4, quality: .bad)
        #expect(gas.value(.mean) == 274.15)
        gas.feed(9, seconds: 5.001, quality: .bad)
        #expect(gas.value(.mean) == nil)
        gas.feed(3, seconds: 5.5)
        #expect(gas.value(.count) == 1)
        gas.feed(4, seconds: 6)
        gas.feed(5, seconds: 7)
        #expect(gas.value(.mean) == 277.15)
    }

    @Test("A signal that stands still has spread 0, slope 0 and significance 0, after a step too")
    func still() throws {
        var gas = try run(.time(.seconds(20)))
        for second in 0..<100 {
            let value = second < 40 ? 20.1 : second == 40 ? 1.5e9 : 1234.567
            gas.feed(value, seconds: Double(second))
            guard second >= 20 && second < 40 || second > 60 else { continue }
            #expect(gas.value(.stddev) == 0)
            #expect(gas.value(.slope) == 0)
            #expect(gas.value(.significance) == 0)
        }
    }

    @Test("What an absurd value leaves behind is gone one window later")
    func spike() throws {
        var gas = try run(.time(.seconds(20)))
        var random = SeededGenerator(seed: 7)
        for second in 0..<200 {
            let noise = Double.random(in: -0.001...0.001, using: &random)
            gas.feed(second == 50 ? 1.9e9 : 20 + noise, seconds: Double(second))
            if second > 50 + 2 * 20 { #expect(gas.differences().isEmpty, "\(second)") }
        }
        var pack = try gas.setting.pack()
        pack.fault = nil
        gas.replace([pack])
        for second in 0..<100 {
            gas.feed(second == 20 ? 1e200 : 20, seconds: Double(second))
            if second == 30 { #expect(gas.value(.stddev) == nil) }
        }
        #expect(gas.value(.stddev) == 0)
    }

    @Test("A window that spikes went through six times over agrees with its walk")
    func drift() throws {
        let span = Span.seconds(1000)
        var gas = try run(.time(span))
        var random = SeededGenerator(seed: 11)
        for second in 0..<6000 {
            let isSpike = second % 97 == 0
            let value = isSpike ? 1e8 : Double.random(in: 20...21, using: &random)
            gas.feed(value, seconds: Double(second))
            if second % 500 == 499 {
                #expect(gas.differences(isWithRecursion: false).isEmpty, "\(second)")
            }
        }
    }

    @Test("The line: forecast, time to a limit from below and from above, and its interval")
    func line() throws {
        var gas = try run(.time(.seconds(10)))
        for second in 0...20 {
            gas.feed(2 * Double(second) - 273.15, seconds: Double(second))
        }
        let line = try #require(gas.line)
        #expect(abs(line.slope - 2) < 1e-9)
        #expect(abs(line.level - 40) < 1e-9)
        #expect(abs(line.value(aheadMilliseconds: 10_000) - 60) < 1e-9)
        #expect(abs(line.time(to: 100) - 30_000) < 1e-5)
        #expect(line.time(to: 30) == 0)
        #expect(line.time(to: 30, isLow: true) == .infinity)
        #expect(line.time(to: 50, isLow: true) < 5001)
        #expect(line.significance == 1e9)
        let falling = LineFit(level: 10, slope: -1, error: 0.5)
        #expect(falling.time(to: 5, isLow: true) == 5000)
        #expect(falling.time(to: 15, isLow: true) == 0)
        #expect(falling.time(to: 15) == .infinity)
        #expect(falling.time(to: 10) == 0)
        let interval = falling.timeInterval(to: 5, isLow: true)
        #expect(abs(interval.earliest - 5000 / 1.98) < 1e-6)
        #expect(abs(interval.latest - 5000 / 0.02) < 1e-6)
        #expect(LineFit(level: 1, slope: 0, error: 0).time(to: 2) == .infinity)
        #expect(LineFit(level: 3, slope: 0, error: 0).time(to: 2) == 0)
    }

    @Test("A reference freezes in an excursion, and learns it once it outlasts the window")
    func reference() throws {
        var gas = try run(.time(.seconds(30)))
        var random = SeededGenerator(seed: 3)
        func noise() -> Double { Double.random(in: -1...1, using: &random) }
        for second in 0...60 { gas.feed(20 + noise(), seconds: Double(second)) }
        for second in 61...91 {
            gas.feed(80 + noise(), seconds: Double(second))
            #expect((gas.value(.zscore) ?? 0) > 50, "\(second)")
            if second > 70 { #expect(gas.value(.cusum) == 10) }
        }
        gas.feed(80, seconds: 92)
        #expect(gas.value(.zscore) == nil)
        #expect(gas.value(.cusum) == nil)
        for second in 93...140 { gas.feed(80 + noise(), seconds: Double(second)) }
        #expect(abs(gas.value(.zscore) ?? 99) < 4)
        #expect(gas.differences().isEmpty)
    }
}

extension WindowRun {
    /// A sample `seconds` after the start, arriving at once.
    mutating func feed(_ value: Double, seconds: Double, quality: Quality = .good) {
        let time = WindowRun.start + Int64((seconds * 1000).rounded())
        feed(value, time: time, arrival: time, quality: quality)
    }

    /// A function of the window that has it; nil = unknown.
    func value(_ function: WindowFunction) -> Double? {
        guard let number = setting.windows.firstIndex(where: { $0.functions.contains(function) })
        else { return nil }
        return pipeline.engine.windowValue(
            function, ofWindow: number, pack: "test/windows", stream: WindowRun.stream)
    }

    var line: LineFit? {
        guard let number = setting.windows.firstIndex(where: { $0.definition.family == .line })
        else { return nil }
        return pipeline.engine.windowLine(
            ofWindow: number, pack: "test/windows", stream: WindowRun.stream)
    }

    /// A new engine with these packs; the models are left behind.
    mutating func replace(_ packs: [Pack]) {
        pipeline = Pipeline(
            ruleSet: RuleSet(site: Site(id: "test-site"), packs: packs),
            start: Timestamp(milliseconds: WindowRun.start))
        events.removeAll()
    }

    /// The packs are in force from now on.
    mutating func reload(_ packs: [Pack]) {
        pipeline.step(
            .reload(RuleSet(site: Site(id: "test-site"), packs: packs)),
            arrival: Timestamp(milliseconds: WindowRun.start), appendingTo: &events)
    }
}
