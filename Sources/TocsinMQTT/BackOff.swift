/// How long to wait before the next attempt: doubling up to a cap, the upper half of each wait
/// drawn at random, so that a fleet does not come back to its broker in step.
package struct BackOff: Equatable, Sendable {
    package struct Limits: Equatable, Sendable {
        package var firstMilliseconds: Int64
        package var capMilliseconds: Int64

        package init(firstMilliseconds: Int64 = 1000, capMilliseconds: Int64 = 30_000) {
            precondition(firstMilliseconds > 0 && capMilliseconds >= firstMilliseconds)
            self.firstMilliseconds = firstMilliseconds
            self.capMilliseconds = capMilliseconds
        }
    }

    package let limits: Limits
    private var step: Int64
    private var state: UInt64

    /// The same seed draws the same waits.
    package init(_ limits: Limits = Limits(), seed: UInt64) {
        self.limits = limits
        step = limits.firstMilliseconds
        state = seed
    }

    /// The next wait in milliseconds: between half of the step and the step.
    package mutating func next() -> Int64 {
        let wait = step - Int64(random() % UInt64(step / 2 + 1))
        step = step > limits.capMilliseconds / 2 ? limits.capMilliseconds : step * 2
        return wait
    }

    /// After a connection that held.
    package mutating func reset() { step = limits.firstMilliseconds }

    // SplitMix64 (Steele, Lea, Flood 2014): one word of state, good enough to spread waits.
    private mutating func random() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
