// One entry of `decode:` as configuration says it (contract §8).

/// How payloads are written. A further format is a further case here and in `PayloadDecoder`.
package enum DecodeFormat: String, Sendable, CaseIterable {
    /// RFC 8259: a value, an object, or what JSON Pointers select.
    case json
    /// One plain decimal number, with white space around it.
    case number
    /// One state word, or a number.
    case word
}

/// What is to be read from the payloads of some topics.
package struct DecodeRule: Sendable {
    /// What a test publishes under: topics with it have mode `test`, and it is stripped.
    package static let testPrefix = "tocsin-test/"

    /// An MQTT topic filter.
    package var topics: String
    package var format: DecodeFormat
    /// JSON Pointers to the values; none = the whole payload, several = one stream each, named by
    /// the last token.
    package var valueAt: [String]
    package var timeAt: String?
    package var timeUnit: TimeUnit
    package var unitAt: String?
    /// The unit where the payload names none.
    package var unit: String?
    package var qualityAt: String?
    /// Words beside, and before, the built-in ones.
    package var qualityWords: [(word: String, meaning: QualityMeaning)]
    /// The topics carry test traffic.
    package var test: Bool

    package init(
        topics: String, format: DecodeFormat = .json, valueAt: [String] = [],
        timeAt: String? = nil, timeUnit: TimeUnit = .milliseconds, unitAt: String? = nil,
        unit: String? = nil, qualityAt: String? = nil,
        qualityWords: [(word: String, meaning: QualityMeaning)] = [], test: Bool = false
    ) {
        self.topics = topics
        self.format = format
        self.valueAt = valueAt
        self.timeAt = timeAt
        self.timeUnit = timeUnit
        self.unitAt = unitAt
        self.unit = unit
        self.qualityAt = qualityAt
        self.qualityWords = qualityWords
        self.test = test
    }
}

/// Why a decode rule cannot be used: the key of the entry, the byte in its value, the remedy.
package struct DecodeRuleError: Error, Equatable, Sendable {
    /// As configuration writes it: `topics`, `value_at`, `unit_at` …
    package var key: String
    /// Which of several `value_at`, from 0.
    package var index: Int
    package var offset: Int
    package var message: String

    init(_ key: String, index: Int = 0, offset: Int = 0, _ message: String) {
        self.key = key
        self.index = index
        self.offset = offset
        self.message = message
    }
}
