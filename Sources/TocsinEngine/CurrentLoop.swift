package import TocsinModel

/// A loop current with a meaning of its own, in mA: `2.5=inhibited` (contract §5 `currents`).
package struct CurrentMeaning: Sendable, Equatable {
    package var milliamperes: Double
    package var quality: Quality

    package init(milliamperes: Double, quality: Quality) {
        self.milliamperes = milliamperes
        self.quality = quality
    }
}

/// A stream that reports the current of a 4…20 mA loop, for a pack that watches the quantity behind
/// it: a straight line from 4…20 mA to the span, and the fault bands of NAMUR NE 43. The current
/// says what is measured and what is broken, so span and `fault` of the pack are not asked.
package struct CurrentLoop: Sendable, Equatable {
    /// From mA to the pack's unit.
    package let line: Conversion
    private let meanings: [CurrentMeaning]

    /// What a current says (NE 43, 2003).
    package enum Reading: Sendable, Equatable {
        case measured
        /// 3.6…3.8 and 20.5…21 mA: good, beyond what the transmitter measures.
        case under, over
        /// ≤ 3.6 or ≥ 21 mA: the transmitter's failure signal, once it lasts.
        case outside
        /// The inventory's `currents` say it.
        case stated(Quality)
    }

    /// How long a current must be outside before it is a failure and no bounce (NE 43).
    package static let failureAfter = Span.seconds(2)
    /// How far from the current in `currents` one still means the same, in mA. The last digits
    /// belong to the arithmetic: 2.6 − 2.5 is a little more than 0.1.
    private static let tolerance = 0.1 + 1e-9

    /// `span` in the pack's unit, low below high.
    package init(span: ValueRange, meanings: [CurrentMeaning] = []) {
        let scale = (span.high - span.low) / 16
        line = Conversion(scale: scale, offset: span.low - 4 * scale)
        self.meanings = meanings
    }

    /// What a current in mA says; of two meanings that fit, the first.
    package func reading(of current: Double) -> Reading {
        for meaning in meanings
        where abs(current - meaning.milliamperes) <= CurrentLoop.tolerance {
            return .stated(meaning.quality)
        }
        // No number is outside, too.
        guard current > 3.6, current < 21 else { return .outside }
        if current < 3.8 { return .under }
        return current > 20.5 ? .over : .measured
    }

    /// Whether a current measures: windows hold no other.
    package func measures(_ current: Double) -> Bool {
        switch reading(of: current) {
        case .measured, .under, .over: true
        case .stated(let quality): quality == .good
        case .outside: false
        }
    }
}
