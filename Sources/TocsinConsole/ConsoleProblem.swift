import HTTPTypes
import Hummingbird

/// A request that is not served: its status, what is wrong and what to do, as the JSON body
/// `{"error":"…","remedy":"…"}`; without a remedy where the error itself says what to do.
struct ConsoleProblem: Error, Equatable {
    var status: HTTPResponse.Status
    var error: String
    var remedy: String

    init(_ status: HTTPResponse.Status, _ error: String, remedy: String) {
        self.status = status
        self.error = error
        self.remedy = remedy
    }

    var response: Response {
        let advice = remedy.isEmpty ? "" : ",\"remedy\":\(Self.quoted(remedy))"
        let text = "{\"error\":\(Self.quoted(error))\(advice)}\n"
        var response = Response.json(Array(text.utf8), status: status)
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    /// A JSON string (RFC 8259 §7): quotes, backslashes and control characters escaped.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Response {
    /// A body of JSON that no cache keeps: an old alarm list is worse than none.
    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response.whole(bytes, type: "application/json; charset=utf-8", status: status)
    }

    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response.whole(Array(text.utf8), type: "text/plain; charset=utf-8", status: status)
    }

    static func whole(_ bytes: [UInt8], type: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
