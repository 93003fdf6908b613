import Foundation
import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("The schemas say what the readers read")
struct FileSchemaTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every kind of mapping that a pack may hold, so that its reader is asked.
    static let everyMapping = """
        pack: a/b
        match: "{area}/x/{id}"
        unit: ppm
        gas: CO
        reference: {temperature: 20 °C}
        limits: {H: 1 ppm}
        defaults: {on_delay: 1s}
        trouble: {priority: low}
        ladder: {H: {priority: high, action: go}}
        alarms:
          - name: v
            when: value > 1 ppm
            degraded: {one_bad: 1oo2}
        define: [{stream: "{area}/y/{id}", value: value + 1 ppm}]
        disable: [{alarm: v, reason: none}]
        """

    static let configuration = """
        site: {id: s}
        broker: {url: "mqtts://b", subscribe: ["#"], tls: {ca: ca.pem}}
        decode: [{topics: "#"}]
        rules: [rules.d]
        alert_log: {path: a.jsonl}
        webhooks: [{name: w, url: "https://w", match: {class: alarm}}]
        http: {listen: "127.0.0.1:1"}
        limits: {streams: 5}
        """

    /// Differences between a table and what was asked: `mapping: key` with the side that lacks it.
    static func differences(_ table: FileMapping, _ asked: [String: Set<String>]) -> [String] {
        var found: [String] = []
        var known: Set<String> = []
        for mapping in table.all {
            known.insert(mapping.name)
            let keys = Set(mapping.keys.map(\.name))
            guard let asked = asked[mapping.name] else {
                found.append("\(mapping.name): no reader was asked")
                continue
            }
            found += keys.subtracting(asked).map { "\(mapping.name): no reader knows `\($0)`" }
            found += asked.subtracting(keys).map { "\(mapping.name): the schema lacks `\($0)`" }
        }
        found += asked.keys.filter { !known.contains($0) }.map { "\($0): not in the schema" }
        return found.sorted()
    }

    @Test("A pack's keys are those of its reader")
    func rules() throws {
        let diagnostics = DiagnosticList(recordsKeys: true)
        let file = RuleBundle.File(
            role: .rules, name: "p.yaml", path: "p.yaml",
            bytes: Array(FileSchemaTests.everyMapping.utf8))
        let bundle = RuleBundle(files: [file], day: PackProbe.today)
        _ = RuleSetLoader.load(bundle, site: .init(id: "s"), reporting: diagnostics)
        let table = try #require(FileSchema.rules.table)
        // Keys that the reader knows only to refuse them with a reason of its own.
        let refused = [
            "an alarm: the schema lacks `confirm`",
            "a step of `ladder`: the schema lacks `confirm`",
            "a step of `ladder`: the schema lacks `degraded`",
            "a step of `ladder`: the schema lacks `per`",
        ]
        let found = FileSchemaTests.differences(table, try #require(diagnostics.keysAsked))
        #expect(found == refused.sorted())
    }

    @Test("The configuration's keys are those of its reader")
    func configuration() throws {
        let diagnostics = DiagnosticList(recordsKeys: true)
        let file = SourceFile(path: "c.yaml", text: FileSchemaTests.configuration)
        let read = ConfigurationReader.read(file, environment: [:], reporting: diagnostics)
        #expect(read != nil, "\(diagnostics.rendered)")
        let table = try #require(FileSchema.config.table)
        let found = FileSchemaTests.differences(table, try #require(diagnostics.keysAsked))
        #expect(found == [])
    }

    @Test("Every key has a sentence on it, and no mapping has a key twice")
    func described() throws {
        for schema in FileSchema.allCases {
            for mapping in schema.table?.all ?? [] {
                for key in mapping.keys {
                    #expect(key.about.count >= 5, "\(mapping.name) \(key.name)")
                }
                let names = mapping.keys.map(\.name)
                #expect(Set(names).count == names.count, "\(mapping.name)")
            }
        }
    }

    @Test(
        "The schemas that are shipped are those that the command prints",
        arguments: FileSchema.allCases)
    func shipped(schema: FileSchema) throws {
        let path = FileSchemaTests.root.path + "/Rules/schema/\(schema.rawValue).json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == schema.text, "run scripts/write-schema")
        _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
    }

    @Test("What the schema is shown to refuse, check refuses too")
    func wrongFiles() throws {
        let path = FileSchemaTests.root.path + "/Tests/Schema/wrong.yaml"
        let diagnostics = DiagnosticList()
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let stream = try #require(YAMLReader.read(bytes, path: path, reporting: diagnostics))
        #expect(diagnostics.rendered == "")
        let entries = stream.documents.first?.sequence ?? []
        #expect(entries.count >= 40)
        for entry in entries {
            let kind = try #require(entry["schema"]?.scalar?.text)
            let text = try #require(entry["file"]?.scalar?.text)
            let found = DiagnosticList()
            switch kind {
            case "rules":
                let file = RuleBundle.File(
                    role: .rules, name: "w.yaml", path: "w.yaml", bytes: Array(text.utf8))
                let bundle = RuleBundle(files: [file], day: PackProbe.today)
                _ = RuleSetLoader.load(bundle, site: .init(id: "s"), reporting: found)
            case "config":
                let file = SourceFile(path: "w.yaml", text: text)
                _ = ConfigurationReader.read(file, environment: [:], reporting: found)
            default:
                // Scenarios: the tests of TocsinReplay.
                continue
            }
            #expect(found.hasErrors, "check accepts:\n\(text)")
        }
    }

    @Test("Shipped packs and scenarios name their schema in the first line")
    func modelines() throws {
        let manager = FileManager.default
        for (folder, schema) in [("Rules", "rules"), ("Simulators", "scenario")] {
            let base = FileSchemaTests.root.path + "/" + folder
            let names = try manager.subpathsOfDirectory(atPath: base).filter {
                $0.hasSuffix(".yaml")
            }
            #expect(names.count > 10)
            for name in names {
                let text = try String(contentsOfFile: base + "/" + name, encoding: .utf8)
                let first = text.prefix { $0 != "\n" }
                let start = "# yaml-language-server: $schema="
                #expect(first.hasPrefix(start), "\(folder)/\(name)")
                let target = URL(fileURLWithPath: base + "/" + name).deletingLastPathComponent()
                    .appendingPathComponent(String(first.dropFirst(start.count)))
                #expect(target.lastPathComponent == schema + ".json", "\(folder)/\(name)")
                #expect(manager.fileExists(atPath: target.path), "\(folder)/\(name)")
            }
        }
    }
}
