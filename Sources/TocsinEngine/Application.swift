import TocsinModel

// How a sample becomes what rules see of it.

extension Engine {
    /// Brings a binding up to date: value in the pack's unit, quality, over and under, state.
    mutating func update(_ number: Int, from sample: Sample) {
        var seen = Engine.view(of: sample, bindings[number].binding)
        if seen.isOutside {
            judgeOutside(number, &seen, at: sample.time)
        } else if bindings[number].outsideSince != .distantPast {
            bindings[number].outsideSince = .distantPast
        }
        bindings[number].value = seen.value
        bindings[number].quality = seen.quality
        bindings[number].over = seen.over
        bindings[number].under = seen.under
        if seen.over && bindings[number].binding.pack.latchesOver {
            bindings[number].overIsLatched = true
        }
        if seen.state >= 0 && seen.state != bindings[number].state {
            bindings[number].stateSince = sample.time
        }
        if seen.state >= 0 { bindings[number].state = seen.state }
    }

    /// A current outside the bands is bad once it has been outside long enough; until then the
    /// quality is that of the sample before, and the value is unknown.
    @inline(never)
    mutating func judgeOutside(_ number: Int, _ seen: inout View, at time: Timestamp) {
        if bindings[number].outsideSince == .distantPast { bindings[number].outsideSince = time }
        let isFailure = time - bindings[number].outsideSince >= CurrentLoop.failureAfter
        seen.quality = isFailure ? .bad : bindings[number].quality
    }

    struct View {
        var value = Double.nan
        var quality: Quality
        var over = false
        var under = false
        var state = -1
        /// A loop current outside the bands of NE 43: how long decides the quality.
        var isOutside = false
    }

    /// A sample in a pack's terms. Beyond `fault` the quality is bad; beyond `span` the sample is
    /// good, flagged over or under; a value that stands for no state of the pack is bad.
    static func view(of sample: Sample, _ binding: Binding) -> View {
        var view = View(quality: sample.quality)
        let isWord = sample.flags.contains(.word)
        if !binding.pack.states.isEmpty {
            if let state = binding.state(of: sample.value, isWord: isWord) {
                view.state = state
                if !isWord { view.value = sample.value }
            } else if view.quality == .good {
                view.quality = .bad
            }
        } else if isWord {
            if view.quality == .good { view.quality = .bad }
        } else {
            view.value = binding.conversion(sample.value)
            if binding.isLoop { return Engine.loopView(view, of: sample, binding) }
            if let fault = binding.fault, view.quality == .good,
                view.value < fault.low || view.value > fault.high
            {
                view.quality = .bad
            }
        }
        guard view.quality == .good else {
            view.value = .nan
            return view
        }
        view.over =
            sample.flags.contains(.over) || (binding.span.map { view.value > $0.high } ?? false)
        view.under =
            sample.flags.contains(.under) || (binding.span.map { view.value < $0.low } ?? false)
        return view
    }

    /// `view` of a sample with its value, as the current of a loop says it: the inventory's
    /// `currents` before everything, then the bands, then the row's own fault range.
    @inline(never)
    private static func loopView(
        _ measured: View, of sample: Sample, _ binding: Binding
    ) -> View {
        var view = measured
        guard view.quality == .good, let loop = binding.loop else {
            view.value = .nan
            return view
        }
        var isStated = false
        switch loop.reading(of: sample.value) {
        case .measured: break
        case .under: view.under = true
        case .over: view.over = true
        case .outside: view.isOutside = true
        case .stated(let quality):
            isStated = true
            view.quality = quality
        }
        if !isStated, !view.isOutside, let fault = binding.fault,
            view.value < fault.low || view.value > fault.high
        {
            view.quality = .bad
        }
        guard view.quality == .good, !view.isOutside else {
            return View(quality: view.quality, isOutside: view.isOutside)
        }
        if sample.flags.contains(.over) { view.over = true }
        if sample.flags.contains(.under) { view.under = true }
        return view
    }

    /// A late sample: tested against level conditions, may raise, never clears, moves no timer and
    /// no memory (contract §8). A rule with an on-delay, or that counts votes of samples, needs time
    /// in order: it passes over it.
    mutating func applyLate(
        _ sample: Sample, stream: Int, appendingTo events: inout [Event]
    ) {
        evaluatedAt = sample.time
        // It was heard: its ballots are fit again with what they last said.
        castBallots(of: stream, cannotClear: true)
        for number in streams[stream].bindings {
            let kept = bindings[number]
            update(number, from: sample)
            // How long an older state was held is not known: it counts from the newest sample.
            if bindings[number].state != kept.state {
                bindings[number].stateSince = streams[stream].time
            }
            for rule in bindings[number].rules
            where rules[rule].trigger == .condition && rules[rule].phase == .off
                && rules[rule].onDelay == .zero && !countsVotes(rule)
            {
                let memory = rules[rule].memory
                let truthBefore = rules[rule].truth
                rules[rule].memory = 0
                if truth(of: rule) == .yes {
                    rules[rule].phase = .on
                    rules[rule].began = sample.time
                }
                rules[rule].memory = memory
                rules[rule].truth = truthBefore
            }
            for chain in bindings[number].chains {
                settle(chain, at: sample.time, cause: sample, appendingTo: &events)
            }
            countLate(sample, stream: stream, binding: number, appendingTo: &events)
            let latched = bindings[number].overIsLatched
            bindings[number] = kept
            bindings[number].overIsLatched = latched
        }
        for number in streams[stream].ghosts {
            let kept = bindings[number]
            update(number, from: sample)
            countLate(sample, stream: stream, binding: number, appendingTo: &events)
            let latched = bindings[number].overIsLatched
            bindings[number] = kept
            bindings[number].overIsLatched = latched
        }
    }

    /// Rules elsewhere that read this stream.
    mutating func evaluateDependents(
        _ stream: Int, at time: Timestamp, cannotClear: Bool, appendingTo events: inout [Event]
    ) {
        for position in streams[stream].dependents.indices {
            let rule = Int(streams[stream].dependents[position])
            switch rules[rule].role {
            case .alarm: evaluate(rule, at: time, cannotClear: cannotClear)
            case .ballot: cast(Int(rules[rule].rank), cannotClear: cannotClear)
            case .calculation: break
            }
        }
        // All conditions first: of two levels that become true together only the higher is said.
        for position in streams[stream].dependents.indices {
            let rule = Int(streams[stream].dependents[position])
            guard rules[rule].role == .alarm else { continue }
            settle(rule: rule, at: time, appendingTo: &events)
        }
    }
}
