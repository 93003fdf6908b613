// The intake stands where everything enters the one total order. For each observation it decides what
// contract §8 "Samples' time" asks: duplicate, late, future, a clock that fell back, no time at all;
// it converts to the stream's unit and appends to the stream's ring. It runs on the sequencer's
// thread; the engine sees its verdict as the sample's flags and never looks at a clock.

package import TocsinModel
package import TocsinRing

/// A value as a payload says it.
package enum ObservedValue: Sendable, Equatable {
    case number(Double)
    /// A state word by its number in the vocabulary.
    case word(Int)
}

/// One observation on its way into the order.
package struct Observation: Sendable {
    package var value: ObservedValue
    /// The sensor's time; nil when the message carried none.
    package var time: Timestamp?
    /// The message carried a time that could not be read.
    package var timeInvalid: Bool
    /// The unit that the message names; `none` = it names none.
    package var unit: UnitIndex
    package var quality: Quality
    /// Of these, `over`, `under` and `retained` are the reader's to set.
    package var flags: SampleFlags
    package var broker: UInt8

    package init(
        value: ObservedValue, time: Timestamp?, timeInvalid: Bool = false, unit: UnitIndex = .none,
        quality: Quality = .good, flags: SampleFlags = [], broker: UInt8 = 0
    ) {
        self.value = value
        self.time = time
        self.timeInvalid = timeInvalid
        self.unit = unit
        self.quality = quality
        self.flags = flags
        self.broker = broker
    }
}

/// Why a sample went no further; each is counted where it happens.
package enum DropReason: UInt8, Sendable, CaseIterable {
    case duplicate, unit, streamsFull

    package var word: String {
        switch self {
        case .duplicate: "duplicate"
        case .unit: "unit"
        case .streamsFull: "streams-full"
        }
    }
}

/// A stream as the engine is told of it.
package struct StreamDeclaration: Sendable {
    package var index: StreamIndex
    package var name: String
    package var mode: Mode
    package var unit: UnitIndex?
    /// What the first message named: it counts again when a reload takes the inventory's away.
    package var namedUnit: UnitIndex?

    package init(
        index: StreamIndex, name: String, mode: Mode, unit: UnitIndex?,
        namedUnit: UnitIndex? = nil
    ) {
        self.index = index
        self.name = name
        self.mode = mode
        self.unit = unit
        self.namedUnit = namedUnit
    }
}

