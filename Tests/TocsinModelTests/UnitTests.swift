import Testing
import TocsinModel

@Suite("Units")
struct UnitTests {
    private func convert(
        _ value: Double, _ from: String, _ to: String, gas: String? = nil
    ) throws -> Double {
        let table = UnitTable.standard
        let line = table.conversion(
            from: try #require(table.find(from)), to: try #require(table.find(to)),
            gas: gas.flatMap { Gas.named($0) })
        return try line.get()(value)
    }

    @Test(
        "Conversions are those of the handbooks",
        arguments: [
            (7.0, "ppm", "mg/m3", "H2S", 9.751), (10, "mg/m3", "ppm", "H₂S", 7.18),
            (1, "ppm", "mg/m3", "CO", 1.145), (2.5, "%vol", "%LEL", "CH4", 50),
            (25, "%LEL", "%vol", "CH4", 1.25), (50, "%LEL", "ppm", "ch4", 25_000),
            (1, "%vol", "ppm", nil, 10_000), (20.9, "%", "%vol", nil, 20.9),
            (212, "°F", "°C", nil, 100), (-40, "°C", "°F", nil, -40), (0, "°C", "K", nil, 273.15),
            (1, "psi", "kPa", nil, 6.8948), (1, "bar", "MPa", nil, 0.1),
            (100, "mmH2O", "Pa", nil, 980.665), (4, "mA", "A", nil, 0.004),
            (36, "km/h", "m/s", nil, 10), (60, "m3/h", "L/s", nil, 16.667),
            (10, "°C/min", "°C/s", nil, 0.16667), (3, "/min", "/h", nil, 180),
        ] as [(Double, String, String, String?, Double)])
    func table(value: Double, from: String, to: String, gas: String?, expected: Double) throws {
        let found = try convert(value, from, to, gas: gas)
        #expect(abs(found - expected) <= abs(expected) * 5e-4)
        let back = try convert(found, to, from, gas: gas)
        #expect(abs(back - value) <= 1e-9 * max(1, abs(value)))
    }

    @Test(
        "Spellings of the field are one unit",
        arguments: [
            ("℃", "°C"), ("degC", "°C"), ("℉", "°F"), ("ug/m3", "µg/m3"), ("μg/m³", "µg/m3"),
            ("mg/m³", "mg/m3"), ("％LEL", "%LEL"), ("%VOL", "%vol"), ("ｐｐｍ", "ppm"), ("m²", "m2"),
            ("LEL*m", "LEL·m"), (" kPa ", "kPa"), ("mbar", "hPa"),
        ])
    func spellings(written: String, symbol: String) throws {
        let unit = try #require(UnitTable.standard.find(written))
        #expect(UnitTable.standard[unit].symbol == symbol)
    }

    @Test("Case matters, and the unknown is unknown")
    func unknown() {
        for name in ["", "mPa", "PPM", "furlong"] {
            #expect(UnitTable.standard.find(name) == nil)
        }
    }

    @Test("What cannot be converted says why")
    func refused() throws {
        let table = UnitTable.standard
        let ppm = try #require(table.find("ppm"))
        let lel = try #require(table.find("%LEL"))
        let mass = try #require(table.find("mg/m3"))
        let celsius = try #require(table.find("°C"))
        #expect(table.conversion(from: ppm, to: mass) == .failure(.gasUnknown))
        #expect(
            table.conversion(from: ppm, to: lel, gas: Gas.named("CL2"))
                == .failure(.explosiveLimitUnknown(gas: "CL2")))
        #expect(
            table.conversion(from: ppm, to: celsius)
                == .failure(.dimensions(from: .volumeConcentration, to: .temperature)))
    }

    @Test("Every unit converts to itself and to each unit of its dimension and back")
    func roundTrips() throws {
        let table = UnitTable.standard
        for (a, from) in table.units.enumerated() {
            for (b, to) in table.units.enumerated() where from.dimension == to.dimension {
                let there = try table.conversion(
                    from: UnitIndex(UInt8(a)), to: UnitIndex(UInt8(b))
                ).get()
                let back = try table.conversion(
                    from: UnitIndex(UInt8(b)), to: UnitIndex(UInt8(a))
                ).get()
                #expect(abs(back(there(37.5)) - 37.5) < 1e-9)
            }
        }
    }
}

@Suite("Times and lengths of time")
struct TimestampTests {
    @Test("Arithmetic saturates at both ends of time")
    func saturates() {
        #expect(Timestamp.distantFuture + .seconds(1) == .distantFuture)
        #expect(Timestamp.distantPast - .seconds(1) == .distantPast)
        #expect(Timestamp.distantFuture - Timestamp.distantPast == Span(milliseconds: .max))
        #expect(Timestamp.distantPast - Timestamp.distantFuture == Span(milliseconds: .min))
        #expect(Timestamp(milliseconds: 0) - Span(milliseconds: .min) == .distantFuture)
        #expect(Span(milliseconds: .max) - Span(milliseconds: -1) == Span(milliseconds: .max))
    }

    @Test(
        "Durations are read and written",
        arguments: [
            ("250ms", Int64(250), "250ms"), ("3s", 3000, "3s"), ("1.5s", 1500, "1500ms"),
            ("5m", 300_000, "5m"), ("5min", 300_000, "5m"), ("24h", 86_400_000, "1d"),
            ("30d", 2_592_000_000, "30d"), ("0s", 0, "0s"), (" 90 s", 90_000, "90s"),
        ])
    func durations(text: String, milliseconds: Int64, canonical: String) {
        #expect(Span(parsing: text)?.milliseconds == milliseconds)
        #expect(Span(milliseconds: milliseconds).text == canonical)
    }

    @Test(
        "What is no duration is none",
        arguments: [
            "", "3", "s", "-3s", "3 weeks", "0.5ms", "1e3s", "nan s", "9999999999999999d", "٣s",
        ])
    func wrong(text: String) { #expect(Span(parsing: text) == nil) }
}

@Suite("Words")
struct WordTests {
    @Test("Every word that is read is the word that is written")
    func roundTrips() {
        for word in Priority.allCases { #expect(Priority(word: word.word) == word) }
        for word in AlarmClass.allCases { #expect(AlarmClass(word: word.word) == word) }
        for word in AlarmState.allCases { #expect(AlarmState(word: word.word) == word) }
        for word in EventKind.allCases { #expect(EventKind(word: word.word) == word) }
        #expect(Priority(word: "urgent") == nil)
        #expect(Priority.critical > .high && .high > .medium && .medium > .low)
    }
}
