import Foundation
import Testing
import TocsinEngine
import TocsinModel

/// Each window function against `NaiveWindow`, which walks the whole history at each sample.
@Suite("Windows say what a walk over the whole history says")
struct WindowDifferentialTests {
    /// `make differential` sets 1 000 000.
    static let steps =
        ProcessInfo.processInfo.environment["TOCSIN_DIFFERENTIAL_STEPS"].flatMap { Int($0) }
        ?? 50_000
    static let stepsPerRun = 200

    static let settings: [WindowSetting] = [
        WindowSetting(extent: .time(.seconds(10)), every: 1000, step: 1000),
        WindowSetting(extent: .time(.seconds(30)), every: 500, step: 500),
        WindowSetting(extent: .time(.seconds(20)), every: nil, step: 1500),
        WindowSetting(extent: .count(8), every: 1000, step: 1000),
        WindowSetting(extent: .count(20), every: nil, step: 700),
        WindowSetting(extent: .count(1), every: nil, step: 700),
        WindowSetting(extent: .time(.seconds(7200)), every: 60_000, step: 60_000),
        WindowSetting(extent: .time(.seconds(3601)), every: nil, step: 90_000),
    ]

    @Test("Random samples with gaps, repeats, late, bad, inhibited, retained and future ones")
    func random() throws {
        var random = SeededGenerator(seed: UInt64(Self.steps))
        let runs = max(Self.settings.count, Self.steps / Self.stepsPerRun)
        for run in 0..<runs {
            let seed = run < 64 ? UInt64(run) : random.next()
            let setting = Self.settings[run % Self.settings.count]
            try follow(setting, seed: seed, steps: Self.stepsPerRun)
        }
    }

    private func follow(_ setting: WindowSetting, seed: UInt64, steps: Int) throws {
        var random = SeededGenerator(seed: seed)
        var run = try WindowRun(setting)
        var source = SampleSource(step: setting.step, random: &random)
        for step in 0..<steps {
            source.feed(&run, random: &random)
            let found = run.differences(isWithRecursion: step % 4 == 0)
            guard found.isEmpty else {
                Issue.record("seed \(seed), \(setting), step \(step): \(found)")
                return
            }
        }
    }
}

/// Makes samples of every kind that the field knows.
struct SampleSource {
    private let step: Int64
    /// Of this run: whole values repeat themselves, others hardly do.
    private let isCoarse: Bool
    private let hasSpikes: Bool
    private var arrival = WindowRun.start
    private var time = WindowRun.start
    private var level = 20.0
    private var lastValue = 20.0

    init(step: Int64, random: inout SeededGenerator) {
        self.step = step
        isCoarse = Bool.random(using: &random)
        hasSpikes = Int.random(in: 0..<4, using: &random) == 0
    }

    mutating func feed(_ run: inout WindowRun, random: inout SeededGenerator) {
        arrival += advance(&random)
        let value = value(&random)
        switch Int.random(in: 0..<24, using: &random) {
        case 0: run.feed(value, time: time, arrival: arrival)  // the time of the one before
        case 1: run.feed(lastValue, time: time, arrival: arrival)  // a repeat
        case 2:
            let age = Int64.random(in: 1...step * 6, using: &random)
            run.feed(value, time: time - age, arrival: arrival)
            return
        case 3: run.feed(value, time: arrival + 3_600_000, arrival: arrival)
        case 4:
            run.feed(value, time: nil, arrival: arrival)
            time = max(time, arrival)
        case 5: stamp(&run, value, .bad)
        case 6: stamp(&run, value, .inhibited)
        case 7: stamp(&run, value, .good, [.retained])
        case 8: stamp(&run, -300, .good)  // beyond the fault range
        default: stamp(&run, value, .good)
        }
        lastValue = value
    }

    private mutating func stamp(
        _ run: inout WindowRun, _ value: Double, _ quality: Quality, _ flags: SampleFlags = []
    ) {
        time = max(time, arrival)
        run.feed(value, time: time, arrival: arrival, quality: quality, flags: flags)
    }

    private func advance(_ random: inout SeededGenerator) -> Int64 {
        switch Int.random(in: 0..<40, using: &random) {
        case 0: Int64.random(in: step * 3...step * 40, using: &random)  // a gap
        case 1, 2: step * 3  // as long as an interval can be that is none
        case 3...8: Int64.random(in: 1...step * 2, using: &random)
        default: step
        }
    }

    private mutating func value(_ random: inout SeededGenerator) -> Double {
        if Int.random(in: 0..<30, using: &random) == 0 {
            level = Double(Int.random(in: -50...200, using: &random))
        }
        if hasSpikes && Int.random(in: 0..<20, using: &random) == 0 { return 1.5e9 }
        if isCoarse { return level + Double(Int.random(in: 0...2, using: &random)) }
        return level + Double.random(in: -1...1, using: &random)
    }
}