/// Puts readings in order; see the essay at the head of this file.
package final class Intake {
    /// What the intake remembers of a stream.
    private struct Entry {
        let name: String
        /// What its first message named.
        let namedUnit: UnitIndex?
        var ring: StreamRing
        var newest = Timestamp.distantPast
        /// The rule set that `unit` and `gas` come from, counted from 0.
        var generation = 0
        /// The stream's unit; nil = none was ever named.
        var unit: UnitIndex?
        /// Unit that was converted last, and its line: the same message shape comes again and again.
        var lastUnit = UnitIndex.none
        var lastLine: Conversion?
        var gas: Gas?
        var gasCondition = GasCondition.standard

        /// Takes unit and gas from the rules in force.
        mutating func adopt(_ ruleSet: RuleSet, generation: Int) {
            self.generation = generation
            let packs = ruleSet.matches(name).map { ruleSet.packs[$0.pack] }
            // A stream that never named a unit is in its pack's.
            unit = ruleSet.statedUnit(of: name, named: namedUnit) ?? packs.first?.unit
            gas = packs.first?.gas
            gasCondition = packs.first?.gasCondition ?? .standard
            lastUnit = .none
            lastLine = nil
        }
    }

    package private(set) var ruleSet: RuleSet
    package let rings: RingDirectory
    private var entries: ContiguousArray<Entry> = []
    private var generation = 0

    /// Samples whose time is before 1971 while the gateway says more than a year later come from a
    /// clock that fell back to its beginning.
    private static let clockLostBefore = Timestamp(milliseconds: 31_536_000_000)

    package init(ruleSet: RuleSet) {
        self.ruleSet = ruleSet
        rings = RingDirectory(capacity: ruleSet.options.streamsMax)
    }

    /// Declares a new stream; nil when `limits.streams` is reached. `unit` is what its first message
    /// names, if any; the inventory's wins.
    package func declare(name: String, mode: Mode, unit named: UnitIndex?) -> StreamDeclaration? {
        guard let ring = rings.append(capacity: RingCapacity.samples(name, ruleSet)) else {
            return nil
        }
        let index = StreamIndex(UInt32(entries.count))
        var entry = Entry(name: name, namedUnit: named, ring: ring)
        entry.adopt(ruleSet, generation: generation)
        entries.append(entry)
        return StreamDeclaration(
            index: index, name: name, mode: mode,
            unit: ruleSet.statedUnit(of: name, named: named),
            namedUnit: named)
    }

    /// Takes new rules; words keep their numbers. Returns the set to give to the engine. Streams
    /// adopt the new units at their next sample: a hundred thousand at once would hold up the rest.
    package func reload(_ fresh: RuleSet) -> RuleSet {
        ruleSet = fresh.extending(ruleSet.vocabulary)
        generation += 1
        return ruleSet
    }

    /// Judges one observation and appends it to its stream's ring.
    package func accept(
        _ observation: Observation, stream: StreamIndex, arrival: Timestamp
    ) -> Result<Sample, DropReasonError> {
        let position = Int(stream.rawValue)
        if entries[position].generation != generation {
            entries[position].adopt(ruleSet, generation: generation)
            let wanted = RingCapacity.samples(entries[position].name, ruleSet)
            if let ring = rings.grow(at: position, capacity: wanted) {
                entries[position].ring = ring
            }
        }
        var sample = Sample(
            time: arrival, value: 0, sourceValue: 0, sourceUnit: observation.unit,
            quality: observation.quality, flags: observation.flags, broker: observation.broker)
        switch observation.value {
        case .number(let number):
            sample.sourceValue = number
            guard let value = convert(number, unit: observation.unit, entry: position) else {
                return .failure(DropReasonError(reason: .unit))
            }
            sample.value = value
        case .word(let code):
            sample.flags.insert(.word)
            sample.value = Double(code)
            sample.sourceValue = Double(code)
        }
        stamp(&sample, observation: observation, entry: position, arrival: arrival)
        if sample.flags.contains(.duplicate) {
            return .failure(DropReasonError(reason: .duplicate))
        }
        var marks = SlotMarks(sample)
        // Stamped at arrival behind a sensor whose clock is ahead: not in the order of the ring.
        if sample.time < entries[position].newest { marks.insert(.outOfOrder) }
        entries[position].ring.append(
            Slot(milliseconds: sample.time.milliseconds, value: sample.value, marks: marks))
        return .success(sample)
    }

    /// Decides the sample's time (contract §8).
    private func stamp(
        _ sample: inout Sample, observation: Observation, entry position: Int, arrival: Timestamp
    ) {
        guard let time = observation.time else {
            sample.flags.insert(observation.timeInvalid ? .badTime : .noTime)
            guard !observation.timeInvalid else { return }
            let newest = entries[position].newest
            entries[position].newest = max(newest, arrival)
            return
        }
        let fellBack =
            time < Intake.clockLostBefore && arrival - time > Span(milliseconds: 31_536_000_000)
        if time > arrival + ruleSet.options.future || fellBack {
            sample.flags.insert(.badTime)
            return
        }
        sample.time = time
        let newest = entries[position].newest
        if time > newest {
            entries[position].newest = time
        } else if entries[position].ring.contains(
            milliseconds: time.milliseconds, value: sample.value)
        {
            sample.flags.insert(.duplicate)
        } else if time < newest {
            sample.flags.insert(.late)
        }
    }

    private func convert(_ number: Double, unit: UnitIndex, entry position: Int) -> Double? {
        guard unit != .none, let own = entries[position].unit, unit != own else { return number }
        if entries[position].lastUnit == unit {
            return entries[position].lastLine.map { $0(number) }
        }
        let result = UnitTable.standard.conversion(
            from: unit, to: own, gas: entries[position].gas,
            condition: entries[position].gasCondition)
        entries[position].lastUnit = unit
        switch result {
        case .success(let line): entries[position].lastLine = line
        case .failure: entries[position].lastLine = nil
        }
        return entries[position].lastLine.map { $0(number) }
    }
}

