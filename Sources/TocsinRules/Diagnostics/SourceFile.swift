/// One text that diagnostics point into: its path as shown to the user, and where its lines begin.
///
/// Lines and columns count from 1. A column counts Unicode scalars, as libyaml does, a tab being
/// one. Lines end at LF, CR LF or a lone CR, and nowhere else. Shared by every node, cell and
/// diagnostic of the file, hence a class; nothing in it changes.
package final class SourceFile: Sendable {
    package let path: String
    package let text: String
    private let lineStarts: [String.Index]

    package init(path: String, text: String) {
        self.path = path
        // A native string gives constant-time access to the bytes; a bridged one does not.
        var native = text
        native.makeContiguousUTF8()
        self.text = native
        var starts = [native.startIndex]
        let bytes = native.utf8
        var index = bytes.startIndex
        while index != bytes.endIndex {
            let byte = bytes[index]
            index = bytes.index(after: index)
            if byte == UInt8(ascii: "\r"), index != bytes.endIndex, bytes[index] == 10 { continue }
            if byte == 10 || byte == UInt8(ascii: "\r") { starts.append(index) }
        }
        lineStarts = starts
    }

    package var lineCount: Int { lineStarts.count }

    /// The text of a line without its line break; empty beyond the last line.
    package func line(_ number: Int) -> Substring {
        guard number >= 1, number <= lineStarts.count else { return "" }
        let start = lineStarts[number - 1]
        let end = number < lineStarts.count ? lineStarts[number] : text.endIndex
        var scalars = text.unicodeScalars[start..<end]
        while let last = scalars.last, last == "\n" || last == "\r" { scalars.removeLast() }
        return Substring(scalars)
    }

    /// Where a line and column stand in the text; clamped to the line's end.
    package func index(line: Int, column: Int) -> String.Index {
        guard line >= 1 else { return text.startIndex }
        guard line <= lineStarts.count else { return text.endIndex }
        let content = self.line(line).unicodeScalars
        return content.index(
            content.startIndex, offsetBy: max(0, column - 1), limitedBy: content.endIndex)
            ?? content.endIndex
    }

    /// The range of a position in the text.
    package func range(at index: String.Index, length: Int = 1) -> SourceRange {
        var low = 0
        var high = lineStarts.count
        // Invariant: lineStarts[low] <= index < lineStarts[high]; ends in log2(lines) rounds.
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= index { low = middle } else { high = middle }
        }
        let column = text.unicodeScalars.distance(from: lineStarts[low], to: index) + 1
        return SourceRange(file: self, line: low + 1, column: column, length: length)
    }

    /// The range of a line and column; beyond the last line, the end of the last: a reader of YAML
    /// puts what is missing at the end of a text without a line feed on a line that is not there.
    package func range(line: Int, column: Int = 1, length: Int = 1) -> SourceRange {
        guard line <= lineCount else {
            let end = self.line(lineCount).unicodeScalars.count + 1
            return SourceRange(file: self, line: lineCount, column: end, length: 1)
        }
        return SourceRange(file: self, line: line, column: column, length: length)
    }
}

/// Where something stands in a source file: a run of `length` Unicode scalars on one line.
package struct SourceRange: Sendable {
    package var file: SourceFile
    package var line: Int
    package var column: Int
    package var length: Int

    package init(file: SourceFile, line: Int, column: Int, length: Int) {
        self.file = file
        self.line = line
        self.column = column
        self.length = length
    }

    /// The part of this range that begins `offset` scalars in.
    package func part(offset: Int, length: Int = 1) -> SourceRange {
        SourceRange(file: file, line: line, column: column + offset, length: length)
    }
}

extension SourceRange: Equatable {
    package static func == (a: SourceRange, b: SourceRange) -> Bool {
        a.file === b.file && a.line == b.line && a.column == b.column && a.length == b.length
    }
}
