import TocsinModel
import TocsinRules

/// The report of `tocsin mutate` for people and for programs.
extension MutationReport {
    package var lost: Int { count { if case .missed = $0 { true } else { false } } }
    /// Alarms that did not come while no trouble said why: what to mend first.
    package var lostSilently: Int { count { $0 == .missed(announced: false) } }
    package var falseAlarms: Int { count { if case .falseAlarm = $0 { true } else { false } } }

    private func count(_ isMeant: (MutationResult.Effect) -> Bool) -> Int {
        results.reduce(0) { $0 + $1.effects.count { isMeant($0.effect) } }
    }

    /// A block for each kind of perturbation, then what no run touched, then one line.
    package var text: String {
        var text = "\(scenario.name): \(results.count) runs\n"
        for failure in baselineFailures {
            text += "the undisturbed scenario fails: \(failure.place): \(failure.text)\n"
        }
        for perturbation in Perturbation.allCases {
            let own = results.filter { $0.perturbation == perturbation }
            guard !own.isEmpty else { continue }
            text += "\n\(perturbation.rawValue): \(perturbation.about)\n"
            let kept = own.reduce(0) { $0 + $1.kept }
            text += "  as before: \(kept) of \(kept + own.reduce(0) { $0 + $1.effects.count })\n"
            for result in own { text += lines(of: result) }
        }
        if omittedStreams > 0 {
            text += "\n\(omittedStreams) more streams were not perturbed (--streams)\n"
        }
        if !untouched.isEmpty {
            text += "\nneither raised here nor by any perturbation:\n"
            for rule in untouched { text += "  \(rule)\n" }
        }
        return text + "\n\(summary)\n"
    }

    package var summary: String {
        "\(lost) missed, \(lostSilently) of them silently; \(falseAlarms) false alarms"
    }

    private func lines(of result: MutationResult) -> String {
        let at = (result.begin - scenario.start).text
        let trouble = result.troubles.isEmpty ? "" : "; trouble: "
        let announced = trouble + result.troubles.joined(separator: ", ")
        return result.effects.map { alarm, effect in
            let place = alarm.place == result.stream ? "" : " on \(alarm.place)"
            return "  \(result.stream) from \(at): \(word(effect)) \(alarm.rule)\(place)"
                + "\(announced)\n"
        }.joined()
    }

    private func word(_ effect: MutationResult.Effect) -> String {
        switch effect {
        case .missed(announced: true): "MISSED, announced:"
        case .missed(announced: false): "MISSED, silently:"
        case .later(let span): "later by \(span.text):"
        case .earlier(let span): "earlier by \(span.text):"
        case .falseAlarm(let at): "FALSE at \((at - scenario.start).text):"
        }
    }

    // MARK: JSON

    /// One object without a line feed.
    package var json: String {
        let runs = results.map { result in
            let effects = result.effects.map { json(of: $0.alarm, $0.effect) }
            return "{\"perturbation\":\"\(result.perturbation.rawValue)\""
                + ",\"stream\":\(JSONText.quoted(result.stream))"
                + ",\"from_ms\":\((result.begin - scenario.start).milliseconds)"
                + ",\"in_excursion\":\(result.isInExcursion),\"as_before\":\(result.kept)"
                + ",\"effects\":[\(effects.joined(separator: ","))]"
                + ",\"troubles\":[\(JSONText.list(result.troubles))]}"
        }
        return "{\"scenario\":\(JSONText.quoted(scenario.name)),\"missed\":\(lost)"
            + ",\"missed_silently\":\(lostSilently),\"false_alarms\":\(falseAlarms)"
            + ",\"streams_left_out\":\(omittedStreams)"
            + ",\"runs\":[\(runs.joined(separator: ","))]"
            + ",\"never_raised\":[\(JSONText.list(untouched))]}"
    }

    private func json(of alarm: MutationAlarm, _ effect: MutationResult.Effect) -> String {
        let (word, milliseconds): (String, Int64?) =
            switch effect {
            case .missed(announced: true): ("missed-announced", nil)
            case .missed(announced: false): ("missed-silently", nil)
            case .later(let span): ("later", span.milliseconds)
            case .earlier(let span): ("earlier", span.milliseconds)
            case .falseAlarm(let at): ("false-alarm", (at - scenario.start).milliseconds)
            }
        return "{\"rule\":\(JSONText.quoted(alarm.rule))"
            + ",\"on\":\(JSONText.quoted(alarm.place)),\"effect\":\"\(word)\""
            + ",\"ms\":\(milliseconds.map(String.init) ?? "null")}"
    }
}
