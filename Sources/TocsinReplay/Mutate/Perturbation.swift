package import TocsinModel

/// What goes wrong between a sensor and the gateway; each is done to one stream of a scenario.
package enum Perturbation: String, Sendable, CaseIterable {
    /// Nothing comes for half a minute, or ten samples where that is longer.
    case dropOut = "drop-out"
    /// One wild reading; in an excursion one reading as if nothing were the matter.
    case spike
    /// The reading stays where it is for a minute, or twenty samples.
    case stuck
    /// The zero moves by a tenth of the measuring range over five minutes, and stays there.
    case drift
    /// The sensor's clock goes back by an hour.
    case clockBack = "clock-back"
    /// The sensor's clock goes ahead by an hour.
    case clockAhead = "clock-ahead"
    /// The numbers are in another unit than the label says.
    case unitSwap = "unit-swap"
    /// Every second reading overtakes the one before it.
    case reorder
    /// Every reading comes twice.
    case duplicate

    /// For people.
    package var about: String {
        switch self {
        case .dropOut: "nothing comes for half a minute, or ten samples"
        case .spike: "one reading is wild, or normal in the middle of an excursion"
        case .stuck: "the reading stays where it is for a minute, or twenty samples"
        case .drift: "the zero moves by a tenth of the range over five minutes"
        case .clockBack: "the sensor's clock goes back by an hour"
        case .clockAhead: "the sensor's clock goes ahead by an hour"
        case .unitSwap: "the numbers are in another unit than the label says"
        case .reorder: "every second reading overtakes the one before it"
        case .duplicate: "every reading comes twice"
        }
    }
}

/// One stream of a played scenario, as a perturbation sees it.
package struct PerturbedStream: Sendable {
    package var name: String
    /// Where the perturbation begins.
    package var begin: Timestamp
    /// Milliseconds between two of its samples.
    package var period: Int64
    /// What it showed first: the reading of a quiet sensor.
    package var quiet: PlayedValue
    /// A reading beyond every limit that its packs have; nil where it says states.
    package var wild: Double?
    /// A tenth of the measuring range, with the sign that hides an excursion where there is one.
    package var drift: Double
    /// In an excursion, not in quiet.
    package var isInExcursion: Bool
    /// As the messages write it.
    package var unit: String?
    /// Another state than the quiet one; nil for numbers.
    package var otherWord: String?
}

extension Perturbation {
    /// The scenario's items with this done to one stream; items stay in order of arrival.
    package func applied(to items: [PlayedItem], _ stream: PerturbedStream) -> [PlayedItem] {
        var result: [PlayedItem] = []
        result.reserveCapacity(items.count)
        var seen = 0
        var held: PlayedItem?
        var last: PlayedValue?
        for item in items {
            guard case .sample(var sample) = item.content, sample.stream == stream.name else {
                result.append(item)
                continue
            }
            guard item.arrival >= stream.begin else {
                last = sample.value
                result.append(item)
                continue
            }
            let age = item.arrival - stream.begin
            seen += 1
            switch self {
            case .dropOut:
                if age.milliseconds < max(30_000, 10 * stream.period) { continue }
            case .spike:
                if seen == 1 { sample.value = Perturbation.spiked(sample.value, stream) }
            case .stuck:
                if age.milliseconds < max(60_000, 20 * stream.period), let last {
                    sample.value = last
                }
            case .drift:
                let share = min(1, Double(age.milliseconds) / 300_000)
                sample.value = Perturbation.shifted(sample.value, by: stream.drift * share)
            case .clockBack:
                sample.time = sample.time.map { $0 - .seconds(3600) }
            case .clockAhead:
                sample.time = sample.time.map { $0 + .seconds(3600) }
            case .unitSwap:
                sample.value = Perturbation.swapped(sample.value, unit: stream.unit)
            case .duplicate:
                result.append(item)
            case .reorder:
                if let earlier = held {
                    result.append(PlayedItem(arrival: item.arrival, content: .sample(sample)))
                    result.append(PlayedItem(arrival: item.arrival, content: earlier.content))
                    held = nil
                } else {
                    held = item
                }
                continue
            }
            result.append(PlayedItem(arrival: item.arrival, content: .sample(sample)))
        }
        if let held { result.append(held) }
        return Perturbation.sorted(result)
    }

    private static func spiked(_ value: PlayedValue, _ stream: PerturbedStream) -> PlayedValue {
        if stream.isInExcursion { return stream.quiet }
        switch value {
        case .number: return stream.wild.map { .number($0) } ?? value
        case .word: return stream.otherWord.map { .word($0) } ?? value
        }
    }

    private static func shifted(_ value: PlayedValue, by shift: Double) -> PlayedValue {
        switch value {
        case .number(let number): .number(number + shift)
        case .word: value
        }
    }

    /// The same quantity in the unit that is most often confused with the label's.
    private static func swapped(_ value: PlayedValue, unit: String?) -> PlayedValue {
        guard case .number(let number) = value else { return value }
        switch unit {
        case "°C", "degC", "℃": return .number(number * 1.8 + 32)
        case "%", "%LEL", "%MEC": return .number(number / 100)
        case "%vol", "mol%": return .number(number * 10_000)
        case "ppm": return .number(number / 10_000)
        case "MPa", "kV", "kPa", "m": return .number(number * 1000)
        default: return .number(number / 1000)
        }
    }

    /// By arrival; equal ones keep their order. Only a sample held back for another can be out.
    private static func sorted(_ items: [PlayedItem]) -> [PlayedItem] {
        items.enumerated().sorted { a, b in
            (a.element.arrival, a.offset) < (b.element.arrival, b.offset)
        }.map(\.element)
    }
}
