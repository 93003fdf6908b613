import Foundation
import TocsinConsole
import TocsinDelivery
import TocsinEngine
import TocsinIngest
import TocsinModel
import TocsinRing
import TocsinStore

/// What the API answers, from what the threads show; nothing here waits for the engine.
struct ConsoleAnswers: Sendable {
    let shared: SharedState
    let deliverers: Deliverers
    let rings: RingDirectory
    let version: String

    func ready() -> ReadyReport {
        let waiting = shared.brokers.brokers.filter { $0.standing != .subscribed }
        let reasons = waiting.map { "broker \($0.name): \($0.standing.rawValue)" }
        return ReadyReport(isReady: waiting.isEmpty, reasons: reasons)
    }

    func alarms(_ query: ListQuery) -> [UInt8] {
        let all = shared.view.snapshot.standing.filter { alarm in
            // Of an alarm of a group the group's name.
            query.prefix.map { alarm.binding.stream.hasPrefix($0) } ?? true
        }
        let page = all.dropFirst(query.offset).prefix(query.limit)
        return JSONDocument.list("alarms", page.map(alarm), total: all.count)
    }

    private func alarm(_ alarm: StandingAlarm) -> [UInt8] {
        let binding = alarm.binding
        let rule = binding.pack.rules[alarm.rule]
        let unit = (binding.pack.unit ?? binding.streamUnit).map { UnitTable.standard[$0].symbol }
        return JSONDocument.object { json in
            json.text("alarm", alarm.alarm.hex)
            json.text("occurrence", alarm.occurrence?.hex)
            json.text("mode", alarm.mode.word)
            json.integer("ts_ms", alarm.raisedAt.milliseconds)
            json.integer("onset_ms", alarm.onset.milliseconds)
            json.text("area", binding.area)
            json.text("zone", binding.zone)
            json.text("stream", binding.streamName)
            json.text("group", binding.groupName)
            json.text("name", binding.listing?.name)
            json.text("domain", binding.domain)
            json.text("rule", rule.name)
            json.text("title", rule.title ?? rule.shortName)
            json.text("class", rule.alarmClass.word)
            json.text("priority", rule.priority.word)
            json.text("level", rule.level)
            json.text("scale", rule.level == nil ? nil : binding.pack.scale)
            json.text("state", alarm.state.word)
            json.text("suppression", alarm.suppression.word)
            json.text("quality", alarm.quality?.word)
            json.number("value", alarm.value)
            json.text("unit", unit)
            json.number("limit", rule.limit.map { binding.limits[$0] })
            json.text("limit_name", rule.limit.map { binding.pack.limits[$0].name })
            json.text("direction", rule.direction?.word)
            json.number("peak", alarm.peak)
            json.text("action", rule.action)
            json.number(
                "respond_within_s",
                rule.respondWithin.map { Double($0.milliseconds) / 1000 })
            json.boolean("over_range_latched", alarm.overIsLatched)
        }
    }

    func streams(_ query: ListQuery) -> [UInt8] {
        let all = shared.names.all.filter { stream in
            query.prefix.map { stream.name.hasPrefix($0) } ?? true
        }
        let words = shared.view.snapshot.ruleSet?.vocabulary.words ?? []
        let page = all.dropFirst(query.offset).prefix(query.limit)
        return JSONDocument.list(
            "streams", page.map { stream($0, words: words) }, total: all.count)
    }

    private func stream(_ stream: StreamDeclaration, words: [String]) -> [UInt8] {
        var newest: [Slot] = []
        rings.ring(at: Int(stream.index.rawValue))?.copy(limit: 1, into: &newest)
        let slot = newest.first
        let isWord = slot?.marks.contains(.word) ?? false
        let code = isWord ? slot.map { Int($0.value) } ?? -1 : -1
        return JSONDocument.object { json in
            json.text("stream", stream.name)
            json.text("mode", stream.mode.word)
            json.integer("ts_ms", slot?.milliseconds)
            if isWord {
                json.text("value", words.indices.contains(code) ? words[code] : nil)
            } else {
                json.number("value", slot?.value)
            }
            json.text("unit", stream.unit.map { UnitTable.standard[$0].symbol })
            json.text("quality", slot.map { ConsoleAnswers.quality($0.marks).word })
        }
    }

    /// The newest samples of one stream out of its ring, oldest first; nil = no such stream.
    func samples(_ query: SampleQuery) -> [UInt8]? {
        // A test stream has its live twin's name: the live one is meant.
        let named = shared.names.all.filter { $0.name == query.stream }
        guard let stream = named.first(where: { $0.mode == .live }) ?? named.first else {
            return nil
        }
        let words = shared.view.snapshot.ruleSet?.vocabulary.words ?? []
        var slots: [Slot] = []
        rings.ring(at: Int(stream.index.rawValue))?.copy(limit: query.limit, into: &slots)
        return JSONDocument.object { json in
            json.text("stream", stream.name)
            json.text("mode", stream.mode.word)
            json.text("unit", stream.unit.map { UnitTable.standard[$0].symbol })
            json.list("samples", slots.map { ConsoleAnswers.sample($0, words) })
            json.integer("total", Int64(slots.count))
        }
    }

