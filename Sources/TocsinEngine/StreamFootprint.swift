import TocsinModel
import TocsinRing

/// Bytes that a stream takes, for `tocsin plan`: rings and windows exactly as they are made, states
/// by the strides of the engine's own types.
package enum StreamFootprint {
    /// A ring for at least `capacity` samples.
    package static func ring(capacity: Int) -> Int { StreamRing.byteCount(capacity: capacity) }

    /// What the ring, queues, heaps and buckets of these windows take, on a ring of at least
    /// `ringCapacity` samples.
    package static func windows(_ definitions: [WindowDefinition], ringCapacity: Int) -> Int {
        guard !definitions.isEmpty else { return 0 }
        let capacity = StreamRing.roundedCapacity(ringCapacity)
        return definitions.reduce(StreamRing.byteCount(capacity: ringCapacity)) {
            $0 + WindowBank.byteCount(of: $1, ringCapacity: capacity)
        }
    }

    /// The stream itself: its state and its name in four tables.
    package static let stream = MemoryLayout<StreamState>.stride + 256

    /// A pack on a stream, with its rules and alarms.
    package static func binding(_ pack: Pack) -> Int {
        // The binding's own object: limits, deadbands, labels and names of references.
        var bytes = MemoryLayout<BindingState>.stride + 512 + pack.limits.count * 8
        for rule in pack.rules {
            bytes += MemoryLayout<RuleState>.stride + MemoryLayout<RuleCode>.stride
            bytes += 32 + rule.deadbands.count * 8
            bytes += rule.references.count * (MemoryLayout<ReferenceState>.stride + 64)
        }
        for chain in pack.chains {
            bytes += MemoryLayout<ChainState>.stride + 32 + chain.count * 4
            // The table from alarm ids to chains.
            bytes += 64
        }
        let hidden = MemoryLayout<RuleState>.stride + MemoryLayout<RuleCode>.stride
        bytes += pack.groups.count * (MemoryLayout<BallotState>.stride + hidden)
        bytes += pack.calculated.count * (MemoryLayout<CalculationState>.stride + hidden)
        return bytes
    }
}

extension WindowBank {
    /// What `add` takes for a definition; see there.
    static func byteCount(of definition: WindowDefinition, ringCapacity: Int) -> Int {
        let reach = WindowReach(definition, gap: .max)
        let isInBuckets = reach.storage == .buckets
        let parts = isInBuckets ? BucketCircle.capacity : 0
        var bytes = MemoryLayout<WindowState>.stride
        if isInBuckets {
            bytes += MemoryLayout<BucketCircle>.stride
            bytes += BucketCircle.capacity * MemoryLayout<WindowBucket>.stride
        }
        func sums<Sums: WindowSums>(_: Sums.Type) -> Int {
            MemoryLayout<RunningSums<Sums>>.stride + parts * MemoryLayout<Sums>.stride
        }
        switch definition.family {
        case .moments: bytes += sums(MomentSums.self)
        case .changes: bytes += sums(ChangeSums.self)
        case .line: bytes += sums(LineSums.self)
        case .exposure: bytes += sums(ExposureSums.self)
        case .extremes:
            let room = isInBuckets ? parts : queueRoom(ringCapacity, reach.samples)
            var size = 1
            while size < room { size <<= 1 }
            bytes += MemoryLayout<Extremes>.stride + size * 4 * 2
        case .ranks: bytes += MemoryLayout<RankHeaps>.stride + ringCapacity * 8
        case .average: bytes += MemoryLayout<RunningAverage>.stride
        case .score, .cusum: bytes += MemoryLayout<LearnedReference>.stride
        case .ends: break
        }
        return bytes
    }

    /// Bytes of all windows as they stand, the readers of bindings left out.
    var byteCount: Int {
        func sums<Sums: WindowSums>(_ list: ContiguousArray<RunningSums<Sums>>) -> Int {
            list.reduce(0) {
                $0 + MemoryLayout<RunningSums<Sums>>.stride
                    + $1.partCount * MemoryLayout<Sums>.stride
            }
        }
        let circle =
            MemoryLayout<BucketCircle>.stride
            + BucketCircle.capacity * MemoryLayout<WindowBucket>.stride
        return states.count * MemoryLayout<WindowState>.stride + circles.count * circle
            + sums(moments) + sums(changes) + sums(lines) + sums(exposures)
            + extremes.reduce(0) { $0 + MemoryLayout<Extremes>.stride + $1.byteCount }
            + ranks.reduce(0) { $0 + MemoryLayout<RankHeaps>.stride + $1.byteCount }
            + averages.count * MemoryLayout<RunningAverage>.stride
            + references.count * MemoryLayout<LearnedReference>.stride
    }
}

extension Engine {
    /// Bytes of all windows.
    package var windowByteCount: Int {
        windows.byteCount + streams.reduce(0) { $0 + ($1.ring?.byteCount ?? 0) }
    }

    /// How many samples the ring of a stream's windows holds; nil without windows.
    package func windowRingCapacity(ofStream name: String) -> Int? {
        streams.first { $0.name == name }.flatMap { $0.ring?.capacity }
    }
}

extension Intake {
    /// Bytes of all rings.
    package var ringByteCount: Int { rings.byteCount }
}
