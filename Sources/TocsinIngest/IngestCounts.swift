import TocsinDecode
import TocsinEngine

/// Why a frame was rejected as a whole: the decoder's problems and the ingest's own.
package enum RejectReason: UInt8, Sendable, CaseIterable {
    case empty, payloadTooLong, byteOrderMark, json, encoding, depth, notANumber, decimalComma
    case numberRange, noValue, duplicateMember, tooManyValues, textTooLong, unit
    case noRule, unknownWord, streams

    init(_ error: DecodeError) {
        switch error.problem {
        case .emptyPayload: self = .empty
        case .payloadTooLong: self = .payloadTooLong
        case .byteOrderMark: self = .byteOrderMark
        case .unexpectedByte, .unexpectedEnd, .badEscape, .badNumber, .controlCharacter,
            .trailingBytes:
            self = .json
        case .invalidUTF8, .unpairedSurrogate: self = .encoding
        case .tooDeep: self = .depth
        case .notANumber: self = .notANumber
        case .decimalComma: self = .decimalComma
        case .numberOutOfRange: self = .numberRange
        case .noValue: self = .noValue
        case .duplicateMember: self = .duplicateMember
        case .tooManyValues: self = .tooManyValues
        case .textTooLong: self = .textTooLong
        case .unitNotText: self = .unit
        }
    }

    package var word: String {
        switch self {
        case .empty: "empty"
        case .payloadTooLong: "payload-too-long"
        case .byteOrderMark: "byte-order-mark"
        case .json: "json"
        case .encoding: "utf8"
        case .depth: "depth"
        case .notANumber: "not-a-number"
        case .decimalComma: "decimal-comma"
        case .numberRange: "number-range"
        case .noValue: "no-value"
        case .duplicateMember: "duplicate-member"
        case .tooManyValues: "too-many-values"
        case .textTooLong: "text-too-long"
        case .unit: "unit"
        case .noRule: "no-decode-rule"
        case .unknownWord: "unknown-word"
        case .streams: "streams-full"
        }
    }

    /// What to do about it.
    package var remedy: String {
        switch self {
        case .unit: "the unit is unknown or of another dimension than the stream's"
        case .unknownWord: "no pack's states: lists this word"
        case .streams: "limits.streams is reached: raise it or find who publishes so many topics"
        case .noRule: "no entry of decode: takes this topic"
        case .empty, .payloadTooLong, .byteOrderMark, .json, .encoding, .depth, .notANumber,
            .decimalComma, .numberRange, .noValue, .duplicateMember, .tooManyValues, .textTooLong:
            "see the decode: entry of this topic"
        }
    }
}

/// What the ingest counts, where it happens.
package struct IngestCounts: Sendable, Equatable {
    package var framesReceived: UInt64 = 0
    package var framesDecoded: UInt64 = 0
    /// By `RejectReason.rawValue`.
    package var rejected = [UInt64](repeating: 0, count: RejectReason.allCases.count)
    package var samples: UInt64 = 0
    package var samplesAccepted: UInt64 = 0
    /// By `DropReason.rawValue`.
    package var dropped = [UInt64](repeating: 0, count: DropReason.allCases.count)
    package var streamsRefused: UInt64 = 0
    package var unknownQualityWords: UInt64 = 0

    package init() {}
}
