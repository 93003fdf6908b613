import TocsinEngine
import TocsinModel

/// Counts what a rule set's streams need.
struct PlanCount {
    /// The listed streams, and those that are calculated from them.
    private(set) var listed = Listed()
    /// One stream of each pack, by itself.
    private(set) var singles: [Plan.PackLoad] = []

    struct Listed {
        var total = PlanLoad()
        var packs: [Plan.PackLoad] = []
        var top: [Plan.StreamLoad] = []
    }

    private let ruleSet: RuleSet

    init(_ ruleSet: RuleSet) {
        self.ruleSet = ruleSet
        singles = ruleSet.packs.map { pack in
            Plan.PackLoad(pack: pack.name, load: single(pack))
        }
        listed = count(ruleSet.listings.map(\.stream))
    }

    /// The largest of each need: no stream of these packs needs more.
    static func most(_ loads: [PlanLoad]) -> PlanLoad {
        var most = PlanLoad(streams: 1)
        for load in loads {
            most.rules = max(most.rules, load.rules)
            most.rings = max(most.rings, load.rings)
            most.windows = max(most.windows, load.windows)
            most.states = max(most.states, load.states)
            most.samplesPerSecond = max(most.samplesPerSecond, load.samplesPerSecond)
            most.evaluationsPerSecond = max(most.evaluationsPerSecond, load.evaluationsPerSecond)
        }
        return most
    }

    // MARK: One stream

    private func single(_ pack: Pack) -> PlanLoad {
        let capacity = RingCapacity.samples(
            packs: [pack], cadence: nil, samplesPerWindow: ruleSet.options.samplesPerWindow)
        var load = PlanLoad(streams: 1, rules: pack.rules.count)
        load.rings = StreamFootprint.ring(capacity: capacity)
        load.windows += StreamFootprint.windows(pack.windows, ringCapacity: capacity)
        load.states = StreamFootprint.stream + StreamFootprint.binding(pack)
        load.samplesPerSecond = PlanCount.rate(pack.cadence)
        load.evaluationsPerSecond = load.samplesPerSecond * Double(PlanCount.conditions(pack))
        return load
    }

    /// Programs that run at each own sample.
    private static func conditions(_ pack: Pack) -> Int {
        pack.rules.reduce(0) { sum, rule in
            sum + (rule.trigger == .condition && rule.per == nil ? 1 : 0)
                + (rule.unless == nil ? 0 : 1)
        } + pack.calculated.count
    }

    static func rate(_ cadence: Cadence) -> Double {
        switch cadence {
        case .every(let span): span > .zero ? 1000 / Double(span.milliseconds) : 0
        case .onChange(let heartbeat?): 1000 / Double(max(1, heartbeat.milliseconds))
        case .onChange(nil): PlanAssumptions.onChangeRate
        case .unstated: PlanAssumptions.unstatedRate
        }
    }

    // MARK: All listed streams

    private func count(_ names: [String]) -> Listed {
        var streams = names.map { PlannedStream($0, ruleSet) }
        addCalculated(to: &streams)
        let asked = PlanReaders(streams, ruleSet)
        var result = Listed()
        var byPack = [PlanLoad](repeating: PlanLoad(), count: ruleSet.packs.count)
        var unmatched = PlanLoad()
        for stream in streams {
            var whole = PlanLoad(streams: 1, samplesPerSecond: stream.rate)
            let capacity = RingCapacity.samples(stream.name, ruleSet)
            // The engine keeps what it calculates only where a window asks for it.
            let hasRing = !stream.isCalculated || stream.asksWindows(ruleSet)
            whole.rings = hasRing ? StreamFootprint.ring(capacity: capacity) : 0
            whole.windows = stream.ghosts.reduce(0) {
                $0
                    + StreamFootprint.windows(
                        ruleSet.packs[$1].windows, ringCapacity: capacity)
            }
            whole.states = StreamFootprint.stream
            whole.evaluationsPerSecond = stream.rate * Double(asked.count(of: stream.name))
            // The stream itself is counted with the first pack that matches it.
            var own = whole
            for (position, match) in stream.matches.enumerated() {
                var load = position == 0 ? whole : PlanLoad()
                let pack = ruleSet.packs[match.pack]
                load.rules = pack.rules.count
                load.windows += StreamFootprint.windows(pack.windows, ringCapacity: capacity)
                load.states += StreamFootprint.binding(pack)
                load.evaluationsPerSecond += stream.rate * Double(PlanCount.conditions(pack))
                byPack[match.pack] = byPack[match.pack] + load
                own = position == 0 ? load : own + load
            }
            if stream.matches.isEmpty { unmatched = unmatched + whole }
            result.total = result.total + own
            result.top.append(Plan.StreamLoad(stream: stream.name, load: own))
            if result.top.count > Plan.topMax * 64 { PlanCount.keepTop(&result.top) }
        }
        PlanCount.keepTop(&result.top)
        result.packs = zip(ruleSet.packs, byPack).map {
            Plan.PackLoad(pack: $0.name, load: $1)
        }.filter { $0.load.rules > 0 }
        if unmatched.streams > 0 {
            result.packs.append(Plan.PackLoad(pack: "no pack", load: unmatched))
        }
        return result
    }

