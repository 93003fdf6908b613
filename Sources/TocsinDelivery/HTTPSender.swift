internal import CCurl
import Glibc
import TocsinModel

// One receiver's connection. The easy handle lives as long as the lane, so that a connection and
// its TLS session are used again. It is driven through a multi handle, not `curl_easy_perform`:
// only `curl_multi_poll` can be woken from another thread, so that a stop need not wait for a
// time-out.

/// Sends requests to one receiver, one at a time, on its lane's thread.
final class HTTPSender {
    // What libcurl's callback may touch during a transfer; at one address as long as the sender.
    private struct Answer {
        var bytes = 0
        var limit = 0
    }

    // curl's own time-out ends a transfer; this much later we end it ourselves, whatever happens.
    private static let graceNanoseconds: UInt64 = 2_000_000_000
    private static let longestPollMilliseconds: UInt64 = 1000

    private let easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer
    private let answer = UnsafeMutablePointer<Answer>.allocate(capacity: 1)
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let timeoutNanoseconds: UInt64
    /// Wakes the thread that is in `post`; may be used from any thread while the sender lives.
    let waker: Waker

    /// Sets up libcurl for this receiver; nothing is connected yet.
    init(
        _ receiver: Receiver, limits: DeliveryLimits, userAgent: String
    ) throws(ReceiverError) {
        guard curlStarted == CURLE_OK, let easy = curl_easy_init(), let multi = curl_multi_init()
        else { throw .curl(receiver: receiver.name, option: "start", reason: "out of memory") }
        self.easy = easy
        self.multi = multi
        waker = Waker(multi: multi)
        timeoutNanoseconds = UInt64(max(receiver.timeout.milliseconds, 1)) * 1_000_000
        answer.initialize(to: Answer(limit: limits.answerBytes))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try configure(receiver, limits, userAgent)
    }

    deinit {
        waker.close()
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
        answer.deallocate()
        errorText.deallocate()
    }

    /// Posts the body and waits for the answer; `abortAt` (monotonic nanoseconds, nil for never) is
    /// asked again whenever the sender is woken.
    func post(
        _ request: WebhookRequest, abortAt: () -> UInt64?
    ) -> Exchange {
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        for header in request.headers {
            guard let longer = curl_slist_append(list, "\(header.name): \(header.value)") else {
                return .failed(.local, text: "out of memory")
            }
            list = longer
        }
        // No `Expect: 100-continue`: bodies are small, and waiting for leave costs a round trip.
        guard let headers = curl_slist_append(list, "Expect:") else {
            return .failed(.local, text: "out of memory")
        }
        list = headers
        return request.body.withUnsafeBytes { body in
            // Sound: libcurl reads body and headers only until `perform` has returned.
            _ = tocsin_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
            _ = tocsin_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            _ = tocsin_curl_set_pointer(easy, CURLOPT_POSTFIELDS, body.baseAddress)
            defer {
                _ = tocsin_curl_set_pointer(easy, CURLOPT_POSTFIELDS, nil)
                _ = tocsin_curl_set_pointer(easy, CURLOPT_HTTPHEADER, nil)
            }
            return perform(abortAt)
        }
    }

