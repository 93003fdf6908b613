import HTTPTypes
import Hummingbird

/// The console's page: one HTML document without any data, which its script fetches. It needs no
/// network beyond this server, and its content policy (CSP level 3) allows none.
enum ConsolePage {
    static func response(status: HTTPResponse.Status) -> Response {
        let nonce = nonce()
        var response = Response.whole(
            Array(document(nonce: nonce).utf8), type: "text/html; charset=utf-8", status: status)
        response.headers[.contentSecurityPolicy] = contentPolicy(nonce: nonce)
        if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "no-referrer" }
        return response
    }

    static func contentPolicy(nonce: String) -> String {
        [
            "default-src 'none'", "script-src 'nonce-\(nonce)'", "style-src 'nonce-\(nonce)'",
            "connect-src 'self'", "img-src data:", "base-uri 'none'", "form-action 'none'",
            "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }

    /// 128 random bits in hex: only what this answer carries may run in the page.
    static func nonce() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let hex = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - hex.count) + hex
        }.joined()
    }

    static func document(nonce: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>Tocsin</title>
        <style nonce="\(nonce)">\(style)</style>
        </head>
        <body>
        \(body)
        <script nonce="\(nonce)">\(script)</script>
        </body>
        </html>

        """
    }

    private static let body = """
        <header>
          <h1>Tocsin <span id="site"></span></h1>
          <p id="connection" role="status" data-state="connecting"></p>
          <button id="sign-in" type="button" data-word="signIn"></button>
        </header>
        <p id="lost" role="alert" hidden></p>
        <noscript><p>This page needs JavaScript; <code>tocsin alarms</code> does not.</p></noscript>
        <main>
          <section aria-labelledby="alarms-title">
            <h2 id="alarms-title"><span data-word="standing"></span> <span id="count"></span></h2>
            <p id="none" hidden data-word="none"></p>
            <table id="alarms" hidden>
              <thead><tr>
                <th data-word="priority"></th><th data-word="level"></th>
                <th data-word="state"></th><th data-word="stream"></th>
                <th data-word="value"></th><th data-word="since"></th>
                <th data-word="action"></th><th><span class="hidden" data-word="commands"></span>
                </th>
              </tr></thead>
              <tbody></tbody>
            </table>
          </section>
          <section aria-labelledby="events-title">
            <h2 id="events-title" data-word="recent"></h2>
            <ol id="events"></ol>
          </section>
        </main>
        <dialog id="dialog">
          <form method="dialog">
            <h2 id="dialog-title"></h2>
            <p id="dialog-alarm"></p>
            <label id="by-label"><span data-word="yourName"></span>
              <input id="by" autocomplete="name" maxlength="100"></label>
            <label id="reason-label"><span data-word="reason"></span>
              <input id="reason" autocomplete="off" maxlength="300"></label>
            <label id="token-label"><span data-word="token"></span>
              <input id="token" type="password" autocomplete="off"></label>
            <p id="dialog-error" role="alert" hidden></p>
            <p class="buttons">
              <button id="cancel" type="button" data-word="cancel"></button>
              <button id="confirm" type="submit" class="main"></button>
            </p>
          </form>
        </dialog>
        """
}
