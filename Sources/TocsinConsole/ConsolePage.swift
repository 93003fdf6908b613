import HTTPTypes
import Hummingbird

/// The console's page: one HTML document without any data, which its script fetches.
enum ConsolePage {
    static func response(status: HTTPResponse.Status) -> Response {
        var response = Response.whole(
            Array("<!doctype html>".utf8), type: "text/html; charset=utf-8", status: status)
        response.headers[.contentSecurityPolicy] = "default-src 'none'"
        return response
    }
}
