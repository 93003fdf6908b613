/// A source line and the caret line under it, so that the caret stands under its character in a
/// terminal: East Asian wide characters take two cells, combining marks none, a tab is shown as
/// one space, other control characters as `·`.
struct ExcerptLine {
    let scalars: [Unicode.Scalar]
    /// From 1.
    let column: Int
    let length: Int

    /// A line is cut to this many scalars around the place: a minified or binary line of a
    /// megabyte would bury the message.
    static let widthLimit = 120

    init(_ scalars: [Unicode.Scalar], column: Int, length: Int) {
        self.scalars = scalars
        self.column = column
        self.length = length
    }

    var rendered: (line: String, caret: String) {
        let place = min(max(0, column - 1), scalars.count)
        let start = scalars.count <= Self.widthLimit ? 0 : max(0, place - Self.widthLimit / 2)
        let end = min(scalars.count, start + Self.widthLimit)
        var line = start > 0 ? "…" : ""
        var caret = start > 0 ? " " : ""
        let marked = place..<max(place + 1, min(place + length, end))
        for position in start..<end {
            let scalar = scalars[position]
            let cells = Self.cells(of: scalar)
            line.unicodeScalars.append(Self.shown(scalar))
            if position < place {
                caret += String(repeating: " ", count: cells)
            } else if marked.contains(position), cells > 0 {
                let first = position == place
                caret += (first ? "^" : "~") + String(repeating: "~", count: cells - 1)
            }
        }
        if end < scalars.count { line += "…" }
        if place >= end { caret += "^" }
        return (line, caret)
    }

    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar == "\t" { return " " }
        return scalar.properties.generalCategory == .control ? "·" : scalar
    }

    /// Terminal cells of a scalar, after Unicode's East Asian Width (UAX #11), W and F being two.
    static func cells(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
            0x1F900...0x1F9FF, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
            return 2
        default:
            return 1
        }
    }
}

/// Terminal cells of a text, as `ExcerptLine` counts them: Chinese names take two a character.
package func terminalWidth(of text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ExcerptLine.cells(of: $1) }
}