    private static func sample(_ slot: Slot, _ words: [String]) -> [UInt8] {
        let named: [(SlotMarks, String)] = [
            (.outOfOrder, "late"), (.over, "over"), (.under, "under"), (.retained, "retained"),
        ]
        let marks = named.filter { slot.marks.contains($0.0) }.map(\.1)
        return JSONDocument.object { json in
            json.integer("ts_ms", slot.milliseconds)
            if slot.marks.contains(.word) {
                let code = Int(exactly: slot.value) ?? -1
                json.text("value", words.indices.contains(code) ? words[code] : nil)
            } else {
                json.number("value", slot.value)
            }
            json.text("quality", quality(slot.marks).word)
            json.text("marks", marks.isEmpty ? nil : marks.joined(separator: " "))
        }
    }

    private static func quality(_ marks: SlotMarks) -> Quality {
        marks.contains(.bad) ? .bad : marks.contains(.inhibited) ? .inhibited : .good
    }

    func rules(_ query: ListQuery) -> [UInt8] {
        guard let set = shared.view.snapshot.ruleSet else {
            return JSONDocument.list("rules", [], total: 0)
        }
        let all = set.packs.flatMap { pack in pack.rules.map { (pack, $0) } }.filter { entry in
            query.prefix.map { entry.1.name.hasPrefix($0) } ?? true
        }
        let page = all.dropFirst(query.offset).prefix(query.limit)
        let items = page.map { pack, rule in
            JSONDocument.object { json in
                json.text("rule", rule.name)
                json.text("match", pack.pattern.text)
                json.text("class", rule.alarmClass.word)
                json.text("priority", rule.priority.word)
                json.text("level", rule.level)
                json.text("condition", rule.conditionText)
                json.integer("on_delay_ms", rule.onDelay.milliseconds)
                json.integer("off_delay_ms", rule.offDelay.milliseconds)
                json.boolean("latch", rule.latch)
                json.text("action", rule.action)
                json.text("source", pack.source)
            }
        }
        return JSONDocument.list("rules", items, total: all.count)
    }

    func receivers(_ query: ListQuery) -> [UInt8] {
        let all = deliverers.snapshot().filter { lane in
            query.prefix.map { lane.name.hasPrefix($0) } ?? true
        }
        let page = all.dropFirst(query.offset).prefix(query.limit)
        let items = page.map { lane in
            JSONDocument.object { json in
                json.text("receiver", lane.name)
                json.text("state", lane.state.rawValue)
                json.integer("outbox", Int64(lane.outboxEntries))
                json.integer("delivered", Int64(lane.delivered))
                json.integer("attempts", Int64(lane.attempts))
                json.text(
                    "failing_since",
                    lane.failingSince.map { ConsoleAnswers.time($0.milliseconds) })
                json.text("last_failure", lane.lastFailure)
                json.text("oldest", lane.oldestReceivedMilliseconds.map(ConsoleAnswers.time))
            }
        }
        return JSONDocument.list("receivers", items, total: all.count)
    }

    /// RFC 3339, UTC, to the second.
    private static func time(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
    }

    func status() -> [UInt8] {
        let view = shared.view.snapshot
        let flow = shared.flow.snapshot
        let up = (GatewayClock.monotonicNanoseconds() - shared.startedNanoseconds) / 1_000_000_000
        let brokers = shared.brokers.brokers
        let lanes = deliverers.snapshot()
        let head = JSONDocument.object { json in
            json.text("version", version)
            json.text("site", view.ruleSet?.site.id)
            json.text("rules", view.ruleSet?.hash)
            json.integer("uptime_s", Int64(up))
            json.integer("frames", Int64(flow.ingest.framesReceived))
            json.integer("samples", Int64(flow.ingest.samples))
            json.integer("evaluated", Int64(flow.evaluated))
            json.integer("streams", Int64(shared.names.count))
            json.integer("alarms_standing", Int64(view.standing.count))
            json.integer("log_head", Int64(shared.logStats.snapshot.head))
        }
        let brokerItems = brokers.map { broker in
            JSONDocument.object { json in
                json.text("broker", broker.name)
                json.text("state", broker.standing.rawValue)
                json.integer("losses", Int64(broker.losses))
            }
        }
        let receiverItems = lanes.map { lane in
            JSONDocument.object { json in
                json.text("receiver", lane.name)
                json.text("state", lane.state.rawValue)
                json.integer("outbox", Int64(lane.outboxEntries))
                json.integer("delivered", Int64(lane.delivered))
                json.text("last_failure", lane.lastFailure)
            }
        }
        return Array(head.dropLast()) + Array(",\"brokers\":".utf8)
            + ConsoleAnswers.array(brokerItems) + Array(",\"receivers\":".utf8)
            + ConsoleAnswers.array(receiverItems) + Array("}".utf8)
    }

    private static func array(_ items: [[UInt8]]) -> [UInt8] {
        [UInt8(ascii: "[")] + Array(items.joined(separator: [UInt8(ascii: ",")]))
            + [UInt8(ascii: "]")]
    }

    /// The alert log's own lines, filtered; reads at most the newest `scanMax` entries.
    func events(_ query: EventQuery) -> [UInt8] {
        let filter = LogFilter(query)
        var items: [[UInt8]] = []
        do {
            items = try filter.run(path: shared.logStats.path)
        } catch {
            shared.journald.log(.error, reason: "api events", "the log cannot be read: \(error)")
        }
        return JSONDocument.list("events", items, total: items.count)
    }
}
