// What a configuration needs before the daemon starts: memory, work, disk. Rings are counted with the
// very function that sizes them at run time (`RingCapacity`), states with the strides of the
// engine's own types. Memory is that of the plant's streams; the program itself, its libraries and
// the receivers' windows come on top, some tens of MiB.

package import TocsinEngine
import TocsinModel

/// What is planned for.
package struct PlanRequest: Sendable {
    package var ruleSet: RuleSet
    package var limits: TocsinConfiguration.Limits
    /// `--streams N`: so many in all, those beyond the inventory as demanding as any can be.
    package var streams: Int?
    package var eventsPerDay: Double?

    package init(
        ruleSet: RuleSet, limits: TocsinConfiguration.Limits, streams: Int? = nil,
        eventsPerDay: Double? = nil
    ) {
        self.ruleSet = ruleSet
        self.limits = limits
        self.streams = streams
        self.eventsPerDay = eventsPerDay
    }
}

/// What some streams need.
package struct PlanLoad: Sendable, Equatable {
    package var streams = 0
    /// Rule × stream.
    package var rules = 0
    /// Bytes.
    package var rings = 0
    package var windows = 0
    package var states = 0
    package var samplesPerSecond = 0.0
    /// Conditions, members of groups and calculated values a second.
    package var evaluationsPerSecond = 0.0

    package var memory: Int { rings + windows + states }

    static func + (a: PlanLoad, b: PlanLoad) -> PlanLoad {
        PlanLoad(
            streams: a.streams + b.streams, rules: a.rules + b.rules, rings: a.rings + b.rings,
            windows: a.windows + b.windows, states: a.states + b.states,
            samplesPerSecond: a.samplesPerSecond + b.samplesPerSecond,
            evaluationsPerSecond: a.evaluationsPerSecond + b.evaluationsPerSecond)
    }

    func times(_ count: Int) -> PlanLoad {
        let factor = Double(count)
        return PlanLoad(
            streams: streams * count, rules: rules * count, rings: rings * count,
            windows: windows * count, states: states * count,
            samplesPerSecond: samplesPerSecond * factor,
            evaluationsPerSecond: evaluationsPerSecond * factor)
    }
}

/// The need of a configuration, against its limits.
package struct Plan: Sendable {
    /// How the number of streams is known.
    package enum Basis: Sendable, Equatable {
        case inventory
        /// `--streams`
        case asked
        /// Nobody says how many: as many as `limits.streams` allows, each as demanding as any can be.
        case bound
    }

    /// One line of the table.
    package struct PackLoad: Sendable {
        package var pack: String
        package var load: PlanLoad
    }

    package struct StreamLoad: Sendable {
        package var stream: String
        package var load: PlanLoad
    }

    /// A limit that the need is over.
    package struct Excess: Sendable {
        /// `limits.memory` …
        package var limit: String
        package var need: String
        package var allowed: String
        package var remedy: String

        package var text: String { "\(limit) allows \(allowed), \(need) needed: \(remedy)" }
    }

    package var basis: Basis
    package var total: PlanLoad
    /// Bytes that do not hang on the streams: the order ring and the table of rings.
    package var fixed: Int
    /// With an inventory what each pack needs; without, what one stream of each needs.
    package var packs: [PackLoad]
    /// The most demanding ones, by memory.
    package var top: [StreamLoad]
    package var eventsPerDay: Double
    /// Nobody said how many.
    package var isEventCountAssumed: Bool
    package var limits: TocsinConfiguration.Limits
    /// Limits that are not kept; none where only a bound is known.
    package private(set) var excesses: [Excess] = []

    package static let topMax = 10

    package var memory: Int { total.memory + fixed }
    package var logBytesPerDay: Double { eventsPerDay * PlanAssumptions.eventBytes }
    package var journalBytesPerDay: Double {
        total.samplesPerSecond * 86_400 * PlanAssumptions.journalBytes
    }

    package init(_ request: PlanRequest) {
        let count = PlanCount(request.ruleSet)
        limits = request.limits
        eventsPerDay = request.eventsPerDay ?? PlanAssumptions.eventsPerDay
        isEventCountAssumed = request.eventsPerDay == nil
        let directory = request.limits.streams * PlanAssumptions.directoryBytes
        fixed = PlanAssumptions.orderRingBytes + directory
        let single = count.singles
        let most = PlanCount.most(single.map(\.load))
        let listed = count.listed
        let known = listed.total.streams
        total = listed.total
        if request.ruleSet.hasInventory {
            basis = .inventory
            packs = listed.packs
            top = listed.top
        } else {
            basis = .bound
            packs = single
            top = []
        }
        let wanted = request.streams ?? (basis == .bound ? request.limits.streams : known)
        if request.streams != nil { basis = .asked }
        if wanted > known { total = total + most.times(wanted - known) }
        if basis != .bound { excesses = over() }
    }

    private func over() -> [Excess] {
        var found: [Excess] = []
        if total.streams > limits.streams {
            found.append(
                Excess(
                    limit: "limits.streams", need: "\(PlanText.count(total.streams)) are",
                    allowed: PlanText.count(limits.streams),
                    remedy: "raise it, or take rows out of the inventory"))
        }
        if memory > limits.memoryBytes {
            found.append(
                Excess(
                    limit: "limits.memory", need: "\(PlanText.bytes(memory)) are",
                    allowed: PlanText.bytes(limits.memoryBytes), remedy: memoryRemedy))
        }
        if total.evaluationsPerSecond > Double(limits.evaluations) {
            found.append(
                Excess(
                    limit: "limits.evaluations",
                    need: "\(PlanText.rate(total.evaluationsPerSecond)) are",
                    allowed: PlanText.rate(Double(limits.evaluations)),
                    remedy: "slow the streams down (`every`), take rules out, or raise it after "
                        + "measuring on this machine (docs/PERFORMANCE.md)"))
        }
        return found
    }

    private var memoryRemedy: String {
        let parts = [(total.rings, "rings"), (total.windows, "windows"), (total.states, "states")]
        let most = parts.max { $0.0 < $1.0 }?.1 ?? "rings"
        let heaviest = packs.max { $0.load.memory < $1.load.memory }?.pack
        let where_ = heaviest.map { ", most of all in `\($0)`" } ?? ""
        return "the \(most) take most of it\(where_); shorten windows, write `every` where it is "
            + "missing, or raise it"
    }
}
