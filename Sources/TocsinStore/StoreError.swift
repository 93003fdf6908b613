import Glibc

/// What the world can do to durable bytes; each case names the place, `description` the remedy.
package enum StoreError: Error, Hashable, Sendable {
    /// A system call failed; `code` is `errno`.
    case system(call: FileCall, path: String, code: Int32)
    /// Another process holds the state directory; `pid` is nil while it has not yet written it.
    case stateLocked(path: String, pid: Int32?)
    /// The alert log's chain is broken: never continued silently.
    case logDamaged(ChainBreak)
    /// Entries were asked for that no file of the log holds; `oldest` is nil when it is empty.
    case entriesGone(path: String, seq: UInt64, oldest: UInt64?)
    /// A line without end: longer than `AlertLogLimits.lineBytes`.
    case lineTooLong(path: String, offset: Int64, limit: Int)
    /// More than `AlertLogLimits.batchBytes` in one commit; nothing was written.
    case batchTooLarge(bytes: Int, limit: Int)
    /// Neither slot of a cursor file has a good checksum.
    case cursorDamaged(path: String)
    /// More runs of delivered entries above the lowest undelivered one than a cursor holds.
    case cursorFull(path: String, runs: Int)
    /// No rule set is stored under this hash.
    case rulesetUnknown(hash: String)
    /// A stored rule set does not have the bytes its name promises.
    case rulesetDamaged(path: String, reason: String)
    /// A rule set that cannot be stored: a name empty, repeated or too long, or too many bytes.
    case rulesetRefused(reason: String)
}

extension StoreError: CustomStringConvertible {
    /// One sentence with the place and, where there is one, the remedy.
    package var description: String {
        switch self {
        case .system(let call, let path, let code):
            "\(path): \(call.rawValue) failed: \(String(cString: strerror(code))) (\(code))"
        case .stateLocked(let path, let pid?):
            "\(path): in use by process \(pid); stop it first, or configure another state directory"
        case .stateLocked(let path, nil):
            "\(path): in use by another process; stop it first"
        case .logDamaged(let damage):
            "\(damage); keep the file, see `tocsin log verify`"
        case .entriesGone(let path, let seq, let oldest?):
            "\(path): entry \(seq) is in no file of the log; the oldest entry is \(oldest)"
        case .entriesGone(let path, let seq, nil):
            "\(path): entry \(seq) is in no file of the log; the log is empty"
        case .lineTooLong(let path, let offset, let limit):
            "\(path): the line at byte \(offset) is longer than \(limit) bytes"
        case .batchTooLarge(let bytes, let limit):
            "\(bytes) bytes of entries in one commit, at most \(limit); split the batch"
        case .cursorDamaged(let path):
            "\(path): both slots have bad checksums; remove it to deliver the log anew"
        case .cursorFull(let path, let runs):
            "\(path): more than \(runs) runs of delivered entries; deliver the lowest entry first"
        case .rulesetUnknown(let hash):
            "no rule set \(hash) is stored"
        case .rulesetDamaged(let path, let reason):
            "\(path): \(reason); remove it, the set is stored again at the next start or reload"
        case .rulesetRefused(let reason):
            "the rule set cannot be stored: \(reason)"
        }
    }
}

/// The first place where the alert log's hash chain does not hold.
package struct ChainBreak: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the entry.
    package enum Kind: Hashable, Sendable {
        /// The line does not begin and end as an entry does.
        case shape
        /// The entry's number is not the one after its predecessor's.
        case seqGap(expected: UInt64, found: UInt64)
        /// `prev` is not the predecessor's `hash`.
        case prevMismatch
        /// `hash` is not that of the line's bytes.
        case hashMismatch
        /// Bytes after the last whole line, or a last line without its end.
        case tornTail(bytes: Int64)
        /// The log ends before the entry that `--head` names: its tail was cut off.
        case cutTail(expected: UInt64, last: UInt64)
        /// The entry that `--head` names has another hash: the log was rewritten.
        case headMismatch
        /// The entry that `--head` names is older than the oldest file.
        case headGone(oldest: UInt64)
    }

    package var path: String
    /// Line in the file, from 1; nil where only the byte offset is known (a tail check at start).
    package var line: Int?
    /// Byte offset of the line in the file.
    package var offset: Int64
    /// The number the entry should have; nil where it cannot be known.
    package var seq: UInt64?
    package var kind: Kind

    package var description: String {
        let place = line.map { "\(path):\($0)" } ?? "\(path): byte \(offset)"
        let entry = seq.map { "entry \($0)" } ?? "entry"
        let what =
            switch kind {
            case .shape: "is not a line of the alert log"
            case .seqGap(let expected, let found): "has seq \(found), expected \(expected)"
            case .prevMismatch: "has a prev that is not the hash of the entry before"
            case .hashMismatch: "has a hash that is not that of its bytes"
            case .tornTail(let bytes): "is torn: \(bytes) bytes without an end of line"
            case .cutTail(let expected, let last):
                "is missing: the log ends at \(last), the given head is \(expected)"
            case .headMismatch: "has another hash than the given head"
            case .headGone(let oldest): "is older than the oldest entry kept, \(oldest)"
            }
        return "\(place): \(entry) \(what)"
    }
}
