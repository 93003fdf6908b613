import TocsinEngine
import TocsinModel

/// One kind of window to try: its extent, and how the stream speaks.
struct WindowSetting: CustomStringConvertible {
    var extent: WindowDefinition.Extent
    /// Milliseconds; nil = no cadence, and no interval is a gap.
    var every: Int64?
    /// The usual step between samples.
    var step: Int64

    var description: String { "\(extent), every \(every.map(String.init) ?? "-")" }

    static let families: [(WindowDefinition.Family, [WindowFunction])] = [
        (.moments, [.count, .mean, .sum, .stddev]), (.extremes, [.least, .greatest]),
        (.ranks(share: 0.5), [.quantile]), (.ranks(share: 0.9), [.quantile]),
        (.ends, [.delta, .rate]), (.changes, [.changes]), (.line, [.slope, .significance]),
        (.exposure, [.twa, .dose]), (.average(lambda: 0.2), [.ewma]), (.score, [.zscore]),
        (.cusum(allowance: 0.5, decision: 5), [.cusum]),
    ]

    var isLong: Bool {
        if case .time(let span) = extent { return span.milliseconds > 3_600_000 }
        return false
    }

    /// The windows of all families (quantiles not over an hour), with the functions of each.
    var windows: [(definition: WindowDefinition, functions: [WindowFunction])] {
        Self.families.compactMap { family, functions in
            if case .ranks = family, isLong { return nil }
            return (WindowDefinition(extent: extent, family: family), functions)
        }
    }

    /// Temperatures said in °C, read in K: fault range, cadence, all windows, and no rules.
    func pack() throws -> Pack {
        var pack = Pack(
            name: "test/windows", domain: "test", pattern: try StreamPattern("{area}/t/{id}"))
        pack.unit = GasFixture.unit("K")
        pack.fault = ValueRange(low: 0, high: 2e9)
        if let every {
            pack.cadence = .every(Span(milliseconds: every))
            pack.staleAfter = Span(milliseconds: every * 3)
        }
        pack.windows = windows.map(\.definition)
        return pack
    }
}

/// An engine with such a pack beside the naive models of its windows, fed alike.
struct WindowRun {
    let setting: WindowSetting
    var pipeline: Pipeline
    var events: [Event] = []
    var naive: [NaiveWindow]
    private var newest = Int64.min
    /// In °C.
    private var seen: Set<String> = []
    private let celsius: UnitIndex
    private let toPack: Conversion

    static let stream = "east/t/1"
    static let start: Int64 = 1_700_000_000_000

    init(_ setting: WindowSetting) throws {
        self.setting = setting
        let set = RuleSet(site: Site(id: "test-site"), packs: [try setting.pack()])
        pipeline = Pipeline(ruleSet: set, start: Timestamp(milliseconds: Self.start))
        naive = setting.windows.map {
            NaiveWindow($0.definition, gap: setting.every.map { $0 * 3 })
        }
        celsius = GasFixture.unit("°C")
        toPack = try UnitTable.standard.conversion(
            from: celsius, to: GasFixture.unit("K"), gas: nil, condition: .standard
        ).get()
    }

    /// One sample; `time` nil = the message has none. Arrival never goes back.
    mutating func feed(
        _ value: Double, time: Int64?, arrival: Int64, quality: Quality = .good,
        flags: SampleFlags = []
    ) {
        let observation = Observation(
            value: .number(value), time: time.map { Timestamp(milliseconds: $0) }, unit: celsius,
            quality: quality, flags: flags)
        pipeline.accept(
            observation, stream: Self.stream, arrival: Timestamp(milliseconds: arrival),
            appendingTo: &events)
        let stamp = time ?? arrival
        // A stamp too far ahead: evaluated at arrival, kept out of windows.
        if let time, time > arrival + 60_000 { return }
        let key = "\(stamp) \(value.bitPattern)"
        let isRepeat = time != nil && seen.contains(key)
        guard !isRepeat, stamp >= newest else {
            seen.insert(key)
            return
        }
        seen.insert(key)
        newest = stamp
        let kelvin = toPack(value)
        let isGood =
            quality == .good && !flags.contains(.retained) && kelvin >= 0 && kelvin <= 2e9
        for window in naive.indices {
            naive[window].append(
                NaiveWindow.Entry(time: stamp, value: kelvin, isGood: isGood))
        }
    }

    /// What differs now, as text; empty when engine and models agree.
    func differences(isWithRecursion: Bool = true) -> [String] {
        var found: [String] = []
        for (number, window) in setting.windows.enumerated() {
            switch window.definition.family {
            case .average, .score, .cusum:
                if !isWithRecursion { continue }
            case .moments, .extremes, .ranks, .ends, .changes, .line, .exposure: break
            }
            for function in window.functions {
                let own = pipeline.engine.windowValue(
                    function, ofWindow: number, pack: "test/windows", stream: Self.stream)
                let expected = naive[number].value(function)
                if !Self.agree(own, expected, function, naive[number]) {
                    found.append("\(function): \(own as Double?), not \(expected as Double?)")
                }
            }
        }
        return found + lineDifferences()
    }

    private func lineDifferences() -> [String] {
        var found: [String] = []
        for (number, window) in setting.windows.enumerated() {
            if window.definition.family == .line {
                let line = pipeline.engine.windowLine(
                    ofWindow: number, pack: "test/windows", stream: Self.stream)
                let own = line?.value(aheadMilliseconds: 60_000)
                let expected = naive[number].forecast(ahead: 60_000)
                if !Self.agree(own, expected, .slope, naive[number]) {
                    found.append("forecast: \(own as Double?), not \(expected as Double?)")
                }
            }
            if window.definition.family == .extremes, let width = naive[number].width() {
                let own = [width, width.nextDown].map {
                    pipeline.engine.windowIsFlat(
                        within: $0, ofWindow: number, pack: "test/windows", stream: Self.stream)
                }
                if own[0] != true || width > 0 && own[1] != false {
                    found.append("flat within \(width): \(own)")
                }
            }
        }
        return found
    }

    /// Exactly, or to 1e-9 relative. Where a difference of large numbers is the answer, relative to
    /// what doubles can say of numbers of that size: the model's own rounding is not the engine's
    /// fault.
    private static func agree(
        _ own: Double?, _ expected: Double?, _ function: WindowFunction, _ window: NaiveWindow
    ) -> Bool {
        guard let own, let expected else { return own == nil && expected == nil }
        if own == expected { return true }
        switch function {
        case .count, .least, .greatest, .quantile, .changes: return false
        case .mean, .sum, .stddev, .delta, .rate, .slope, .significance, .twa, .dose, .ewma,
            .zscore,
            .cusum:
            break
        }
        let size = window.samples().inside.map { abs($0.value) }.max() ?? 0
        return abs(own - expected) <= 1e-9 * max(abs(own), abs(expected)) + 1e-14 * size
    }
}
