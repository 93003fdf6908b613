import Testing

@testable import TocsinConsole

@Suite("The page")
struct ConsolePageTests {
    @Test("It names no place outside and never turns data into markup")
    func selfContained() {
        let page = ConsolePage.document(nonce: "n")
        let forbidden = [
            "http://", "https://", "src=", "@import", "url(", "innerHTML", "outerHTML",
            "insertAdjacentHTML", "document.write", "eval(", "onclick=", "style=",
        ]
        for text in forbidden { #expect(!page.contains(text), "\(text)") }
    }

    @Test("Only the script and style with this answer's nonce may run")
    func contentPolicy() {
        let nonce = ConsolePage.nonce()
        #expect(nonce.count == 32)
        #expect(nonce != ConsolePage.nonce())
        let policy = ConsolePage.contentPolicy(nonce: nonce)
        #expect(policy.hasPrefix("default-src 'none'; script-src 'nonce-\(nonce)'; style-src"))
        #expect(!policy.contains("unsafe"))
        let page = ConsolePage.document(nonce: nonce)
        #expect(page.contains("<script nonce=\"\(nonce)\">"))
        #expect(page.contains("<style nonce=\"\(nonce)\">"))
    }

    @Test("Every word that the document asks for is in the list")
    func words() {
        let page = ConsolePage.document(nonce: "n")
        for part in page.components(after: "data-word=\"") {
            let key = part.prefix { $0 != "\"" }
            #expect(ConsolePage.words.contains("\(key): ["), "\(key)")
        }
    }
}

extension String {
    /// What follows each place of `mark`.
    func components(after mark: String) -> [Substring] {
        ranges(of: mark).map { self[$0.upperBound...] }
    }
}
