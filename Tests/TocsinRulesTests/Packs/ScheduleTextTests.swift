import Testing
import TocsinEngine

@testable import TocsinRules

@Suite("Times of the week")
struct ScheduleTextTests {
    private static func read(_ text: String) -> (schedule: Schedule?, fault: ExpressionError?) {
        do throws(ExpressionError) {
            return (try ScheduleText.parse(text), nil)
        } catch {
            return (nil, error)
        }
    }

    /// Days as bits, Monday lowest; minutes.
    static let accepted: [(text: String, days: UInt8, from: Int, to: Int)] = [
        ("08:00-18:00", 0b111_1111, 480, 1080),
        ("daily 06:00-24:00", 0b111_1111, 360, 1440),
        ("00:00-24:00", 0b111_1111, 0, 1440),
        ("mon-fri 08:00-18:00", 0b001_1111, 480, 1080),
        ("Mon - Fri 8:00 - 18:00", 0b001_1111, 480, 1080),
        ("sat,sun 22:00-06:00", 0b110_0000, 1320, 360),
        ("mon, wed, fri 12:30-12:31", 0b001_0101, 750, 751),
        ("fri-mon 00:00-00:00", 0b111_0001, 0, 0),
        ("mon-tue,sun 23:59-00:01", 0b100_0011, 1439, 1),
        ("sun-sun 01:00-02:00", 0b100_0000, 60, 120),
        (" tue 08:00–09:00 ", 0b000_0010, 480, 540),
        ("ｍｏｎ ０８：００-１８：００", 0b000_0001, 480, 1080),
    ]

    @Test(
        "Days, lists, ranges, the next day and full-width characters are read", arguments: accepted)
    func accepts(_ row: (text: String, days: UInt8, from: Int, to: Int)) {
        let schedule = Schedule(days: row.days, from: row.from, to: row.to)
        #expect(ScheduleTextTests.read(row.text).schedule == schedule)
    }

    static let refused: [(text: String, offset: Int, length: Int, message: String)] = [
        ("", 0, 1, "a time is missing here"),
        ("mon-fri", 7, 1, "a time is missing here"),
        ("monday 08:00-18:00", 0, 6, "`monday` is no day"),
        ("mon-fir 08:00-18:00", 4, 3, "`fir` is no day"),
        ("mon, 08:00-18:00", 5, 1, "a day is missing here"),
        ("mon--fri 08:00-18:00", 4, 1, "a day is missing here"),
        ("08:00", 5, 1, "`-` and the end of the time are missing here"),
        ("08:00 to 18:00", 6, 1, "`-` and the end of the time are missing here"),
        ("08:00-", 6, 1, "a time is missing here"),
        ("8-18", 0, 1, "a time is hours and minutes"),
        ("08:5-18:00", 0, 3, "a time is hours and minutes"),
        ("08:000-18:00", 0, 3, "a time is hours and minutes"),
        ("008:00-18:00", 0, 1, "a time is missing here"),
        ("08:60-18:00", 0, 5, "there is no such time of day"),
        ("08:00-24:01", 6, 5, "there is no such time of day"),
        ("08:00-25:00", 6, 5, "there is no such time of day"),
        ("24:00-08:00", 0, 5, "`24:00` ends a time; one begins at `00:00`"),
        ("08:00-12:00, 13:00-18:00", 11, 13, "there is more than one time"),
        ("08:00-18:00 mon", 12, 3, "there is more than one time"),
    ]

    @Test("What is no time of the week is refused at its characters", arguments: refused)
    func refuses(_ row: (text: String, offset: Int, length: Int, message: String)) throws {
        let fault = try #require(ScheduleTextTests.read(row.text).fault)
        #expect(fault.range == ExpressionRange(offset: row.offset, length: row.length))
        #expect(fault.message.hasPrefix(row.message), "\(fault.message)")
    }

    @Test("A misspelt day is told the right one")
    func suggestion() {
        #expect(ScheduleTextTests.read("monday 08:00-18:00").fault?.suggestion == "mon")
        #expect(ScheduleTextTests.read("mon-fir 08:00-18:00").fault?.suggestion == "fri")
    }
}
