import TocsinRing

// How windows move: one step for each sample in order.

extension WindowBank {
    /// Moves one window to the slot at `position`, the newest in order. False when samples that
    /// belong into it were lost: the ring is too small for it, or it was overwritten.
    mutating func advance(
        _ number: Int, to slot: Slot, at position: Int64, on ring: StreamRing
    ) -> Bool {
        let values = SlotValues(ring: ring, reader: readers[states[number].reader])
        let sample = values.reader.sample(slot)
        var state = states[number]
        state.end = slot.milliseconds
        var isWhole = true
        switch state.storage {
        case .slots: isWhole = advanceSlots(&state, sample, at: position, values)
        case .buckets: advanceBuckets(&state, sample)
        case .recursion:
            if let sample { advanceRecursion(&state, sample) }
        }
        states[number] = state
        return isWhole
    }

    /// Forgets the window's samples; the newest good one stays as left neighbour of what comes.
    mutating func clear(_ number: Int) {
        var state = states[number]
        clear(&state)
        states[number] = state
    }

    private mutating func clear(_ state: inout WindowState) {
        state.count = 0
        state.covered = 0
        state.before = state.last
        state.isCut = false
        switch state.kind {
        case .moments: moments[state.place].clear()
        case .changes: changes[state.place].clear()
        case .line: lines[state.place].clear()
        case .exposure: exposures[state.place].clear()
        case .extremes: extremes[state.place].clear()
        case .ranks: ranks[state.place].clear()
        case .average: averages[state.place].clear()
        case .reference: references[state.place].clear()
        case .ends: break
        }
    }

    private mutating func advanceRecursion(_ state: inout WindowState, _ sample: WindowSample) {
        switch state.kind {
        case .average: averages[state.place].append(sample, after: state.last)
        case .reference: references[state.place].append(sample, after: state.last)
        case .moments, .extremes, .ranks, .ends, .changes, .line, .exposure: break
        }
        state.last = sample
    }

    // MARK: Windows in the ring

    private mutating func advanceSlots(
        _ state: inout WindowState, _ sample: WindowSample?, at position: Int64,
        _ values: SlotValues
    ) -> Bool {
        let oldest = state.count > 0 ? state.tail : position
        expire(&state, isFull: sample != nil, before: position, values)
        let capacity = values.ring.capacity
        let room = Int64(capacity - capacity / 8)
        var isWhole = true
        while state.count > 0 && position + 1 - state.tail > room {
            isWhole = false
            state.missingUntil = state.first.milliseconds
            state.isCut = true
            removeFirst(&state, before: position, values)
        }
        if let sample { append(sample, to: &state, at: position, values) }
        switch state.kind {
        case .extremes:
            extremes[state.place].settle(
                first: state.count > 0 ? state.tail : position + 1,
                last: max(state.newest, 0), lowValues: values, highValues: values)
        case .ranks: ranks[state.place].settle(values: values)
        case .moments, .ends, .changes, .line, .exposure, .average, .reference: break
        }
        guard values.ring.holds(from: UInt64(oldest)) else {
            loseAll(&state)
            return false
        }
        return isWhole
    }

    /// What was read may be of another lap of the ring: nothing of it counts.
    private mutating func loseAll(_ state: inout WindowState) {
        clear(&state)
        state.isCut = true
        state.missingUntil = state.end
        state.lostHistory = state.last == nil
    }

    /// Drops what the window's end has left behind.
    private mutating func expire(
        _ state: inout WindowState, isFull: Bool, before position: Int64, _ values: SlotValues
    ) {
        guard state.isByCount else {
            while state.count > 0 && state.first.milliseconds <= state.end - state.span {
                removeFirst(&state, before: position, values)
            }
            return
        }
        // Samples before a gap fall out of a window by count.
        if state.count > 0 && state.isInterrupted { clear(&state) }
        if isFull && state.count == state.samples {
            removeFirst(&state, before: position, values)
        }
    }

    private mutating func removeFirst(
        _ state: inout WindowState, before position: Int64, _ values: SlotValues
    ) {
        let first = state.first
        let leaving = state.tail
        var next: WindowSample?
        if state.count > 1 {
            var candidate = leaving + 1
            while candidate < position {
                next = values.reader.sample(values.ring.slot(at: UInt64(candidate)))
                if let next, next.milliseconds >= first.milliseconds { break }
                candidate += 1
            }
            state.tail = candidate
        }
        if state.kind == .ranks { ranks[state.place].remove(position: leaving, values: values) }
        guard state.count == 1 || next != nil else {
            // Only where another lap of the ring was read: all is lost behind this.
            clear(&state)
            return
        }
        state.count -= 1
        state.before = first
        if let next {
            state.covered -= state.coverage(from: first.milliseconds, to: next.milliseconds)
            state.first = next
        }
        removeSums(state, first, next)
    }

    private mutating func removeSums(
        _ state: WindowState, _ first: WindowSample, _ next: WindowSample?
    ) {
        let (place, gap, newest, now) = (state.place, state.gap, state.newest, state.end)
        let tail = next == nil ? newest + 1 : state.tail
        switch state.kind {
        case .moments:
            moments[place].remove(first, next: next, gap: gap)
            moments[place].renew(first: tail, last: newest, now: now)
        case .changes:
            changes[place].remove(first, next: next, gap: gap)
            changes[place].renew(first: tail, last: newest, now: now)
        case .line:
            lines[place].remove(first, next: next, gap: gap)
            lines[place].renew(first: tail, last: newest, now: now)
        case .exposure:
            exposures[place].remove(first, next: next, gap: gap)
            exposures[place].renew(first: tail, last: newest, now: now)
        case .extremes, .ranks, .ends, .average, .reference: break
        }
    }

