import TocsinEngine
import TocsinModel

/// Reads everything of a pack but its rules (contract §4).
struct PackOutlineReader {
    let merged: MergedPack
    let today: CalendarDay
    let diagnostics: DiagnosticList
    var reader: MappingReader
    private var isPatternRefused = false

    /// Bounds that no real pack comes near; they keep a generated file from costing memory.
    static let limitsMax = 64

    init?(_ merged: MergedPack, today: CalendarDay, reporting diagnostics: DiagnosticList) {
        guard let reader = MappingReader(merged.node, name: "a pack", reporting: diagnostics) else {
            return nil
        }
        self.merged = merged
        self.today = today
        self.diagnostics = diagnostics
        self.reader = reader
    }

    /// Nil when the pack cannot be used at all: without a pattern it applies to nothing.
    mutating func outline() -> PackOutline? {
        reader.allow(["pack", "extends", "ladder", "alarms", "trouble"])
        refuseUnavailable()
        let pattern = readPattern()
        let name = merged.document.name
        let firstPart = merged.rootName.split(separator: "/").first.map(String.init) ?? name
        let domain = reader.string("domain") ?? firstPart
        let about = reader.string("about")
        let source = reader.string("source")
        let scale = readScale()
        guard let pattern else {
            // The rest is read all the same, so that one run shows every mistake.
            guard let stand = PackOutlineReader.matchingNothing else { return nil }
            isPatternRefused = true
            var pack = Pack(name: name, domain: domain, pattern: stand)
            _ = readBody(&pack)
            return nil
        }
        var pack = Pack(name: name, domain: domain, pattern: pattern)
        pack.about = about
        pack.source = source
        pack.scale = scale
        return readBody(&pack)
    }

    /// Stands in for a refused pattern while the rest of the pack is read.
    private static let matchingNothing: StreamPattern? = {
        do { return try StreamPattern("-") } catch { return nil }
    }()

    private mutating func readBody(_ pack: inout Pack) -> PackOutline {
        readUnit(&pack)
        readStates(&pack)
        let isUnitRefused = pack.unit == nil && merged.node["unit"] != nil
        let numbers = QuantityReader(
            unit: pack.unit, isUnitRefused: isUnitRefused, gas: pack.gas,
            gasCondition: pack.gasCondition, diagnostics: diagnostics)
        pack.span = readRange("span", numbers)
        pack.fault = readRange("fault", numbers)
        warnOfFaultInsideSpan(pack)
        readCadence(&pack)
        var outline = PackOutline(
            merged: merged, pack: pack, defaults: RuleDefaults(),
            disabled: DisabledAlarms(
                reader.list("disable") ?? [], today: today, reporting: diagnostics),
            isUnitRefused: isUnitRefused, limitPlaces: [], limitTexts: [])
        readLimits(&outline, numbers)
        if var defaults = reader.mapping("defaults") {
            outline.defaults = RuleReader.readDefaults(&defaults, outline.pack, numbers)
            defaults.finish()
        }
        outline.definitions = DefinitionReader(
            pattern: pack.pattern, isPatternRefused: isPatternRefused, diagnostics: diagnostics
        ).definitions(&reader)
        reader.finish()
        return outline
    }

    private mutating func refuseUnavailable() {
        guard merged.node["groups"] != nil else { return }
        reader.allow(["groups"])
        diagnostics.error(
            at: reader.keyRange("groups"), "`groups` is not available in this version",
            help: "name the streams of a group in votes(…, of=\"…\")")
    }

    // MARK: What it applies to

    private mutating func readPattern() -> StreamPattern? {
        guard let text = reader.text("match") else {
            if merged.node["match"] == nil {
                diagnostics.error(
                    at: merged.document.place, "the pack needs `match:`: the streams it is for",
                    help: "such as match: \"{area}/hazchem/lel/{id}\"")
            }
            return nil
        }
        do throws(StreamPattern.Problem) {
            return try StreamPattern(text.text)
        } catch {
            let (offset, message, help) = PackOutlineReader.words(for: error)
            diagnostics.error(
                at: text.range(utf8Offset: offset), message, help: help)
            return nil
        }
    }

