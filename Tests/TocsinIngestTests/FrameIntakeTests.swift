import Testing
import TocsinDecode
import TocsinEngine
import TocsinIngest
import TocsinModel

/// Keeps what comes out, in order.
struct RecordingSink: OrderSink {
    var declared: [StreamDeclaration] = []
    var samples: [(stream: String, sample: Sample)] = []

    mutating func declare(_ stream: StreamDeclaration) { declared.append(stream) }

    mutating func append(_ sample: Sample, stream: StreamIndex) {
        samples.append((declared[Int(stream.rawValue)].name, sample))
    }
}

@Suite("Frames become samples")
struct FrameIntakeTests {
    static let arrival = Timestamp(milliseconds: 1_700_000_000_000)

    static func ruleSet(streams: Int = 100) throws -> RuleSet {
        var gas = Pack(name: "t/gas", domain: "t", pattern: try StreamPattern("plant/{id}"))
        gas.unit = UnitTable.standard.find("ppm")
        var lock = Pack(name: "t/lock", domain: "t", pattern: try StreamPattern("lock/{id}"))
        lock.states = [StateDefinition(name: "running", numbers: [1], words: ["RUN"])]
        return RuleSet(
            site: Site(id: "s"), packs: [gas, lock],
            options: EngineOptions(streamsMax: streams, payloadMax: 200))
    }

    static func decoders(test: String? = "tocsin-test/") throws -> [TopicDecoder] {
        let rules = [
            DecodeRule(topics: "plant/#", valueAt: ["/v"], timeAt: "/t", unitAt: "/u"),
            DecodeRule(topics: "multi/#", valueAt: ["/a", "/b", "/c"], timeAt: "/t"),
            DecodeRule(topics: "lock/#", format: .word),
        ]
        let limits = DecodeLimits(payloadBytes: 200)
        return try rules.map {
            TopicDecoder(try PayloadDecoder($0, limits: limits), testPrefix: test)
        }
    }

    static func accept(
        _ topic: String, _ payload: String, _ frames: inout FrameIntake, _ sink: inout RecordingSink
    ) -> FrameOutcome {
        let topic = Array(topic.utf8)
        let payload = Array(payload.utf8)
        return topic.withUnsafeBytes { topic in
            payload.withUnsafeBytes { payload in
                frames.accept(
                    topic: topic, payload: payload, isRetained: false, broker: 0,
                    arrival: arrival, sink: &sink)
            }
        }
    }

    static func holds(_ counts: IngestCounts) -> Bool {
        counts.framesReceived == counts.framesDecoded + counts.rejected.reduce(0, +)
            && counts.samples == counts.samplesAccepted + counts.dropped.reduce(0, +)
    }

    @Test("Every reason for a rejection is counted once, and says so")
    func rejections() throws {
        var frames = FrameIntake(ruleSet: try Self.ruleSet(), decoders: try Self.decoders())
        var sink = RecordingSink()
        let table: [(String, String, RejectReason)] = [
            ("plant/1", "", .empty),
            ("plant/1", String(repeating: " ", count: 201), .payloadTooLong),
            ("plant/1", "\u{FEFF}1", .byteOrderMark), ("plant/1", "{\"v\":1", .json),
            ("plant/1", String(repeating: "[", count: 70), .depth),
            ("plant/1", "{\"v\":1e999}", .numberRange), ("plant/1", "{\"w\":1}", .noValue),
            ("plant/1", "{\"v\":1,\"v\":2}", .duplicateMember),
            ("plant/1", "{\"v\":1,\"u\":7}", .unit),
            ("plant/1", "{\"v\":1,\"u\":\"furlong\"}", .unit),
            ("elsewhere", "1", .noRule), ("lock/1", "WALK", .unknownWord),
            ("lock/1", "\u{1}", .json),
        ]
        var expected = [UInt64](repeating: 0, count: RejectReason.allCases.count)
        for (topic, payload, reason) in table {
            let outcome = Self.accept(topic, payload, &frames, &sink)
            guard case .rejected(let found, let detail) = outcome else {
                Issue.record("\(payload) was taken")
                continue
            }
            #expect(found == reason, "\(payload)")
            #expect(!detail.isEmpty)
            expected[Int(found.rawValue)] += 1
        }
        #expect(frames.counts.rejected == expected)
        #expect(frames.counts.framesDecoded == 0 && frames.counts.samples == 0)
        #expect(sink.samples.isEmpty)
        #expect(Set(RejectReason.allCases.map { $0.word }).count == RejectReason.allCases.count)
    }

