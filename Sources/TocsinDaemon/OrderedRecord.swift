import TocsinEngine
import TocsinModel

/// One entry of the order ring: a sample, or the mark of a letter that waits in the `Mailbox`.
struct OrderedRecord: BitwiseCopyable, Sendable {
    enum Kind: UInt8, BitwiseCopyable, Sendable {
        case sample, tick, letter
    }

    var kind: Kind
    var stream: UInt32
    /// By the gateway's clock, never going back.
    var arrival: Int64
    /// Monotonic nanoseconds at which the batch was read.
    var nanoseconds: UInt64
    var time: Int64 = 0
    var value: Double = 0
    var sourceValue: Double = 0
    var sourceUnit: UInt8 = 255
    var quality: UInt8 = 0
    var broker: UInt8 = 0
    var flags: UInt16 = 0

    init(_ kind: Kind, arrival: Int64, nanoseconds: UInt64) {
        self.kind = kind
        self.arrival = arrival
        self.nanoseconds = nanoseconds
        stream = 0
    }

    init(_ sample: Sample, stream: StreamIndex, arrival: Int64, nanoseconds: UInt64) {
        self.init(.sample, arrival: arrival, nanoseconds: nanoseconds)
        self.stream = stream.rawValue
        time = sample.time.milliseconds
        value = sample.value
        sourceValue = sample.sourceValue
        sourceUnit = sample.sourceUnit.rawValue
        quality = sample.quality.rawValue
        broker = sample.broker
        flags = sample.flags.rawValue
    }

    var sample: Sample {
        Sample(
            time: Timestamp(milliseconds: time), value: value, sourceValue: sourceValue,
            sourceUnit: UnitIndex(sourceUnit), quality: Quality(rawValue: quality) ?? .bad,
            flags: SampleFlags(rawValue: flags), broker: broker)
    }
}

/// What goes to the engine beside samples and ticks; its place in the order is a `.letter` record.
enum Letter: Sendable {
    case input(Input)
    case command(AlarmCommand, reply: @Sendable (CommandOutcome, [Event]) -> Void)
    /// The last one: the engine's thread ends behind it.
    case stop
}
