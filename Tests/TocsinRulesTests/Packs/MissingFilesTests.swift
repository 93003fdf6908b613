import Testing
import TocsinEngine
import TocsinModel
import TocsinRules

@Suite("Files that are not there")
struct MissingFilesTests {
    private func load(paths: [String], inventory: String?) -> (LoadedRules?, DiagnosticList) {
        let diagnostics = DiagnosticList()
        let day = CalendarDay(Timestamp(milliseconds: 0), utcOffsetMinutes: 0)
        let loaded = RuleSetLoader.load(
            paths: paths, inventory: inventory, site: Site(id: "s"), day: day,
            reporting: diagnostics)
        return (loaded, diagnostics)
    }

    @Test("Rules that cannot be read put nothing in force")
    func rules() {
        let (loaded, diagnostics) = load(paths: ["no-such-folder/rules.yaml"], inventory: nil)
        #expect(loaded == nil)
        #expect(diagnostics.errorCount == 1)
    }

    @Test("An inventory that cannot be read puts nothing in force: set-points would be gone")
    func inventory() {
        let (loaded, diagnostics) = load(paths: [], inventory: "no-such-inventory.csv")
        #expect(loaded == nil)
        #expect(diagnostics.errorCount == 1)
    }
}
