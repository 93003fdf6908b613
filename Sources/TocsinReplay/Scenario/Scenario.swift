package import TocsinDecode
package import TocsinModel
package import TocsinRules

/// A scripted feed with expectations (contract §6), read and checked. Times are offsets from
/// `start`.
package struct Scenario: Sendable {
    /// As shown to the user.
    package var path: String
    package var name: String
    package var about: String?
    package var seed: UInt64
    package var duration: Span
    package var start: Timestamp
    package var site: String
    /// Relative to the working directory, or absolute.
    package var rules: [String]
    package var inventory: String?
    package var streams: [ScenarioStream]
    /// By time; at equal times as they stand in the file.
    package var actions: [ScenarioAction]
    package var expectations: [Expectation]
    /// Streams that are expected something of and not played: packs must calculate them.
    package var unlisted: [UnlistedStream] = []

    /// When a scenario begins that does not say: 2026-01-05T08:00:00Z, a Monday morning.
    package static let defaultStart = Timestamp(milliseconds: 1_767_600_000_000)
    /// Streams of one scenario, patterns expanded.
    package static let streamsMax = 100_000
    /// A scenario is no recording: a month covers the slowest rule.
    package static let durationMax = Span(milliseconds: 31 * 86_400_000)
}

/// A stream that an expectation names and `streams:` does not.
package struct UnlistedStream: Sendable {
    package var name: String
    package var place: SourceRange
}

/// One stream of a scenario.
package struct ScenarioStream: Sendable, Equatable {
    package var name: String
    /// As written, and known to `UnitTable.standard`.
    package var unit: String?
    /// Nil: a sample at the beginning and at each event of the stream.
    package var every: Span?
    package var signal: Signal
    package var quality: QualityMeaning
    /// Decimals to which values are rounded.
    package var decimals: Int
    /// The first sample is a retained message without a time of its own.
    package var isRetained: Bool
    /// Its payloads carry no time.
    package var isTimeless: Bool
    /// Published under the test prefix: events have mode `test`.
    package var isTest: Bool
}

/// What a stream shows while nothing happens: a level with noise and waves on it, or a state.
package struct Signal: Sendable, Equatable {
    /// A wave of `amplitude` around the level, once per `period`.
    package struct Wave: Sendable, Equatable {
        package var amplitude: Double
        package var period: Span
    }

    package var baseline = 0.0
    /// Standard deviation; never more than 3.5 times that.
    package var noise = 0.0
    package var sine: Wave?
    package var sawtooth: Wave?
    /// A state word; then the rest has no meaning.
    package var state: String?
}

/// One entry of `events:`, for the streams it names.
package struct ScenarioAction: Sendable {
    package var at: Span
    /// Positions in `Scenario.streams`; empty where the action is about none.
    package var streams: [Int]
    package var kind: Kind
    package var place: SourceRange

    package enum Kind: Sendable, Equatable {
        case ramp(to: Double, over: Span)
        case step(to: Double, lasting: Span?)
        case spike(to: Double, Extent)
        case decay(to: Double, halfLife: Span)
        case drift(by: Double, over: Span)
        case stuck(lasting: Span?)
        case gap(lasting: Span?)
        case duplicate(Extent)
        /// Every second sample comes `by` later than it should.
        case reorder(by: Span, Extent)
        case clockJump(ClockJump, lasting: Span?)
        case quality(QualityMeaning, lasting: Span?)
        case state(String, lasting: Span?)
        case sample(ExtraSample)
        case feed(FeedMix)
        case command(ScenarioCommand)
        case broker(isLost: Bool)
    }
}

/// How much of a stream an action touches.
package enum Extent: Sendable, Equatable {
    case samples(Int)
    case time(Span)
}

/// Where a sensor's clock jumps.
package enum ClockJump: Sendable, Equatable {
    /// Milliseconds; negative = into the past.
    case by(Int64)
    /// The clock shows this time and goes on from there.
    case to(Timestamp)
}

/// One message out of turn.
package struct ExtraSample: Sendable, Equatable {
    /// Nil: what the signal shows.
    package var value: Double?
    package var state: String?
    package var quality: QualityMeaning
    package var isRetained: Bool
    /// Its time, in milliseconds relative to its arrival; nil = the message carries none.
    package var age: Int64?
}

/// A recorded feed mixed into a scenario.
package struct FeedMix: Sendable, Equatable {
    package var path: String
    /// Put before each stream's name that `renames` does not hold.
    package var prefix: String
    package var renames: [String: String]
    /// True: streams that are not renamed are left out.
    package var onlyRenamed: Bool
}

/// An operator's command in a scenario.
package struct ScenarioCommand: Sendable, Equatable {
    package var verb: Verb
    /// The rule's full or short name.
    package var alarm: String
    package var stream: String
    package var by: String
    package var reason: String?
    package var confirmsOverRange: Bool

    package enum Verb: String, Sendable, CaseIterable {
        case acknowledge, reset
    }
}
