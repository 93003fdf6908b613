import Foundation
import Testing
import TocsinEngine
import TocsinModel

@Suite("An event's line")
struct EventLineTests {
    /// Contract §7, in this order.
    static let members = """
        v seq id event mode alarm occurrence previous
        ts_ms time onset_ms received_ms logged_ms time_source late_ms duration_ms
        site area zone stream name domain latitude longitude crs group members
        rule title class priority previous_priority level scale state previous_state suppression
        suppressed_until quality degraded retained
        value unit source_value source_unit limit limit_name direction condition deadband
        peak peak_ms
        message cause consequence action respond_within_s first_out incident related
        labels by reason rules input durable prev hash
        """.split { $0 == " " || $0 == "\n" }.map(String.init)

    /// The keys of an object's own level, in the order of the bytes.
    private func keys(_ line: [UInt8]) -> [String] {
        var found: [String] = []
        var depth = 0
        var text: [UInt8]?
        var last = ""
        var isEscaped = false
        for byte in line {
            if text != nil {
                if isEscaped || byte == 0x5C {
                    isEscaped = !isEscaped
                } else if byte == 0x22 {
                    last = String(decoding: text ?? [], as: UTF8.self)
                    text = nil
                } else {
                    text?.append(byte)
                }
                continue
            }
            switch byte {
            case 0x22: text = []
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ":") where depth == 1: found.append(last)
            default: break
            }
        }
        return found
    }

    private func object(_ line: [UInt8]) throws -> [String: Any] {
        let parsed = try JSONSerialization.jsonObject(with: Data(line))
        return try #require(parsed as? [String: Any])
    }

    /// Every kind that the engine says of an alarm, and every kind of the system.
    private func events() throws -> [Event] {
        var gas = GasFixture([try GasFixture.pack()])
        for second in 0...60 {
            let value: Double = second < 5 ? 30 : second < 20 ? 80 : 1
            gas.feed(value, at: Double(second), quality: second == 40 ? .inhibited : .good)
        }
        _ = gas.command(.acknowledge, at: 60)
        gas.feed(1, at: 61)
        _ = gas.command(.reset, at: 61)
        var plain = GasFixture([try GasFixture.pack { $0.latch = false }])
        for second in 0...60 { plain.feed(second < 20 ? 80 : 30, at: Double(second)) }
        gas.events += plain.events
        for kind in EventKind.allCases {
            gas.pipeline.step(
                .system(kind, note: EventNote(reason: "why \"so\"\n", subject: "it")),
                arrival: GasFixture.at(70), appendingTo: &gas.events)
        }
        return gas.events
    }

    @Test("Every kind writes every member, in the contract's order, and is JSON")
    func order() throws {
        let events = try events()
        #expect(Set(events.map { $0.kind }).count == EventKind.allCases.count)
        for (seq, event) in events.enumerated() {
            let line = EventLine.replayLine(of: event, seq: seq + 1)
            #expect(keys(line) == Self.members)
            let parsed = try object(line)
            #expect(parsed["event"] as? String == event.kind.word)
            #expect(parsed["id"] as? String == event.id.hex)
            #expect(parsed["ts_ms"] as? Int64 == event.time.milliseconds)
            #expect(parsed["seq"] as? Int == seq + 1)
            #expect(parsed["received_ms"] is NSNull && parsed["logged_ms"] is NSNull)
        }
    }

    @Test("A raise on a ladder, byte for byte")
    func golden() throws {
        var gas = GasFixture([
            try GasFixture.pack { rule in
                rule.onDelay = .zero
                rule.level = rule.shortName == "H" ? "yellow" : "orange"
                rule.respondWithin = .seconds(300)
            }
        ])
        gas.feed(35.25, at: 0.123, delay: 2)
        let line = String(decoding: EventLine.replayLine(of: gas.events[0], seq: 1), as: UTF8.self)
        let id = gas.events[0].id.hex
        let alarm = gas.events[0].alarm?.hex ?? ""
        #expect(
            line
                == #"{"v":1,"seq":1,"id":"\#(id)","event":"raised","mode":"replay","alarm":"\#(alarm)","#
                + #""occurrence":"\#(id)","previous":null,"ts_ms":1700000000123,"#
                + #""time":"2023-11-14T22:13:20.123+00:00","onset_ms":1700000000123,"#
                + #""received_ms":null,"logged_ms":null,"time_source":"sensor","late_ms":2000,"#
                + #""duration_ms":null,"site":"test-site","area":"east","zone":null,"#
                + #""stream":"east/hazchem/lel/2","name":null,"domain":"hazchem","latitude":null,"#
                + #""longitude":null,"crs":null,"group":null,"members":null,"rule":"hazchem/gas/H","#
                + #""title":null,"class":"alarm","priority":"high","previous_priority":null,"#
                + #""level":"yellow","scale":"site-risk-4","state":"unacknowledged","#
                + #""previous_state":"normal","suppression":"none","suppressed_until":null,"#
                + #""quality":"good","degraded":false,"retained":false,"value":35.25,"unit":"%LEL","#
                + #""source_value":35.25,"source_unit":"%LEL","limit":25,"limit_name":"H","#
                + #""direction":"high","condition":"value >= limit.H","deadband":2,"peak":35.25,"#
                + #""peak_ms":1700000000123,"#
                + #""message":"east/hazchem/lel/2: H, 35.25 %LEL, limit H ≥ 25 %LEL","#
                + #""cause":null,"consequence":null,"action":"Evacuate","respond_within_s":300,"#
                + #""first_out":null,"incident":null,"related":null,"#
                + #""labels":{"area":"east","id":"2"},"by":null,"reason":null,"rules":null,"#
                + #""input":null,"durable":true,"prev":null,"hash":null}"#)
    }

    @Test(
        "Numbers are the shortest that read back as the same",
        arguments: [
            (0.0, "0"), (-0.0, "0"), (25, "25"), (35.2, "35.2"), (0.1 + 0.2, "0.30000000000000004"),
            (-1.5, "-1.5"), (1e15, "1000000000000000"), (1e21, "1e+21"), (1e-7, "1e-07"),
        ])
    func numbers(number: Double, text: String) throws {
        #expect(JSONMembers.shortest(number) == text)
        #expect(Double(JSONMembers.shortest(number)) == number)
    }

    @Test("Control characters, quotes and any script come back as they were")
    func texts() throws {
        let text =
            String(decoding: (0...0x7F).map { UInt8($0) }, as: UTF8.self)
            + "东区罐区 \u{2028} 🔥 \" \\ /"
        var json = JSONMembers()
        json.text("t", text)
        json.labels("labels", [(text, text)])
        json.number("nan", .nan)
        json.number("inf", .infinity)
        let parsed = try object([UInt8(ascii: "{")] + json.bytes + [UInt8(ascii: "}")])
        #expect(parsed["t"] as? String == text)
        #expect((parsed["labels"] as? [String: String])?[text] == text)
        #expect(parsed["nan"] is NSNull && parsed["inf"] is NSNull)
        #expect(json.bytes.allSatisfy { $0 >= 0x20 })
    }

    @Test("The peak is the furthest reading, stamped with its own sample's time")
    func peak() throws {
        var gas = GasFixture([try GasFixture.pack { $0.latch = false }])
        for (second, value) in [30.0, 30, 45, 30, 31, 40, 1].enumerated() {
            gas.feed(value, at: Double(second))
        }
        gas.feed(1, at: 16)
        #expect(gas.story.contains("cleared H 16"))
        let cleared = try #require(gas.events.first { $0.kind == .cleared && $0.rule == 0 })
        #expect(cleared.peak == 45)
        #expect(cleared.peakTime == GasFixture.at(2))
    }

    @Test("Test traffic is marked in its message")
    func testMark() throws {
        var gas = GasFixture([try GasFixture.pack { $0.onDelay = .zero }])
        gas.pipeline.accept(
            Observation(value: .number(80), time: GasFixture.start), stream: GasFixture.stream,
            mode: .test, arrival: GasFixture.start, appendingTo: &gas.events)
        let parsed = try object(EventLine.replayLine(of: gas.events[0], seq: 1))
        #expect((parsed["message"] as? String)?.hasPrefix("【测试】[TEST] ") == true)
        #expect(parsed["mode"] as? String == "test")
    }
}
