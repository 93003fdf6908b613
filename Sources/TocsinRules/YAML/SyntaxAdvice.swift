import Yams

/// Turns libyaml's words into a place and plain advice. libyaml says where it gave up; the mistake
/// is often elsewhere (an open quote, a missing space on the line above), and that is shown.
struct SyntaxAdvice {
    let file: SourceFile

    private static let quoteHelp = "put quotes around text that begins with % { [ * ! > @ #"

    func diagnostic(for error: any Error) -> Diagnostic {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let failure = Failure(
                problem: problem, context: context?.text ?? "",
                place: file.range(line: mark.line, column: mark.column),
                start: context.map { file.range(line: $0.mark.line, column: $0.mark.column) })
            return advice(for: failure)
        case YamlError.reader(let problem, _, _, _):
            return Diagnostic(.error, path: file.path, "cannot be read as YAML: \(problem)")
        default:
            return Diagnostic(.error, path: file.path, "cannot be read as YAML: \(error)")
        }
    }

    /// What libyaml said: where it gave up and where the thing it was reading began.
    private struct Failure {
        var problem: String
        var context: String
        var place: SourceRange
        var start: SourceRange?
    }

    private func advice(for failure: Failure) -> Diagnostic {
        if let tab = indentingTab(of: failure) {
            return error(tab, "a tab cannot indent YAML", "use spaces")
        }
        switch failure.problem {
        case "found character that cannot start any token", "found undefined alias",
            "did not find expected node content", "mapping keys are not allowed in this context",
            "did not find expected alphabetic or numeric character":
            return beginning(failure.place)
        case "did not find expected comment or line break",
            "did not find expected hexdecimal number",
            "found a tab character where an indentation space is expected":
            return beginning(failure.start ?? failure.place)
        case "found unexpected end of stream", "found unexpected document indicator":
            return error(
                failure.start ?? failure.place, "this quote is never closed",
                "close it with the same quote on the same line")
        case "found unknown escape character":
            return error(
                failure.place, "there is no such escape in double quotes",
                "use single quotes, or write \\\\ for one backslash")
        case "did not find expected ',' or ']'": return unclosed("[", "]", "list", failure)
        case "did not find expected ',' or '}'": return unclosed("{", "}", "mapping", failure)
        case "mapping values are not allowed in this context": return misplacedColon(failure.place)
        case "could not find expected ':'": return noColon(failure)
        case "did not find expected key": return noKey(failure.place)
        case "did not find expected '-' indicator":
            return error(
                failure.place, "a list ends here and something else begins at its indentation",
                "begin the line with `- `, or indent list and keys alike")
        case "block sequence entries are not allowed in this context":
            return error(
                failure.place, "a list cannot begin with `-` on the line of its key",
                "begin the list on the next line, or write [a, b]")
        case "did not find expected <document start>":
            return error(failure.place, "a new document begins with `---`", nil)
        case let problem where problem.hasPrefix("Maximum nesting level"):
            return error(failure.place, "far too many levels inside each other", nil)
        default:
            return error(failure.place, "cannot be read as YAML: \(failure.problem)", nil)
        }
    }

    private func error(_ place: SourceRange, _ message: String, _ help: String?) -> Diagnostic {
        Diagnostic(.error, at: place, message, help: help)
    }

    private func indentingTab(of failure: Failure) -> SourceRange? {
        let line = file.line(failure.place.line).unicodeScalars
        guard let tab = line.prefix(while: { $0 == " " || $0 == "\t" }).firstIndex(of: "\t"),
            failure.problem.contains("tab") || failure.problem.contains("cannot start any token")
        else { return nil }
        return failure.place.file.range(at: tab)
    }

    private func beginning(_ place: SourceRange) -> Diagnostic {
        let rest = file.line(place.line).unicodeScalars.dropFirst(place.column - 1)
        guard let first = rest.first else {
            return error(place, "a value is missing here", nil)
        }
        return error(place, "text cannot begin with `\(first)`", Self.quoteHelp)
    }

    private func unclosed(
        _ open: String, _ close: String, _ what: String, _ failure: Failure
    ) -> Diagnostic {
        guard let start = failure.start, start.line != failure.place.line else {
            return error(
                failure.place, "a comma or `\(close)` is missing before this",
                "put quotes around text that holds , [ ] { }")
        }
        return error(
            start, "the `\(open)` of this \(what) is never closed", "close it with `\(close)`")
    }

    /// A `: ` where no key can be.
    private func misplacedColon(_ place: SourceRange) -> Diagnostic {
        let line = Array(file.line(place.line).unicodeScalars)
        let before = line.prefix(place.column - 1)
        if let first = firstColon(before) {
            let value = before[(first + 1)...].drop { $0 == " " }
            if value.first == "\u{201C}" || value.first == "\u{2018}" {
                return error(
                    place, "“ ” and ‘ ’ are no quotes to YAML", "use plain quotes: \"…\"")
            }
            return error(
                place, "a second `: ` in one value", "put quotes around text that holds `: `")
        }
        let above = line.isEmpty ? 1 : contentLine(before: place.line)
        if let mistake = colonMistake(onLine: above) { return mistake }
        return error(
            file.range(line: place.line, column: indentation(of: place.line) + 1),
            "this line is indented under one that has a value already",
            "line it up with the key above, or put quotes around a text of several lines")
    }

    /// A line that is no `key: value`.
    private func noColon(_ failure: Failure) -> Diagnostic {
        let start = failure.start ?? failure.place
        if let mistake = colonMistake(onLine: start.line) { return mistake }
        if let cut = cutLine(above: start.line) { return cut }
        return error(start, "this line has no `: ` behind its key", "write `key: value`")
    }

    private func noKey(_ place: SourceRange) -> Diagnostic {
        let before = file.line(place.line).unicodeScalars.prefix(place.column - 1)
        if let last = before.last(where: { !isBlank($0) }), last != "-" {
            let help =
                last == "'"
                ? "inside '…' write '' for one quote, or use \"…\""
                : "put quotes around the whole text"
            return error(place, "text goes on behind the closing `\(last)`", help)
        }
        if let cut = cutLine(above: place.line) { return cut }
        return error(
            place, "the indentation of this line fits none above", "line it up with its siblings")
    }

    /// `every:1s` and `every：1s` are text to YAML, and the next line is where it gives up.
    private func colonMistake(onLine number: Int) -> Diagnostic? {
        let line = Array(file.line(number).unicodeScalars)
        guard firstColon(line[...]) == nil else { return nil }
        if let wide = line.firstIndex(of: "：") {
            return error(
                file.range(line: number, column: wide + 1), "the colon `：` is full-width",
                "write `: `")
        }
        if let tight = line.firstIndex(of: ":") {
            return error(
                file.range(line: number, column: tight + 1), "no space behind the colon",
                "write `: `")
        }
        if let equals = line.firstIndex(of: "=") {
            return error(
                file.range(line: number, column: equals + 1),
                "a key and its value are joined by `: `, not by `=`", "write `key: value`")
        }
        return nil
    }

    /// The line above lost its end to a `#`, and this one was to continue it.
    private func cutLine(above number: Int) -> Diagnostic? {
        let above = contentLine(before: number)
        let line = Array(file.line(above).unicodeScalars)
        guard
            let hash = line.indices.dropFirst().first(where: {
                line[$0] == "#" && isBlank(line[$0 - 1])
            })
        else { return nil }
        return error(
            file.range(line: above, column: hash + 1, length: line.count - hash),
            "YAML drops the rest of the line from # on, so the next line does not continue it",
            "put quotes around the whole text")
    }

    /// The first `: ` or closing `:` outside quotes, as an offset.
    private func firstColon(_ line: ArraySlice<Unicode.Scalar>) -> Int? {
        line.indices.first { index in
            line[index] == ":" && (index + 1 == line.endIndex || isBlank(line[index + 1]))
        }
    }

    private func contentLine(before number: Int) -> Int {
        var line = number - 1
        while line > 1, file.line(line).allSatisfy({ $0 == " " }) { line -= 1 }
        return max(1, line)
    }

    private func indentation(of number: Int) -> Int {
        file.line(number).unicodeScalars.prefix { $0 == " " }.count
    }
}
