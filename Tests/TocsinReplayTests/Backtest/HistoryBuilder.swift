import TocsinEngine
import TocsinModel

@testable import TocsinReplay

/// Makes histories by hand; times are seconds from a fixed moment.
struct HistoryBuilder {
    static let origin = Timestamp(milliseconds: 1_700_000_000_000)

    var history: AlarmHistory

    init(end: Double = 3600) {
        history = AlarmHistory(start: HistoryBuilder.origin, end: HistoryBuilder.time(end))
    }

    static func time(_ seconds: Double) -> Timestamp {
        origin + Span(milliseconds: Int64((seconds * 1000).rounded()))
    }

    /// A ladder H, HH of a pack on a stream; the id is made of the lowest rule, as the engine does.
    mutating func ladder(
        _ pack: String, stream: String, levels: [String] = ["H", "HH"],
        alarmClass: AlarmClass = .alarm, priorities: [Priority] = [.high, .critical]
    ) -> Int {
        let rules = levels.enumerated().map { position, level in
            AlarmSubject.RuleName(
                full: pack + "/" + level, short: level, alarmClass: alarmClass,
                priority: priorities[min(position, priorities.count - 1)])
        }
        let id = EventIdentity(site: "test").alarm(rule: rules[0].full, stream: stream)
        history.subjects.append(AlarmSubject(id: id, place: stream, rules: rules))
        return history.subjects.count - 1
    }

    /// A life and its annunciations; `up` are escalations by second and level.
    @discardableResult
    mutating func life(
        _ subject: Int, _ raised: Double, _ cleared: Double?, level: Int = 0,
        up: [(Double, Int)] = []
    ) -> Int {
        var life = AlarmLife(
            subject: subject, rule: level, raised: HistoryBuilder.time(raised),
            cleared: cleared.map(HistoryBuilder.time))
        history.annunciations.append(
            Annunciation(time: life.raised, subject: subject, rule: level))
        for (second, rule) in up {
            let time = HistoryBuilder.time(second)
            life.moves.append(AlarmLife.Move(time: time, rule: rule, isUp: true))
            history.annunciations.append(Annunciation(time: time, subject: subject, rule: rule))
        }
        history.lives.append(life)
        return history.lives.count - 1
    }
}
