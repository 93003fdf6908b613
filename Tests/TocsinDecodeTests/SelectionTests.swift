import Testing
import TocsinDecode
import TocsinModel

/// What the pointers of a rule take from JSON payloads.
struct SelectionTests {
    private let plant = DecodeRule(
        topics: "plant/#", valueAt: ["/v"], timeAt: "/ts", unitAt: "/u", qualityAt: "/q")

    @Test("The contract's entry reads value, time and unit in any order")
    func contractEntry() throws {
        let rows = [
            (#"{"v":12.34,"ts":1700000000123,"u":"ppm"}"#, "12.34[ppm]@1700000000123"),
            (
                #" { "u" : "ppm" , "ts" : 1700000000123 , "v" : 12.34 } "#,
                "12.34[ppm]@1700000000123"
            ),
            (#"{"v":1}"#, "1.0"),
            (#"{"\u0076":1,"x":{"v":[2,{}]}}"#, "1.0"),
            (#"{"v":"RUN"}"#, "'RUN'"),
            (#"{"v":"\u6545障"}"#, "'故障'"),
            (#"{"v":true}"#, "'true'"),
            (#"{"v":1,"ts":"2023-11-15T06:13:20.123+08:00"}"#, "1.0@1700000000123"),
            (#"{"v":1,"ts":"yesterday"}"#, "1.0@bad"),
            (#"{"v":1,"ts":[]}"#, "1.0@bad"),
            (#"{"v":1,"ts":1e300}"#, "1.0@bad"),
            (#"{"v":1,"ts":null,"u":null,"q":null}"#, "1.0"),
            (#"{"v":{"h2s":1,"co":-2e1,"name":"x","n":{"a":1},"no":null}}"#, "h2s=1.0 co=-20.0"),
            (#"{"v":null}"#, "no-value"),
            (#"{"v":""}"#, "no-value"),
            (#"{}"#, "no-value"),
            (#"{"v":[1]}"#, "not-a-number"),
            (#"{"v":1e999}"#, "number-range"),
            (#"{"v":1,"x":1e999}"#, "1.0"),
            (#"{"v":1,"v":2}"#, "duplicate-member"),
            (#"{"v":1,"\u0076":2}"#, "duplicate-member"),
            (#"{"v":1,"x":1,"x":2}"#, "1.0"),
            (#"{"v":{"a":1,"b":1,"a":2}}"#, "duplicate-member"),
            (#"{"v":{"a":1,"\u0061":2}}"#, "duplicate-member"),
            (#"{"v":1,"u":5}"#, "unit"),
            (#"{"v":"\ud800"}"#, "utf8"),
        ]
        for (payload, expected) in rows {
            #expect(try decoded(payload, plant) == expected, "\(payload)")
        }
    }
}
