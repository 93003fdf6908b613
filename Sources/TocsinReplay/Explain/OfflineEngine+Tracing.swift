import TocsinEngine
import TocsinIngest
import TocsinModel
import TocsinRing

// What explanations ask of a running engine; nothing here changes what it does next.

extension OfflineEngine {
    /// Keeps the trace of the rule that says this event, at that moment.
    mutating func watch(for id: Identifier) { sink.engine.watch(for: id) }

    /// Nil until the watched event was said, and where no rule says it.
    var watchedTrace: RuleTrace? { sink.engine.watchedTrace }

    /// A rule as it stands now, by its full or short name.
    func trace(rule: String, stream: String, mode: Mode) -> RuleTrace? {
        sink.engine.trace(rule: rule, stream: stream, mode: mode)
    }

    /// Both sides of one comparison of a rule's condition now.
    func sides(
        ofStep step: Int, rule: String, stream: String, mode: Mode
    ) -> (left: Double, right: Double)? {
        sink.engine.sides(ofStep: step, rule: rule, stream: stream, mode: mode)
    }

    /// Whether a stream was met.
    func knows(_ stream: String, mode: Mode) -> Bool {
        sink.engine.knows(stream: stream, mode: mode)
    }

    /// The number of a stream; nil = not met yet, or calculated.
    func index(of stream: String, mode: Mode) -> StreamIndex? {
        sink.engine.index(ofStream: stream, mode: mode)
    }

    /// The streams met so far.
    var streamNames: [String] { sink.engine.streamReports().map(\.name) }

    /// The newest samples of a stream that its rules have seen, oldest first: those that came after
    /// the stream's sample of `newest` are left out.
    func samples(
        of stream: StreamIndex, upTo newest: Timestamp, limit: Int
    ) -> [Slot] {
        guard let ring = frames.intake.rings.ring(at: Int(stream.rawValue)) else { return [] }
        var slots: [Slot] = []
        ring.copy(limit: ring.capacity, into: &slots)
        return slots.filter { $0.milliseconds <= newest.milliseconds }.suffix(limit)
    }
}
