import TocsinEngine
import TocsinModel

@testable import TocsinRules

/// Loads packs from text, as the loader does from files.
struct PackProbe {
    let rules: LoadedRules?
    let diagnostics: DiagnosticList

    static let today = CalendarDay(
        Timestamp(milliseconds: 1_790_000_000_000), utcOffsetMinutes: 480)

    init(_ texts: String..., inventory: String? = nil, day: CalendarDay = PackProbe.today) {
        var files = texts.enumerated().map { position, text in
            let name = position == 0 ? "p.yaml" : "p\(position + 1).yaml"
            return RuleBundle.File(role: .rules, name: name, path: name, bytes: Array(text.utf8))
        }
        if let inventory {
            files.append(
                RuleBundle.File(
                    role: .inventory, name: "i.csv", path: "i.csv", bytes: Array(inventory.utf8)))
        }
        diagnostics = DiagnosticList()
        rules = RuleSetLoader.load(
            RuleBundle(files: files, day: day), site: Site(id: "s"), reporting: diagnostics)
    }

    /// `line:column severity: message`, in order.
    var findings: [String] {
        diagnostics.sorted.map { found in
            let file = found.path == "p.yaml" ? "" : "\(found.path):"
            let place = "\(file)\(found.line):\(found.column)"
            return "\(place) \(found.severity.rawValue): \(found.message)"
        }
    }

    var errors: [String] { findings.filter { $0.contains(" error: ") } }
    var warnings: [String] { findings.filter { $0.contains(" warning: ") } }

    func pack(_ name: String) -> Pack? { rules?.packs.first { $0.name == name } }

    func rule(_ name: String) -> Rule? {
        rules?.packs.flatMap(\.rules).first { $0.name == name }
    }
}