/// `DropReason` as the failure of a `Result`.
package struct DropReasonError: Error, Sendable, Equatable {
    package var reason: DropReason
}

/// How many samples a stream's ring holds: the evidence that explains an alarm, and the longest
/// window of its packs that stands in the ring.
package enum RingCapacity {
    /// History kept for evidence and for telling repeats, whatever the rules ask.
    package static let evidence = Span.seconds(60)
    /// Room for a burst above the cadence.
    package static let burst = 16

    /// For the stream of this name under these rules; see `samples(packs:cadence:…)`.
    package static func samples(_ name: String, _ ruleSet: RuleSet) -> Int {
        samples(
            // Packs whose groups ask it read it by their own windows.
            packs: ruleSet.packs.filter { pack in
                pack.labels(matching: name) != nil
                    || !pack.windows.isEmpty
                        && pack.groups.contains { $0.pattern.match(name) != nil }
            },
            cadence: ruleSet.listing(of: name)?.cadence,
            samplesPerWindow: ruleSet.options.samplesPerWindow)
    }

    /// The longest window by time of these that stands in the ring, in milliseconds.
    static func windowSpan(_ definitions: [WindowDefinition]) -> Int64 {
        var longest: Int64 = 0
        for definition in definitions {
            let reach = WindowReach(definition, gap: .max)
            guard reach.storage == .slots, reach.span != .max else { continue }
            longest = max(longest, reach.span)
        }
        return longest
    }

    /// Twice evidence or longest window ÷ cadence plus a burst; twice a window by count plus a
    /// burst. Without a cadence `samplesPerWindow` where a window by time stands in the ring, else
    /// `burst × 4`. `cadence` is the inventory's, which goes before the packs'.
    package static func samples(
        packs: [Pack], cadence: Cadence?, samplesPerWindow: Int
    ) -> Int {
        var wanted = burst * 4
        for pack in packs {
            var longest = Span.zero
            for definition in pack.windows {
                let reach = WindowReach(definition, gap: .max)
                guard reach.storage == .slots else { continue }
                if reach.samples != .max { wanted = max(wanted, reach.samples * 2 + burst) }
                if reach.span != .max { longest = max(longest, Span(milliseconds: reach.span)) }
            }
            if case .every(let period) = cadence ?? pack.cadence, period > .zero {
                let kept = evidence.milliseconds / period.milliseconds * 2 + Int64(burst)
                let needed = longest.milliseconds / period.milliseconds * 2 + Int64(burst)
                wanted = max(wanted, Int(min(kept, Int64(samplesPerWindow))), Int(needed))
            } else if longest > .zero {
                wanted = max(wanted, samplesPerWindow)
            }
        }
        return min(wanted, StreamRing.capacityMax)
    }
}

extension SlotMarks {
    init(_ sample: Sample) {
        self.init(rawValue: 0)
        if sample.flags.contains(.late) || sample.flags.contains(.badTime) { insert(.outOfOrder) }
        if sample.flags.contains(.over) { insert(.over) }
        if sample.flags.contains(.under) { insert(.under) }
        if sample.flags.contains(.retained) { insert(.retained) }
        if sample.flags.contains(.word) { insert(.word) }
        switch sample.quality {
        case .good: break
        case .bad: insert(.bad)
        case .inhibited: insert(.inhibited)
        }
    }
}
