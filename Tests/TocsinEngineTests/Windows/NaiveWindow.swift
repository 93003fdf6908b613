import TocsinEngine
import TocsinModel

/// The simplest thing that is right: nothing is kept but the list of what came, and each function is
/// computed from it anew, as docs/RULES.md describes it.
struct NaiveWindow {
    struct Entry {
        var time: Int64
        /// In the pack's unit.
        var value: Double
        var isGood: Bool
    }

    /// In order only.
    private(set) var history: [Entry] = []
    private(set) var good: [Entry] = []
    var definition: WindowDefinition
    /// The longest interval that is no gap; nil = none is.
    var gap: Int64?

    init(_ definition: WindowDefinition, gap: Int64?) {
        self.definition = definition
        self.gap = gap
    }

    mutating func append(_ entry: Entry) {
        history.append(entry)
        if entry.isGood { good.append(entry) }
    }

    private var end: Int64 { history[history.count - 1].time }

    private var span: Int64? {
        guard case .time(let span) = definition.extent else { return nil }
        return span.milliseconds
    }

    private func isGap(_ left: Entry, _ right: Entry) -> Bool {
        gap.map { right.time - left.time > $0 } ?? false
    }

    /// Where a window by time begins, and whether a sample at that time stands in it.
    private func edge(_ span: Int64) -> (start: Int64, isIncluded: Bool) {
        guard span > 3_600_000 else { return (end - span, false) }
        let bucket = Int64((Double(span) / 512).rounded(.up))
        let number = (Double(end - span) / Double(bucket)).rounded(.down)
        return (Int64(number) * bucket, true)
    }

    /// The window's samples, and the good one just before them.
    func samples() -> (before: Entry?, inside: [Entry]) {
        guard !history.isEmpty else { return (nil, []) }
        switch definition.extent {
        case .time(let length):
            let (start, isIncluded) = edge(length.milliseconds)
            var first = good.count
            while first > 0 {
                let time = good[first - 1].time
                guard time > start || isIncluded && time == start else { break }
                first -= 1
            }
            return (first > 0 ? good[first - 1] : nil, Array(good[first...]))
        case .count(let count):
            guard let last = good.last, gap.map({ end - last.time <= $0 }) ?? true else {
                return (nil, [])
            }
            var inside = [last]
            for entry in good.dropLast().reversed() {
                if isGap(entry, inside[0]) || inside.count == count { break }
                inside.insert(entry, at: 0)
            }
            return (nil, inside)
        }
    }

    private func isKnown(_ before: Entry?, _ inside: [Entry], needing needed: Int) -> Bool {
        guard inside.count >= needed, let last = inside.last else { return false }
        guard let span else {
            guard case .count(let count) = definition.extent else { return false }
            return inside.count == count
        }
        var covered: Int64 = 0
        let start = edge(span).start
        let all = (before.map { [$0] } ?? []) + inside
        for (left, right) in zip(all, all.dropFirst()) where !isGap(left, right) {
            covered += right.time - max(start, left.time)
        }
        if gap.map({ end - last.time <= $0 }) ?? true { covered += end - last.time }
        return Double(covered) >= 0.75 * Double(span)
    }

    /// The function's value; nil = unknown.
    func value(_ function: WindowFunction) -> Double? {
        let (before, inside) = samples()
        func known(_ needed: Int) -> Bool { isKnown(before, inside, needing: needed) }
        let values = inside.map(\.value)
        switch function {
        case .count: return Double(inside.count)
        case .sum: return values.reduce(0, +)
        case .mean: return known(1) ? mean(values) : nil
        case .stddev: return known(2) ? deviation(values) : nil
        case .least: return known(1) ? values.min() : nil
        case .greatest: return known(1) ? values.max() : nil
        case .quantile: return known(1) ? quantile(values) : nil
        case .delta: return known(2) ? values[values.count - 1] - values[0] : nil
        case .rate: return known(2) ? rate(inside) : nil
        case .changes: return Double(zip(values, values.dropFirst()).filter { $0 != $1 }.count)
        case .slope: return known(3) ? line(inside)?.slope : nil
        case .significance: return known(3) ? line(inside)?.significance : nil
        case .twa:
            return exposure(before, inside).flatMap { $0.length > 0 ? $0.dose / $0.length : nil }
        case .dose: return exposure(before, inside)?.dose
        case .ewma: return average()
        case .zscore, .cusum: return learned()
        }
    }

    /// Greatest less least.
    func width() -> Double? {
        let (before, inside) = samples()
        guard isKnown(before, inside, needing: 3) else { return nil }
        guard let least = inside.map(\.value).min(), let greatest = inside.map(\.value).max() else {
            return nil
        }
        return greatest - least
    }

    /// The line's value `ahead` milliseconds after the end.
    func forecast(ahead: Int64) -> Double? {
        let (before, inside) = samples()
        guard isKnown(before, inside, needing: 3), let line = line(inside) else { return nil }
        let reach = Double(end + ahead - inside[0].time) - line.meanTime
        return line.mean + line.slope * reach / 1000
    }

    // MARK: Formulas

    /// About the first value, so that equal values have exactly their own mean.
    private func mean(_ values: [Double]) -> Double {
        let first = values[0]
        return first + values.map { $0 - first }.reduce(0, +) / Double(values.count)
    }

    private func deviation(_ values: [Double]) -> Double {
        let mean = mean(values)
        let squares = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        return (squares / Double(values.count - 1)).squareRoot()
    }

