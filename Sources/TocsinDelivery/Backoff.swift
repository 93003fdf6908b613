package import TocsinModel

/// SplitMix64 (Steele, Lea, Flood 2014): small, seedable, good enough to spread retries.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A pause before the next attempt, and the shorter one that holds while a fire is waiting.
package struct Pause: Sendable, Equatable {
    package var ordinary: Span
    package var forFire: Span

    package init(ordinary: Span, forFire: Span) {
        self.ordinary = ordinary
        self.forFire = forFire
    }
}

/// How long a lane pauses after a failure: exponential, capped, spread by half.
///
/// Spread, because the lanes of many gateways lose one receiver at the same moment and would
/// otherwise come back at the same moment.
package struct Backoff: Sendable {
    private let limits: DeliveryLimits
    private var generator: SplitMix64
    private var failures = 0

    package init(limits: DeliveryLimits, seed: UInt64) {
        self.limits = limits
        generator = SplitMix64(seed: seed)
    }

    /// The pause after one more failure. `retryAfter` is the receiver's own wish, obeyed up to
    /// `longestRetryAfter`.
    package mutating func pause(after reason: FailureReason, retryAfter: Span? = nil) -> Pause {
        failures += 1
        // After a rejected entry the lane goes on with others, but ever more slowly: a receiver
        // that rejects everything must not be hammered with everything.
        if reason.needsPerson, reason != .rejected {
            let slow = spread(limits.slowRetry)
            return Pause(ordinary: slow, forFire: slow)
        }
        var longest = min(limits.firstRetry, limits.longestRetry)
        for _ in 1..<min(failures, 63) where longest < limits.longestRetry {
            longest = min(Span(milliseconds: longest.milliseconds * 2), limits.longestRetry)
        }
        let own = spread(longest)
        guard let wish = retryAfter else {
            return Pause(ordinary: own, forFire: min(own, limits.longestFireRetry))
        }
        let obeyed = max(own, min(wish, limits.longestRetryAfter))
        return Pause(ordinary: obeyed, forFire: obeyed)
    }

    /// A success: the next failure starts from the first pause again.
    package mutating func reset() { failures = 0 }

    // Between half and all of it.
    private mutating func spread(_ pause: Span) -> Span {
        let half = pause.milliseconds / 2
        guard half > 0 else { return pause }
        let less = Int64.random(in: 0...half, using: &generator)
        return Span(milliseconds: pause.milliseconds - less)
    }
}
