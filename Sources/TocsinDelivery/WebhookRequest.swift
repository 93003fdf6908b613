package import TocsinModel
import TocsinStore

/// One request as Standard Webhooks wants it: headers in order, and the body.
package struct WebhookRequest: Sendable, Equatable {
    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package var headers: [Header]
    package var body: [UInt8]

    /// The request for one alert-log line without its newline: the body is the line, byte for byte;
    /// the signature is over `id.seconds.body` (Standard Webhooks, "Signature scheme").
    package static func make(
        line: [UInt8], id: String, secret: WebhookSecret?, time: Timestamp
    ) -> WebhookRequest {
        let seconds = String(time.milliseconds / 1000)
        var headers = [
            Header(name: "content-type", value: "application/json"),
            Header(name: "webhook-id", value: id),
            Header(name: "webhook-timestamp", value: seconds),
        ]
        if let secret {
            let signed = Array("\(id).\(seconds).".utf8) + line
            let digest = hmacSHA256(key: secret.key, message: signed)
            headers.append(
                Header(name: "webhook-signature", value: "v1," + Base64.encode(digest.bytes)))
        }
        return WebhookRequest(headers: headers, body: line)
    }
}
