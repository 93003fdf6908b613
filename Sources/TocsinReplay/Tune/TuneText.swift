import TocsinEngine
import TocsinModel

/// The report of `tocsin tune` for people.
extension TuneReport {
    /// What was found, a block for each alarm, and how it was found.
    package var text: String {
        var text = ""
        for alarm in alarms { text += block(alarm) + "\n" }
        return text + summary
    }

    private var summary: String {
        let chattering = alarms.count { $0.before.chatters }
        var text =
            "\(chattering) alarm\(chattering == 1 ? "" : "s") chattering, "
            + "\(alarms.count - chattering) only fleeting; \(runs) runs over "
            + "\(TuneReport.length(end - start)) of feed\n"
        if let golden {
            text += "golden incidents: \(golden.caught) caught by these rules"
            text += golden.missed == 0 ? "\n" : ", \(golden.missed) missed already\n"
        } else if !alarms.isEmpty {
            text += "no golden incidents were given: look at the delays\n"
        }
        if omitted > 0 { text += "\(omitted) more restless alarms were left out\n" }
        if untried > 0 { text += "\(untried) values were not tried: \(runs) runs is the most\n" }
        return text
    }

    private func block(_ alarm: TunedAlarm) -> String {
        let before = alarm.before
        var text = "\(alarm.rule) on \(alarm.on): "
        text += before.chatters ? "chatters\n" : "fleeting\n"
        text += "  \(TuneReport.counted(before.raises, "raise"))"
        if let at = before.burstAt, before.chatters {
            text += ", \(before.burst) in the minute from "
            text += CivilTime(at, offsetMinutes: 0).text
        }
        if before.fleeting > 0 { text += ", \(before.fleeting) fleeting" }
        if let noise = alarm.noise {
            let unit = alarm.unit.map { " " + $0 } ?? ""
            text += "; noise \(JSONMembers.readable(TuneReport.short(noise)))\(unit)"
            text += " (deviation of \(alarm.quietSamples) quiet samples)"
        }
        text += "\n"
        for proposal in alarm.proposals { text += lines(proposal, before) }
        return text
    }

    private func lines(_ proposal: TuneProposal, _ before: RestFigures) -> String {
        let kind = proposal.kind.words
        let name = "  " + kind + String(repeating: " ", count: 10 - kind.utf8.count)
        switch proposal.outcome {
        case .refused(let reason): return "\(name)–  \(reason)\n"
        case .insufficient(let trial):
            let fault = trial.isStuck ? "does not clear any more" : "is not enough"
            return "\(name)–  \(proposal.present) → \(trial.value) \(fault): "
                + "\(TuneReport.evidence(trial, before))\n"
        case .bound(let trial, let incident, let delay):
            let harm =
                delay.map { "delays `\(incident)` by \(TuneReport.length($0))" }
                ?? "misses `\(incident)`"
            return "\(name)–  \(proposal.present) → \(trial.value) \(harm); "
                + "\(TuneReport.evidence(trial, before))\n"
        case .proposed(let trial):
            let place = proposal.place.map { "   # \($0)" } ?? ""
            return "\(name)\(proposal.present) → \(trial.value): "
                + "\(TuneReport.evidence(trial, before))\n"
                + "            \(proposal.line ?? "")\(place)\n"
        }
    }

    /// What changed, in numbers.
    static func evidence(_ trial: TuneTrial, _ before: RestFigures) -> String {
        let (after, delays) = (trial.after, trial.delays)
        var parts = ["raises \(before.raises) → \(after.raises)"]
        parts.append("worst minute \(before.burst) → \(after.burst)")
        if before.fleeting != after.fleeting {
            parts.append("fleeting \(before.fleeting) → \(after.fleeting)")
        }
        if delays.delayed > 0 {
            parts.append(
                "\(delays.delayed) of \(counted(delays.episodes, "episode")) later, by at most "
                    + length(delays.delayMax))
        }
        if delays.lost > 0 {
            parts.append(
                "\(delays.lost) of \(counted(delays.episodes, "episode")) not raised, the longest "
                    + length(delays.lostLongest))
        }
        if delays.delayed == 0 && delays.lost == 0 { parts.append("no delay") }
        if after.standing > before.standing {
            parts.append(
                "stands \(length(after.standing - before.standing)) longer in all")
        }
        if after.raises == 0 { parts.append("it says nothing any more in this recording") }
        return parts.joined(separator: ", ")
    }

    static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    /// A length as people say it: whole seconds from one on.
    static func length(_ span: Span) -> String {
        guard span.milliseconds >= 1000 else { return span.text }
        let seconds = span.milliseconds / 1000
        let parts: [(Int64, String)] = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"),
            (seconds % 60, "s"),
        ]
        return parts.filter { $0.0 > 0 }.prefix(2).map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }

    /// Three significant digits are enough of a deviation.
    static func short(_ value: Double) -> Double {
        guard value > 1e-9, value < 1e9 else { return value }
        var scale = 1.0
        while value * scale < 100 { scale *= 10 }
        return (value * scale).rounded() / scale
    }
}
