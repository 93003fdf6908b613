// What a reload would do to alarms that stand, said before it is done. The engine's own test decides:
// an alarm lives on where the new set has, on its stream, a rule of the same name with the same
// meaning (`Rule.meaning`; Reload.swift of TocsinEngine). Everything else about a rule may change
// while its alarm stands. Whatever reads differently is evaluated again at once.

import TocsinEngine

/// The difference between two rule sets as the alarms that stand feel it.
package struct ReloadPreview: Sendable {
    package enum Change: String, Sendable, CaseIterable {
        /// Nothing about it changes; state and timers are kept.
        case unchanged
        /// State kept; the last value is held against the new limit at once.
        case limitMoved = "limit-moved"
        /// Delays, priority, deadband, texts …; state kept.
        case changed
        /// The condition says something else: a standing alarm is closed, and begins anew.
        case meaningChanged = "meaning-changed"
        case new
        /// A standing alarm is closed with `rule-removed`.
        case removed

        /// An alarm that stands is not closed.
        package var keepsState: Bool {
            switch self {
            case .unchanged, .limitMoved, .changed: true
            case .meaningChanged, .new, .removed: false
            }
        }
    }

    /// One thing that differs.
    package struct Detail: Sendable, Hashable {
        /// `limit.H`, `on_delay`, `when` …
        package var key: String
        package var old: String
        package var new: String
        /// `path:line:column` of the new one; nil where it is not known.
        package var place: String?
    }

    /// A rule on streams that are all affected alike.
    package struct Entry: Sendable {
        /// `PACK/NAME`
        package var rule: String
        package var change: Change
        /// In the inventory's order; empty = the streams of the pack, which no inventory lists.
        package var streams: [String]
        package var details: [Detail]

        /// Alarms: one a stream, or one where no inventory lists the streams.
        package var alarms: Int { max(1, streams.count) }
    }

    /// By rule, in the order of the new set, then of the old.
    package private(set) var entries: [Entry] = []

    package func count(_ change: Change) -> Int {
        entries.reduce(0) { $0 + ($1.change == change ? $1.alarms : 0) }
    }

    /// What happens to the alarm of a rule on a stream; nil where neither set has it.
    package func change(of rule: String, on stream: String) -> Change? {
        let own = entries.filter { $0.rule == rule }
        return (own.first { $0.streams.contains(stream) } ?? own.first { $0.streams.isEmpty })?
            .change
    }

    /// Compares two sets that were loaded without errors.
    package init(from old: LoadedRules, to new: LoadedRules) {
        let (before, after) = (PreviewSide(old), PreviewSide(new))
        var order: [String] = []
        var seen: Set<String> = []
        for rule in (new.packs + old.packs).flatMap(\.rules) where seen.insert(rule.name).inserted {
            order.append(rule.name)
        }
        var streams: [String] = []
        var listed: Set<String> = []
        for listing in new.listings + old.listings where listed.insert(listing.stream).inserted {
            streams.append(listing.stream)
        }
        let comparison = PreviewComparison(before: before, after: after)
        for listedStream in streams { comparison.add(stream: listedStream) }
        for rule in order { entries += comparison.entries(of: rule) }
    }
}
