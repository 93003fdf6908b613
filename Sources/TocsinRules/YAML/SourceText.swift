/// Where the text of a scalar stands in its source: quotes, escapes, folded lines and block
/// indentation make the two differ.
extension YAMLNode {
    /// The place of a part of the scalar's text, given in Unicode scalars: what an expression's
    /// parser found wrong at an offset is shown under the very characters. A part that goes over
    /// a line's end is cut there; where text and source do not align, the scalar's own range.
    package func range(ofTextAt offset: Int, length: Int = 1) -> SourceRange {
        guard let scalar, let start = contentStart(scalar.style),
            let first = sourceIndex(from: start, skipping: offset)
        else { return range }
        // Whitespace that a folded line left before the wanted character is not the character.
        let wanted = Array(scalar.text.unicodeScalars.dropFirst(offset).prefix(max(1, length)))
        let source = range.file.text.unicodeScalars
        var index = first
        if let head = wanted.first, !isBlank(head) {
            while index != source.endIndex, isBlank(source[index]) {
                index = source.index(after: index)
            }
        }
        let place = range.file.range(at: index)
        let rest = range.file.line(place.line).unicodeScalars.count - place.column + 1
        return place.part(offset: 0, length: max(1, min(length, rest)))
    }

    /// Just behind the scalar's last character in the source, a closing quote not included.
    var sourceEnd: String.Index? {
        guard let scalar, let start = contentStart(scalar.style) else { return nil }
        return sourceIndex(from: start, skipping: scalar.text.unicodeScalars.count)
    }

    private func contentStart(_ style: YAMLScalar.Style) -> String.Index? {
        let source = range.file.text.unicodeScalars
        let mark = range.file.index(line: range.line, column: range.column)
        switch style {
        case .plain:
            return mark
        case .singleQuoted, .doubleQuoted:
            return mark == source.endIndex ? nil : source.index(after: mark)
        case .block:
            return range.file.index(line: range.line + 1, column: 1)
        }
    }

    /// Walks text and source side by side.
    private func sourceIndex(from start: String.Index, skipping count: Int) -> String.Index? {
        guard let scalar else { return nil }
        let source = range.file.text.unicodeScalars
        var index = start
        for wanted in scalar.text.unicodeScalars.prefix(count) {
            while index != source.endIndex, source[index] != wanted, isBlank(source[index]) {
                index = source.index(after: index)
            }
            guard index != source.endIndex else { return nil }
            let found = source[index]
            if found == wanted {
                index = source.index(after: index)
                // '' inside single quotes is one quote.
                if scalar.style == .singleQuoted, wanted == "'" {
                    index = source.index(after: index)
                }
            } else if found == "\\", scalar.style == .doubleQuoted {
                guard let next = escapeEnd(at: index) else { return nil }
                index = next
            } else if !isBlank(wanted) {
                return nil
            }
        }
        return index
    }

    private func escapeEnd(at backslash: String.Index) -> String.Index? {
        let source = range.file.text.unicodeScalars
        let letter = source.index(after: backslash)
        guard letter != source.endIndex else { return nil }
        let digits: Int
        switch source[letter] {
        case "x": digits = 2
        case "u": digits = 4
        case "U": digits = 8
        default: digits = 0
        }
        return source.index(letter, offsetBy: digits + 1, limitedBy: source.endIndex)
    }
}

/// A space, tab or line break.
func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
}
