import TocsinModel

/// Units as expressions write them: one of the table, or one of them per time or times a time.
enum UnitText {
    /// What may stand behind `/` and `·`; `m` would be metres.
    static let times = ["s", "min", "h", "d"]
    /// `·` and, where a keyboard has none, a full stop.
    private static let separators: Set<Character> = ["/", "·", "."]

    /// Nil when it is no unit. The table comes first: `m/s` and `°C/min` are units of it.
    static func read(_ text: String) -> ExpressionUnit? {
        if let index = UnitTable.standard.find(text) { return .known(index) }
        guard let (left, sign, right) = split(text),
            let unit = UnitTable.standard.find(left), times.contains(right),
            let time = UnitTable.standard.find(right)
        else { return nil }
        return sign == "/" ? .rate(unit, per: time) : .dose(unit, times: time)
    }

    /// The canonical spelling; nil for no unit.
    static func text(of unit: ExpressionUnit) -> String? {
        switch unit {
        case .none: nil
        case .known(let index): UnitTable.standard[index].symbol
        case .rate(let index, let time):
            "\(UnitTable.standard[index].symbol)/\(UnitTable.standard[time].symbol)"
        case .dose(let index, let time):
            "\(UnitTable.standard[index].symbol)·\(UnitTable.standard[time].symbol)"
        case .percentOfSpan: "% of span"
        case .unknown(let text): text
        }
    }

    /// Words for the times that people write instead.
    private static let words: [(word: String, time: String)] = [
        ("sec", "s"), ("second", "s"), ("seconds", "s"), ("m", "min"), ("mins", "min"),
        ("minute", "min"), ("minutes", "min"), ("hr", "h"), ("hour", "h"), ("hours", "h"),
        ("day", "d"), ("days", "d"),
    ]

    /// `min` for `minutes`; nil for what is no word for a time.
    static func time(of word: String) -> String? { words.first { $0.word == word }?.time }

    /// The nearest valid spelling.
    static func nearest(_ text: String) -> String? {
        let folded = UnitTable.normalised(text)
        if let (left, sign, right) = split(folded),
            let time = times.first(where: { $0 == right }) ?? time(of: right),
            let unit = UnitTable.standard.find(left).map({ UnitTable.standard[$0].symbol })
                ?? nearestName(left, among: StandardUnit.spellings)
        {
            return "\(unit)\(sign == "/" ? "/" : "·")\(time)"
        }
        return nearestName(folded, among: StandardUnit.spellings)
    }

    private static func split(_ text: String) -> (left: String, sign: Character, right: String)? {
        let folded = UnitTable.normalised(text)
        guard let place = folded.lastIndex(where: { separators.contains($0) }),
            place > folded.startIndex
        else { return nil }
        let right = folded[folded.index(after: place)...]
        return (String(folded[..<place]), folded[place], String(right))
    }
}

extension Dimension {
    /// This quantity times a time, where the table has units for it: what one base unit of this
    /// during one second is in base units of that. A speed during a second is metres; a power,
    /// watt seconds, which the table counts in kWh.
    var timesTime: (dimension: Dimension, factor: Double)? {
        switch self {
        case .temperatureRate: (.temperature, 1.0 / 60)
        case .speed: (.length, 1)
        case .acceleration: (.speed, 1)
        case .volumeFlow: (.volume, 1)
        case .countRate: (.dimensionless, 1.0 / 60)
        case .power: (.energy, 1.0 / 3_600_000)
        case .dimensionless, .percent, .temperature, .pressure, .current, .voltage, .frequency,
            .length, .area, .volume, .mass, .time, .volumeConcentration, .massConcentration,
            .explosiveFraction, .explosivePathLength, .explosiveConcentrationFraction, .angle,
            .heatFlux, .halfCycleRate, .illuminance, .soundLevel, .acidity, .energy, .resistance:
            nil
        }
    }
}
