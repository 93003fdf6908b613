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
    /// `--against`: what a reload would do to the alarms of these rules.
    package var against: Against?

    /// The rules in force, or another folder's.
    package enum Against: Sendable {
        /// A configuration, a folder with one, or rules.
        case path(String)
        /// Rules as they were stored, and what to call them.
        case bundle(RuleBundle, name: String)
    }

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
    /// Looks at rules that were loaded without an error; given by the caller, because recordings
    /// belong to another module.
    package typealias LoadedCheck = (_ rules: LoadedRules, _ diagnostics: DiagnosticList) -> Void

    private enum FileKind {
        case configuration, rules, scenario
    }

    private let request: CheckRequest
    private let checkScenario: ScenarioCheck
    private let checkLoaded: LoadedCheck
    private let diagnostics = DiagnosticList()
    private var tables: [SetPointTable] = []
    private var packCount = 0
    private var ruleCount = 0
    private var streamCount = 0
    private var loadedSets: [LoadedRules] = []
    private var preview: ReloadPreview?

    private init(
        _ request: CheckRequest, _ checkScenario: @escaping ScenarioCheck,
        _ checkLoaded: @escaping LoadedCheck
    ) {
        self.request = request
        self.checkScenario = checkScenario
        self.checkLoaded = checkLoaded
    }

    package static func run(
        _ request: CheckRequest, checkScenario: @escaping ScenarioCheck = { _, _ in },
        checkLoaded: @escaping LoadedCheck = { _, _ in }
    ) -> CheckOutcome {
        var command = CheckCommand(request, checkScenario, checkLoaded)
        command.checkAll()
        if let against = request.against { command.compare(with: against) }
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
        loadedSets.append(loaded)
        checkLoaded(loaded, diagnostics)
    }

    // MARK: Reload preview

    private mutating func compare(with against: CheckRequest.Against) {
        guard !diagnostics.hasErrors else { return }
        guard let new = loadedSets.first, loadedSets.count == 1 else {
            diagnostics.add(
                Diagnostic(
                    .error, path: request.paths.first ?? "",
                    "\(loadedSets.count) rule sets to compare, one is needed",
                    help: "name a configuration, or the folder of the rules"))
            return
        }
        let old: LoadedRules?
        switch against {
        case .path(let path): old = earlier(path, inventory: new)
        case .bundle(let bundle, let name):
            old = load(name) { found in
                RuleSetLoader.load(bundle, site: new.site, reporting: found)
            }
        }
        guard let old else { return }
        preview = ReloadPreview(from: old, to: with(inventoryOf: old, new))
    }

    /// Rules that come without an inventory, read with the other side's where they fit it: what
    /// changes is then said for each of its streams.
    private func with(inventoryOf old: LoadedRules, _ new: LoadedRules) -> LoadedRules {
        guard !new.hasInventory, old.hasInventory else { return new }
        var bundle = new.bundle
        bundle.files += old.bundle.files.filter { $0.role == .inventory }
        let unreported = DiagnosticList()
        return RuleSetLoader.load(bundle, site: new.site, reporting: unreported) ?? new
    }

    /// The rules of a folder or of a configuration.
    private func earlier(_ path: String, inventory new: LoadedRules) -> LoadedRules? {
        let day = CalendarDay(request.now, utcOffsetMinutes: new.site.utcOffsetMinutes)
        let files = RuleFiles.find(path, reporting: diagnostics).map(\.path)
        if let file = files.first(where: { kind(of: $0) == .configuration }) {
            let (read, findings) = ConfigurationReader.read(
                path: file, environment: request.environment)
            guard let read else {
                diagnostics.add(findings)
                return nil
            }
            return load(path) { found in
                RuleSetLoader.load(
                    paths: read.rules, inventory: read.inventory, site: Site(read.site), day: day,
                    reporting: found)
            }
        }
        let rules = files.filter { kind(of: $0) == .rules }
        // With nothing to compare every alarm would be called new.
        guard !diagnostics.hasErrors else { return nil }
        return load(path) { found in
            RuleSetLoader.load(
                paths: rules, inventory: nil, site: new.site, day: day, reporting: found
            ).map { with(inventoryOf: new, $0) }
        }
    }

    /// Warnings about what is in force already are no news; errors are.
    private func load(
        _ name: String, _ read: (DiagnosticList) -> LoadedRules?
    ) -> LoadedRules? {
        let found = DiagnosticList()
        let loaded = read(found)
        if loaded == nil {
            diagnostics.add(found.sorted.filter { $0.severity == .error })
            diagnostics.add(
                Diagnostic(.error, path: name, "cannot be compared with: its rules do not load"))
        }
        return loaded
    }

    // MARK: Outcome

    private var outcome: CheckOutcome {
        var text = ""
        if request.isJSON {
            text += diagnostics.sorted.map { $0.json + "\n" }.joined()
            if request.showsTable { text += tables.map(\.json).joined() }
            if let preview { text += preview.json }
        } else {
            text += diagnostics.rendered
            if request.showsTable { text += tables.map(\.rendered).joined() }
            if let preview { text += preview.rendered }
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
