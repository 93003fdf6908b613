import TocsinEngine
import TocsinModel

/// The report of `tocsin tune` for programs: every member written, in the order of docs/TUNE.md.
extension TuneReport {
    /// One JSON object without a line feed.
    package var json: [UInt8] {
        JSONMembers.object { json in
            json.integer("v", 1)
            json.text("kind", "tune")
            json.integer("start_ms", start.milliseconds)
            json.integer("end_ms", end.milliseconds)
            json.integer("runs", Int64(runs))
            json.integer("untried", Int64(untried))
            json.integer("omitted", Int64(omitted))
            json.integer("golden_caught", golden.map { Int64($0.caught) })
            json.integer("golden_missed", golden.map { Int64($0.missed) })
            json.list("alarms", alarms.map(TuneReport.object))
        }
    }

    private static func object(_ alarm: TunedAlarm) -> [UInt8] {
        JSONMembers.object { json in
            json.text("rule", alarm.rule)
            json.text("on", alarm.on)
            json.boolean("chatters", alarm.before.chatters)
            json.raw("before", object(alarm.before))
            json.number("noise", alarm.noise)
            json.integer("quiet_samples", Int64(alarm.quietSamples))
            json.text("unit", alarm.unit)
            json.list("proposals", alarm.proposals.map(object))
        }
    }

    private static func object(_ figures: RestFigures) -> [UInt8] {
        JSONMembers.object { json in
            json.integer("raises", Int64(figures.raises))
            json.integer("worst_minute", Int64(figures.burst))
            json.integer("worst_minute_ms", figures.burstAt?.milliseconds)
            json.integer("fleeting", Int64(figures.fleeting))
            json.integer("standing_ms", figures.standing.milliseconds)
        }
    }

    private static func object(_ proposal: TuneProposal) -> [UInt8] {
        JSONMembers.object { json in
            json.text("change", proposal.kind.rawValue)
            json.text("present", proposal.present)
            switch proposal.outcome {
            case .proposed(let trial):
                json.text("outcome", "proposed")
                write(trial, to: &json)
            case .bound(let trial, let incident, let delay):
                json.text("outcome", "bound")
                write(trial, to: &json)
                json.text("incident", incident)
                json.integer("incident_delay_ms", delay?.milliseconds)
            case .insufficient(let trial):
                json.text("outcome", "insufficient")
                write(trial, to: &json)
            case .refused(let reason):
                json.text("outcome", "refused")
                json.text("reason", reason)
            }
            json.text("line", proposal.line)
            json.text("place", proposal.place)
        }
    }

    private static func write(_ trial: TuneTrial, to json: inout JSONMembers) {
        json.text("value", trial.value)
        json.raw("after", object(trial.after))
        json.boolean("stuck", trial.isStuck)
        json.integer("episodes", Int64(trial.delays.episodes))
        json.integer("delayed", Int64(trial.delays.delayed))
        json.integer("delay_max_ms", trial.delays.delayMax.milliseconds)
        json.integer("lost", Int64(trial.delays.lost))
        json.integer("lost_longest_ms", trial.delays.lostLongest.milliseconds)
    }
}
