import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("Packs: hostile text")
struct PackMutationTests {
    static let pieces = [
        "pack: ", "extends: hazchem/gas", "limits: ", "{", "}", "[", "]", ": ", "\n", "---\n", "- ",
        "  ", "H", "HH", "%LEL", "\"", "when: ", "value >= limit.H", "for 5s", "disable: ", "&a ",
        "*a", "#", "1e308", "-", "supersedes: H", "{area}", "+", "故障", "\u{0}", "🔥", "deadband: 0",
    ].map { Array($0.unicodeScalars) }

    @Test("Mutated packs load or are refused with places inside the text, never a crash")
    func mutations() {
        let seed: UInt64 = 20_261_123
        var random = ExpressionMutationTests.Generator(state: seed)
        let texts = [
            ContractExampleTests.text, HeldStateTests.fan,
            PackExtensionTests.base + "---\n" + PackExtensionTests.site("limits: {H: 20 %LEL}"),
        ].map { Array($0.unicodeScalars) }
        for round in 0..<400 {
            var scalars = texts[random.next(below: texts.count)]
            for _ in 0...random.next(below: 4) { mutate(&scalars, &random) }
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars)
            let probe = PackProbe(text, inventory: "stream,H\na/lel/1,3\n")
            let lines = SourceFile(path: "", text: text).lineCount
            for found in probe.diagnostics.sorted where found.path == "p.yaml" {
                #expect(
                    (1...lines).contains(found.line) && found.column >= 1,
                    "seed \(seed) round \(round): \(found.message)")
            }
            #expect(
                (probe.rules == nil) == probe.diagnostics.hasErrors, "seed \(seed) round \(round)")
        }
    }

    private func mutate(
        _ scalars: inout [Unicode.Scalar], _ random: inout ExpressionMutationTests.Generator
    ) {
        let place = random.next(below: scalars.count + 1)
        switch random.next(below: 3) {
        case 0:
            scalars.insert(
                contentsOf: Self.pieces[random.next(below: Self.pieces.count)], at: place)
        case 1:
            let end = min(scalars.count, place + random.next(below: 12))
            scalars.removeSubrange(place..<end)
        default:
            let end = min(scalars.count, place + random.next(below: 40))
            let part = Array(scalars[place..<end])
            scalars.insert(contentsOf: part, at: random.next(below: scalars.count + 1))
        }
    }
}
