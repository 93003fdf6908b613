import TocsinEngine
import TocsinModel

/// One thing that happens to the one stream of `NaiveRule`. Times in milliseconds after the start.
struct NaiveInput: CustomStringConvertible {
    enum Kind: String { case sample, tick, reload }

    var kind: Kind
    var arrival: Int64
    var time: Int64 = 0
    var value: Double = 0
    var quality: Quality = .good

    var description: String {
        switch kind {
        case .sample: "at \(arrival): \(value) \(quality.word), stamped \(time)"
        case .tick, .reload: "at \(arrival): \(kind.rawValue)"
        }
    }
}

/// The simplest thing that is right: one rule `value >= limit` with deadband and delays, not
/// latched, nobody acknowledges. Nothing is kept between inputs but their list: for each input the whole
/// history is walked again from the beginning, and what the last step adds is the answer.
struct NaiveRule {
    static let limit = 25.0
    static let lateness: Int64 = 500

    var deadband: Double
    var onDelay: Int64
    var offDelay: Int64

    /// What is said over the whole history, as `event milliseconds`.
    func story(_ inputs: [NaiveInput]) -> [String] {
        var said: [String] = []
        var holds = false
        var wait: (since: Int64, arrived: Int64)?
        for (position, input) in inputs.enumerated() {
            // A repeat never reaches the engine, which thus does not see the time pass either.
            if input.kind == .sample && isRepeat(position, inputs) { continue }
            // The running delay may end on the gateway's clock, or by this sample's time.
            if let running = wait {
                let delay = holds ? offDelay : onDelay
                let byClock = input.arrival >= running.arrived + delay + NaiveRule.lateness
                let bySample = isInOrder(position, inputs) && input.time >= running.since + delay
                if byClock || bySample {
                    holds.toggle()
                    wait = nil
                    said.append("\(holds ? "raised" : "cleared") \(running.since + delay)")
                }
            }
            guard input.kind == .sample else { continue }
            let isLate = !isInOrder(position, inputs)
            if isLate {
                // May raise where there is no delay; clears nothing and moves no timer.
                if onDelay == 0 && !holds && input.quality == .good
                    && input.value >= NaiveRule.limit
                {
                    holds = true
                    said.append("raised \(input.time)")
                }
                continue
            }
            let truth = condition(position, inputs)
            switch (holds, truth) {
            case (false, true?) where wait == nil:
                if onDelay == 0 {
                    holds = true
                    said.append("raised \(input.time)")
                } else {
                    wait = (input.time, input.arrival)
                }
            case (false, false?): wait = nil
            case (true, false?) where wait == nil:
                if offDelay == 0 {
                    holds = false
                    said.append("cleared \(input.time)")
                } else {
                    wait = (input.time, input.arrival)
                }
            // Unknown stops an off-delay, but no on-delay.
            case (true, true?), (true, nil): wait = nil
            case (false, true?), (false, nil), (true, false?): break
            }
        }
        return said
    }

    /// The condition at one sample: back over the in-order samples to the last one that decided by
    /// the limit alone, or by leaving the deadband. Bad and inhibited samples decide nothing.
    private func condition(_ position: Int, _ inputs: [NaiveInput]) -> Bool? {
        guard inputs[position].quality == .good else { return nil }
        for earlier in stride(from: position, through: 0, by: -1)
        where inputs[earlier].kind == .sample && isInOrder(earlier, inputs)
            && inputs[earlier].quality == .good
        {
            let value = inputs[earlier].value
            if value >= NaiveRule.limit { return true }
            if deadband == 0 || value < NaiveRule.limit - deadband { return false }
        }
        return false
    }

    /// Newer than, or as new as, every sample before it, and no repeat.
    private func isInOrder(_ position: Int, _ inputs: [NaiveInput]) -> Bool {
        guard inputs[position].kind == .sample else { return false }
        for earlier in inputs[..<position] where earlier.kind == .sample {
            if earlier.time > inputs[position].time { return false }
        }
        return !isRepeat(position, inputs)
    }

    /// Same time and value as any sample before it.
    private func isRepeat(_ position: Int, _ inputs: [NaiveInput]) -> Bool {
        inputs[..<position].contains {
            $0.kind == .sample && $0.time == inputs[position].time
                && $0.value == inputs[position].value
        }
    }
}

/// A small generator with a seed (SplitMix64, Steele et al. 2014), the same on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
