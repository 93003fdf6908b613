package import TocsinModel

/// Several feeds as one, by time; at equal times in the order of the files, then of the lines.
package final class FeedMerge {
    /// Files of one replay.
    package static let filesMax = 256

    package let readers: [FeedReader]
    private var heads: [FeedItem?]
    /// The reader that is ahead of the others until its head passes `bound`.
    private var current = 0
    private var bound = Timestamp.distantFuture
    private var boundReader = Int.max

    /// Opens the files in this order.
    package init(paths: [String], vocabulary: FeedVocabulary) throws(FeedError) {
        guard paths.count <= FeedMerge.filesMax else {
            throw FeedError(
                path: paths[FeedMerge.filesMax],
                "more than \(FeedMerge.filesMax) feeds at once: join some files")
        }
        var opened: [FeedReader] = []
        for path in paths { opened.append(try FeedReader(path: path, vocabulary: vocabulary)) }
        readers = opened
        heads = []
        for reader in opened { heads.append(try reader.next()) }
        choose()
    }

    /// The time of the next item; nil at the end.
    package var nextArrival: Timestamp? {
        heads.indices.contains(current) ? heads[current]?.arrival : nil
    }

    /// The next item of all feeds; nil at the end.
    package func next() throws(FeedError) -> FeedItem? {
        guard heads.indices.contains(current), let item = heads[current] else { return nil }
        let head = try readers[current].next()
        heads[current] = head
        let isAhead = head.map { ($0.arrival, current) < (bound, boundReader) } ?? false
        if !isAhead { choose() }
        return item
    }

    /// Finds the reader with the earliest head, and how long it stays the earliest.
    private func choose() {
        current = heads.count
        bound = .distantFuture
        boundReader = .max
        var best = Timestamp.distantFuture
        for (position, head) in heads.enumerated() {
            guard let time = head?.arrival else { continue }
            if current == heads.count || time < best {
                if current < heads.count { (bound, boundReader) = (best, current) }
                (best, current) = (time, position)
            } else if time < bound {
                (bound, boundReader) = (time, position)
            }
        }
    }
}
