/// The number of a stream, dense from 0, given in the order streams are first met. Never reused.
package struct StreamIndex: Hashable, Comparable, Sendable {
    package var rawValue: UInt32

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }

    package static func < (a: StreamIndex, b: StreamIndex) -> Bool { a.rawValue < b.rawValue }
}

/// What is known of a sample beside its value, as bits so that a sample stays a plain record.
package struct SampleFlags: OptionSet, Sendable, Hashable {
    package var rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The value is the number of a state word (`Vocabulary`), not a measurement.
    package static let word = SampleFlags(rawValue: 1 << 0)
    /// Good, but the sensor itself flags it as beyond the upper end of its measuring range.
    package static let over = SampleFlags(rawValue: 1 << 1)
    /// Good, but the sensor itself flags it as beyond the lower end of its measuring range.
    package static let under = SampleFlags(rawValue: 1 << 2)
    /// A retained message: what was true when the connection was made, no fresh reading.
    package static let retained = SampleFlags(rawValue: 1 << 3)
    /// The message carried no time of its own: the time is that of arrival.
    package static let noTime = SampleFlags(rawValue: 1 << 4)
    /// Older than the newest sample of its stream: tested against levels, kept out of windows.
    package static let late = SampleFlags(rawValue: 1 << 5)
    /// The sensor's time was unusable; evaluated at arrival (`time_source: gateway`).
    package static let badTime = SampleFlags(rawValue: 1 << 6)
    /// Same stream, time and value as a sample in the ring: counted, never evaluated.
    package static let duplicate = SampleFlags(rawValue: 1 << 7)
}

/// One reading of one stream, in the stream's unit (contract §1).
///
/// `time` is event time; `sourceValue` with `sourceUnit` is what the message said before conversion
/// to the stream's unit.
package struct Sample: Sendable {
    package var time: Timestamp
    package var value: Double
    package var sourceValue: Double
    package var sourceUnit: UnitIndex
    package var quality: Quality
    package var flags: SampleFlags
    package var broker: UInt8

    package init(
        time: Timestamp, value: Double, sourceValue: Double, sourceUnit: UnitIndex = .none,
        quality: Quality = .good, flags: SampleFlags = [], broker: UInt8 = 0
    ) {
        self.time = time
        self.value = value
        self.sourceValue = sourceValue
        self.sourceUnit = sourceUnit
        self.quality = quality
        self.flags = flags
        self.broker = broker
    }

    package init(time: Timestamp, value: Double, quality: Quality = .good, flags: SampleFlags = [])
    {
        self.init(time: time, value: value, sourceValue: value, quality: quality, flags: flags)
    }
}

/// The number of a unit in `UnitTable.standard`; `none` = the message named no unit.
package struct UnitIndex: Hashable, Sendable {
    package var rawValue: UInt8

    package init(_ rawValue: UInt8) { self.rawValue = rawValue }

    package static let none = UnitIndex(255)
}
