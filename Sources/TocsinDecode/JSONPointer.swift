/// A JSON Pointer (RFC 6901), taken apart: `/a~1b/0` has the tokens `a/b` and `0`.
package struct JSONPointer: Hashable, Sendable {
    package var tokens: [String]

    /// Why a text is no pointer; `offset` in bytes from 0.
    package struct SyntaxError: Error, Equatable, Sendable {
        package var offset: Int
        package var message: String
    }

    /// Reads the text form; the empty text is the whole payload.
    package init(parsing text: String) throws(SyntaxError) {
        tokens = []
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return }
        guard bytes[0] == 0x2F else {
            throw SyntaxError(offset: 0, message: "a JSON Pointer begins with `/`: write /\(text)")
        }
        var token: [UInt8] = []
        var position = 1
        while position < bytes.count {
            switch bytes[position] {
            case 0x2F:
                tokens.append(String(decoding: token, as: UTF8.self))
                token = []
            case 0x7E:
                position += 1
                guard position < bytes.count, bytes[position] == 0x30 || bytes[position] == 0x31
                else {
                    throw SyntaxError(
                        offset: position - 1,
                        message: "`~` is written ~0 and `/` inside a name ~1 (RFC 6901)")
                }
                token.append(bytes[position] == 0x30 ? 0x7E : 0x2F)
            default: token.append(bytes[position])
            }
            position += 1
        }
        tokens.append(String(decoding: token, as: UTF8.self))
    }

    /// The index a token means in an array; nil for names, `-`, signs and leading zeros.
    static func arrayIndex(_ token: String) -> Int32? {
        let digits = token.utf8
        guard digits.allSatisfy(ASCII.isDigit), digits.count == 1 || digits.first != 0x30
        else { return nil }
        return Int32(token)
    }
}
