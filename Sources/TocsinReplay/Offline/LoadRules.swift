package import TocsinEngine
package import TocsinModel
package import TocsinRules
import TocsinStore

/// Rules, and what they are loaded for.
package struct RulesRequest: Sendable {
    /// Files and folders.
    package var paths: [String]
    package var inventory: String?
    package var site: Site
    package var options: EngineOptions
    /// Against which `disable: {until: …}` is held.
    package var time: Timestamp

    package init(
        paths: [String], inventory: String? = nil, site: Site,
        options: EngineOptions = EngineOptions(), time: Timestamp
    ) {
        self.paths = paths
        self.inventory = inventory
        self.site = site
        self.options = options
        self.time = time
    }

    /// Loads, checks and hashes the rules; nil when something is wrong, all of it in `diagnostics`.
    package func load(reporting diagnostics: DiagnosticList) -> RuleSet? {
        loadWithTexts(reporting: diagnostics)?.ruleSet
    }

    /// The same, with what was read: the bundle of texts, and where each set-point comes from.
    func loadWithTexts(
        reporting diagnostics: DiagnosticList
    ) -> (ruleSet: RuleSet, loaded: LoadedRules)? {
        let day = CalendarDay(time, utcOffsetMinutes: site.utcOffsetMinutes)
        guard
            let loaded = RuleSetLoader.load(
                paths: paths, inventory: inventory, site: site, options: options, day: day,
                reporting: diagnostics)
        else { return nil }
        do throws(StoreError) {
            let digest = try RulesetStore.digest(
                of: [RulesetFile(name: "bundle", bytes: loaded.bundle.canonicalBytes)])
            return (loaded.makeRuleSet(hash: "sha256:" + digest.hex), loaded)
        } catch {
            diagnostics.add(
                Diagnostic(.error, path: paths.first ?? "rules", "cannot be hashed: \(error)"))
            return nil
        }
    }
}
