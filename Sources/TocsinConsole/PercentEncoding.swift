/// Percent-encoding of a path's part (RFC 3986 §2.1): the router hands parameters on as they came.
enum PercentEncoding {
    /// `%2F` becomes `/`; what is no pair of hex digits, or no UTF-8 together, stays as it is.
    static func decoded(_ text: some StringProtocol) -> String {
        let bytes = Array(text.utf8)
        var plain: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let pair = bytes[position...].prefix(3)
            if bytes[position] == UInt8(ascii: "%"), pair.count == 3,
                let high = digit(bytes[position + 1]), let low = digit(bytes[position + 2])
            {
                plain.append(high << 4 | low)
                position += 3
            } else {
                plain.append(bytes[position])
                position += 1
            }
        }
        return String(validating: plain, as: UTF8.self) ?? String(text)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
