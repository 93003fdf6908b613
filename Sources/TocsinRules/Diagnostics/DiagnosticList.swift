/// What was found wrong, collected while reading goes on, so that one run shows every mistake.
///
/// Shared by all readers of a check, hence a class; used from one thread.
package final class DiagnosticList {
    /// More findings than this are counted, not kept: a wrong separator makes one per cell.
    package static let standardLimit = 200

    private let limit: Int
    private var kept: Set<Diagnostic> = []
    /// Errors so far, those beyond the limit included.
    package private(set) var errorCount = 0
    package private(set) var warningCount = 0
    /// Findings beyond the limit, which are not in `sorted`.
    package private(set) var omittedCount = 0

    /// The keys that readers asked each kind of mapping for, by the mapping's name; nil unless
    /// wanted. Tests hold them against the schemas.
    package private(set) var keysAsked: [String: Set<String>]?

    package init(limit: Int = DiagnosticList.standardLimit, recordsKeys: Bool = false) {
        self.limit = limit
        keysAsked = recordsKeys ? [:] : nil
    }

    func note(keys: Set<String>, of mapping: String) {
        keysAsked?[mapping, default: []].formUnion(keys)
    }

    package var hasErrors: Bool { errorCount > 0 }

    /// Keeps a finding unless the very same one is there already.
    package func add(_ diagnostic: Diagnostic) {
        if kept.contains(diagnostic) { return }
        switch diagnostic.severity {
        case .error: errorCount += 1
        case .warning: warningCount += 1
        }
        guard kept.count < limit else {
            omittedCount += 1
            return
        }
        kept.insert(diagnostic)
    }

    package func add(_ diagnostics: some Sequence<Diagnostic>) {
        for diagnostic in diagnostics { add(diagnostic) }
    }

    package func error(at range: SourceRange, _ message: String, help: String? = nil) {
        add(Diagnostic(.error, at: range, message, help: help))
    }

    package func warning(at range: SourceRange, _ message: String, help: String? = nil) {
        add(Diagnostic(.warning, at: range, message, help: help))
    }

    /// By path, line, column, errors first, then message: the same input gives the same list.
    package var sorted: [Diagnostic] {
        kept.sorted { a, b in
            (a.path, a.line, a.column, a.severity.rawValue, a.message, a.help ?? "")
                < (b.path, b.line, b.column, b.severity.rawValue, b.message, b.help ?? "")
        }
    }

    /// All findings for a terminal, with a last line about those left out.
    package var rendered: String {
        var text = sorted.map(\.rendered).joined()
        if omittedCount > 0 { text += "and \(omittedCount) more\n" }
        return text
    }
}
