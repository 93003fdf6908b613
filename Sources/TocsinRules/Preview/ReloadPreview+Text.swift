/// The preview for a terminal and for programs.
extension ReloadPreview {
    /// Streams named in one line; the rest are counted.
    private static let streamsShown = 5
    /// A text longer than this is not repeated: that it changed is enough.
    private static let textShown = 60

    /// An entry a paragraph, those that are unchanged only counted; the counts last.
    package var rendered: String {
        entries.filter { $0.change != .unchanged }.map(ReloadPreview.paragraph).joined()
            + "\(summary)\n"
    }

    private static func paragraph(_ entry: Entry) -> String {
        var text = "\(heading(entry.change)): \(entry.rule)"
        if !entry.streams.isEmpty { text += " on \(streams(entry.streams))" }
        text += consequence(entry.change) + "\n"
        for detail in entry.details {
            let isLong = max(detail.old.count, detail.new.count) > textShown
            if entry.change == .meaningChanged {
                text +=
                    "    \(detail.key) was: \(detail.old)\n    \(detail.key) is:  \(detail.new)\n"
            } else if isLong {
                text += "    \(detail.key) is another text\n"
            } else {
                text += "    \(detail.key) \(detail.old) → \(detail.new)"
                text += detail.place.map { "  (\($0))" } ?? ""
                text += "\n"
            }
        }
        return text
    }

    private static func streams(_ names: [String]) -> String {
        let shown = names.prefix(streamsShown).joined(separator: ", ")
        let more = names.count - streamsShown
        return more > 0 ? "\(shown) and \(more) more" : shown
    }

    private static func heading(_ change: Change) -> String {
        switch change {
        case .unchanged: "unchanged"
        case .limitMoved: "limit moved"
        case .changed: "changed"
        case .meaningChanged: "meaning changed"
        case .new: "new"
        case .removed: "removed"
        }
    }

    private static func consequence(_ change: Change) -> String {
        switch change {
        case .unchanged, .new: ""
        case .limitMoved: ": state kept, evaluated again"
        case .changed: ": state kept"
        case .meaningChanged: ": reset, a standing alarm is closed and begins anew"
        case .removed: ": a standing alarm is closed (rule-removed)"
        }
    }

    /// `12 alarms: 9 unchanged, 1 limit moved, …`
    package var summary: String {
        let all = entries.reduce(0) { $0 + $1.alarms }
        let parts = Change.allCases.compactMap { change -> String? in
            let count = count(change)
            return count > 0 ? "\(count) \(ReloadPreview.heading(change))" : nil
        }
        return "reload: \(all) alarm\(all == 1 ? "" : "s")"
            + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
    }

    /// One JSON object a line, one for each entry and the counts last.
    package var json: String {
        let lines = entries.map { entry in
            let streams = entry.streams.map(JSONText.quoted).joined(separator: ",")
            let details = entry.details.map(ReloadPreview.json).joined(separator: ",")
            return
                "{\"preview\":\"\(entry.change.rawValue)\",\"rule\":\(JSONText.quoted(entry.rule)),"
                + "\"keeps_state\":\(entry.change.keepsState),\"streams\":[\(streams)],"
                + "\"details\":[\(details)]}\n"
        }
        let counts = Change.allCases.map { "\"\($0.rawValue)\":\(count($0))" }
        return lines.joined() + "{\"preview\":\"summary\",\(counts.joined(separator: ","))}\n"
    }

    private static func json(_ detail: Detail) -> String {
        let place = detail.place.map(JSONText.quoted) ?? "null"
        return "{\"key\":\(JSONText.quoted(detail.key)),\"old\":\(JSONText.quoted(detail.old)),"
            + "\"new\":\(JSONText.quoted(detail.new)),\"place\":\(place)}"
    }
}
