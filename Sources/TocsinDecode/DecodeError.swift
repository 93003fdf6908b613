/// Why a payload was rejected as a whole, and where (contract §9: once per frame).
package struct DecodeError: Error, Equatable, Sendable {
    /// What was found; several problems share one `reason` word, so that metrics stay few.
    package var problem: Problem
    /// The byte in the payload, from 0; the payload's length when it ended too early.
    package var offset: Int

    package init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    package enum Problem: UInt8, Sendable, CaseIterable {
        case emptyPayload, payloadTooLong, byteOrderMark
        case unexpectedByte, unexpectedEnd, badEscape, badNumber, controlCharacter, trailingBytes
        case invalidUTF8, unpairedSurrogate, tooDeep
        case notANumber, decimalComma, numberOutOfRange, noValue
        case duplicateMember, tooManyValues, textTooLong, unitNotText
    }

    /// The word for `tocsin_frames_rejected_total{reason}`.
    package var reason: String { problem.reason }

    /// Every reason word, for setting up the counters before the first payload.
    package static var reasons: [String] {
        var words: [String] = []
        for problem in Problem.allCases where !words.contains(problem.reason) {
            words.append(problem.reason)
        }
        return words
    }

    /// One line: what is wrong at which byte and what to do about it.
    package var message: String { "byte \(offset): \(problem.text)" }
}

extension DecodeError.Problem {
    package var reason: String {
        switch self {
        case .emptyPayload: "empty"
        case .payloadTooLong: "payload-too-long"
        case .byteOrderMark: "byte-order-mark"
        case .unexpectedByte, .unexpectedEnd, .badEscape, .badNumber, .controlCharacter,
            .trailingBytes:
            "json"
        case .invalidUTF8, .unpairedSurrogate: "utf8"
        case .tooDeep: "depth"
        case .notANumber: "not-a-number"
        case .decimalComma: "decimal-comma"
        case .numberOutOfRange: "number-range"
        case .noValue: "no-value"
        case .duplicateMember: "duplicate-member"
        case .tooManyValues: "too-many-values"
        case .textTooLong: "text-too-long"
        case .unitNotText: "unit"
        }
    }

    var text: String {
        switch self {
        case .emptyPayload: "the payload is empty; publish a value"
        case .payloadTooLong: "longer than `limits.payload`; raise the limit or send less"
        case .byteOrderMark: "a byte order mark; RFC 8259 forbids it, publish UTF-8 without BOM"
        case .unexpectedByte: "this byte cannot stand here in JSON (RFC 8259)"
        case .unexpectedEnd: "the JSON text ends too early; was the payload cut?"
        case .badEscape: "no JSON escape; write \\\\ for a backslash"
        case .badNumber: "no JSON number; digits on both sides of the point, no leading 0 or +"
        case .controlCharacter: "a control character inside a text; escape it as \\u00XX"
        case .trailingBytes: "bytes after the value; publish one JSON value a message"
        case .invalidUTF8: "not UTF-8; let the publisher encode its text as UTF-8"
        case .unpairedSurrogate: "half of a surrogate pair; write both halves"
        case .tooDeep: "nested deeper than \(DecodeLimits.depth) levels; flatten the payload"
        case .notANumber: "no number here; point `value_at` at the value, or use `format: word`"
        case .decimalComma: "a decimal comma; publish a decimal point"
        case .numberOutOfRange: "beyond the range of a double (±1.8e308)"
        case .noValue: "no value found; compare `value_at` with the payload"
        case .duplicateMember: "a selected member stands twice; which one counts is ambiguous"
        case .tooManyValues: "more values than one payload may carry; select some with `value_at`"
        case .textTooLong: "a word, unit or field name over \(DecodeLimits.textBytes) bytes"
        case .unitNotText: "the unit is no text; point `unit_at` at a text or set `unit`"
        }
    }
}

/// What one payload may cost. Every limit is a rejection with its own reason when passed.
package struct DecodeLimits: Sendable, Hashable {
    /// Bytes of one payload, `limits.payload`; the contract's default is 256 KiB.
    package var payloadBytes: Int
    /// Readings of one payload; bounds the buffer and the search for repeated names.
    package var readings: Int

    /// Nesting of arrays and objects. Open containers are bits of one word, hence 64.
    package static let depth = 64
    /// Bytes of one word, unit or field name: longer ones are no names but a wrong pointer.
    package static let textBytes = 256
    /// Bytes for a rule's own names and for texts that must be unescaped.
    package static let scratchBytes = 32 * 1024

    package init(payloadBytes: Int = 256 * 1024, readings: Int = 256) {
        precondition(payloadBytes > 0 && payloadBytes <= 1 << 30, "offsets have 32 bits")
        precondition(readings > 0 && readings <= 65_536, "a payload has a bounded number of values")
        self.payloadBytes = payloadBytes
        self.readings = readings
    }
}
