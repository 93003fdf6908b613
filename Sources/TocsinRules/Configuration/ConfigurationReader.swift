import TocsinDecode
import TocsinModel

/// Reads a configuration file with its overrides from the environment into a
/// `TocsinConfiguration`; everything wrong is reported in one run.
package struct ConfigurationReader {
    /// The configuration is nil when there are errors; warnings may come with one.
    /// `environment` is the process's own (`$CREDENTIALS_DIRECTORY` included). Secret files are
    /// looked at; rule and inventory files are not.
    package static func read(
        path: String, environment: [String: String]
    ) -> (TocsinConfiguration?, [Diagnostic]) {
        let diagnostics = DiagnosticList()
        do throws(FileReadError) {
            let bytes = try FileBytes.read(path: path, limit: YAMLLimits().bytes)
            let stream = YAMLReader.read(bytes, path: path, reporting: diagnostics)
            let configuration = stream.flatMap {
                read($0, environment: environment, reporting: diagnostics)
            }
            return (configuration, diagnostics.sorted)
        } catch {
            diagnostics.add(
                Diagnostic(
                    .error, path: path, "\(error)",
                    help: "`tocsin init` writes a commented configuration"))
            return (nil, diagnostics.sorted)
        }
    }

    /// Reads a text that is at hand; relative paths in it count from the folder of its path.
    package static func read(
        _ file: SourceFile, environment: [String: String]
    ) -> (TocsinConfiguration?, [Diagnostic]) {
        let diagnostics = DiagnosticList()
        let configuration = read(file, environment: environment, reporting: diagnostics)
        return (configuration, diagnostics.sorted)
    }

    /// The same, with the caller's list of findings.
    package static func read(
        _ file: SourceFile, environment: [String: String],
        reporting diagnostics: DiagnosticList
    ) -> TocsinConfiguration? {
        let stream = YAMLReader.read(file, reporting: diagnostics)
        return read(stream, environment: environment, reporting: diagnostics)
    }

    private static func read(
        _ stream: YAMLStream, environment: [String: String],
        reporting diagnostics: DiagnosticList
    ) -> TocsinConfiguration? {
        if let second = stream.documents.dropFirst().first {
            diagnostics.error(
                at: second.range, "the configuration is one document; here a second one begins",
                help: "delete the line `---`")
        }
        let overrides = EnvironmentOverrides(diagnostics: diagnostics)
        // A text without any document reports what it lacks like one with an empty mapping.
        let root =
            stream.documents.first
            ?? YAMLNode(.mapping([]), at: stream.file.range(line: 1))
        let reader = ConfigurationReader(
            file: stream.file, environment: environment, diagnostics: diagnostics)
        let configuration = reader.configuration(
            overrides.applied(to: root, environment: environment))
        return diagnostics.hasErrors ? nil : configuration
    }

    let file: SourceFile
    let environment: [String: String]
    let diagnostics: DiagnosticList

    private func configuration(_ root: YAMLNode) -> TocsinConfiguration? {
        guard
            var reader = MappingReader(
                root, name: "the configuration", reporting: diagnostics)
        else { return nil }
        let site = self.site(&reader)
        let brokers = self.brokers(&reader, siteID: site.id)
        let decode = self.decode(&reader)
        let rules = self.rules(&reader)
        var configuration = TocsinConfiguration(
            site: site, brokers: brokers, decode: decode, rules: rules,
            inventory: reader.string("inventory").map(resolved))
        configuration.state = reader.string("state").map(resolved) ?? configuration.state
        if var log = reader.mapping("alert_log") {
            configuration.alertLog.path =
                log.text("path", required: true).flatMap(filled).map(resolved)
                ?? configuration.alertLog.path
            log.finish()
        }
        configuration.webhooks = webhooks(&reader)
        configuration.http = http(&reader)
        configuration.limits = limits(&reader)
        reader.finish()
        return configuration
    }

    private func rules(_ reader: inout MappingReader) -> [String] {
        guard let rules = reader.texts("rules", required: true) else { return [] }
        if rules.isEmpty, let node = reader.node["rules"], node.sequence?.isEmpty ?? false {
            diagnostics.error(
                at: node.range, "no rules: nothing would be watched",
                help: "name files or folders, such as /usr/share/tocsin/rules")
        }
        return rules.compactMap(filled).map(resolved)
    }

    /// A path's text; reported where nothing is written in it.
    private func filled(_ path: YAMLText) -> String? {
        guard path.text.unicodeScalars.allSatisfy(isBlank) else { return path.text }
        diagnostics.error(at: path.node.range, "the path is empty")
        return nil
    }

    private func site(_ parent: inout MappingReader) -> TocsinConfiguration.Site {
        var site = TocsinConfiguration.Site(id: "")
        guard var reader = parent.mapping("site", required: true) else { return site }
        if let id = reader.text("id", required: true) {
            site.id = id.text
            if id.text.isEmpty {
                diagnostics.error(
                    at: id.node.range, "`id` is empty",
                    help: "it is part of every event's identity; use a short word")
            } else if id.text.unicodeScalars.contains(where: { isBlank($0) || $0 == "/" }) {
                diagnostics.error(
                    at: id.node.range, "`id` must hold no blank and no `/`",
                    help: "it is part of every event's identity; use a short word")
            }
        }
        site.name = reader.string("name")
        site.latitude = reader.number("latitude", in: -90...90)
        site.longitude = reader.number("longitude", in: -180...180)
        if (site.latitude == nil) != (site.longitude == nil),
            reader.node["latitude"] == nil
                || reader.node["longitude"] == nil
        {
            diagnostics.error(
                at: reader.node.range, "`latitude` and `longitude` belong together",
                help: "write both or neither")
        }
        site.crs = reader.word("crs", among: CoordinateSystem.names) ?? site.crs
        if let offset = reader.text("utc_offset") {
            if let minutes = UTCOffset.minutes(offset.text) {
                site.utcOffsetMinutes = minutes
            } else {
                diagnostics.error(
                    at: offset.node.range, "`utc_offset` must be an offset such as +08:00",
                    help: "it lies between -18:00 and +18:00")
            }
        }
        reader.finish()
        return site
    }

    private func http(_ parent: inout MappingReader) -> TocsinConfiguration.HTTP {
        var http = TocsinConfiguration.HTTP()
        guard var reader = parent.mapping("http") else { return http }
        let listen = reader.text("listen")
        http.usersFile = secret(&reader, "users_file")
        http.tokenFile = secret(&reader, "token_file")
        http.isBehindProxy = reader.bool("behind_proxy") ?? false
        reader.finish()
        guard let listen else { return http }
        do throws(NetworkAddress.Problem) {
            let address = try NetworkAddress(listen: listen.text)
            http.host = address.host
            http.port = address.port ?? http.port
            let isOpen = !address.isLoopback || http.isBehindProxy
            if isOpen, http.usersFile == nil, http.tokenFile == nil {
                diagnostics.error(
                    at: listen.node.range,
                    "others can reach `\(listen.text)`, but there are no tokens",
                    help: "name a file of tokens in `users_file`, or listen on 127.0.0.1")
            }
        } catch {
            diagnostics.error(
                at: listen.node.range, "`listen` \(error.message)", help: error.help)
        }
        return http
    }

    private func limits(_ parent: inout MappingReader) -> TocsinConfiguration.Limits {
        var limits = TocsinConfiguration.Limits()
        guard var reader = parent.mapping("limits") else { return limits }
        limits.payloadBytes =
            reader.byteCount("payload", in: 64...(256 << 20)) ?? limits.payloadBytes
        limits.streams = reader.integer("streams", in: 1...4_000_000) ?? limits.streams
        limits.future =
            reader.duration("future", in: .zero...Span.seconds(86_400)) ?? limits.future
        limits.lateness =
            reader.duration("lateness", in: .zero...Span.seconds(60)) ?? limits.lateness
        limits.samplesPerWindow =
            reader.integer("samples_per_window", in: 16...1_048_576) ?? limits.samplesPerWindow
        limits.memoryBytes =
            reader.byteCount("memory", in: (1 << 20)...(1 << 40)) ?? limits.memoryBytes
        limits.evaluations =
            reader.integer("evaluations", in: 1...1_000_000_000) ?? limits.evaluations
        reader.finish()
        return limits
    }

    /// A path against the configuration file's folder.
    func resolved(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let folder = file.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { file.path[...$0] } ?? ""
        return folder + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
    }

    /// The path of a secret file whose permissions are in order; reported where they are not.
    func secret(_ reader: inout MappingReader, _ key: String) -> String? {
        guard let text = reader.text(key) else { return nil }
        let credentials = environment["CREDENTIALS_DIRECTORY"]
        var path = text.text
        for variable in ["${CREDENTIALS_DIRECTORY}", "$CREDENTIALS_DIRECTORY"]
        where path.hasPrefix(variable) {
            guard let credentials else {
                // A person's `tocsin log` has none; the daemon itself cannot open the file then.
                diagnostics.warning(
                    at: text.node.range, "systemd passed no credentials to this process",
                    help: "right for a command by hand; the unit needs LoadCredential=")
                return path
            }
            path = credentials + path.dropFirst(variable.count)
            break
        }
        path = resolved(path)
        do throws(SecretFile.Problem) {
            _ = try SecretFile(credentials: credentials).read(path: path)
        } catch .file(.system(code: 13)) {
            // EACCES: `check` runs as a person, the daemon as its own user.
            diagnostics.warning(
                at: text.node.range, "`\(path)` cannot be inspected by this user",
                help: "run the check as the daemon's user")
        } catch {
            let help: String? =
                if case .exposed = error { "chmod 600 \(path)" } else { nil }
            diagnostics.error(at: text.node.range, "`\(path)`: \(error.message)", help: help)
        }
        return path
    }
}

/// Coordinate systems in use; a GCJ-02 place drawn as WGS 84 is off by some 500 m.
enum CoordinateSystem {
    static let names = ["WGS84", "WGS-84", "CGCS2000", "GCJ02", "GCJ-02", "BD09", "BD-09"]
}

/// Offsets from UTC, `+08:00`.
enum UTCOffset {
    /// Minutes east of UTC; `Z` is 0; nil when the text is no offset up to 18 hours.
    static func minutes(_ text: String) -> Int? {
        if text == "Z" { return 0 }
        let plain = NumberText.folded(text)
        guard let sign = plain.first, sign == "+" || sign == "-" else { return nil }
        let parts = plain.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 2, parts[1].count == 2,
            let hours = UInt8(parts[0]), let minutes = UInt8(parts[1]), minutes < 60
        else { return nil }
        let total = Int(hours) * 60 + Int(minutes)
        guard total <= 18 * 60 else { return nil }
        return sign == "-" ? -total : total
    }
}
