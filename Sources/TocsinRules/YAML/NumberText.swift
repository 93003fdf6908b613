/// Numbers as people write them in configuration and spreadsheets; full-width digits and signs are
/// read as plain ones (contract §4).
package enum NumberText {
    /// Full-width forms (U+FF01…FF5E), the ideographic space and the minus sign as ASCII.
    package static func folded(_ text: some StringProtocol) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: folded.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
            case 0x3000, 0xA0: folded.append(" ")
            case 0x2212: folded.append("-")
            default: folded.append(scalar)
            }
        }
        return String(folded)
    }

    /// A decimal number, surrounding blanks allowed; nil for anything else, `nan`, `inf` and
    /// hexadecimal forms included.
    package static func number(_ text: some StringProtocol) -> Double? {
        let plain = trimmed(folded(text))
        let allowed = plain.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || ".+-eE".utf8.contains(byte)
        }
        guard allowed, let number = Double(plain), number.isFinite else { return nil }
        return number
    }

    package static func integer(_ text: some StringProtocol) -> Int? {
        Int(trimmed(folded(text)))
    }

    /// `262144`, `512 B`, `256KiB`, `4 MiB`, `1GiB`; nil when not whole bytes or too large.
    package static func byteCount(_ text: some StringProtocol) -> Int? {
        let plain = trimmed(folded(text))
        let digits = plain.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits) else { return nil }
        let shift: Int
        switch trimmed(String(plain.dropFirst(digits.count))) {
        case "", "B": shift = 0
        case "KiB": shift = 10
        case "MiB": shift = 20
        case "GiB": shift = 30
        case "TiB": shift = 40
        default: return nil
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : bytes
    }

    /// `true false yes no on off` in any case of letters.
    package static func truth(_ text: some StringProtocol) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "on": true
        case "false", "no", "off": false
        default: nil
        }
    }

    package static func trimmed(_ text: String) -> String {
        let rest = text.drop { $0 == " " || $0 == "\t" }
        var end = rest
        while let last = end.last, last == " " || last == "\t" { end.removeLast() }
        return String(end)
    }
}
