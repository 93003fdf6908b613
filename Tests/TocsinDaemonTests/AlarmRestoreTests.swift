import Testing
import TocsinEngine
import TocsinModel
import TocsinStore
import TocsinTestSupport

@testable import TocsinDaemon

@Suite("Which alarms stood when the daemon last wrote")
struct AlarmRestoreTests {
    private struct Entry {
        var event: String
        var rule: String? = "gas/H"
        var state: String? = "unacknowledged"
        var alarm: String? = Self.alarm
        var mode = "live"
        var labels = "{}"
        var stream: String? = "t/1"
        var group: String?
        var members = "null"
        var suppression = "none"

        static let alarm = String(repeating: "a", count: 32)

        func body(_ number: Int) -> [UInt8] {
            func text(_ value: String?) -> String { value.map { "\"\($0)\"" } ?? "null" }
            let hex = String(number, radix: 16)
            let id = String(repeating: "0", count: 32 - hex.count) + hex
            return Array(
                """
                "id":\(text(id)),"event":\(text(event)),"mode":\(text(mode)),\
                "alarm":\(text(alarm)),"occurrence":\(text(alarm)),"ts_ms":\(number),\
                "onset_ms":\(number),"stream":\(text(stream)),\
                "name":"said \\",\\"state\\":\\"normal\\"",\
                "group":\(text(group)),"members":\(members),\
                "rule":\(text(rule)),"state":\(text(state)),\
                "suppression":\(text(suppression)),"peak":\(number),"labels":\(labels)
                """.utf8)
        }
    }

    private func restored(_ entries: [Entry]) throws -> AlarmRestore {
        let directory = try TemporaryDirectory()
        let path = directory.file("alerts.jsonl")
        let log = try AlertLog(path: path)
        var batch = EntryBatch()
        for (number, entry) in entries.enumerated() { batch.append(entry.body(number + 1)) }
        _ = try log.append(batch)
        return try AlarmRestore.read(path: path)
    }

    @Test("An occurrence is put together from its entries, the newest state last")
    func occurrence() throws {
        let restore = try restored([
            Entry(event: "started", rule: nil, state: nil, alarm: nil),
            Entry(event: "raised"), Entry(event: "escalated", rule: "gas/HH"),
            Entry(event: "acknowledged", rule: "gas/HH", state: "acknowledged"),
            Entry(event: "cleared", state: "latched-acknowledged"),
        ])
        let alarm = try #require(restore.alarms.first)
        #expect(restore.alarms.count == 1)
        #expect(alarm.state == .latchedAcknowledged)
        #expect(alarm.openingRule == "gas/H")
        #expect(alarm.rule == "gas/HH")
        #expect(alarm.raisedAt.milliseconds == 2)
        #expect(!restore.endedInOrder)
    }

    @Test("An alarm of a group is restored under the group's name, with its number of members")
    func group() throws {
        let members = """
            [{"stream":"t/1","vote":"yes","value":30},{"stream":"t/2","vote":"bad","value":null},\
            {"more":40}]
            """
        let restore = try restored([
            Entry(event: "raised", stream: nil, group: "cold-store", members: members)
        ])
        let alarm = try #require(restore.alarms.first)
        #expect(alarm.stream == "cold-store" && alarm.isGroup && alarm.groupMembers == 42)
        let ordinary = try restored([Entry(event: "raised", group: "listed")])
        #expect(ordinary.alarms.map(\.stream) == ["t/1"])
        #expect(ordinary.alarms.map(\.isGroup) == [false])
    }

    @Test("An alarm is suppressed if its last entry says so")
    func suppressed() throws {
        let hidden = [
            Entry(event: "raised"), Entry(event: "suppressed", suppression: "suppressed"),
            Entry(event: "acknowledged", state: "acknowledged", suppression: "suppressed"),
        ]
        let alarm = try #require(try restored(hidden).alarms.first)
        #expect(alarm.suppression == .suppressed && alarm.state == .acknowledged)
        let shown = try restored(
            hidden + [Entry(event: "unsuppressed", state: "acknowledged")])
        #expect(shown.alarms.map(\.suppression) == [Suppression.none])
    }

    @Test("What became normal does not stand, and the next occurrence is its own")
    func normal() throws {
        let past = [Entry(event: "raised"), Entry(event: "cleared", state: "normal")]
        #expect(try restored(past).alarms.isEmpty)
        let again = try restored(past + [Entry(event: "raised")])
        #expect(again.alarms.map(\.raisedAt.milliseconds) == [3])
        let stopped = Entry(event: "stopped", rule: nil, state: nil, alarm: nil)
        #expect(try restored(past + [stopped]).endedInOrder)
    }

    @Test("Entries beyond what is kept unread give the same alarm")
    func folded() throws {
        let waves = (0..<20).flatMap { _ in
            [Entry(event: "escalated", rule: "gas/HH"), Entry(event: "de-escalated")]
        }
        let alarm = try #require(try restored([Entry(event: "raised")] + waves).alarms.first)
        #expect(alarm.raisedAt.milliseconds == 1)
        #expect(alarm.rule == "gas/H")
        #expect(alarm.peak == 41)
    }

    @Test("Modes are apart, and labels named like members are no members")
    func lookalikes() throws {
        let labels = "{\"alarm\":\"\(Entry.alarm)\",\"state\":\"normal\"}"
        let restore = try restored([
            Entry(event: "raised", labels: labels), Entry(event: "raised", mode: "test"),
            Entry(event: "cleared", state: "normal", mode: "test"),
            Entry(event: "proof-test", state: "normal", alarm: nil, labels: labels),
        ])
        #expect(restore.alarms.map(\.mode) == [.live])
    }
}
