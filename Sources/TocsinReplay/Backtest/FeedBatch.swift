// One feed, two engines, three threads: the caller's thread reads and parses, and each rule set has
// a thread with its own engine. Parsed rows go to both in batches that nobody changes any more.
//
// Rows name streams, units and words by the numbers of a vocabulary, which is not made for several
// threads. So the reader has one, each engine has one, and a batch brings the texts that became new
// in it: taken up in the same order, they get the same numbers.

import Glibc
import TocsinModel

/// Parsed lines in order, and the texts that they are the first to use.
final class FeedBatch: Sendable {
    let items: ContiguousArray<FeedItem>
    let streams: [String]
    let units: [String]
    let words: [String]

    init(
        items: ContiguousArray<FeedItem>, streams: [String], units: [String], words: [String]
    ) {
        self.items = items
        self.streams = streams
        self.units = units
        self.words = words
    }

    /// Takes the new texts up; must be done before the batch's items are used.
    func extend(_ vocabulary: FeedVocabulary) {
        for text in streams { vocabulary.streams.append(text) }
        for text in units { vocabulary.units.append(text) }
        for text in words { vocabulary.words.append(text) }
    }
}

/// Cuts a merge of feeds into batches.
struct FeedBatcher {
    /// Rows of a batch: some 3 MB, so that handing over costs nothing and memory stays small.
    static let batchItems = 32_768

    private let merge: FeedMerge
    private let vocabulary: FeedVocabulary
    private let until: Timestamp?
    private var streams = 0
    private var units = 0
    private var words = 0
    /// Arrival of the last item given.
    private(set) var last: Timestamp?
    private(set) var items = 0

    init(merge: FeedMerge, vocabulary: FeedVocabulary, until: Timestamp?) {
        self.merge = merge
        self.vocabulary = vocabulary
        self.until = until
    }

    /// The next batch; nil at the end.
    mutating func next() throws(FeedError) -> FeedBatch? {
        var list = ContiguousArray<FeedItem>()
        list.reserveCapacity(FeedBatcher.batchItems)
        while list.count < FeedBatcher.batchItems, let arrival = merge.nextArrival,
            until.map({ arrival <= $0 }) ?? true, let item = try merge.next()
        {
            list.append(item)
        }
        guard let newest = list.last else { return nil }
        last = newest.arrival
        items += list.count
        return FeedBatch(
            items: list, streams: FeedBatcher.fresh(vocabulary.streams, from: &streams),
            units: FeedBatcher.fresh(vocabulary.units, from: &units),
            words: FeedBatcher.fresh(vocabulary.words, from: &words))
    }

    private static func fresh(_ names: FeedNames, from first: inout Int) -> [String] {
        let texts = (first..<names.count).map { names[UInt32($0)] }
        first = names.count
        return texts
    }
}

/// Hands batches from the reader to one engine's thread. Bounded: the reader waits for the engine.
final class BatchQueue: @unchecked Sendable {
    /// Batches that may wait.
    static let limit = 4

    // Sound because `batches` and `isClosed` are touched under `mutex` only.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var batches: [FeedBatch] = []
    private var isClosed = false

    init() {
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    func append(_ batch: FeedBatch) {
        pthread_mutex_lock(mutex)
        while batches.count >= BatchQueue.limit { pthread_cond_wait(changed, mutex) }
        batches.append(batch)
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    /// Nothing comes behind what waits.
    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    /// The next batch, waited for; nil when the queue is closed and empty.
    func take() -> FeedBatch? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while batches.isEmpty && !isClosed { pthread_cond_wait(changed, mutex) }
        guard !batches.isEmpty else { return nil }
        let batch = batches.removeFirst()
        pthread_cond_broadcast(changed)
        return batch
    }
}
