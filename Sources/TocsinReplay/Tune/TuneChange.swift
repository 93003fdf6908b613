import TocsinEngine
import TocsinModel

/// What of a rule is changed to quieten it.
enum TuneKind: String, Sendable, CaseIterable {
    case deadband
    case onDelay = "on_delay"
    case limit

    /// For people.
    var words: String {
        switch self {
        case .deadband: "deadband"
        case .onDelay: "on-delay"
        case .limit: "limit"
        }
    }
}

/// A value that is tried. Deadband and shift in the pack's unit.
enum TuneCandidate: Sendable, Equatable {
    case deadband(Double)
    case onDelay(Span)
    /// How far the limit moves, away from the normal state: upwards for a high one.
    case limit(by: Double)
}

extension TuneCandidate {
    /// The rule set with this one change of one rule; `streams` whose limit it moves.
    func applied(
        to ruleSet: RuleSet, pack number: Int, rule: Int, bindings: [Binding]
    ) -> RuleSet {
        var packs = ruleSet.packs
        var listings = ruleSet.listings
        switch self {
        case .deadband(let width):
            packs[number].rules[rule].widen(deadband: width)
        case .onDelay(let delay):
            packs[number].rules[rule].onDelay = delay
        case .limit(let shift):
            guard let limit = packs[number].rules[rule].limit else { break }
            let name = packs[number].limits[limit].name
            for binding in bindings where binding.limits[limit].isFinite {
                let moved = binding.limits[limit] + shift
                // A listed stream gets a cell of its own; the others share the pack's number.
                guard let row = listings.firstIndex(where: { $0.stream == binding.stream }) else {
                    packs[number].limits[limit].value = .number(moved, unit: nil)
                    continue
                }
                listings[row].limits.removeAll { $0.name == name }
                listings[row].limits.append(
                    (name, .value(moved, unit: packs[number].unit)))
            }
        }
        return RuleSet(
            site: ruleSet.site, packs: packs, listings: listings,
            hasInventory: ruleSet.hasInventory, hash: ruleSet.hash, options: ruleSet.options)
    }
}

extension Rule {
    /// The condition compares a value or a window of it with a limit, which a deadband can widen.
    var takesDeadband: Bool {
        guard trigger == .condition, per == nil else { return false }
        guard deadbands.isEmpty else { return true }
        guard let steps = condition?.instructions else { return false }
        return steps.indices.contains { Rule.isLimitTest(steps, at: $0) }
    }

    /// Gives every comparison with a limit this deadband, in the pack's unit. Compiled without one,
    /// a comparison has no memory yet.
    mutating func widen(deadband width: Double) {
        deadbands = deadbands.map { _ in .number(width, unit: nil) }
        guard deadbands.isEmpty, var steps = condition?.instructions else { return }
        for step in steps.indices where Rule.isLimitTest(steps, at: step) {
            guard case .compare(let comparison, let subject, Program.noMemory) = steps[step],
                deadbands.count < Program.memoryLimit
            else { continue }
            steps[step] = .compare(
                comparison, subject: subject, memory: UInt8(deadbands.count))
            deadbands.append(.number(width, unit: nil))
        }
        condition?.instructions = steps
    }

    private static func isLimitTest(_ steps: [Instruction], at step: Int) -> Bool {
        guard step >= 2, case .compare(let comparison, _, _) = steps[step],
            comparison != .equal, comparison != .notEqual, case .limit = steps[step - 1]
        else { return false }
        if case .window = steps[step - 2] { return true }
        return steps[step - 2] == .value
    }
}

/// The values that are tried, smallest first.
enum TuneLadder {
    /// Multiples of the noise. A deadband of some three deviations is enough for a level that
    /// stands still beside its limit; the larger ones are for what moves.
    static let deadbandFactors: [Double] = [0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10]
    /// Where no noise is known, or as small as the resolution: shares of the span in percent.
    static let spanPercents: [Double] = [0.2, 0.5, 1, 2, 5]
    static let onDelays: [Int64] = [1, 2, 3, 5, 10, 15, 30, 60]
    static let limitSteps: [Double] = [1, 2, 3, 4, 6, 8, 12, 16]

    static func deadbands(above present: Double, noise: Double?, span: ValueRange?) -> [Double] {
        var widths: [Double] = []
        if let noise, noise > 0 {
            widths = deadbandFactors.map { roundedUp($0 * noise) }
        } else if let span {
            widths = spanPercents.map { roundedUp((span.high - span.low) * $0 / 100) }
        }
        return distinct(widths.filter { $0 > present })
    }

    static func onDelays(above present: Span, max: Span?) -> [Span] {
        onDelays.map { Span.seconds($0) }.filter { delay in
            delay > present && (max.map { delay <= $0 } ?? true)
        }
    }

    /// Shifts of a limit that keep it within the span and on its side of the next limit.
    static func shifts(
        _ rule: Rule, _ bindings: [Binding], limit: Int, noise: Double?
    ) -> [Double] {
        guard let first = bindings.first else { return [] }
        let width =
            first.span.map { ($0.high - $0.low) / 100 } ?? first.limits[limit].magnitude / 100
        let step = niceStep(noise.flatMap { $0 > 0 ? $0 : nil } ?? width)
        guard step > 0 else { return [] }
        let sign: Double = rule.direction == .low ? -1 : 1
        return limitSteps.map { $0 * step * sign }.filter { shift in
            bindings.allSatisfy { keepsOrder($0, limit: limit, moved: $0.limits[limit] + shift) }
        }
    }

    private static func keepsOrder(_ binding: Binding, limit: Int, moved: Double) -> Bool {
        if let span = binding.span, moved > span.high || moved < span.low { return false }
        let present = binding.limits[limit]
        return binding.limits.allSatisfy { other in
            !(other > present && other <= moved || other < present && other >= moved)
        }
    }

    /// Two significant digits, never below `value`: what an engineer would write.
    static func roundedUp(_ value: Double) -> Double {
        guard value > 0, value.isFinite, value > 1e-9, value < 1e12 else { return value }
        var exponent = 0
        var scaled = value
        while scaled < 10 {
            scaled *= 10
            exponent += 1
        }
        while scaled >= 100 {
            scaled /= 10
            exponent -= 1
        }
        // 3.0000000000000004 × 10 is 30, not 31.
        return decimal((scaled - 1e-9).rounded(.up), exponent)
    }

    /// 1, 2 or 5 times a power of ten, not below `value`.
    static func niceStep(_ value: Double) -> Double {
        guard value.isFinite, value > 1e-9, value < 1e12 else { return 0 }
        var exponent = 0
        var scaled = value
        while scaled < 1 {
            scaled *= 10
            exponent += 1
        }
        while scaled >= 10 {
            scaled /= 10
            exponent -= 1
        }
        let digit: Double =
            scaled <= 1 + 1e-9 ? 1 : scaled <= 2 + 1e-9 ? 2 : scaled <= 5 + 1e-9 ? 5 : 10
        return decimal(digit, exponent)
    }

    /// `digits` ÷ 10^`exponent`, by one division or multiplication of exact numbers.
    private static func decimal(_ digits: Double, _ exponent: Int) -> Double {
        var power = 1.0
        for _ in 0..<abs(exponent) { power *= 10 }
        return exponent >= 0 ? digits / power : digits * power
    }

    private static func distinct(_ values: [Double]) -> [Double] {
        var kept: [Double] = []
        for value in values where !kept.contains(value) { kept.append(value) }
        return kept
    }
}