    @Test("Words are known by the packs' states; others are numbers or refused")
    func words() throws {
        var frames = FrameIntake(ruleSet: try Self.ruleSet(), decoders: try Self.decoders())
        var sink = RecordingSink()
        for payload in ["run", "true", "7"] {
            #expect(Self.accept("lock/1", payload, &frames, &sink) == .decoded)
        }
        #expect(sink.samples.map { $0.sample.flags.contains(.word) } == [true, false, false])
        #expect(sink.samples.map { $0.sample.value } == [0, 1, 7])
    }

    @Test("One payload with several quantities gives one stream each; repeats are dropped singly")
    func several() throws {
        var frames = FrameIntake(
            ruleSet: try Self.ruleSet(streams: 2), decoders: try Self.decoders())
        var sink = RecordingSink()
        for (payload, repeats) in [
            ("{\"t\":1700000000000,\"a\":1,\"b\":2}", 0),
            ("{\"t\":1700000000000,\"a\":1,\"b\":3}", 1),
        ] {
            #expect(Self.accept("multi/1", payload, &frames, &sink) == .decoded)
            #expect(frames.counts.dropped[Int(DropReason.duplicate.rawValue)] == UInt64(repeats))
        }
        #expect(sink.declared.map { $0.name } == ["multi/1:a", "multi/1:b"])
        // The third stream has no room: its sample is dropped, wherever it stands in the payload.
        for payload in ["{\"c\":9,\"a\":4}", "{\"a\":5,\"c\":9}"] {
            #expect(Self.accept("multi/1", payload, &frames, &sink) == .decoded)
        }
        #expect(frames.counts.dropped[Int(DropReason.streamsFull.rawValue)] == 2)
        #expect(Self.holds(frames.counts))
        #expect(
            Self.accept("multi/2", "{\"a\":4}", &frames, &sink)
                == .rejected(reason: .streams, detail: RejectReason.streams.remedy))
    }

    @Test("Below the test prefix the same stream has mode test, and keeps apart over a reload")
    func testPrefix() throws {
        var frames = FrameIntake(
            ruleSet: try Self.ruleSet(), decoders: try Self.decoders(test: "elsewhere/"))
        var sink = RecordingSink()
        frames.reload(decoders: try Self.decoders())
        for topic in ["plant/1", "tocsin-test/plant/1", "plant/1"] {
            #expect(Self.accept(topic, "{\"v\":1}", &frames, &sink) == .decoded)
        }
        #expect(sink.declared.map { $0.name } == ["plant/1", "plant/1"])
        #expect(sink.declared.map { $0.mode } == [.live, .test])
        // The same topics become test traffic as a whole: nothing of them is live any more.
        let rule = DecodeRule(topics: "plant/#", valueAt: ["/v"], test: true)
        frames.reload(decoders: [TopicDecoder(try PayloadDecoder(rule), testPrefix: nil)])
        sink.samples.removeAll()
        #expect(Self.accept("plant/1", "{\"v\":2}", &frames, &sink) == .decoded)
        #expect(sink.declared.count == 2)
        #expect(frames.counts.samplesAccepted == 4)
    }

    @Test("After a hundred thousand random frames both identities hold, at every look")
    func identities() throws {
        var frames = FrameIntake(
            ruleSet: try Self.ruleSet(streams: 40), decoders: try Self.decoders())
        var sink = RecordingSink()
        var seed: UInt64 = 42
        func next(_ bound: UInt64) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % bound)
        }
        let topics = ["plant/", "multi/", "lock/", "tocsin-test/plant/", "other/", "plant/a/b:%/"]
        let payloads = [
            "{\"v\":1,\"t\":1700000000000}", "{\"v\":1,\"u\":\"°C\"}", "{\"v\":1,\"u\":\"ppb\"}",
            "{", "",
            "RUN", "WALK", "{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"b\":\"x\"}", "[1,2]", "1e400",
            "3",
            "{\"v\":2,\"t\":-1}", "{\"v\":3,\"t\":\"soon\"}", "{\"v\":null}", "\u{0}",
        ]
        for round in 0..<100_000 {
            let topic = topics[next(6)] + String(next(20))
            _ = Self.accept(topic, payloads[next(16)], &frames, &sink)
            sink.samples.removeAll(keepingCapacity: true)
            if round % 1000 == 0 { #expect(Self.holds(frames.counts)) }
        }
        #expect(Self.holds(frames.counts))
        #expect(frames.counts.framesReceived == 100_000)
        #expect(frames.counts.framesDecoded > 5000)
        #expect(sink.declared.count == 40)
    }
}
