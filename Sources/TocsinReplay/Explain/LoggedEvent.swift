import Foundation
package import TocsinModel

/// One entry of the alert log, its members by name.
package struct LoggedEvent {
    /// The line's bytes without its end.
    package let bytes: [UInt8]
    private let members: [String: Any]

    /// The members in the order in which every entry writes them (contract §7).
    package static let order = [
        "v", "seq", "id", "event", "mode", "alarm", "occurrence", "previous", "ts_ms", "time",
        "onset_ms", "received_ms", "logged_ms", "time_source", "late_ms", "duration_ms", "site",
        "area", "zone", "stream", "name", "domain", "latitude", "longitude", "crs", "group",
        "members", "rule", "title", "class", "priority", "previous_priority", "level", "scale",
        "state", "previous_state", "suppression", "suppressed_until", "quality", "degraded",
        "retained", "value", "unit", "source_value", "source_unit", "limit", "limit_name",
        "direction", "condition", "deadband", "peak", "peak_ms", "message", "cause",
        "consequence", "action", "respond_within_s", "first_out", "incident", "related", "labels",
        "by", "reason", "rules", "input", "durable", "prev", "hash",
    ]

    /// Nil when the line is no JSON object.
    package init?(_ line: some Collection<UInt8>) {
        bytes = Array(line)
        do {
            guard
                let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            else { return nil }
            members = object
        } catch {
            return nil
        }
    }

    package func text(_ name: String) -> String? { members[name] as? String }
    package func integer(_ name: String) -> Int64? { (members[name] as? NSNumber)?.int64Value }
    package func number(_ name: String) -> Double? { (members[name] as? NSNumber)?.doubleValue }

    package var time: Timestamp? { integer("ts_ms").map { Timestamp(milliseconds: $0) } }

    /// A member as people read it; nil where it is null, an empty object or not there.
    package func readable(_ name: String) -> String? {
        switch members[name] {
        case nil, is NSNull: return nil
        case let text as String: return text
        case let other?:
            guard JSONSerialization.isValidJSONObject([other]) else { return nil }
            do {
                let data = try JSONSerialization.data(
                    withJSONObject: [other], options: [.sortedKeys, .withoutEscapingSlashes])
                let inner = String(decoding: data.dropFirst().dropLast(), as: UTF8.self)
                return inner == "{}" || inner == "[]" ? nil : inner
            } catch {
                return nil
            }
        }
    }
}
