import TocsinEngine
import TocsinDecode
import TocsinModel
package import TocsinRules

/// Reads a file of golden incidents (docs/BACKTEST.md); everything wrong is reported with its
/// place.
package struct GoldenIncidents {
    /// Incidents of one file: what a person wrote by hand has less.
    package static let incidentsMax = 10_000

    private let path: String
    private let diagnostics: DiagnosticList

    /// Reads a file; nil when something is wrong.
    package static func read(
        path: String, reporting diagnostics: DiagnosticList
    ) -> [GoldenIncident]? {
        let bytes: [UInt8]
        do throws(FileReadError) {
            bytes = try FileBytes.read(path: path, limit: YAMLLimits().bytes)
        } catch {
            diagnostics.add(Diagnostic(.error, path: path, "\(error)"))
            return nil
        }
        return read(bytes, path: path, reporting: diagnostics)
    }

    /// Reads a file's bytes; `path` is as shown in messages.
    package static func read(
        _ bytes: [UInt8], path: String, reporting diagnostics: DiagnosticList
    ) -> [GoldenIncident]? {
        let before = diagnostics.errorCount
        guard let stream = YAMLReader.read(bytes, path: path, reporting: diagnostics) else {
            return nil
        }
        let reader = GoldenIncidents(path: path, diagnostics: diagnostics)
        let incidents = stream.documents.flatMap { reader.incidents($0) }
        guard diagnostics.errorCount == before else { return nil }
        guard !incidents.isEmpty else {
            diagnostics.add(
                Diagnostic(
                    .error, path: path, "the file has no incidents",
                    help: "write `incidents:` and under it one entry for each"))
            return nil
        }
        return incidents
    }

    private func incidents(_ document: YAMLNode) -> [GoldenIncident] {
        guard
            var keys = MappingReader(
                document, name: "a golden file", reporting: diagnostics)
        else { return [] }
        let nodes = keys.list("incidents", required: true) ?? []
        keys.finish()
        guard nodes.count <= GoldenIncidents.incidentsMax else {
            diagnostics.error(
                at: nodes[GoldenIncidents.incidentsMax].range,
                "more than \(GoldenIncidents.incidentsMax) incidents: make two files")
            return []
        }
        return nodes.compactMap { incident($0) }
    }

    private func incident(_ node: YAMLNode) -> GoldenIncident? {
        guard var keys = MappingReader(node, name: "an incident", reporting: diagnostics) else {
            return nil
        }
        let name = keys.string("name", required: true)
        let stream = keys.text("stream").flatMap { pattern($0) }
        let group = keys.string("group")
        let from = time("from", &keys, isRequired: true)
        let to = time("to", &keys, isRequired: true)
        let latest = time("latest", &keys, isRequired: false)
        let rules = keys.texts("rules")?.map(\.text) ?? []
        if keys.node["stream"] == nil && group == nil {
            diagnostics.error(
                at: node.range, "an incident needs `stream` or `group`",
                help: "such as stream: \"store/hazchem/nh3/+\"")
        }
        if let from, let to, to <= from {
            diagnostics.error(at: keys.keyRange("to"), "`to` is not after `from`")
        }
        if let from, let to, let latest, latest < from || latest > to {
            diagnostics.error(
                at: keys.keyRange("latest"), "`latest` is not between `from` and `to`")
        }
        keys.finish()
        guard let name, let from, let to else { return nil }
        return GoldenIncident(
            name: name, stream: stream, group: group, from: from, to: to, rules: rules,
            latest: latest, place: "\(path):\(node.range.line):\(node.range.column)")
    }

    private func time(
        _ key: String, _ keys: inout MappingReader, isRequired: Bool
    ) -> Timestamp? {
        guard let text = keys.text(key, required: isRequired) else { return nil }
        if let milliseconds = Int64(text.text) { return Timestamp(milliseconds: milliseconds) }
        do throws(TimeTextError) {
            return try RFC3339.parse(text.text)
        } catch {
            diagnostics.error(
                at: text.node.range(ofTextAt: error.offset),
                "`\(key)` is no time: \(error.message)",
                help: "write RFC 3339, such as 2026-01-05T08:00:00Z, or milliseconds since 1970")
            return nil
        }
    }

    private func pattern(_ text: YAMLText) -> StreamPattern? {
        do throws(StreamPattern.Problem) {
            return try StreamPattern(text.text)
        } catch {
            diagnostics.error(
                at: text.node.range, "`\(text.text)` is no filter of streams",
                help: "such as \"store/hazchem/nh3/+\" or \"store/#\"")
            return nil
        }
    }
}
