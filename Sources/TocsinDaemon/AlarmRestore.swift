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

    private struct Standing {
        var alarm: RestoredAlarm
        var seq: UInt64
    }

    private var standing: [Key: Standing] = [:]
    /// The last event was `stopped`: the daemon ended in order.
    private(set) var endedInOrder = true
    private(set) var entries: UInt64 = 0
    private(set) var unreadable = 0

    /// Goes through the whole log; memory is the standing alarms.
    static func read(path: String) throws(StoreError) -> AlarmRestore {
        var restore = AlarmRestore()
        restore.entries = try AlertLogRecovery.forEachEntry(path: path) { seq, line in
            restore.take(seq, line)
            return true
        }
        return restore
    }

    /// The alarms that stand, in the order in which they were last said.
    var alarms: [RestoredAlarm] {
        standing.values.sorted { $0.seq < $1.seq }.map(\.alarm)
    }

    private mutating func take(_ seq: UInt64, _ line: ArraySlice<UInt8>) {
        let object: Any
        do {
            object = try JSONSerialization.jsonObject(with: Data(line))
        } catch {
            unreadable += 1
            return
        }
        guard let event = object as? [String: Any], let kind = event["event"] as? String else {
            unreadable += 1
            return
        }
        endedInOrder = kind == EventKind.stopped.word
        guard let alarm = event["alarm"] as? String, let mode = event["mode"] as? String else {
            return
        }
        let key = Key(alarm: alarm, mode: mode)
        guard let state = (event["state"] as? String).flatMap({ AlarmState(word: $0) }),
            state != .normal
        else {
            standing[key] = nil
            return
        }
        guard let restored = AlarmRestore.restored(event, kind, state, before: standing[key]?.alarm)
        else { return }
        standing[key] = Standing(alarm: restored, seq: seq)
    }

    private static func restored(
        _ event: [String: Any], _ kind: String, _ state: AlarmState, before: RestoredAlarm?
    ) -> RestoredAlarm? {
        guard let alarm = (event["alarm"] as? String).flatMap({ Identifier(hex: $0) }),
            let stream = event["stream"] as? String, let rule = event["rule"] as? String,
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
        return RestoredAlarm(
            alarm: alarm, stream: stream, mode: mode, rule: isClearing ? before?.rule ?? rule : rule,
            openingRule: opens ? rule : before?.openingRule ?? rule, state: state,
            occurrence: occurrence, lastEvent: id,
            raisedAt: opens ? stamp : before?.raisedAt ?? stamp,
            onset: moment("onset_ms") ?? stamp, peak: event["peak"] as? Double,
            peakTime: moment("peak_ms"))
    }
}
