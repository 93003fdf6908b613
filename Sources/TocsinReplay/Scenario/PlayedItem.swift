package import TocsinDecode
package import TocsinModel

/// What a played message says.
package enum PlayedValue: Sendable, Equatable {
    case number(Double)
    case word(String)
}

/// One message of a scenario.
package struct PlayedSample: Sendable, Equatable {
    package var stream: String
    /// The sensor's time; nil = the message carries none.
    package var time: Timestamp?
    package var value: PlayedValue
    /// As the publisher writes it.
    package var unit: String?
    package var quality: QualityMeaning
    package var isRetained: Bool
    /// It belongs under the test prefix.
    package var isTest: Bool

    package init(
        stream: String, time: Timestamp?, value: PlayedValue, unit: String?,
        quality: QualityMeaning, isRetained: Bool, isTest: Bool
    ) {
        self.stream = stream
        self.time = time
        self.value = value
        self.unit = unit
        self.quality = quality
        self.isRetained = isRetained
        self.isTest = isTest
    }
}

/// One thing that happens in a scenario, at its time.
package struct PlayedItem: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case sample(PlayedSample)
        case command(ScenarioCommand)
        /// The connection is lost or back; a live driver ignores it: samples already come late.
        case broker(isLost: Bool)
    }

    /// Never going back from item to item.
    package var arrival: Timestamp
    package var content: Content
}
