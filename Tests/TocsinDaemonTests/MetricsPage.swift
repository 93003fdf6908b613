import Testing

/// One scrape of `/metrics`.
struct MetricsPage {
    /// By name and labels as they are written: `name{label="word"}`.
    private let values: [String: Double]

    init(_ text: String) {
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let blank = line.lastIndex(of: " ") else { continue }
            values[String(line[..<blank])] = Double(line[line.index(after: blank)...])
        }
        self.values = values
    }

    /// NaN, which is equal to nothing, where the page has no such line.
    subscript(_ name: String) -> Double { values[name] ?? .nan }

    /// The sum over all labels.
    func sum(_ name: String) -> Double {
        values.filter { $0.key == name || $0.key.hasPrefix(name + "{") }.values.reduce(0, +)
    }

    func rejected(_ reason: String) -> Double {
        self["tocsin_frames_rejected_total{reason=\"\(reason)\"}"]
    }

    /// The two identities of the contract, §9.
    func expectIdentities(sourceLocation: SourceLocation = #_sourceLocation) {
        let frames = sum("tocsin_frames_decoded_total") + sum("tocsin_frames_rejected_total")
        #expect(self["tocsin_frames_received_total"] == frames, sourceLocation: sourceLocation)
        let samples =
            self["tocsin_samples_evaluated_total"] + sum("tocsin_samples_dropped_total")
            + self["tocsin_samples_in_flight"]
        #expect(self["tocsin_samples_total"] == samples, sourceLocation: sourceLocation)
    }
}
