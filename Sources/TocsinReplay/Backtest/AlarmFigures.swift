// The figures of ISA-18.2 / IEC 62682 and EEMUA 191 over one history (domain reference §1).
//
// Counted are annunciations: raises, escalations and re-annunciations, of the classes `alarm` and
// `supervisory`. Early warnings and trouble are routed apart and counted apart. 10-minute windows
// and hours are counted from the beginning of the recording; the last one may be cut short.

package import TocsinModel

/// Alarm-system performance of one rule set in one recording.
package struct AlarmFigures: Sendable, Equatable {
    package var start: Timestamp
    package var end: Timestamp
    /// Annunciations of the classes alarm and supervisory.
    package var alarms = 0
    /// 10-minute windows in the recording, those with more than 10 alarms, the fullest.
    package var windows = 1
    package var busyWindows = 0
    package var busiest = 0
    package var busiestAt: Timestamp?
    package var hours = 1
    package var busyHours = 0
    package var floods: [Flood] = []
    package var topTen: [Top] = []
    /// By `Priority.rawValue`.
    package var priorities = [0, 0, 0, 0]
    /// Classes that said something, in the order of `AlarmClass`.
    package var classes: [ClassFigures] = []
    /// At least one alarm of class alarm or supervisory stood.
    package var underAlarm = Span.zero

    /// More than 10 alarms within 10 minutes, until fewer than 5 are.
    package struct Flood: Sendable, Equatable {
        package var began: Timestamp
        package var ended: Timestamp
        /// Those of the 10 minutes before its beginning are among them.
        package var alarms: Int
    }

    /// One alarm and how often it was annunciated.
    package struct Top: Sendable, Equatable {
        package var subject: Int
        package var count: Int
    }

    /// What is counted for each class.
    package struct ClassFigures: Sendable, Equatable {
        package var alarmClass: AlarmClass
        package var annunciations = 0
        /// Alarms (not annunciations) that chattered: 3 times raised and cleared within a minute.
        package var chattering = 0
        /// Their annunciations while they did.
        package var chatteringRaises = 0
        /// Cleared within a minute, and no part of chattering.
        package var fleeting = 0
        /// Stood for more than 24 hours.
        package var stale = 0
        package var underAlarm = Span.zero
    }

    package static let window = Span(milliseconds: 600_000)
    package static let hour = Span(milliseconds: 3_600_000)
    package static let day = Span(milliseconds: 86_400_000)
    /// A window with more alarms is too full; the same number within 10 minutes begins a flood.
    package static let windowMax = 10
    /// A flood ends when fewer than these came in the last 10 minutes.
    package static let floodEnd = 5
    package static let hourMax = 30
    package static let chatterCount = 3
    package static let chatterTime = Span(milliseconds: 60_000)
    package static let fleetingTime = Span(milliseconds: 60_000)
    package static let topMax = 10

    package var duration: Span { end - start }

    /// Alarms per 10 minutes over the recording, of which a shorter one counts as 10 minutes.
    package var meanPerWindow: Double {
        let length = max(duration, AlarmFigures.window)
        return Double(alarms) * Double(AlarmFigures.window.milliseconds)
            / Double(length.milliseconds)
    }

    /// Nil for a recording of less than a day: it says nothing of one.
    package var perDay: Double? {
        guard duration >= AlarmFigures.day else { return nil }
        return Double(alarms) * Double(AlarmFigures.day.milliseconds)
            / Double(duration.milliseconds)
    }

    package var busyWindowShare: Double { Double(busyWindows) / Double(windows) }
    package var busyHourShare: Double { Double(busyHours) / Double(hours) }

    package var floodTime: Span {
        Span(milliseconds: floods.reduce(0) { $0 + ($1.ended - $1.began).milliseconds })
    }

    package var floodShare: Double { share(floodTime) }
    package var underAlarmShare: Double { share(underAlarm) }

    package var topTenShare: Double {
        alarms == 0 ? 0 : Double(topTen.reduce(0) { $0 + $1.count }) / Double(alarms)
    }

    /// Share of a priority; nil without alarms.
    package func share(of priority: Priority) -> Double? {
        alarms == 0 ? nil : Double(priorities[Int(priority.rawValue)]) / Double(alarms)
    }

    /// Of a class, zeros where it said nothing.
    package func figures(of alarmClass: AlarmClass) -> ClassFigures {
        classes.first { $0.alarmClass == alarmClass } ?? ClassFigures(alarmClass: alarmClass)
    }

    /// Sum over the classes that `alarms` counts.
    package func sum(_ figure: (ClassFigures) -> Int) -> Int {
        classes.filter { AlarmFigures.isCounted($0.alarmClass) }.reduce(0) { $0 + figure($1) }
    }

    package static func isCounted(_ alarmClass: AlarmClass) -> Bool {
        alarmClass == .alarm || alarmClass == .supervisory
    }

    private func share(_ span: Span) -> Double {
        duration > .zero ? Double(span.milliseconds) / Double(duration.milliseconds) : 0
    }

    // MARK: Counting

    /// Counts a history.
    package init(_ history: AlarmHistory) {
        start = history.start
        end = history.end
        windows = AlarmFigures.pieces(duration, of: AlarmFigures.window)
        hours = AlarmFigures.pieces(duration, of: AlarmFigures.hour)
        // Deadlines of other streams are said late: by time, and as said at equal times.
        let said = history.annunciations.enumerated()
            .filter { AlarmFigures.isCounted(history.rule(of: $0.element).alarmClass) }
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        alarms = said.count
        let times = said.map(\.time)
        countWindows(times)
        floods = AlarmFigures.floods(times, end: end)
        for annunciation in said {
            priorities[Int(history.rule(of: annunciation).priority.rawValue)] += 1
        }
        topTen = AlarmFigures.top(said, subjects: history.subjects.count)
        countClasses(history)
    }

    /// Pieces that a length falls into; at least one.
    private static func pieces(_ duration: Span, of piece: Span) -> Int {
        let length = max(duration.milliseconds, 1)
        return Int((length - 1) / piece.milliseconds + 1)
    }

    private mutating func countWindows(_ times: [Timestamp]) {
        for run in AlarmFigures.runs(times, start: start, piece: AlarmFigures.window) {
            if run.count > AlarmFigures.windowMax { busyWindows += 1 }
            if run.count > busiest {
                busiest = run.count
                busiestAt =
                    start
                    + Span(milliseconds: run.piece * AlarmFigures.window.milliseconds)
            }
        }
        busyHours = AlarmFigures.runs(times, start: start, piece: AlarmFigures.hour)
            .count { $0.count > AlarmFigures.hourMax }
    }

    /// The pieces with alarms, and how many; memory goes with the alarms, not with the time.
    static func runs(
        _ times: [Timestamp], start: Timestamp, piece: Span
    ) -> [(piece: Int64, count: Int)] {
        var runs: [(piece: Int64, count: Int)] = []
        for time in times {
            // A late sample's alarm may be stamped before the beginning.
            let number = max(0, (time - start).milliseconds) / piece.milliseconds
            if runs.last?.piece == number {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((number, 1))
            }
        }
        return runs
    }

    static func floods(_ times: [Timestamp], end: Timestamp) -> [Flood] {
        var floods: [Flood] = []
        // times[oldest...newest] lie within the 10 minutes up to the newest.
        var oldest = 0
        var open: Flood?
        for (newest, time) in times.enumerated() {
            // The oldest leave one by one, each 10 minutes after it came.
            while times[oldest] + AlarmFigures.window <= time {
                oldest += 1
                if let flood = open, newest - oldest < AlarmFigures.floodEnd {
                    floods.append(ended(flood, at: times[oldest - 1] + AlarmFigures.window))
                    open = nil
                }
            }
            let count = newest - oldest + 1
            if open != nil {
                open?.alarms += 1
            } else if count > AlarmFigures.windowMax {
                open = Flood(began: time, ended: time, alarms: count)
            }
        }
        if let flood = open {
            // It ends when all but four of the last window have left, if the recording goes on.
            let last = times[max(0, times.count - AlarmFigures.floodEnd)]
            floods.append(ended(flood, at: min(last + AlarmFigures.window, max(end, flood.began))))
        }
        return floods
    }

    private static func ended(_ flood: Flood, at time: Timestamp) -> Flood {
        var flood = flood
        flood.ended = time
        return flood
    }

    private static func top(_ said: [Annunciation], subjects: Int) -> [Top] {
        var counts = [Int](repeating: 0, count: subjects)
        for annunciation in said { counts[annunciation.subject] += 1 }
        let ranked = counts.enumerated().filter { $0.element > 0 }
            .sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
        return ranked.prefix(topMax).map { Top(subject: $0.offset, count: $0.element) }
    }

    // MARK: Classes

    private mutating func countClasses(_ history: AlarmHistory) {
        for alarmClass in AlarmClass.allCases {
            let lives = history.lives.filter { history.rule(of: $0).alarmClass == alarmClass }
            let said = history.annunciations.count {
                history.rule(of: $0).alarmClass == alarmClass
            }
            guard said > 0 || !lives.isEmpty else { continue }
            var figures = ClassFigures(alarmClass: alarmClass)
            figures.annunciations = said
            let day = AlarmFigures.day
            figures.stale = lives.count { $0.end(history.end) - $0.raised > day }
            figures.underAlarm = AlarmFigures.covered(lives, end: history.end)
            AlarmFigures.countShort(lives, subjects: history.subjects.count, &figures)
            classes.append(figures)
        }
        let counted = history.lives.filter {
            AlarmFigures.isCounted(history.rule(of: $0).alarmClass)
        }
        underAlarm = AlarmFigures.covered(counted, end: history.end)
    }

    /// Chattering and fleeting alarms.
    private static func countShort(
        _ lives: [AlarmLife], subjects: Int, _ figures: inout ClassFigures
    ) {
        var bySubject = [[AlarmLife]](repeating: [], count: subjects)
        for life in lives { bySubject[life.subject].append(life) }
        for list in bySubject where !list.isEmpty {
            let list = list.sorted { $0.raised < $1.raised }
            var isChatter = [Bool](repeating: false, count: list.count)
            for first in list.indices.dropLast(chatterCount - 1) {
                let last = first + chatterCount - 1
                guard let cleared = list[last].cleared,
                    cleared - list[first].raised <= chatterTime
                else { continue }
                for position in first...last { isChatter[position] = true }
            }
            let raises = isChatter.count { $0 }
            figures.chatteringRaises += raises
            if raises > 0 { figures.chattering += 1 }
            for (life, chatters) in zip(list, isChatter) where !chatters {
                if let cleared = life.cleared, cleared - life.raised < fleetingTime {
                    figures.fleeting += 1
                }
            }
        }
    }

    /// The time that the lives cover together.
    private static func covered(_ lives: [AlarmLife], end: Timestamp) -> Span {
        let spans = lives.map { (from: $0.raised, to: $0.end(end)) }
            .sorted { ($0.from, $0.to) < ($1.from, $1.to) }
        var total: Int64 = 0
        var reached = Timestamp.distantPast
        for span in spans where span.to > reached {
            total += (span.to - max(span.from, reached)).milliseconds
            reached = span.to
        }
        return Span(milliseconds: total)
    }
}
