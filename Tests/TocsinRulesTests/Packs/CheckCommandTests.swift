import Glibc
import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("tocsin check")
struct CheckCommandTests {
    /// A folder that is removed when the test ends.
    private struct Folder: ~Copyable {
        let path: String
        private var files: [String] = []
        private var folders: [String] = []

        init() throws {
            var template = Array("\(P_tmpdir)/tocsin-check-XXXXXX".utf8CString)
            let made = try #require(mkdtemp(&template))
            path = String(cString: made)
        }

        mutating func folder(_ name: String) {
            #expect(mkdir("\(path)/\(name)", 0o700) == 0)
            folders.append(name)
        }

        mutating func write(_ name: String, _ text: String) throws {
            let file = try #require(fopen("\(path)/\(name)", "w"))
            fputs(text, file)
            fclose(file)
            files.append(name)
        }

        deinit {
            for name in files { unlink("\(path)/\(name)") }
            for name in folders.reversed() { rmdir("\(path)/\(name)") }
            rmdir(path)
        }
    }

    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    @Test("A folder's rules are found in byte order, whatever their depth; hidden files are not")
    func found() throws {
        var folder = try Folder()
        folder.folder("b")
        for name in ["z.yaml", "b/a.yml", "B.yaml", ".hidden.yaml", "note.txt"] {
            try folder.write(name, "")
        }
        let diagnostics = DiagnosticList()
        let found = RuleFiles.find(folder.path + "/", reporting: diagnostics)
        #expect(found.map(\.name) == ["B.yaml", "b/a.yml", "z.yaml"])
        #expect(found.first?.path == folder.path + "/B.yaml")
        #expect(!diagnostics.hasErrors)
    }

    @Test("Sound rules and inventory give 0, a table on request, and scenarios to their checker")
    func clean() throws {
        var folder = try Folder()
        try folder.write("p.yaml", InventoryBinderTests.pack)
        try folder.write("s.yaml", "scenario: leak\n")
        try folder.write("i.csv", "stream,H\na/h2s/1,5\n")
        var request = CheckRequest(
            paths: [folder.path, folder.path + "/i.csv"], now: Self.now)
        request.showsTable = true
        var scenarios: [String] = []
        let outcome = CheckCommand.run(request) { path, _ in scenarios.append(path) }
        #expect(outcome.exitCode == 0)
        #expect(outcome.text.contains("a/h2s/1  hazchem/h2s  H      5 ppm"))
        #expect(outcome.text.hasSuffix("0 errors, 0 warnings; 1 pack, 5 rules, 1 listed stream\n"))
        #expect(scenarios == [folder.path + "/s.yaml"])
    }

    @Test("Errors give 1, with place, excerpt and remedy, or as JSON")
    func wrong() throws {
        var folder = try Folder()
        try folder.write("p.yaml", WrongPack.gas.replacing("span:", with: "spam:"))
        var request = CheckRequest(paths: [folder.path], now: Self.now)
        let outcome = CheckCommand.run(request)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.text == """
                \(folder.path)/p.yaml:4:1: error: unknown key `spam` in a pack
                  spam: [0, 100]
                  ^~~~
                  help: did you mean `span`?
                1 error, 0 warnings

                """)
        request.isJSON = true
        let json = CheckCommand.run(request).text
        #expect(json.hasPrefix("{\"severity\":\"error\",\"path\":"))
        #expect(json.split(separator: "\n").count == 1)
    }

    @Test("A configuration brings its rules and inventory")
    func configuration() throws {
        var folder = try Folder()
        folder.folder("rules.d")
        try folder.write("rules.d/p.yaml", InventoryBinderTests.pack)
        try folder.write("inventory.csv", "stream,H\na/h2s/1,50\n")
        try folder.write(
            "tocsin.yaml",
            """
            site: {id: gateway-07}
            broker: {url: "mqtt://127.0.0.1:1883", client_id: t, subscribe: ["plant/#"]}
            decode:
              - {topics: "plant/#", format: json, value_at: /v}
            rules: [rules.d]
            inventory: inventory.csv

            """)
        let outcome = CheckCommand.run(
            CheckRequest(paths: [folder.path + "/tocsin.yaml"], now: Self.now))
        #expect(outcome.exitCode == 1)
        #expect(outcome.text.contains("inventory.csv:2:9: error: `HH` must be above `H`"))
    }

    @Test("A folder with a configuration and its rules is checked as the configuration says")
    func configurationFolder() throws {
        var shipped = try Folder()
        try shipped.write("base.yaml", PackExtensionTests.base)
        var folder = try Folder()
        folder.folder("rules.d")
        try folder.write("rules.d/site.yaml", PackExtensionTests.site("limits: {H: 20 %LEL}"))
        try folder.write(
            "tocsin.yaml",
            """
            site: {id: gateway-07}
            broker: {url: "mqtt://127.0.0.1:1883", client_id: t, subscribe: ["plant/#"]}
            decode:
              - {topics: "plant/#", format: json, value_at: /v}
            rules: ["\(shipped.path)", rules.d]

            """)
        let outcome = CheckCommand.run(CheckRequest(paths: [folder.path], now: Self.now))
        #expect(outcome.exitCode == 0, "\(outcome.text)")
        #expect(outcome.text.hasSuffix("; 1 pack, 6 rules, 0 listed streams\n"))
    }

    @Test("What cannot be read is an error of its path")
    func missing() {
        let outcome = CheckCommand.run(
            CheckRequest(paths: ["/nonexistent/rules"], now: Self.now))
        #expect(outcome.exitCode == 1)
        #expect(outcome.text.hasPrefix("/nonexistent/rules:1:1: error: cannot be read"))
    }
}
