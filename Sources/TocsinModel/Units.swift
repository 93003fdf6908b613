// Units of the three domains. A unit belongs to one dimension and is a straight line from the
// dimension's base unit: base = factor × value + offset. Two bridges cross dimensions, and only
// where the gas is known: mass ↔ volume concentration (molar mass) and %LEL ↔ %vol (the gas's lower
// explosive limit). Spellings met in the field are aliases, not errors (domain reference §5).

/// A physical quantity; values of different dimensions are never compared.
package enum Dimension: UInt8, Sendable, CaseIterable {
    case dimensionless, percent, temperature, pressure, current, voltage, power, frequency, length
    case area, volume, mass, time, speed, acceleration, volumeFlow, volumeConcentration
    case massConcentration, explosiveFraction, explosivePathLength, explosiveConcentrationFraction
    case angle, heatFlux, countRate, halfCycleRate, temperatureRate, illuminance, soundLevel,
        acidity
    case energy, resistance

    package var name: String {
        switch self {
        case .dimensionless: "number"
        case .percent: "percentage"
        case .temperature: "temperature"
        case .pressure: "pressure"
        case .current: "electric current"
        case .voltage: "voltage"
        case .power: "power"
        case .frequency: "frequency"
        case .length: "length"
        case .area: "area"
        case .volume: "volume"
        case .mass: "mass"
        case .time: "time"
        case .speed: "speed"
        case .acceleration: "acceleration"
        case .volumeFlow: "volume flow"
        case .volumeConcentration: "volume concentration"
        case .massConcentration: "mass concentration"
        case .explosiveFraction: "fraction of the lower explosive limit"
        case .explosivePathLength: "LEL × path length"
        case .explosiveConcentrationFraction: "fraction of the minimum explosible concentration"
        case .angle: "angle"
        case .heatFlux: "heat flux"
        case .countRate: "count rate"
        case .halfCycleRate: "half-cycle rate"
        case .temperatureRate: "rate of temperature change"
        case .illuminance: "illuminance"
        case .soundLevel: "sound level"
        case .acidity: "acidity"
        case .energy: "energy"
        case .resistance: "resistance"
        }
    }
}

/// One unit: its written form, its dimension, and base = factor × value + offset.
package struct MeasurementUnit: Sendable {
    package var symbol: String
    package var dimension: Dimension
    package var factor: Double
    package var offset: Double
    package var aliases: [String]

    init(
        _ symbol: String, _ dimension: Dimension, _ factor: Double, offset: Double = 0,
        aliases: [String] = []
    ) {
        self.symbol = symbol
        self.dimension = dimension
        self.factor = factor
        self.offset = offset
        self.aliases = aliases
    }
}

/// A straight line from one unit to another: y = scale × x + offset.
package struct Conversion: Sendable, Equatable {
    package var scale: Double
    package var offset: Double

    package static let identity = Conversion(scale: 1, offset: 0)

    package init(scale: Double, offset: Double) {
        self.scale = scale
        self.offset = offset
    }

    package func callAsFunction(_ value: Double) -> Double { value * scale + offset }
}

