/// One measured value of a metric with its labels, for `PrometheusText`.
package struct MetricSample: Sendable, Equatable {
    package var labels: [MetricLabel]
    package var value: Double

    package init(_ value: Double, labels: [MetricLabel] = []) {
        self.value = value
        self.labels = labels
    }

    /// Counts above 2⁵³ lose their last digits, as in Prometheus itself.
    package init(_ count: some BinaryInteger, labels: [MetricLabel] = []) {
        self.init(Double(count), labels: labels)
    }
}

/// A label's name and value; the value may hold any text.
package struct MetricLabel: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Writes the Prometheus text exposition format 0.0.4, one family after the other.
///
/// A wrong name is our own bug and stops the program; a value or a label may be anything.
package struct PrometheusText: Sendable {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text so far, UTF-8.
    package private(set) var bytes: [UInt8] = []

    package init() { bytes.reserveCapacity(16 * 1024) }

    /// A family that only grows; its name ends in `_total` (OpenMetrics).
    package mutating func counter(_ name: String, _ help: String, _ samples: [MetricSample]) {
        precondition(name.hasSuffix("_total"), "the counter \(name) must end in _total")
        family(name, help, "counter", samples)
    }

    package mutating func counter(_ name: String, _ help: String, _ count: some BinaryInteger) {
        counter(name, help, [MetricSample(count)])
    }

    /// A family whose values go up and down.
    package mutating func gauge(_ name: String, _ help: String, _ samples: [MetricSample]) {
        precondition(!name.hasSuffix("_total"), "the gauge \(name) must not end in _total")
        family(name, help, "gauge", samples)
    }

    package mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        gauge(name, help, [MetricSample(value)])
    }

    /// A histogram: `counts[i]` observations fell at or below `bounds[i]` and above the bound
    /// before (not yet summed up); the last of `counts`, one more than the bounds, is the rest.
    package mutating func histogram(
        _ name: String, _ help: String, bounds: [Double], counts: [UInt64], sum: Double,
        labels: [MetricLabel] = []
    ) {
        precondition(counts.count == bounds.count + 1, "\(name): one count more than bounds")
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "\(name): bounds must rise")
        head(name, help, "histogram")
        var total: UInt64 = 0
        for (position, count) in counts.enumerated() {
            total += count
            let bound = position < bounds.count ? bounds[position] : .infinity
            let edge = MetricLabel("le", Self.text(bound))
            line(name + "_bucket", MetricSample(total, labels: labels + [edge]))
        }
        line(name + "_sum", MetricSample(sum, labels: labels))
        line(name + "_count", MetricSample(total, labels: labels))
    }

    private mutating func family(
        _ name: String, _ help: String, _ type: String, _ samples: [MetricSample]
    ) {
        head(name, help, type)
        for sample in samples { line(name, sample) }
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        precondition(Self.isName(name), "\(name) is no metric name")
        write("# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(type)\n")
    }

    private mutating func line(_ name: String, _ sample: MetricSample) {
        write(name)
        for (position, label) in sample.labels.enumerated() {
            precondition(Self.isName(label.name), "\(label.name) is no label name")
            write(position == 0 ? "{" : ",")
            write("\(label.name)=\"\(Self.escaped(label.value, quotes: true))\"")
        }
        write(sample.labels.isEmpty ? " " : "} ")
        write(Self.text(sample.value) + "\n")
    }

    private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`; the colon is left to recording rules.
    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first < 0x30 || first > 0x39 else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
            default: false
            }
        }
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Whole numbers without a fraction, others in the shortest form that reads back the same.
    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let whole = Int64(exactly: value), abs(value) < 9.0e15 { return String(whole) }
        return "\(value)"
    }
}
