// Frames become samples here, in the order in which they came: topic → decode rule → readings →
// streams → the intake's verdict → the sink. The daemon's sequencer and `replay` run this same code;
// they differ only in the sink: an order ring to the engine's thread, or the engine itself.
//
// A topic's name, decode rule and single stream are remembered after its first frame, so that a
// steady flow costs one hash of the raw topic and no text at all.

package import TocsinDecode
package import TocsinEngine
package import TocsinModel

/// Where judged samples go, in order.
package protocol OrderSink {
    /// A stream is new; comes before its first sample.
    mutating func declare(_ stream: StreamDeclaration)
    mutating func append(_ sample: Sample, stream: StreamIndex)
}

/// One entry of `decode:`, compiled.
package struct TopicDecoder: Sendable {
    package var decoder: PayloadDecoder
    /// Topics that begin with these bytes are test traffic; empty = none are.
    package var testPrefix: [UInt8]

    package init(_ decoder: PayloadDecoder, testPrefix: String?) {
        self.decoder = decoder
        self.testPrefix = Array((testPrefix ?? "").utf8)
    }
}

/// What became of one frame.
package enum FrameOutcome: Sendable, Equatable {
    case decoded
    /// Rejected as a whole, counted once under `reason`.
    case rejected(reason: RejectReason, detail: String)
}

