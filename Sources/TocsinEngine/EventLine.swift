// An event as the alert log and the receivers see it (contract §7): one JSON object, every member
// written, in the contract's order. What only the log knows (`v`, `seq` before, `durable`, `prev`,
// `hash` behind) is the log's to add: this is the part between.

package import TocsinModel

/// Writes events as JSON members.
package struct EventLine {
    /// When the entry is written, by the gateway's clock; nil in a replay.
    package var logged: Timestamp?
    /// A replay writes null for what belongs to one run only.
    package var isReplay: Bool

    package init(logged: Timestamp?, isReplay: Bool) {
        self.logged = logged
        self.isReplay = isReplay
    }

    /// The members `"id":…` to `"input":…` of one event, without braces.
    package func body(of event: Event) -> [UInt8] {
        var json = JSONMembers()
        writeIdentity(event, &json)
        writeTimes(event, &json)
        writePlace(event, &json)
        writeRule(event, &json)
        writeValues(event, &json)
        writeTexts(event, &json)
        return json.bytes
    }

    /// The event's sentence for people, as in `message`.
    package static func message(of event: Event) -> String { EventMessage.text(of: event) }

    /// A whole line as `replay` prints it, without the line feed: nothing in it depends on when or
    /// where it was made.
    package static func replayLine(of event: Event, seq: Int) -> [UInt8] {
        let body = EventLine(logged: nil, isReplay: true).body(of: event)
        return Array("{\"v\":1,\"seq\":\(seq),".utf8) + body
            + Array(",\"durable\":true,\"prev\":null,\"hash\":null}".utf8)
    }

    private func writeIdentity(_ event: Event, _ json: inout JSONMembers) {
        json.text("id", event.id.hex)
        json.text("event", event.kind.word)
        json.text("mode", event.mode.word)
        json.text("alarm", event.alarm?.hex)
        json.text("occurrence", event.occurrence?.hex)
        json.text("previous", event.previous?.hex)
    }

    private func writeTimes(_ event: Event, _ json: inout JSONMembers) {
        let wait = event.byGatewayClock ? event.ruleSet.options.lateness : .zero
        let late = event.received - event.time - wait
        let isLate = late > event.ruleSet.options.lateness
        json.integer("ts_ms", event.time.milliseconds)
        json.text(
            "time",
            CivilTime(event.time, offsetMinutes: event.ruleSet.site.utcOffsetMinutes).text)
        json.integer("onset_ms", event.onset?.milliseconds)
        json.integer("received_ms", isReplay ? nil : event.received.milliseconds)
        json.integer("logged_ms", isReplay ? nil : logged?.milliseconds)
        json.text("time_source", event.timeSource.word)
        json.integer("late_ms", isLate ? late.milliseconds : 0)
        json.integer("duration_ms", event.duration?.milliseconds)
    }

    private func writePlace(_ event: Event, _ json: inout JSONMembers) {
        let binding = event.binding
        let listing = binding?.listing
        let site = event.ruleSet.site
        json.text("site", site.id)
        json.text("area", binding?.area)
        json.text("zone", binding?.zone)
        json.text(
            "stream",
            binding.map(\.streamName) ?? (event.isAboutStream ? event.note?.subject : nil))
        json.text("name", listing?.name)
        json.text("domain", binding?.domain)
        let isPlaced = listing?.latitude != nil && listing?.longitude != nil
        json.number("latitude", isPlaced ? listing?.latitude : site.latitude)
        json.number("longitude", isPlaced ? listing?.longitude : site.longitude)
        json.text("crs", isPlaced ? listing?.crs : site.latitude == nil ? nil : site.crs)
        json.text("group", binding.map(\.groupName) ?? event.note?.group)
        json.members("members", event.members)
    }

    private func writeRule(_ event: Event, _ json: inout JSONMembers) {
        let rule = event.ruleDefinition
        json.text("rule", rule?.name ?? event.note?.rule)
        json.text("title", rule?.title)
        json.text("class", (rule?.alarmClass ?? .system).word)
        json.text("priority", event.priority?.word)
        json.text("previous_priority", event.previousPriority?.word)
        json.text("level", rule?.level)
        json.text("scale", rule?.level == nil ? nil : event.binding?.pack.scale)
        json.text("state", event.state?.word)
        json.text("previous_state", event.previousState?.word)
        json.text("suppression", rule == nil ? nil : event.suppression.word)
        json.null("suppressed_until")
        json.text("quality", event.quality?.word)
        json.boolean("degraded", event.degraded)
        json.boolean("retained", event.retained)
    }

    private func writeValues(_ event: Event, _ json: inout JSONMembers) {
        let facts = EventFacts(event)
        json.number("value", event.value)
        json.text("unit", facts.unit)
        if event.sourceIsWord {
            json.text("source_value", facts.sourceWord)
        } else {
            json.number("source_value", event.sourceValue)
        }
        json.text("source_unit", facts.sourceUnit)
        json.number("limit", facts.limit)
        json.text("limit_name", facts.limitName)
        json.text("direction", facts.direction)
        json.text("condition", event.ruleDefinition.map(\.conditionText))
        json.number("deadband", facts.deadband)
        json.number("peak", event.peak)
        json.integer("peak_ms", event.peak == nil ? nil : event.peakTime?.milliseconds)
    }

    private func writeTexts(_ event: Event, _ json: inout JSONMembers) {
        let rule = event.ruleDefinition
        json.text("message", EventMessage.text(of: event))
        json.text("cause", rule?.cause)
        json.text("consequence", rule?.consequence)
        json.text("action", rule?.action)
        json.number(
            "respond_within_s",
            rule?.respondWithin.map { Double($0.milliseconds) / 1000 })
        json.null("first_out")
        json.null("incident")
        json.null("related")
        json.labels("labels", event.binding?.labels ?? [])
        json.text("by", event.note?.by)
        json.text("reason", event.note?.reason)
        json.text("rules", event.ruleSet.hash.isEmpty ? nil : event.ruleSet.hash)
        json.null("input")
    }
}
