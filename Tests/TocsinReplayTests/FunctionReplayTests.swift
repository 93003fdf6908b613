import Foundation
import Testing
import TocsinModel

@testable import TocsinReplay

/// From the text of a rule to its event: each function's first event comes at the sample at which a
/// plain loop over all history first finds its condition true.
@Suite("Functions, from text to events")
struct FunctionReplayTests {
    /// 2023-11-14, a Tuesday, 22:13:20 UTC.
    static let start: Int64 = 1_700_000_000_000
    static let seconds = 720

    /// 20 °C, from the given second on 6 °C a minute more, at most 75 °C, with a ripple.
    static func value(_ second: Int, from begin: Int) -> Double {
        let ramp = min(75, 20 + 0.1 * Double(max(0, second - begin)))
        return ramp + [0, 0.3, -0.2, 0.1, -0.25][second % 5]
    }

    static let streams: [(name: String, begin: Int)] = [
        ("a/t/1", 120), ("a/t/2", 10_000), ("a/t/3", 240),
    ]

    static let rules = [
        "mean(1m) >= 40 °C", "slope(1m) >= 5 °C/min", "rate(1m) > 300 K/h",
        "forecast(value, over=1m, ahead=2m) >= limit.H", "time_to(limit.H, over=1m) < 3m",
        "max(30s) - min(30s) > 2.5 K", "delta(1m) > 5 K", "dose(1m) > 30 °C·min",
        "quantile(0.9, 1m) >= 50 °C", "stddev(1m) > 1.5 K",
        "median(count=31) > 55 °C", "votes(value >= limit.H, of=\"{area}/t/+\") >= 2",
        "max_of(value, of=\"{area}/t/+\") - value > 15 K", "during(\"tue 22:15-22:16\")",
        "count(1m) >= 60", "abs(value - 50 °C) < 1 K",
    ]

    /// Seconds of the first `raised` of each rule, by stream.
    func raised() throws -> [String: Int] {
        let folder = try TestFolder()
        var text = """
            pack: t/t
            match: "{area}/t/{id}"
            unit: "°C"
            every: 1s
            limits: {H: 60}
            defaults: {class: early-warning, deadband: 0.5 K}
            alarms:

            """
        for (number, when) in Self.rules.enumerated() {
            text += "  - {name: r\(number), when: '\(when)'}\n"
        }
        var feed = "ts_ms,stream,value,unit\n"
        for second in 0..<Self.seconds {
            for (name, begin) in Self.streams {
                let time = Self.start + Int64(second) * 1000
                feed += "\(time),\(name),\(Self.value(second, from: begin)),°C\n"
            }
        }
        let request = ReplayRequest(
            rules: [try folder.write("r.yaml", text)], feeds: [try folder.write("f.csv", feed)])
        let output = TextOutput.memory()
        _ = try ReplayRun.run(request, events: output)
        var first: [String: Int] = [:]
        for line in output.text.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            guard let members = object as? [String: Any], let rule = members["rule"] as? String,
                let time = members["ts_ms"] as? Int64, let stream = members["stream"] as? String
            else { continue }
            let key = "\(rule) \(stream)"
            if first[key] == nil { first[key] = Int((time - Self.start) / 1000) }
        }
        return first
    }

    // MARK: The plain loop

    /// The newest `count` values up to a second.
    private func newest(_ count: Int, _ second: Int, _ begin: Int) -> [Double] {
        ((second - count + 1)...second).map { Self.value($0, from: begin) }
    }

    /// Intercept at the newest sample and slope per second of the last minute's line.
    private func line(_ second: Int, _ begin: Int) -> (end: Double, slope: Double) {
        let values = newest(60, second, begin)
        let mean = values.reduce(0, +) / 60
        let times = (0..<60).map { Double($0) - 29.5 }
        let slope =
            zip(times, values).map { $0 * ($1 - mean) }.reduce(0, +)
            / times.map { $0 * $0 }.reduce(0, +)
        return (mean + slope * 29.5, slope)
    }

    private func spread(_ values: [Double]) -> Double {
        (values.max() ?? 0) - (values.min() ?? 0)
    }

    private func deviation(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        return (squares / Double(values.count - 1)).squareRoot()
    }

    private func ranked(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        let place = Double(sorted.count - 1) * share
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }

    private func area(_ second: Int, _ begin: Int) -> Double {
        let values = newest(61, second, begin)
        return zip(values, values.dropFirst()).map { ($0 + $1) / 2 }.reduce(0, +)
    }

    /// The members' values as they stand at each of the three samples of a second: the samples of
    /// one second come one after the other, and the condition is evaluated at each.
    private func steps(_ second: Int) -> [[Double]] {
        (0..<Self.streams.count).map { heard in
            Self.streams.enumerated().map { position, stream in
                Self.value(position <= heard ? second : second - 1, from: stream.begin)
            }
        }
    }

    /// What a rule says of the stream that begins its ramp at `begin`, at a second after the first
    /// minute.
    private func isTrue(_ rule: String, _ second: Int, _ begin: Int) -> Bool? {
        let value = Self.value(second, from: begin)
        let minute = newest(60, second, begin)
        switch rule {
        case "mean(1m) >= 40 °C": return minute.reduce(0, +) / 60 >= 40
        case "slope(1m) >= 5 °C/min": return line(second, begin).slope * 60 >= 5
        case "rate(1m) > 300 K/h": return (minute[59] - minute[0]) / 59 * 3600 > 300
        case "forecast(value, over=1m, ahead=2m) >= limit.H":
            let (end, slope) = line(second, begin)
            return end + slope * 120 >= 60
        case "time_to(limit.H, over=1m) < 3m":
            let (end, slope) = line(second, begin)
            return slope > 0 && (60 - end) / slope < 180
        case "max(30s) - min(30s) > 2.5 K": return spread(newest(30, second, begin)) > 2.5
        case "delta(1m) > 5 K": return minute[59] - minute[0] > 5
        case "dose(1m) > 30 °C·min": return area(second, begin) > 1800
        case "quantile(0.9, 1m) >= 50 °C": return ranked(minute, 0.9) >= 50
        case "stddev(1m) > 1.5 K": return deviation(minute) > 1.5
        case "median(count=31) > 55 °C": return ranked(newest(31, second, begin), 0.5) > 55
        case "votes(value >= limit.H, of=\"{area}/t/+\") >= 2":
            return steps(second).contains { $0.filter { $0 >= 60 }.count >= 2 }
        case "max_of(value, of=\"{area}/t/+\") - value > 15 K":
            let own = Self.streams.firstIndex { $0.begin == begin } ?? 0
            return steps(second).contains { ($0.max() ?? 0) - $0[own] > 15 }
        case "during(\"tue 22:15-22:16\")": return (100..<160).contains(second)
        case "count(1m) >= 60": return true
        case "abs(value - 50 °C) < 1 K": return abs(value - 50) < 1
        default: return nil
        }
    }

    @Test("Each function raises where a plain loop over history finds its condition true")
    func functions() throws {
        let found = try raised()
        for (number, rule) in Self.rules.enumerated() {
            for (name, begin) in Self.streams {
                let seconds = (61..<Self.seconds).first { isTrue(rule, $0, begin) == true }
                let first = found["t/t/r\(number) \(name)"]
                #expect(first.map { max($0, 61) } == seconds, "\(rule) of \(name)")
            }
            #expect(isTrue(rule, 100, 120) != nil, "no loop for \(rule)")
        }
        // Some of each kind must have raised, or the feed shows nothing.
        #expect(found.count >= 20)
    }
}
