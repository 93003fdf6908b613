import TocsinEngine

/// The calculated streams of all packs in force, held against each other: no two of one name, and
/// none that is computed from itself, however long the way.
struct CalculatedStreams {
    private struct Entry {
        var definition: CalculatedDefinition
        var place: SourceRange
        /// The pack with those it inherits from: they divide the streams among themselves.
        var family: Set<String>
        var inputs: [StreamPattern]
    }

    private let entries: [Entry]

    init(_ packs: [Pack], _ outlines: [PackOutline]) {
        entries = zip(packs, outlines).flatMap { pack, outline in
            // In the order of the text; those with errors are missing among the compiled.
            var written = outline.definitions[...]
            return pack.calculated.map { definition in
                let name = definition.name.text
                written = written.drop { $0.name.text != name }
                return Entry(
                    definition: definition, place: written.popFirst()?.place ?? outline.place,
                    family: Set(outline.merged.lineage + [pack.name]),
                    inputs: CalculatedStreams.inputs(of: definition, pack))
            }
        }
    }

    func check(reporting diagnostics: DiagnosticList) {
        for (position, entry) in entries.enumerated() {
            if let other = entries[..<position].first(where: {
                CalculatedStreams.collide($0, entry)
            }) {
                let file = "\(other.place.file.path):\(other.place.line)"
                let isSame = other.definition.name.text == entry.definition.name.text
                diagnostics.error(
                    at: entry.place,
                    isSame
                        ? "the stream `\(entry.definition.name.text)` is defined twice"
                        : "`\(entry.definition.name.text)` and "
                            + "`\(other.definition.name.text)` can be the same stream",
                    help: "first at \(file)")
            }
        }
        reportCircles(diagnostics)
    }

    private static func collide(_ a: Entry, _ b: Entry) -> Bool {
        let isOnePack = a.family == b.family
        guard isOnePack || a.family.isDisjoint(with: b.family) else { return false }
        return a.definition.name.overlaps(b.definition.name)
    }

    // MARK: Circles

    /// The names of streams that a calculation looks at.
    private static func inputs(
        of definition: CalculatedDefinition, _ pack: Pack
    ) -> [StreamPattern] {
        var inputs = definition.references.map(\.pattern)
        for instruction in definition.program.instructions {
            switch instruction {
            case .votes(let group, _, _), .group(let group, _):
                let asked = pack.groups[Int(group)]
                inputs.append(asked.pattern)
                inputs += asked.references.map(\.pattern)
            default: continue
            }
        }
        // It is computed for each stream of the pack: among these it must not be itself.
        let isExcluded = pack.exclusions.contains { $0.text == definition.name.text }
        if definition.per == nil, !isExcluded { inputs.append(pack.pattern) }
        return inputs
    }

    /// Each circle is told once, at the stream that stands first in the text.
    private func reportCircles(_ diagnostics: DiagnosticList) {
        let needs = entries.map { entry in
            entries.indices.filter { other in
                entry.inputs.contains { $0.overlaps(entries[other].definition.name) }
            }
        }
        var done: Set<Int> = []
        for start in entries.indices where !done.contains(start) {
            guard let circle = CalculatedStreams.circle(from: start, needs, leavingOut: done) else {
                continue
            }
            done.formUnion(circle)
            let names = (circle + [start]).map { "`\(entries[$0].definition.name.text)`" }
            diagnostics.error(
                at: entries[start].place,
                circle.count == 1
                    ? "the stream \(names[0]) is computed from itself"
                    : "calculated streams are computed from each other in a circle: "
                        + names.joined(separator: " from "),
                help: circle.count == 1
                    ? "give it a name that neither `match` nor its value covers" : nil)
        }
    }

    /// The shortest way from a stream over what it needs back to itself; nil = there is none.
    private static func circle(
        from start: Int, _ needs: [[Int]], leavingOut done: Set<Int>
    ) -> [Int]? {
        var cameFrom: [Int: Int] = [:]
        var queue = [start]
        var next = 0
        // Ends: every stream is queued at most once.
        while next < queue.count {
            let here = queue[next]
            next += 1
            for other in needs[here] where !done.contains(other) {
                if other == start {
                    var way = [here]
                    while let before = cameFrom[way[0]] { way.insert(before, at: 0) }
                    return way
                }
                guard cameFrom[other] == nil else { continue }
                cameFrom[other] = here
                queue.append(other)
            }
        }
        return nil
    }
}
