import Glibc

/// Frames encoded before the clock starts: one for each stream, in an order other than the one in
/// which streams were first met. A pass patches all stamps and the values that change, untimed.
final class Wheel {
    let streams: Int
    private(set) var order: [Int]
    private let topics: UnsafeMutableRawBufferPointer
    private let payloads: UnsafeMutableRawBufferPointer
    private var topicEnds: [Int] = []
    private(set) var stamp: Int64 = 1_700_000_000_000

    /// `{"v":12.34,"ts":1700000000000,"u":"%LEL"}`
    private static let payloadBytes = 42
    private static let valueAt = 5
    private static let stampAt = 16
    /// Of so many streams one is in alarm, for five passes of each sixteen.
    static let alarmOne = 1000
    static let alarmPasses = 5
    static let alarmCycle = 16

    init(streams: Int) {
        self.streams = streams
        order = Array(0..<streams)
        var names: [UInt8] = []
        for stream in 0..<streams {
            names += Array("area\(stream % 20)/bench/lel/\(stream)".utf8)
            topicEnds.append(names.count)
        }
        topics = .allocate(byteCount: names.count, alignment: 16)
        topics.copyBytes(from: names)
        payloads = .allocate(byteCount: streams * Wheel.payloadBytes, alignment: 16)
        let template = Array(#"{"v":10.00,"ts":1700000000000,"u":"%LEL"}"#.utf8)
        precondition(template.count <= Wheel.payloadBytes, "the payload has its room")
        for stream in 0..<streams {
            for position in 0..<Wheel.payloadBytes {
                payloads[stream * Wheel.payloadBytes + position] =
                    position < template.count ? template[position] : 0x20
            }
        }
    }

    deinit {
        topics.deallocate()
        payloads.deallocate()
    }

    func topic(_ stream: Int) -> UnsafeRawBufferPointer {
        let start = stream == 0 ? 0 : topicEnds[stream - 1]
        return UnsafeRawBufferPointer(rebasing: topics[start..<topicEnds[stream]])
    }

    func payload(_ stream: Int) -> UnsafeRawBufferPointer {
        let start = stream * Wheel.payloadBytes
        return UnsafeRawBufferPointer(rebasing: payloads[start..<start + Wheel.payloadBytes])
    }

    /// The next pass: a second later, another order, some streams in alarm when `alarms`.
    func turn(_ pass: Int, alarms: Bool) {
        stamp += 1000
        var digits = [UInt8](repeating: 48, count: 13)
        var rest = stamp
        for place in (0..<13).reversed() {
            digits[place] = UInt8(48 + rest % 10)
            rest /= 10
        }
        for stream in 0..<streams {
            let base = stream * Wheel.payloadBytes
            for place in 0..<13 { payloads[base + Wheel.stampAt + place] = digits[place] }
            let isHigh = alarms && isInAlarm(stream, pass)
            let value = isHigh ? 6000 : 500 + (stream * 7 + pass * 13) % 1000
            payloads[base + Wheel.valueAt] = UInt8(48 + value / 1000)
            payloads[base + Wheel.valueAt + 1] = UInt8(48 + value / 100 % 10)
            payloads[base + Wheel.valueAt + 3] = UInt8(48 + value / 10 % 10)
            payloads[base + Wheel.valueAt + 4] = UInt8(48 + value % 10)
            // A number has no leading zero.
            if value < 1000 { payloads[base + Wheel.valueAt] = 0x20 }
        }
        // A step that shares no factor with the number of streams gives another order each pass.
        let step = Wheel.steps[pass % Wheel.steps.count]
        for position in 0..<streams { order[position] = (position * step) % streams }
    }

    private static let steps = [7919, 104_729, 611_953, 15_485_863]

    private func isInAlarm(_ stream: Int, _ pass: Int) -> Bool {
        pass % Wheel.alarmCycle < Wheel.alarmPasses
            && (stream + pass / Wheel.alarmCycle * 37) % Wheel.alarmOne == 0
    }
}
