import TocsinDecode
import TocsinModel

/// A part of a stream's life that an action touches: until an offset, or for so many samples.
private struct Reach {
    var until: Int64
    var samples: Int

    init(_ extent: Extent, at offset: Int64) {
        switch extent {
        case .samples(let count):
            until = .max
            samples = count
        case .time(let span):
            until = offset + span.milliseconds
            samples = .max
        }
    }

    init(lasting span: Span?, at offset: Int64) {
        until = span.map { offset + $0.milliseconds } ?? .max
        samples = .max
    }

    /// Whether the sample at this offset is touched; counts it.
    mutating func takes(_ offset: Int64) -> Bool {
        guard offset < until, samples > 0 else { return false }
        if samples < .max { samples -= 1 }
        return true
    }
}

/// One message of a stream, before it has an arrival: how much later it comes, and how often.
struct GeneratedSample {
    var value: PlayedValue
    /// The sensor's time; nil = none in the message.
    var time: Timestamp?
    var quality: QualityMeaning
    var isRetained = false
    var delay = Span.zero
    var copies = 1
}

/// The state of one stream while a scenario runs. Offsets in milliseconds from the start.
struct StreamGenerator {
    private enum Level {
        case constant(Double)
        case ramp(from: Double, to: Double, start: Int64, over: Int64)
        case decay(from: Double, to: Double, start: Int64, halfLife: Int64)
    }

    let stream: ScenarioStream
    private let start: Timestamp
    private var random: SplitMix64
    private var level: Level
    /// The level that comes back when a step with an end is over.
    private var levelBack: (at: Int64, level: Level)?
    private var state: String?
    private var stateBack: (at: Int64, state: String?)?
    private var drifts: [(by: Double, start: Int64, over: Int64)] = []
    private var spike: (value: Double, reach: Reach)?
    private var stuck: Reach?
    private var gap: Reach?
    private var duplicate: Reach?
    private var reorder: (by: Span, reach: Reach, isSecond: Bool)?
    private var clock: (shift: Int64, reach: Reach)?
    private var quality: (meaning: QualityMeaning, reach: Reach)?
    private var last: PlayedValue?
    private var isFirst = true

    init(_ stream: ScenarioStream, position: Int, seed: UInt64, start: Timestamp) {
        self.stream = stream
        self.start = start
        // One generator a stream: an event on one does not change another's noise.
        var mixer = SplitMix64(seed: seed)
        random = SplitMix64(seed: mixer.next() ^ UInt64(position) &* 0xD6E8_FEB8_6659_FD93)
        level = .constant(stream.signal.baseline)
        state = stream.signal.state
    }

    /// Takes an action of this stream at its time.
    mutating func apply(_ kind: ScenarioAction.Kind, at offset: Int64) {
        switch kind {
        case .ramp(let to, let over):
            level = .ramp(
                from: levelValue(at: offset), to: to, start: offset, over: over.milliseconds)
            levelBack = nil
        case .step(let to, let lasting):
            levelBack = lasting.map { (offset + $0.milliseconds, level) }
            level = .constant(to)
        case .spike(let to, let extent): spike = (to, Reach(extent, at: offset))
        case .decay(let to, let halfLife):
            level = .decay(
                from: levelValue(at: offset), to: to, start: offset,
                halfLife: halfLife.milliseconds)
            levelBack = nil
        case .drift(let by, let over): drifts.append((by, offset, over.milliseconds))
        case .stuck(let lasting): stuck = Reach(lasting: lasting, at: offset)
        case .gap(let lasting): gap = Reach(lasting: lasting, at: offset)
        case .duplicate(let extent): duplicate = Reach(extent, at: offset)
        case .reorder(let by, let extent):
            reorder = (by, Reach(extent, at: offset), false)
        case .clockJump(let jump, let lasting):
            let shift: Int64
            switch jump {
            case .by(let milliseconds): shift = milliseconds
            case .to(let time): shift = time.milliseconds - start.milliseconds - offset
            }
            clock = (shift, Reach(lasting: lasting, at: offset))
        case .quality(let meaning, let lasting):
            quality = (meaning, Reach(lasting: lasting, at: offset))
        case .state(let word, let lasting):
            stateBack = lasting.map { (offset + $0.milliseconds, state) }
            state = word
        case .sample, .feed, .command, .broker: break
        }
    }

