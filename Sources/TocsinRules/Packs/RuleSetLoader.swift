package import TocsinEngine
package import TocsinModel

/// What was loaded, checked and found fit for use: all of a `RuleSet` but its hash, which the
/// caller computes over `bundle.canonicalBytes` with its own SHA-256.
package struct LoadedRules: Sendable {
    package let bundle: RuleBundle
    package let site: Site
    package let options: EngineOptions
    package let packs: [Pack]
    package let listings: [StreamListing]
    package let hasInventory: Bool
    /// The set-points in force and where each comes from (`check --table`).
    package let setPoints: SetPointTable
    /// The packs' own set-points, whatever an inventory says.
    package let packSetPoints: SetPointTable
    /// Names of the packs for gas, flame and spark: their alarms must not wait longer than
    /// `urgentDelayMax`.
    package let urgentPacks: Set<String>

    package static let urgentDelayMax = PackCompiler.urgentDelayMax

    /// The set under its hash, `sha256:` and hex digits.
    package func makeRuleSet(hash: String) -> RuleSet {
        RuleSet(
            site: site, packs: packs, listings: listings, hasInventory: hasInventory, hash: hash,
            options: options)
    }
}

/// Rules files and an inventory → checked, compiled rules. Pure: files are bytes in a bundle.
package struct RuleSetLoader {
    private let site: Site
    private let options: EngineOptions
    private let diagnostics: DiagnosticList

    /// Nil when something is wrong; all findings, warnings too, are in `diagnostics`.
    package static func load(
        _ bundle: RuleBundle, site: Site, options: EngineOptions = EngineOptions(),
        reporting diagnostics: DiagnosticList
    ) -> LoadedRules? {
        RuleSetLoader(site: site, options: options, diagnostics: diagnostics).load(bundle)
    }

    /// Reads the files first; errors of reading are findings too.
    package static func load(
        paths: [String], inventory: String?, site: Site,
        options: EngineOptions = EngineOptions(), day: CalendarDay,
        reporting diagnostics: DiagnosticList
    ) -> LoadedRules? {
        // A file that cannot be read is no empty file: without it nothing is put in force.
        let before = diagnostics.errorCount
        let bundle = RuleFiles.bundle(
            paths: paths, inventory: inventory, day: day, reporting: diagnostics)
        guard diagnostics.errorCount == before else { return nil }
        return load(bundle, site: site, options: options, reporting: diagnostics)
    }

    private func load(_ bundle: RuleBundle) -> LoadedRules? {
        let before = diagnostics.errorCount
        let outlines = PackReader(day: bundle.day, diagnostics: diagnostics).outlines(
            documents(of: bundle))
        let catalog = StreamCatalog(outlines)
        let compiled = outlines.map { outline in
            PackCompiler(outline, catalog: catalog, reporting: diagnostics).pack()
        }
        let (packs, origins) = PackReader.inForce(
            compiled, outlines, reporting: diagnostics)
        CalculatedStreams(packs, origins).check(reporting: diagnostics)
        var inventory: Inventory?
        for file in bundle.files where file.role == .inventory {
            inventory = InventoryReader.read(
                file.bytes, path: file.path, reporting: diagnostics)
        }
        // Rows bound to packs with errors would repeat them, or miss the packs left out.
        guard diagnostics.errorCount == before else { return nil }
        let binder = InventoryBinder(
            packs: packs, outlines: origins, site: site, diagnostics: diagnostics)
        let bound = inventory.map { binder.bind($0) }
        guard diagnostics.errorCount == before else { return nil }
        return LoadedRules(
            bundle: canonical(bundle, outlines), site: site, options: options, packs: packs,
            listings: bound?.listings ?? [], hasInventory: inventory != nil,
            setPoints: bound?.table ?? SetPointTable(packs: packs, outlines: origins),
            packSetPoints: SetPointTable(packs: packs, outlines: origins),
            urgentPacks: Set(
                origins.filter { $0.isGas || $0.isFlameOrSpark }.map(\.pack.name)))
    }

    private func documents(of bundle: RuleBundle) -> [PackDocument] {
        bundle.files.filter { $0.role == .rules }.flatMap { file -> [PackDocument] in
            guard
                let stream = YAMLReader.read(
                    file.bytes, path: file.path, reporting: diagnostics)
            else { return [] }
            return stream.documents.compactMap { PackDocument($0, reporting: diagnostics) }
        }
    }

    /// The bundle with its day set back to the last one on which an alarm came back into force, so
    /// that the same rules hash alike day after day, and read alike at recovery.
    private func canonical(_ bundle: RuleBundle, _ outlines: [PackOutline]) -> RuleBundle {
        var result = bundle
        let past = outlines.flatMap(\.disabled.days).filter { $0 <= bundle.day }
        result.day = past.max() ?? CalendarDay(Timestamp(milliseconds: 0), utcOffsetMinutes: 0)
        return result
    }
}
