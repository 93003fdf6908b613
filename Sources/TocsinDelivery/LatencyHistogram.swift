/// Prometheus-style cumulative buckets of received → 2xx (`tocsin_delivery_seconds`).
package struct LatencyHistogram: Sendable, Equatable {
    /// Upper bounds in seconds; one more bucket, +Inf, is `count`. From a local receiver's
    /// milliseconds to the 10 s of GB 26875.1 and the 90 s of NFPA 72, then outages.
    package static let bounds: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90, 300, 3600,
    ]
    /// Observations at or below each bound.
    package private(set) var cumulative = [UInt64](repeating: 0, count: bounds.count)
    package private(set) var count: UInt64 = 0
    /// The sum of all observations, in seconds.
    package private(set) var sum = 0.0

    package init() {}

    mutating func observe(seconds: Double) {
        count += 1
        sum += seconds
        for (place, bound) in LatencyHistogram.bounds.enumerated() where seconds <= bound {
            cumulative[place] += 1
        }
    }
}
