// What windows answer. NaN is *unknown*.
//
// Where `count=` windows and recursive functions leave the contract open:
//   - a window by count is unknown as well when the last good sample lies a gap before the window's
//     end: bad samples do not keep an old number alive;
//   - twa and dose of a window by count run from its oldest sample to its end;
//   - ewma, zscore and cusum are unknown while the last good sample lies a gap back; a stretch longer
//     than window and gap begins them anew; "covered" is from the restart to the last good sample;
//   - count, sum and changes are unknown only where samples were lost (`isShort`).

extension WindowBank {
    /// A function of one window.
    func value(_ number: Int, _ function: WindowFunction) -> Double {
        let state = states[number]
        switch function {
        case .count: return state.isShort ? .nan : Double(state.count)
        case .mean:
            guard state.isKnown(needing: 1) else { return .nan }
            return moments[state.place].main.mean(count: state.count)
        case .sum:
            if state.isShort { return .nan }
            return state.count > 0 ? moments[state.place].main.total : 0
        case .stddev:
            guard state.isKnown(needing: 2) else { return .nan }
            if state.isStill { return 0 }
            return moments[state.place].main.deviation(count: state.count)
        case .least: return state.isKnown(needing: 1) ? extremes[state.place].least : .nan
        case .greatest: return state.isKnown(needing: 1) ? extremes[state.place].greatest : .nan
        case .quantile: return state.isKnown(needing: 1) ? ranks[state.place].quantile : .nan
        case .delta: return state.isKnown(needing: 2) ? state.delta : .nan
        case .rate: return state.isKnown(needing: 2) ? state.rate : .nan
        case .changes:
            if state.isShort { return .nan }
            return state.count > 0 ? Double(changes[state.place].main.count) : 0
        case .slope: return line(number)?.slope ?? .nan
        case .significance: return line(number)?.significance ?? .nan
        case .twa: return exposure(state, isMean: true)
        case .dose: return exposure(state, isMean: false)
        case .ewma:
            return state.isInterrupted ? .nan : averages[state.place].value(last: state.last)
        case .zscore, .cusum: return state.isInterrupted ? .nan : references[state.place].value
        }
    }

    /// The least-squares line of one window; nil while it is unknown.
    func line(_ number: Int) -> LineFit? {
        let state = states[number]
        guard state.kind == .line, state.isKnown(needing: 3), let last = state.last,
            last.milliseconds > state.first.milliseconds
        else { return nil }
        if state.isStill { return LineFit(level: last.value, slope: 0, error: 0) }
        return lines[state.place].main.fit(end: state.end)
    }

    /// Greatest less least; flat needs three samples, so that it is not said of a fresh start.
    func width(_ number: Int) -> Double {
        let state = states[number]
        guard state.isKnown(needing: 3) else { return .nan }
        return extremes[state.place].greatest - extremes[state.place].least
    }

    private func exposure(_ state: WindowState, isMean: Bool) -> Double {
        guard let last = state.last, !state.isShort else { return .nan }
        let length = state.end - state.start
        var dose: Double
        if state.count == 0 {
            if state.isByCount { return .nan }
            // Nothing good for a whole window: the last value is held.
            dose = last.value * (Double(length) / 1000)
        } else {
            var entry = DoubleDouble.zero
            if let before = state.before, !state.isByCount {
                entry = ExposureSums.entering(
                    before, state.first, from: max(state.start, before.milliseconds),
                    gap: state.gap)
            }
            dose = exposures[state.place].main.integral(
                entering: entry, last: last.value, held: state.end - last.milliseconds)
        }
        guard isMean else { return dose }
        return length > 0 ? dose / (Double(length) / 1000) : .nan
    }
}

extension WindowState {
    var delta: Double { last.map { $0.value - first.value } ?? .nan }

    /// Per second; unknown where both ends have the same time.
    var rate: Double {
        guard let last, last.milliseconds > first.milliseconds else { return .nan }
        return delta / (Double(last.milliseconds - first.milliseconds) / 1000)
    }
}
