import Glibc
import Synchronization

/// Lines on standard error with `<N>` priorities for journald (sd-daemon(3)): at most one line per
/// reason in ten seconds, with the count of those held back.
package final class Journald: Sendable {
    package enum Level: Int, Sendable {
        case critical = 2
        case error = 3
        case warning = 4
        case notice = 5
        case info = 6
    }

    private struct Reason {
        var lastNanoseconds: UInt64
        var held: Int
    }

    static let interval: UInt64 = 10_000_000_000
    /// Reasons remembered; beyond it every further reason shares one.
    static let reasonsMax = 1000

    private let reasons = Mutex<[String: Reason]>([:])
    private let isForJournald: Bool

    package init() {
        // Under systemd standard error is the journal; on a terminal the marks would only disturb.
        isForJournald = isatty(2) == 0
    }

    /// Says `text` once per `reason` and ten seconds; nil = always.
    package func log(_ level: Level, reason: String? = nil, _ text: String) {
        var suffix = ""
        if let reason {
            let now = GatewayClock.monotonicNanoseconds()
            let held: Int? = reasons.withLock { reasons in
                let key =
                    reasons[reason] != nil || reasons.count < Journald.reasonsMax
                    ? reason : "other"
                if let known = reasons[key], now - known.lastNanoseconds < Journald.interval {
                    reasons[key]?.held += 1
                    return nil
                }
                let held = reasons[key]?.held ?? 0
                reasons[key] = Reason(lastNanoseconds: now, held: 0)
                return held
            }
            guard let held else { return }
            if held > 0 { suffix = " (and \(held) more of this kind before)" }
        }
        let mark = isForJournald ? "<\(level.rawValue)>" : ""
        // Findings with their excerpts keep their lines, each of the same priority.
        let lines = text.split(separator: "\n")
        let whole = lines.map { mark + $0 }.joined(separator: "\n") + suffix + "\n"
        let bytes = Array(whole.utf8)
        bytes.withUnsafeBytes { buffer in
            // One write keeps lines of several threads apart; a lost log line is no error of ours.
            _ = write(2, buffer.baseAddress, buffer.count)
        }
    }
}
