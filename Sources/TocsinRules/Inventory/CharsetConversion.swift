import Glibc

/// Text in the encodings that spreadsheets export: UTF-8 with or without byte order mark, else
/// GB 18030, which includes GBK and GB 2312.
enum CharsetConversion {
    /// The text; nil and a report when the bytes are neither.
    static func text(
        _ bytes: [UInt8], path: String, reporting diagnostics: DiagnosticList
    ) -> String? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            diagnostics.add(
                Diagnostic(
                    .error, path: path, "the file is saved as UTF-16",
                    help: "save it as \"CSV UTF-8\""))
            return nil
        }
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let text = String(validating: content, as: UTF8.self) { return text }
        let (text, isWhole) = fromGB18030(Array(content))
        guard !isWhole else { return text }
        let file = SourceFile(path: path, text: text)
        diagnostics.error(
            at: file.range(at: file.text.endIndex),
            "the text is neither UTF-8 nor GB 18030 from here on",
            help: "save the file as \"CSV UTF-8\"")
        return nil
    }

    /// What could be converted, and whether that is all.
    static func fromGB18030(_ bytes: [UInt8]) -> (text: String, isWhole: Bool) {
        guard let descriptor = iconv_open("UTF-8", "GB18030"),
            descriptor != iconv_t(bitPattern: -1)
        else { return ("", false) }
        defer { iconv_close(descriptor) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // Two bytes of GB 18030 become at most three of UTF-8, one becomes one.
        var output = [CChar](repeating: 0, count: bytes.count * 2 + 8)
        var inputLeft = input.count
        var outputLeft = output.count
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                // The pointers stay inside both closures; iconv moves its copies only.
                var from = source.baseAddress
                var to = target.baseAddress
                return iconv(descriptor, &from, &inputLeft, &to, &outputLeft)
            }
        }
        let made = output.prefix(output.count - outputLeft).map { UInt8(bitPattern: $0) }
        return (String(decoding: made, as: UTF8.self), result >= 0)
    }
}
