import TocsinEngine
import TocsinModel

@testable import TocsinRules

/// Packs as the tests see them, and a short text of a checked tree.
enum Fixture {
    static func unit(_ symbol: String) -> UnitIndex {
        guard let index = UnitTable.standard.find(symbol) else {
            preconditionFailure("no unit \(symbol)")
        }
        return index
    }

    static func streams(_ pattern: String) -> ExpressionQuantity? {
        switch pattern {
        case "{line}/dust/fan/main": .states(["running", "stopped", "not-in-auto", "故障"])
        case "{line}/ambient": .measured(unit("K"))
        case "{line}/pressure": .measured(unit("kPa"))
        case "{line}/gas": .measured(unit("mg/m3"))
        case "plant/raw": .unitUnknown
        default: nil
        }
    }

    static func analogue(
        _ symbol: String, span: (low: Double, high: Double)? = nil, gas: String? = nil
    ) -> ExpressionContext {
        let index = unit(symbol)
        return ExpressionContext(
            value: .measured(index), limits: [("H", index), ("HH", index), ("reset", index)],
            labels: ["line", "area", "id"], span: span, gas: gas.flatMap { Gas.named($0) },
            resolve: streams)
    }

    /// Packs by the name that the tables use.
    static func context(_ name: String) -> ExpressionContext {
        switch name {
        case "lel": analogue("%LEL", span: (low: 0, high: 100), gas: "CH4")
        case "nh3": analogue("ppm", span: (low: 0, high: 200), gas: "NH3")
        case "ppm": analogue("ppm")
        case "cl2": analogue("%vol", gas: "CL2")
        case "temp": analogue("°C", span: (low: -20, high: 150))
        case "mpa": analogue("MPa")
        case "kpa": analogue("kPa")
        case "time": analogue("s")
        case "level": analogue("m", span: (low: 0, high: 12))
        case "spark": analogue("/min")
        case "ratio": analogue("1")
        case "rh": analogue("%", span: (low: 0, high: 100))
        case "power": analogue("kW")
        case "energy": analogue("kWh")
        case "flow": analogue("m3/h")
        case "litre": analogue("L")
        case "speed": analogue("mm/s")
        case "trate": analogue("°C/min")
        case "airlock":
            ExpressionContext(
                value: .states(["running", "stopped", "fault", "not-in-auto", "故障 2", "not"]),
                labels: ["line", "id"], resolve: streams)
        case "bare":
            ExpressionContext(value: .unitUnknown, limits: [("H", nil)], resolve: streams)
        default: preconditionFailure("no pack \(name)")
        }
    }
}

extension WindowDefinition {
    /// `300000ms line`, `20 moments`.
    var outline: String {
        switch extent {
        case .time(let span): "\(span.milliseconds)ms \(family)"
        case .count(let count): "\(count) \(family)"
        }
    }
}

extension TypedNode {
    /// `(>=↑ value 35)`: operations first, ↑ ↓ = deadband rising, falling.
    var outline: String {
        switch kind {
        case .constant(let value): return "\(value)"
        case .ownValue: return "value"
        case .limit(let name): return "limit.\(name)"
        case .reference(let slot): return "$\(slot)"
        case .age: return "age"
        case .negate(let inner): return "(- \(inner.outline))"
        case .arithmetic(let operation, let a, let b):
            return "(\(operation.rawValue) \(a.outline) \(b.outline))"
        case .window(let window, let function): return "(\(function) \(window.outline))"
        case .forecast(let window, let ahead): return "(forecast \(window.outline) \(ahead)ms)"
        case .timeTo(let window, let target):
            return "(time_to \(target.outline) \(window.outline))"
        case .flat(let window, let width): return "(flat \(window.outline) \(width.outline))"
        case .during(let schedule):
            return "(during \(schedule.days) \(schedule.from) \(schedule.to))"
        case .math(let function, let operands):
            return "(\(function) \(operands.map(\.outline).joined(separator: " ")))"
        case .group(let group):
            let vote = group.isVote ? "votes" : "\(group.function)"
            return "(\(vote) \(group.pattern) \(group.member.root.outline))"
        case .over: return "over"
        case .under: return "under"
        case .isState(let subject, let state, let isNegated, let held):
            let name =
                switch subject {
                case .own: "own"
                case .reference(let slot): "$\(slot)"
                }
            let time = held == 0 ? "" : " \(held)ms"
            return "(is\(isNegated ? "-not" : "") \(name) \(state)\(time))"
        case .isQuality(let quality, let isNegated):
            return "(quality\(isNegated ? "-not" : "") \(quality.word))"
        case .comparison(let comparison):
            let arrow =
                switch comparison.deadband {
                case .rising: "↑"
                case .falling: "↓"
                case nil: ""
                }
            let sides = "\(comparison.left.outline) \(comparison.right.outline)"
            return "(\(comparison.operation.rawValue)\(arrow) \(sides))"
        case .not(let inner): return "(not \(inner.outline))"
        case .logic(let operation, let a, let b):
            return "(\(operation.rawValue) \(a.outline) \(b.outline))"
        }
    }
}
