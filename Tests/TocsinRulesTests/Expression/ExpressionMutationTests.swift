import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("Expressions: hostile text")
struct ExpressionMutationTests {
    /// SplitMix64: a seed gives the same texts in every run.
    struct Generator {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((z ^ (z >> 31)) % UInt64(bound))
        }
    }

    static let pieces = [
        "value", "limit.H", " and ", " or ", "not ", " is ", "(", ")", "5", " ppm", " %", "/", "-",
        "stream(\"{line}/gas\")", "\"", "'", "≥", "<", "=", "%LEL", "{", "}", ".", ",", "mean(5m)",
        "1e300", " % of span", "　", "５", "\u{0}", "é", "🔥", "age", " for ", "60s", "quality",
        "over", " * ", "°C", "·h", "/min", "slope(5m)", "votes(", ", of=\"#\"", "count=3",
        "dose(8h)",
    ].map { Array($0.unicodeScalars) }

    @Test(
        "100 000 mutated texts are accepted or refused with places inside the text, never a crash")
    func mutations() throws {
        let seed: UInt64 = 20_260_728
        var random = Generator(state: seed)
        let all = acceptedExpressions + "\n" + acceptedFunctions
        let accepted = ExpressionRow.all(in: all).map { row in
            (context: Fixture.context(row.pack), text: Array(row.text.unicodeScalars))
        }
        for round in 0..<25_000 {
            let base = accepted[random.next(below: accepted.count)]
            var scalars = base.text
            for _ in 0...random.next(below: 3) { mutate(&scalars, &random, accepted.map(\.text)) }
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars.prefix(160))
            do throws(ExpressionErrors) {
                let typed = try TypedExpression.check(text, in: base.context)
                let again = try TypedExpression.check(typed.canonicalText, in: base.context)
                guard again.canonicalText == typed.canonicalText,
                    again.root.outline == typed.root.outline
                else {
                    Issue.record("seed \(seed) round \(round): `\(text)` prints unstably")
                    return
                }
                guard isSound(typed, base.context) else {
                    Issue.record("seed \(seed) round \(round): `\(text)` compiles wrongly")
                    return
                }
            } catch {
                let isInside = error.errors.allSatisfy { fault in
                    fault.range.offset >= 0 && fault.range.length >= 0
                        && fault.range.end <= text.utf8.count
                }
                guard isInside, error.errors.count <= ExpressionLimits.errors else {
                    Issue.record("seed \(seed) round \(round): `\(text)` gives \(error)")
                    return
                }
            }
        }
    }

    /// The program leaves one result, needs the stack that it states, and has a text for each step.
    private func isSound(_ typed: TypedExpression, _ context: ExpressionContext) -> Bool {
        var slots = ProgramCompiler.StreamSlots()
        let members = typed.root.groups.flatMap(\.member.references)
        for text in typed.references + members {
            let pattern: StreamPattern
            do throws(StreamPattern.Problem) {
                pattern = try StreamPattern(text)
            } catch {
                return false
            }
            let slot = ProgramCompiler.StreamSlot(
                pattern: pattern, quantity: context.resolve(text) ?? .unitUnknown)
            slots.entries.append((text, slot))
        }
        var compiler = ProgramCompiler(limits: context.limits.map(\.name))
        let program: Program
        do throws(ProgramCompiler.Problem) {
            program = try compiler.compile(typed, streams: slots, hasMemory: true)
        } catch {
            return true
        }
        return ([program] + compiler.pool.groups.map(\.member)).allSatisfy { program in
            var depth = 0
            var deepest = 0
            for instruction in program.instructions {
                depth += instruction.growth
                deepest = max(deepest, depth)
                if depth < 1 { return false }
            }
            return depth == 1 && deepest == program.stackDepth
                && program.texts.count == program.instructions.count
                && program.texts.allSatisfy { !$0.isEmpty && typed.source.contains($0) }
        }
    }

    private func mutate(
        _ text: inout [Unicode.Scalar], _ random: inout Generator, _ others: [[Unicode.Scalar]]
    ) {
        let place = random.next(below: text.count + 1)
        switch random.next(below: 5) {
        case 0 where place < text.count: text.remove(at: place)
        case 1 where place < text.count:
            text.swapAt(place, random.next(below: text.count))
        case 2: text.removeSubrange(place..<min(text.count, place + random.next(below: 8)))
        case 3:
            let other = others[random.next(below: others.count)]
            text.insert(contentsOf: other.suffix(random.next(below: other.count + 1)), at: place)
        default:
            let piece = Self.pieces[random.next(below: Self.pieces.count)]
            text.insert(contentsOf: piece, at: place)
        }
    }

    @Test("Conversions leave no trailing bits, and other numbers stay as they are")
    func rounding() {
        #expect(0.29 * 100 != 29)
        #expect(DecimalRounding.rounded(0.29 * 100) == 29)
        #expect(DecimalRounding.rounded(0.1 + 0.2) == 0.3)
        for value in [0, 1, -25.5, 1e-12, 3.25e200, 123_456.789, -0.001] {
            #expect(DecimalRounding.rounded(value) == value)
        }
    }

    @Test("The grammar names every function and every word")
    func grammar() {
        for function in ExpressionFunction.allCases {
            #expect(expressionGrammarEBNF.contains("\"\(function.rawValue)\""))
        }
        for word in ExpressionWords.names + ["and", "or", "not", "is"] {
            #expect(expressionGrammarEBNF.contains("\"\(word)\""))
        }
    }
}

extension Instruction {
    /// By how much it makes the stack deeper.
    fileprivate var growth: Int {
        switch self {
        case .constant, .value, .limit, .reference, .age, .over, .under, .qualityIs,
            .referenceQualityIs, .stateIs, .referenceStateIs, .window, .forecast, .votes, .group,
            .during:
            1
        case .negate, .not, .timeTo, .flat, .absolute, .squareRoot, .logarithm, .exponential: 0
        case .add, .subtract, .multiply, .divide, .compare, .and, .or, .lesser, .greater: -1
        }
    }
}
