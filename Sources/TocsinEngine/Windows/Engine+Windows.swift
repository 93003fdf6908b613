import TocsinModel
import TocsinRing

/// The ring that a stream's windows stand in, written by the engine with each sample that it applies.
///
/// The intake's ring is ahead of the engine by as much as a backlog is long, and would have
/// overwritten what a window still needs: what rules see must not depend on how far two threads are
/// apart.
final class OwnRing: Sendable {
    let ring: StreamRing

    init(capacity: Int) { ring = StreamRing(capacity: capacity) }

    /// The same samples at the same positions, and more room.
    init(grown old: StreamRing, capacity: Int) { ring = old.grown(capacity: capacity) }

    deinit { ring.free() }
}

// The engine's windows: made with a binding, moved before the rules run, kept over a reload.

extension Engine {
    /// Makes a binding's windows; nothing stands in them yet. A group's seat has no samples, and so
    /// none.
    mutating func makeWindows(_ number: Int) {
        let definitions = bindings[number].binding.pack.windows
        let stream = bindings[number].stream
        guard !definitions.isEmpty, streams[stream].kind != .seat else { return }
        let capacity = RingCapacity.samples(streams[stream].name, ruleSet)
        if let own = streams[stream].ownRing {
            if own.ring.capacity < capacity {
                streams[stream].ownRing = OwnRing(grown: own.ring, capacity: capacity)
            }
        } else {
            streams[stream].ownRing = makeRing(stream, capacity: capacity)
        }
        streams[stream].ring = streams[stream].ownRing?.ring
        guard let ring = streams[stream].ring else { return }
        streams[stream].windowSpan = max(
            streams[stream].windowSpan, RingCapacity.windowSpan(definitions))
        bindings[number].windows = windows.add(
            definitions, binding: bindings[number].binding, ringCapacity: ring.capacity)
        streams[stream].hasWindows = true
    }

    /// A ring for windows that a reload brings: with what the intake's still holds of the samples
    /// that were applied.
    private func makeRing(_ stream: Int, capacity: Int) -> OwnRing {
        let own = OwnRing(capacity: capacity)
        let applied = streams[stream].applied
        guard applied > 0, let index = streams[stream].index,
            let history = rings.ring(at: Int(index.rawValue))
        else { return own }
        var slots: [Slot] = []
        history.copy(limit: history.capacity, before: applied, into: &slots)
        for slot in slots where !slot.marks.contains(.outOfOrder) { own.ring.append(slot) }
        return own
    }

    /// Takes a sample in order into its stream's ring and windows.
    mutating func advanceWindows(
        _ stream: Int, with sample: Sample, appendingTo events: inout [Event]
    ) {
        guard streams[stream].ring != nil else { return }
        let slot = Slot(
            milliseconds: sample.time.milliseconds, value: sample.value, marks: SlotMarks(sample))
        makeRoom(stream, for: slot)
        guard let ring = streams[stream].ring else { return }
        let position = ring.append(slot)
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

    /// A stream that speaks faster than `every:` says gets a larger ring before its windows lose
    /// samples, up to `limits.samples_per_window`: a minute of heat is wanted at once a second too.
    private mutating func makeRoom(_ stream: Int, for slot: Slot) {
        guard streams[stream].windowSpan > 0, let ring = streams[stream].ring else { return }
        // A window is given up when it takes more than seven eighths of the ring.
        let usable = UInt64(ring.capacity / 4 * 3)
        guard ring.appended >= usable, ring.capacity < ruleSet.options.samplesPerWindow,
            slot.milliseconds - ring.slot(at: ring.appended - usable).milliseconds
                < streams[stream].windowSpan
        else { return }
        let larger = OwnRing(grown: ring, capacity: ring.capacity * 2)
        // Frees the old one: its handle is of no use from here on.
        streams[stream].ownRing = larger
        streams[stream].ring = larger.ring
        refill(stream, from: larger.ring, before: larger.ring.appended)
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
        let taken = ring.appended
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
        if !isSameUnit && taken > 0 {
            // What stands in it is in the old unit.
            streams[stream].ownRing = OwnRing(capacity: ring.capacity)
            streams[stream].ring = streams[stream].ownRing?.ring
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
