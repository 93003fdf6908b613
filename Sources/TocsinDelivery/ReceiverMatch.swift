package import TocsinModel

/// Which entries a receiver wants (`webhooks[].match`); a nil or absent criterion accepts all, and
/// all criteria must accept.
///
/// An entry that lacks what a criterion asks about passes it: a receiver hears too much rather than
/// too little. For the same reason `priorityAtLeast` never holds back what closes or lowers an
/// alarm, since the receiver may have been told of it at a higher priority.
package struct ReceiverMatch: Sendable, Equatable {
    package var priorityAtLeast: Priority?
    package var classes: [AlarmClass]?
    package var domains: [String]?
    /// MQTT filters on the stream's name, with `+` and `#`.
    package var streams: [String]?

    package init(
        priorityAtLeast: Priority? = nil, classes: [AlarmClass]? = nil, domains: [String]? = nil,
        streams: [String]? = nil
    ) {
        self.priorityAtLeast = priorityAtLeast
        self.classes = classes
        self.domains = domains
        self.streams = streams
    }

    /// True when the receiver wants this entry.
    package func accepts(_ line: EventLine) -> Bool {
        accepts(priority: line) && accepts(line.alarmClass, in: classes)
            && accepts(line.domain, in: domains) && acceptsStream(line.stream)
    }

    private func accepts(priority line: EventLine) -> Bool {
        guard let least = priorityAtLeast, let priority = line.priority else { return true }
        if let kind = EventKind(word: line.event), ReceiverMatch.closing.contains(kind) {
            return true
        }
        return priority >= least
    }

    private static let closing: [EventKind] = [
        .cleared, .reset, .deEscalated, .suppressed, .shelved, .outOfService,
    ]

    private func accepts<Word: Equatable>(_ word: Word?, in wanted: [Word]?) -> Bool {
        guard let word, let wanted else { return true }
        return wanted.contains(word)
    }

    private func acceptsStream(_ stream: String?) -> Bool {
        guard let stream, let streams else { return true }
        return streams.contains { ReceiverMatch.filter($0, accepts: stream) }
    }

    // MQTT 3.1.1 §4.7: `+` stands for one level, a final `#` for all the rest and its parent.
    static func filter(_ filter: String, accepts topic: String) -> Bool {
        let wanted = filter.split(separator: "/", omittingEmptySubsequences: false)
        let levels = topic.split(separator: "/", omittingEmptySubsequences: false)
        for (position, level) in wanted.enumerated() {
            if level == "#" { return position == wanted.count - 1 }
            guard position < levels.count, level == "+" || level == levels[position] else {
                return false
            }
        }
        return wanted.count == levels.count
    }
}
