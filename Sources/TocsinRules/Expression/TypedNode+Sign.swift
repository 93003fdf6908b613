import TocsinEngine

extension TypedNode {
    /// What a sign is told of.
    enum SignSubject {
        /// The newest sample, `value` itself: `over` and `under` speak of it alone.
        case value
        /// `value`, its windows and groups: what an alarm on them warns of.
        case history
    }

    /// +1 where the number grows with `value`, −1 where it falls, 0 where it does not depend on
    /// it, nil where the text does not tell.
    var ownSign: Int? { sign(of: .value) }

    /// The same for what the subject says.
    func sign(of subject: SignSubject) -> Int? {
        switch kind {
        case .ownValue: return 1
        case .negate(let inner): return inner.sign(of: subject).map { -$0 }
        case .arithmetic(let operation, let left, let right):
            return signOfArithmetic(operation, left, right, subject)
        case .window(_, let function): return subject == .history ? function.sign : 0
        case .forecast: return subject == .history ? 1 : 0
        case .group(let group): return subject == .history ? group.sign : 0
        case .math(let function, let operands):
            return signOf(function, operands.map { $0.sign(of: subject) })
        case .constant, .limit, .reference, .age, .over, .under, .isState, .isQuality, .comparison,
            .not, .logic, .timeTo, .flat, .during:
            return 0
        }
    }

    private func signOf(_ function: MathFunction, _ signs: [Int?]) -> Int? {
        switch function {
        case .absolute: signs[0] == 0 ? 0 : nil
        case .squareRoot, .logarithm, .exponential: signs[0]
        case .lesser, .greater: TypedNode.join(signs[0], signs[1])
        }
    }

    private func signOfArithmetic(
        _ operation: ArithmeticOperator, _ left: TypedNode, _ right: TypedNode,
        _ subject: SignSubject
    ) -> Int? {
        let a = left.sign(of: subject)
        let b = right.sign(of: subject)
        switch operation {
        case .add: return TypedNode.join(a, b)
        case .subtract: return TypedNode.join(a, b.map { -$0 })
        case .multiply, .divide:
            if a == 0, b == 0 { return 0 }
            if case .constant(let factor) = right.kind { return a.map { $0 * sign(factor) } }
            guard operation == .multiply, case .constant(let factor) = left.kind else { return nil }
            return b.map { $0 * sign(factor) }
        }
    }

    private func sign(_ factor: Double) -> Int { factor > 0 ? 1 : (factor < 0 ? -1 : 0) }

    /// The sign of a sum: nil where the terms pull apart.
    static func join(_ a: Int?, _ b: Int?) -> Int? {
        guard let a, let b else { return nil }
        if a == 0 || b == 0 || a == b { return a == 0 ? b : a }
        return nil
    }
}

extension WindowFunction {
    /// Whether the result grows with the values (+1) or says nothing of high and low (0).
    fileprivate var sign: Int {
        switch self {
        case .mean, .sum, .least, .greatest, .quantile, .delta, .rate, .slope, .significance, .twa,
            .dose, .ewma, .zscore, .cusum:
            1
        case .count, .stddev, .changes: 0
        }
    }
}

extension TypedGroup {
    /// The least, greatest or mean grows with its members; how many there are says nothing.
    fileprivate var sign: Int? {
        switch function {
        case .least, .greatest, .mean: member.root.sign(of: .history)
        case .count, .any, .all: 0
        }
    }
}
