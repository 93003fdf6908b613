import ArgumentParser
import CCurl
import Foundation
import TocsinRules

/// Talks to a running daemon: over its unix socket on the same host, or `--api` with a token.
struct DaemonAddress: ParsableArguments {
    @OptionGroup var options: ConfigurationOption

    @Option(name: .long, help: "The API's address, for a daemon elsewhere: http://HOST:PORT")
    var api: String?

    @Option(name: .long, help: "A file with the token for --api.")
    var tokenFile: String?

    /// Sends one request; returns status and body.
    func request(_ method: String, _ path: String, body: String? = nil) throws -> (Int, [UInt8]) {
        let client = LocalClient()
        if let api {
            var token: String?
            if let tokenFile {
                token = try String(contentsOfFile: tokenFile, encoding: .utf8)
                    .trimmingCharacters(in: .whitespacesAndNewlines)
            }
            return try client.send(method, api + path, socket: nil, token: token, body: body)
        }
        return try client.send(
            method, "http://localhost" + path,
            socket: try LocalClient.socketPath(config: options.config), token: nil, body: body)
    }

    /// A request whose failure ends the command with the daemon's own words.
    func checked(_ method: String, _ path: String, body: String? = nil) throws -> [UInt8] {
        let (status, answer) = try request(method, path, body: body)
        guard (200..<300).contains(status) else {
            let entry = LogEntry(answer)
            Output.error(entry?.text("error") ?? String(decoding: answer, as: UTF8.self))
            if let remedy = entry?.text("remedy") { Output.error(remedy) }
            throw ExitCode(1)
        }
        return answer
    }
}

/// One HTTP request through libcurl.
struct LocalClient {
    /// An answer larger than this is cut: lists are paged far below it.
    static let answerBytes = 64 << 20

    /// The socket of the daemon that this configuration, or else the package, runs.
    static func socketPath(config: String) throws -> String {
        let runtime = "/run/tocsin/tocsin.sock"
        let (configuration, _) = ConfigurationReader.read(
            path: config, environment: Environment.all)
        if let configuration {
            let own = configuration.state + "/tocsin.sock"
            if FileManager.default.fileExists(atPath: own) { return own }
        }
        guard FileManager.default.fileExists(atPath: runtime) else {
            Output.error("no daemon here: neither \(runtime) nor the state folder's tocsin.sock")
            throw ExitCode(1)
        }
        return runtime
    }

    func send(
        _ method: String, _ url: String, socket: String?, token: String?, body: String?
    ) throws -> (Int, [UInt8]) {
        guard let handle = curl_easy_init() else {
            Output.error("libcurl cannot be initialised")
            throw ExitCode(1)
        }
        defer { curl_easy_cleanup(handle) }
        let answer = Answer()
        var headers: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(headers) }
        if let token { headers = curl_slist_append(headers, "Authorization: Bearer \(token)") }
        headers = curl_slist_append(headers, "Content-Type: application/json")
        headers = curl_slist_append(headers, "Expect:")
        _ = tocsin_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
        _ = tocsin_curl_set_long(handle, CURLOPT_TIMEOUT_MS, 15_000)
        _ = tocsin_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = tocsin_curl_set_pointer(
            handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(answer).toOpaque())
        _ = tocsin_curl_set_write(handle, LocalClient.receive)
        let code = url.withCString { url in
            method.withCString { method in
                (socket ?? "").withCString { socketPath in
                    (body ?? "").withCString { body in
                        _ = tocsin_curl_set_pointer(handle, CURLOPT_URL, url)
                        _ = tocsin_curl_set_pointer(handle, CURLOPT_CUSTOMREQUEST, method)
                        if socket != nil {
                            _ = tocsin_curl_set_pointer(
                                handle, CURLOPT_UNIX_SOCKET_PATH, socketPath)
                        }
                        if method[0] == CChar(bitPattern: UInt8(ascii: "P")) {
                            _ = tocsin_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, body)
                        }
                        return curl_easy_perform(handle)
                    }
                }
            }
        }
        guard code == CURLE_OK else {
            Output.error("\(url): " + String(cString: curl_easy_strerror(code)))
            throw ExitCode(1)
        }
        var status = 0
        _ = tocsin_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return (status, answer.bytes)
    }

    /// libcurl's write callback; lives outside any `@main` type, so it is bound to no actor.
    private static let receive:
        @convention(c) (
            UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?
        ) -> Int = { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let answer = Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue()
            guard answer.bytes.count + size * count <= LocalClient.answerBytes else { return 0 }
            answer.bytes += UnsafeRawBufferPointer(start: bytes, count: size * count)
            return size * count
        }

    private final class Answer {
        var bytes: [UInt8] = []
    }
}