/// Turns frames into samples; owned by the sequencer's thread.
package struct FrameIntake: ~Copyable {
    private struct Topic {
        /// Position in `decoders`; −1 = no rule takes this topic.
        var decoder: Int32
        var mode: Mode
        /// Bytes of the test prefix to leave out of the stream's name.
        var prefix: Int32
        /// The stream of a payload with one quantity; −1 = not met yet.
        var single: Int32 = -1
    }

    package let intake: Intake
    package private(set) var counts = IngestCounts()
    private var decoders: [TopicDecoder]
    private var buffer: ReadingBuffer
    private var topics: TopicTable
    private var entries: ContiguousArray<Topic> = []
    /// Streams by mode (one letter) and name.
    private var names: TopicTable
    private var numbers: ContiguousArray<StreamIndex> = []
    private var units: TopicTable
    private var unitNumbers: ContiguousArray<UnitIndex> = []
    /// Where keys of `names` are put together, and how much of it is in use.
    private var key = [UInt8](repeating: 0, count: FrameIntake.keyBytes)
    private var keyCount = 0

    /// What a sensor says of its own range. Made of bits: a set's literal is an array on the heap
    /// for each frame, because the compiler does not see through another module's `OptionSet`.
    private static let sensorFlags = SampleFlags(
        rawValue: SampleFlags.over.rawValue | SampleFlags.under.rawValue)
    /// Topics remembered beyond the streams' limit: those that were rejected.
    package static let topicsBeyondStreams = 10_000
    /// The mode's letter, a topic of MQTT's greatest length and a field, both percent-encoded.
    static let keyBytes = 2 + 3 * (65_535 + DecodeLimits.textBytes)
    /// Spellings of units remembered.
    package static let unitSpellingsMax = 1024

    /// `limits.payload` and `limits.streams` come with the rule set's options.
    package init(ruleSet: RuleSet, decoders: [TopicDecoder]) {
        intake = Intake(ruleSet: ruleSet)
        self.decoders = decoders
        let limits = DecodeLimits(payloadBytes: ruleSet.options.payloadMax)
        buffer = ReadingBuffer(limits: limits)
        topics = TopicTable(
            limit: ruleSet.options.streamsMax + FrameIntake.topicsBeyondStreams)
        names = TopicTable(limit: ruleSet.options.streamsMax)
        units = TopicTable(limit: FrameIntake.unitSpellingsMax)
    }

    /// New decode rules, at a reload: topics are looked up anew.
    package mutating func reload(decoders fresh: [TopicDecoder]) {
        decoders = fresh
        let count = entries.count
        for number in 0..<count {
            let old = entries[number]
            entries[number] = classify(topics.name(of: UInt32(number)))
            // The stream is the same only where its name and mode are: a topic that became test
            // traffic must not go on raising live alarms.
            if entries[number].mode == old.mode && entries[number].prefix == old.prefix {
                entries[number].single = old.single
            }
        }
    }

    /// One frame at its arrival time (never going back). `bytes` live until the call returns.
    package mutating func accept(
        topic: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer, isRetained: Bool,
        broker: UInt8, arrival: Timestamp, sink: inout some OrderSink
    ) -> FrameOutcome {
        counts.framesReceived += 1
        guard let number = remember(topic) else {
            return reject(.streams, "more topics than limits.streams allows")
        }
        let entry = entries[number]
        guard entry.decoder >= 0 else {
            return reject(.noRule, "no entry of decode: takes this topic")
        }
        do throws(DecodeError) {
            try decoders[Int(entry.decoder)].decoder.decode(payload, into: &buffer)
        } catch {
            return reject(RejectReason(error), error.message)
        }
        var accepted = 0
        var refused = 0
        var refusedForStreams = 0
        var lastRefusal: RejectReason?
        for position in 0..<buffer.count {
            let reading = buffer[position]
            let refusal = take(
                reading, payload: payload, topic: topic, number: number, isRetained: isRetained,
                broker: broker, arrival: arrival, sink: &sink)
            if let refusal {
                lastRefusal = refusal
                refused += 1
                if refusal == .streams { refusedForStreams += 1 }
            } else {
                accepted += 1
            }
        }
        guard accepted > 0 else {
            return reject(lastRefusal ?? .noValue, (lastRefusal ?? .noValue).remedy)
        }
        // The others of a frame that gave a sample are samples too, dropped wherever they stood.
        counts.samples += UInt64(refused)
        counts.dropped[Int(DropReason.streamsFull.rawValue)] += UInt64(refusedForStreams)
        counts.dropped[Int(DropReason.unit.rawValue)] += UInt64(refused - refusedForStreams)
        counts.framesDecoded += 1
        return .decoded
    }

    /// A sample that needs no decoding: a row of a CSV feed. False when the stream limit is reached.
    package mutating func accept(
        _ observation: Observation, stream name: String, mode: Mode, arrival: Timestamp,
        sink: inout some OrderSink
    ) -> Bool {
        let unit = observation.unit == .none ? nil : observation.unit
        guard let stream = find(name, mode: mode, unit: unit, sink: &sink) else {
            counts.samples += 1
            counts.dropped[Int(DropReason.streamsFull.rawValue)] += 1
            return false
        }
        submit(observation, stream: stream, arrival: arrival, sink: &sink)
        return true
    }

    /// Declares the inventory's streams, so that those never heard are missed.
    package mutating func declareListed(sink: inout some OrderSink) {
        for listing in intake.ruleSet.listings {
            _ = find(listing.stream, mode: .live, unit: nil, sink: &sink)
        }
    }

    /// Declares a stream by name if it is new; nil when the limit is reached.
    package mutating func declare(
        _ name: String, mode: Mode, sink: inout some OrderSink
    ) -> StreamIndex? {
        find(name, mode: mode, unit: nil, sink: &sink)
    }

    private mutating func reject(_ reason: RejectReason, _ detail: String) -> FrameOutcome {
        counts.rejected[Int(reason.rawValue)] += 1
        return .rejected(reason: reason, detail: detail)
    }

    /// The number of a raw topic, classified at its first frame; nil when too many are known.
    private mutating func remember(_ topic: UnsafeRawBufferPointer) -> Int? {
        if let known = topics.find(topic) { return Int(known) }
        guard let fresh = topics.insert(topic) else { return nil }
        precondition(Int(fresh) == entries.count, "topics are numbered in order")
        entries.append(classify(topic))
        return Int(fresh)
    }

    /// The first entry of `decode:` that takes a topic; below an entry's test prefix it is test
    /// traffic, and the rest of the topic is what the filter sees.
    private func classify(_ topic: UnsafeRawBufferPointer) -> Topic {
        for (position, entry) in decoders.enumerated() {
            let prefix = entry.testPrefix
            if !prefix.isEmpty && topic.count > prefix.count
                && topic.prefix(prefix.count).elementsEqual(prefix)
            {
                let bare = UnsafeRawBufferPointer(rebasing: topic[prefix.count...])
                guard entry.decoder.filter.matches(bare) else { continue }
                return Topic(decoder: Int32(position), mode: .test, prefix: Int32(prefix.count))
            }
            guard entry.decoder.filter.matches(topic) else { continue }
            let mode: Mode = entry.decoder.isTest ? .test : .live
            return Topic(decoder: Int32(position), mode: mode, prefix: 0)
        }
        return Topic(decoder: -1, mode: .live, prefix: 0)
    }

    private mutating func take(
        _ reading: Reading, payload: UnsafeRawBufferPointer, topic: UnsafeRawBufferPointer,
        number: Int, isRetained: Bool, broker: UInt8, arrival: Timestamp,
        sink: inout some OrderSink
    ) -> RejectReason? {
        var unit = UnitIndex.none
        if let slice = reading.unit {
            guard let known = unitNumber(buffer.bytes(of: slice, in: payload)) else { return .unit }
            unit = known
        }
        let value: ObservedValue
        switch reading.value {
        case .number(let number): value = .number(number)
        case .word(let slice):
            let text = buffer.text(of: slice, in: payload)
            if let code = intake.ruleSet.vocabulary.number(of: text) {
                value = .word(code)
            } else if text == "true" || text == "false" {
                value = .number(text == "true" ? 1 : 0)
            } else {
                return .unknownWord
            }
        }
        guard
            let stream = stream(
                reading, payload: payload, topic: topic, number: number, unit: unit, sink: &sink)
        else { return .streams }
        var observation = Observation(
            value: value, time: reading.time,
            timeInvalid: reading.flags.contains(.badTime), unit: unit, quality: reading.quality,
            flags: reading.flags.intersection(FrameIntake.sensorFlags), broker: broker)
        if isRetained { observation.flags.insert(.retained) }
        if reading.qualityUnknown { counts.unknownQualityWords += 1 }
        submit(observation, stream: stream, arrival: arrival, sink: &sink)
        return nil
    }

    private mutating func submit(
        _ observation: Observation, stream: StreamIndex, arrival: Timestamp,
        sink: inout some OrderSink
    ) {
        counts.samples += 1
        switch intake.accept(observation, stream: stream, arrival: arrival) {
        case .success(let sample):
            counts.samplesAccepted += 1
            sink.append(sample, stream: stream)
        case .failure(let error): counts.dropped[Int(error.reason.rawValue)] += 1
        }
    }

    private mutating func unitNumber(_ bytes: UnsafeRawBufferPointer) -> UnitIndex? {
        if let known = units.find(bytes) {
            let unit = unitNumbers[Int(known)]
            return unit == .none ? nil : unit
        }
        let unit = UnitTable.standard.find(String(decoding: bytes, as: UTF8.self)) ?? .none
        if units.insert(bytes) != nil { unitNumbers.append(unit) }
        return unit == .none ? nil : unit
    }

    private mutating func stream(
        _ reading: Reading, payload: UnsafeRawBufferPointer, topic: UnsafeRawBufferPointer,
        number: Int, unit: UnitIndex, sink: inout some OrderSink
    ) -> StreamIndex? {
        let entry = entries[number]
        if reading.field == nil && entry.single >= 0 {
            return StreamIndex(UInt32(entry.single))
        }
        let bare = UnsafeRawBufferPointer(rebasing: topic[Int(entry.prefix)...])
        let field = reading.field.map { buffer.bytes(of: $0, in: payload) }
        key[0] = FrameIntake.letter(entry.mode)
        let length = key.withUnsafeMutableBytes { target in
            // The key's bytes behind the letter: they belong to this value alone.
            StreamName.write(
                topic: bare, field: field,
                into: UnsafeMutableRawBufferPointer(rebasing: target[1...]))
        }
        guard let length else { return nil }
        keyCount = 1 + length
        guard let index = findKey(mode: entry.mode, unit: unit == .none ? nil : unit, sink: &sink)
        else { return nil }
        if reading.field == nil { entries[number].single = Int32(index.rawValue) }
        return index
    }

    private mutating func find(
        _ name: String, mode: Mode, unit: UnitIndex?, sink: inout some OrderSink
    ) -> StreamIndex? {
        guard name.utf8.count < FrameIntake.keyBytes else { return nil }
        key[0] = FrameIntake.letter(mode)
        keyCount = 1
        for byte in name.utf8 {
            key[keyCount] = byte
            keyCount += 1
        }
        return findKey(mode: mode, unit: unit, sink: &sink)
    }

    private mutating func findKey(
        mode: Mode, unit: UnitIndex?, sink: inout some OrderSink
    ) -> StreamIndex? {
        let used = keyCount
        let known = key.withUnsafeBytes {
            names.find(UnsafeRawBufferPointer(rebasing: $0[..<used]))
        }
        if let known { return numbers[Int(known)] }
        let name = String(decoding: key[1..<used], as: UTF8.self)
        guard let declaration = intake.declare(name: name, mode: mode, unit: unit) else {
            counts.streamsRefused += 1
            return nil
        }
        let slot = key.withUnsafeBytes {
            names.insert(UnsafeRawBufferPointer(rebasing: $0[..<used]))
        }
        precondition(slot != nil, "the table of names has the same limit as the intake")
        numbers.append(declaration.index)
        sink.declare(declaration)
        return declaration.index
    }

    private static func letter(_ mode: Mode) -> UInt8 { UInt8(ascii: "A") + mode.rawValue }
}
