import Foundation
import TocsinEngine
import TocsinModel
import TocsinStore

/// Reads from the alert log which alarms stood when the daemon last wrote: they stand again after a
/// start, and nobody is told twice.
struct AlarmRestore {
    private struct Key: Hashable {
        var alarm: String
        var mode: String
    }

    /// An alarm's entries since it was last normal: folded into `alarm`, and those still as read.
    private struct Standing {
        var alarm: RestoredAlarm?
        var lines: [[UInt8]] = []
        var seq: UInt64 = 0

        mutating func fold() {
            for line in lines { alarm = AlarmRestore.restored(line, before: alarm) ?? alarm }
            lines.removeAll()
        }
    }

    private var standing: [Key: Standing] = [:]
    /// The last event was `stopped`: the daemon ended in order.
    private(set) var endedInOrder = true
    /// Unlisted publishers that were announced.
    private(set) var announced: Set<String> = []
    private(set) var entries: UInt64 = 0

    /// Entries of one alarm kept unread; more are folded, so that memory is the standing alarms'.
    private static let linesMax = 16

    /// Goes through the whole log; only entries of alarms that still stand are parsed.
    static func read(path: String) throws(StoreError) -> AlarmRestore {
        var restore = AlarmRestore()
        try restore.takeAll(path: path)
        return restore
    }

    /// The same, of the entries before the first broken one.
    static func readUpToDamage(path: String) throws(StoreError) -> AlarmRestore {
        var restore = AlarmRestore()
        do throws(StoreError) {
            try restore.takeAll(path: path)
        } catch .logDamaged {
            restore.foldAll()
        }
        return restore
    }

    private mutating func takeAll(path: String) throws(StoreError) {
        // Entry by entry, so that what came before a broken one is kept.
        let count = try AlertLogRecovery.forEachEntry(path: path) { seq, line in
            take(seq, line)
            return true
        }
        entries = count
        foldAll()
    }

    private mutating func foldAll() {
        for key in standing.keys { standing[key]?.fold() }
    }

    /// The alarms that stand, in the order in which they were last said.
    var alarms: [RestoredAlarm] {
        standing.values.sorted { $0.seq < $1.seq }.compactMap(\.alarm)
    }

    private mutating func take(_ seq: UInt64, _ line: ArraySlice<UInt8>) {
        let event = AlarmRestore.member("event", of: line)
        endedInOrder = event == EventKind.stopped.word
        if event == EventKind.publisherUnlisted.word,
            let stream = AlarmRestore.member("stream", of: line)
        {
            announced.insert(stream)
        }
        guard let alarm = AlarmRestore.member("alarm", of: line),
            let mode = AlarmRestore.member("mode", of: line)
        else { return }
        let key = Key(alarm: alarm, mode: mode)
        guard let state = AlarmRestore.member("state", of: line),
            state != AlarmState.normal.word
        else {
            standing[key] = nil
            return
        }
        var kept = standing.removeValue(forKey: key) ?? Standing()
        kept.lines.append(Array(line))
        kept.seq = seq
        if kept.lines.count >= AlarmRestore.linesMax { kept.fold() }
        standing[key] = kept
    }

    /// A text member of one of our own lines, nil where it is null. Inside a text the quotes are
    /// escaped, so the pattern stands for a member; every member is written, so the first is ours
    /// and a label of that name comes behind it.
    private static func member(_ name: String, of line: ArraySlice<UInt8>) -> String? {
        let pattern = Array(",\"\(name)\":\"".utf8)
        return line.withUnsafeBytes { bytes in
            // All of the pattern but its last byte, the quote that null has not.
            let length = pattern.count - 1
            var position = 0
            // A plain loop: the library's search takes longer than parsing the whole line.
            while position + length < bytes.count {
                var matched = 0
                while matched < length && bytes[position + matched] == pattern[matched] {
                    matched += 1
                }
                guard matched == length else {
                    position += 1
                    continue
                }
                guard bytes[position + length] == pattern[length] else { return nil }
                let text = bytes[(position + length + 1)...].prefix { $0 != pattern[length] }
                return String(decoding: text, as: UTF8.self)
            }
            return nil
        }
    }

    /// The alarm after one more entry; nil when the entry does not say enough.
    private static func restored(_ line: [UInt8], before: RestoredAlarm?) -> RestoredAlarm? {
        let object: Any
        do {
            object = try JSONSerialization.jsonObject(with: Data(line))
        } catch {
            return nil
        }
        guard let event = object as? [String: Any], let kind = event["event"] as? String,
            let state = (event["state"] as? String).flatMap({ AlarmState(word: $0) })
        else { return nil }
        return restored(event, kind, state, before: before)
    }

    private static func restored(
        _ event: [String: Any], _ kind: String, _ state: AlarmState, before: RestoredAlarm?
    ) -> RestoredAlarm? {
        guard let alarm = (event["alarm"] as? String).flatMap({ Identifier(hex: $0) }),
            let place = event["stream"] as? String ?? event["group"] as? String,
            let rule = event["rule"] as? String,
            let occurrence = (event["occurrence"] as? String).flatMap({ Identifier(hex: $0) }),
            let id = (event["id"] as? String).flatMap({ Identifier(hex: $0) }),
            let time = event["ts_ms"] as? Int64,
            let modeWord = event["mode"] as? String,
            let mode = Mode.allCases.first(where: { $0.word == modeWord })
        else { return nil }
        func moment(_ name: String) -> Timestamp? {
            (event[name] as? Int64).map { Timestamp(milliseconds: $0) }
        }
        let opens = kind == EventKind.raised.word && before == nil
        // `cleared` names the opening rule: the level that latched is the one said before it.
        let isClearing = kind == EventKind.cleared.word
        let stamp = Timestamp(milliseconds: time)
        let members = event["members"] as? [[String: Any]] ?? []
        let more = members.last?["more"] as? Int
        return RestoredAlarm(
            alarm: alarm, stream: place, isGroup: event["stream"] as? String == nil,
            groupMembers: members.count + (more.map { $0 - 1 } ?? 0), mode: mode,
            rule: isClearing ? before?.rule ?? rule : rule,
            openingRule: opens ? rule : before?.openingRule ?? rule, state: state,
            occurrence: occurrence, lastEvent: id,
            raisedAt: opens ? stamp : before?.raisedAt ?? stamp,
            onset: moment("onset_ms") ?? stamp, peak: event["peak"] as? Double,
            peakTime: moment("peak_ms"), suppression: suppression(event))
    }

    /// What hid the alarm at that entry.
    private static func suppression(_ event: [String: Any]) -> Suppression {
        let word = event["suppression"] as? String
        return Suppression.allCases.first { $0.word == word } ?? .none
    }
}