    /// The stream's message at this offset; nil in a gap.
    mutating func sample(at offset: Int64) -> GeneratedSample? {
        // Drawn whether used or not: an event must not change the noise behind it.
        let noise = random.noise()
        endWhatIsOver(at: offset)
        if gap?.takes(offset) ?? false { return nil }
        var value = value(at: offset, noise: noise)
        if stuck?.takes(offset) ?? false, let last { value = last }
        last = value
        if spike?.reach.takes(offset) ?? false, let spike {
            value = .number(
                DeterministicMath.rounded(spike.value, decimals: stream.decimals))
        }
        var sample = GeneratedSample(
            value: value, time: start + Span(milliseconds: offset), quality: stream.quality)
        if quality?.reach.takes(offset) ?? false, let quality { sample.quality = quality.meaning }
        if clock?.reach.takes(offset) ?? false, let clock {
            sample.time = start + Span(milliseconds: offset + clock.shift)
        }
        if stream.isTimeless { sample.time = nil }
        if isFirst && stream.isRetained {
            sample.isRetained = true
            sample.time = nil
        }
        isFirst = false
        if duplicate?.takes(offset) ?? false { sample.copies = 2 }
        if reorder?.reach.takes(offset) ?? false { sample.delay = reorderDelay() }
        return sample
    }

    /// A message out of turn, at this offset.
    func sample(_ extra: ExtraSample, at offset: Int64) -> GeneratedSample {
        let value: PlayedValue
        if let state = extra.state ?? (extra.value == nil ? state : nil) {
            value = .word(state)
        } else {
            value = .number(
                DeterministicMath.rounded(
                    extra.value ?? levelValue(at: offset), decimals: stream.decimals))
        }
        var sample = GeneratedSample(
            value: value, time: extra.age.map { start + Span(milliseconds: offset + $0) },
            quality: extra.quality)
        sample.isRetained = extra.isRetained
        return sample
    }

    private mutating func reorderDelay() -> Span {
        guard let current = reorder else { return .zero }
        reorder?.isSecond.toggle()
        return current.isSecond ? .zero : current.by
    }

    private mutating func endWhatIsOver(at offset: Int64) {
        if let back = levelBack, offset >= back.at {
            level = back.level
            levelBack = nil
        }
        if let back = stateBack, offset >= back.at {
            state = back.state
            stateBack = nil
        }
    }

    private func value(at offset: Int64, noise: Double) -> PlayedValue {
        if let state { return .word(state) }
        var number = levelValue(at: offset) + noise * stream.signal.noise
        for drift in drifts {
            let passed = min(offset - drift.start, drift.over)
            number += drift.by * Double(passed) / Double(max(drift.over, 1))
        }
        if let wave = stream.signal.sine {
            number += wave.amplitude * DeterministicMath.sine(turns: phase(offset, wave))
        }
        if let wave = stream.signal.sawtooth {
            number += wave.amplitude * (2 * phase(offset, wave) - 1)
        }
        return .number(DeterministicMath.rounded(number, decimals: stream.decimals))
    }

    private func phase(_ offset: Int64, _ wave: Signal.Wave) -> Double {
        Double(offset % wave.period.milliseconds) / Double(wave.period.milliseconds)
    }

    private func levelValue(at offset: Int64) -> Double {
        switch level {
        case .constant(let value): return value
        case .ramp(let from, let to, let start, let over):
            guard over > 0, offset - start < over else { return to }
            return from + (to - from) * Double(offset - start) / Double(over)
        case .decay(let from, let to, let start, let halfLife):
            let halves = Double(offset - start) / Double(max(halfLife, 1))
            return to + (from - to) * DeterministicMath.halved(halves)
        }
    }
}
