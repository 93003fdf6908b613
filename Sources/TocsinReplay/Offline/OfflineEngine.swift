// The daemon without its threads: the same frame intake, rings and engine, one after the other.
// Time is the feed's: every input brings its arrival, which is both clocks (contract §4).
//
// A row of a CSV feed needs no decoding. Its stream and unit come as numbers of the feeds' own
// vocabulary; what they mean here is looked up at their first row and remembered by number, so that
// a steady feed costs no text and no hash.

import TocsinDecode
package import TocsinEngine
package import TocsinIngest
package import TocsinModel

/// Drives intake and engine from files; owns both.
package struct OfflineEngine: ~Copyable {
    /// What is known of a stream of the feeds.
    private struct FeedStream {
        /// −1 = never met, −2 = refused: `limits.streams`.
        var index: Int32 = -1
        /// The spelling of the unit that was looked at last, and what it is; −1 = none yet.
        var spelling: Int64 = -1
        var unit = UnitIndex.none
        var unitIsUsable = true
    }

    package let ruleSet: RuleSet
    package let vocabulary: FeedVocabulary
    var frames: FrameIntake
    var sink: EngineSink
    private var streams: ContiguousArray<FeedStream> = []
    /// Units by spelling; nil inside = looked up and unknown.
    private var units: ContiguousArray<UnitIndex?> = []
    /// State words by spelling.
    private var words: ContiguousArray<ObservedValue?> = []
    private var rowSamples: UInt64 = 0
    private var rowsDropped = [UInt64](repeating: 0, count: DropReason.allCases.count)
    private var rowsWithUnknownWord: UInt64 = 0
    private var eventsTaken = 0

    /// `start`: the feed's first time. With an inventory its streams are declared at once, so that
    /// those never heard are missed.
    package init(
        ruleSet: RuleSet, decoders: [TopicDecoder] = [], start: Timestamp,
        vocabulary: FeedVocabulary = FeedVocabulary()
    ) {
        self.init(
            ruleSet: ruleSet, decoders: decoders, start: start, vocabulary: vocabulary, tap: nil)
    }

    /// With a `tap` no rule is evaluated: it takes the samples.
    init(
        ruleSet: RuleSet, decoders: [TopicDecoder], start: Timestamp, vocabulary: FeedVocabulary,
        tap: (any SampleTap)?
    ) {
        self.ruleSet = ruleSet
        self.vocabulary = vocabulary
        frames = FrameIntake(ruleSet: ruleSet, decoders: decoders)
        sink = EngineSink(
            ruleSet: ruleSet, start: start, rings: frames.intake.rings, tap: tap)
        frames.declareListed(sink: &sink)
    }

    /// New decode rules, before the first frame.
    package mutating func use(_ decoders: [TopicDecoder]) {
        frames.reload(decoders: decoders)
    }

    // MARK: Inputs

    /// One line of a feed.
    package mutating func accept(_ item: FeedItem) {
        advance(to: item.arrival)
        switch item.content {
        case .row(let row): accept(row)
        case .frame(let frame): _ = accept(frame)
        }
    }

    /// One message, as if it had come now.
    package mutating func accept(_ frame: FrameLine) -> FrameOutcome {
        advance(to: frame.arrival)
        var topic = frame.topic
        return topic.withUTF8 { name in
            frame.payload.withUnsafeBytes { payload in
                // Both live until the call returns.
                frames.accept(
                    topic: UnsafeRawBufferPointer(name), payload: payload,
                    isRetained: frame.isRetained, broker: 0, arrival: sink.arrival, sink: &sink)
            }
        }
    }

    /// One observation of a named stream that needs no decoding.
    package mutating func accept(
        _ observation: Observation, stream: String, mode: Mode = .live, arrival: Timestamp
    ) {
        advance(to: arrival)
        _ = frames.accept(
            observation, stream: stream, mode: mode, arrival: sink.arrival, sink: &sink)
    }

    /// Declares a stream before its first sample.
    package mutating func declare(_ stream: String, mode: Mode = .live) {
        _ = frames.declare(stream, mode: mode, sink: &sink)
    }

    /// A command of an operator.
    package mutating func execute(_ command: AlarmCommand, arrival: Timestamp) -> CommandOutcome {
        advance(to: arrival)
        return sink.engine.execute(
            command, arrival: sink.arrival, appendingTo: &sink.events)
    }

    /// Any other input; rules are given with the run and never reloaded here.
    package mutating func step(_ input: Input, arrival: Timestamp) {
        advance(to: arrival)
        sink.engine.step(input, arrival: sink.arrival, appendingTo: &sink.events)
    }

    /// Lets time pass up to the end of the run: deadlines that are reached fire.
    package mutating func finish(at end: Timestamp) {
        step(.tick, arrival: end)
    }

    /// The events since the last call, in order.
    package mutating func takeEvents() -> [Event] {
        guard !sink.events.isEmpty else { return [] }
        let taken = sink.events
        sink.events.removeAll(keepingCapacity: true)
        eventsTaken += taken.count
        return taken
    }

    package var hasEvents: Bool { !sink.events.isEmpty }

    @inline(__always)
    private mutating func advance(to arrival: Timestamp) {
        if arrival > sink.arrival { sink.arrival = arrival }
    }

    // MARK: Rows

    @inline(__always)
    private mutating func accept(_ row: FeedRow) {
        let position = Int(row.stream)
        while streams.count <= position { streams.append(FeedStream()) }
        if let unit = row.unit, streams[position].spelling != Int64(unit) {
            learnUnit(unit, of: position, name: vocabulary.streams[row.stream])
        }
        var observation = Observation(
            value: .number(0), time: row.time, unit: .none, quality: row.quality.quality,
            flags: row.quality.flags)
        if row.unit != nil {
            guard streams[position].unitIsUsable else { return drop(.unit) }
            observation.unit = streams[position].unit
        }
        switch row.value {
        case .number(let number): observation.value = .number(number)
        case .word(let number):
            guard let value = word(number) else {
                rowSamples += 1
                rowsWithUnknownWord += 1
                return
            }
            observation.value = value
        }
        submit(observation, stream: position, name: row.stream)
    }

    @inline(__always)
    private mutating func submit(_ observation: Observation, stream position: Int, name: UInt32) {
        let index = streams[position].index
        guard index >= 0 else { return meet(observation, position, name) }
        rowSamples += 1
        let stream = StreamIndex(UInt32(index))
        switch frames.intake.accept(observation, stream: stream, arrival: sink.arrival) {
        case .success(let sample): sink.append(sample, stream: stream)
        case .failure(let error): rowsDropped[Int(error.reason.rawValue)] += 1
        }
    }

    private mutating func drop(_ reason: DropReason) {
        rowSamples += 1
        rowsDropped[Int(reason.rawValue)] += 1
    }

    /// The first row of a stream declares it, with the unit that the row names.
    private mutating func meet(_ observation: Observation, _ position: Int, _ name: UInt32) {
        let stream = vocabulary.streams[name]
        guard streams[position].index == -1,
            frames.accept(
                observation, stream: stream, mode: .live, arrival: sink.arrival, sink: &sink),
            let index = frames.declare(stream, mode: .live, sink: &sink)
        else {
            if streams[position].index == -2 { drop(.streamsFull) }
            streams[position].index = -2
            return
        }
        streams[position].index = Int32(index.rawValue)
    }

    private mutating func learnUnit(_ spelling: UInt32, of position: Int, name: String) {
        while units.count <= Int(spelling) {
            units.append(UnitTable.standard.find(vocabulary.units[UInt32(units.count)]))
        }
        streams[position].spelling = Int64(spelling)
        streams[position].unit = units[Int(spelling)] ?? .none
        // A unit that nobody knows does no harm where no rule asks for one.
        streams[position].unitIsUsable =
            units[Int(spelling)] != nil
            || (ruleSet.listing(of: name)?.unit == nil
                && ruleSet.matches(name).allSatisfy { ruleSet.packs[$0.pack].unit == nil })
    }

    private mutating func word(_ number: UInt32) -> ObservedValue? {
        while words.count <= Int(number) {
            words.append(OfflineEngine.value(of: vocabulary.words[UInt32(words.count)], ruleSet))
        }
        return words[Int(number)]
    }

    /// What a state word stands for, as the frame intake decides it; nil = no pack knows it.
    static func value(of word: String, _ ruleSet: RuleSet) -> ObservedValue? {
        if let code = ruleSet.vocabulary.number(of: word) { return .word(code) }
        return word == "true" || word == "false" ? .number(word == "true" ? 1 : 0) : nil
    }

    // MARK: Reports

    /// The state of an alarm by the rule's full or short name.
    package func state(ofRule rule: String, stream: String, mode: Mode) -> AlarmState? {
        sink.engine.state(ofRule: rule, stream: stream, mode: mode)
    }

    /// The alarm id of a rule on a stream; nil when the rule does not watch it.
    package func alarm(ofRule rule: String, stream: String, mode: Mode) -> Identifier? {
        sink.engine.alarm(ofRule: rule, stream: stream, mode: mode)
    }

    /// The time of the input in hand.
    package var now: Timestamp { sink.arrival }

    package func counts() -> OfflineCounts {
        var counts = OfflineCounts()
        let ingest = frames.counts
        counts.framesReceived = ingest.framesReceived
        counts.framesDecoded = ingest.framesDecoded
        counts.samples = ingest.samples + rowSamples
        counts.samplesEvaluated = sink.engine.counts.samplesEvaluated
        for reason in RejectReason.allCases where ingest.rejected[Int(reason.rawValue)] > 0 {
            counts.rejected.append((reason.word, ingest.rejected[Int(reason.rawValue)]))
        }
        for reason in DropReason.allCases {
            let count =
                ingest.dropped[Int(reason.rawValue)] + rowsDropped[Int(reason.rawValue)]
            if count > 0 { counts.dropped.append((reason.word, count)) }
        }
        if rowsWithUnknownWord > 0 {
            counts.dropped.append((RejectReason.unknownWord.word, rowsWithUnknownWord))
        }
        counts.events = eventsTaken + sink.events.count
        let reports = sink.engine.streamReports()
        counts.streams = reports.count
        // What a pack computes for another computation is watched by that.
        counts.unmatchedStreams = reports.filter { $0.packs.isEmpty && $0.index != nil }
            .map(\.name)
        return counts
    }
}
