import Yams

/// Turns libyaml's words into a place and plain advice.
struct SyntaxAdvice {
    let file: SourceFile

    func diagnostic(for error: any Error) -> Diagnostic {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            return Diagnostic(.error, at: file.range(line: mark.line, column: mark.column), "RAW \(problem) CONTEXT \(context?.text ?? "") \(context?.mark.line ?? 0):\(context?.mark.column ?? 0)")
        case YamlError.reader(let problem, _, _, _):
            return Diagnostic(.error, path: file.path, "not YAML: \(problem)")
        default:
            return Diagnostic(.error, path: file.path, "not YAML: \(error)")
        }
    }
}