    private mutating func append(
        _ sample: WindowSample, to state: inout WindowState, at key: Int64, _ values: SlotValues
    ) {
        switch state.kind {
        case .extremes:
            extremes[state.place].append(
                sample.value, key: key, lowValues: values, highValues: values)
        case .ranks:
            ranks[state.place].insert(position: key, value: sample.value, values: values)
        case .moments, .ends, .changes, .line, .exposure, .average, .reference: break
        }
        appendSums(sample, to: state, key: key)
        enter(sample, &state, key: key)
        if state.count == 1 { state.tail = key }
        if state.isByCount && state.count == state.samples { state.isCut = false }
    }

    /// The sample's part in the counts that every family has.
    private func enter(_ sample: WindowSample, _ state: inout WindowState, key: Int64) {
        if state.count == 0 {
            if state.lostHistory { state.missingUntil = sample.milliseconds }
            state.lostHistory = false
            state.first = sample
        } else if let last = state.last {
            state.covered += state.coverage(from: last.milliseconds, to: sample.milliseconds)
        }
        state.run = state.last?.value == sample.value ? state.run + 1 : 1
        state.last = sample
        state.newest = key
        state.count += 1
    }

    private mutating func appendSums(
        _ sample: WindowSample, to state: WindowState, key: Int64
    ) {
        let left = state.count > 0 ? state.last : nil
        let (place, gap, newest) = (state.place, state.gap, state.newest)
        switch state.kind {
        case .moments:
            moments[place].append(sample, key: key, after: left, leftKey: newest, gap: gap)
        case .changes:
            changes[place].append(sample, key: key, after: left, leftKey: newest, gap: gap)
        case .line:
            lines[place].append(sample, key: key, after: left, leftKey: newest, gap: gap)
        case .exposure:
            exposures[place].append(sample, key: key, after: left, leftKey: newest, gap: gap)
        case .extremes, .ranks, .ends, .average, .reference: break
        }
    }

    // MARK: Windows in buckets

    private mutating func advanceBuckets(_ state: inout WindowState, _ sample: WindowSample?) {
        let edge = state.floorOfBucket(state.end - state.span)
        while state.count > 0 && circles[state.circle][state.tail].number < edge {
            removeBucket(&state)
        }
        if let sample { appendToBucket(sample, &state) }
        guard state.kind == .extremes else { return }
        let circle = circles[state.circle]
        extremes[state.place].settle(
            first: state.count > 0 ? state.tail : state.newest + 1, last: max(state.newest, 0),
            lowValues: BucketValues(circle: circle, greatest: false),
            highValues: BucketValues(circle: circle, greatest: true))
    }

    private mutating func removeBucket(_ state: inout WindowState) {
        let bucket = circles[state.circle][state.tail]
        let isLast = state.tail == state.newest
        let next = isLast ? nil : circles[state.circle][state.tail + 1].first
        let place = BucketCircle.place(state.tail)
        state.tail += 1
        state.count -= bucket.count
        state.before = bucket.last
        state.covered -= bucket.covered
        if let next {
            state.covered -= state.coverage(from: bucket.last.milliseconds, to: next.milliseconds)
            state.first = next
        }
        let (sums, gap, newest, now) = (state.place, state.gap, state.newest, state.end)
        switch state.kind {
        case .moments:
            moments[sums].removePart(place: place, last: bucket.last, next: next, gap: gap)
            moments[sums].renew(first: state.tail, last: newest, now: now)
        case .changes:
            changes[sums].removePart(place: place, last: bucket.last, next: next, gap: gap)
            changes[sums].renew(first: state.tail, last: newest, now: now)
        case .line:
            lines[sums].removePart(place: place, last: bucket.last, next: next, gap: gap)
            lines[sums].renew(first: state.tail, last: newest, now: now)
        case .exposure:
            exposures[sums].removePart(place: place, last: bucket.last, next: next, gap: gap)
            exposures[sums].renew(first: state.tail, last: newest, now: now)
        case .extremes, .ranks, .ends, .average, .reference: break
        }
    }

    private mutating func appendToBucket(_ sample: WindowSample, _ state: inout WindowState) {
        let number = state.floorOfBucket(sample.milliseconds)
        let isNew = state.count == 0 || circles[state.circle][state.newest].number != number
        let key = isNew ? state.newest + 1 : state.newest
        let left = isNew ? nil : state.last
        if state.kind == .extremes {
            // Before the bucket's own extremes change: what it beats is judged by them.
            let circle = circles[state.circle]
            extremes[state.place].append(
                sample.value, key: key, lowValues: BucketValues(circle: circle, greatest: false),
                highValues: BucketValues(circle: circle, greatest: true))
        }
        appendSums(sample, to: state, key: key)
        let (place, gap) = (BucketCircle.place(key), state.gap)
        switch state.kind {
        case .moments: moments[state.place].appendPart(sample, place: place, after: left, gap: gap)
        case .changes: changes[state.place].appendPart(sample, place: place, after: left, gap: gap)
        case .line: lines[state.place].appendPart(sample, place: place, after: left, gap: gap)
        case .exposure:
            exposures[state.place].appendPart(sample, place: place, after: left, gap: gap)
        case .extremes, .ranks, .ends, .average, .reference: break
        }
        if isNew {
            circles[state.circle][key] = WindowBucket(number: number, sample: sample)
        } else {
            circles[state.circle].add(
                sample, to: key,
                covering: state.last.map {
                    state.coverage(from: $0.milliseconds, to: sample.milliseconds)
                } ?? 0)
        }
        let wasEmpty = state.count == 0
        enter(sample, &state, key: key)
        if wasEmpty { state.tail = key }
    }
}