/// What must be known of a gas to convert its concentrations; molar mass in g/mol, lower explosive
/// limit in %vol. Nil where not known or not combustible.
package struct Gas: Sendable, Equatable {
    package var name: String
    package var molarMass: Double
    package var lowerExplosiveLimit: Double?

    package init(name: String, molarMass: Double, lowerExplosiveLimit: Double? = nil) {
        self.name = name
        self.molarMass = molarMass
        self.lowerExplosiveLimit = lowerExplosiveLimit
    }

    /// Gases by the names packs use. Molar masses: IUPAC standard atomic weights; lower explosive
    /// limits: IEC 60079-20-1 (methane there is 4.4 %vol) and GB/T 50493 practice, confidence M:
    /// a pack may state its own with `molar_mass` and `lel`.
    package static let known: [Gas] = [
        Gas(name: "CH4", molarMass: 16.043, lowerExplosiveLimit: 5.0),
        Gas(name: "C2H6", molarMass: 30.07, lowerExplosiveLimit: 3.0),
        Gas(name: "C3H8", molarMass: 44.097, lowerExplosiveLimit: 2.1),
        Gas(name: "C4H10", molarMass: 58.123, lowerExplosiveLimit: 1.8),
        Gas(name: "C2H4", molarMass: 28.054, lowerExplosiveLimit: 2.7),
        Gas(name: "C6H6", molarMass: 78.114, lowerExplosiveLimit: 1.2),
        Gas(name: "C7H8", molarMass: 92.141, lowerExplosiveLimit: 1.1),
        Gas(name: "CH3OH", molarMass: 32.042, lowerExplosiveLimit: 6.0),
        Gas(name: "C2H5OH", molarMass: 46.069, lowerExplosiveLimit: 3.3),
        Gas(name: "H2", molarMass: 2.016, lowerExplosiveLimit: 4.0),
        Gas(name: "NH3", molarMass: 17.031, lowerExplosiveLimit: 15.0),
        Gas(name: "CO", molarMass: 28.010, lowerExplosiveLimit: 12.5),
        Gas(name: "H2S", molarMass: 34.081, lowerExplosiveLimit: 4.0),
        Gas(name: "HCN", molarMass: 27.026, lowerExplosiveLimit: 5.6),
        Gas(name: "CL2", molarMass: 70.906),
        Gas(name: "HCL", molarMass: 36.461),
        Gas(name: "SO2", molarMass: 64.064),
        Gas(name: "NO2", molarMass: 46.006),
        Gas(name: "NO", molarMass: 30.006),
        Gas(name: "O2", molarMass: 31.998),
        Gas(name: "CO2", molarMass: 44.009),
        Gas(name: "O3", molarMass: 47.997),
        Gas(name: "COCL2", molarMass: 98.916),
        Gas(name: "HF", molarMass: 20.006),
        Gas(name: "PH3", molarMass: 33.998, lowerExplosiveLimit: 1.6),
    ]

    /// A gas by formula, letters' case and Unicode subscripts ignored (`H₂S` = `h2s`).
    package static func named(_ text: some StringProtocol) -> Gas? {
        let plain = String(
            text.unicodeScalars.map { scalar in
                (0x2080...0x2089).contains(scalar.value)
                    ? Character(Unicode.Scalar(UInt8(scalar.value - 0x2080 + 48)))
                    : Character(scalar)
            }
        ).uppercased()
        return known.first { $0.name == plain }
    }
}

/// The state of the gas in which a volume concentration is meant: 25 °C and 101.325 kPa unless a
/// pack says otherwise (contract §5).
package struct GasCondition: Sendable, Equatable {
    package var kelvin: Double
    package var kilopascals: Double

    package static let standard = GasCondition(kelvin: 298.15, kilopascals: 101.325)

    package init(kelvin: Double, kilopascals: Double) {
        self.kelvin = kelvin
        self.kilopascals = kilopascals
    }

    /// Litres that one mole takes; 24.465 at the standard condition. R = 8.314 462 618 J/(mol·K).
    package var molarVolume: Double { 8.314_462_618 * kelvin / kilopascals }
}

/// Why two units do not convert.
package enum ConversionError: Error, Equatable, Sendable {
    /// The dimensions differ and no bridge joins them.
    case dimensions(from: Dimension, to: Dimension)
    /// A bridge would join them, but the gas is not stated.
    case gasUnknown
    /// The gas has no lower explosive limit here.
    case explosiveLimitUnknown(gas: String)

    /// One line for people.
    package var text: String {
        switch self {
        case .dimensions(let from, let to): "\(from.name) is no \(to.name)"
        case .gasUnknown: "the gas is not stated, so concentrations cannot be converted"
        case .explosiveLimitUnknown(let gas): "the lower explosive limit of \(gas) is not known"
        }
    }
}

