package import TocsinModel

/// Why an attempt failed; the raw value is the metric's label.
package enum FailureReason: String, Sendable, CaseIterable {
    case resolve, connect, tls, timeout, broken
    case redirect
    case gone = "status_410"
    /// A 4xx that concerns the receiver as a whole: address, rights.
    case refused = "status_4xx"
    /// A 4xx that concerns this one entry: its alarm waits, the others go on.
    case rejected = "status_4xx_entry"
    case busy = "status_429"
    case server = "status_5xx"
    case strange = "status_other"
    case local

    /// Time alone will not mend it: retried slowly and reported at once (contract §8).
    package var needsPerson: Bool {
        switch self {
        case .gone, .refused, .rejected: true
        case .resolve, .connect, .tls, .timeout, .broken, .redirect, .busy, .server, .strange,
            .local:
            false
        }
    }
}

/// How one request ended.
package enum Exchange: Sendable, Equatable {
    /// The receiver answered; `location` is where a redirect wanted to go.
    case answered(status: Int, retryAfter: Span?, location: String?)
    /// No answer; `text` is libcurl's own explanation.
    case failed(FailureReason, text: String)
    /// Stopped by us because the daemon is stopping.
    case aborted

    /// What the exchange means for the entry (contract §8, Standard Webhooks).
    package var verdict: Verdict {
        switch self {
        case .aborted: .aborted
        case .failed(let reason, let text): .failed(reason, text: text, retryAfter: nil)
        case .answered(let status, let retryAfter, let location):
            Exchange.judge(status, retryAfter, location)
        }
    }

    private static func judge(_ status: Int, _ retryAfter: Span?, _ location: String?) -> Verdict {
        func failed(_ reason: FailureReason, _ note: String = "") -> Verdict {
            .failed(reason, text: "answered \(status)\(note)", retryAfter: retryAfter)
        }
        switch status {
        case 200...299: return .delivered
        case 300...399:
            let target = location.map { ", here to \($0)" } ?? ""
            return failed(
                .redirect,
                ": redirects are not followed\(target); configure the final address as url")
        case 408: return failed(.timeout)
        case 429: return failed(.busy)
        case 410: return failed(.gone, " (gone): the receiver does not want events any more")
        case 400, 409, 411, 413, 415, 422, 431: return failed(.rejected)
        case 400...499: return failed(.refused)
        case 500...599: return failed(.server)
        default: return failed(.strange)
        }
    }
}

/// The meaning of an exchange for the entry that was sent.
package enum Verdict: Sendable, Equatable {
    case delivered
    case failed(FailureReason, text: String, retryAfter: Span?)
    case aborted
}