    static func words(
        for problem: StreamPattern.Problem
    ) -> (offset: Int, message: String, help: String?) {
        switch problem {
        case .empty: (0, "the pattern is empty", "`#` matches every stream")
        case .wildcardInsideLevel(let offset):
            (offset, "`+` and `#` stand for whole levels", "put slashes around them")
        case .restNotLast(let offset): (offset, "`#` must be the last level", nil)
        case .unclosedBrace(let offset):
            (offset, "a label in braces must be a whole level", "such as {area}/lel/{id}")
        case .emptyLabel(let offset):
            (offset, "the label in braces has no name", "such as {area}, or `+` without a name")
        case .repeatedLabel(let name, let offset):
            (offset, "the label `{\(name)}` stands twice", "give each level its own name")
        }
    }

    private mutating func readScale() -> String? {
        guard let text = reader.text("scale") else { return nil }
        if LevelScale.named(text.text) != nil { return text.text }
        let names = LevelScale.known.map(\.name)
        diagnostics.error(
            at: text.node.range, "unknown scale `\(text.text)`",
            help: nearestName(text.text, among: names).map { "did you mean `\($0)`?" }
                ?? "one of: " + names.joined(separator: ", "))
        return nil
    }

    // MARK: What is measured

    private mutating func readUnit(_ pack: inout Pack) {
        if let text = reader.text("unit") {
            pack.unit = UnitTable.standard.find(text.text)
            if pack.unit == nil {
                diagnostics.error(
                    at: text.node.range, "unknown unit `\(text.text)`",
                    help: UnitNames.advice(for: text.text))
            }
        }
        let molarMass = reader.number("molar_mass", in: 1...1000)
        let lel = reader.number("lel", in: 0.01...100)
        if let text = reader.text("gas") {
            pack.gas = Gas.named(text.text)
            if pack.gas == nil, let molarMass {
                pack.gas = Gas(name: text.text, molarMass: molarMass)
            } else if pack.gas == nil {
                let names = Gas.known.map(\.name)
                diagnostics.error(
                    at: text.node.range, "unknown gas `\(text.text)`",
                    help: nearestName(text.text, among: names).map { "did you mean `\($0)`?" }
                        ?? "write its `molar_mass:` in g/mol too")
            }
        } else if let molarMass {
            pack.gas = Gas(name: "gas", molarMass: molarMass)
        } else if merged.node["lel"] != nil {
            diagnostics.error(
                at: reader.keyRange("lel"), "`lel` needs `gas:` or `molar_mass:` beside it")
        }
        if let molarMass { pack.gas?.molarMass = molarMass }
        if let lel { pack.gas?.lowerExplosiveLimit = lel }
        readReference(&pack)
        let dimension = pack.unit.map { UnitTable.standard[$0].dimension }
        pack.latchesOver = dimension == .explosiveFraction || dimension == .explosivePathLength
    }

    /// `reference: {temperature: 20 °C, pressure: 101.325 kPa}`: the gas condition that volume
    /// concentrations are meant at.
    private mutating func readReference(_ pack: inout Pack) {
        guard var inner = reader.mapping("reference") else { return }
        func read(_ key: String, _ symbol: String, _ bounds: ClosedRange<Double>) -> Double? {
            guard let text = inner.text(key), let unit = UnitTable.standard.find(symbol) else {
                return nil
            }
            let numbers = QuantityReader(
                unit: unit, gas: nil, gasCondition: .standard, diagnostics: diagnostics)
            guard let quantity = numbers.quantity(text, called: "`\(key)`", .range) else {
                return nil
            }
            guard let value = numbers.value(of: quantity, span: nil), bounds.contains(value) else {
                diagnostics.error(
                    at: text.node.range,
                    "`\(key)` must be between \(ValueText.of(bounds.lowerBound)) and "
                        + "\(ValueText.of(bounds.upperBound)) \(symbol)"
                )
                return nil
            }
            return value
        }
        // Without its unit a temperature here is °C, as in the contract's own words.
        if let celsius = read("temperature", "°C", -90...200) {
            pack.gasCondition.kelvin = celsius + 273.15
        }
        if let pressure = read("pressure", "kPa", 1...10_000) {
            pack.gasCondition.kilopascals = pressure
        }
        inner.finish()
    }
}
