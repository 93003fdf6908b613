import TocsinModel
import TocsinRing

/// A ring that the engine writes, for a stream that it calculates.
final class OwnRing: Sendable {
    let ring: StreamRing

    init(capacity: Int) { ring = StreamRing(capacity: capacity) }

    deinit { ring.free() }
}

// The engine's windows: made with a binding, moved before the rules run, kept over a reload.

extension Engine {
    /// The ring that holds a stream's samples: the intake's, or the engine's own for a stream that
    /// it calculates.
    private func ring(of stream: Int) -> StreamRing? {
        if let own = streams[stream].ownRing { return own.ring }
        return streams[stream].index.flatMap { rings.ring(at: Int($0.rawValue)) }
    }

    /// Makes a binding's windows; nothing stands in them yet. A group's seat has no samples, and so
    /// none.
    mutating func makeWindows(_ number: Int) {
        let definitions = bindings[number].binding.pack.windows
        let stream = bindings[number].stream
        if streams[stream].kind != .calculated { streams[stream].ownRing = nil }
        guard !definitions.isEmpty else { return }
        if streams[stream].kind == .calculated && streams[stream].ownRing == nil {
            let capacity = RingCapacity.samples(streams[stream].name, ruleSet)
            streams[stream].ownRing = OwnRing(capacity: capacity)
        }
        streams[stream].ring = ring(of: stream)
        guard let ring = streams[stream].ring else { return }
        bindings[number].windows = windows.add(
            definitions, binding: bindings[number].binding, ringCapacity: ring.capacity)
        streams[stream].hasWindows = true
    }

    /// Takes a sample in order into its stream's windows: each of the ring once, in the ring's
    /// order. Of a calculated stream the ring is written here.
    mutating func advanceWindows(
        _ stream: Int, with sample: Sample, appendingTo events: inout [Event]
    ) {
        guard let ring = ring(of: stream) else { return }
        let position: UInt64
        if streams[stream].ownRing != nil {
            position = ring.append(
                Slot(
                    milliseconds: sample.time.milliseconds, value: sample.value,
                    marks: SlotMarks(sample)))
        } else {
            position = streams[stream].applied - 1
        }
        if let known = streams[stream].ring, !known.isSame(as: ring) {
            // A reload has asked for a larger one, with the same samples at the same positions.
            streams[stream].ring = ring
            refill(stream, from: ring, before: position)
        }
        let slot = ring.slot(at: position)
        var isWhole = true
        for binding in streams[stream].bindings {
            let isKept = advanceWindows(binding: binding, to: slot, at: position, on: ring)
            isWhole = isWhole && isKept
        }
        for ghost in streams[stream].ghosts {
            let isKept = advanceWindows(binding: ghost, to: slot, at: position, on: ring)
            isWhole = isWhole && isKept
        }
        if !isWhole { noteShortWindow(stream, appendingTo: &events) }
    }

    private mutating func advanceWindows(
        binding: Int, to slot: Slot, at position: UInt64, on ring: StreamRing
    ) -> Bool {
        var isWhole = true
        for window in bindings[binding].windows {
            let reader = windows.states[window].reader
            guard windows.readers[reader].isInOrder(slot) else { return true }
            let isKept = windows.advance(window, to: slot, at: Int64(position), on: ring)
            isWhole = isWhole && isKept
        }
        return isWhole
    }

    private mutating func refill(_ stream: Int, from ring: StreamRing, before position: UInt64) {
        for bindings in [streams[stream].bindings, streams[stream].ghosts] {
            for binding in bindings {
                for window in self.bindings[binding].windows {
                    refill(window, from: ring, before: position, isOfNewSize: true)
                }
            }
        }
    }

    /// Samples left a window before their time: counted, and said once for each stream.
    private mutating func noteShortWindow(_ stream: Int, appendingTo events: inout [Event]) {
        counts.shortWindows += 1
        guard !streams[stream].isShortSaid else { return }
        streams[stream].isShortSaid = true
        emitSystem(
            .windowShort,
            note: EventNote(
                reason: "the ring holds less than its windows ask: it sends faster than `every:` "
                    + "says, or limits.samples_per_window is too small",
                subject: streams[stream].name),
            mode: isOffline ? nil : streams[stream].mode, appendingTo: &events)
    }

