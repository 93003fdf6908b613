// What one payload says, before it has a stream, a unit index or an arrival time.
//
// The buffer is made once and reused: `decode` overwrites it and allocates nothing. Texts are not
// copied; a `ByteSlice` points into the payload, or into the buffer's scratch memory where a text
// had to be unescaped or comes from the rule (a literal unit, the names of `value_at`). So a
// slice is good until the next decode into the same buffer, and while the payload is.

package import TocsinModel

/// A run of bytes in the payload or in the buffer's scratch memory; see `ReadingBuffer.bytes`.
package struct ByteSlice: Hashable, Sendable {
    /// The start in bits 0…31, the length in bits 32…47, bit 63 set for scratch memory: one word,
    /// because readings are written once per sample.
    private let bits: UInt64

    @inline(__always)
    init(start: Int, count: Int, isInScratch: Bool) {
        bits =
            UInt64(UInt32(truncatingIfNeeded: start))
            | UInt64(UInt16(truncatingIfNeeded: count)) << 32 | (isInScratch ? 1 << 63 : 0)
    }

    package var start: Int { Int(UInt32(truncatingIfNeeded: bits)) }
    /// In bytes.
    package var count: Int { Int(UInt16(truncatingIfNeeded: bits >> 32)) }
    var isInScratch: Bool { bits >> 63 == 1 }
}

/// A measured number, or a state word whose number the rule's `states` know.
package enum ReadingValue: Hashable, Sendable {
    case number(Double)
    /// UTF-8, not empty, at most `DecodeLimits.textBytes`.
    case word(ByteSlice)
}

/// One quantity of one payload.
package struct Reading: Sendable {
    /// The part after `:` in the stream's name, not yet percent-encoded; nil = the topic alone.
    package var field: ByteSlice?
    package var value: ReadingValue
    /// The sensor's time; nil where `flags` holds `noTime` or `badTime`: use arrival.
    package var time: Timestamp?
    /// The unit as it was written; nil = the payload and the rule name none.
    package var unit: ByteSlice?
    package var quality: Quality
    /// Any of `word`, `over`, `under`, `noTime`, `badTime`.
    package var flags: SampleFlags
    /// The quality word is in no table: the reading counts as bad and the caller counts the word.
    package var qualityUnknown: Bool
}

/// The readings of the payload decoded last. Owns its memory, hence not copyable.
///
/// @unchecked: the two pointers are owned by this one value, nothing else ever holds them.
package struct ReadingBuffer: ~Copyable, @unchecked Sendable {
    private let storage: UnsafeMutablePointer<Reading>
    private let scratch: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private(set) var scratchUsed = 0
    /// Readings of the last payload; 0 after an error.
    package private(set) var count = 0

    package init(limits: DecodeLimits = DecodeLimits()) {
        capacity = limits.readings
        storage = .allocate(capacity: capacity)
        scratch = .allocate(capacity: DecodeLimits.scratchBytes)
    }

    deinit {
        // Reading is trivial: nothing to deinitialize.
        storage.deallocate()
        scratch.deallocate()
    }

    package subscript(_ index: Int) -> Reading {
        precondition(index >= 0 && index < count, "no such reading")
        // index < count <= capacity, and every element below count was initialized by `append`.
        return storage[index]
    }

    /// The bytes of a slice; valid while `payload` is and until the next decode.
    ///
    /// `payload` is the one the slice was decoded from.
    package func bytes(
        of slice: ByteSlice, in payload: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        let start = slice.start
        let end = start + slice.count
        if slice.isInScratch {
            precondition(end <= scratchUsed, "a slice of an earlier payload")
            // end <= scratchUsed <= scratchBytes: inside the allocation, written by `unescape`.
            return UnsafeRawBufferPointer(start: scratch + start, count: end - start)
        }
        precondition(end <= payload.count, "a slice of another payload")
        return UnsafeRawBufferPointer(rebasing: payload[start..<end])
    }

    /// The text of a slice. Allocates: for messages, files and set-up, not for the hot path.
    package func text(of slice: ByteSlice, in payload: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes(of: slice, in: payload), as: UTF8.self)
    }

    /// Empties the buffer and puts the rule's own texts at the front of the scratch memory.
    @inline(__always)
    mutating func reset(constants: UnsafeBufferPointer<UInt8>) {
        count = 0
        scratchUsed = constants.count
        guard !constants.isEmpty, let source = constants.baseAddress else { return }
        // The compiled rule holds at most half of scratchBytes; the two memories never overlap.
        scratch.update(from: source, count: constants.count)
    }

    /// Forgets the readings: a payload that failed half-way leaves none.
    mutating func discard() { count = 0 }

    /// False when the buffer is full.
    @inline(__always)
    mutating func append(_ reading: Reading) -> Bool {
        guard count < capacity else { return false }
        // count < capacity: inside the allocation; Reading is trivial.
        (storage + count).initialize(to: reading)
        count += 1
        return true
    }

    /// Gives all readings what the payload says once: its time, unit and quality.
    @inline(__always)
    mutating func complete(with common: CommonParts) {
        for index in 0..<count {
            // index < count: initialized by `append`.
            storage[index].time = common.time
            storage[index].unit = common.unit
            storage[index].quality = common.quality
            let flags = storage[index].flags.rawValue | common.flags.rawValue
            storage[index].flags = SampleFlags(rawValue: flags)
            storage[index].qualityUnknown = common.qualityUnknown
        }
    }

    /// Copies an escaped JSON text, unescaped, into the scratch memory.
    mutating func unescape(_ text: JSONText, from cursor: ByteCursor) throws(DecodeError)
        -> ByteSlice
    {
        var escapes = JSONUnescaper(text, in: cursor)
        let start = scratchUsed
        while let byte = try escapes.next() {
            guard scratchUsed < DecodeLimits.scratchBytes,
                scratchUsed - start < DecodeLimits.textBytes
            else { throw DecodeError(.textTooLong, at: text.start) }
            // scratchUsed < scratchBytes: inside the allocation.
            scratch[scratchUsed] = byte
            scratchUsed += 1
        }
        return ByteSlice(start: start, count: scratchUsed - start, isInScratch: true)
    }
}

/// What one payload says for all its readings.
struct CommonParts {
    var time: Timestamp?
    var unit: ByteSlice?
    var quality = Quality.good
    var flags = SampleFlags(rawValue: SampleFlags.noTime.rawValue)
    var qualityUnknown = false

    /// Takes a quality; an unknown word (nil) is bad.
    mutating func set(_ meaning: QualityMeaning?) {
        quality = meaning?.quality ?? .bad
        if let meaning {
            flags = SampleFlags(rawValue: flags.rawValue | meaning.flags.rawValue)
        }
        qualityUnknown = meaning == nil
    }
}