/// The units Tocsin knows; `standard` is the one table.
package struct UnitTable: Sendable {
    package let units: [MeasurementUnit]
    private let byName: [String: UnitIndex]

    package init(_ units: [MeasurementUnit]) {
        precondition(units.count < 255, "UnitIndex holds 254 units")
        self.units = units
        var names: [String: UnitIndex] = [:]
        for (position, unit) in units.enumerated() {
            for name in [unit.symbol] + unit.aliases {
                let key = UnitTable.normalised(name)
                precondition(names[key] == nil, "unit \(name) is in the table twice")
                names[key] = UnitIndex(UInt8(position))
            }
        }
        byName = names
    }

    package subscript(_ index: UnitIndex) -> MeasurementUnit { units[Int(index.rawValue)] }

    /// The unit of this spelling; nil when unknown. Full-width signs, `℃`, `µ`/`μ` are read as the
    /// plain ones; letters' case matters (`mPa` is no `MPa`), except in aliases listed here.
    package func find(_ name: some StringProtocol) -> UnitIndex? {
        byName[UnitTable.normalised(name)]
    }

    /// Folds spellings that mean the same character.
    package static func normalised(_ name: some StringProtocol) -> String {
        var folded = ""
        for scalar in name.unicodeScalars {
            switch scalar.value {
            case 0x20, 0x3000: continue
            case 0x2103: folded += "°C"
            case 0x2109: folded += "°F"
            case 0xB5, 0x3BC: folded += "µ"
            case 0xB3: folded += "3"
            case 0xB2: folded += "2"
            case 0xB7, 0x22C5, 0xD7, 0x2A: folded += "·"
            case 0xFF01...0xFF5E:
                guard let plain = Unicode.Scalar(scalar.value - 0xFEE0) else { continue }
                folded.unicodeScalars.append(plain)
            default: folded.unicodeScalars.append(scalar)
            }
        }
        return folded
    }

    /// The line from `from` to `to`; `gas` and `condition` are used only where a bridge is crossed.
    package func conversion(
        from: UnitIndex, to: UnitIndex, gas: Gas? = nil, condition: GasCondition = .standard
    ) -> Result<Conversion, ConversionError> {
        if from == to { return .success(.identity) }
        let a = self[from]
        let b = self[to]
        let bridge: Double
        switch (a.dimension, b.dimension) {
        case (let x, let y) where x == y:
            bridge = 1
        case (.volumeConcentration, .massConcentration):
            // base ppm → base mg/m³: ppm × M / molar volume
            guard let gas else { return .failure(.gasUnknown) }
            bridge = gas.molarMass / condition.molarVolume
        case (.massConcentration, .volumeConcentration):
            guard let gas else { return .failure(.gasUnknown) }
            bridge = condition.molarVolume / gas.molarMass
        case (.explosiveFraction, .volumeConcentration):
            // base %LEL → base ppm: %LEL / 100 × LEL (%vol) × 10 000
            guard let gas else { return .failure(.gasUnknown) }
            guard let lel = gas.lowerExplosiveLimit else {
                return .failure(.explosiveLimitUnknown(gas: gas.name))
            }
            bridge = lel * 100
        case (.volumeConcentration, .explosiveFraction):
            guard let gas else { return .failure(.gasUnknown) }
            guard let lel = gas.lowerExplosiveLimit else {
                return .failure(.explosiveLimitUnknown(gas: gas.name))
            }
            bridge = 1 / (lel * 100)
        case (.percent, .volumeConcentration):
            // An oxygen or gas probe that reports plain "%" means % by volume: base ppm.
            bridge = 10_000
        case (.volumeConcentration, .percent):
            bridge = 1 / 10_000
        default:
            return .failure(.dimensions(from: a.dimension, to: b.dimension))
        }
        // base(b) = bridge × base(a); value(b) = (base(b) − b.offset) / b.factor
        return .success(
            Conversion(
                scale: bridge * a.factor / b.factor,
                offset: (bridge * a.offset - b.offset) / b.factor))
    }

    package static let standard = UnitTable([
        MeasurementUnit("1", .dimensionless, 1, aliases: ["count", "pcs", "个", "次"]),
        MeasurementUnit("%", .percent, 1, aliases: ["pct", "percent", "%rh", "%RH", "%open"]),
        MeasurementUnit(
            "°C", .temperature, 1, offset: 273.15, aliases: ["degC", "deg_C", "Cel", "C"]),
        MeasurementUnit("K", .temperature, 1),
        MeasurementUnit(
            "°F", .temperature, 5.0 / 9.0, offset: 273.15 - 32 * 5.0 / 9.0, aliases: ["degF", "F"]),
        MeasurementUnit("Pa", .pressure, 1, aliases: ["pa"]),
        MeasurementUnit("hPa", .pressure, 100, aliases: ["mbar"]),
        MeasurementUnit("kPa", .pressure, 1000, aliases: ["kpa"]),
        MeasurementUnit("MPa", .pressure, 1_000_000, aliases: ["Mpa"]),
        MeasurementUnit("bar", .pressure, 100_000),
        MeasurementUnit("psi", .pressure, 6894.757293168),
        MeasurementUnit("mmH2O", .pressure, 9.80665),
        MeasurementUnit("A", .current, 1),
        MeasurementUnit("mA", .current, 0.001, aliases: ["ma"]),
        MeasurementUnit("µA", .current, 0.000_001, aliases: ["uA"]),
        MeasurementUnit("V", .voltage, 1),
        MeasurementUnit("mV", .voltage, 0.001),
        MeasurementUnit("kV", .voltage, 1000),
        MeasurementUnit("W", .power, 1),
        MeasurementUnit("kW", .power, 1000),
        MeasurementUnit("Hz", .frequency, 1),
        MeasurementUnit("m", .length, 1),
        MeasurementUnit("mm", .length, 0.001),
        MeasurementUnit("cm", .length, 0.01),
        MeasurementUnit("km", .length, 1000),
        MeasurementUnit("m2", .area, 1),
        MeasurementUnit("m3", .volume, 1),
        MeasurementUnit("L", .volume, 0.001, aliases: ["l"]),
        MeasurementUnit("kg", .mass, 1),
        MeasurementUnit("t", .mass, 1000),
        MeasurementUnit("g", .mass, 0.001),
        MeasurementUnit("s", .time, 1),
        MeasurementUnit("ms", .time, 0.001),
        MeasurementUnit("min", .time, 60),
        MeasurementUnit("h", .time, 3600),
        MeasurementUnit("d", .time, 86_400),
        MeasurementUnit("m/s", .speed, 1),
        MeasurementUnit("mm/s", .speed, 0.001),
        MeasurementUnit("km/h", .speed, 1 / 3.6),
        MeasurementUnit("m/s2", .acceleration, 1),
        MeasurementUnit("g_n", .acceleration, 9.80665),
        MeasurementUnit("m3/h", .volumeFlow, 1.0 / 3600, aliases: ["Nm3/h"]),
        MeasurementUnit("m3/min", .volumeFlow, 1.0 / 60),
        MeasurementUnit("m3/s", .volumeFlow, 1),
        MeasurementUnit("L/s", .volumeFlow, 0.001, aliases: ["l/s"]),
        MeasurementUnit("L/min", .volumeFlow, 0.001 / 60, aliases: ["l/min"]),
        MeasurementUnit("L/h", .volumeFlow, 0.001 / 3600, aliases: ["l/h"]),
        MeasurementUnit("ppm", .volumeConcentration, 1, aliases: ["umol/mol", "µmol/mol"]),
        MeasurementUnit("ppb", .volumeConcentration, 0.001),
        MeasurementUnit(
            "%vol", .volumeConcentration, 10_000, aliases: ["%VOL", "vol%", "mol%", "%v/v"]),
        MeasurementUnit("mg/m3", .massConcentration, 1),
        MeasurementUnit("µg/m3", .massConcentration, 0.001, aliases: ["ug/m3"]),
        MeasurementUnit("g/m3", .massConcentration, 1000),
        MeasurementUnit("%LEL", .explosiveFraction, 1, aliases: ["%lel", "LEL%", "%UEG"]),
        MeasurementUnit("LEL·m", .explosivePathLength, 1, aliases: ["LELm", "LEL.m"]),
        MeasurementUnit("%MEC", .explosiveConcentrationFraction, 1),
        MeasurementUnit("°", .angle, 1, aliases: ["deg"]),
        MeasurementUnit("kW/m2", .heatFlux, 1),
        MeasurementUnit("/min", .countRate, 1, aliases: ["1/min", "per_min"]),
        MeasurementUnit("/s", .countRate, 60, aliases: ["1/s"]),
        MeasurementUnit("/h", .countRate, 1.0 / 60, aliases: ["1/h"]),
        MeasurementUnit("half-cycles/s", .halfCycleRate, 1, aliases: ["hc/s"]),
        MeasurementUnit("°C/min", .temperatureRate, 1, aliases: ["K/min", "degC/min"]),
        MeasurementUnit("°C/s", .temperatureRate, 60, aliases: ["K/s", "degC/s"]),
        MeasurementUnit("°C/h", .temperatureRate, 1.0 / 60, aliases: ["K/h", "degC/h"]),
        MeasurementUnit("lx", .illuminance, 1),
        MeasurementUnit("dB", .soundLevel, 1),
        MeasurementUnit("pH", .acidity, 1),
        MeasurementUnit("kWh", .energy, 1),
        MeasurementUnit("MJ", .energy, 1 / 3.6),
        MeasurementUnit("Ω", .resistance, 1, aliases: ["ohm"]),
        MeasurementUnit("kΩ", .resistance, 1000, aliases: ["kohm"]),
    ])
}