    private static func keepTop(_ loads: inout [Plan.StreamLoad]) {
        loads.sort { a, b in
            (-a.load.memory, a.stream) < (-b.load.memory, b.stream)
        }
        loads = Array(loads.prefix(Plan.topMax))
    }

    /// Streams that `define:` makes; of these too others may be made, but not without an end:
    /// circles are refused by `check`.
    private func addCalculated(to streams: inout [PlannedStream]) {
        var known = Set(streams.map(\.name))
        var rates: [String: Double] = [:]
        for stream in streams { rates[stream.name] = stream.rate }
        var position = 0
        while position < streams.count, streams.count < ruleSet.options.streamsMax * 2 {
            let source = streams[position]
            position += 1
            for match in source.matches {
                let pack = ruleSet.packs[match.pack]
                for definition in pack.calculated {
                    guard let name = definition.name.substituting(match.labels),
                        known.insert(name).inserted
                    else { continue }
                    let inputs = definition.references.compactMap {
                        $0.pattern.substituting(match.labels).flatMap { rates[$0] }
                    }
                    var made = PlannedStream(name, ruleSet)
                    made.rate = source.rate + inputs.reduce(0, +)
                    made.isCalculated = true
                    rates[name] = made.rate
                    streams.append(made)
                }
            }
        }
    }
}

/// A stream with the packs that match it.
struct PlannedStream {
    var name: String
    var matches: [(pack: Int, labels: [(name: String, value: String)])]
    /// Samples a second.
    var rate: Double
    var isCalculated = false
    /// Packs with windows whose groups ask the stream without matching it.
    var ghosts: [Int]

    init(_ name: String, _ ruleSet: RuleSet) {
        self.name = name
        let listing = ruleSet.listing(of: name)
        let extra = listing?.labels ?? []
        matches = ruleSet.matches(name).map { match in
            let labels =
                match.labels
                + extra.filter { entry in !match.labels.contains { $0.name == entry.name } }
            return (match.pack, labels)
        }
        let own = Set(matches.map(\.pack))
        ghosts = ruleSet.packs.indices.filter { position in
            let pack = ruleSet.packs[position]
            return !own.contains(position) && !pack.windows.isEmpty
                && pack.groups.contains { $0.pattern.match(name) != nil }
        }
        let stated = matches.map { ruleSet.packs[$0.pack].cadence }.filter { $0 != .unstated }
        rate = PlanCount.rate(listing?.cadence ?? stated.first ?? .unstated)
    }
}

extension PlannedStream {
    /// A pack that matches it, or whose groups ask it, has a window.
    func asksWindows(_ ruleSet: RuleSet) -> Bool {
        !ghosts.isEmpty || matches.contains { !ruleSet.packs[$0.pack].windows.isEmpty }
    }
}

/// How many programs elsewhere run when a stream speaks: rules that name it, members and rules of
/// groups that it belongs to.
struct PlanReaders {
    private struct Group {
        var pattern: StreamPattern
        /// Rules that ask this group, by the values of the pattern's labels.
        var askers: [[String]: Int]
    }

    private var byName: [String: Int] = [:]
    private var groups: [Group] = []

    init(_ streams: [PlannedStream], _ ruleSet: RuleSet) {
        for (position, pack) in ruleSet.packs.enumerated() {
            let readers = streams.flatMap { stream in
                stream.matches.filter { $0.pack == position }.map { (stream.name, $0.labels) }
            }
            addReferences(of: pack, readers)
            addGroups(of: pack, readers)
        }
    }

    private typealias Reader = (stream: String, labels: [(name: String, value: String)])

    private mutating func addReferences(of pack: Pack, _ readers: [Reader]) {
        let asking =
            pack.rules.filter { !$0.references.isEmpty }.map(\.references)
            + pack.calculated.filter { !$0.references.isEmpty }.map(\.references)
        for references in asking {
            for reader in readers {
                let names = Set(references.compactMap { $0.pattern.substituting(reader.labels) })
                for name in names where name != reader.stream { byName[name, default: 0] += 1 }
            }
        }
    }

    private mutating func addGroups(of pack: Pack, _ readers: [Reader]) {
        var found: [Int: Group] = [:]
        for rule in pack.rules {
            let asked = Set([rule.condition, rule.clearWhen, rule.unless].flatMap(groups(in:)))
            for number in asked.sorted() where number < pack.groups.count {
                let pattern = pack.groups[number].pattern
                var group = found[number] ?? Group(pattern: pattern, askers: [:])
                // A rule `per` a label is there once for each of its values.
                var values: Set<String> = []
                for reader in readers {
                    if let per = rule.per {
                        let value = reader.labels.first { $0.name == per }?.value ?? ""
                        guard values.insert(value).inserted else { continue }
                    }
                    let key = pattern.labels.map { label in
                        reader.labels.first { $0.name == label }?.value ?? ""
                    }
                    group.askers[key, default: 0] += 1
                }
                found[number] = group
            }
        }
        groups += found.sorted { $0.key < $1.key }.map(\.value)
    }

    private func groups(in program: Program?) -> [Int] { program?.groups ?? [] }

    /// Each asking rule runs, and its member's program once.
    func count(of stream: String) -> Int {
        var count = byName[stream] ?? 0
        for group in groups {
            guard let labels = group.pattern.match(stream) else { continue }
            count += 2 * (group.askers[labels.map(\.value)] ?? 0)
        }
        return count
    }
}
