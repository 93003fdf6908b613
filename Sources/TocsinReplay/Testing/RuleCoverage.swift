package import TocsinEngine
package import TocsinModel

/// A share of rules that scenarios must raise: `--coverage 90`, `--coverage alarm=100`.
package struct CoverageTarget: Sendable, Equatable {
    /// Nil = each class by itself.
    package var alarmClass: AlarmClass?
    /// 0…100.
    package var percent: Double

    package init(alarmClass: AlarmClass? = nil, percent: Double) {
        self.alarmClass = alarmClass
        self.percent = percent
    }

    /// `PERCENT`, with or without `%`, or `CLASS=PERCENT`; nil when the text is neither.
    package init?(parsing text: String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard let last = parts.last, parts.count <= 2 else { return nil }
        let digits = last.hasSuffix("%") ? last.dropLast() : last
        guard let percent = Double(String(digits)), (0...100).contains(percent) else { return nil }
        self.percent = percent
        guard parts.count == 2 else { return }
        guard let found = AlarmClass(word: parts[0]) else { return nil }
        alarmClass = found
    }
}

/// Which rules some scenario raised, by class. A rule that was never raised was never tried.
package struct RuleCoverage: Sendable {
    package struct Entry: Sendable, Equatable {
        package var alarmClass: AlarmClass
        /// Full names, in order.
        package var raised: [String]
        package var neverRaised: [String]

        package var count: Int { raised.count + neverRaised.count }
        package var percent: Double { Double(raised.count) / Double(count) * 100 }

        /// `alarm: 23 of 25 (92 %)`
        package var text: String {
            let share = (percent * 10).rounded(.down) / 10
            let digits = share == share.rounded() ? "\(Int(share))" : "\(share)"
            return "\(alarmClass.word): \(raised.count) of \(count) (\(digits) %)"
        }
    }

    private var classes: [String: AlarmClass] = [:]
    private var raised: Set<String> = []

    package init() {}

    /// Adds the rules of a set: they count, raised or not.
    package mutating func add(_ ruleSet: RuleSet) {
        for rule in ruleSet.packs.flatMap(\.rules) where classes[rule.name] == nil {
            classes[rule.name] = rule.alarmClass
        }
    }

    package mutating func addRaised(_ rules: Set<String>) { raised.formUnion(rules) }

    /// Full names of all rules, in order.
    package var rules: [String] { classes.keys.sorted() }
    package var neverRaised: [String] { rules.filter { !raised.contains($0) } }

    /// The classes that have rules, in the order of `AlarmClass`.
    package var entries: [Entry] {
        let names = rules
        return AlarmClass.allCases.compactMap { alarmClass in
            let own = names.filter { classes[$0] == alarmClass }
            guard !own.isEmpty else { return nil }
            return Entry(
                alarmClass: alarmClass, raised: own.filter(raised.contains),
                neverRaised: own.filter { !raised.contains($0) })
        }
    }

    /// A case of the report for each class that a target is about; the target that names the class
    /// goes before the one for all.
    func cases(_ targets: [CoverageTarget]) -> [TestReport.Case] {
        guard !targets.isEmpty else { return [] }
        var cases = entries.compactMap { entry -> TestReport.Case? in
            guard
                let target = targets.last(where: { $0.alarmClass == entry.alarmClass })
                    ?? targets.last(where: { $0.alarmClass == nil })
            else { return nil }
            var result = TestReport.Case(
                kind: .coverage, name: "coverage of \(entry.text)", path: "", seconds: 0,
                failures: [])
            if entry.percent < target.percent {
                let wanted = "wanted \(RuleCoverage.digits(target.percent)) %; never raised:"
                result.failures = [
                    ScenarioFailure(
                        place: "", text: ([wanted] + entry.neverRaised).joined(separator: "\n"))
                ]
            }
            return result
        }
        if entries.isEmpty {
            cases.append(
                TestReport.Case(
                    kind: .coverage, name: "coverage", path: "", seconds: 0,
                    failures: [ScenarioFailure(place: "", text: "no rules were loaded")]))
        }
        return cases
    }

    private static func digits(_ percent: Double) -> String {
        percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
    }
}
