import TocsinDecode

/// The texts of a replay's rows by number: a row then carries three numbers and no text.
package final class FeedNames {
    private var table: TopicTable
    private var texts: ContiguousArray<String> = []

    /// `limit`: the most different texts.
    package init(limit: Int) { table = TopicTable(limit: limit) }

    package var count: Int { texts.count }

    /// The number of a text, a new one where it is new; nil when the table is full.
    @inline(__always)
    func number(of bytes: UnsafeRawBufferPointer) -> UInt32? {
        if let known = table.find(bytes) { return known }
        guard let fresh = table.insert(bytes) else { return nil }
        texts.append(table.text(of: fresh))
        return fresh
    }

    /// Takes up a text that another vocabulary has at this place. Names so taken are known by number
    /// only: two names of broken UTF-8 may be one text, and must keep their numbers.
    func append(_ text: String) { texts.append(text) }

    /// The text with this number.
    package subscript(_ number: UInt32) -> String { texts[Int(number)] }
}

/// The vocabulary of all feeds of one run: streams, units and state words as they were written.
package final class FeedVocabulary {
    /// Streams: the greatest `limits.streams` that configuration allows is a million.
    package static let streamsMax = 1 << 20
    /// Spellings of units, and state words: more are no vocabulary but damaged data.
    package static let wordsMax = 4096

    package let streams = FeedNames(limit: FeedVocabulary.streamsMax)
    package let units = FeedNames(limit: FeedVocabulary.wordsMax)
    package let words = FeedNames(limit: FeedVocabulary.wordsMax)

    package init() {}
}
