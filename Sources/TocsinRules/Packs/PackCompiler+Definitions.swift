import TocsinEngine

/// The calculated streams of a pack.
extension PackCompiler {
    /// Nil, and reported, when the value is no number of the unit that the entry gives.
    func compile(
        _ definition: DefinitionOutline, _ pool: inout PackPool
    ) -> CalculatedDefinition? {
        let text = definition.value
        guard
            let value = conditions.readNumber(
                text, unit: definition.unit, groupLabel: definition.per)
        else { return nil }
        var compiler = ProgramCompiler(limits: outline.pack.limits.map(\.name), pool: pool)
        let program: Program
        do throws(ProgramCompiler.Problem) {
            // A deadband is an alarm's: what is computed must not depend on what it was before.
            program = try compiler.compile(
                value.expression, streams: value.streams, hasMemory: false)
        } catch {
            diagnostics.error(at: text.node.range, PackCompiler.words(for: error))
            return nil
        }
        guard program.asksStreams else {
            diagnostics.error(
                at: text.node.range, "the value asks no stream: it would never be computed",
                help: "such as value - stream(\"{line}/load/{id}\")")
            return nil
        }
        pool = compiler.pool
        return CalculatedDefinition(
            name: definition.name, unit: definition.unit, program: program,
            references: compiler.references, per: definition.per,
            text: value.expression.canonicalText)
    }
}

extension Program {
    /// It looks at some stream's samples.
    fileprivate var asksStreams: Bool {
        instructions.contains { instruction in
            switch instruction {
            case .value, .reference, .over, .under, .qualityIs, .referenceQualityIs, .stateIs,
                .referenceStateIs, .window, .forecast, .timeTo, .flat, .votes, .group:
                true
            case .constant, .limit, .age, .add, .subtract, .multiply, .divide, .negate, .compare,
                .and, .or, .not, .during, .absolute, .squareRoot, .logarithm, .exponential, .lesser,
                .greater:
                false
            }
        }
    }
}
