/// Text from a file's bytes.
enum TextDecoding {
    /// UTF-8, with or without byte order mark; nil and a report at the first wrong byte otherwise.
    static func utf8(
        _ bytes: [UInt8], path: String, reporting diagnostics: DiagnosticList
    ) -> SourceFile? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            diagnostics.add(
                Diagnostic(
                    .error, path: path, "the file is saved as UTF-16", help: "save it as UTF-8"))
            return nil
        }
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let text = String(validating: content, as: UTF8.self) {
            return SourceFile(path: path, text: text)
        }
        // Decoding one by one stops at the first wrong byte, whose place is then known.
        var decoder = UTF8()
        var iterator = content.makeIterator()
        var good = String.UnicodeScalarView()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { good.append(scalar) }
        let offset = String(good).utf8.count
        let byte = String(content[content.startIndex + offset], radix: 16, uppercase: true)
        let shown = SourceFile(path: path, text: String(decoding: content, as: UTF8.self))
        let place = SourceFile(path: path, text: String(good))
        let end = place.range(at: place.text.endIndex)
        diagnostics.error(
            at: shown.range(line: end.line, column: end.column),
            "the byte 0x\(byte) is not UTF-8",
            help: "save the file as UTF-8 (it may be GBK or GB 18030)")
        return nil
    }
}
