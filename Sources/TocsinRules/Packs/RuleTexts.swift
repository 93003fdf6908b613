package import TocsinEngine

/// A part of a rule file, as it is written there.
package struct RuleText: Sendable, Equatable {
    package var path: String
    /// The first of `lines`, counted from 1.
    package var line: Int
    /// Without line ends; comments between them stay.
    package var lines: [String]
}

/// A rule that a pack takes out of force.
package struct DisabledRule: Sendable, Equatable {
    package var reason: String
    /// As written; nil = without an end.
    package var until: String?
    /// `path:line:column`.
    package var place: String
}

/// The rules of a bundle as their authors wrote them. Read when someone asks: at run time nothing
/// is kept of the texts but the bundle's bytes.
package struct RuleTexts {
    private let documents: [PackDocument]
    private let day: CalendarDay

    /// Lines shown of one rule; a longer one is cut.
    package static let linesMax = 80
    /// Keys that decide when a pack's own trouble rules raise.
    private static let troubleKeys = [
        "every", "heartbeat", "stale_after", "fault", "states", "trouble",
    ]

    /// The bundle was loaded before: what is wrong in it is not said again.
    package init(_ bundle: RuleBundle) {
        let quiet = DiagnosticList()
        day = bundle.day
        documents = bundle.files.filter { $0.role == .rules }.flatMap { file -> [PackDocument] in
            let stream = YAMLReader.read(file.bytes, path: file.path, reporting: quiet)
            return (stream?.documents ?? []).compactMap { PackDocument($0, reporting: quiet) }
        }
    }

    /// Where a rule is written: in the pack that defines it and in each that changes it, the
    /// definition first. A trouble rule is written as the keys that decide it.
    package func texts(pack: String, rule: Rule) -> [RuleText] {
        chain(of: pack).flatMap { document -> [RuleText] in
            switch rule.trigger {
            case .condition: entries(named: rule.shortName, in: document)
            case .voteOut:
                entries(named: String(rule.shortName.dropLast("-out".count)), in: document)
            case .stale, .bad, .clock:
                (document.node.mapping ?? []).filter { RuleTexts.troubleKeys.contains($0.key) }
                    .map { RuleTexts.text(of: $0.keyRange, insideIs: $0.keyRange.column + 1) }
            }
        }
    }

    /// The entry that takes a rule out of force, by the names of pack and rule.
    package func disabled(pack: String, rule name: String) -> DisabledRule? {
        for document in chain(of: pack) {
            for item in document.node["disable"]?.sequence ?? []
            where item["alarm"]?.scalar?.text == name {
                let until = item["until"]?.scalar?.text
                if let until, let end = CalendarDay(parsing: until), end <= day { continue }
                let range = item["alarm"]?.range ?? item.range
                return DisabledRule(
                    reason: item["reason"]?.scalar?.text ?? "no reason given", until: until,
                    place: "\(range.file.path):\(range.line):\(range.column)")
            }
        }
        return nil
    }

    /// Where a pack's limit is given its value, `path:line:column`; the nearest extension wins.
    package func limitPlace(pack: String, limit name: String) -> String? {
        for document in chain(of: pack).reversed() {
            let entries = document.node["limits"]?.mapping ?? []
            guard let entry = entries.first(where: { $0.key == name }) else { continue }
            let range = entry.keyRange
            return "\(range.file.path):\(range.line):\(range.column)"
        }
        return nil
    }

    /// The `match:` of a pack, in the nearest document that gives one.
    package func match(pack: String) -> RuleText? {
        for document in chain(of: pack).reversed() {
            let entries = document.node.mapping ?? []
            guard let entry = entries.first(where: { $0.key == "match" }) else { continue }
            return RuleTexts.text(of: entry.keyRange, insideIs: entry.keyRange.column + 1)
        }
        return nil
    }

    /// The packs that others extend.
    package var extendedPacks: Set<String> { Set(documents.compactMap { $0.extends?.text }) }

    /// The packs, and for each the rules that it takes out of force.
    package var disabledNames: [(pack: String, rule: String)] {
        documents.flatMap { document in
            chain(of: document.name).flatMap { $0.node["disable"]?.sequence ?? [] }
                .compactMap { $0["alarm"]?.scalar?.text }.map { (document.name, $0) }
        }
    }

    /// A pack's document with those it extends, the root first.
    private func chain(of pack: String) -> [PackDocument] {
        var chain: [PackDocument] = []
        var name: String? = pack
        while let wanted = name, chain.count < PackMerger.depthMax,
            let document = documents.first(where: { $0.name == wanted })
        {
            chain.insert(document, at: 0)
            name = document.extends?.text
        }
        return chain
    }

    private func entries(named name: String, in document: PackDocument) -> [RuleText] {
        var texts: [RuleText] = []
        for entry in document.node["ladder"]?.mapping ?? [] where entry.key == name {
            texts.append(RuleTexts.text(of: entry.keyRange, insideIs: entry.keyRange.column + 1))
        }
        for item in document.node["alarms"]?.sequence ?? []
        where item["name"]?.scalar?.text == name {
            texts.append(RuleTexts.text(of: item.range, insideIs: item.range.column))
        }
        return texts
    }

    /// The line of a place, and those behind it that begin at column `inside` or further right.
    private static func text(of range: SourceRange, insideIs inside: Int) -> RuleText {
        let file = range.file
        var lines = [String(file.line(range.line))]
        var number = range.line + 1
        // Ends: at the end of the file at the latest.
        while number <= file.lineCount, lines.count < linesMax {
            let line = file.line(number)
            let indent = line.prefix { $0 == " " }.count
            let isBlank = indent == line.count
            guard isBlank || indent + 1 >= inside else { break }
            lines.append(String(line))
            number += 1
        }
        while lines.count > 1, lines[lines.count - 1].allSatisfy({ $0 == " " }) {
            lines.removeLast()
        }
        return RuleText(path: file.path, line: range.line, lines: lines)
    }
}
