import CMosquitto
import Glibc

/// Codes of the library, the protocol and the kernel as words for people.
enum Reason {
    static let nobodyThere = "the connection was refused or closed at once"

    /// An `errno` in words.
    static func systemError(_ number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
        return buffer.withUnsafeBufferPointer { text in
            text.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    /// What a call to the library returned; `error` is the errno that belongs to it and `log` what
    /// the library said meanwhile, which names the certificate's fault where the code does not.
    static func library(_ code: Int32, error: Int32, log: String) -> String {
        switch code {
        case MOSQ_ERR_ERRNO.code:
            error == 0 ? "the connection failed" : systemError(error)
        case MOSQ_ERR_EAI.code:
            "cannot resolve the host name: " + String(cString: gai_strerror(error))
        case MOSQ_ERR_TLS.code, MOSQ_ERR_TLS_HANDSHAKE.code:
            "TLS: " + (log.isEmpty ? "the handshake failed" : log)
        case MOSQ_ERR_CONN_LOST.code:
            "the broker closed the connection" + (log.isEmpty ? "" : ": \(log)")
        case MOSQ_ERR_KEEPALIVE.code:
            "the broker did not answer within the keep-alive time"
        default:
            plain(mosquitto_strerror(code)) + (log.isEmpty ? "" : ": \(log)")
        }
    }

    /// A refused CONNECT (MQTT 3.1.1 §3.2.2.3, MQTT 5 §3.2.2.2).
    static func refusedConnection(_ code: Int32, version: MQTTVersion) -> String {
        switch version {
        case .v311: plain(mosquitto_connack_string(code))
        case .v5: protocolReason(code)
        }
    }

    /// A reason code of MQTT 5 §2.4.
    static func protocolReason(_ code: Int32) -> String {
        plain(mosquitto_reason_string(code)) + " (0x" + String(code, radix: 16) + ")"
    }

    // The library's sentences end with a full stop; ours go on.
    private static func plain(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "unknown reason" }
        let words = String(cString: text)
        return words.hasSuffix(".") ? String(words.dropLast()) : words
    }
}