    private func perform(_ abortAt: () -> UInt64?) -> Exchange {
        answer.pointee.bytes = 0
        errorText.pointee = 0
        guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
            return .failed(.local, text: "libcurl cannot begin a transfer")
        }
        defer { curl_multi_remove_handle(multi, easy) }
        let last = monotonicNanoseconds() + timeoutNanoseconds + HTTPSender.graceNanoseconds
        while true {
            var running: Int32 = 0
            guard curl_multi_perform(multi, &running) == CURLM_OK else {
                return .failed(.local, text: "libcurl cannot go on with a transfer")
            }
            let code = tocsin_curl_finished(multi)
            if code >= 0 { return conclude(CURLcode(rawValue: UInt32(code))) }
            let now = monotonicNanoseconds()
            let end = abortAt()
            if let end, now >= end { return .aborted }
            guard now < last else { return .failed(.timeout, text: "no end of the transfer") }
            let rest = (min(last, end ?? last) - now) / 1_000_000 + 1
            let poll = Int32(min(rest, HTTPSender.longestPollMilliseconds))
            guard curl_multi_poll(multi, nil, 0, poll, nil) == CURLM_OK else {
                return .failed(.local, text: "libcurl cannot wait for a transfer")
            }
        }
    }

    private func conclude(_ code: CURLcode) -> Exchange {
        // A body beyond the limit was dropped with its connection; the status stands.
        let isDropped = code == CURLE_WRITE_ERROR && answer.pointee.bytes > answer.pointee.limit
        guard code == CURLE_OK || isDropped else {
            let detail = String(cString: errorText)
            let text = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
            return .failed(HTTPSender.reason(of: code), text: text)
        }
        var status = 0
        var seconds: curl_off_t = 0
        _ = tocsin_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        _ = tocsin_curl_get_offset(easy, CURLINFO_RETRY_AFTER, &seconds)
        let location = tocsin_curl_get_text(easy, CURLINFO_REDIRECT_URL).map { String(cString: $0) }
        return .answered(
            status: status,
            retryAfter: seconds > 0 ? Span.seconds(min(Int64(seconds), 1 << 32)) : nil,
            location: location)
    }

    static func reason(of code: CURLcode) -> FailureReason {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolve
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: .connect
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS:
            .tls
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE,
            CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_WRITE_ERROR:
            .broken
        default: .local
        }
    }

    private func configure(
        _ receiver: Receiver, _ limits: DeliveryLimits, _ userAgent: String
    ) throws(ReceiverError) {
        let connect = min(limits.connectTimeout, receiver.timeout)
        let longs: [(String, CURLoption, Int)] = [
            ("post", CURLOPT_POST, 1),
            ("connect time-out", CURLOPT_CONNECTTIMEOUT_MS, Int(max(connect.milliseconds, 1))),
            ("time-out", CURLOPT_TIMEOUT_MS, Int(max(receiver.timeout.milliseconds, 1))),
            ("no signals", CURLOPT_NOSIGNAL, 1),
            ("no delay", CURLOPT_TCP_NODELAY, 1),
            ("keep-alive", CURLOPT_TCP_KEEPALIVE, 1),
            ("no redirects", CURLOPT_FOLLOWLOCATION, 0),
            ("peer verification", CURLOPT_SSL_VERIFYPEER, 1),
            ("host verification", CURLOPT_SSL_VERIFYHOST, 2),
            ("HTTP/2 over TLS", CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)),
            // Else stopping waits for a name server.
            ("quick exit", CURLOPT_QUICK_EXIT, 1),
        ]
        for (name, option, value) in longs {
            try accept(tocsin_curl_set_long(easy, option, value), receiver, name)
        }
        var texts: [(String, CURLoption, String)] = [
            ("url", CURLOPT_URL, receiver.url),
            ("user-agent", CURLOPT_USERAGENT, userAgent),
            ("protocols", CURLOPT_PROTOCOLS_STR, "http,https"),
            // Empty: the environment's proxy must not re-route alarms behind the configuration.
            ("proxy", CURLOPT_PROXY, receiver.proxy ?? ""),
        ]
        if let file = receiver.certificateAuthorities {
            texts.append(("ca", CURLOPT_CAINFO, file))
        }
        for (name, option, value) in texts {
            // libcurl copies these strings.
            try accept(tocsin_curl_set_pointer(easy, option, value), receiver, name)
        }
        try accept(
            tocsin_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText), receiver, "errors")
        try accept(tocsin_curl_set_pointer(easy, CURLOPT_WRITEDATA, answer), receiver, "answer")
        let write: tocsin_curl_write = { _, size, count, context in
            guard let answer = context?.assumingMemoryBound(to: Answer.self) else { return 0 }
            answer.pointee.bytes += size * count
            return answer.pointee.bytes > answer.pointee.limit ? 0 : size * count
        }
        try accept(tocsin_curl_set_write(easy, write), receiver, "answer")
    }

    private func accept(
        _ code: CURLcode, _ receiver: Receiver, _ option: String
    ) throws(ReceiverError) {
        guard code != CURLE_OK else { return }
        throw .curl(
            receiver: receiver.name, option: option,
            reason: String(cString: curl_easy_strerror(code)))
    }
}

// libcurl is started once for the process; a global constant is initialised once, on first use.
private let curlStarted = tocsin_curl_global_start()
