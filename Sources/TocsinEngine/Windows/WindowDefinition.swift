package import TocsinModel

/// A window over the stream's own ring, with what must be kept to answer its functions in O(1).
///
/// The end of a window is the time of the stream's newest sample in order. In a time window stands
/// every good sample later than that time minus the length; in a count window the newest good
/// samples. Late samples, samples at arrival time for a bad clock, retained ones, words in a pack
/// without states, bad and inhibited ones stand in no window.
package struct WindowDefinition: Sendable, Hashable {
    package enum Extent: Sendable, Hashable {
        case time(Span)
        /// The newest so many good samples.
        case count(Int)
    }

    /// Functions that share one running state.
    package enum Family: Sendable, Hashable {
        /// count, mean, sum, stddev
        case moments
        /// min, max, flat
        case extremes
        /// median (0.5), quantile; the share 0…1 that lies below
        case ranks(share: Double)
        /// delta, rate
        case ends
        /// changes
        case changes
        /// slope, slope_significance, forecast, time_to: a least-squares line
        case line
        /// twa, dose: the integral over time
        case exposure
        /// ewma; 0 < lambda ≤ 1
        case average(lambda: Double)
        /// zscore: against a reference that is learned over the window, frozen in excursions
        case score
        /// cusum; allowance k and decision level h in standard deviations
        case cusum(allowance: Double, decision: Double)
    }

    package var extent: Extent
    package var family: Family

    package init(extent: Extent, family: Family) {
        self.extent = extent
        self.family = family
    }
}

/// What an instruction asks of a window. Values are in the pack's unit; rates in that unit per
/// second, doses in that unit times seconds.
package enum WindowFunction: UInt8, Sendable, Equatable {
    case count, mean, sum, stddev
    case least, greatest
    case quantile
    case delta, rate
    case changes
    case slope, significance
    case twa, dose
    case ewma, zscore, cusum
}
