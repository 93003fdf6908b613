package import TocsinEngine
import TocsinModel
package import TocsinRules
import TocsinStore

/// Where an event of a running or a stopped daemon is looked up.
package struct LogRequest: Sendable {
    /// The alert log's path.
    package var log: String
    /// `STATE/rulesets`; nil = rules cannot be looked up.
    package var rulesets: String?
    /// Places and offset of the site that wrote the log.
    package var site: Site

    package init(log: String, rulesets: String?, site: Site) {
        self.log = log
        self.rulesets = rulesets
        self.site = site
    }
}

/// A rule as it stood in the set that was in force when an event was said.
package struct StoredRule: Sendable {
    package var definition: Rule
    package var texts: [RuleText]
    package var limits: [ExplainedLimit]
}

/// An event of the alert log, with its occurrence and its rule.
package struct LogExplanation {
    package var event: LoggedEvent
    /// The entries of the same occurrence, oldest first, later ones too.
    package var occurrence: [LoggedEvent]
    package var rule: StoredRule?
    /// Why `rule` is nil.
    package var missingRule: String?
    package var utcOffsetMinutes: Int
    /// What a running daemon still has of the stream; nil = not asked, or not there.
    package var samples: [ExplainedSample]?

    /// Entries of one occurrence that are shown.
    package static let occurrenceMax = 1000

    /// Looks the event up; throws `missing` where the log has no such id.
    package static func find(
        _ id: Identifier, in request: LogRequest
    ) throws(ExplainError) -> LogExplanation {
        guard let line = try lines(request.log, with: "\"id\":\"\(id.hex)\"", limit: 1).first,
            let event = LoggedEvent(line)
        else { throw .missing("no event \(id.hex) in \(request.log)") }
        var occurrence = [event]
        if let name = event.text("occurrence") {
            let found = try lines(
                request.log, with: "\"occurrence\":\"\(name)\"", limit: occurrenceMax)
            occurrence = found.compactMap { LoggedEvent($0) }
        }
        var result = LogExplanation(
            event: event, occurrence: occurrence, utcOffsetMinutes: request.site.utcOffsetMinutes)
        do throws(ExplainError) {
            result.rule = try StoredRules(request).rule(of: event)
        } catch {
            result.missingRule = error.description
        }
        return result
    }

    /// The log's lines that hold a text, oldest first.
    private static func lines(
        _ path: String, with text: String, limit: Int
    ) throws(ExplainError) -> [[UInt8]] {
        let pattern = Array(text.utf8)
        var found: [[UInt8]] = []
        do throws(StoreError) {
            _ = try AlertLogRecovery.forEachEntry(path: path) { _, line in
                if line.holds(pattern) { found.append(Array(line)) }
                return found.count < limit
            }
        } catch {
            throw .missing("\(error)")
        }
        return found
    }
}

/// The rule sets that a daemon stored.
struct StoredRules {
    private let request: LogRequest

    init(_ request: LogRequest) { self.request = request }

    /// The event's rule; nil for an event that names none.
    func rule(of event: LoggedEvent) throws(ExplainError) -> StoredRule? {
        guard let name = event.text("rule"),
            let stream = event.text("stream") ?? event.text("group")
        else { return nil }
        guard let hash = event.text("rules") else {
            throw .missing("the entry names no rule set")
        }
        let bundle = try bundle(hash)
        let diagnostics = DiagnosticList()
        guard
            let loaded = RuleSetLoader.load(bundle, site: request.site, reporting: diagnostics)
        else { throw .missing("the stored rule set \(hash) cannot be read by this version") }
        let ruleSet = loaded.makeRuleSet(hash: hash)
        for pack in ruleSet.packs.indices {
            guard let definition = ruleSet.packs[pack].rules.first(where: { $0.name == name })
            else { continue }
            let texts = RuleTexts(bundle)
            let binding = binding(ruleSet, pack, stream, event)
            return StoredRule(
                definition: definition,
                texts: texts.texts(pack: ruleSet.packs[pack].name, rule: definition),
                limits: binding.map {
                    RuleExplanation.limits(of: definition, $0, texts, loaded.setPoints)
                } ?? [])
        }
        throw .missing("the stored rule set \(hash) has no rule \(name)")
    }

    private func bundle(_ hash: String) throws(ExplainError) -> RuleBundle {
        guard let directory = request.rulesets else {
            throw .missing("the state folder is not known: give --config")
        }
        let prefix = "sha256:"
        guard hash.hasPrefix(prefix), let digest = SHA256Digest(hex: String(hash.dropFirst(7)))
        else { throw .missing("\(hash) is no hash of a rule set") }
        do throws(StoreError) {
            let files = try RulesetStore(directory: directory).load(digest)
            guard let file = files.first(where: { $0.name == "bundle" }) else {
                throw .rulesetDamaged(path: directory, reason: "it has no bundle")
            }
            do throws(RuleBundle.FormatError) {
                return try RuleBundle(canonicalBytes: file.bytes)
            } catch {
                throw .rulesetDamaged(path: directory, reason: "\(error)")
            }
        } catch {
            throw .missing("\(error)")
        }
    }

    /// Limits as they stood for the stream; nil where the pack does not fit it any more.
    private func binding(
        _ ruleSet: RuleSet, _ pack: Int, _ stream: String, _ event: LoggedEvent
    ) -> Binding? {
        let labels = ruleSet.packs[pack].labels(matching: stream) ?? []
        let unit = event.text("source_unit").flatMap { UnitTable.standard.find($0) }
        do throws(Binding.Problem) {
            return try Binding(
                ruleSet: ruleSet, packIndex: pack, stream: stream, mode: .live, labels: labels,
                streamUnit: ruleSet.statedUnit(of: stream, named: unit))
        } catch {
            return nil
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether these bytes stand somewhere in it.
    func holds(_ pattern: [UInt8]) -> Bool {
        guard let first = pattern.first, pattern.count <= count else { return false }
        return withUnsafeBytes { bytes in
            var position = 0
            while position + pattern.count <= bytes.count {
                // position + pattern.count ≤ bytes.count: every index below is inside.
                if bytes[position] == first {
                    var matched = 1
                    while matched < pattern.count
                        && bytes[position + matched] == pattern[matched]
                    {
                        matched += 1
                    }
                    if matched == pattern.count { return true }
                }
                position += 1
            }
            return false
        }
    }
}
