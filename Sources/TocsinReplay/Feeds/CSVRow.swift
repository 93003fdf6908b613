// One row of a CSV feed, cut and read by hand: no text is made for it. A field may stand in double
// quotes, a quote inside is doubled (RFC 4180); a line break inside quotes is refused, because no
// field of a feed has one.
//
// Unsafe here: `line` belongs to `FeedLines` and is good until its next line; every index is
// compared with `line.count` before it is read.

import Glibc
import TocsinDecode
import TocsinModel

/// Why a row cannot be read: the byte in its line, from 0, and the remedy.
struct CSVRowError: Error {
    var offset: Int
    var message: String
}

/// Cuts and reads rows; keeps the quality words.
struct CSVRowReader {
    private let vocabulary: FeedVocabulary
    private let hasQuality: Bool
    private let qualities = QualityVocabulary()
    /// Quality words in no table: their rows count as bad.
    private(set) var unknownQualityWords = 0

    static let header = "ts_ms,stream,value,unit"

    /// Reads the first line, which says whether there is a fifth column.
    init(
        header line: UnsafeRawBufferPointer, vocabulary: FeedVocabulary
    ) throws(CSVRowError) {
        self.vocabulary = vocabulary
        let text = String(decoding: line, as: UTF8.self)
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            name.filter { $0 != " " && $0 != "\"" }
        }
        let wanted = CSVRowReader.header.split(separator: ",").map(String.init)
        guard names == wanted || names == wanted + ["quality"] else {
            throw CSVRowError(
                offset: 0,
                message: "the first line must be `\(CSVRowReader.header)`, or that and `,quality`")
        }
        hasQuality = names.count == 5
    }

    /// One field: `bytes` without quotes, and where it begins in the line.
    private struct Field {
        var bytes: UnsafeRawBufferPointer
        var offset: Int
    }

    /// Reads one row.
    mutating func row(_ line: UnsafeRawBufferPointer) throws(CSVRowError) -> FeedRow {
        var position = 0
        let time = try field(of: line, from: &position, isLast: false)
        let milliseconds = try CSVRowReader.milliseconds(time)
        let name = try field(of: line, from: &position, isLast: false)
        guard !name.bytes.isEmpty else {
            throw CSVRowError(offset: name.offset, message: "the stream has no name")
        }
        guard let stream = vocabulary.streams.number(of: name.bytes) else {
            throw CSVRowError(
                offset: name.offset,
                message: "more than \(FeedVocabulary.streamsMax) streams in the feeds")
        }
        let text = try field(of: line, from: &position, isLast: false)
        let value = try self.value(text)
        let unit = try field(of: line, from: &position, isLast: !hasQuality)
        var row = FeedRow(
            time: Timestamp(milliseconds: milliseconds), stream: stream, value: value)
        if !unit.bytes.isEmpty {
            guard let number = vocabulary.units.number(of: unit.bytes) else {
                throw CSVRowError(
                    offset: unit.offset,
                    message: "more than \(FeedVocabulary.wordsMax) units: is the column shifted?")
            }
            row.unit = number
        }
        if hasQuality {
            let quality = try field(of: line, from: &position, isLast: true)
            if !quality.bytes.isEmpty { row.quality = meaning(quality.bytes) }
        }
        return row
    }

    private mutating func meaning(_ word: UnsafeRawBufferPointer) -> QualityMeaning {
        if let meaning = qualities.meaning(of: word) { return meaning }
        unknownQualityWords += 1
        return .bad
    }

    // MARK: Fields

    @inline(__always)
    private mutating func field(
        of line: UnsafeRawBufferPointer, from position: inout Int, isLast: Bool
    ) throws(CSVRowError) -> Field {
        let start = position
        if start < line.count && line[start] == 0x22 {
            return try quoted(line, from: &position, isLast: isLast)
        }
        var end = start
        while end < line.count && line[end] != 0x2C { end += 1 }
        position = end
        try finish(line, at: &position, isLast: isLast)
        return Field(bytes: UnsafeRawBufferPointer(rebasing: line[start..<end]), offset: start)
    }

    @inline(never)
    private mutating func quoted(
        _ line: UnsafeRawBufferPointer, from position: inout Int, isLast: Bool
    ) throws(CSVRowError) -> Field {
        let start = position
        var end = start + 1
        var doubled = 0
        while true {
            guard end < line.count else {
                throw CSVRowError(
                    offset: start,
                    message: "the quote is not closed on its line; a field has no line breaks")
            }
            if line[end] == 0x22 {
                guard end + 1 < line.count, line[end + 1] == 0x22 else { break }
                doubled += 1
                end += 1
            }
            end += 1
        }
        position = end + 1
        try finish(line, at: &position, isLast: isLast)
        let inner = UnsafeRawBufferPointer(rebasing: line[start + 1..<end])
        guard doubled == 0 else {
            throw CSVRowError(
                offset: start, message: "a quote inside a field: no stream, unit or word has one")
        }
        return Field(bytes: inner, offset: start + 1)
    }

    /// Steps over the comma behind a field; the last one ends the line.
    @inline(__always)
    private func finish(
        _ line: UnsafeRawBufferPointer, at position: inout Int, isLast: Bool
    ) throws(CSVRowError) {
        if position == line.count {
            guard isLast else {
                throw CSVRowError(
                    offset: position,
                    message: "the row has too few fields: \(hasQuality ? 5 : 4) are needed")
            }
            return
        }
        guard !isLast, line[position] == 0x2C else {
            throw CSVRowError(
                offset: position,
                message: isLast
                    ? "the row has too many fields: put quotes around one with a comma"
                    : "something stands behind the closing quote")
        }
        position += 1
    }

    // MARK: Values

    @inline(__always)
    private static func milliseconds(_ field: Field) throws(CSVRowError) -> Int64 {
        let bytes = field.bytes
        let isNegative = bytes.count > 0 && bytes[0] == 0x2D
        let digits = isNegative ? 1 : 0
        // 18 digits always fit into 63 bits, and are beyond every date.
        guard bytes.count > digits, bytes.count - digits <= 18 else {
            throw badTime(field)
        }
        var number: Int64 = 0
        for position in digits..<bytes.count {
            let digit = bytes[position] &- 0x30
            guard digit <= 9 else { throw badTime(field) }
            number = number * 10 + Int64(digit)
        }
        return isNegative ? -number : number
    }

    private static func badTime(_ field: Field) -> CSVRowError {
        CSVRowError(
            offset: field.offset,
            message: "`\(String(decoding: field.bytes, as: UTF8.self))` is no time:"
                + " `ts_ms` is whole milliseconds since 1970")
    }

    @inline(__always)
    private mutating func value(_ field: Field) throws(CSVRowError) -> FeedValue {
        if let number = CSVNumber.parse(field.bytes) { return .number(number) }
        return try slowValue(field)
    }

    /// Numbers beyond the fast path, state words, and what is neither.
    @inline(never)
    private mutating func slowValue(_ field: Field) throws(CSVRowError) -> FeedValue {
        let text = String(decoding: field.bytes, as: UTF8.self)
        guard !text.isEmpty else {
            throw CSVRowError(
                offset: field.offset, message: "the value is empty: leave the row out")
        }
        let first = field.bytes[0]
        let looksNumeric = (0x30...0x39).contains(first) || "+-.".utf8.contains(first)
        if looksNumeric, let number = Double(text) {
            guard number.isFinite else {
                throw CSVRowError(
                    offset: field.offset, message: "`\(text)` is beyond the range of a double")
            }
            return .number(number)
        }
        if ["nan", "inf", "infinity", "null", "none", "na", "n/a"].contains(text.lowercased()) {
            throw CSVRowError(
                offset: field.offset, message: "`\(text)` is no value: leave the row out")
        }
        if looksNumeric && text.utf8.contains(0x2C) {
            throw CSVRowError(
                offset: field.offset, message: "`\(text)` has a decimal comma: write a point")
        }
        guard let word = vocabulary.words.number(of: field.bytes) else {
            throw CSVRowError(
                offset: field.offset,
                message: "more than \(FeedVocabulary.wordsMax) state words: is the column shifted?")
        }
        return .word(word)
    }
}

/// Decimal text to the nearest double where that takes one rounding: at most 2^53 as digits and at
/// most 22 decimals are exact doubles both (Clinger 1990). Everything else is left to the library.
enum CSVNumber {
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// Nil where the text is no plain decimal number or not on the fast path.
    @inline(__always)
    static func parse(_ bytes: UnsafeRawBufferPointer) -> Double? {
        var position = 0
        let isNegative = bytes.count > 0 && bytes[0] == 0x2D
        if isNegative { position = 1 }
        // 18 digits fit into 64 bits; 2^53 is compared at the end.
        guard bytes.count > position, bytes.count - position <= 19 else { return nil }
        var mantissa: UInt64 = 0
        var decimals = -1
        var digits = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x2E && decimals < 0 {
                decimals = 0
                continue
            }
            let digit = byte &- 0x30
            guard digit <= 9 else { return nil }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            digits += 1
            if decimals >= 0 { decimals += 1 }
        }
        guard digits > 0, digits <= 18, mantissa <= 1 << 53 else { return nil }
        let magnitude = decimals > 0 ? Double(mantissa) / powers[decimals] : Double(mantissa)
        return isNegative ? -magnitude : magnitude
    }
}
