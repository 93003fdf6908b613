import Testing

@testable import TocsinConsole

@Suite("Percent-encoding")
struct PercentEncodingTests {
    @Test(
        "Pairs of hex digits become bytes; anything else stays",
        arguments: [
            ("a%2Fb", "a/b"), ("a%2fb%3Ac", "a/b:c"), ("%E4%B8%9C", "东"), ("a", "a"), ("", ""),
            ("a%", "a%"), ("a%2", "a%2"), ("%zz", "%zz"), ("%+1", "%+1"), ("%FF", "%FF"),
            ("%252F", "%2F"),
        ])
    func decoded(_ text: String, _ plain: String) {
        #expect(PercentEncoding.decoded(text) == plain)
    }
}