    /// Fills a window from what the ring holds before `position`; windows by bucket and recursive
    /// functions keep what they have when only the ring is another.
    private mutating func refill(
        _ window: Int, from ring: StreamRing, before position: UInt64, isOfNewSize: Bool
    ) {
        if isOfNewSize {
            guard windows.states[window].storage == .slots else { return }
            windows.resize(window, ringCapacity: ring.capacity)
        }
        let reader = windows.readers[windows.states[window].reader]
        let oldest = ring.oldest
        windows.states[window].last = nil
        windows.states[window].before = nil
        let isSlots = windows.states[window].storage == .slots
        windows.states[window].lostHistory = oldest > 0 && isSlots
        guard oldest < position else { return }
        for earlier in oldest..<position {
            let slot = ring.slot(at: earlier)
            guard reader.isInOrder(slot) else { continue }
            _ = windows.advance(window, to: slot, at: Int64(earlier), on: ring)
        }
    }

    // MARK: Reload

    /// Windows of equal definition on an equally reading binding keep their state; the others are
    /// filled from what the ring holds, unless the stream's unit is another since.
    mutating func takeOverWindows(_ number: Int, from before: Engine) {
        let stream = bindings[number].stream
        guard !bindings[number].windows.isEmpty, stream < before.streams.count,
            let ring = streams[stream].ring
        else { return }
        let isSameRing = before.streams[stream].ring?.isSame(as: ring) ?? false
        let isOwn = streams[stream].ownRing != nil
        let taken = isOwn ? ring.appended : streams[stream].applied
        let isSameUnit = before.unitOfRing(stream) == unitOfRing(stream)
        for (position, definition) in bindings[number].binding.pack.windows.enumerated() {
            let window = bindings[number].windows.lowerBound + position
            let isInPlace = isSameRing || windows.states[window].storage != .slots
            if isSameUnit, isInPlace,
                let old = equalWindow(window, definition, of: stream, in: before)
            {
                windows.copy(old, of: before.windows, to: window)
            } else if isSameUnit {
                refill(window, from: ring, before: taken, isOfNewSize: false)
            } else {
                windows.states[window].lostHistory = taken > 0
            }
        }
    }

    /// The unit in which the intake writes a stream's ring.
    private func unitOfRing(_ stream: Int) -> UnitIndex? {
        streams[stream].unit
            ?? ruleSet.matches(streams[stream].name).first.flatMap {
                ruleSet.packs[$0.pack].unit
            }
    }

    private func equalWindow(
        _ window: Int, _ definition: WindowDefinition, of stream: Int, in before: Engine
    ) -> Int? {
        let new = windows.states[window]
        let reader = windows.readers[new.reader]
        for bindings in [before.streams[stream].bindings, before.streams[stream].ghosts] {
            for binding in bindings {
                let old = before.bindings[binding]
                guard !old.windows.isEmpty,
                    let position = old.binding.pack.windows.firstIndex(of: definition)
                else { continue }
                let candidate = old.windows.lowerBound + position
                let state = before.windows.states[candidate]
                if state.gap == new.gap && before.windows.readers[state.reader].reads(like: reader)
                {
                    return candidate
                }
            }
        }
        return nil
    }

    // MARK: What rules ask

    /// A window of a binding, by its position in the pack; NaN = unknown.
    func window(_ position: UInt16, _ function: WindowFunction, of binding: Int) -> Double {
        guard !bindings[binding].windows.isEmpty else { return .nan }
        return windows.value(bindings[binding].windows.lowerBound + Int(position), function)
    }

    /// The least-squares line of a window; nil = unknown. `timeInterval(to:)` of it is the
    /// confidence interval of `time_to`.
    func line(_ position: UInt16, of binding: Int) -> LineFit? {
        guard !bindings[binding].windows.isEmpty else { return nil }
        return windows.line(bindings[binding].windows.lowerBound + Int(position))
    }

    /// Whether the instruction before `place` names a limit that is met from above: L, LL.
    func isLowLimit(before place: Int, in program: [Instruction], of binding: Int) -> Bool {
        guard place > 0, case .limit(let slot) = program[place - 1] else { return false }
        return bindings[binding].binding.lowLimits[Int(slot)]
    }

    /// Whether a window's samples lie within `width` of each other; NaN = unknown.
    func isFlat(_ position: UInt16, within width: Double, of binding: Int) -> Double {
        guard !bindings[binding].windows.isEmpty else { return .nan }
        let found = windows.width(bindings[binding].windows.lowerBound + Int(position))
        return found.isNaN || width.isNaN ? .nan : found <= width ? 1 : 0
    }
}
