/// Brings what the expression parser found at a byte offset to its line and column.
extension YAMLText {
    /// The place of a stretch of this text, in UTF-8 bytes.
    func range(of stretch: ExpressionRange) -> SourceRange {
        range(utf8Offset: stretch.offset, length: stretch.length)
    }

    /// The place of `length` bytes from `utf8Offset`; both are clamped to the text.
    func range(utf8Offset: Int, length: Int = 1) -> SourceRange {
        let bytes = text.utf8
        let start =
            bytes.index(bytes.startIndex, offsetBy: max(0, utf8Offset), limitedBy: bytes.endIndex)
            ?? bytes.endIndex
        let end =
            bytes.index(start, offsetBy: max(0, length), limitedBy: bytes.endIndex)
            ?? bytes.endIndex
        let scalars = text.unicodeScalars
        // A text's end has no character to point at: the last one stands for it.
        let before = scalars.distance(from: scalars.startIndex, to: start)
        let offset = min(before, max(0, scalars.count - 1))
        return node.range(
            ofTextAt: offset, length: max(1, scalars.distance(from: start, to: end)))
    }
}

extension DiagnosticList {
    /// Reports every fault of an expression at its characters.
    func add(_ faults: ExpressionErrors, in text: YAMLText) {
        for fault in faults.errors {
            error(at: text.range(of: fault.range), fault.message, help: fault.help)
        }
    }
}

extension ExpressionError {
    /// The remedy as a sentence without a full stop.
    var help: String? {
        if let suggestion { return "write `\(suggestion)`" }
        return expected.isEmpty ? nil : "possible here: " + expected.joined(separator: ", ")
    }
}
