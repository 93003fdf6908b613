// A scenario as a sequence of what happens, in order of time. Everything is made when it is asked
// for: the memory is one generator per stream and what is delayed, not the scenario's length.
//
// At one instant: changes of signals first, so that a step at 60 s shows in the sample of 60 s;
// then delayed samples, recorded feeds, the streams in the order of the file; last commands, so that an
// acknowledgement at 60 s sees the alarm of 60 s. While the broker is lost samples wait, and come
// at once, in order, when it is back.

import TocsinDecode
import TocsinModel

/// Plays a scenario; the same scenario gives the same items, on every machine.
package struct ScenarioPlayer {
    private struct Due {
        enum What {
            case action(Int)
            case delayed(PlayedSample)
            case feed(Int)
            case stream(Int)
            case command(ScenarioCommand)
        }

        var offset: Int64
        var rank: Int
        var sequence: Int
        var what: What

        static func < (a: Due, b: Due) -> Bool {
            (a.offset, a.rank, a.sequence) < (b.offset, b.rank, b.sequence)
        }
    }

    /// A recording, and how far its clock is from the scenario's.
    private struct Recording {
        var mix: FeedMix
        var merge: FeedMerge
        var vocabulary: FeedVocabulary
        var shift: Span
    }

    /// Samples that wait for a lost broker; beyond it the oldest is lost, as with a real one.
    package static let backlogMax = 1_000_000

    package let scenario: Scenario
    private var generators: [StreamGenerator]
    private var recordings: [Recording] = []
    /// A binary heap, the earliest first.
    private var heap: [Due] = []
    private var ready: [PlayedItem] = []
    private var readyNext = 0
    private var backlog: [PlayedSample] = []
    private var isLost = false
    private var sequence = 0
    /// Samples that a lost broker could not keep.
    package private(set) var lostSamples = 0

    /// Opens the recordings that are mixed in; throws where one cannot be read.
    package init(_ scenario: Scenario) throws(FeedError) {
        self.scenario = scenario
        generators = scenario.streams.enumerated().map { position, stream in
            StreamGenerator(
                stream, position: position, seed: scenario.seed, start: scenario.start)
        }
        for (position, action) in scenario.actions.enumerated() {
            push(action.at.milliseconds, rank: 0, .action(position))
            if case .feed(let mix) = action.kind { try open(mix, at: action.at) }
        }
        for position in generators.indices { push(0, rank: 3, .stream(position), position) }
    }

    /// The next thing that happens; nil at the end of the scenario.
    package mutating func next() throws(FeedError) -> PlayedItem? {
        while true {
            if readyNext < ready.count {
                readyNext += 1
                return ready[readyNext - 1]
            }
            ready.removeAll(keepingCapacity: true)
            readyNext = 0
            guard let due = pop(), due.offset <= scenario.duration.milliseconds else { return nil }
            switch due.what {
            case .action(let position): act(scenario.actions[position], at: due.offset)
            case .delayed(let sample): emit(sample, at: due.offset)
            case .feed(let position): try playRow(position, at: due.offset)
            case .stream(let position): play(position, at: due.offset)
            case .command(let command):
                ready.append(PlayedItem(arrival: time(due.offset), content: .command(command)))
            }
        }
    }

    private func time(_ offset: Int64) -> Timestamp {
        scenario.start + Span(milliseconds: offset)
    }

    // MARK: What happens

    private mutating func act(_ action: ScenarioAction, at offset: Int64) {
        switch action.kind {
        case .command(let command): push(offset, rank: 4, .command(command))
        case .broker(let lost): changeBroker(isLost: lost, at: offset)
        case .feed: break
        case .sample(let extra):
            for stream in action.streams {
                emit(generators[stream].sample(extra, at: offset), of: stream, at: offset)
            }
        case .ramp, .step, .spike, .decay, .drift, .stuck, .gap, .duplicate, .reorder, .clockJump,
            .quality, .state:
            for stream in action.streams {
                generators[stream].apply(action.kind, at: offset)
                guard generators[stream].stream.every == nil else { continue }
                // Without a cadence a stream speaks when something changes.
                push(offset, rank: 3, .stream(stream), stream)
                if let end = action.kind.lasting {
                    push(offset + end.milliseconds, rank: 3, .stream(stream), stream)
                }
            }
        }
    }

    private mutating func changeBroker(isLost lost: Bool, at offset: Int64) {
        isLost = lost
        ready.append(PlayedItem(arrival: time(offset), content: .broker(isLost: lost)))
        guard !lost else { return }
        let waiting = backlog
        backlog.removeAll()
        for sample in waiting { emit(sample, at: offset) }
    }

    private mutating func play(_ position: Int, at offset: Int64) {
        if let every = generators[position].stream.every {
            push(offset + every.milliseconds, rank: 3, .stream(position), position)
        }
        guard let sample = generators[position].sample(at: offset) else { return }
        emit(sample, of: position, at: offset)
    }

    private mutating func emit(_ sample: GeneratedSample, of position: Int, at offset: Int64) {
        let stream = generators[position].stream
        let played = PlayedSample(
            stream: stream.name, time: sample.time, value: sample.value, unit: stream.unit,
            quality: sample.quality, isRetained: sample.isRetained, isTest: stream.isTest)
        guard sample.delay == .zero else {
            push(offset + sample.delay.milliseconds, rank: 1, .delayed(played))
            return
        }
        for _ in 0..<sample.copies { emit(played, at: offset) }
    }

    private mutating func emit(_ sample: PlayedSample, at offset: Int64) {
        guard isLost else {
            ready.append(PlayedItem(arrival: time(offset), content: .sample(sample)))
            return
        }
        if backlog.count >= ScenarioPlayer.backlogMax {
            backlog.removeFirst()
            lostSamples += 1
        }
        backlog.append(sample)
    }

    // MARK: Recordings

    private mutating func open(_ mix: FeedMix, at offset: Span) throws(FeedError) {
        let vocabulary = FeedVocabulary()
        let merge = try FeedMerge(paths: [mix.path], vocabulary: vocabulary)
        guard let first = merge.nextArrival else { return }
        guard !merge.readers.contains(where: \.isFrames) else {
            throw FeedError(
                path: mix.path,
                "frames carry their own times: only a feed of samples (CSV) can be shifted")
        }
        let shift = scenario.start + offset - first
        recordings.append(
            Recording(mix: mix, merge: merge, vocabulary: vocabulary, shift: shift))
        push(offset.milliseconds, rank: 2, .feed(recordings.count - 1))
    }

    private mutating func playRow(_ position: Int, at offset: Int64) throws(FeedError) {
        let recording = recordings[position]
        guard let item = try recording.merge.next() else { return }
        if let next = recording.merge.nextArrival {
            push((next + recording.shift - scenario.start).milliseconds, rank: 2, .feed(position))
        }
        guard case .row(let row) = item.content else { return }
        let name = recording.vocabulary.streams[row.stream]
        let renamed = recording.mix.renames[name]
        guard renamed != nil || !recording.mix.onlyRenamed else { return }
        let value: PlayedValue
        switch row.value {
        case .number(let number): value = .number(number)
        case .word(let word): value = .word(recording.vocabulary.words[word])
        }
        emit(
            PlayedSample(
                stream: renamed ?? recording.mix.prefix + name, time: row.time + recording.shift,
                value: value, unit: row.unit.map { recording.vocabulary.units[$0] },
                quality: row.quality, isRetained: false, isTest: false), at: offset)
    }

    // MARK: The order of time

    private mutating func push(_ offset: Int64, rank: Int, _ what: Due.What, _ order: Int? = nil) {
        sequence += 1
        heap.append(Due(offset: offset, rank: rank, sequence: order ?? sequence, what: what))
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> Due? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            if least == parent { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}

extension ScenarioAction.Kind {
    /// When the change ends by itself; nil = it stays.
    var lasting: Span? {
        switch self {
        case .step(_, let span), .stuck(let span), .gap(let span), .clockJump(_, let span),
            .quality(_, let span), .state(_, let span):
            span
        case .spike(_, .time(let span)), .duplicate(.time(let span)), .reorder(_, .time(let span)):
            span
        case .ramp, .spike, .decay, .drift, .duplicate, .reorder, .sample, .feed, .command, .broker:
            nil
        }
    }
}
