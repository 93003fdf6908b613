import Testing
import TocsinDelivery
import TocsinModel
import TocsinTestSupport

struct WebhookRequestTests {
    // Computed with Python: hmac.new(base64.b64decode(secret), b"id.seconds.body", "sha256").
    @Test("A request carries the line as it is and the signature of Standard Webhooks")
    func vector() throws {
        let secret = try WebhookSecret(parsing: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\n")
        let line = Array(#"{"v":1,"seq":42,"event":"raised","message":"氨"}"#.utf8)
        let request = WebhookRequest.make(
            line: line, id: "01f3a0c2d4e5f60718293a4b5c6d7e8f", secret: secret,
            time: Timestamp(milliseconds: 1_700_000_000_999))
        #expect(request.body == line)
        #expect(
            request.headers.map { "\($0.name): \($0.value)" } == [
                "content-type: application/json",
                "webhook-id: 01f3a0c2d4e5f60718293a4b5c6d7e8f",
                "webhook-timestamp: 1700000000",
                "webhook-signature: v1,Yr404s94d1702n4SGgUglcCCzM7ufva6dIhkNqvINmA=",
            ])
    }

    @Test("Without a secret a request is not signed")
    func unsigned() {
        let request = WebhookRequest.make(
            line: [], id: "a", secret: nil, time: Timestamp(milliseconds: 0))
        #expect(request.headers.map(\.name) == ["content-type", "webhook-id", "webhook-timestamp"])
    }

    @Test(
        "A bad secret is refused with what is wrong",
        arguments: [
            ("", WebhookSecretError.noPrefix),
            ("C2FVsBQIhrscChlQIMV+b5sSYspob7oD", .noPrefix),
            ("whsec_", .length(bytes: 0)),
            ("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7o*", .notBase64),
            ("whsec_C2FV C2FV", .notBase64),
            ("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7o=", .length(bytes: 23)),
            ("whsec_" + String(repeating: "AAAA", count: 22), .length(bytes: 66)),
        ])
    func badSecret(text: String, expected: WebhookSecretError) {
        #expect(throws: expected) { try WebhookSecret(parsing: text) }
    }

    @Test("A secret's file must not be readable by others, nor be missing or long")
    func secretFile() throws {
        let directory = try TemporaryDirectory()
        let text = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
        _ = try WebhookSecret(file: directory.write("good", text + "\n", mode: 0o640))
        let open = try directory.write("open", text, mode: 0o644)
        #expect(throws: WebhookSecretError.open(path: open)) { try WebhookSecret(file: open) }
        let long = try directory.write("long", String(repeating: "a", count: 2000))
        #expect(throws: WebhookSecretError.tooLong(path: long)) { try WebhookSecret(file: long) }
        let missing = directory.file("missing")
        #expect(throws: WebhookSecretError.unreadable(path: missing, code: 2)) {
            try WebhookSecret(file: missing)
        }
    }

    @Test("A secret does not show its key when it is printed")
    func hidden() throws {
        let secret = try WebhookSecret(parsing: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
        #expect("\(secret)" == "whsec_…")
    }
}
