import Glibc
import TocsinEngine
import TocsinIngest
import TocsinModel

/// One rule set of a backtest on a thread of its own: batches in, a history out.
final class EngineLane: @unchecked Sendable {
    // Sound because everything but `queue` belongs to the thread from `start` to `join`.
    let queue = BatchQueue()
    private let ruleSet: RuleSet
    private let decoders: [TopicDecoder]
    private let start: Timestamp
    private let until: Timestamp?
    private var thread = pthread_t()
    private var result: Result?

    /// What a lane made of the feed.
    struct Result {
        var history: AlarmHistory
        var counts: OfflineCounts
        /// More alarms than are kept.
        var isFull: Bool
    }

    init(ruleSet: RuleSet, decoders: [TopicDecoder], start: Timestamp, until: Timestamp?) {
        self.ruleSet = ruleSet
        self.decoders = decoders
        self.start = start
        self.until = until
    }

    /// Starts the thread; throws the system's error code.
    func run() throws(OutputError) {
        let retained = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context {
                    Unmanaged<EngineLane>.fromOpaque(context).takeRetainedValue().work()
                }
                return nil
            }, retained.toOpaque())
        guard code == 0 else {
            retained.release()
            throw OutputError(path: "a thread", code: code)
        }
    }

    /// Waits for the end; call `queue.close()` before.
    func join() -> Result {
        pthread_join(thread, nil)
        guard let result else { preconditionFailure("a lane that ended has a result") }
        return result
    }

    private func work() {
        let vocabulary = FeedVocabulary()
        var engine = OfflineEngine(
            ruleSet: ruleSet, decoders: decoders, start: start, vocabulary: vocabulary)
        var collector = LifeCollector(start: start)
        var isDecoding = !decoders.isEmpty
        var last = start
        while let batch = queue.take() {
            batch.extend(vocabulary)
            for item in batch.items {
                if !isDecoding, case .frame(let frame) = item.content {
                    engine.use(DecodeGuess.decoders(for: frame))
                    isDecoding = true
                }
                engine.accept(item)
                if engine.hasEvents { for event in engine.takeEvents() { collector.take(event) } }
            }
            last = batch.items.last?.arrival ?? last
        }
        let end = until ?? last
        engine.finish(at: end)
        for event in engine.takeEvents() { collector.take(event) }
        result = Result(
            history: collector.finish(at: end), counts: engine.counts(), isFull: collector.isFull)
    }
}
