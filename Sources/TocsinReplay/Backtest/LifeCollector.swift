package import TocsinEngine
package import TocsinModel

/// Makes an `AlarmHistory` of events as they come. Keeps some 100 bytes of each alarm's life and
/// nothing of a sample.
package struct LifeCollector {
    /// Lives of one set that are kept: some 200 MB. A recording with more has no use for a list.
    package static let livesMax = 1_000_000

    private struct Key: Hashable {
        var alarm: Identifier
        var mode: Mode
    }

    /// What still holds is annunciated anew when the operator may see it again.
    private static let comesBack: [EventKind] = [.unsuppressed, .unshelved, .inService]
    /// For the operator a hidden alarm is as good as cleared.
    private static let ends: [EventKind] = [.cleared, .suppressed, .shelved, .outOfService]

    package private(set) var history: AlarmHistory
    /// More than `livesMax` alarms: what is kept is not all.
    package private(set) var isFull = false
    /// Subjects by alarm; looked up only.
    private var numbers: [Key: Int] = [:]
    /// The life that stands, by subject; −1 = none.
    private var standing: [Int] = []

    package init(start: Timestamp) {
        history = AlarmHistory(start: start, end: start)
    }

    /// Takes one event.
    package mutating func take(_ event: Event) {
        history.events += 1
        guard let subject = subject(of: event), let rule = position(of: event, subject) else {
            return
        }
        if event.kind == .raised {
            if event.suppression == .none { open(subject, rule, at: event.time) }
        } else if LifeCollector.comesBack.contains(event.kind) {
            if event.suppression == .none, event.state?.holdsLevel == true {
                open(subject, rule, at: event.time)
            }
        } else if LifeCollector.ends.contains(event.kind) {
            close(subject, at: event.time)
        } else if event.kind == .escalated || event.kind == .deEscalated {
            move(subject, rule, at: event.time, isUp: event.kind == .escalated)
        } else if event.kind == .reAlarmed, standing[subject] >= 0 {
            say(subject, rule, at: event.time)
        }
    }

    /// The history at the end of the run; what stands then stays open.
    package consuming func finish(at end: Timestamp) -> AlarmHistory {
        history.end = max(history.start, end)
        return history
    }

    // MARK: Subjects

    private mutating func subject(of event: Event) -> Int? {
        guard let alarm = event.alarm else { return nil }
        let key = Key(alarm: alarm, mode: event.mode)
        if let known = numbers[key] { return known }
        guard let binding = event.binding, event.rule >= 0 else { return nil }
        let pack = binding.pack
        let chain = pack.chains.first { $0.contains(event.rule) } ?? [event.rule]
        let rules = chain.map { position in
            let rule = pack.rules[position]
            return AlarmSubject.RuleName(
                full: rule.name, short: rule.shortName, alarmClass: rule.alarmClass,
                priority: rule.priority)
        }
        let number = history.subjects.count
        history.subjects.append(
            AlarmSubject(
                id: alarm, place: binding.stream, isGroup: binding.groupLabel != nil,
                mode: event.mode, rules: rules, binding: binding))
        standing.append(-1)
        numbers[key] = number
        return number
    }

    private func position(of event: Event, _ subject: Int) -> Int? {
        guard let name = event.ruleDefinition?.name else { return nil }
        return history.subjects[subject].rules.firstIndex { $0.full == name }
    }

    // MARK: Lives

    private mutating func open(_ subject: Int, _ rule: Int, at time: Timestamp) {
        guard history.lives.count < LifeCollector.livesMax else {
            isFull = true
            return
        }
        guard standing[subject] < 0 else { return }
        standing[subject] = history.lives.count
        history.lives.append(AlarmLife(subject: subject, rule: rule, raised: time))
        say(subject, rule, at: time)
    }

    private mutating func close(_ subject: Int, at time: Timestamp) {
        let life = standing[subject]
        guard life >= 0 else { return }
        // A stamp of another stream may lie before the raise.
        history.lives[life].cleared = max(time, history.lives[life].raised)
        standing[subject] = -1
    }

    private mutating func move(_ subject: Int, _ rule: Int, at time: Timestamp, isUp: Bool) {
        let life = standing[subject]
        guard life >= 0, history.annunciations.count < 4 * LifeCollector.livesMax else { return }
        history.lives[life].moves.append(AlarmLife.Move(time: time, rule: rule, isUp: isUp))
        if isUp { say(subject, rule, at: time) }
    }

    private mutating func say(_ subject: Int, _ rule: Int, at time: Timestamp) {
        guard history.annunciations.count < 4 * LifeCollector.livesMax else {
            isFull = true
            return
        }
        history.annunciations.append(Annunciation(time: time, subject: subject, rule: rule))
    }
}
