import Testing
import TocsinEngine
import TocsinModel

@Suite("Calendar times")
struct CivilTimeTests {
    // Answers of `date -u -d @SECONDS`, and of `TZ=…` with the offset.
    @Test(
        "Seconds since 1970 are the calendar's date and time",
        arguments: [
            (Int64(0), 0, "1970-01-01T00:00:00.000+00:00"),
            (951_782_399, 0, "2000-02-28T23:59:59.000+00:00"),
            (951_782_400, 0, "2000-02-29T00:00:00.000+00:00"),
            (1_709_251_199, 0, "2024-02-29T23:59:59.000+00:00"),
            (-1, 0, "1969-12-31T23:59:59.000+00:00"),
            (-11_676_096_001, 0, "1599-12-31T23:59:59.000+00:00"),
            (-11_676_096_000, 0, "1600-01-01T00:00:00.000+00:00"),
            (-11_670_998_400, 0, "1600-02-29T00:00:00.000+00:00"),
            (13_574_649_599, 0, "2400-02-29T23:59:59.000+00:00"),
            (4_107_542_400, 0, "2100-03-01T00:00:00.000+00:00"),
            (253_402_300_799, 0, "9999-12-31T23:59:59.000+00:00"),
            (-62_135_596_800, 0, "0001-01-01T00:00:00.000+00:00"),
            (1_709_164_799, 480, "2024-02-29T07:59:59.000+08:00"),
            (1_709_164_799, -210, "2024-02-28T20:29:59.000-03:30"),
            (-1, -720, "1969-12-31T11:59:59.000-12:00"),
            (951_782_399, 840, "2000-02-29T13:59:59.000+14:00"),
        ])
    func table(seconds: Int64, offset: Int, text: String) {
        let time = Timestamp(milliseconds: seconds * 1000)
        #expect(CivilTime(time, offsetMinutes: offset).text == text)
    }

    @Test("Milliseconds count upwards before 1970 too")
    func milliseconds() {
        let time = Timestamp(milliseconds: -1)
        #expect(CivilTime(time, offsetMinutes: 0).text == "1969-12-31T23:59:59.999+00:00")
    }

    @Test("The ends of time are written somehow and trap nowhere")
    func ends() {
        for time in [Timestamp.distantPast, .distantFuture] {
            #expect(!CivilTime(time, offsetMinutes: 14 * 60).text.isEmpty)
            #expect(!CivilTime(time, offsetMinutes: -14 * 60).text.isEmpty)
        }
    }
}
