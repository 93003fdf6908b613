/// Text as JSON writes it.
package enum JSONText {
    /// The members of an array of strings, without its brackets.
    package static func list(_ texts: [String]) -> String {
        texts.map(quoted).joined(separator: ",")
    }

    /// A JSON string (RFC 8259): control characters, quote and backslash escaped, the rest UTF-8.
    package static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case let control where control.value < 0x20:
                let hex = String(control.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
