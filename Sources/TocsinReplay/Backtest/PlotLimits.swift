import TocsinEngine
import TocsinModel

/// Finds the limits that a set has for an alarm, also where it never raised it there.
enum PlotLimits {
    /// The limits of the alarm's ladder in `ruleSet`, in the unit of the alarm's own pack; none where
    /// the set has no such rule or another unit.
    static func of(
        _ subject: AlarmSubject, in ruleSet: RuleSet, isNew: Bool
    ) -> [BacktestPlot.Limit] {
        guard let own = subject.binding else { return [] }
        var bindings: [Binding] = []
        for match in ruleSet.matches(own.stream) {
            do throws(Binding.Problem) {
                bindings.append(
                    try Binding(
                        ruleSet: ruleSet, packIndex: match.pack, stream: own.stream,
                        mode: own.mode, labels: match.labels, streamUnit: own.streamUnit))
            } catch {
                // The engine said so when it met the stream.
                continue
            }
        }
        let full = subject.rules.map(\.full)
        let short = subject.rules.map(\.short)
        let tests: [(Rule) -> Bool] = [
            { full.contains($0.name) }, { short.contains($0.shortName) },
        ]
        for test in tests {
            for binding in bindings where binding.pack.unit == own.pack.unit {
                guard let rule = binding.pack.rules.firstIndex(where: test) else { continue }
                return limits(of: rule, binding, isNew: isNew)
            }
        }
        return []
    }

    private static func limits(
        of rule: Int, _ binding: Binding, isNew: Bool
    ) -> [BacktestPlot.Limit] {
        let chain = binding.pack.chains.first { $0.contains(rule) } ?? [rule]
        return chain.compactMap { position in
            guard let limit = binding.pack.rules[position].limit else { return nil }
            let value = binding.limits[limit]
            guard !value.isNaN else { return nil }
            return BacktestPlot.Limit(
                name: binding.pack.limits[limit].name, value: value, isNew: isNew)
        }
    }
}
