import Testing
import TocsinModel

@testable import TocsinReplay

@Suite("Alarm figures")
struct AlarmFiguresTests {
    /// One alarm a life of a second, at these seconds; each on a stream of its own.
    static func said(_ seconds: [Double], end: Double) -> AlarmFigures {
        var builder = HistoryBuilder(end: end)
        for (position, second) in seconds.enumerated() {
            let subject = builder.ladder("gas", stream: "s\(position)")
            builder.life(subject, second, second + 90)
        }
        return AlarmFigures(builder.history)
    }

    static func seconds(_ time: Timestamp?) -> Double? {
        time.map { Double(($0 - HistoryBuilder.origin).milliseconds) / 1000 }
    }

    @Test("Alarms per 10 minutes are counted in windows from the beginning")
    func windows() {
        // 3 in the first window, 12 in the second, 1 in the cut third.
        let times = [0, 1, 599.999] + (0..<12).map { 600 + Double($0) } + [1200]
        let figures = AlarmFiguresTests.said(times, end: 1500)
        #expect(figures.alarms == 16)
        #expect(figures.windows == 3)
        #expect(figures.busyWindows == 1)
        #expect(figures.busiest == 12)
        #expect(AlarmFiguresTests.seconds(figures.busiestAt) == 600)
        // 16 alarms in 25 minutes.
        #expect(abs(figures.meanPerWindow - 6.4) < 1e-12)
        #expect(figures.perDay == nil)
        #expect(figures.hours == 1)
        #expect(figures.busyHours == 0)
    }

    @Test("Ten alarms in a window are not too many, eleven are; thirty in an hour alike")
    func thresholds() {
        let ten = AlarmFiguresTests.said((0..<10).map { Double($0) }, end: 600)
        #expect(ten.busyWindows == 0)
        #expect(ten.floods.isEmpty)
        let eleven = AlarmFiguresTests.said((0..<11).map { Double($0) }, end: 600)
        #expect(eleven.busyWindows == 1)
        #expect(eleven.busyWindowShare == 1)
        #expect(eleven.floods.count == 1)
        let spread = (0..<31).map { Double($0) * 100 }
        #expect(AlarmFiguresTests.said(Array(spread.dropLast()), end: 7200).busyHours == 0)
        #expect(AlarmFiguresTests.said(spread, end: 7200).busyHours == 1)
        #expect(AlarmFiguresTests.said(spread, end: 7200).busyHourShare == 0.5)
    }

    @Test("Alarms per day need a day")
    func perDay() {
        let figures = AlarmFiguresTests.said([1, 2, 3], end: 2 * 86_400)
        #expect(figures.perDay == 1.5)
        #expect(abs(figures.meanPerWindow - 3.0 / 288) < 1e-12)
        #expect(AlarmFiguresTests.said([1], end: 86_399).perDay == nil)
    }

    @Test("A flood begins with the eleventh alarm in 10 minutes and ends when four are left")
    func floods() {
        // The 11th comes at 100 s. Later ones: 300, 650, 700. At 640 s the one of 40 s leaves, and
        // so on; of the first eleven (0, 10, … 100) the last leaves at 700 s.
        let first = (0...10).map { Double($0) * 10 }
        let figures = AlarmFiguresTests.said(first + [300, 650, 690], end: 3600)
        #expect(figures.floods.count == 1)
        let flood = figures.floods[0]
        #expect(AlarmFiguresTests.seconds(flood.began) == 100)
        // In the last 10 minutes: at 680 s 90, 100, 300, 650; one less than five.
        #expect(AlarmFiguresTests.seconds(flood.ended) == 680)
        #expect(flood.alarms == 13)
        #expect(figures.floodTime == .seconds(580))
        #expect(abs(figures.floodShare - 580.0 / 3600) < 1e-12)
    }

    @Test("A flood without another alarm ends by itself, or with the recording")
    func floodEnds() {
        let first = (0...10).map { Double($0) * 10 }
        // 60 s leaves at 660: then 70, 80, 90, 100 are left.
        let alone = AlarmFiguresTests.said(first, end: 3600).floods
        #expect(alone.map { AlarmFiguresTests.seconds($0.ended) } == [660])
        let cut = AlarmFiguresTests.said(first, end: 200).floods
        #expect(cut.map { AlarmFiguresTests.seconds($0.ended) } == [200])
        let two = AlarmFiguresTests.said(first + first.map { $0 + 2000 }, end: 3600).floods
        #expect(two.map { AlarmFiguresTests.seconds($0.began) } == [100, 2100])
        #expect(two.map(\.alarms) == [11, 11])
    }

