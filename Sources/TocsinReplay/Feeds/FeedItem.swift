package import TocsinDecode
package import TocsinModel

/// What a row's value says.
package enum FeedValue: Sendable, Equatable {
    case number(Double)
    /// A state word by its number in `FeedVocabulary.words`.
    case word(UInt32)
}

/// One line of a CSV feed: `ts_ms,stream,value,unit[,quality]` (contract §3).
package struct FeedRow: Sendable, Equatable {
    /// Its own time.
    package var time: Timestamp
    /// By its number in `FeedVocabulary.streams`.
    package var stream: UInt32
    package var value: FeedValue
    /// By its number in `FeedVocabulary.units`; nil = the cell is empty.
    package var unit: UInt32?
    package var quality: QualityMeaning

    package init(
        time: Timestamp, stream: UInt32, value: FeedValue, unit: UInt32? = nil,
        quality: QualityMeaning = .good
    ) {
        self.time = time
        self.stream = stream
        self.value = value
        self.unit = unit
        self.quality = quality
    }
}

/// One line of a feed.
package enum FeedContent: Sendable, Equatable {
    case row(FeedRow)
    case frame(FrameLine)
}

/// One line of a feed with the time at which it enters the replay.
package struct FeedItem: Sendable, Equatable {
    /// Never going back within a file: the line's time, or the largest before it.
    package var arrival: Timestamp
    package var content: FeedContent
}
