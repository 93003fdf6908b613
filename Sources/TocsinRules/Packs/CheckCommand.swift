package import TocsinEngine
package import TocsinModel

/// What `tocsin check` is asked.
package struct CheckRequest: Sendable {
    /// Files and folders: configuration, rules, inventories, scenarios, told apart by content.
    package var paths: [String]
    package var isJSON = false
    /// `--table`: the set-points in force and where each comes from.
    package var showsTable = false
    /// The present time, for `disable: {until: …}`.
    package var now: Timestamp
    /// Overrides of the configuration.
    package var environment: [String: String] = [:]

    package init(paths: [String], now: Timestamp) {
        self.paths = paths
        self.now = now
    }
}

/// What `tocsin check` found.
package struct CheckOutcome: Sendable {
    /// For standard output.
    package var text: String
    /// 0 clean (warnings allowed), 1 errors.
    package var exitCode: Int32
}

/// The core of `tocsin check`: everything but the command line.
package struct CheckCommand {
    /// Checks one scenario file; given by the caller, because scenarios belong to another module.
    package typealias ScenarioCheck = (_ path: String, _ diagnostics: DiagnosticList) -> Void

    private enum FileKind {
        case configuration, rules, scenario
    }

    private let request: CheckRequest
    private let checkScenario: ScenarioCheck
    private let diagnostics = DiagnosticList()
    private var tables: [SetPointTable] = []
    private var packCount = 0
    private var ruleCount = 0
    private var streamCount = 0

    private init(_ request: CheckRequest, _ checkScenario: @escaping ScenarioCheck) {
        self.request = request
        self.checkScenario = checkScenario
    }

    package static func run(
        _ request: CheckRequest, checkScenario: @escaping ScenarioCheck = { _, _ in }
    ) -> CheckOutcome {
        var command = CheckCommand(request, checkScenario)
        command.checkAll()
        return command.outcome
    }

    private mutating func checkAll() {
        var rules: [String] = []
        var inventories: [String] = []
        var configurations: [String] = []
        for path in request.paths {
            if path.lowercased().hasSuffix(".csv"), !RuleFiles.isFolder(path) {
                inventories.append(path)
                continue
            }
            for found in RuleFiles.find(path, reporting: diagnostics) {
                switch kind(of: found.path) {
                case .configuration: configurations.append(found.path)
                case .rules: rules.append(found.path)
                case .scenario: checkScenario(found.path, diagnostics)
                case nil: continue
                }
            }
        }
        // A folder such as /etc/tocsin has a configuration and the rules that it names: alone,
        // these would lack the shipped packs that they extend.
        var covered: Set<String> = []
        for path in configurations { covered.formUnion(checkConfiguration(path)) }
        rules.removeAll { covered.contains(RuleFiles.canonicalPath($0)) }
        inventories.removeAll { covered.contains(RuleFiles.canonicalPath($0)) }
        if let extra = inventories.dropFirst().first {
            diagnostics.add(
                Diagnostic(
                    .error, path: extra, "a second inventory: a site has one",
                    help: "check them one by one"))
        }
        guard !rules.isEmpty || !inventories.isEmpty else { return }
        checkRules(rules, inventory: inventories.first, site: Site(id: "check"))
    }

    /// What a file is, by the keys of its first document; nil where it cannot be read (reported).
    private func kind(of path: String) -> FileKind? {
        let bytes: [UInt8]
        do throws(FileReadError) {
            bytes = try FileBytes.read(path: path, limit: YAMLLimits().bytes)
        } catch {
            diagnostics.add(Diagnostic(.error, path: path, "\(error)"))
            return nil
        }
        // Found again, and reported, by the reader of its kind.
        let unreported = DiagnosticList()
        let first = YAMLReader.read(bytes, path: path, reporting: unreported)?.documents.first
        if first?["scenario"] != nil { return .scenario }
        if first?["pack"] != nil { return .rules }
        let isConfiguration = ["site", "broker", "alert_log", "webhooks"].contains {
            first?[$0] != nil
        }
        return isConfiguration ? .configuration : .rules
    }

    /// The canonical paths of the files that were checked with it.
    private mutating func checkConfiguration(_ path: String) -> [String] {
        let (read, findings) = ConfigurationReader.read(
            path: path, environment: request.environment)
        diagnostics.add(findings)
        guard let read else { return [] }
        checkRules(read.rules, inventory: read.inventory, site: Site(read.site))
        let files = read.rules.flatMap { RuleFiles.find($0, reporting: diagnostics).map(\.path) }
        return (files + [read.inventory].compactMap { $0 }).map(RuleFiles.canonicalPath)
    }

    private mutating func checkRules(_ paths: [String], inventory: String?, site: Site) {
        let day = CalendarDay(request.now, utcOffsetMinutes: site.utcOffsetMinutes)
        guard
            let loaded = RuleSetLoader.load(
                paths: paths, inventory: inventory, site: site, day: day, reporting: diagnostics)
        else { return }
        packCount += loaded.packs.count
        ruleCount += loaded.packs.reduce(0) { $0 + $1.rules.count }
        streamCount += loaded.listings.count
        tables.append(loaded.setPoints)
    }

    // MARK: Outcome

    private var outcome: CheckOutcome {
        var text = ""
        if request.isJSON {
            text += diagnostics.sorted.map { $0.json + "\n" }.joined()
            if request.showsTable { text += tables.map(\.json).joined() }
        } else {
            text += diagnostics.rendered
            if request.showsTable { text += tables.map(\.rendered).joined() }
            text += summary
        }
        return CheckOutcome(text: text, exitCode: diagnostics.hasErrors ? 1 : 0)
    }

    private var summary: String {
        func counted(_ count: Int, _ noun: String) -> String {
            "\(count) \(noun)\(count == 1 ? "" : "s")"
        }
        let findings =
            counted(diagnostics.errorCount, "error") + ", "
            + counted(diagnostics.warningCount, "warning")
        guard !diagnostics.hasErrors else { return findings + "\n" }
        let loaded = [
            counted(packCount, "pack"), counted(ruleCount, "rule"),
            counted(streamCount, "listed stream"),
        ]
        return "\(findings); \(loaded.joined(separator: ", "))\n"
    }
}

extension Site {
    /// The configuration's site as the engine knows it.
    package init(_ site: TocsinConfiguration.Site) {
        self.init(
            id: site.id, name: site.name, latitude: site.latitude, longitude: site.longitude,
            crs: site.crs, utcOffsetMinutes: site.utcOffsetMinutes)
    }
}

extension EngineOptions {
    /// The configuration's limits as the engine knows them.
    package init(_ limits: TocsinConfiguration.Limits) {
        self.init(
            lateness: limits.lateness, future: limits.future, streamsMax: limits.streams,
            samplesPerWindow: limits.samplesPerWindow, payloadMax: limits.payloadBytes)
    }
}
