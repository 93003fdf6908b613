import Yams

/// Reads YAML text into `YAMLNode`s; everything wrong is reported with its place, and one broken
/// document or one repeated key does not hide the others.
///
/// Yams composes the nodes. It stops at the first repeated key, so a repeated key is renamed to a
/// private character where Yams found it and the text is read again: places stay true, because a
/// character is replaced by a character, and the tree in the end holds every key.
package struct YAMLReader {
    /// Reads a file's bytes; nil when they are no text that YAML could be read from. `path` is as
    /// shown to the user.
    package static func read(
        _ bytes: [UInt8], path: String, limits: YAMLLimits = YAMLLimits(),
        reporting diagnostics: DiagnosticList
    ) -> YAMLStream? {
        guard bytes.count <= limits.bytes else {
            diagnostics.add(
                Diagnostic(
                    .error, path: path,
                    "the file has \(bytes.count) bytes; at most \(limits.bytes) are read",
                    help: "split it into several files"))
            return nil
        }
        guard let file = TextDecoding.utf8(bytes, path: path, reporting: diagnostics) else {
            return nil
        }
        return read(file, limits: limits, reporting: diagnostics)
    }

    /// Reads a text that is at hand already.
    package static func read(
        _ file: SourceFile, limits: YAMLLimits = YAMLLimits(),
        reporting diagnostics: DiagnosticList
    ) -> YAMLStream {
        var reader = YAMLReader(file: file, limits: limits, diagnostics: diagnostics)
        guard reader.checkCharacters(), reader.checkLines(), reader.checkAliases()
        else {
            return YAMLStream(file: file, documents: [])
        }
        reader.readParts()
        return YAMLStream(file: file, documents: reader.documents)
    }

    private let file: SourceFile
    private let limits: YAMLLimits
    private let diagnostics: DiagnosticList
    /// The text as handed to Yams, with repeated keys renamed; same places as in `file`.
    private var scalars: [Unicode.Scalar]
    private var lineStarts: [Int] = [0]
    private var renamedKeys: [SourcePosition: RenamedKey] = [:]
    private var documents: [YAMLNode] = []

    private init(file: SourceFile, limits: YAMLLimits, diagnostics: DiagnosticList) {
        self.file = file
        self.limits = limits
        self.diagnostics = diagnostics
        // libyaml ends lines at NEL, LS and PS too; no editor counts them.
        scalars = file.text.unicodeScalars.map { scalar in
            scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}" ? " " : scalar
        }
        for (offset, scalar) in scalars.enumerated() {
            let followed = offset + 1 < scalars.count && scalars[offset + 1] == "\n"
            if scalar == "\n" || (scalar == "\r" && !followed) { lineStarts.append(offset + 1) }
        }
    }

    /// Reports characters that YAML forbids; libyaml's own report has no place.
    private func checkCharacters() -> Bool {
        guard
            let offset = scalars.firstIndex(where: { scalar in
                switch scalar.value {
                case 0x09, 0x0A, 0x0D, 0x20...0x7E: false
                case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF: true
                default: false
                }
            })
        else { return true }
        let line = lineStarts.lastIndex { $0 <= offset } ?? 0
        let code = String(scalars[offset].value, radix: 16, uppercase: true)
        diagnostics.error(
            at: file.range(line: line + 1, column: offset - lineStarts[line] + 1),
            "the character U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code)"
                + " cannot stand in YAML",
            help: scalars[offset] == "\u{FEFF}"
                ? "a byte order mark belongs at the beginning only: were two files joined here?"
                : "delete this invisible character")
        return false
    }

    private func checkLines() -> Bool {
        for (line, start) in lineStarts.enumerated() {
            let end = line + 1 < lineStarts.count ? lineStarts[line + 1] : scalars.count
            guard end - start > limits.lineLength + 2 else { continue }
            diagnostics.error(
                at: file.range(line: line + 1, column: limits.lineLength + 1),
                "this line is longer than \(limits.lineLength) characters",
                help: "break it into several lines")
            return false
        }
        return true
    }

    /// Refuses a text with anchors and more aliases than could be an oversight, unread: Yams
    /// compares keys by their whole content, which aliases of aliases make grow without bound.
    private func checkAliases() -> Bool {
        func starts(_ sign: Unicode.Scalar) -> [Int] {
            scalars.indices.dropLast().filter { index in
                guard scalars[index] == sign, scalars[index + 1].properties.isAlphabetic
                else { return false }
                let before = index == 0 ? " " : scalars[index - 1]
                return isBlank(before) || before == "[" || before == "," || before == "{"
            }
        }
        let aliases = starts("*")
        guard aliases.count > limits.aliases, !starts("&").isEmpty else { return true }
        let line = lineStarts.lastIndex { $0 <= aliases[0] } ?? 0
        diagnostics.error(
            at: file.range(line: line + 1, column: aliases[0] - lineStarts[line] + 1),
            NodeConverter.anchorMessage, help: NodeConverter.anchorHelp)
        return false
    }

    /// Reads on behind a document that is broken, from the next line that begins with `---`.
    private mutating func readParts() {
        var line = 1
        for _ in 0..<limits.documents {
            guard let failedLine = readPart(fromLine: line) else { return }
            guard let next = nextDocument(after: failedLine) else { return }
            line = next
        }
    }

    /// Reads from a line to the end; the line of a syntax error, if there is one.
    private mutating func readPart(fromLine line: Int) -> Int? {
        let padding = String(repeating: "\n", count: line - 1)
        for _ in 0...limits.repeatedKeys {
            var text = padding
            text.unicodeScalars.append(contentsOf: scalars[lineStarts[line - 1]...])
            var roots: [Node] = []
            do {
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                while let root = try parser.nextRoot() { roots.append(root) }
                convert(roots)
                return nil
            } catch YamlError.duplicatedKeysInMapping(_, let context) {
                if rename(SourcePosition(context.mark)) { continue }
                convert(roots)
                diagnostics.error(
                    at: file.range(line: context.mark.line, column: context.mark.column),
                    "a key stands twice in this mapping")
                return context.mark.line
            } catch {
                convert(roots)
                let found = SyntaxAdvice(file: file).diagnostic(for: error)
                diagnostics.add(found)
                return found.line
            }
        }
        diagnostics.error(
            at: file.range(line: line),
            "more than \(limits.repeatedKeys) keys are repeated; the rest was not read")
        return nil
    }

    private func nextDocument(after failedLine: Int) -> Int? {
        guard failedLine < file.lineCount else { return nil }
        return (failedLine + 1...file.lineCount).first { file.line($0).hasPrefix("---") }
    }

    /// Replaces the first character of the key at a place, so that it is unlike any other. False
    /// where that would change more than the name.
    private mutating func rename(_ position: SourcePosition) -> Bool {
        guard position.line >= 1, position.line <= lineStarts.count else { return false }
        var offset = lineStarts[position.line - 1] + position.column - 1
        guard offset < scalars.count, renamedKeys[position] == nil else { return false }
        if scalars[offset] == "\"" || scalars[offset] == "'" { offset += 1 }
        let structural: [Unicode.Scalar] = ["\"", "'", "\\", "[", "{", "?", "&", "*", "!"]
        guard offset < scalars.count, !structural.contains(scalars[offset]),
            !isBlank(scalars[offset]),
            // Private use area: printable to libyaml, in no real key.
            let stand = Unicode.Scalar(0xE000 + UInt32(renamedKeys.count))
        else { return false }
        renamedKeys[position] = RenamedKey(standIn: stand, original: scalars[offset])
        scalars[offset] = stand
        return true
    }

    private mutating func convert(_ roots: [Node]) {
        var converter = NodeConverter(
            file: file, limits: limits, diagnostics: diagnostics, renamedKeys: renamedKeys)
        for root in roots {
            guard documents.count < limits.documents else {
                diagnostics.error(
                    at: file.range(line: root.mark?.line ?? 1),
                    "more than \(limits.documents) documents in one file")
                return
            }
            guard let document = converter.convert(root), !document.isEmpty else { continue }
            documents.append(document)
        }
    }
}

/// A line and column, from 1.
struct SourcePosition: Hashable {
    var line: Int
    var column: Int

    init(_ mark: Mark) {
        line = mark.line
        column = mark.column
    }
}

/// The first character of a repeated key and what stands in for it while Yams reads.
struct RenamedKey {
    var standIn: Unicode.Scalar
    var original: Unicode.Scalar
}
