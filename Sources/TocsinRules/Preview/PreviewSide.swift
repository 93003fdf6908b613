import TocsinEngine
import TocsinModel

/// A rule as one of the two sets applies it to one stream, or to the pack's streams at large.
struct PreviewRule {
    var rule: Rule
    var pack: Pack
    /// Nil at large: then the pack's own numbers count.
    var binding: Binding?
    /// The rules that are one alarm with it, lowest first.
    var chain: [String]
}

/// One of the two sets that are compared.
struct PreviewSide {
    let loaded: LoadedRules
    let ruleSet: RuleSet
    private let rules: [String: PreviewRule]
    private let origins: [Origin: SetPointTable.Row]

    /// A set-point: of a stream, or of a pack where `stream` is nil.
    private struct Origin: Hashable {
        var stream: String?
        var pack: String
        var limit: String
    }

    init(_ loaded: LoadedRules) {
        self.loaded = loaded
        ruleSet = loaded.makeRuleSet(hash: "")
        var rules: [String: PreviewRule] = [:]
        for pack in loaded.packs {
            for rule in pack.rules {
                rules[rule.name] = PreviewRule(
                    rule: rule, pack: pack, binding: nil,
                    chain: PreviewSide.chain(of: rule, pack))
            }
        }
        self.rules = rules
        var origins: [Origin: SetPointTable.Row] = [:]
        for row in loaded.packSetPoints.rows {
            origins[Origin(stream: nil, pack: row.pack, limit: row.limit)] = row
        }
        for row in loaded.setPoints.rows where loaded.hasInventory {
            origins[Origin(stream: row.stream, pack: row.pack, limit: row.limit)] = row
        }
        self.origins = origins
    }

    private static func chain(of rule: Rule, _ pack: Pack) -> [String] {
        let position = pack.rules.firstIndex { $0.name == rule.name } ?? 0
        return (pack.chains.first { $0.contains(position) } ?? []).map { pack.rules[$0].name }
    }

    /// The rule at large.
    func rule(_ name: String) -> PreviewRule? { rules[name] }

    /// The rules on a stream, as the engine binds them.
    func rules(on stream: String) -> [PreviewRule] {
        ruleSet.matches(stream).flatMap { match -> [PreviewRule] in
            do throws(Binding.Problem) {
                let binding = try Binding(
                    ruleSet: ruleSet, packIndex: match.pack, stream: stream, mode: .live,
                    labels: match.labels, streamUnit: ruleSet.listing(of: stream)?.unit)
                return binding.pack.rules.map { rule in
                    PreviewRule(
                        rule: rule, pack: binding.pack, binding: binding,
                        chain: PreviewSide.chain(of: rule, binding.pack))
                }
            } catch {
                // The engine cannot bind it either; `check` has said why for a listed stream.
                return []
            }
        }
    }

    /// The set-points that a rule's conditions ask for, by name, with the number in force in the
    /// pack's unit (nil = off or left to the inventory) and its place.
    func limits(
        of rule: PreviewRule
    ) -> [(name: String, value: Double?, unit: String, place: String?)] {
        let slots = rule.asked
        let unit = rule.pack.unit.map { UnitTable.standard[$0].symbol } ?? ""
        return rule.pack.limits.indices.filter(slots.contains).map { position in
            let name = rule.pack.limits[position].name
            let stream = rule.binding?.stream
            let row =
                stream.flatMap { origins[Origin(stream: $0, pack: rule.pack.name, limit: name)] }
                ?? origins[Origin(stream: nil, pack: rule.pack.name, limit: name)]
            let value = rule.binding.map { $0.limits[position] } ?? row?.value
            return (name, value.flatMap { $0.isNaN ? nil : $0 }, unit, row?.origin)
        }
    }
}

extension PreviewRule {
    /// Positions of the limits that the rule's programs and its groups' read.
    fileprivate var asked: Set<Int> {
        var slots: Set<Int> = []
        var programs = [rule.condition, rule.clearWhen, rule.unless].compactMap { $0 }
        for program in programs {
            for instruction in program.instructions {
                if let group = instruction.group { programs.append(pack.groups[group].member) }
            }
        }
        for instruction in programs.flatMap(\.instructions) {
            if case .limit(let slot) = instruction { slots.insert(Int(slot)) }
        }
        return slots
    }
}

extension Instruction {
    /// The group that it asks, as a position in the pack; nil = none.
    fileprivate var group: Int? {
        if case .votes(let group, _, _) = self { return Int(group) }
        if case .group(let group, _) = self { return Int(group) }
        return nil
    }
}
