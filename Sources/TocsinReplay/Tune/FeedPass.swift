import TocsinEngine
import TocsinIngest
import TocsinModel
import TocsinRules

/// Feeds that are driven through changing rules again and again.
struct FeedPass {
    let feeds: [String]
    let decoders: [TopicDecoder]

    /// The time of the first line; nil where the feeds are empty.
    func start() throws(ReplayError) -> Timestamp? {
        try open(FeedVocabulary()).nextArrival
    }

    /// The alarms of one run from the first line to the last.
    func run(_ ruleSet: RuleSet) throws(ReplayError) -> AlarmHistory {
        try drive(ruleSet, tap: nil).history
    }

    /// The samples of one run, without the rules.
    func measure(_ ruleSet: RuleSet, _ tap: NoiseTap) throws(ReplayError) {
        _ = try drive(ruleSet, tap: tap)
    }

    /// The alarms, and the names of the packs that watched some stream.
    func survey(
        _ ruleSet: RuleSet
    ) throws(ReplayError) -> (history: AlarmHistory, packs: Set<String>) {
        try drive(ruleSet, tap: nil)
    }

    private func drive(
        _ ruleSet: RuleSet, tap: NoiseTap?
    ) throws(ReplayError) -> (history: AlarmHistory, packs: Set<String>) {
        let vocabulary = FeedVocabulary()
        let merge = try open(vocabulary)
        let start = merge.nextArrival ?? Timestamp(milliseconds: 0)
        var engine = OfflineEngine(
            ruleSet: ruleSet, decoders: decoders, start: start, vocabulary: vocabulary, tap: tap)
        var collector = LifeCollector(start: start)
        var isDecoding = !decoders.isEmpty
        var last = start
        do throws(FeedError) {
            while let item = try merge.next() {
                if !isDecoding, case .frame(let frame) = item.content {
                    engine.use(DecodeGuess.decoders(for: frame))
                    isDecoding = true
                }
                last = item.arrival
                engine.accept(item)
                if engine.hasEvents { for event in engine.takeEvents() { collector.take(event) } }
            }
        } catch {
            throw .feed(error)
        }
        engine.finish(at: last)
        for event in engine.takeEvents() { collector.take(event) }
        if collector.isFull {
            throw .feed(
                FeedError(
                    path: feeds[0], "more than \(LifeCollector.livesMax) alarms: take a part of it")
            )
        }
        let packs = engine.sink.engine.streamReports().flatMap(\.packs)
        return (collector.finish(at: last), Set(packs))
    }

    private func open(_ vocabulary: FeedVocabulary) throws(ReplayError) -> FeedMerge {
        guard !feeds.isEmpty else { throw .noFeeds }
        if feeds.contains("-") {
            throw .feed(FeedError(path: "-", "is read several times: give a file"))
        }
        do throws(FeedError) {
            return try FeedMerge(paths: feeds, vocabulary: vocabulary)
        } catch {
            throw .feed(error)
        }
    }
}
