import Testing
import TocsinStore

@Suite struct HashTests {
    @Test("SHA-256 of abc is the one in FIPS 180-4, in one piece or in three")
    func sha256() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(SHA256.digest(of: Array("abc".utf8)).hex == expected)
        var state = SHA256()
        for piece in ["a", "b", "c"] { state.update(Array(piece.utf8)) }
        #expect(state.digest().hex == expected)
        #expect(SHA256Digest(hex: expected) == state.digest())
        #expect(SHA256Digest(bytes: state.digest().bytes) == state.digest())
    }

    @Test("Only 64 lower-case hexadecimal digits are a digest")
    func digestText() {
        let zeros = String(repeating: "0", count: 63)
        for text in ["", zeros, zeros + "g", zeros + "A", zeros + "00"] {
            #expect(SHA256Digest(hex: text) == nil, "\(text)")
        }
        #expect(SHA256Digest(bytes: [1, 2, 3]) == nil)
    }

    @Test("HMAC-SHA256 gives the values of RFC 4231")
    func hmac() {
        let cases: [(key: [UInt8], message: String, expected: String)] = [
            (
                [UInt8](repeating: 0x0b, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
        ]
        for (key, message, expected) in cases {
            #expect(hmacSHA256(key: key, message: Array(message.utf8)).hex == expected)
        }
    }

    @Test("Base 64 gives the values of RFC 4648 both ways")
    func base64() {
        let cases = [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
        for (plain, text) in cases {
            #expect(Base64.encode(Array(plain.utf8)) == text)
            #expect(Base64.decode(text) == Array(plain.utf8))
            #expect(Base64.decode(text.replacing("=", with: "")) == Array(plain.utf8))
        }
        let all = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(all)) == all)
    }

    @Test("Text that is no base 64 is refused, and so are bits beyond the last byte")
    func badBase64() {
        for text in ["Z", "Zg=", "Zg===", "Z===", "=", "Zm9v=", "Zm 9", "Zh==", "Zm9=", "Zm9_"] {
            #expect(Base64.decode(text) == nil, "\(text)")
        }
    }

    @Test("A webhook is signed as the Standard Webhooks libraries sign it")
    func standardWebhook() throws {
        // The example of the specification's reference libraries.
        let secret = try #require(Base64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let message = #"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#
        let signature = hmacSHA256(key: secret, message: Array(message.utf8))
        #expect(Base64.encode(signature.bytes) == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }
}
