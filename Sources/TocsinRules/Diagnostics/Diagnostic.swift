/// Something wrong with what a user wrote, its place and, where there is one, the remedy.
package struct Diagnostic: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable {
        case error, warning
    }

    package var severity: Severity
    /// As shown to the user.
    package var path: String
    /// From 1; a column counts Unicode scalars.
    package var line: Int
    package var column: Int
    /// Scalars marked by the caret line; at least 1.
    package var length: Int
    package var message: String
    /// What to do about it, a sentence without a full stop.
    package var help: String?
    /// The line that the place is in; nil where there is none to show.
    package var excerpt: String?

    package init(
        _ severity: Severity, at range: SourceRange, _ message: String, help: String? = nil
    ) {
        self.severity = severity
        path = range.file.path
        line = range.line
        column = range.column
        length = max(1, range.length)
        self.message = message
        self.help = help
        let text = range.file.line(range.line)
        excerpt = text.isEmpty ? nil : String(text)
    }

    /// A finding about a file as a whole, such as one that cannot be read.
    package init(_ severity: Severity, path: String, _ message: String, help: String? = nil) {
        self.severity = severity
        self.path = path
        line = 1
        column = 1
        length = 1
        self.message = message
        self.help = help
        excerpt = nil
    }

    /// `path:line:column: error: text`, the excerpt with a caret under it, then the help; lines
    /// end with a line feed.
    package var rendered: String {
        var text = "\(path):\(line):\(column): \(severity.rawValue): \(message)\n"
        if let excerpt {
            let (shown, caret) = ExcerptLine(
                Array(excerpt.unicodeScalars), column: column, length: length
            ).rendered
            text += "  \(shown)\n  \(caret)\n"
        }
        if let help { text += "  help: \(help)\n" }
        return text
    }

    /// One JSON object without a line feed, for `--json`; every member written, `help` may be null.
    package var json: String {
        let help = self.help.map(jsonQuoted) ?? "null"
        return "{\"severity\":\"\(severity.rawValue)\",\"path\":\(jsonQuoted(path))"
            + ",\"line\":\(line),\"column\":\(column),\"length\":\(length)"
            + ",\"message\":\(jsonQuoted(message)),\"help\":\(help)}"
    }
}

/// A JSON string (RFC 8259): control characters, quote and backslash escaped, the rest as UTF-8.
private func jsonQuoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quoted += "\\\""
        case "\\": quoted += "\\\\"
        case "\n": quoted += "\\n"
        case "\r": quoted += "\\r"
        case "\t": quoted += "\\t"
        case let scalar where scalar.value < 0x20:
            let hex = String(scalar.value, radix: 16)
            quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: quoted.unicodeScalars.append(scalar)
        }
    }
    return quoted + "\""
}