    private func quantile(_ values: [Double]) -> Double? {
        guard case .ranks(let share) = definition.family else { return nil }
        let sorted = values.sorted()
        let h = Double(sorted.count - 1) * share
        let low = Int(h)
        guard low + 1 < sorted.count else { return sorted[low] }
        return sorted[low] + (h - Double(low)) * (sorted[low + 1] - sorted[low])
    }

    private func rate(_ inside: [Entry]) -> Double? {
        let (first, last) = (inside[0], inside[inside.count - 1])
        guard last.time > first.time else { return nil }
        return (last.value - first.value) / (Double(last.time - first.time) / 1000)
    }

    private struct Line {
        var mean: Double
        /// In milliseconds after the first sample.
        var meanTime: Double
        /// Per second.
        var slope: Double
        var significance: Double
    }

    private func line(_ inside: [Entry]) -> Line? {
        let count = Double(inside.count)
        let origin = inside[0].time
        let times = inside.map { Double($0.time - origin) }
        let meanTime = times.reduce(0, +) / count
        let mean = mean(inside.map(\.value))
        var (xx, xy) = (0.0, 0.0)
        for (time, entry) in zip(times, inside) {
            xx += (time - meanTime) * (time - meanTime)
            xy += (time - meanTime) * (entry.value - mean)
        }
        guard xx > 0 else { return nil }
        let slope = xy / xx
        var rest = 0.0
        for (time, entry) in zip(times, inside) {
            let error = entry.value - mean - slope * (time - meanTime)
            rest += error * error
        }
        let error = (rest / (count - 2) / xx).squareRoot()
        let raw = slope == 0 ? 0 : error == 0 ? slope * .infinity : slope / error
        return Line(
            mean: mean, meanTime: meanTime, slope: slope * 1000,
            significance: max(-1e9, min(1e9, raw)))
    }

    /// The integral in units × seconds, and the window's length in seconds.
    private func exposure(_ before: Entry?, _ inside: [Entry]) -> (dose: Double, length: Double)? {
        guard let last = inside.last ?? before else { return nil }
        let start = span.map { edge($0).start } ?? inside[0].time
        var area = 0.0
        let all = (before.map { [$0] } ?? []) + inside
        for (left, right) in zip(all, all.dropFirst()) {
            let from = max(start, left.time)
            let width = Double(right.time - from)
            if isGap(left, right) {
                area += max(left.value, right.value) * width
            } else if right.time > left.time {
                let share = Double(from - left.time) / Double(right.time - left.time)
                let edge = left.value + (right.value - left.value) * share
                area += (edge + right.value) / 2 * width
            }
        }
        area += last.value * Double(end - max(start, last.time))
        return (area / 1000, Double(end - start) / 1000)
    }

    // MARK: Recursive functions, from the beginning of all history

    private var restartGap: Int64 {
        guard let span else { return gap ?? .max }
        return gap.map { max(span, $0) } ?? .max
    }

    private var isInterrupted: Bool {
        guard let last = good.last else { return true }
        return gap.map { end - last.time > $0 } ?? false
    }

    private func average() -> Double? {
        guard case .average(let lambda) = definition.family, !isInterrupted else { return nil }
        var run: [Entry] = []
        for entry in good {
            if let last = run.last, entry.time - last.time > restartGap { run = [] }
            run.append(entry)
        }
        var average = run[0].value
        for entry in run.dropFirst() { average += lambda * (entry.value - average) }
        if let span {
            return Double(run[run.count - 1].time - run[0].time) >= 0.75 * Double(span)
                ? average : nil
        }
        guard case .count(let count) = definition.extent else { return nil }
        return run.count >= count ? average : nil
    }

    private func learned() -> Double? {
        if isInterrupted { return nil }
        var answer: Double?
        var learning: [Entry] = []
        var reference: (mean: Double, variance: Double, count: Double)?
        var excursion: [Entry] = []
        var (high, low) = (0.0, 0.0)
        func restart(with entry: Entry) {
            learning = [entry]
            reference = nil
            excursion = []
            (high, low) = (0, 0)
            answer = nil
        }
        for (position, entry) in good.enumerated() {
            if position == 0 || entry.time - good[position - 1].time > restartGap {
                restart(with: entry)
            } else if let known = reference {
                let distance = entry.value - known.mean
                let raw = distance == 0 ? 0 : distance / known.variance.squareRoot()
                let score = max(-1e9, min(1e9, raw))
                let isFrozen: Bool
                if case .cusum(let k, let h) = definition.family {
                    high = min(2 * h, max(0, high + score - k))
                    low = min(2 * h, max(0, low - score - k))
                    answer = high >= low ? high : -low
                    isFrozen = max(high, low) >= h
                } else {
                    answer = score
                    isFrozen = abs(score) > 3
                }
                if isFrozen {
                    excursion.append(entry)
                    let isLong = span.map { entry.time - excursion[0].time > $0 }
                    if isLong ?? (excursion.count > countOfExtent) { restart(with: entry) }
                } else {
                    excursion = []
                    reference?.mean += distance / known.count
                    reference?.variance += (distance * distance - known.variance) / known.count
                }
            } else {
                learning.append(entry)
                let isEnough = span.map { entry.time - learning[0].time >= $0 }
                if isEnough ?? (learning.count >= countOfExtent), learning.count >= 2 {
                    let values = learning.map(\.value)
                    let spread = deviation(values)
                    reference = (mean(values), spread * spread, Double(values.count))
                }
            }
        }
        return answer
    }

    private var countOfExtent: Int {
        guard case .count(let count) = definition.extent else { return .max }
        return count
    }
}
