import TocsinEngine
import TocsinModel

/// A stretch of a signal, decimated: for each of `bucketsMax` equal pieces of time the least and the
/// greatest value. So nothing that stood out is lost, and memory does not depend on the feed.
struct SignalTrace: Sendable, Equatable {
    /// Two points each: at most 1000.
    static let bucketsMax = 500

    struct Point: Sendable, Equatable {
        var time: Timestamp
        var value: Double
    }

    private struct Bucket: Sendable, Equatable {
        var least: Point
        var greatest: Point
    }

    let from: Timestamp
    let to: Timestamp
    private var buckets: [Bucket?]

    init(from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = max(to, from + Span(milliseconds: 1))
        buckets = [Bucket?](repeating: nil, count: SignalTrace.bucketsMax)
    }

    /// The width of a bucket.
    var step: Span {
        Span(
            milliseconds: max(
                1, (to - from).milliseconds / Int64(SignalTrace.bucketsMax)))
    }

    mutating func add(_ time: Timestamp, _ value: Double) {
        guard time >= from, time <= to, value.isFinite else { return }
        let share = Double((time - from).milliseconds) / Double((to - from).milliseconds)
        let position = min(
            SignalTrace.bucketsMax - 1, Int(share * Double(SignalTrace.bucketsMax)))
        let point = Point(time: time, value: value)
        guard var bucket = buckets[position] else {
            buckets[position] = Bucket(least: point, greatest: point)
            return
        }
        if value < bucket.least.value { bucket.least = point }
        if value > bucket.greatest.value { bucket.greatest = point }
        buckets[position] = bucket
    }

    /// The points in order of time.
    var points: [Point] {
        buckets.compactMap { $0 }.flatMap { bucket -> [Point] in
            if bucket.least == bucket.greatest { return [bucket.least] }
            return bucket.least.time <= bucket.greatest.time
                ? [bucket.least, bucket.greatest] : [bucket.greatest, bucket.least]
        }
    }
}

/// Takes the samples of some streams in some stretches of time, on the second pass over a feed.
final class SignalTap: SampleTap {
    /// A stretch that is wanted of one stream, as a rule reads it.
    struct Window {
        var stream: String
        var isTest: Bool
        var binding: Binding
        var trace: SignalTrace
    }

    private(set) var windows: [Window]
    /// Windows by stream, looked up at a stream's declaration.
    private let byName: [String: [Int]]
    /// Windows by stream number.
    private var byIndex: ContiguousArray<[Int]> = []
    let from: Timestamp
    let to: Timestamp

    init(_ windows: [Window]) {
        self.windows = windows
        var names: [String: [Int]] = [:]
        for (position, window) in windows.enumerated() {
            names[window.stream, default: []].append(position)
        }
        byName = names
        from = windows.map(\.trace.from).min() ?? .distantFuture
        to = windows.map(\.trace.to).max() ?? .distantPast
    }

    /// Whether any of a stream is wanted; `name` as in feeds and events.
    func wants(_ name: String) -> Bool { byName[name] != nil }

    func declare(_ stream: StreamDeclaration) {
        let number = Int(stream.index.rawValue)
        while byIndex.count <= number { byIndex.append([]) }
        byIndex[number] = (byName[stream.name] ?? []).filter { position in
            windows[position].isTest == (stream.mode == .test)
        }
    }

    func append(_ sample: Sample, stream: StreamIndex) {
        guard sample.quality == .good, !sample.flags.contains(.badTime) else { return }
        for position in byIndex[Int(stream.rawValue)] {
            let binding = windows[position].binding
            let value: Double
            if binding.pack.states.isEmpty {
                if let loop = binding.loop, !loop.measures(sample.value) { continue }
                value = binding.conversion(sample.value)
            } else {
                let isWord = sample.flags.contains(.word)
                guard let state = binding.state(of: sample.value, isWord: isWord) else { continue }
                value = Double(state)
            }
            windows[position].trace.add(sample.time, value)
        }
    }
}