    @Test("Chattering is three times raised and cleared within a minute; fleeting is short alone")
    func chattering() {
        var builder = HistoryBuilder(end: 7200)
        let chatters = builder.ladder("gas", stream: "chatters")
        // Raised at 0, 20, 40; the third is cleared at 60 s: exactly a minute.
        for second in [0.0, 20, 40] { builder.life(chatters, second, second + 20) }
        // Once more, half an hour later: short, but alone.
        builder.life(chatters, 1800, 1810)
        let slow = builder.ladder("gas", stream: "slow")
        for second in [0.0, 20, 40] { builder.life(slow, second, second + 20.001) }
        let long = builder.ladder("gas", stream: "long")
        builder.life(long, 0, 60)
        builder.life(long, 100, nil)
        let figures = AlarmFigures(builder.history).figures(of: .alarm)
        #expect(figures.annunciations == 9)
        #expect(figures.chattering == 1)
        #expect(figures.chatteringRaises == 3)
        // One of `chatters`, three of `slow`; 60 s are not short any more.
        #expect(figures.fleeting == 4)
    }

    @Test("An alarm that stands for more than a day is stale")
    func stale() {
        let day = 86_400.0
        var builder = HistoryBuilder(end: 3 * day)
        let subject = builder.ladder("gas", stream: "s")
        builder.life(subject, 0, day)
        builder.life(subject, day + 100, 2 * day + 101)
        let other = builder.ladder("gas", stream: "t")
        builder.life(other, 3 * day - 10, nil)
        #expect(AlarmFigures(builder.history).figures(of: .alarm).stale == 1)
    }

    @Test("Time under alarm counts overlapping alarms once")
    func underAlarm() {
        var builder = HistoryBuilder(end: 1000)
        let one = builder.ladder("gas", stream: "a")
        let two = builder.ladder("gas", stream: "b")
        let warning = builder.ladder("trend", stream: "a", alarmClass: .earlyWarning)
        builder.life(one, 100, 200)
        builder.life(two, 150, 300)
        builder.life(two, 900, nil)
        builder.life(warning, 0, 1000)
        let figures = AlarmFigures(builder.history)
        #expect(figures.underAlarm == .seconds(300))
        #expect(figures.underAlarmShare == 0.3)
        #expect(figures.figures(of: .earlyWarning).underAlarm == .seconds(1000))
    }

    @Test("Early warnings and trouble are counted apart; escalations are annunciations")
    func classes() {
        var builder = HistoryBuilder()
        let gas = builder.ladder("gas", stream: "a")
        let trouble = builder.ladder("gas", stream: "b", levels: ["stale"], alarmClass: .trouble)
        let warning = builder.ladder(
            "trend", stream: "a", levels: ["rising"], alarmClass: .earlyWarning)
        builder.life(gas, 10, 100, up: [(20, 1)])
        builder.life(trouble, 10, 20)
        builder.life(warning, 5, 20)
        let figures = AlarmFigures(builder.history)
        #expect(figures.alarms == 2)
        #expect(figures.priorities == [0, 0, 1, 1])
        #expect(figures.share(of: .critical) == 0.5)
        #expect(figures.classes.map(\.alarmClass) == [.alarm, .trouble, .earlyWarning])
        #expect(figures.classes.map(\.annunciations) == [2, 1, 1])
        #expect(figures.topTen == [AlarmFigures.Top(subject: gas, count: 2)])
    }

    @Test("The top ten are ten, the most frequent first, and their share is of all")
    func topTen() {
        var builder = HistoryBuilder(end: 100_000)
        for stream in 0..<12 {
            let subject = builder.ladder("gas", stream: "s\(stream)")
            for life in 0...stream {
                builder.life(subject, Double(life) * 600 + Double(stream), Double(life) * 600 + 300)
            }
        }
        let figures = AlarmFigures(builder.history)
        #expect(figures.topTen.map(\.subject) == [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
        #expect(figures.topTen.first?.count == 12)
        #expect(figures.alarms == 78)
        #expect(abs(figures.topTenShare - 75.0 / 78) < 1e-12)
    }

    @Test("Figures are held against their targets")
    func targets() {
        let quiet = AlarmFiguresTests.said([1], end: 86_400)
        let loud = AlarmFiguresTests.said((0..<200).map { Double($0) }, end: 86_400)
        var verdicts: [String: [FigureVerdict]] = [:]
        for line in FigureTargets.lines(baseline: quiet, new: loud) {
            verdicts[line.key] = [line.baseline.verdict, line.new.verdict]
        }
        #expect(verdicts["per_10_min"] == [.met, .tolerated])
        #expect(verdicts["per_10_min_max"] == [.met, .missed])
        #expect(verdicts["per_day"] == [.met, .tolerated])
        #expect(verdicts["hours_over_30"] == [.met, .missed])
        #expect(verdicts["time_in_flood"] == [.met, .met])
        #expect(verdicts["chattering"] == [.met, .met])
        #expect(verdicts["stale"] == [.met, .met])
        #expect(verdicts["top_ten_share"] == [.missed, .tolerated])
        #expect(verdicts["priority_high"] == [.missed, .missed])
        #expect(verdicts["alarms"] == [FigureVerdict.none, .none])
    }

    @Test("Nothing said is no alarm anywhere, and no division by zero")
    func empty() {
        let figures = AlarmFigures(HistoryBuilder(end: 0).history)
        #expect(figures.alarms == 0)
        #expect(figures.windows == 1)
        #expect(figures.meanPerWindow == 0)
        #expect(figures.floodShare == 0)
        #expect(figures.share(of: .high) == nil)
        #expect(figures.topTenShare == 0)
    }
}
