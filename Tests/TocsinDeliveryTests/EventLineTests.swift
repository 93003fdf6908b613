import Testing
import TocsinDelivery
import TocsinModel

struct EventLineTests {
    private let text =
        #"{"v":1,"seq":42,"id":"01f3","event":"escalated","mode":"drill","alarm":"9c0e","#
        + #""received_ms":1700000000123,"stream":"厂/\"a\"/\u00e9\ud83d\udd25","domain":"fire","#
        + #""members":["x",{"y":[1,2]}],"class":"early-warning","priority":"critical","#
        + #""previous_priority":null,"value":-1.5e-7,"message":"{\"id\":\"no\"}","#
        + #""labels":{"id":"no"},"#
        + #""durable":false,"prev":null,"hash":"sha256:00"}"#

    @Test("A line's members are read, and nested ones of the same name are not")
    func members() throws {
        let line = try EventLine(scanning: Array(text.utf8))
        #expect(line.id == "01f3")
        #expect(line.seq == 42)
        #expect(line.event == "escalated")
        #expect(line.mode == .drill)
        #expect(line.alarm == "9c0e")
        #expect(line.receivedMilliseconds == 1_700_000_000_123)
        #expect(line.stream == "厂/\"a\"/é🔥")
        #expect(line.domain == "fire")
        #expect(line.alarmClass == .earlyWarning)
        #expect(line.priority == .critical)
        #expect(line.previousPriority == nil)
        #expect(!line.durable)
    }

    @Test("A line cut at any byte is refused")
    func cut() {
        let bytes = Array(text.utf8)
        for length in 0..<bytes.count {
            #expect(throws: EventLineError.self, "cut at \(length)") {
                try EventLine(scanning: Array(bytes.prefix(length)))
            }
        }
    }

    @Test("Any changed byte is read or refused, never a crash")
    func changed() {
        var generator = SplitMix64(seed: 11)
        var refused = 0
        for _ in 0..<5000 {
            var bytes = Array(text.utf8)
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[place] = UInt8.random(in: 0...255, using: &generator)
            do {
                _ = try EventLine(scanning: bytes)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 100)
    }

    @Test(
        "What cannot be read is refused with its place",
        arguments: [
            ("{}", EventLineError.noId),
            (#"{"id":"a\nb"}"#, .noId),
            (#"{"id":"a","mode":"later"}"#, .unknownMode("later")),
            (#"{"id":"a" "v":1}"#, .malformed(offset: 10, expected: ", or }")),
            (#"{"seq":1.5,"id":"a"}"#, .malformed(offset: 8, expected: ", or }")),
            (#"{"id":"a","x":]}"#, .malformed(offset: 14, expected: "a value")),
            (#"{"x":"# + String(repeating: "[", count: 40), .tooDeep(offset: 22)),
        ])
    func refused(text: String, expected: EventLineError) {
        #expect(throws: expected) { try EventLine(scanning: Array(text.utf8)) }
    }
}
