import TocsinModel

/// The members of an event (contract §7): of a line of the alert log, and of a webhook's body.
enum EventShape {
    struct Member {
        var name: String
        var about: String
        /// JSON's types; `null` among them where the member may have no meaning.
        var types: [String]
        /// The words that it may say.
        var words: [String]?

        init(_ name: String, _ types: [String], words: [String]? = nil, _ about: String) {
            self.name = name
            self.about = about
            self.types = types
            self.words = words
        }
    }

    private static let text = ["string"]
    private static let textOrNull = ["string", "null"]
    private static let whole = ["integer"]
    private static let wholeOrNull = ["integer", "null"]
    private static let numberOrNull = ["number", "null"]
    private static let truth = ["boolean"]
    private static let truthOrNull = ["boolean", "null"]

    /// In the order of the line.
    static let members: [Member] =
        identity + times + places + rule + values + texts + log

    private static let identity: [Member] = [
        Member("v", whole, "The version of this form: 1."),
        Member(
            "seq", wholeOrNull, "Counts the log's entries without a gap; null while not durable."),
        Member("id", text, "128 bits in hex; the same happening has the same id everywhere."),
        Member("event", text, words: EventKind.allCases.map(\.word), "What happened."),
        Member("mode", text, words: Mode.allCases.map(\.word), "What it belongs to."),
        Member("alarm", textOrNull, "Hash of site, rule, stream or group: the API's {id}."),
        Member("occurrence", textOrNull, "One life of the alarm, from raised to normal."),
        Member("previous", textOrNull, "The id of the occurrence's event before."),
    ]

    private static let times: [Member] = [
        Member("ts_ms", whole, "When it happened, in milliseconds since 1970 UTC."),
        Member("time", text, "The same as RFC 3339 in the site's time."),
        Member("onset_ms", wholeOrNull, "When the condition began to hold."),
        Member("received_ms", wholeOrNull, "When the reading arrived; null in a replay."),
        Member("logged_ms", wholeOrNull, "When the entry was written; null in a replay."),
        Member("time_source", text, words: ["sensor", "gateway"], "Whose clock `ts_ms` is."),
        Member("late_ms", whole, "How much later than usual it was seen; 0 in order."),
        Member("duration_ms", wholeOrNull, "How long the alarm stood."),
    ]

    private static let places: [Member] = [
        Member("site", text, "The site's id."),
        Member("area", textOrNull, "The label of that name."),
        Member("zone", textOrNull, "The label of that name."),
        Member("stream", textOrNull, "The stream; null for a group and for the system."),
        Member("name", textOrNull, "The sensor's name in the inventory."),
        Member("domain", textOrNull, "hazchem, dust, fire …"),
        Member("latitude", numberOrNull, "Degrees north."),
        Member("longitude", numberOrNull, "Degrees east."),
        Member("crs", textOrNull, "The coordinates' system."),
        Member("group", textOrNull, "The group of an alarm that is one for several streams."),
        Member(
            "members", ["array", "null"],
            "The group's streams with their votes; where there are more than 64, {\"more\": N} last."
        ),
    ]

    private static let rule: [Member] = [
        Member("rule", textOrNull, "PACK/NAME; null for the system's events."),
        Member("title", textOrNull, "The rule's title."),
        Member("class", text, words: AlarmClass.allCases.map(\.word), "What kind of matter it is."),
        Member("priority", textOrNull, "critical, high, medium or low."),
        Member("previous_priority", textOrNull, "Before it escalated or de-escalated."),
        Member("level", textOrNull, "A colour of `scale`."),
        Member("scale", textOrNull, "What the colour means."),
        Member("state", textOrNull, "The alarm's state after it (ISA-18.2)."),
        Member("previous_state", textOrNull, "The state before."),
        Member("suppression", textOrNull, "none, shelved, suppressed or out-of-service."),
        Member("suppressed_until", ["integer", "string", "null"], "When the suppression ends."),
        Member("quality", textOrNull, "good, bad or inhibited."),
        Member("degraded", truthOrNull, "Decided although something was unknown."),
        Member("retained", truthOrNull, "By a retained message."),
    ]

    private static let values: [Member] = [
        Member("value", numberOrNull, "The reading in `unit`."),
        Member("unit", textOrNull, "The pack's unit."),
        Member("source_value", ["number", "string", "null"], "The reading as the sensor said it."),
        Member("source_unit", textOrNull, "The sensor's unit."),
        Member("limit", numberOrNull, "The set-point in `unit`."),
        Member("limit_name", textOrNull, "The set-point's name."),
        Member("direction", textOrNull, "high or low."),
        Member("condition", textOrNull, "The rule's condition."),
        Member("deadband", numberOrNull, "The deadband in `unit`."),
        Member("peak", numberOrNull, "The worst value of the occurrence."),
        Member("peak_ms", wholeOrNull, "When that was."),
    ]

    private static let texts: [Member] = [
        Member("message", text, "One sentence for people."),
        Member("cause", textOrNull, "What is likely behind it."),
        Member("consequence", textOrNull, "What happens if nobody acts."),
        Member("action", textOrNull, "What the operator does."),
        Member("respond_within_s", numberOrNull, "How much time the operator has."),
        Member("first_out", ["boolean", "string", "null"], "The first of an incident."),
        Member("incident", textOrNull, "What belongs together."),
        Member("related", ["array", "null"], "Events that belong to it."),
        Member("labels", ["object"], "What the pattern captured and the inventory adds."),
        Member("by", textOrNull, "Who did it."),
        Member("reason", textOrNull, "Why."),
        Member("rules", textOrNull, "The rule set in force, sha256:…"),
        Member("input", ["integer", "string", "null"], "The input that caused it."),
    ]

    private static let log: [Member] = [
        Member("durable", truth, "False while the log cannot be written."),
        Member("prev", textOrNull, "The hash of the line before."),
        Member("hash", textOrNull, "sha256: of the line up to here."),
    ]

    static var schema: JSONValue {
        let properties = members.map { member in
            var schema = JSONValue.members(["description": .text(member.about)])
            if let words = member.words {
                schema = schema.with("enum", .texts(words))
            } else {
                let types = member.types
                schema = schema.with("type", types.count == 1 ? .text(types[0]) : .texts(types))
            }
            return JSONValue.Member(key: member.name, value: schema)
        }
        // Later versions add members; a receiver must not refuse them.
        return .members([
            "type": .text("object"), "properties": .object(properties),
            "required": .texts(members.map(\.name)),
        ])
    }
}
