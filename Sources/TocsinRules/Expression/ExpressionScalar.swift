/// One character of an expression with its place, folded to the plain form it stands for: Chinese
/// input methods give full-width digits, operators and quotes (contract §4).
struct ExpressionScalar {
    var scalar: Unicode.Scalar
    var original: Unicode.Scalar
    var offset: Int

    var length: Int { UTF8.width(original) }

    var isSpace: Bool { scalar == " " }
    var isDigit: Bool { ("0"..."9").contains(scalar) }
    var isLetter: Bool { scalar.properties.isAlphabetic }
    var beginsName: Bool { isLetter || scalar == "_" }
    var continuesName: Bool { beginsName || isDigit }

    /// `%LEL /min °C ℃ Ω ppm`: what a unit may begin with.
    var beginsUnit: Bool {
        switch scalar {
        case "%", "/", "°", "\u{2103}", "\u{2109}": true
        default: isLetter
        }
    }

    /// `m3/h`, `LEL·m`, `m²`: what may follow inside a unit.
    var continuesUnit: Bool {
        switch scalar {
        case "·", "\u{22C5}", "²", "³", "_": true
        default: beginsUnit || isDigit
        }
    }

    /// The characters of `text` with their byte offsets.
    static func all(of text: String) -> [ExpressionScalar] {
        var offset = 0
        var scalars: [ExpressionScalar] = []
        scalars.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            let entry = ExpressionScalar(scalar: folded(scalar), original: scalar, offset: offset)
            scalars.append(entry)
            offset += entry.length
        }
        return scalars
    }

    /// `÷` stays apart from `/`: right behind a number only `/` belongs to the unit.
    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(UInt8(scalar.value - 0xFEE0))
        case 0x09, 0x0A, 0x0D, 0xA0, 0x3000: " "
        case 0x2212: "-"
        case 0xD7: "*"
        case 0x201C, 0x201D: "\""
        case 0x2018, 0x2019: "'"
        default: scalar
        }
    }
}
